/** Whom a welcome is for: who joins which groups or adds an account, and from where they come. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, InputNumber, Radio, Switch } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { useGroups } from "../reports/ReportFilterBar";
import { PRIORITY_MAX, SCOPES, SOURCE_FIELDS, SOURCES_MAX, TOGETHER_SECONDS_MAX, type Draft, type Scope, type Source } from "./draft";

interface FieldsProps {
  draft: Draft;
  edit: (change: Partial<Draft>) => void;
  errorOf: (field: string) => string | undefined;
}

function Sources({ draft, edit, errorOf }: FieldsProps) {
  const { t } = useTranslation(["welcomes", "common"]);
  const { sources } = draft;
  const put = (at: number, change: Partial<Source>) => { edit({ sources: sources.map((one, index) => (index === at ? { ...one, ...change } : one)) }); };
  return (
    <fieldset>
      <legend className="ht-field-label">{t("form.sources")}</legend>
      <p className="ht-secondary">{t("form.sourcesHint")}</p>
      <ul className="ht-welcome-sources">
        {sources.map((one, at) => {
          const error = errorOf(`sources.${at}.value`);
          return (
            <li key={at}>
              <Select<Source["field"]>
                aria-label={t("form.sourceField", { number: at + 1 })}
                value={one.field}
                options={SOURCE_FIELDS.map((value) => ({ value, label: t(`source.${value}`) }))}
                onChange={(field) => { put(at, { field }); }}
              />
              <Input
                aria-label={t("form.sourceValue", { number: at + 1 })}
                value={one.value}
                maxLength={200}
                {...(error ? { status: "error" as const, "aria-invalid": true } : {})}
                onChange={(event) => { put(at, { value: event.target.value }); }}
              />
              <Button type="text" icon={<DeleteOutlined />} aria-label={t("form.sourceRemove", { number: at + 1 })} onClick={() => { edit({ sources: sources.filter((_, index) => index !== at) }); }} />
              {error ? <p className="ht-field-error">{error}</p> : null}
            </li>
          );
        })}
      </ul>
      <Button icon={<PlusOutlined aria-hidden />} disabled={sources.length >= SOURCES_MAX} onClick={() => { edit({ sources: [...sources, { field: "state", value: "" }] }); }}>
        {t("form.sourceAdd")}
      </Button>
    </fieldset>
  );
}

export function WhomFields({ draft, edit, errorOf }: FieldsProps) {
  const { t } = useTranslation(["welcomes", "common"]);
  const id = useId();
  const { communities } = useSession();
  const { groups, loading } = useGroups(undefined);
  const named = (wanted: string) => communities.find((one) => one.id === wanted)?.name ?? "";
  const scopeError = errorOf("group_ids") ?? errorOf("community_id");
  const inGroups = draft.kind === "group";
  return (
    <section className="ht-card ht-stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("form.whom")}</h2>
      <Radio.Group
        aria-label={t("form.whom")}
        value={draft.kind}
        options={(["group", "contact"] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
        onChange={(event) => { edit({ kind: event.target.value as Draft["kind"] }); }}
      />
      {inGroups ? (
        <>
          <fieldset>
            <legend className="ht-field-label">{t("form.scope")}</legend>
            <Radio.Group value={draft.scope} options={SCOPES.map((value) => ({ value, label: t(`scope.${value}`) }))} onChange={(event) => { edit({ scope: event.target.value as Scope }); }} />
          </fieldset>
          {draft.scope === "community" ? (
            <Select
              aria-label={t("scope.community")}
              className="ht-wide"
              value={draft.community_id}
              placeholder={t("form.chooseCommunity")}
              showSearch={{ optionFilterProp: "label" }}
              options={communities.map(({ id: value, name }) => ({ value, label: plainText(name) }))}
              onChange={(community_id) => { edit({ community_id }); }}
            />
          ) : null}
          {draft.scope === "groups" ? (
            <Select
              aria-label={t("scope.groups")}
              className="ht-wide"
              mode="multiple"
              loading={loading}
              value={draft.group_ids}
              placeholder={t("form.chooseGroups")}
              showSearch={{ optionFilterProp: "label" }}
              options={groups.map((group) => ({ value: group.id, label: plainText(communities.length > 1 ? `${named(group.community_id)} / ${group.name}` : group.name) }))}
              onChange={(group_ids) => { edit({ group_ids }); }}
            />
          ) : null}
        </>
      ) : (
        <p className="ht-secondary">{t("form.contactHint")}</p>
      )}
      {scopeError ? <p className="ht-field-error">{scopeError}</p> : null}
      <Sources draft={draft} edit={edit} errorOf={errorOf} />
      <div>
        <label htmlFor={`${id}-priority`} className="ht-field-label">{t("form.priority")}</label>
        <InputNumber id={`${id}-priority`} value={draft.priority} min={-PRIORITY_MAX} max={PRIORITY_MAX} precision={0} onChange={(priority) => { edit({ priority: priority ?? 0 }); }} />
        <p className="ht-secondary">{t("form.priorityHint")}</p>
      </div>
      {inGroups ? (
        <div>
          <span className="ht-welcome-switch">
            <Switch id={`${id}-together`} checked={draft.together_seconds > 0} onChange={(on) => { edit({ together_seconds: on ? 60 : 0 }); }} />
            <label htmlFor={`${id}-together`}>{t("form.together")}</label>
          </span>
          {draft.together_seconds > 0 ? (
            <span className="ht-welcome-seconds">
              <label htmlFor={`${id}-seconds`}>{t("form.togetherSeconds")}</label>
              <InputNumber id={`${id}-seconds`} value={draft.together_seconds} min={1} max={TOGETHER_SECONDS_MAX} precision={0} onChange={(seconds) => { edit({ together_seconds: seconds ?? 60 }); }} />
            </span>
          ) : null}
          <p className="ht-secondary">{t("form.togetherHint")}</p>
        </div>
      ) : null}
      <div>
        <span className="ht-welcome-switch">
          <Switch id={`${id}-quiet`} checked={draft.keeps_quiet} onChange={(keeps_quiet) => { edit({ keeps_quiet }); }} />
          <label htmlFor={`${id}-quiet`}>{t("form.quiet")}</label>
        </span>
        <p className="ht-secondary">{t("form.quietHint")}</p>
      </div>
    </section>
  );
}
