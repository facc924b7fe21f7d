/** A welcome, new or there: whom it is for and what it says at the left; how it looks, trying it and its numbers at the right. */
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { App, Button, Input, Segmented, Skeleton, Switch } from "antd";
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
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { Leaving } from "../kit/Leaving";
import { savedBy, useMeanwhile } from "../kit/meanwhile";
import { PageHeader } from "../kit/PageHeader";
import { plainText } from "../kit/safeText";
import { MessagePreview } from "../messages/MessagePreview";
import { written } from "../messages/parts";
import { bodyOf, draftOf, EMPTY, NAME_LENGTH_MAX, PARTS, type Draft } from "./draft";
import { MessageFields } from "./MessageFields";
import { Numbers } from "./Numbers";
import { useWelcome, useWelcomesChanged, WELCOME, WELCOMES, type Welcome } from "./queries";
import { TryOut } from "./TryOut";
import { WhomFields } from "./WhomFields";
import "./welcomes.css";

/** Fields with a place of their own on the page. */
const PLACED = /^(?:name|messages|actions|group_ids|community_id|sources)(?:\.|$)/u;

function Look({ draft }: { draft: Draft }) {
  const { t } = useTranslation(["welcomes", "common"]);
  const { workspace_id } = useWorkspacePath();
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, draft.messages.length - 1);
  return (
    <div className="ht-card ht-stack">
      {draft.messages.length > 1 ? (
        <Segmented<number> aria-label={t("message.which")} value={at} options={draft.messages.map((_, value) => ({ value, label: String(value + 1) }))} onChange={setChosen} />
      ) : null}
      <MessagePreview parts={draft.messages[at]?.parts ?? []} workspaceId={workspace_id} groupId={draft.scope === "groups" ? (draft.group_ids[0] ?? null) : null} />
    </div>
  );
}

function Editing({ welcome, start }: { welcome: Welcome | null; start: Draft }) {
  const { t } = useTranslation(["welcomes", "common"]);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const language = useLanguage();
  const path = useWorkspacePath();
  const { workspace } = useSession();
  const mayManage = useMay("welcomes.manage");
  const changed = useWelcomesChanged();
  const { data: kinds } = useActions();
  const id = useId();
  const saved = useRef(false);
  const { draft, setDraft, base, isDirty, conflict, meet } = useMeanwhile(start, welcome?.version ?? 0, PARTS);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [failure, setFailure] = useState<unknown>(null);
  const edit = (change: Partial<Draft>) => {
    setDraft((had) => ({ ...had, ...change }));
    setErrors((had) => stillTrueOfActions(had, draft, { ...draft, ...change }));
  };
  const errorOf = (field: string) => errors.find((one) => one.field === field)?.message;
  const put = (whole: Draft) => {
    setDraft(whole);
    setErrors([]);
    setFailure(null);
  };
  async function settle(problem: ApiProblem, before: Welcome) {
    const { data: latest } = await api.GET(WELCOME, { params: { path: { ...path, welcome_id: before.id } } });
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
      await navigate({ to: "/automation/welcomes" });
    },
    async onError(error: unknown) {
      if (welcome && error instanceof ApiProblem && error.code === "welcome_changed") await settle(error, welcome);
      else if (error instanceof ApiProblem && error.code === "welcome_name_taken") setErrors([{ field: "name", message: error.detail }]);
      else if (error instanceof ApiProblem && error.errors.length > 0) {
        const said = error.errors.map(({ field, message: text }) => ({ field: field.replace(/^body\.(?:body\.)?/u, ""), message: text }));
        setErrors(said);
        setFailure(said.every(({ field }) => PLACED.test(field)) ? null : error);
      } else setFailure(error);
    },
  };
  const create = $api.useMutation("post", WELCOMES, outcome);
  const change = $api.useMutation("patch", WELCOME, outcome);
  const submit = () => {
    const body = bodyOf(draft);
    const actions = changedActions(draft.actions, base.draft.actions, kinds?.items ?? []);
    if (draft.kind === "group" && draft.scope === "groups" && body.group_ids.length === 0) setErrors([{ field: "group_ids", message: t("form.chooseGroups") }]);
    else if (draft.kind === "group" && draft.scope === "community" && body.community_id === null) setErrors([{ field: "community_id", message: t("form.chooseCommunity") }]);
    else if (welcome === null) create.mutate({ params: { path }, body: { ...body, actions: actions ?? [] } });
    else change.mutate({ params: { path: { ...path, welcome_id: welcome.id } }, body: { ...body, actions, version: base.version } });
  };
  const nameError = errorOf("name");
  return (
    <div className="ht-page">
      <PageHeader
        back={<Link to="/automation/welcomes">{t("title")}</Link>}
        title={welcome === null ? t("form.newTitle") : plainText(welcome.name)}
        actions={mayManage ? <Button type="primary" loading={create.isPending || change.isPending} onClick={submit}>{t("form.save")}</Button> : null}
      />
      <AutomationNav />
      <div className="ht-welcome-edit">
        <div className="ht-stack">
          {conflict ? <Conflicted conflict={conflict} draft={draft} onTake={put} /> : null}
          {failure === null ? null : <ErrorState error={failure} compact />}
          {errors.length > 0 && failure === null ? <p className="ht-field-error" role="alert">{t("form.wrong", { count: errors.length })}</p> : null}
          <section className="ht-card ht-welcome-names" aria-label={t("form.names")}>
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
            <span className="ht-welcome-switch">
              <Switch id={`${id}-on`} checked={draft.is_on} onChange={(is_on) => { edit({ is_on }); }} />
              <label htmlFor={`${id}-on`}>{t("list.on")}</label>
            </span>
          </section>
          <MessageFields draft={draft} edit={edit} errors={errors} />
          <Besides of="welcome" value={draft.actions} following={welcome?.following} errors={errors} disabled={!mayManage} onChange={(actions) => { edit({ actions }); }} />
          <WhomFields draft={draft} edit={edit} errorOf={errorOf} />
        </div>
        <div className="ht-stack">
          {welcome === null ? null : <Numbers welcomeId={welcome.id} />}
          <Look draft={draft} />
          {mayManage ? <TryOut draft={draft} /> : null}
        </div>
      </div>
      {welcome === null ? null : (
        <p className="ht-secondary">{t("form.changed", { by: plainText(welcome.updated_by), at: formatDateTime(welcome.updated_at, workspace.time_zone, language) })}</p>
      )}
      <Leaving isDirty={isDirty} saved={saved} />
    </div>
  );
}

export function NewWelcomePage() {
  const { t } = useTranslation(["welcomes", "common"]);
  const [start] = useState<Draft>(() => ({ ...EMPTY, messages: EMPTY.messages.map((one) => ({ ...one, parts: one.parts.map((part) => ({ ...part, text: `${written("name", t("form.firstName"))}${t("form.firstText")}` })) })) }));
  return <Editing welcome={null} start={start} />;
}

function Loaded({ welcome }: { welcome: Welcome }) {
  const start = useMemo(() => draftOf(welcome), [welcome]);
  return <Editing welcome={welcome} start={start} />;
}

export function WelcomePage() {
  const { t } = useTranslation(["welcomes", "common"]);
  const { welcomeId } = useParams({ from: "/_in/automation/welcomes/$welcomeId" });
  const { data, error, refetch } = useWelcome(welcomeId);
  usePageName(data?.name);
  if (data) return <Loaded key={data.id} welcome={data} />;
  return (
    <div className="ht-page">
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div className="ht-welcome-edit" role="status" aria-label={t("common:loading")}>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 12 }} /></div>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 6 }} /></div>
        </div>
      )}
    </div>
  );
}
