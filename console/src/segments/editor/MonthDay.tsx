/** A day of any year: month and day, without a year. While only one is chosen the other is empty: `05-`. */
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { useEditing } from "./context";
import { Part } from "./Part";

const LEAP_YEAR = 2000;
const twoDigits = (value: number) => String(value).padStart(2, "0");
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const daysOf = (month: string) => (month === "" ? 31 : new Date(Date.UTC(LEAP_YEAR, Number(month), 0)).getUTCDate());

interface MonthDayProps {
  at: string;
  label: string;
  value: unknown;
  onChange: (value: unknown, typed: boolean) => void;
}

export function MonthDay({ at, label, value, onChange }: MonthDayProps) {
  const { t } = useTranslation(["members", "common"]);
  const { disabled } = useEditing();
  const [month = "", day = ""] = typeof value === "string" ? value.split("-") : [];
  const write = (nextMonth: string, nextDay: string) => {
    // 31 May becomes 30 June, not an error.
    const most = daysOf(nextMonth);
    onChange(`${nextMonth}-${nextDay !== "" && Number(nextDay) > most ? twoDigits(most) : nextDay}`, false);
  };
  return (
    <>
      <Part at={at} label={`${label} ${t("birthday.month")}`}>
        {(control) => (
          <Select
            {...control}
            className="ht-ce-month"
            disabled={disabled}
            placeholder={t("birthday.month")}
            value={month === "" ? null : month}
            options={upTo(12).map((number) => ({ value: twoDigits(number), label: t("birthday.monthOf", { number }) }))}
            onChange={(next: string | null) => {
              write(next ?? "", day);
            }}
          />
        )}
      </Part>
      <Part at={at} label={`${label} ${t("birthday.day")}`}>
        {(control) => (
          <Select
            {...control}
            className="ht-ce-month"
            disabled={disabled}
            placeholder={t("birthday.day")}
            value={day === "" ? null : day}
            options={upTo(daysOf(month)).map((number) => ({ value: twoDigits(number), label: t("birthday.dayOf", { number }) }))}
            onChange={(next: string | null) => {
              write(month, next ?? "");
            }}
          />
        )}
      </Part>
    </>
  );
}
