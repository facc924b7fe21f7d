/** A rule, new or there: what it listens for and answers at the left, trying it at the right. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Button, Input, Skeleton, Switch } from "antd";
import { useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api, api } from "../api/client";
import { ApiProblem, type FieldError } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { usePageName } from "../app/usePageName";
import { AutomationNav } from "../automation/AutomationNav";
import { Besides } from "../automation/rules/Besides";
import { Conflicted } from "../automation/shared/Conflicted";
import { stillTrueOfActions } from "../automation/shared/errors";
import { useActions } from "../automation/shared/queries";
import { changedActions } from "../automation/shared/settings";
import { formatDateTime } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { Leaving } from "../kit/Leaving";
import { savedBy, useMeanwhile } from "../kit/meanwhile";
import { PageHeader } from "../kit/PageHeader";
import { Sparkline } from "../kit/Sparkline";
import { plainText } from "../kit/safeText";
import { AnswerFields } from "./AnswerFields";
import { bodyOf, draftOf, draftOfQuestion, EMPTY, NAME_LENGTH_MAX, PARTS, type Draft } from "./draft";
import { parseNewRuleSearch } from "./filters";
import { KeywordFields } from "./KeywordFields";
import { PlaceFields } from "./PlaceFields";
import { RULE, RULES, useHits, useRule, useRulesChanged, type Rule } from "./queries";
import { TestBox } from "./TestBox";
import "../members/members.css";
import "./replies.css";

/** Lists without a place for each of their items: what is said of one is said of the whole. */
const WITHIN = new Set(["community_ids", "group_ids", "hours.days"]);

/** What the server said of a field, by its path in the body. */
export type ErrorOf = (field: string) => string | undefined;

function Hits({ rule }: { rule: Rule }) {
  const { t } = useTranslation(["replies", "common"]);
  const { workspace } = useSession();
  const language = useLanguage();
  const { data } = useHits(rule.id);
  const values = data?.items.map(({ hits }) => hits) ?? [];
  return (
    <p className="ht-reply-hits ht-secondary">
      {values.length > 1 ? <Sparkline values={values} width={96} height={24} label={t("form.hitsSaid", { shown: formatCount(rule.hits) })} /> : null}
      <span>{t("form.hits", { shown: formatCount(rule.hits) })}</span>
      <span>{t("form.changed", { by: plainText(rule.changed_by_name), at: formatDateTime(rule.updated_at, workspace.time_zone, language) })}</span>
    </p>
  );
}

function Editing({ rule, start }: { rule: Rule | null; start: Draft }) {
  const { t } = useTranslation(["replies", "common"]);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const path = useWorkspacePath();
  const mayManage = useMay("replies.manage");
  const changed = useRulesChanged();
  const { data: kinds } = useActions();
  const id = useId();
  const saved = useRef(false);
  const { draft, setDraft, base, isDirty, conflict, meet } = useMeanwhile(start, rule?.version ?? 0, PARTS);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [failure, setFailure] = useState<unknown>(null);
  const edit = (change: Partial<Draft>) => {
    setDraft((had) => ({ ...had, ...change }));
    setErrors((had) => stillTrueOfActions(had, draft, { ...draft, ...change }));
  };
  const errorOf: ErrorOf = (field) => errors.find((one) => one.field === field || (WITHIN.has(field) && one.field.startsWith(`${field}.`)))?.message;
  const put = (whole: Draft) => {
    setDraft(whole);
    setErrors([]);
    setFailure(null);
  };
  async function settle(problem: ApiProblem, before: Rule) {
    const { data: latest } = await api.GET(RULE, { params: { path: { ...path, reply_id: before.id } } });
    if (latest) meet(savedBy(problem), draftOf(latest), latest.version);
  }
  const outcome = {
    onMutate() {
      setErrors([]);
      setFailure(null);
    },
    async onSuccess() {
      saved.current = true;
      void message.success(t("form.saved"));
      await changed();
      await navigate({ to: "/automation/replies" });
    },
    async onError(error: unknown) {
      if (rule && error instanceof ApiProblem && error.code === "reply_changed") await settle(error, rule);
      else if (error instanceof ApiProblem && error.code === "reply_name_taken") setErrors([{ field: "name", message: error.detail }]);
      else if (error instanceof ApiProblem && error.errors.length > 0) {
        setErrors(error.errors.map(({ field, message: said }) => ({ field: field.replace(/^body\.(?:body\.)?/u, ""), message: said })));
        setFailure(error.errors.some(({ field }) => /keywords|answers|actions|hours|name|_ids/u.test(field)) ? null : error);
      } else setFailure(error);
    },
  };
  const create = $api.useMutation("post", RULES, outcome);
  const change = $api.useMutation("put", RULE, outcome);
  const submit = () => {
    const body = { ...bodyOf(draft), actions: changedActions(draft.actions, base.draft.actions, kinds?.items ?? []) };
    // What is said of the third keyword is said of the third field: empty ones are gone from both.
    const { keywords, answers } = body;
    setDraft((had) => ({ ...had, keywords: keywords.length > 0 ? keywords : had.keywords, answers: had.answers.filter((one) => answers.some(({ parts }) => parts === one.parts)) }));
    if (rule === null) create.mutate({ params: { path }, body });
    else change.mutate({ params: { path: { ...path, reply_id: rule.id } }, body: { ...body, version: base.version } });
  };
  const nameError = errorOf("name");
  return (
    <div className="ht-page">
      <PageHeader
        back={<Link to="/automation/replies">{t("title")}</Link>}
        title={rule === null ? t("form.newTitle") : plainText(rule.name)}
        actions={
          mayManage ? (
            <Button type="primary" loading={create.isPending || change.isPending} onClick={submit}>{t("form.save")}</Button>
          ) : null
        }
      />
      <AutomationNav />
      {rule === null ? null : <Hits rule={rule} />}
      <div className="ht-reply-edit">
        <div className="ht-stack">
          {conflict ? <Conflicted conflict={conflict} draft={draft} onTake={put} /> : null}
          {failure === null ? null : <ErrorState error={failure} compact />}
          {errors.length > 0 && failure === null ? <p className="ht-field-error" role="alert">{t("form.wrong", { count: errors.length })}</p> : null}
          <section className="ht-card ht-reply-names" aria-label={t("form.names")}>
            <div>
              <label htmlFor={`${id}-name`} className="ht-field-label">{t("form.name")}</label>
              <Input
                id={`${id}-name`}
                value={draft.name}
                maxLength={NAME_LENGTH_MAX}
                placeholder={t("form.nameHint")}
                autoComplete="off"
                {...(nameError ? { status: "error" as const, "aria-invalid": true, "aria-describedby": `${id}-name-error` } : {})}
                onChange={(event) => { edit({ name: event.target.value }); }}
              />
              {nameError ? <p id={`${id}-name-error`} className="ht-field-error">{nameError}</p> : null}
            </div>
            <span className="ht-reply-switch">
              <Switch id={`${id}-on`} checked={draft.is_enabled} onChange={(is_enabled) => { edit({ is_enabled }); }} />
              <label htmlFor={`${id}-on`}>{t("list.enabled")}</label>
            </span>
          </section>
          <KeywordFields draft={draft} edit={edit} errorOf={errorOf} />
          <AnswerFields draft={draft} edit={edit} errorOf={errorOf} errors={errors} />
          <Besides of="keyword_reply" value={draft.actions} following={rule?.following} errors={errors} disabled={!mayManage} onChange={(actions) => { edit({ actions }); }} />
          <PlaceFields draft={draft} edit={edit} errorOf={errorOf} />
        </div>
        <TestBox draft={draft} ruleId={rule?.id ?? null} />
      </div>
      <Leaving isDirty={isDirty} saved={saved} />
    </div>
  );
}

function Waiting({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(["replies", "common"]);
  return (
    <div className="ht-page">
      {error ? (
        <ErrorState error={error} onRetry={onRetry} />
      ) : (
        <div className="ht-reply-edit" role="status" aria-label={t("common:loading")}>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 12 }} /></div>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 6 }} /></div>
        </div>
      )}
    </div>
  );
}

export function NewRulePage() {
  const { question } = parseNewRuleSearch(useSearch({ from: "/_in/automation/replies/new" }));
  const [start] = useState(() => (question ? draftOfQuestion(question) : EMPTY));
  return <Editing rule={null} start={start} />;
}

function Loaded({ rule }: { rule: Rule }) {
  const start = useMemo(() => draftOf(rule), [rule]);
  return <Editing rule={rule} start={start} />;
}

export function RulePage() {
  const { ruleId } = useParams({ from: "/_in/automation/replies/$ruleId" });
  const { data, error, refetch } = useRule(ruleId);
  usePageName(data?.name);
  if (data) return <Loaded key={data.id} rule={data} />;
  return <Waiting error={error} onRetry={() => void refetch()} />;
}
