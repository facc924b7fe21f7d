/** When it goes, how often, and how fast; with the next ten dates of a repeated one. */
import { Checkbox, Input, InputNumber, Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { weekdayNames } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { Select } from "../kit/Select";
import { TimeZoneSelect } from "../kit/TimeZoneSelect";
import { useSettled } from "../segments/preview";
import { BROADCASTS, type Timing } from "./queries";
import { At } from "./StateTag";
import type { StepProps } from "./Wizard";

const KINDS = ["now", "at", "daily", "weekly", "monthly", "cron"] as const;
const LAST_DAY = 32;
const DELAY_MILLISECONDS = 400;
const PER_MINUTE_MAX = 1_000_000;

function Dates({ timing }: { timing: Timing }) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const path = useWorkspacePath();
  const settled = useSettled(timing, DELAY_MILLISECONDS);
  const { data, error } = $api.useQuery("post", `${BROADCASTS}/dates`, { params: { path }, body: { timing: settled } }, { placeholderData: (before) => before, retry: false });
  if (error) return null;
  return (
    <section className="ht-card" aria-label={t("when.dates")}>
      <h3>{t("when.dates")}</h3>
      <ol className="ht-broadcast-dates">
        {(data?.dates ?? []).map((at) => (
          <li key={at}><At at={at} zone={settled.zone} /></li>
        ))}
      </ol>
      {data && data.dates.length === 0 ? <p className="ht-secondary">{t("when.noDates")}</p> : null}
      {data && data.unknown_years.length > 0 ? <p className="ht-notice">{t("when.unknownYears", { years: data.unknown_years.join(", ") })}</p> : null}
    </section>
  );
}

export function TimingStep({ draft, errors, onChange }: StepProps) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const language = useLanguage();
  const id = useId();
  const { timing } = draft;
  const set = (change: Partial<Timing>) => {
    onChange({ timing: { ...timing, ...change } });
  };
  const problem = errors.find(({ field }) => field.includes("timing."))?.message;
  const repeats = timing.kind !== "now" && timing.kind !== "at";
  const days = Array.from({ length: LAST_DAY }, (_, at) => ({ value: at + 1, label: at + 1 === LAST_DAY ? t("when.lastDay") : t("when.day", { day: at + 1 }) }));
  return (
    <div className="ht-broadcast-fields">
      <span id={`${id}-kind`}>{t("when.title")}</span>
      <Radio.Group aria-labelledby={`${id}-kind`} value={timing.kind} options={KINDS.map((value) => ({ value, label: t(`when.kind.${value}`) }))} onChange={(event) => { set({ kind: event.target.value as Timing["kind"] }); }} />
      {timing.kind === "at" ? (
        <>
          <label htmlFor={`${id}-at`}>{t("when.at")}</label>
          <Input id={`${id}-at`} type="datetime-local" value={timing.at} onChange={(event) => { set({ at: event.target.value }); }} />
        </>
      ) : null}
      {timing.kind === "weekly" ? (
        <>
          <span id={`${id}-weekdays`}>{t("when.weekdays")}</span>
          <Checkbox.Group aria-labelledby={`${id}-weekdays`} value={timing.weekdays} options={weekdayNames(language).map((label, at) => ({ value: at + 1, label }))} onChange={(next: number[]) => { set({ weekdays: [...next].sort((a, b) => a - b) }); }} />
        </>
      ) : null}
      {timing.kind === "monthly" ? (
        <>
          <label htmlFor={`${id}-day`}>{t("when.dayOfMonth")}</label>
          <Select id={`${id}-day`} value={timing.day} options={days} onChange={(day: number) => { set({ day }); }} />
        </>
      ) : null}
      {timing.kind === "daily" || timing.kind === "weekly" || timing.kind === "monthly" ? (
        <>
          <label htmlFor={`${id}-time`}>{t("when.time")}</label>
          <Input id={`${id}-time`} type="time" value={timing.time} onChange={(event) => { set({ time: event.target.value }); }} />
        </>
      ) : null}
      {timing.kind === "cron" ? (
        <>
          <label htmlFor={`${id}-cron`}>{t("when.cron")}</label>
          <Input id={`${id}-cron`} value={timing.cron} placeholder="0 9 * * 1-5" maxLength={100} onChange={(event) => { set({ cron: event.target.value }); }} />
          <p className="ht-secondary">{t("when.cronHint")}</p>
        </>
      ) : null}
      {timing.kind === "now" ? null : (
        <>
          <label htmlFor={`${id}-zone`}>{t("when.zone")}</label>
          <TimeZoneSelect id={`${id}-zone`} value={timing.zone} onChange={(zone) => { set({ zone }); }} />
        </>
      )}
      {repeats ? (
        <>
          <Checkbox checked={timing.only_workdays} onChange={(event) => { set({ only_workdays: event.target.checked }); }}>{t("when.onlyWorkdays")}</Checkbox>
          <p className="ht-secondary">{t("when.onlyWorkdaysHint")}</p>
          <Dates timing={timing} />
        </>
      ) : null}
      {problem === undefined ? null : <p className="ht-field-error" role="alert">{problem}</p>}
      <label htmlFor={`${id}-speed`}>{t("speed.title")}</label>
      <InputNumber id={`${id}-speed`} min={1} max={PER_MINUTE_MAX} precision={0} value={draft.per_minute} placeholder={t("speed.any")} onChange={(per_minute) => { onChange({ per_minute }); }} />
      <p className="ht-secondary">{t("speed.hint")}</p>
    </div>
  );
}
