/** What came from a source lately, asked again every three seconds; it can be held still to be read. */
import { Button } from "antd";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { NO_VALUE } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { NothingYet } from "../../kit/EmptyState";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { useLatestEvents, type TrackedEvent } from "./queries";

const SHOWN = 20;

export function LatestEvents({ source_id }: { source_id: string }) {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const mayMembers = useMay("members.read");
  const { data, error, refetch } = useLatestEvents(source_id, SHOWN);
  const [held, setHeld] = useState<readonly TrackedEvent[] | null>(null);
  const rows = held ?? data?.items;
  const zone = workspace.time_zone;
  const columns: DataColumn<TrackedEvent>[] = [
    {
      key: "name",
      title: t("events.name"),
      width: 180,
      fixed: true,
      render: (one) => {
        const name = language === "zh" ? one.name_zh : one.name_en;
        return (
          <div className="ht-pair">
            <SafeText text={name} />
            {name === one.name ? null : <code className="ht-secondary">{one.name}</code>}
          </div>
        );
      },
    },
    { key: "at", title: t("events.at"), width: 160, render: (one) => <RelativeTime at={one.occurred_at} zone={zone} /> },
    { key: "received", title: t("events.received"), width: 180, hidden: true, render: (one) => formatDateTime(one.received_at, zone, language) },
    {
      key: "member",
      title: t("events.member"),
      width: 120,
      render: (one) =>
        one.member_id && mayMembers ? (
          <Link to="/members/$memberId" params={{ memberId: one.member_id }}>{t("events.toMember")}</Link>
        ) : (
          NO_VALUE
        ),
    },
    {
      key: "properties",
      title: t("events.properties"),
      width: 360,
      render: (one) => {
        const text = JSON.stringify(one.properties);
        return text === "{}" ? NO_VALUE : <code className="ht-event-properties" title={text} dir="ltr">{text}</code>;
      },
    },
  ];
  return (
    <section className="ht-card" aria-labelledby="latest-events">
      <div className="ht-section-head ht-section-head-first">
        <h2 id="latest-events">{t("events.latest")}</h2>
        {rows && rows.length > 0 ? (
          <span className="ht-live-tools">
            <span className={held ? "ht-secondary" : "ht-live"}>{held ? t("events.held") : t("events.live")}</span>
            <Button size="small" onClick={() => { setHeld(held ? null : (data?.items ?? null)); }}>
              {held ? t("events.goOn") : t("events.hold")}
            </Button>
          </span>
        ) : null}
      </div>
      <DataTable
        id="latest-events"
        label={t("events.latest")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={data ? null : error}
        onRetry={() => void refetch()}
        skeletonRows={5}
        empty={<NothingYet title={t("events.none")} body={t("events.noneBody")} guide="data-sources" />}
      />
    </section>
  );
}
