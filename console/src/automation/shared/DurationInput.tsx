/** So long: a number and its unit, held in seconds. */
import { InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { durationOf, secondsOf, UNITS, type Unit } from "./duration";
import type { Control } from "./Labelled";

const EVERYDAY = ["minute", "hour", "day"] as const satisfies readonly Unit[];

interface DurationInputProps extends Partial<Control> {
  /** In seconds; null: nothing said. */
  value: number | null;
  onChange: (seconds: number | null) => void;
  label: string;
  units?: readonly Unit[];
  /** In seconds. */
  most?: number;
  placeholder?: string;
  disabled?: boolean;
}

export function DurationInput({ value, onChange, label, units = EVERYDAY, most, placeholder, disabled = false, status, ...control }: DurationInputProps) {
  const { t } = useTranslation(["automation", "common"]);
  const [chosen, setChosen] = useState<Unit | null>(null);
  const said = value === null ? null : durationOf(value);
  const fits = chosen !== null && (value === null || value % UNITS[chosen] === 0);
  const unit = fits ? chosen : (said?.unit ?? units[0] ?? "minute");
  const number = value === null ? null : value / UNITS[unit];
  return (
    <span className="ht-auto-duration">
      <InputNumber
        {...control}
        {...(status ? { status } : {})}
        aria-label={label}
        min={0}
        {...(most === undefined ? {} : { max: Math.floor(most / UNITS[unit]) })}
        precision={0}
        disabled={disabled}
        placeholder={placeholder ?? ""}
        value={number}
        onChange={(next) => { onChange(next === null ? null : secondsOf({ number: next, unit })); }}
      />
      <Select
        aria-label={t("duration.unitOf", { label })}
        disabled={disabled}
        value={unit}
        options={(units.includes(unit) ? units : [unit, ...units]).map((one) => ({ value: one, label: t(`duration.${one}`) }))}
        onChange={(next: Unit) => {
          setChosen(next);
          if (number !== null) onChange(Math.min(secondsOf({ number, unit: next }), most ?? Infinity));
        }}
      />
    </span>
  );
}
