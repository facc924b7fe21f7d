/** Tests of the properties of an event: "where the amount is at least 100". */
import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { useEditing, useRow } from "./context";
import { isPropertyType, MEASURED_TYPES, PROPERTY_TYPES, type PropertyTest, type PropertyType, type Step } from "./language";
import { newTest, withOperator, withProperty, withPropertyType, withWhere } from "./leaf";
import { Operator } from "./Operator";
import { Part } from "./Part";
import { matches, searchText } from "./search";
import { ValueInput } from "./ValueInput";

const NAME_LENGTH_MAX = 200;

interface PropertyPickerProps {
  at: string;
  event: string;
  value: string;
  onChange: (name: string, type: PropertyType | undefined) => void;
}

/** Known properties, and any other name as it is typed: an event may carry what nobody declared. */
export function PropertyPicker({ at, event, value, onChange }: PropertyPickerProps) {
  const { t } = useTranslation(["segments", "common"]);
  const { words, disabled } = useEditing();
  const [typed, setTyped] = useState("");
  const known = words.properties(event);
  const free = typed.trim().slice(0, NAME_LENGTH_MAX);
  const named = new Map(known.map((one) => [one.name, one]));
  const choices = known.map(({ name, label }) => ({ value: name, label, search: searchText(label, name) }));
  if (value !== "" && !named.has(value)) choices.push({ value, label: plainText(value), search: value.toLowerCase() });
  if (free !== "" && !named.has(free) && free !== value && !free.startsWith("$")) choices.push({ value: free, label: t("editor.propertyFree", { name: plainText(free) }), search: free.toLowerCase() });
  return (
    <Part at={at} label={t("editor.property")} className="ht-ce-property">
      {(control) => (
        <Select
          {...control}
          disabled={disabled}
          placeholder={t("editor.propertyHint")}
          value={value === "" ? null : value}
          options={choices}
          popupMatchSelectWidth={false}
          labelRender={({ value: chosen }) => named.get(String(chosen))?.label ?? plainText(String(chosen))}
          showSearch={{ onSearch: setTyped, filterOption: (text, option) => option !== undefined && matches((option as unknown as { search: string }).search, text) }}
          notFoundContent={t("editor.propertyNone")}
          onChange={(next: string | null) => {
            setTyped("");
            if (next !== null) onChange(next, named.get(next)?.type);
          }}
        />
      )}
    </Part>
  );
}

interface TypePickerProps {
  at: string;
  value: PropertyType;
  measured?: boolean;
  onChange: (type: PropertyType) => void;
}

export function TypePicker({ at, value, measured = false, onChange }: TypePickerProps) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled } = useEditing();
  return (
    <Part at={at} label={t("editor.asType")}>
      {(control) => (
        <Select
          {...control}
          disabled={disabled}
          value={value}
          popupMatchSelectWidth={false}
          options={(measured ? MEASURED_TYPES : PROPERTY_TYPES).map((type) => ({ value: type, label: t(`editor.type.${type}`) }))}
          onChange={(next) => {
            if (isPropertyType(next)) onChange(next);
          }}
        />
      )}
    </Part>
  );
}

interface WhereProps<Of extends Step> {
  /** "" for the event of a row, `first` or `then` for those of a sequence. */
  prefix: string;
  step: Of;
  onChange: (step: Of, field?: string) => void;
}

export function Where<Of extends Step>({ prefix, step, onChange }: WhereProps<Of>) {
  const { t } = useTranslation(["segments", "common"]);
  const { words, disabled } = useEditing();
  const { name } = useRow();
  const where = step.where ?? [];
  const base = prefix === "" ? "where" : `${prefix}/where`;
  const put = (index: number, test: PropertyTest, field?: string) => {
    onChange(withWhere(step, where.toSpliced(index, 1, test)), field);
  };
  if (where.length === 0) return null;
  return (
    <ul className="ht-ce-where" aria-label={t("editor.where")}>
      {where.map((test, index) => {
        const at = `${base}/${index}`;
        const property = words.property(step.event, test.property);
        return (
          <li key={index} className="ht-ce-line">
            <span className="ht-secondary">{t(index === 0 ? "editor.whereFirst" : "editor.and")}</span>
            <PropertyPicker
              at={`${at}/property`}
              event={step.event}
              value={test.property}
              onChange={(chosen, type) => {
                put(index, withProperty(test, chosen, type));
              }}
            />
            {test.property !== "" && property.type === undefined ? (
              <TypePicker
                at={`${at}/type`}
                value={test.type}
                onChange={(type) => {
                  put(index, withPropertyType(test, type));
                }}
              />
            ) : null}
            <Operator
              at={`${at}/op`}
              type={test.type}
              op={test.op}
              onChange={(op) => {
                put(index, { property: test.property, type: test.type, ...withOperator(test.type, test, op) });
              }}
            />
            <ValueInput
              at={`${at}/value`}
              type={test.type}
              test={test}
              of={test.property === "" ? null : { event: step.event, property: test.property }}
              onChange={(value, typed) => {
                put(index, { property: test.property, type: test.type, op: test.op, ...(value === undefined ? {} : { value }) }, typed ? `${at}/value` : undefined);
              }}
            />
            <Button
              type="text"
              size="small"
              disabled={disabled}
              icon={<CloseOutlined />}
              aria-label={`${name}: ${t("editor.removeTest", { name: property.label || t("editor.property") })}`}
              onClick={() => {
                onChange(withWhere(step, where.toSpliced(index, 1)));
              }}
            />
          </li>
        );
      })}
    </ul>
  );
}

/** The way to one more test, in the foot of a row. */
export function AddTest<Of extends Step>({ step, label, onChange }: { step: Of; label: string; onChange: (step: Of) => void }) {
  const { disabled } = useEditing();
  const { name } = useRow();
  return (
    <Button
      type="link"
      size="small"
      disabled={disabled}
      icon={<PlusOutlined aria-hidden />}
      aria-label={`${name}: ${label}`}
      onClick={() => {
        onChange(withWhere(step, [...(step.where ?? []), newTest()]));
      }}
    >
      {label}
    </Button>
  );
}
