/** The alerts themselves: what, where, since when; somebody is on it, or later. */
import { Link } from "@tanstack/react-router";
import { App, Button, Dropdown, Skeleton, Tag } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatDateTime } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { AnswerEvent } from "../inbox/AnswerEvent";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { filtersInUse } from "../kit/filters/schema";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { alertFilters, KINDS, SHOWS, type AlertFilters } from "./filters";
import { ACKNOWLEDGEMENT, RESOLUTION, SNOOZE, useAlerts, useAlertsChanged, type Alert } from "./queries";

const HOUR_MILLISECONDS = 3_600_000;
const SNOOZES = { h1: 1, h4: 4, h24: 24, h72: 72 } as const;
const COLORS = { quiet: "processing", spike: "warning", question: "processing", newcomer: "processing", connector: "error", sends: "error", todo: "processing", automation: "processing" } as const;

function Where({ alert }: { alert: Alert }) {
  const { t } = useTranslation(["alerts", "common"]);
  const { community, group, account } = alert;
  if (group && community)
    return <Link to="/communities/$communityId/groups/$groupId" params={{ communityId: community.id, groupId: group.id }}>{t("list.toGroup")}</Link>;
  if (account) return <Link to="/settings/channels/$accountId" params={{ accountId: account.id }}>{t("list.toAccount")}</Link>;
  if (alert.kind === "todo") return <Link to="/communities/todos" search={{ show: "mine" }}>{t("list.toTodos")}</Link>;
  return null;
}

function People({ alert }: { alert: Alert }) {
  const { t } = useTranslation(["alerts", "common"]);
  const { workspace } = useSession();
  if (alert.people.length === 0) return null;
  return (
    <ul className="ht-alert-people" aria-label={t("list.people")}>
      {alert.people.map(({ member_id, name, text, at, event_id }) => (
        <li key={member_id + at}>
          <Link to="/members/$memberId" params={{ memberId: member_id }}><SafeText text={name || t("list.somebody")} /></Link>
          <SafeText text={text} />
          <RelativeTime at={at} zone={workspace.time_zone} />
          {alert.state === "resolved" ? null : <AnswerEvent eventId={event_id} text={text} />}
        </li>
      ))}
    </ul>
  );
}

function Row({ alert }: { alert: Alert }) {
  const { t } = useTranslation(["alerts", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const mayHandle = useMay("alerts.handle");
  const changed = useAlertsChanged();
  const outcome = {
    onSettled: changed,
    onError(problem: unknown) {
      void message.error(problem instanceof ApiProblem ? problem.detail : t("list.failed"));
    },
  };
  const acknowledge = $api.useMutation("put", ACKNOWLEDGEMENT, outcome);
  const snooze = $api.useMutation("put", SNOOZE, outcome);
  const reopen = $api.useMutation("delete", ACKNOWLEDGEMENT, outcome);
  const resolve = $api.useMutation("put", RESOLUTION, outcome);
  const params = { path: { ...path, alert_id: alert.id } };
  const at = (moment: string | null) => formatDateTime(moment, workspace.time_zone, language);
  return (
    <li className="ht-card ht-alert" data-state={alert.state}>
      <header>
        <Tag color={COLORS[alert.kind]} variant="filled">{t(`kind.${alert.kind}`)}</Tag>
        {alert.community ? <span className="ht-secondary"><SafeText text={alert.community.name} /></span> : null}
        <span className="ht-secondary"><RelativeTime at={alert.raised_at} zone={workspace.time_zone} /></span>
        <span className="ht-alert-state">
          {alert.state === "acknowledged" ? t("list.seenBy", { name: alert.seen_by }) : null}
          {alert.state === "snoozed" ? t("list.snoozedUntil", { name: alert.seen_by, at: at(alert.snoozed_until) }) : null}
          {alert.state === "resolved" ? t(alert.kind === "automation" ? "list.doneAt" : "list.resolvedAt", { name: alert.seen_by, at: at(alert.resolved_at) }) : null}
        </span>
      </header>
      <p><SafeText text={alert[language]} /></p>
      <People alert={alert} />
      <footer>
        <Where alert={alert} />
        {mayHandle && alert.kind === "automation" && alert.state !== "resolved" ? <Button size="small" loading={resolve.isPending} onClick={() => { resolve.mutate({ params }); }}>{t("list.resolve")}</Button> : null}
        {!mayHandle || alert.state === "resolved" ? null : alert.state === "open" ? (
          <>
            <Button size="small" loading={acknowledge.isPending} onClick={() => { acknowledge.mutate({ params }); }}>{t("list.acknowledge")}</Button>
            <Dropdown
              trigger={["click"]}
              menu={{
                items: (["h1", "h4", "h24", "h72"] as const).map((key) => ({ key, label: t(`later.${key}`) })),
                onClick: ({ key }) => { snooze.mutate({ params, body: { until: new Date(Date.now() + SNOOZES[key as keyof typeof SNOOZES] * HOUR_MILLISECONDS).toISOString() } }); },
              }}
            >
              <Button size="small" loading={snooze.isPending}>{t("list.snooze")}</Button>
            </Dropdown>
          </>
        ) : (
          <Button size="small" loading={reopen.isPending} onClick={() => { reopen.mutate({ params }); }}>{t("list.reopen")}</Button>
        )}
      </footer>
    </li>
  );
}

interface AlertListProps {
  filters: AlertFilters;
  community: string | undefined;
  onFilters: (filters: AlertFilters) => void;
}

export function AlertList({ filters, community, onFilters }: AlertListProps) {
  const { t } = useTranslation(["alerts", "common"]);
  const list = useAlerts(filters, community);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <FilterBar<typeof alertFilters>
        filters={alertFilters}
        values={filters}
        onChange={onFilters}
        fields={{
          show: { label: t("filter.show"), options: SHOWS.map((value) => ({ value, label: t(`state.${value}`) })) },
          kind: { label: t("filter.kind"), options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
        }}
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !rows ? (
        <div role="status" aria-label={t("common:loading")} className="ht-alerts">
          {[0, 1, 2].map((one) => (
            <div key={one} className="ht-card"><Skeleton active paragraph={{ rows: 2 }} /></div>
          ))}
        </div>
      ) : rows.length > 0 ? (
        <>
          <ul className="ht-alerts" aria-label={t("title")}>
            {rows.map((alert) => (
              <Row key={alert.id} alert={alert} />
            ))}
          </ul>
          {list.hasNextPage ? <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t("list.more")}</Button> : null}
        </>
      ) : filtersInUse(filters) > 0 ? (
        <NothingMatches onClear={() => { onFilters({}); }} />
      ) : (
        <div className="ht-card"><NothingYet title={t("empty.title")} body={t("empty.body")} guide="alerts" /></div>
      )}
    </>
  );
}
