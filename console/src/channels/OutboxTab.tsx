/** What an account sent, waits to send, and could not: dead letters are sent again or left, what waits can be stopped. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, App, Button, Checkbox, Segmented, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { morePages } from "../workspaces/settings/queries";
import { SHOWS } from "./filters";
import { useRefresh, useSends, type Account, type Send, type Show } from "./queries";

const COLOR = {
  queued: "processing",
  awaiting_confirm: "warning",
  sent: "success",
  partial: "warning",
  failed: "error",
  expired: "default",
  unknown: "error",
  cancelled: "default",
} as const satisfies Record<Send["state"], string>;
const RESENDABLE: readonly Send["state"][] = ["failed", "expired", "unknown"];
const DEAD: readonly Send["state"][] = [...RESENDABLE, "partial"];
const CANCELLABLE: readonly Send["state"][] = ["queued", "awaiting_confirm"];

export function OutboxTab({ account }: { account: Account }) {
  const { t } = useTranslation(["channels", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const maySend = useMay("messages.send");
  const refresh = useRefresh();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const { show = "all" } = useSearch({ from: "/_in/settings/channels/$accountId" });
  const setShow = (next: Show) =>
    void navigate({ to: ".", search: ((previous: object) => ({ ...previous, show: next === "all" ? undefined : next })) as never, replace: true, resetScroll: false });
  const [together, setTogether] = useState<"resend" | "drop" | null>(null);
  const [withUnknown, setWithUnknown] = useState(false);
  const list = useSends(account.id, show);
  const cancel = $api.useMutation("delete", "/api/workspaces/{workspace_id}/channels/sends/{send_id}", { onSettled: refresh });
  const resend = $api.useMutation("put", "/api/workspaces/{workspace_id}/channels/sends/{send_id}/resending", { onSettled: refresh });
  const drop = $api.useMutation("put", "/api/workspaces/{workspace_id}/channels/sends/{send_id}/dropping", { onSettled: refresh });
  const resendDead = $api.useMutation("post", "/api/workspaces/{workspace_id}/channels/sends/dead/resending", { onSettled: refresh });
  const dropDead = $api.useMutation("post", "/api/workspaces/{workspace_id}/channels/sends/dead/dropping", { onSettled: refresh });
  const close = () => {
    setTogether(null);
    setWithUnknown(false);
  };
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const name = (one: Send) => plainText(one.excerpt || one.chat_name || one.chat_ref);
  const columns: DataColumn<Send>[] = [
    {
      key: "message",
      title: t("outbox.message"),
      width: 280,
      fixed: true,
      render: (one) => (
        <div className="ht-pair">
          <SafeText text={one.excerpt} clip />
          <span className="ht-secondary"><SafeText text={one.chat_name || one.chat_ref} clip /></span>
        </div>
      ),
    },
    {
      key: "state",
      title: t("outbox.state"),
      width: 280,
      render: (one) => {
        const why = language === "zh" ? one.error_zh : one.error_en;
        return (
          <div className="ht-channel-outcome">
            <span>
              <Tag color={COLOR[one.state]} variant="filled">{t(`outbox.states.${one.state}`)}</Tag>
              {one.delivery === "bounced" || one.delivery === "failed" ? <Tag variant="outlined">{t(`outbox.deliveries.${one.delivery}`)}</Tag> : null}
              {one.dropped_at ? <Tag variant="outlined">{t("outbox.dropped")}</Tag> : null}
            </span>
            {why ? <span className="ht-secondary">{why}</span> : null}
          </div>
        );
      },
    },
    { key: "attempts", title: t("outbox.attempts"), width: 80, align: "right", render: (one) => one.attempts },
    {
      key: "at",
      title: t("outbox.at"),
      width: 150,
      render: (one) => <RelativeTime at={one.finished_at ?? (one.state === "queued" ? one.next_at : one.created_at)} zone={workspace.time_zone} />,
    },
  ];
  if (maySend) {
    columns.push({
      key: "actions",
      title: t("actions"),
      width: 150,
      render: (one) => {
        const params = { params: { path: { ...path, send_id: one.id } } };
        if (CANCELLABLE.includes(one.state) && !one.is_under_way) {
          return <Button type="link" size="small" danger aria-label={t("outbox.cancelOf", { name: name(one) })} onClick={() => { cancel.mutate(params); }}>{t("outbox.cancel")}</Button>;
        }
        return (
          <>
            {RESENDABLE.includes(one.state) ? (
              <Button type="link" size="small" aria-label={t("outbox.resendOf", { name: name(one) })} onClick={() => { resend.mutate(params); }}>{t("outbox.resend")}</Button>
            ) : null}
            {DEAD.includes(one.state) && !one.dropped_at ? (
              <Button type="link" size="small" aria-label={t("outbox.dropOf", { name: name(one) })} onClick={() => { drop.mutate(params); }}>{t("outbox.drop")}</Button>
            ) : null}
          </>
        );
      },
    });
  }
  const failure = resend.error ?? cancel.error ?? drop.error;
  return (
    <>
      <Segmented<Show>
        className="ht-field-gap"
        aria-label={t("outbox.show")}
        value={show}
        onChange={setShow}
        options={SHOWS.map((value) => ({ value, label: t(`outbox.shows.${value}`) }))}
      />
      {show === "dead" && rows?.some(({ state }) => state === "unknown") ? <Alert type="info" showIcon className="ht-field-gap" title={t("outbox.doubt")} /> : null}
      {show === "dead" && maySend && rows && rows.length > 0 ? (
        <div className="ht-channel-dead ht-field-gap">
          <Button onClick={() => { setTogether("resend"); }}>{t("outbox.resendAll")}</Button>
          <Button onClick={() => { setTogether("drop"); }}>{t("outbox.dropAll")}</Button>
        </div>
      ) : null}
      {failure ? <ErrorState error={failure} compact /> : null}
      <DataTable
        id="outbox"
        label={t("outbox.title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        skeletonRows={4}
        empty={show === "all" ? <NothingYet title={t("outbox.none")} body={t("outbox.noneBody")} guide="channels" /> : <NothingMatches onClear={() => { setShow("all"); }} />}
      />
      <ConfirmDanger
        open={together !== null}
        title={t(together === "drop" ? "outbox.dropAllTitle" : "outbox.resendAllTitle")}
        consequence={
          <>
            <p>{t(together === "drop" ? "outbox.dropAllBody" : "outbox.resendAllBody")}</p>
            <Checkbox checked={withUnknown} onChange={(event) => { setWithUnknown(event.target.checked); }}>{t("outbox.withUnknown")}</Checkbox>
          </>
        }
        action={t(together === "drop" ? "outbox.dropAll" : "outbox.resendAll")}
        onConfirm={async () => {
          const act = together === "drop" ? dropDead : resendDead;
          const { done } = await act.mutateAsync({ params: { path }, body: { account_id: account.id, with_unknown: withUnknown } });
          void message.success(t("outbox.did", { count: done, shown: formatCount(done) }));
        }}
        onClose={close}
      />
    </>
  );
}
