/** When something is due, once or again and again, and the next dates of it. */
import { Checkbox, Input } from "antd";
import { useTranslation } from "react-i18next";

import { weekdayNames } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { Select } from "../../kit/Select";
import { TimeZoneSelect } from "../../kit/TimeZoneSelect";
import { errorAt, NO_ERRORS, type Errors } from "./errors";
import { Labelled } from "./Labelled";
import { daysOf, LAST_DAY, TIMINGS, withTimingKind, type Timing } from "./trigger";

const MONTHS = 12;
const CRON_LENGTH_MAX = 100;
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

interface TimingFieldsProps {
  value: Timing;
  onChange: (timing: Timing) => void;
  errors?: Errors;
  disabled?: boolean;
}

export function TimingFields({ value, onChange, errors = NO_ERRORS, disabled = false }: TimingFieldsProps) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const set = (change: Partial<Timing>) => { onChange({ ...value, ...change }); };
  const { kind, month = 1 } = value;
  const isYearly = kind === "yearly" || kind === "lunar";
  const monthName = (number: number) => (kind === "lunar" ? t("timing.lunarMonth", { number }) : t("timing.month", { number }));
  const dayName = (number: number) => (number === LAST_DAY ? t("timing.lastDay") : kind === "lunar" ? t("timing.lunarDay", { number }) : t("timing.day", { number }));
  const days = isYearly ? numbers(daysOf(kind, month)) : numbers(LAST_DAY);
  return (
    <>
      <div className="ht-auto-row">
        <Labelled label={t("timing.kind")} error={errorAt(errors, "kind")}>
          {(control) => <Select {...control} disabled={disabled} value={kind} options={TIMINGS.map((one) => ({ value: one, label: t(`timing.kinds.${one}`) }))} onChange={(next: Timing["kind"]) => { onChange(withTimingKind(value, next)); }} />}
        </Labelled>
        {isYearly ? (
          <Labelled label={t("timing.monthOf")} error={errorAt(errors, "month")}>
            {(control) => <Select {...control} disabled={disabled} value={month} options={numbers(MONTHS).map((one) => ({ value: one, label: monthName(one) }))} onChange={(next: number) => { set({ month: next, day: Math.min(value.day, daysOf(kind, next)) }); }} />}
          </Labelled>
        ) : null}
        {kind === "monthly" || isYearly ? (
          <Labelled label={t("timing.dayOf")} error={errorAt(errors, "day")}>
            {(control) => <Select {...control} disabled={disabled} value={value.day} options={days.map((one) => ({ value: one, label: dayName(one) }))} onChange={(day: number) => { set({ day }); }} />}
          </Labelled>
        ) : null}
        {kind === "at" ? (
          <Labelled label={t("timing.at")} error={errorAt(errors, "at")}>
            {({ status, ...control }) => <Input {...control} {...(status ? { status } : {})} disabled={disabled} type="datetime-local" value={value.at} onChange={(event) => { set({ at: event.target.value }); }} />}
          </Labelled>
        ) : null}
        {kind === "at" || kind === "cron" ? null : (
          <Labelled label={t("timing.time")} error={errorAt(errors, "time")}>
            {({ status, ...control }) => <Input {...control} {...(status ? { status } : {})} disabled={disabled} type="time" value={value.time} onChange={(event) => { set({ time: event.target.value }); }} />}
          </Labelled>
        )}
        {kind === "cron" ? (
          <Labelled label={t("timing.cron")} error={errorAt(errors, "cron")} hint={t("timing.cronHint")}>
            {({ status, ...control }) => <Input {...control} {...(status ? { status } : {})} disabled={disabled} value={value.cron} placeholder="0 9 * * 1-5" maxLength={CRON_LENGTH_MAX} onChange={(event) => { set({ cron: event.target.value }); }} />}
          </Labelled>
        ) : null}
        <Labelled label={t("timing.zone")} error={errorAt(errors, "zone")}>
          {({ id }) => <TimeZoneSelect id={id} disabled={disabled} value={value.zone} onChange={(zone) => { set({ zone }); }} />}
        </Labelled>
      </div>
      {kind === "weekly" ? (
        <Labelled label={t("timing.weekdays")} error={errorAt(errors, "weekdays")} group>
          {() => <Checkbox.Group disabled={disabled} value={value.weekdays} options={weekdayNames(language).map((label, at) => ({ value: at + 1, label }))} onChange={(next: number[]) => { set({ weekdays: next.toSorted((a, b) => a - b) }); }} />}
        </Labelled>
      ) : null}
      {kind === "at" ? null : (
        <Checkbox disabled={disabled} checked={value.only_workdays} onChange={(event) => { set({ only_workdays: event.target.checked }); }}>
          {t("timing.onlyWorkdays")} <span className="ht-secondary">{t("timing.onlyWorkdaysHint")}</span>
        </Checkbox>
      )}
    </>
  );
}
