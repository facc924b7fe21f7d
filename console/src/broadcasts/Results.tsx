/** A broadcast on its way and after: how far, how fast, what came of it, and each recipient behind a number. */
import { Link } from "@tanstack/react-router";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { NothingMatches } from "../kit/EmptyState";
import { ProgressPanel, type WorkState } from "../kit/ProgressPanel";
import { SafeText } from "../kit/SafeText";
import { Select } from "../kit/Select";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { MessagePreview } from "../messages/MessagePreview";
import { partsOf } from "../messages/parts";
import { morePages } from "../workspaces/settings/queries";
import { csvAddress, useActs, useRecipients, type Broadcast, type Recipient, type Run, type Show } from "./queries";
import { At } from "./StateTag";

const SHOWN = ["sent", "partial", "failed", "expired", "unknown", "awaiting_confirm", "queued", "cancelled", "unreachable", "clicked", "replied", "unsubscribed"] as const;
const ALWAYS: readonly Show[] = ["sent", "failed", "unreachable", "replied"];
const REACTED: readonly Show[] = ["clicked", "replied", "unsubscribed"];
/** Nothing was sent to whom nobody reaches: only who and why. */
const OF_UNREACHABLE = ["name", "why"];
const WORK: Record<Run["state"], WorkState> = { sending: "running", paused: "waiting", cancelling: "cancelling", done: "done", cancelled: "cancelled" };

function Recipients({ broadcast, run, show, onClear }: { broadcast: Broadcast; run: Run; show: Show; onClear: () => void }) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const language = useLanguage();
  const list = useRecipients(broadcast.id, run, show);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const moment = (at: string | null) => (at ? <At at={at} zone={broadcast.zone} /> : "–");
  const columns: DataColumn<Recipient>[] = [
    {
      key: "name",
      title: t("run.recipient"),
      width: 200,
      fixed: true,
      render: (one) => (one.member_id ? <Link to="/members/$memberId" params={{ memberId: one.member_id }} className="ht-member-link"><SafeText text={one.name} clip /></Link> : <SafeText text={one.name} clip />),
    },
    ...(broadcast.audience.kind === "groups" && REACTED.includes(show) ? [{ key: "group", title: t("run.group"), width: 160, render: (one: Recipient) => (one.group ? <SafeText text={one.group} clip /> : "–") }] : []),
    { key: "state", title: t("stateTitle"), width: 120, render: (one) => t(`run.state.${one.state}`) },
    { key: "why", title: t("run.why"), width: 260, render: (one) => <SafeText text={(language === "zh" ? one.error_zh : one.error_en) || "–"} clip /> },
    { key: "account", title: t("from.title"), width: 140, render: (one) => (one.account_name ? <SafeText text={one.account_name} clip /> : "–") },
    { key: "at", title: t("run.at"), width: 180, render: (one) => moment(one.finished_at) },
    ...(broadcast.tracks_links ? [{ key: "clicked", title: t("run.clickedAt"), width: 180, render: (one: Recipient) => moment(one.clicked_at) }] : []),
    {
      key: "replied",
      title: t("run.repliedAt"),
      width: 200,
      render: (one) => (one.replies > 1 ? <>{moment(one.replied_at)} {t("run.replies", { count: one.replies, shown: formatCount(one.replies) })}</> : moment(one.replied_at)),
    },
  ];
  return (
    <DataTable
      id="broadcast-recipients"
      label={t("run.list")}
      columns={show === "unreachable" ? columns.filter(({ key }) => OF_UNREACHABLE.includes(key)) : columns}
      rows={rows}
      rowKey={({ id }) => id}
      error={rows ? null : list.error}
      onRetry={() => void list.refetch()}
      pages={morePages(list)}
      empty={<NothingMatches {...(show === "all" ? {} : { onClear })} />}
    />
  );
}

export function Results({ broadcast }: { broadcast: Broadcast }) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const { message } = App.useApp();
  const { workspace_id } = useWorkspacePath();
  const maySend = useMay("broadcasts.send");
  const mayExport = useMay("members.export");
  const acts = useActs(broadcast.id);
  const [run_id, setRun] = useState<string | null>(null);
  const [show, setShow] = useState<Show>("all");
  const [cancelling, setCancelling] = useState(false);
  const run = broadcast.runs.find(({ id }) => id === run_id) ?? broadcast.runs[0];
  const act = (does: () => Promise<unknown>) => () => {
    does().catch((error: unknown) => {
      void message.error(error instanceof ApiProblem ? error.detail : t("notDone"));
    });
  };
  const failed = run ? run.failed + run.expired : 0;
  const ended = broadcast.state === "done" || broadcast.state === "scheduled";
  return (
    <div className="ht-broadcast-results">
      <div className="ht-broadcast-acts">
        {maySend && broadcast.state === "sending" ? <Button onClick={act(acts.pause)} loading={acts.isPending}>{t("act.pause")}</Button> : null}
        {maySend && broadcast.state === "paused" ? <Button type="primary" onClick={act(acts.resume)} loading={acts.isPending}>{t("act.resume")}</Button> : null}
        {maySend && broadcast.state === "scheduled" ? <Button onClick={act(acts.unschedule)} loading={acts.isPending}>{t("act.unschedule")}</Button> : null}
        {maySend && ["scheduled", "sending", "paused"].includes(broadcast.state) ? <Button danger onClick={() => { setCancelling(true); }}>{t("act.cancel")}</Button> : null}
        {maySend && run?.state === "done" && ended && failed > 0 ? <Button onClick={act(() => acts.resend(run.id))} loading={acts.isPending}>{t("act.resend", { count: failed, shown: formatCount(failed) })}</Button> : null}
        {mayExport && run ? <Button href={csvAddress(workspace_id, broadcast.id, run.id, show)} download>{show === "all" ? t("act.csv") : t("act.csvOf", { state: t(`run.state.${show}`) })}</Button> : null}
      </div>
      {broadcast.next_at ? <p>{t("goesNext")} <At at={broadcast.next_at} zone={broadcast.zone} /></p> : null}
      {broadcast.runs.length > 1 && run ? (
        <Select aria-label={t("run.which")} className="ht-broadcast-runs" value={run.id} options={broadcast.runs.map((one) => ({ value: one.id, label: <At at={one.due_at} zone={broadcast.zone} /> }))} onChange={setRun} />
      ) : null}
      {run ? (
        <>
          <ProgressPanel
            title={t(run.state === "paused" ? "run.paused" : "run.title")}
            state={WORK[run.state]}
            done={run.recipients - run.queued}
            total={run.recipients}
            unit={t("run.unit")}
            rate_per_second={run.state === "sending" ? run.rate_per_second : null}
            left_seconds={run.left_seconds}
          >
            {run.is_enqueued || run.state === "cancelled" ? null : (
              <p className="ht-secondary">
                {run.expected ? t("run.preparing", { seen: formatCount(run.seen), expected: formatCount(Math.max(run.expected, run.seen)) }) : t("run.enqueueing")}
              </p>
            )}
            {run.unreachable > 0 ? <p className="ht-secondary">{t(broadcast.audience.kind === "groups" ? "run.unreachedGroups" : "run.unreached", { count: run.unreachable, shown: formatCount(run.unreachable) })}</p> : null}
          </ProgressPanel>
          <ul className="ht-broadcast-numbers" aria-label={t("run.numbers")}>
            {SHOWN.filter((key) => ALWAYS.includes(key) || run[key] > 0).map((key) => (
              <li key={key}>
                <button type="button" aria-pressed={show === key} onClick={() => { setShow(show === key ? "all" : key); }}>
                  <strong>{formatCount(run[key])}</strong>
                  <span>{t(`run.state.${key}`)}</span>
                </button>
              </li>
            ))}
          </ul>
          <Recipients key={`${run.id}${show}`} broadcast={broadcast} run={run} show={show} onClear={() => { setShow("all"); }} />
        </>
      ) : null}
      {broadcast.dates.length > 0 ? (
        <section className="ht-card" aria-label={t("when.dates")}>
          <h2>{t("when.dates")}</h2>
          <ol className="ht-broadcast-dates">{broadcast.dates.map((at) => <li key={at}><At at={at} zone={broadcast.zone} /></li>)}</ol>
        </section>
      ) : null}
      <MessagePreview parts={partsOf(broadcast.parts)} workspaceId={workspace_id} groupId={broadcast.names.groups[0]?.id ?? null} withMember={false} />
      <ConfirmDanger
        open={cancelling}
        title={t("act.cancelTitle")}
        consequence={<p>{t("act.cancelBody", { count: run?.queued ?? 0, shown: formatCount(run?.queued ?? 0) })}</p>}
        action={t("act.cancel")}
        onConfirm={async () => { await acts.cancel(); }}
        onClose={() => { setCancelling(false); }}
      />
    </div>
  );
}
