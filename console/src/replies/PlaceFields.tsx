/** Where and when a rule answers, how often, and before which others. */
import { Checkbox, Input, InputNumber, Radio, Switch } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { useGroups } from "../reports/ReportFilterBar";
import { COOLDOWN_SECONDS_MAX, PLACES, PRIORITY_MAX, WHOLE_WEEK, type Draft } from "./draft";
import type { ErrorOf } from "./RulePage";

interface FieldsProps {
  draft: Draft;
  edit: (change: Partial<Draft>) => void;
  errorOf: ErrorOf;
}

export function PlaceFields({ draft, edit, errorOf }: FieldsProps) {
  const { t } = useTranslation(["replies", "common"]);
  const id = useId();
  const { communities } = useSession();
  const { groups, loading } = useGroups(undefined);
  const { hours } = draft;
  const named = (name: string) => communities.find(({ id: one }) => one === name)?.name ?? "";
  const scopeError = errorOf("community_ids") ?? errorOf("group_ids");
  const timeError = errorOf("hours.end") ?? errorOf("hours.days") ?? errorOf("hours.begin");
  return (
    <section className="ht-card ht-stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("form.when")}</h2>
      <fieldset>
        <legend className="ht-field-label">{t("form.place")}</legend>
        <Radio.Group value={draft.place} options={PLACES.map((value) => ({ value, label: t(`place.${value}`) }))} onChange={(event) => { edit({ place: event.target.value as Draft["place"] }); }} />
      </fieldset>
      <div className="ht-reply-pair">
        <div>
          <label htmlFor={`${id}-communities`} className="ht-field-label">{t("form.communities")}</label>
          <Select
            id={`${id}-communities`}
            className="ht-wide"
            mode="multiple"
            allowClear
            value={draft.community_ids}
            placeholder={t("form.everywhere")}
            showSearch={{ optionFilterProp: "label" }}
            options={communities.map(({ id: value, name }) => ({ value, label: plainText(name) }))}
            onChange={(community_ids) => { edit({ community_ids }); }}
          />
        </div>
        <div>
          <label htmlFor={`${id}-groups`} className="ht-field-label">{t("form.groups")}</label>
          <Select
            id={`${id}-groups`}
            className="ht-wide"
            mode="multiple"
            allowClear
            loading={loading}
            value={draft.group_ids}
            placeholder={t("form.everywhere")}
            showSearch={{ optionFilterProp: "label" }}
            options={groups.map((group) => ({ value: group.id, label: plainText(communities.length > 1 ? `${named(group.community_id)} / ${group.name}` : group.name) }))}
            onChange={(group_ids) => { edit({ group_ids }); }}
          />
        </div>
      </div>
      {scopeError ? <p className="ht-field-error">{scopeError}</p> : null}
      <Checkbox checked={draft.needs_mention} disabled={draft.place === "private"} onChange={(event) => { edit({ needs_mention: event.target.checked }); }}>{t("form.mention")}</Checkbox>
      <div>
        <span className="ht-reply-switch">
          <Switch
            id={`${id}-hours`}
            size="small"
            checked={hours !== null}
            onChange={(on) => { edit({ hours: on ? { begin: "09:00", end: "18:00", days: WHOLE_WEEK } : null }); }}
          />
          <label htmlFor={`${id}-hours`}>{t("form.hours")}</label>
        </span>
        {hours === null ? null : (
          <div className="ht-reply-hours">
            <span>
              <Input type="time" aria-label={t("form.begin")} value={hours.begin} onChange={(event) => { edit({ hours: { ...hours, begin: event.target.value } }); }} />
              <span aria-hidden>–</span>
              <Input type="time" aria-label={t("form.end")} value={hours.end} onChange={(event) => { edit({ hours: { ...hours, end: event.target.value } }); }} />
            </span>
            <Checkbox.Group
              aria-label={t("form.days")}
              value={hours.days}
              options={WHOLE_WEEK.map((value) => ({ value, label: t(`day.${value as 0}`) }))}
              onChange={(days) => { edit({ hours: { ...hours, days } }); }}
            />
            <p className="ht-secondary">{t("form.hoursHint")}</p>
            {timeError ? <p className="ht-field-error">{timeError}</p> : null}
          </div>
        )}
      </div>
      <div className="ht-reply-numbers">
        {(["group_cooldown_seconds", "member_cooldown_seconds"] as const).map((key) => (
          <div key={key}>
            <label htmlFor={`${id}-${key}`} className="ht-field-label">{t(`form.${key}`)}</label>
            <InputNumber id={`${id}-${key}`} min={0} max={COOLDOWN_SECONDS_MAX} precision={0} suffix={t("form.seconds")} value={draft[key]} onChange={(value) => { edit({ [key]: value ?? 0 }); }} />
          </div>
        ))}
        <div>
          <label htmlFor={`${id}-priority`} className="ht-field-label">{t("form.priority")}</label>
          <InputNumber id={`${id}-priority`} min={0} max={PRIORITY_MAX} precision={0} value={draft.priority} onChange={(value) => { edit({ priority: value ?? 0 }); }} />
        </div>
      </div>
      <p className="ht-secondary">{t("form.priorityHint")}</p>
    </section>
  );
}
