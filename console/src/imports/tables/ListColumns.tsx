/** What each column of a list is: one field a column, with some of its values. */
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { plainText } from "../../kit/safeText";
import { Field } from "../Field";
import type { ImportDetail } from "../queries";
import type { ListChoicesState } from "./useListChoices";
import { IGNORE, useTargets } from "./targets";

export function ListColumns({ batch, choices }: { batch: ImportDetail; choices: ListChoicesState }) {
  const { t } = useTranslation(["lists", "common"]);
  const { groups } = useTargets(batch.kind);
  const { table, said, change } = choices;
  const { mapping } = table;
  const used = new Set(Object.values(mapping));
  const set = (column: string, target: string) => {
    const rest = Object.fromEntries(Object.entries(mapping).filter(([name]) => name !== column));
    change({ mapping: target === IGNORE ? rest : { ...rest, [column]: target } });
  };
  return (
    <section className="ht-card ht-import-fields" aria-labelledby="list-columns">
      <h2 id="list-columns">{t("columns.title")}</h2>
      <p className="ht-secondary">{t(`columns.from.${batch.detection.mapping_source}`)}</p>
      {(batch.table?.columns ?? []).map(({ name, samples, type }) => (
        <Field
          key={name}
          label={plainText(name)}
          said={said(`table.mapping.${name}`)}
          hint={samples.length > 0 ? t("columns.sample", { values: samples.map(plainText).join(" · ") }) : t("columns.empty")}
        >
          {(id, label) => (
            <Select
              id={id}
              aria-label={label}
              className="ht-import-wide"
              showSearch={{ optionFilterProp: "label" }}
              value={mapping[name] ?? IGNORE}
              options={[
                { value: IGNORE, label: t("target.ignore") },
                // Nearest at hand is a new attribute of the type its values look like.
                ...groups.flatMap(({ options }) => options).filter(({ value }) => value === `new:${type}`),
                ...groups.map((group) => ({
                  label: group.label,
                  options: group.options
                    .filter(({ value }) => value !== `new:${type}`)
                    .map((one) => ({ ...one, disabled: used.has(one.value) && mapping[name] !== one.value && one.value !== "tags" && !one.value.startsWith("new:") })),
                })),
              ]}
              onChange={(target: string) => {
                set(name, target);
              }}
            />
          )}
        </Field>
      ))}
    </section>
  );
}
