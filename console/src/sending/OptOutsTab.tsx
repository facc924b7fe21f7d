/** Who is not to be written to, by which channel and why: added, imported, lifted. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../app/session";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { FilterBar } from "../kit/filters/FilterBar";
import { filtersInUse } from "../kit/filters/schema";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { shownId } from "../members/channels";
import { MemberLink } from "../members/MemberName";
import { morePages } from "../workspaces/settings/queries";
import { optOutFilters, REASONS, type OptOutSearch } from "./filters";
import { AddOptOut, ImportOptOuts, LiftOptOut } from "./OptOutDialogs";
import { useOptOuts, useReachable, type OptOut } from "./queries";

export function OptOutsTab() {
  const { t } = useTranslation(["sending", "common"]);
  const navigate = useNavigate();
  const { workspace } = useSession();
  const mayManage = useMay("channels.manage");
  const { q, channel, reason } = useSearch({ from: "/_in/settings/sending-rules" });
  const values: OptOutSearch = { ...(q ? { q } : {}), ...(channel ? { channel } : {}), ...(reason ? { reason } : {}) };
  const list = useOptOuts(values);
  const { options, nameOf } = useReachable();
  const [dialog, setDialog] = useState<"add" | "import" | OptOut | null>(null);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const show = (next: OptOutSearch) =>
    void navigate({ to: "/settings/sending-rules", search: { tab: "optOuts", ...next }, replace: true });
  const close = () => { setDialog(null); };
  const columns: DataColumn<OptOut>[] = [
    {
      key: "who",
      title: t("optOut.who"),
      width: 240,
      fixed: true,
      render: (one) => (
        <div className="ht-pair">
          {one.member ? <MemberLink member={one.member} /> : <SafeText text={shownId(one.user_ref)} clip />}
          {one.member ? <span className="ht-secondary"><SafeText text={shownId(one.user_ref)} clip /></span> : null}
        </div>
      ),
    },
    { key: "channel", title: t("optOut.channel"), width: 120, render: (one) => nameOf(one.channel) },
    { key: "stops", title: t("optOut.stops"), width: 110, render: (one) => <Tag color={one.stops === "all" ? "error" : "default"} variant="filled">{t(`stops.${one.stops}`)}</Tag> },
    {
      key: "reason",
      title: t("optOut.reason"),
      width: 280,
      render: (one) => (
        <div className="ht-sending-reason">
          <span>{t(`reason.${one.reason}`)}</span>
          {one.note ? <span className="ht-secondary"><SafeText text={one.note} /></span> : null}
          {one.by ? <span className="ht-secondary">{t("optOut.by", { name: plainText(one.by) })}</span> : null}
        </div>
      ),
    },
    { key: "at", title: t("optOut.at"), width: 150, render: (one) => <RelativeTime at={one.at} zone={workspace.time_zone} /> },
  ];
  if (mayManage) {
    columns.push({
      key: "actions",
      title: t("optOut.actions"),
      width: 90,
      render: (one) => (
        <Button type="link" size="small" aria-label={t("lift.of", { name: plainText(one.member?.name ?? one.user_ref) })} onClick={() => { setDialog(one); }}>
          {t("lift.do")}
        </Button>
      ),
    });
  }
  const add = <Button type="primary" onClick={() => { setDialog("add"); }}>{t("add.do")}</Button>;
  return (
    <>
      <FilterBar
        filters={optOutFilters}
        fields={{
          q: { label: t("optOut.search") },
          channel: { label: t("optOut.channel"), options },
          reason: { label: t("optOut.reason"), options: REASONS.map((value) => ({ value, label: t(`reason.${value}`) })) },
        }}
        values={values}
        onChange={show}
      >
        {mayManage ? (
          <span className="ht-sending-acts">
            <Button onClick={() => { setDialog("import"); }}>{t("import.do")}</Button>
            {add}
          </span>
        ) : null}
      </FilterBar>
      <DataTable
        id="optOuts"
        label={t("tabs.optOuts")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        skeletonRows={6}
        empty={filtersInUse(values) > 0 ? <NothingMatches onClear={() => { show({}); }} /> : <NothingYet title={t("optOut.none")} body={t("optOut.noneBody")} guide="sending-rules" />}
      />
      {dialog === "add" ? <AddOptOut onClose={close} /> : dialog === "import" ? <ImportOptOuts onClose={close} /> : dialog ? <LiftOptOut one={dialog} onClose={close} /> : null}
    </>
  );
}
