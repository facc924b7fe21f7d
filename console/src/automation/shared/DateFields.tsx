/** A day that an attribute names, so many days before or after it, at a time on the clock of the member's community. */
import { Checkbox, Input, InputNumber, Radio } from "antd";
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { matches, searchText } from "../../segments/editor/search";
import type { Words } from "../../segments/editor/vocabulary";
import { plainText } from "../../kit/safeText";
import { useLanguage } from "../../i18n/useLanguage";
import { errorAt, NO_ERRORS, type Errors } from "./errors";
import { Labelled } from "./Labelled";
import { OFFSET_DAYS_MAX, type DateOf } from "./trigger";

const DATE_TYPES: readonly string[] = ["date", "birthday"];

interface DateFieldsProps<Of extends DateOf> {
  words: Words;
  value: Of;
  onChange: (value: Of) => void;
  errors?: Errors;
  disabled?: boolean;
}

export function DateFields<Of extends DateOf>({ words, value, onChange, errors = NO_ERRORS, disabled = false }: DateFieldsProps<Of>) {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const set = (change: Partial<DateOf>) => { onChange({ ...value, ...change }); };
  const { attribute, offset_days = 0, time = "09:00", calendar = "solar", yearly = false } = value;
  const dates = words.vocabulary.attributes.filter(({ type }) => DATE_TYPES.includes(type));
  const type = dates.find(({ key }) => key === attribute)?.type;
  const side = offset_days === 0 ? "on" : offset_days < 0 ? "before" : "after";
  const options = dates.map((one) => ({ value: one.key, label: plainText(one[language]), search: searchText(one.zh, one.en, one.key) }));
  if (attribute !== "" && type === undefined) options.unshift({ value: attribute, label: plainText(attribute), search: attribute });
  return (
    <>
      <Labelled label={t("date.attribute")} error={errorAt(errors, "attribute")}>
        {(control) => (
          <Select
            {...control}
            className="ht-wide"
            disabled={disabled}
            placeholder={t("date.attributeHint")}
            value={attribute === "" ? null : attribute}
            options={options}
            notFoundContent={t("date.none")}
            showSearch={{ filterOption: (typed, option) => option !== undefined && matches(option.search, typed) }}
            onChange={(next: string | null) => { if (next !== null) set({ attribute: next }); }}
          />
        )}
      </Labelled>
      <div className="ht-auto-row">
        <Labelled label={t("date.side")} error={errorAt(errors, "offset_days")} group>
          {() => (
            <span className="ht-auto-offset">
              <Select
                aria-label={t("date.side")}
                disabled={disabled}
                value={side}
                options={(["before", "on", "after"] as const).map((one) => ({ value: one, label: t(`date.sides.${one}`) }))}
                onChange={(next: typeof side) => { set({ offset_days: next === "on" ? 0 : (Math.abs(offset_days) || 1) * (next === "before" ? -1 : 1) }); }}
              />
              {side === "on" ? null : (
                <InputNumber
                  aria-label={t("date.days")}
                  disabled={disabled}
                  min={1}
                  max={OFFSET_DAYS_MAX}
                  precision={0}
                  suffix={t("date.day")}
                  value={Math.abs(offset_days)}
                  onChange={(days) => { set({ offset_days: (days ?? 1) * (side === "before" ? -1 : 1) }); }}
                />
              )}
            </span>
          )}
        </Labelled>
        <Labelled label={t("date.time")} error={errorAt(errors, "time")}>
          {({ status, ...control }) => <Input {...control} {...(status ? { status } : {})} type="time" disabled={disabled} value={time} onChange={(event) => { set({ time: event.target.value }); }} />}
        </Labelled>
      </div>
      <Labelled label={t("date.calendar")} group hint={t("date.clock")}>
        {() => <Radio.Group disabled={disabled} value={calendar} options={(["solar", "lunar"] as const).map((one) => ({ value: one, label: t(`date.calendars.${one}`) }))} onChange={(event) => { set({ calendar: event.target.value as "solar" | "lunar" }); }} />}
      </Labelled>
      {type === "birthday" ? null : (
        <Checkbox disabled={disabled} checked={yearly} onChange={(event) => { set({ yearly: event.target.checked }); }}>{t("date.yearly")}</Checkbox>
      )}
    </>
  );
}
