/** The list of rules: what each listens for, how often it answered, on or off. */
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { ButtonLink } from "../app/ButtonLink";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatCount, NO_VALUE } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { FilterBar } from "../kit/filters/FilterBar";
import { filtersInUse } from "../kit/filters/schema";
import { Phrase, slot } from "../kit/Phrase";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { morePages } from "../workspaces/settings/queries";
import { ruleFilters, type RepliesSearch } from "./filters";
import { RULE, useRules, useRulesChanged, type Rule } from "./queries";

const KEYWORDS_SHOWN = 4;

export function Keywords({ rule }: { rule: Rule }) {
  const { t } = useTranslation(["replies", "common"]);
  const more = rule.keywords.length - KEYWORDS_SHOWN;
  return (
    <span className="ht-keywords">
      {rule.keywords.slice(0, KEYWORDS_SHOWN).map(({ text, way }) => (
        <span key={`${way}:${text}`} className="ht-keyword" data-way={way}>
          <SafeText text={text} />
          {way === "contains" ? null : <span className="ht-secondary">{t(`way.${way}`)}</span>}
        </span>
      ))}
      {more > 0 ? <span className="ht-secondary">{t("list.more", { count: more })}</span> : null}
    </span>
  );
}

interface RulesViewProps {
  search: RepliesSearch;
  onSearch: (values: RepliesSearch) => void;
  onImport: () => void;
}

export function RulesView({ search, onSearch, onImport }: RulesViewProps) {
  const { t } = useTranslation(["replies", "common"]);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const mayManage = useMay("replies.manage");
  const changed = useRulesChanged();
  const list = useRules(search.q, search.state);
  const [deleting, setDeleting] = useState<Rule | null>(null);
  const turn = $api.useMutation("patch", RULE, {
    onSettled: changed,
    onError(problem: unknown) {
      void message.error(problem instanceof ApiProblem ? problem.detail : t("list.notSwitched"));
    },
  });
  const remove = $api.useMutation("delete", RULE, { onSuccess: changed });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const columns: DataColumn<Rule>[] = [
    {
      key: "name",
      title: t("list.name"),
      width: 200,
      fixed: true,
      render: (rule) => <Link to="/automation/replies/$ruleId" params={{ ruleId: rule.id }}><SafeText text={rule.name} clip /></Link>,
    },
    { key: "keywords", title: t("list.keywords"), width: 360, render: (rule) => <Keywords rule={rule} /> },
    { key: "priority", title: t("list.priority"), width: 90, align: "right", render: ({ priority }) => formatCount(priority) },
    { key: "hits", title: t("list.hits"), width: 120, align: "right", render: ({ hits }) => formatCount(hits) },
    { key: "last", title: t("list.last"), width: 150, render: ({ last_hit_at }) => (last_hit_at ? <RelativeTime at={last_hit_at} zone={workspace.time_zone} /> : NO_VALUE) },
    {
      key: "enabled",
      title: t("list.enabled"),
      width: 90,
      render: (rule) => (
        <Switch
          size="small"
          checked={rule.is_enabled}
          disabled={!mayManage}
          loading={turn.isPending && turn.variables.params.path.reply_id === rule.id}
          aria-label={t("list.enabledOf", { name: plainText(rule.name) })}
          onChange={(is_enabled) => { turn.mutate({ params: { path: { ...path, reply_id: rule.id } }, body: { is_enabled } }); }}
        />
      ),
    },
  ];
  if (mayManage)
    columns.push({
      key: "actions",
      title: t("list.actions"),
      width: 90,
      render: (rule) => (
        <Button type="link" size="small" danger aria-label={t("list.deleteOf", { name: plainText(rule.name) })} onClick={() => { setDeleting(rule); }}>
          {t("list.delete")}
        </Button>
      ),
    });
  const { q, state } = search;
  const values = { ...(q ? { q } : {}), ...(state ? { state } : {}) };
  return (
    <>
      <FilterBar<typeof ruleFilters>
        filters={ruleFilters}
        values={values}
        onChange={onSearch}
        fields={{ q: { label: t("list.search") }, state: { label: t("list.enabled"), options: [{ value: "on", label: t("list.on") }, { value: "off", label: t("list.off") }] } }}
      />
      <DataTable
        id="keyword-replies"
        label={t("title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        total={list.data?.pages[0]?.total ?? null}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        onOpen={({ id }) => void navigate({ to: "/automation/replies/$ruleId", params: { ruleId: id } })}
        empty={
          filtersInUse(values) > 0 ? (
            <NothingMatches onClear={() => { onSearch({}); }} />
          ) : (
            <NothingYet
              title={t("empty.title")}
              body={t("empty.body")}
              guide="keyword-replies"
              action={
                mayManage ? (
                  <div className="ht-reply-begin">
                    <ButtonLink to="/automation/replies/new" type="primary">{t("add")}</ButtonLink>
                    <Button onClick={onImport}>{t("files.import")}</Button>
                  </div>
                ) : undefined
              }
            />
          )
        }
      />
      <ConfirmDanger
        open={deleting !== null}
        title={t("delete.title")}
        consequence={deleting ? <p><Phrase text={t("delete.body", { name: slot(0), count: deleting.hits, shown: formatCount(deleting.hits) })} parts={[<SafeText key="name" text={deleting.name} />]} /></p> : null}
        action={t("list.delete")}
        onConfirm={async () => {
          if (deleting) await remove.mutateAsync({ params: { path: { ...path, reply_id: deleting.id } } });
        }}
        onClose={() => { setDeleting(null); }}
      />
    </>
  );
}
