/** Everybody who met a rule: what was done for them, or why nothing was. */
import { useNavigate } from "@tanstack/react-router";
import { Drawer, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { NO_VALUE } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { NothingMatches, NothingYet } from "../../kit/EmptyState";
import { FilterBar } from "../../kit/filters/FilterBar";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { MemberLink } from "../../members/MemberName";
import { MemberSearch } from "../../members/MemberSearch";
import { useMember } from "../../members/queries";
import { morePages } from "../../workspaces/settings/queries";
import { runFilters, RUN_STATES, type RuleSearch } from "./filters";
import { Outcomes, useOutcomeSaid } from "./Outcomes";
import { useRuns, type Rule, type Run } from "./queries";
import { StateTag } from "./StateTag";

/** Why, or until when; of what was done: what the first actions came to. */
function Why({ run, zone, saidOf }: { run: Run; zone: string; saidOf: ReturnType<typeof useOutcomeSaid> }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  if (run.state === "waiting" && run.due_at) return <>{t("log.waits", { at: formatDateTime(run.due_at, zone, language) })}</>;
  if (run.reason) return <>{run.reason[language]}</>;
  return <>{run.outcomes.map(saidOf).join(t("separator")) || NO_VALUE}</>;
}

function One({ run, rule, zone, onClose }: { run: Run; rule: Rule; zone: string; onClose: () => void }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  return (
    <Drawer open onClose={onClose} size={480} closable={{ "aria-label": t("log.close"), placement: "end" }} title={t("log.one")}>
      <div className="ht-auto-form">
        <dl className="ht-rule-facts">
          <dt>{t("log.member")}</dt>
          <dd><Whom run={run} /></dd>
          <dt>{t("log.event")}</dt>
          <dd>{run.event_name[language]}</dd>
          <dt>{t("log.at")}</dt>
          <dd>{formatDateTime(run.at, zone, language)}</dd>
          <dt>{t("log.state")}</dt>
          <dd><StateTag state={run.state} /></dd>
          {run.due_at && run.state === "waiting" ? <><dt>{t("log.due")}</dt><dd>{formatDateTime(run.due_at, zone, language)}</dd></> : null}
          {run.reason ? <><dt>{t("log.why")}</dt><dd>{run.reason[language]}</dd></> : null}
        </dl>
        {run.outcomes.length > 0 ? <div><span className="ht-field-label">{t("log.outcomes")}</span><Outcomes outcomes={run.outcomes} actions={rule.actions} label={t("log.outcomes")} /></div> : null}
      </div>
    </Drawer>
  );
}

/** Whom it was about. What is given up half-way is of all whose turn had not come. */
function Whom({ run }: { run: Run }) {
  const { t } = useTranslation("automation");
  if (run.member) return <MemberLink member={run.member} />;
  return <span className="ht-secondary">{t(run.reason?.code === "given_up" ? "log.rest" : "log.gone")}</span>;
}

/** The member who is looked for, by name; or the search for one. */
function OfMember({ member, onMember }: { member: string | undefined; onMember: (id: string | undefined) => void }) {
  const { t } = useTranslation(["automation", "common"]);
  const { data } = useMember(member);
  if (member === undefined) return <span className="ht-rule-search"><MemberSearch except="" value={undefined} onChange={onMember} label={t("log.search")} /></span>;
  return <Tag closable={{ "aria-label": t("log.everybody") }} onClose={() => { onMember(undefined); }}>{t("log.only")} <SafeText text={data?.name ?? "…"} /></Tag>;
}

export function RunLog({ rule, search }: { rule: Rule; search: RuleSearch }) {
  const { t } = useTranslation(["automation", "common"]);
  const navigate = useNavigate({ from: "/automation/rules/$ruleId" });
  const language = useLanguage();
  const { workspace: { time_zone: zone } } = useSession();
  const [opened, setOpened] = useState<Run | null>(null);
  const saidOf = useOutcomeSaid(rule.actions);
  const list = useRuns(rule.id, search);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const { state, member } = search;
  const show = (next: Pick<RuleSearch, "state" | "member">) => {
    void navigate({ search: ({ workspace, community }) => ({ ...(workspace ? { workspace } : {}), ...(community ? { community } : {}), tab: "log" as const, ...next }), replace: true });
  };
  const columns: DataColumn<Run>[] = [
    { key: "at", title: t("log.at"), width: 120, fixed: true, render: ({ at }) => <RelativeTime at={at} zone={zone} /> },
    { key: "member", title: t("log.member"), width: 150, render: (run) => <Whom run={run} /> },
    { key: "state", title: t("log.state"), width: 100, render: (run) => <StateTag state={run.state} /> },
    { key: "event", title: t("log.event"), width: 160, render: (run) => run.event_name[language] },
    { key: "why", title: t("log.why"), width: 360, render: (run) => <Why run={run} zone={zone} saidOf={saidOf} /> },
  ];
  const chosen = state !== undefined || member !== undefined;
  return (
    <div className="ht-stack">
      <FilterBar<typeof runFilters> filters={runFilters} values={state ? { state } : {}} onChange={(next) => { show({ ...next, ...(member ? { member } : {}) }); }} fields={{ state: { label: t("log.state"), options: RUN_STATES.map((value) => ({ value, label: t(`state.${value}`) })) } }}>
        <OfMember member={member} onMember={(id) => { show({ ...(state ? { state } : {}), ...(id ? { member: id } : {}) }); }} />
      </FilterBar>
      <DataTable
        id="rule-runs"
        label={t("log.title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        onOpen={setOpened}
        empty={chosen ? <NothingMatches onClear={() => { show({}); }} /> : <div className="ht-card"><NothingYet title={t("log.empty")} body={t("log.emptyBody")} guide="rules" /></div>}
      />
      {opened ? <One run={opened} rule={rule} zone={zone} onClose={() => { setOpened(null); }} /> : null}
    </div>
  );
}
