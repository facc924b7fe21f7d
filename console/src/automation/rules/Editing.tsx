/** The form of a rule, with what keeps it from being lost: a draft in this browser, and a colleague's change told rather than written over. */
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, Input, Switch } from "antd";
import { useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../../app/session";
import { Tabs } from "../../communities/Tabs";
import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { Leaving } from "../../kit/Leaving";
import { PageHeader } from "../../kit/PageHeader";
import { plainText } from "../../kit/safeText";
import { AutomationNav } from "../AutomationNav";
import { Conflicted } from "../shared/Conflicted";
import { ConditionField } from "../shared/ConditionField";
import { errorAt, under } from "../shared/errors";
import { Labelled } from "../shared/Labelled";
import { TriggerEditor } from "../shared/TriggerEditor";
import { ActionList } from "./ActionList";
import { DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX, type Draft } from "./draft";
import { TABS, type RuleSearch } from "./filters";
import { InWords } from "./InWords";
import { LimitFields } from "./LimitFields";
import { Problems } from "./Problems";
import type { Rule } from "./queries";
import { RunLog } from "./RunLog";
import { TryBox } from "./TryBox";
import { useRuleDraft } from "./useRuleDraft";

const FOCUSABLE = "input:not([type=hidden]):not(:disabled), textarea:not(:disabled), button:not(:disabled)";

/** After a refusal the focus goes to the first field that is wrong; within a condition its editor sends it. */
function useAttention(attention: number) {
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (attention === 0) return;
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], .ht-field-error');
    if (!first || first.closest(".ht-ce")) return;
    const target = first.matches(FOCUSABLE) ? first : first.parentElement?.querySelector<HTMLElement>(FOCUSABLE);
    (target ?? first).scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  }, [attention]);
  return form;
}

interface EditingProps {
  rule: Rule | null;
  start: Draft;
  preset: string;
  /** Fields of a preset that a person must fill. */
  needs: readonly string[];
  search?: RuleSearch;
}

export function Editing({ rule, start, preset, needs, search = {} }: EditingProps) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const { communities, workspace } = useSession();
  const disabled = !useMay("automations.manage");
  const id = useId();
  const held = useRuleDraft({
    rule,
    start,
    preset,
    needs,
    async onSaved(made) {
      void message.success(t(made.is_on ? "form.savedOn" : "form.saved"));
      if (rule === null) await navigate({ to: "/automation/rules/$ruleId", params: { ruleId: made.id } });
    },
  });
  const { draft, edit, errors, conflict, restored } = held;
  const form = useAttention(held.attention);
  const tab = search.tab ?? "rule";
  const zone = communities.find((one) => one.id === draft.community_id)?.time_zone ?? workspace.time_zone;
  const wasOn = rule?.is_on ?? false;
  const conditionFirst = errors[0]?.field.startsWith("condition") ?? false;
  return (
    <div className="ht-page">
      <PageHeader
        back={rule === null ? <Link to="/automation/rules/new" search={(previous) => ({ ...previous, preset: undefined })}>{t("preset.title")}</Link> : <Link to="/automation/rules">{t("title")}</Link>}
        title={rule === null ? t("form.newTitle") : plainText(rule.name)}
        actions={
          disabled ? null : (
            <>
              <span className="ht-auto-switch">
                <Switch id={`${id}-on`} checked={draft.is_on} onChange={(is_on) => { edit({ is_on }); }} />
                <label htmlFor={`${id}-on`}>{t(draft.is_on ? "list.isOn" : "list.isOff")}</label>
              </span>
              <Button type="primary" loading={held.isSaving} disabled={rule !== null && !held.isDirty} onClick={() => void held.save()}>
                {draft.is_on === wasOn ? t("form.save") : t(draft.is_on ? "form.saveOn" : "form.saveOff")}
              </Button>
            </>
          )
        }
      />
      <AutomationNav />
      {rule ? <Tabs label={t("tabs.label")} tabs={TABS.map((key) => ({ key, name: t(`tabs.${key}`) }))} shown={tab} first="rule" /> : null}
      {rule && tab === "log" ? <RunLog rule={rule} search={search} /> : null}
      <div className="ht-rule-edit" hidden={tab === "log"}>
        <div className="ht-stack" ref={form}>
          {restored ? (
            <div className="ht-notice" role="status">
              <p>{t("form.restored", { at: formatDateTime(restored.at, workspace.time_zone, language) })}</p>
              <p><Button size="small" onClick={held.startAnew}>{t(rule === null ? "form.startAnew" : "form.dropDraft")}</Button></p>
            </div>
          ) : null}
          {conflict ? <Conflicted conflict={conflict} draft={draft} onTake={held.put} /> : null}
          {rule ? <Problems rule={rule} /> : null}
          {held.failure === null ? null : <ErrorState error={held.failure} compact />}
          {errors.length > 0 ? <p className="ht-rule-wrong" role="status">{t(held.attention === 0 ? "preset.left" : "form.wrong", { count: errors.length })}</p> : null}
          <section className="ht-card ht-auto-form" aria-label={t("form.names")}>
            <Labelled label={t("form.name")} error={errorAt(errors, "name")}>
              {({ status, ...control }) => <Input {...control} {...(status ? { status } : {})} value={draft.name} disabled={disabled} maxLength={NAME_LENGTH_MAX} placeholder={t("form.nameHint")} autoComplete="off" onChange={(event) => { edit({ name: event.target.value }); }} />}
            </Labelled>
            <Labelled label={t("form.description")} error={errorAt(errors, "description")} note={t("field.optional")}>
              {({ status, ...control }) => <Input.TextArea {...control} {...(status ? { status } : {})} value={draft.description} disabled={disabled} autoSize={{ minRows: 1, maxRows: 4 }} maxLength={DESCRIPTION_LENGTH_MAX} onChange={(event) => { edit({ description: event.target.value }); }} />}
            </Labelled>
          </section>
          <section className="ht-card ht-auto-form" aria-labelledby={`${id}-when`}>
            <h2 id={`${id}-when`}>{t("form.when")}</h2>
            <TriggerEditor value={draft.trigger} disabled={disabled} zone={zone} errors={under(errors, "trigger")} onChange={(trigger) => { edit({ trigger }); }} />
          </section>
          <section className="ht-card ht-auto-form" aria-labelledby={`${id}-if`}>
            <h2 id={`${id}-if`}>{t("form.if")}</h2>
            <ConditionField value={draft.condition} disabled={disabled} zone={zone} errors={under(errors, "condition")} attention={conditionFirst ? held.attention : 0} onChange={(condition) => { edit({ condition }); }} />
          </section>
          <section className="ht-card ht-auto-form" aria-labelledby={`${id}-then`}>
            <h2 id={`${id}-then`}>{t("form.then")}</h2>
            <ActionList value={draft.actions} disabled={disabled} errors={under(errors, "actions")} event={draft.trigger.kind === "event" ? draft.trigger.event : undefined} onChange={(actions) => { edit({ actions }); }} />
          </section>
          <section className="ht-card ht-auto-form" aria-labelledby={`${id}-limits`}>
            <h2 id={`${id}-limits`}>{t("form.limits")}</h2>
            <LimitFields draft={draft} edit={edit} errors={errors} disabled={disabled} />
          </section>
          {rule ? <p className="ht-secondary ht-rule-changed">{t("form.changed", { by: plainText(rule.changed_by), at: formatDateTime(rule.updated_at, workspace.time_zone, language) })}</p> : null}
        </div>
        <aside className="ht-rule-aside" aria-label={t("form.aside")}>
          <InWords draft={draft} />
          {disabled ? null : <TryBox bodyOf={held.trial} draft={draft} ruleId={rule?.id ?? null} />}
        </aside>
      </div>
      <Leaving isDirty={held.isDirty} saved={held.saved} onDrop={held.drop} />
    </div>
  );
}
