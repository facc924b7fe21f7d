/** Which column of a table is what. */
import { useTranslation } from "react-i18next";

import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { Field } from "./Field";
import type { ImportDetail } from "./queries";
import type { ChoicesState } from "./useChoices";

const MAIN = ["time", "sender", "text"] as const;
const MORE = ["clock", "sender_id", "kind", "group", "space", "message_id", "reply_to", "thread", "subject", "target_id"] as const;

interface MappingFieldsProps {
  batch: ImportDetail;
  choices: ChoicesState;
}

export function MappingFields({ batch, choices }: MappingFieldsProps) {
  const { t } = useTranslation(["imports", "common"]);
  const { columns, mapping_source: source } = batch.detection;
  const { options, change, said } = choices;
  const { mapping } = options;
  const set = (field: string, column: string | undefined) => {
    const rest = Object.fromEntries(Object.entries(mapping).filter(([one]) => one !== field));
    change({ mapping: column === undefined ? rest : { ...rest, [field]: column } });
  };
  const select = (field: (typeof MAIN)[number] | (typeof MORE)[number]) => (
    <Field key={field} label={t(`mapping.${field}`)} said={said(`mapping.${field}`)}>
      {(id, label) => (
        <Select
          id={id}
          aria-label={label}
          className="ht-import-wide"
          allowClear
          showSearch={columns.length > 8 ? { optionFilterProp: "label" } : false}
          placeholder={t("mapping.noColumn")}
          value={mapping[field] ?? null}
          options={columns.map((value) => ({ value, label: plainText(value) }))}
          onChange={(column: string | undefined) => {
            set(field, column);
          }}
        />
      )}
    </Field>
  );
  const usedMore = MORE.some((field) => mapping[field] !== undefined);
  return (
    <>
      <p className="ht-secondary">{t(`mapping.from.${source}`)}</p>
      <div className="ht-import-columns">{MAIN.map(select)}</div>
      <details {...(usedMore ? { open: true } : {})}>
        <summary>{t("mapping.more")}</summary>
        <div className="ht-import-columns">{MORE.map(select)}</div>
      </details>
    </>
  );
}
