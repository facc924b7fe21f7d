/** The list of rules: what sets each off, on or off, how it went lately. */
import { WarningOutlined } from "@ant-design/icons";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Switch, Tag, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { ButtonLink } from "../../app/ButtonLink";
import { useMay, useSession, useWorkspacePath } from "../../app/session";
import { formatCount, NO_VALUE } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { ConfirmDanger } from "../../kit/ConfirmDanger";
import { NothingMatches, NothingYet } from "../../kit/EmptyState";
import { FilterBar } from "../../kit/filters/FilterBar";
import { filtersInUse } from "../../kit/filters/schema";
import { PageHeader } from "../../kit/PageHeader";
import { Phrase, slot } from "../../kit/Phrase";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import { Sparkline } from "../../kit/Sparkline";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { morePages } from "../../workspaces/settings/queries";
import { AutomationNav } from "../AutomationNav";
import { KINDS, parseRulesSearch, ruleFilters, type RulesSearch } from "./filters";
import { RULE, useRules, useRulesChanged, type Rule } from "./queries";
import { StateTag } from "./StateTag";
import "./rules.css";

const SPARK = { width: 64, height: 20 } as const;

function Numbers({ rule }: { rule: Rule }) {
  const { t } = useTranslation(["automation", "common"]);
  const { done, skipped, failed } = rule;
  if (done + skipped + failed === 0) return <span className="ht-secondary">{NO_VALUE}</span>;
  return (
    <span className="ht-rule-numbers">
      <Sparkline values={rule.days.map((one) => one.done)} {...SPARK} label={t("list.trend", { shown: formatCount(done) })} />
      <span>
        <span>{t("list.done", { shown: formatCount(done) })}</span>
        <span className="ht-secondary">{t("list.skipped", { shown: formatCount(skipped) })}</span>
        {failed > 0 ? <span className="ht-rule-failed">{t("list.failed", { shown: formatCount(failed) })}</span> : null}
      </span>
    </span>
  );
}

function Name({ rule }: { rule: Rule }) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const { problems } = rule;
  return (
    <span className="ht-rule-name">
      <Link to="/automation/rules/$ruleId" params={{ ruleId: rule.id }}><SafeText text={rule.name} clip /></Link>
      {problems.length > 0 ? (
        <Tooltip title={problems.map((one) => one[language]).join(" ")}>
          <Tag color="warning" variant="filled" icon={<WarningOutlined aria-hidden />}>{t("list.problems", { count: problems.length })}</Tag>
        </Tooltip>
      ) : null}
    </span>
  );
}

function useColumns(onDelete: (rule: Rule) => void): DataColumn<Rule>[] {
  const { t } = useTranslation(["automation", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const mayManage = useMay("automations.manage");
  const changed = useRulesChanged();
  const turn = $api.useMutation("patch", RULE, {
    onSettled: changed,
    onError(problem: unknown) {
      void message.error(problem instanceof ApiProblem ? (problem.errors[0]?.message ?? problem.detail) : t("list.notSwitched"));
    },
  });
  const columns: DataColumn<Rule>[] = [
    { key: "name", title: t("list.name"), width: 200, fixed: true, render: (rule) => <Name rule={rule} /> },
    { key: "trigger", title: t("list.trigger"), width: 220, render: ({ sentences, community }) => <span>{sentences.trigger[language]}{community ? <span className="ht-secondary"> · <SafeText text={community.name} /></span> : null}</span> },
    { key: "actions", title: t("list.does"), width: 230, render: ({ sentences: { actions } }) => (actions.length === 0 ? NO_VALUE : actions.map((one) => one[language]).join(t("separator"))) },
    {
      key: "on",
      title: t("list.on"),
      width: 80,
      render: (rule) => (
        <Switch
          size="small"
          checked={rule.is_on}
          disabled={!mayManage}
          loading={turn.isPending && turn.variables.params.path.rule_id === rule.id}
          aria-label={t("list.onOf", { name: plainText(rule.name) })}
          onChange={(is_on) => { turn.mutate({ params: { path: { ...path, rule_id: rule.id } }, body: { version: rule.version, is_on } }); }}
        />
      ),
    },
    { key: "numbers", title: t("list.week"), width: 190, render: (rule) => <Numbers rule={rule} /> },
    { key: "last", title: t("list.last"), width: 150, render: ({ last_run }) => (last_run ? <span className="ht-rule-last"><RelativeTime at={last_run.at} zone={workspace.time_zone} /><StateTag state={last_run.state} /></span> : NO_VALUE) },
  ];
  if (mayManage)
    columns.push({
      key: "delete",
      title: t("list.more"),
      width: 80,
      render: (rule) => <Button type="link" size="small" danger aria-label={t("list.deleteOf", { name: plainText(rule.name) })} onClick={() => { onDelete(rule); }}>{t("list.delete")}</Button>,
    });
  return columns;
}

export function RulesPage() {
  const { t } = useTranslation(["automation", "common"]);
  const navigate = useNavigate({ from: "/automation/rules" });
  const search = parseRulesSearch(useSearch({ from: "/_in/automation/rules" }));
  const path = useWorkspacePath();
  const mayManage = useMay("automations.manage");
  const changed = useRulesChanged();
  const [deleting, setDeleting] = useState<Rule | null>(null);
  const list = useRules(search);
  const remove = $api.useMutation("delete", RULE, { onSuccess: changed });
  const columns = useColumns(setDeleting);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const show = (values: RulesSearch) => {
    void navigate({ search: ({ workspace, community }) => ({ ...(workspace ? { workspace } : {}), ...(community ? { community } : {}), ...values }), replace: true });
  };
  const add = mayManage ? <ButtonLink to="/automation/rules/new" type="primary">{t("add")}</ButtonLink> : null;
  return (
    <div className="ht-page">
      <PageHeader title={t("title")} description={t("about")} actions={add} />
      <AutomationNav />
      <FilterBar<typeof ruleFilters>
        filters={ruleFilters}
        values={search}
        onChange={show}
        fields={{
          q: { label: t("list.search") },
          state: { label: t("list.on"), options: [{ value: "on", label: t("list.isOn") }, { value: "off", label: t("list.isOff") }] },
          trigger: { label: t("trigger.kind"), options: KINDS.map((value) => ({ value, label: t(`trigger.kinds.${value}`) })) },
        }}
      />
      <DataTable
        id="rules"
        label={t("title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        total={list.data?.pages[0]?.total ?? null}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        onOpen={({ id }) => void navigate({ to: "/automation/rules/$ruleId", params: { ruleId: id } })}
        empty={filtersInUse(search) > 0 ? <NothingMatches onClear={() => { show({}); }} /> : <div className="ht-card"><NothingYet title={t("empty.title")} body={t("empty.body")} action={add} guide="rules" /></div>}
      />
      <ConfirmDanger
        open={deleting !== null}
        title={t("delete.title")}
        consequence={<p><Phrase text={t("delete.body", { name: slot(0) })} parts={[<SafeText key="name" text={deleting?.name ?? ""} />]} /></p>}
        action={t("list.delete")}
        onConfirm={async () => { if (deleting) await remove.mutateAsync({ params: { path: { ...path, rule_id: deleting.id } } }); }}
        onClose={() => { setDeleting(null); }}
      />
    </div>
  );
}
