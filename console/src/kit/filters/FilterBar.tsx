/** Filters with their labels inside; the values live in the address of the page (see schema.ts). */
import { FilterOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { usePhone } from "../../design/useMedia";
import { Select } from "../Select";
import { DaysFilter } from "./DaysFilter";
import { filtersInUse, type DayRange, type Filters, type FilterValues } from "./schema";

export interface Option {
  value: string;
  label: string;
}

export interface FilterField {
  label: string;
  /** Names of the options of `oneOf`, `oneId` and `manyOf`. */
  options?: readonly Option[];
  loading?: boolean;
  /** What "no choice" means for dates; null: any time. */
  defaultDays?: number | null;
}

interface FilterBarProps<F extends Filters> {
  filters: F;
  fields: { [Key in keyof F]: FilterField };
  values: FilterValues<F>;
  onChange: (values: FilterValues<F>) => void;
  /** Beside the filters: the count of what was found. */
  children?: React.ReactNode;
}

const SEARCH_DELAY_MILLISECONDS = 300;
// More than these would push the list off a phone: they wait behind a button.
const PHONE_SHOWN_MAX = 4;

function TextFilter(props: { label: string; value: string; length_max: number; onChange: (value: string) => void }) {
  const { label, value, length_max, onChange } = props;
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<number | undefined>(undefined);
  const composing = useRef(false);
  // The address changed elsewhere (Back, "clear"): show that.
  if (value !== known) {
    setKnown(value);
    if (value !== typed.trim()) setTyped(value);
  }
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
    },
    [],
  );
  const send = (next: string, delay_milliseconds: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      onChange(next.trim());
    }, delay_milliseconds);
  };
  return (
    <Input
      className="ht-filter-text"
      prefix={<SearchOutlined aria-hidden />}
      placeholder={label}
      aria-label={label}
      maxLength={length_max}
      allowClear
      value={typed}
      onCompositionStart={() => {
        composing.current = true; // half-typed pinyin is no search
      }}
      onCompositionEnd={(event) => {
        composing.current = false;
        send(event.currentTarget.value, SEARCH_DELAY_MILLISECONDS);
      }}
      onChange={(event) => {
        setTyped(event.target.value);
        if (!composing.current) send(event.target.value, SEARCH_DELAY_MILLISECONDS);
      }}
      onPressEnter={() => {
        if (!composing.current) send(typed, 0);
      }}
    />
  );
}

export function FilterBar<F extends Filters>({ filters, fields, values, onChange, children }: FilterBarProps<F>) {
  const { t } = useTranslation(["kit", "common"]);
  const phone = usePhone();
  const [opened, setOpened] = useState(false);
  const all = Object.entries(filters);
  const folds = phone && all.length > PHONE_SHOWN_MAX;
  const inUse = filtersInUse(values);
  const folded = folds && !opened ? all.filter(([, { shape }]) => shape.kind !== "text") : [];
  const foldedInUse = folded.filter(([key]) => values[key as keyof F] !== undefined).length;
  const set = (key: string, value: unknown) => {
    const next: Record<string, unknown> = { ...values };
    if (value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)) {
      Reflect.deleteProperty(next, key);
    } else next[key] = value;
    onChange(next as FilterValues<F>);
  };
  return (
    <div className="ht-filters" role="search" aria-label={t("filters.label")}>
      {all.filter((entry) => !folded.includes(entry)).map(([key, { shape }]) => {
        const field: FilterField = fields[key as keyof F];
        const value = values[key as keyof F] as unknown;
        const named = <span className="ht-filter-label">{field.label}</span>;
        switch (shape.kind) {
          case "text":
            return (
              <TextFilter
                key={key}
                label={field.label}
                length_max={shape.length_max}
                value={typeof value === "string" ? value : ""}
                onChange={(next) => {
                  set(key, next);
                }}
              />
            );
          case "one":
          case "many":
            return (
              <Select
                key={key}
                className="ht-filter-select"
                prefix={named}
                aria-label={field.label}
                mode={shape.kind === "many" ? "multiple" : undefined}
                maxTagCount="responsive"
                placeholder={t("filters.any")}
                allowClear
                showSearch={(field.options?.length ?? 0) > 8 ? { optionFilterProp: "label" } : false}
                loading={field.loading ?? false}
                popupMatchSelectWidth={false}
                options={(field.options ?? []).map(({ value: id, label }) => ({ value: id, label }))}
                value={value as string | string[] | undefined}
                onChange={(next: string | string[] | undefined) => {
                  set(key, next);
                }}
              />
            );
          case "yesNo":
            return (
              <Select
                key={key}
                className="ht-filter-select"
                prefix={named}
                aria-label={field.label}
                placeholder={t("filters.any")}
                allowClear
                popupMatchSelectWidth={false}
                options={[
                  { value: "yes", label: t("filters.yes") },
                  { value: "no", label: t("filters.no") },
                ]}
                value={value === undefined ? undefined : value ? "yes" : "no"}
                onChange={(next: string | undefined) => {
                  set(key, next === undefined ? undefined : next === "yes");
                }}
              />
            );
          case "days":
            return (
              <DaysFilter
                key={key}
                label={field.label}
                defaultDays={field.defaultDays === undefined ? 30 : field.defaultDays}
                value={value as DayRange | undefined}
                onChange={(next) => {
                  set(key, next);
                }}
              />
            );
        }
      })}
      {folds ? (
        <Button
          icon={<FilterOutlined aria-hidden />}
          aria-expanded={opened}
          onClick={() => {
            setOpened(!opened);
          }}
        >
          {opened ? t("filters.fold") : foldedInUse > 0 ? t("filters.unfoldInUse", { count: foldedInUse }) : t("filters.unfold")}
        </Button>
      ) : null}
      {inUse > 0 ? (
        <Button
          type="link"
          onClick={() => {
            onChange({});
          }}
        >
          {t("filters.clear")}
        </Button>
      ) : null}
      {children ? <div className="ht-filters-count">{children}</div> : null}
    </div>
  );
}
