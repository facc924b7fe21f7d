/** One input for each type of attribute. It holds the value as the API takes it, or undefined while there is none. */
import { Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import type { AttributeType } from "./attributeValue";

interface AttributeInputProps {
  type: AttributeType;
  /** The only values there may be, where the attribute has a list of them. */
  options?: readonly string[];
  value?: unknown;
  onChange?: (value: unknown) => void;
  id?: string;
  label: string;
}

const TEXT_LENGTH_MAX = 500;
const ITEMS_MAX = 50;
const ITEM_LENGTH_MAX = 100;
const LEAP_YEAR = 2000;

const twoDigits = (value: number) => String(value).padStart(2, "0");
const daysOf = (month: number) => new Date(Date.UTC(LEAP_YEAR, month, 0)).getUTCDate();
const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A birthday is a day of a year, or of any year. */
function BirthdayInput({ value, onChange, id, label }: Omit<AttributeInputProps, "type">) {
  const { t } = useTranslation(["members", "common"]);
  const given = typeof value === "string" ? value : "";
  const parts = given.split("-");
  const [month = "", day = ""] = parts.slice(-2);
  const year = parts.length === 3 ? Number(parts[0]) : null;
  const write = (next: { year: number | null; month: string; day: string }) => {
    if (!next.month && !next.day && next.year === null) onChange?.(undefined);
    else onChange?.([...(next.year === null ? [] : [String(next.year).padStart(4, "0")]), next.month, next.day].join("-"));
  };
  const parts_of_day = { year, month, day };
  return (
    <span className="ht-birthday" role="group" aria-label={label}>
      <Select
        {...(id ? { id } : {})}
        aria-label={t("birthday.month")}
        placeholder={t("birthday.month")}
        value={month || null}
        options={range(12).map((number) => ({ value: twoDigits(number), label: t("birthday.monthOf", { number }) }))}
        onChange={(next: string) => {
          write({ ...parts_of_day, month: next });
        }}
      />
      <Select
        aria-label={t("birthday.day")}
        placeholder={t("birthday.day")}
        value={day || null}
        options={range(month ? daysOf(Number(month)) : 31).map((number) => ({ value: twoDigits(number), label: t("birthday.dayOf", { number }) }))}
        onChange={(next: string) => {
          write({ ...parts_of_day, day: next });
        }}
      />
      <InputNumber
        aria-label={t("birthday.year")}
        placeholder={t("birthday.yearOptional")}
        min={1900}
        max={new Date().getFullYear()}
        precision={0}
        controls={false}
        value={year}
        onChange={(next) => {
          write({ ...parts_of_day, year: next });
        }}
      />
    </span>
  );
}

export function AttributeInput({ type, options = [], value, onChange, id, label }: AttributeInputProps) {
  const { t } = useTranslation(["members", "common"]);
  const common = { ...(id ? { id } : {}), "aria-label": label };
  const choices = options.map((one) => ({ value: one, label: plainText(one) }));
  if (choices.length > 0 && type === "list")
    return (
      <Select
        {...common}
        className="ht-wide"
        mode="multiple"
        placeholder={t("choose")}
        value={Array.isArray(value) ? value.map(String) : []}
        options={choices}
        onChange={(next: string[]) => onChange?.(next.length > 0 ? next : undefined)}
      />
    );
  if (choices.length > 0)
    return (
      <Select
        {...common}
        className="ht-wide"
        placeholder={t("choose")}
        showSearch={choices.length > 8 ? { optionFilterProp: "label" } : false}
        value={typeof value === "string" ? value : null}
        options={choices}
        onChange={(next: string) => onChange?.(next)}
      />
    );
  switch (type) {
    case "number":
      return <InputNumber {...common} className="ht-wide" value={typeof value === "number" ? value : null} onChange={(next) => onChange?.(next ?? undefined)} />;
    case "boolean":
      return (
        <Select
          {...common}
          className="ht-wide"
          placeholder={t("choose")}
          value={typeof value === "boolean" ? (value ? "yes" : "no") : null}
          options={[
            { value: "yes", label: t("yes") },
            { value: "no", label: t("no") },
          ]}
          onChange={(next: string) => onChange?.(next === "yes")}
        />
      );
    case "date":
      return (
        <input
          {...common}
          type="date"
          className="ht-date-input"
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange?.(event.target.value || undefined)}
        />
      );
    case "birthday":
      return <BirthdayInput value={value} label={label} {...(onChange ? { onChange } : {})} {...(id ? { id } : {})} />;
    case "list":
      return (
        <Select
          {...common}
          className="ht-wide"
          mode="tags"
          open={false}
          suffix={null}
          maxCount={ITEMS_MAX}
          tokenSeparators={[",", "，", "、", ";", "；"]}
          placeholder={t("attribute.listHint")}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(next: string[]) => onChange?.(next.length > 0 ? next.map((item) => item.slice(0, ITEM_LENGTH_MAX)) : undefined)}
        />
      );
    case "text":
      return (
        <Input.TextArea
          {...common}
          autoSize={{ minRows: 1, maxRows: 6 }}
          maxLength={TEXT_LENGTH_MAX}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange?.(event.target.value || undefined)}
        />
      );
  }
}
