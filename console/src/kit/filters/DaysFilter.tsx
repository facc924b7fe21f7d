/** A range of local days: a few usual ones by name, or two days of one's own. */
import { Button, Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { formatDay } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { Select } from "../Select";
import { readRange, type DayRange } from "./schema";

const USUAL_DAYS = [7, 30, 90, 180, 365] as const;
const CUSTOM = "custom";

interface DaysFilterProps {
  label: string;
  /** What "no choice" means; null: any time. */
  defaultDays: number | null;
  value: DayRange | undefined;
  onChange: (value: DayRange | undefined) => void;
}

/** The two date fields of a range of one's own. */
export function CustomDays(props: { value: DayRange | undefined; onApply: (from: string, to: string) => void }) {
  const { t } = useTranslation(["kit", "common"]);
  const range = props.value && readRange(props.value);
  const fixed = range && "from" in range ? range : undefined;
  const [from, setFrom] = useState(fixed?.from ?? "");
  const [to, setTo] = useState(fixed?.to ?? "");
  return (
    <form
      className="ht-days-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onApply(from, to);
      }}
    >
      {/* The browser's own date fields: they work by keyboard and are the best ones on a phone. */}
      <label>
        {t("filters.from")}
        <input
          type="date"
          className="ht-date-input"
          required
          value={from}
          {...(to ? { max: to } : {})}
          onChange={(event) => {
            setFrom(event.target.value);
          }}
        />
      </label>
      <label>
        {t("filters.to")}
        <input
          type="date"
          className="ht-date-input"
          required
          value={to}
          {...(from ? { min: from } : {})}
          onChange={(event) => {
            setTo(event.target.value);
          }}
        />
      </label>
      <Button type="primary" htmlType="submit" disabled={!from || !to || from > to}>
        {t("filters.apply")}
      </Button>
    </form>
  );
}

export function DaysFilter({ label, defaultDays, value, onChange }: DaysFilterProps) {
  const { t } = useTranslation(["kit", "common"]);
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const range = value && readRange(value);
  const fixed = range && "from" in range ? range : undefined;
  const chosenDays = range && "days" in range ? range.days : defaultDays;
  const usual = [...new Set([...USUAL_DAYS, defaultDays, chosenDays])].filter((count) => count !== null).sort((a, b) => a - b);
  const options = [
    ...usual.map((count) => ({ value: String(count), label: t("filters.lastDays", { days: count }) })),
    {
      value: CUSTOM,
      label: fixed ? `${formatDay(fixed.from, language)} – ${formatDay(fixed.to, language)}` : t("filters.custom"),
    },
  ];
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        if (!next) setOpen(false);
      }}
      trigger="click"
      placement="bottomLeft"
      destroyOnHidden
      content={
        <CustomDays
          value={value}
          onApply={(from, to) => {
            setOpen(false);
            onChange(`${from}..${to}`);
          }}
        />
      }
    >
      <Select
        className="ht-filter-select"
        prefix={<span className="ht-filter-label">{label}</span>}
        aria-label={label}
        popupMatchSelectWidth={false}
        options={options}
        placeholder={t("filters.any")}
        allowClear={defaultDays === null}
        onClear={() => {
          onChange(undefined);
        }}
        value={fixed ? CUSTOM : chosenDays === null ? null : String(chosenDays)}
        onSelect={(next: string) => {
          if (next === CUSTOM) setOpen(true);
          else onChange(Number(next) === defaultDays ? undefined : `${Number(next)}d`);
        }}
      />
    </Popover>
  );
}
