/** When something acts: days of the week and hours of the day, on the member's clock; outside of them it is left out, or waits. */
import { Checkbox, Input, Radio, Switch } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { weekdayNames } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { errorAt, errorIn, NO_ERRORS, type Errors } from "./errors";
import type { Hours } from "./types";
import "./shared.css";

const WHOLE_WEEK = [1, 2, 3, 4, 5, 6, 7];
const DAYTIME: Hours = { days: WHOLE_WEEK, from: "09:00", to: "21:00", otherwise: "wait" };

interface HoursFieldsProps {
  /** null: at any time. */
  value: Hours | null;
  onChange: (hours: Hours | null) => void;
  errors?: Errors;
  disabled?: boolean;
  label?: string;
  /** Whether there is a choice between leaving out and waiting. */
  choosesOtherwise?: boolean;
}

export function HoursFields({ value, onChange, errors = NO_ERRORS, disabled = false, label, choosesOtherwise = true }: HoursFieldsProps) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const id = useId();
  const wrong = errorAt(errors, "") ?? errorAt(errors, "from") ?? errorAt(errors, "to") ?? errorIn(errors, "days") ?? errorAt(errors, "otherwise");
  return (
    <div className="ht-auto-form">
      <span className="ht-auto-switch">
        <Switch id={`${id}-on`} size="small" disabled={disabled} checked={value !== null} onChange={(on) => { onChange(on ? DAYTIME : null); }} />
        <label htmlFor={`${id}-on`}>{label ?? t("hours.only")}</label>
      </span>
      {value === null ? null : (
        <>
          <span className="ht-auto-times">
            <Input type="time" disabled={disabled} aria-label={t("hours.from")} value={value.from} onChange={(event) => { onChange({ ...value, from: event.target.value }); }} />
            <span aria-hidden>–</span>
            <Input type="time" disabled={disabled} aria-label={t("hours.to")} value={value.to} onChange={(event) => { onChange({ ...value, to: event.target.value }); }} />
          </span>
          <Checkbox.Group aria-label={t("hours.days")} disabled={disabled} value={value.days} options={weekdayNames(language).map((name, at) => ({ value: at + 1, label: name }))} onChange={(days: number[]) => { onChange({ ...value, days: days.toSorted((a, b) => a - b) }); }} />
          {choosesOtherwise ? (
            <Radio.Group aria-label={t("hours.otherwise")} disabled={disabled} value={value.otherwise} options={(["wait", "skip"] as const).map((one) => ({ value: one, label: t(`hours.otherwises.${one}`) }))} onChange={(event) => { onChange({ ...value, otherwise: event.target.value as Hours["otherwise"] }); }} />
          ) : null}
          <p className="ht-secondary ht-auto-hint">{t("hours.hint")}</p>
        </>
      )}
      {wrong ? <p className="ht-field-error">{wrong}</p> : null}
    </div>
  );
}
