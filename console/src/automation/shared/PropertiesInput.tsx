/** Names and their values, row by row; a value may hold personal fields. */
import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../../app/session";
import { InsertField } from "../../messages/InsertField";
import { errorAt, type Errors } from "./errors";
import { propertiesOf, rowsOf, type PropertyRow } from "./settings";

const NAME_LENGTH_MAX = 200;
const VALUE_LENGTH_MAX = 2_000;
const ROWS_MAX = 50;

interface PropertiesInputProps {
  value: unknown;
  onChange: (properties: Record<string, string>) => void;
  label: string;
  takesFields: boolean;
  /** As seen from the properties: by their names. */
  errors: Errors;
  disabled: boolean;
}

/** Rows are held here as they are written: two may bear one name for a moment, and one may have none yet. */
export function PropertiesInput({ value, onChange, label, takesFields, errors, disabled }: PropertiesInputProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { workspace_id } = useWorkspacePath();
  const [rows, setRows] = useState<PropertyRow[]>(() => rowsOf(value));
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    if (JSON.stringify(propertiesOf(rows)) !== JSON.stringify(value ?? {})) setRows(rowsOf(value));
  }
  const put = (next: PropertyRow[]) => {
    setRows(next);
    onChange(propertiesOf(next));
  };
  const change = (at: number, one: Partial<PropertyRow>) => { put(rows.map((row, index) => (index === at ? { ...row, ...one } : row))); };
  return (
    <div className="ht-auto-form">
      {rows.map((row, at) => {
        const place = t("properties.row", { label, number: at + 1 });
        const wrong = errorAt(errors, row.name);
        return (
          <div key={at} className="ht-auto-property">
            <Input aria-label={t("properties.nameOf", { place })} placeholder={t("properties.name")} maxLength={NAME_LENGTH_MAX} disabled={disabled} value={row.name} onChange={(event) => { change(at, { name: event.target.value }); }} />
            <Input {...(wrong ? { status: "error" as const } : {})} aria-label={t("properties.valueOf", { place })} placeholder={t("properties.value")} maxLength={VALUE_LENGTH_MAX} disabled={disabled} value={row.value} onChange={(event) => { change(at, { value: event.target.value }); }} />
            {takesFields && !disabled ? <InsertField workspaceId={workspace_id} label={t("properties.insert", { place })} onInsert={(said) => { change(at, { value: row.value + said }); }} /> : null}
            <Button type="text" icon={<CloseOutlined />} disabled={disabled} aria-label={t("properties.remove", { place })} onClick={() => { put(rows.toSpliced(at, 1)); }} />
            {wrong ? <p className="ht-field-error">{wrong}</p> : null}
          </div>
        );
      })}
      <div><Button type="dashed" size="small" icon={<PlusOutlined aria-hidden />} disabled={disabled || rows.length >= ROWS_MAX} onClick={() => { setRows([...rows, { name: "", value: "" }]); }}>{t("properties.add")}</Button></div>
    </div>
  );
}
