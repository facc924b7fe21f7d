/** The value of a test: an input fit for its type and operator, with real values to choose from. */
import { InputNumber } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatCount } from "../../format/numbers";
import { AutoComplete } from "../../kit/AutoComplete";
import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { CHANNELS, useChannelName } from "../../members/channels";
import { useEditing, type ValuesOf } from "./context";
import { endsOf, valueShape, type Test, type ValueType } from "./language";
import { MonthDay } from "./MonthDay";
import { Part } from "./Part";
import { useRealValues } from "./values";

interface ValueInputProps {
  at: string;
  type: ValueType;
  test: Test;
  onChange: (value: unknown, typed: boolean) => void;
  /** Whose real values are offered; null: none are known. */
  of: ValuesOf | null;
  /** Those an attribute is limited to. */
  options?: readonly string[];
  /** A whole number, of times unless another unit is said. */
  times?: boolean;
  unit?: string;
}

const TEXT_LENGTH_MAX = 500;
const SEPARATORS = [",", "，", "、", ";", "；", "\n"];

/** Channels are kept by id and have names. */
const isChannel = (of: ValuesOf | null) => of !== null && ("attribute" in of ? of.attribute === "$channels" : of.property === "$channel");

const isStage = (of: ValuesOf | null) => of !== null && "attribute" in of && of.attribute.startsWith("life.");

/** Their values are words of ours: chosen by name, never typed. */
const isCoded = (of: ValuesOf | null) => isChannel(of) || isStage(of);

function useOptions(of: ValuesOf | null, typed: string, wanted: boolean, given: readonly string[]) {
  const { found, isFetching } = useRealValues(of, typed, wanted);
  const channelName = useChannelName();
  const { t } = useTranslation(["segments", "lifecycle"]);
  // Channels and stages are kept by a word of ours.
  const stageName = (value: string) => t(`lifecycle:stage.${value}`, { defaultValue: plainText(value) });
  const named = isChannel(of) ? channelName : isStage(of) ? stageName : plainText;
  const fixed = isChannel(of) ? CHANNELS : given;
  const counts = new Map(found.map(({ value, count }) => [String(value), count]));
  const known = [...counts.keys(), ...fixed.filter((one) => !counts.has(one))];
  const options = known.map((value) => {
    const count = counts.get(value);
    return {
      value,
      title: named(value),
      label: (
        <span className="ht-ce-found">
          <bdi>{named(value)}</bdi>
          {count === undefined ? null : <span className="ht-secondary">{formatCount(count)}</span>}
        </span>
      ),
    };
  });
  return { options, isFetching };
}

function TextInput({ at, value, onChange, of, fixed }: { at: string; value: unknown; onChange: (value: unknown) => void; of: ValuesOf | null; fixed: readonly string[] }) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled } = useEditing();
  const [wanted, setWanted] = useState(false);
  const text = typeof value === "string" ? value : "";
  const { options } = useOptions(of, text, wanted, fixed);
  if (isCoded(of)) {
    return (
      <Part at={at} label={t("editor.value")} className="ht-ce-value">
        {(control) => (
          <Select
            {...control}
            disabled={disabled}
            value={text === "" ? undefined : text}
            options={options}
            optionLabelProp="title"
            placeholder={t("editor.valueChoose")}
            popupMatchSelectWidth={false}
            showSearch={{ optionFilterProp: "title" }}
            onFocus={() => {
              setWanted(true);
            }}
            onChange={onChange}
          />
        )}
      </Part>
    );
  }
  const shown = options.filter(({ value: one }) => one.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <Part at={at} label={t("editor.value")} className="ht-ce-value">
      {(control) => (
        <AutoComplete
          {...control}
          disabled={disabled}
          value={text}
          maxLength={TEXT_LENGTH_MAX}
          placeholder={t("editor.valueHint")}
          options={shown}
          popupMatchSelectWidth={false}
          defaultActiveFirstOption={false}
          onFocus={() => {
            setWanted(true);
          }}
          onChange={(next) => {
            onChange(next === "" ? undefined : next);
          }}
        />
      )}
    </Part>
  );
}

function SeveralInput({ at, value, onChange, of, fixed }: { at: string; value: unknown; onChange: (value: unknown) => void; of: ValuesOf | null; fixed: readonly string[] }) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled, words } = useEditing();
  const [wanted, setWanted] = useState(false);
  const [typed, setTyped] = useState("");
  const { options, isFetching } = useOptions(of, typed, wanted, fixed);
  return (
    <Part at={at} label={t("editor.values")} className="ht-ce-values">
      {(control) => (
        <Select<string[]>
          {...control}
          mode="tags"
          disabled={disabled}
          className="ht-wide"
          value={Array.isArray(value) ? value.map(String) : []}
          maxCount={words.vocabulary.limits.values}
          tokenSeparators={SEPARATORS}
          placeholder={t("editor.valuesHint")}
          options={options}
          optionLabelProp="title"
          loading={isFetching && wanted}
          popupMatchSelectWidth={false}
          showSearch={{ onSearch: setTyped }}
          notFoundContent={null}
          onFocus={() => {
            setWanted(true);
          }}
          onChange={(next) => {
            setTyped("");
            const kept = next.map((one) => one.trim().slice(0, TEXT_LENGTH_MAX)).filter((one) => one !== "");
            onChange(kept.length === 0 ? undefined : kept);
          }}
        />
      )}
    </Part>
  );
}

interface OneProps {
  at: string;
  label: string;
  value: unknown;
  onChange: (value: unknown, typed: boolean) => void;
  suffix?: string | undefined;
  whole?: boolean;
  least?: number;
  most?: number;
}

function NumberInput({ at, label, value, onChange, suffix, whole = false, least, most }: OneProps) {
  const { disabled } = useEditing();
  return (
    <Part at={at} label={suffix ? `${label} (${suffix})` : label} className="ht-ce-number">
      {({ status, ...control }) => (
        <InputNumber
          {...control}
          {...(status ? { status } : {})}
          disabled={disabled}
          controls={false}
          {...(whole ? { precision: 0 } : {})}
          {...(least === undefined ? {} : { min: least })}
          {...(most === undefined ? {} : { max: most })}
          {...(suffix ? { suffix } : {})}
          value={typeof value === "number" ? value : null}
          onChange={(next) => {
            onChange(next ?? undefined, true);
          }}
        />
      )}
    </Part>
  );
}

export function DayInput({ at, label, value, onChange }: OneProps) {
  const { disabled } = useEditing();
  return (
    <Part at={at} label={label}>
      {({ status, ...control }) => (
        <input
          {...control}
          type="date"
          disabled={disabled}
          className={status ? "ht-date-input ht-ce-wrong" : "ht-date-input"}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => {
            onChange(event.target.value === "" ? undefined : event.target.value, true);
          }}
        />
      )}
    </Part>
  );
}

export function DaysInput({ at, value, onChange }: Omit<OneProps, "label">) {
  const { t } = useTranslation(["segments", "common"]);
  const { words } = useEditing();
  return <NumberInput at={at} label={t("editor.days")} value={value} onChange={onChange} suffix={t("editor.day")} whole least={1} most={words.vocabulary.limits.days} />;
}

function YesNo({ at, value, onChange }: { at: string; value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled } = useEditing();
  return (
    <Part at={at} label={t("editor.value")}>
      {(control) => (
        <Select
          {...control}
          disabled={disabled}
          value={typeof value === "boolean" ? (value ? "yes" : "no") : null}
          placeholder={t("editor.choose")}
          options={[
            { value: "yes", label: t("editor.yes") },
            { value: "no", label: t("editor.no") },
          ]}
          onChange={(next: string | null) => {
            onChange(next === "yes");
          }}
        />
      )}
    </Part>
  );
}

export function ValueInput({ at, type, test, onChange, of, options = [], times = false, unit: said }: ValueInputProps) {
  const { t } = useTranslation(["segments", "common"]);
  const { words } = useEditing();
  const { value } = test;
  const shape = valueShape(type, test.op);
  const one = (place: string, label: string, given: unknown, change: OneProps["onChange"], suffix?: string): ReactNode => {
    if (type === "number") return <NumberInput at={place} label={label} value={given} onChange={change} suffix={suffix} {...(times ? { whole: true, least: 0, most: words.vocabulary.limits.times } : {})} />;
    if (type === "birthday") return <MonthDay at={place} label={label} value={given} onChange={change} />;
    return <DayInput at={place} label={label} value={given} onChange={change} />;
  };
  const unit = said ?? (times ? t("editor.times") : undefined);
  switch (shape) {
    case "none":
      return null;
    case "days":
      return <DaysInput at={at} value={value} onChange={onChange} />;
    case "several":
      return (
        <SeveralInput
          at={at}
          value={value}
          of={of}
          fixed={options}
          onChange={(next) => {
            onChange(next, false);
          }}
        />
      );
    case "range": {
      const [low, high] = endsOf(value);
      return (
        <span className="ht-ce-range" data-part={at}>
          {one(`${at}/0`, t("editor.from"), low, (next, typed) => {
            onChange([next ?? null, high ?? null], typed);
          })}
          <span aria-hidden>{t("editor.to")}</span>
          {one(`${at}/1`, t("editor.until"), high, (next, typed) => {
            onChange([low ?? null, next ?? null], typed);
          }, unit)}
        </span>
      );
    }
    case "one":
      if (type === "text")
        return (
          <TextInput
            at={at}
            value={value}
            of={of}
            fixed={options}
            onChange={(next) => {
              onChange(next, true);
            }}
          />
        );
      if (type === "boolean")
        return (
          <YesNo
            at={at}
            value={value}
            onChange={(next) => {
              onChange(next, false);
            }}
          />
        );
      return one(at, t("editor.value"), value, onChange, unit);
  }
}
