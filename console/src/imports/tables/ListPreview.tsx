/** The first rows of a list, with what each column is under its heading and what cannot be read below the row. */
import { useTranslation } from "react-i18next";

import { SafeText } from "../../kit/SafeText";
import type { ImportDetail } from "../queries";
import { IGNORE, useTargets } from "./targets";

export function ListPreview({ batch, mapping, saving }: { batch: ImportDetail; mapping: Record<string, string>; saving: boolean }) {
  const { t } = useTranslation(["lists", "common"]);
  const { nameOf } = useTargets(batch.kind);
  const { table } = batch;
  if (!table) return null;
  const { columns, rows } = table;
  const title = rows.length === 0 ? t("preview.nothing") : t("preview.title", { count: rows.length });
  return (
    <section className="ht-card ht-import-preview ht-list-preview" aria-labelledby="list-preview" aria-busy={saving}>
      <header>
        <h2 id="list-preview">{title}</h2>
      </header>
      <div className="ht-import-preview-rows" role="region" tabIndex={0} aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="ht-number">
                {t("preview.row")}
              </th>
              {columns.map(({ name }) => (
                <th key={name} scope="col" data-ignored={mapping[name] === undefined}>
                  <SafeText text={name} clip />
                  <span className="ht-list-target">{nameOf(mapping[name] ?? IGNORE)}</span>
                </th>
              ))}
            </tr>
          </thead>
          {rows.map((row) => (
            <tbody key={row.line}>
              <tr data-skipped={row.is_skipped || row.problems.some(({ is_left_out }) => is_left_out)}>
                <th scope="row" className="ht-number ht-secondary">
                  {row.line}
                </th>
                {columns.map(({ name }, index) => (
                  <td key={name} data-ignored={mapping[name] === undefined}>
                    {row.cells[index] ? <SafeText text={row.cells[index]} clip /> : null}
                  </td>
                ))}
              </tr>
              {row.is_skipped ? (
                <tr>
                  <td />
                  <td colSpan={columns.length} className="ht-secondary ht-list-note">
                    <span className="ht-list-said">{t("preview.skipped")}</span>
                  </td>
                </tr>
              ) : null}
              {row.problems.map((problem) => (
                <tr key={`${problem.code} ${problem.message}`}>
                  <td />
                  <td colSpan={columns.length} className="ht-field-said ht-list-note">
                    <span className="ht-list-said">
                      {t(problem.is_left_out ? "preview.leftOut" : "preview.cellOut")} <SafeText text={problem.message} />
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}
