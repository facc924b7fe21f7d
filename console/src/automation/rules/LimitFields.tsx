/** How often a rule acts for one person, when, and before which others. */
import { Checkbox, InputNumber, Switch } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { DurationInput } from "../shared/DurationInput";
import { errorAt, under, type Errors } from "../shared/errors";
import { HoursFields } from "../shared/HoursFields";
import { Labelled } from "../shared/Labelled";
import { CAP_DAYS_MAX, CAP_TIMES_MAX, COOLDOWN_SECONDS_MAX, PRIORITY_MAX, type Draft } from "./draft";

const DAY_SECONDS = 86_400;
const ANYWHERE = "";

interface LimitFieldsProps {
  draft: Draft;
  edit: (change: Partial<Draft>) => void;
  errors: Errors;
  disabled: boolean;
}

export function LimitFields({ draft, edit, errors, disabled }: LimitFieldsProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { communities } = useSession();
  const id = useId();
  const { cooldown_seconds, cap_times, cap_days } = draft;
  const capError = errorAt(errors, "cap_times") ?? errorAt(errors, "cap_days");
  return (
    <div className="ht-auto-form">
      {communities.length > 1 || draft.community_id !== null ? (
        <Labelled label={t("limit.community")} error={errorAt(errors, "community_id")}>
          {(control) => (
            <Select
              {...control}
              className="ht-wide"
              disabled={disabled}
              value={draft.community_id ?? ANYWHERE}
              options={[{ value: ANYWHERE, label: t("limit.anywhere") }, ...communities.map((one) => ({ value: one.id, label: plainText(one.name) }))]}
              onChange={(next: string) => { edit({ community_id: next === ANYWHERE ? null : next }); }}
            />
          )}
        </Labelled>
      ) : null}
      <div>
        <span className="ht-auto-switch">
          <Switch id={`${id}-cooldown`} size="small" disabled={disabled} checked={cooldown_seconds > 0} onChange={(on) => { edit({ cooldown_seconds: on ? DAY_SECONDS : 0 }); }} />
          <label htmlFor={`${id}-cooldown`}>{t("limit.cooldown")}</label>
        </span>
        {cooldown_seconds > 0 ? (
          <div className="ht-rule-inline">
            <DurationInput label={t("limit.cooldown")} disabled={disabled} value={cooldown_seconds} most={COOLDOWN_SECONDS_MAX} onChange={(seconds) => { edit({ cooldown_seconds: seconds ?? 0 }); }} />
          </div>
        ) : null}
        {errorAt(errors, "cooldown_seconds") ? <p className="ht-field-error">{errorAt(errors, "cooldown_seconds")}</p> : null}
      </div>
      <div>
        <span className="ht-auto-switch">
          <Switch id={`${id}-cap`} size="small" disabled={disabled} checked={cap_times > 0} onChange={(on) => { edit(on ? { cap_times: 1, cap_days: 0 } : { cap_times: 0, cap_days: 0 }); }} />
          <label htmlFor={`${id}-cap`}>{t("limit.cap")}</label>
        </span>
        {cap_times > 0 ? (
          <div className="ht-rule-inline">
            <InputNumber aria-label={t("limit.times")} min={1} max={CAP_TIMES_MAX} precision={0} suffix={t("limit.timesUnit")} disabled={disabled} value={cap_times} onChange={(value) => { edit({ cap_times: value ?? 1 }); }} />
            <Select aria-label={t("limit.span")} disabled={disabled} value={cap_days === 0 ? "ever" : "days"} options={[{ value: "ever", label: t("limit.ever") }, { value: "days", label: t("limit.inDays") }]} onChange={(next: string) => { edit({ cap_days: next === "ever" ? 0 : 30 }); }} />
            {cap_days > 0 ? <InputNumber aria-label={t("limit.days")} min={1} max={CAP_DAYS_MAX} precision={0} suffix={t("date.day")} disabled={disabled} value={cap_days} onChange={(value) => { edit({ cap_days: value ?? 1 }); }} /> : null}
          </div>
        ) : null}
        {capError ? <p className="ht-field-error">{capError}</p> : null}
      </div>
      <HoursFields value={draft.hours ?? null} disabled={disabled} errors={under(errors, "hours")} onChange={(hours) => { edit({ hours }); }} />
      <div className="ht-rule-order">
        <Labelled label={t("limit.priority")} hint={t("limit.priorityHint")} error={errorAt(errors, "priority")}>
          {({ status, ...control }) => <InputNumber {...control} {...(status ? { status } : {})} min={-PRIORITY_MAX} max={PRIORITY_MAX} precision={0} disabled={disabled} value={draft.priority} onChange={(value) => { edit({ priority: value ?? 0 }); }} />}
        </Labelled>
        <Checkbox checked={draft.is_last} disabled={disabled} onChange={(event) => { edit({ is_last: event.target.checked }); }}>{t("limit.isLast")}</Checkbox>
      </div>
    </div>
  );
}
