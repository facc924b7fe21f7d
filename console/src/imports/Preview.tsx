/** The first rows of the history as they will be read with the present choices. */
import { useTranslation } from "react-i18next";

import { formatClock, formatDay, formatZone, localDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import type { ImportDetail } from "./queries";

type PreviewRecord = ImportDetail["preview"]["records"][number];

function What({ record }: { record: PreviewRecord }) {
  const { t } = useTranslation(["imports", "common"]);
  switch (record.kind) {
    case "message":
      return (
        <>
          <SafeText text={record.text} />
          {record.attachments.length > 0 ? <span className="ht-secondary"> {t("preview.attachments", { count: record.attachments.length })}</span> : null}
        </>
      );
    case "rename":
      return (
        <span className="ht-secondary">
          {t("preview.rename")} <SafeText text={record.text || record.subject} />
        </span>
      );
    default:
      return (
        <span className="ht-secondary">
          {t(`preview.${record.kind}`)} {record.text ? <SafeText text={record.text} /> : null}
        </span>
      );
  }
}

export function Preview({ batch, saving }: { batch: ImportDetail; saving: boolean }) {
  const { t } = useTranslation(["imports", "common"]);
  const language = useLanguage();
  const { records, rejects } = batch.preview;
  const zone = batch.options.time_zone;
  const title = records.length === 0 ? t("preview.nothing") : t("preview.title", { count: records.length });
  const manyGroups = new Set(records.map(({ group }) => group)).size > 1;
  return (
    <section className="ht-card ht-import-preview" aria-labelledby="import-preview" aria-busy={saving}>
      <header>
        <h2 id="import-preview">{title}</h2>
        <span className="ht-secondary" title={formatZone(records[0]?.at ?? new Date(), zone)}>
          {t("preview.zone", { zone })}
        </span>
      </header>
      {records.length === 0 ? (
        <p className="ht-secondary">{t("preview.none")}</p>
      ) : (
        <div className="ht-import-preview-rows" role="region" tabIndex={0} aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("preview.time")}</th>
                <th scope="col">{t("preview.sender")}</th>
                {manyGroups ? <th scope="col">{t("check.group")}</th> : null}
                <th scope="col">{t("preview.text")}</th>
              </tr>
            </thead>
            <tbody>
              {records.map((record, index) => (
                <tr key={`${record.line} ${index}`}>
                  <td className="ht-time ht-secondary">
                    {formatDay(localDay(record.at, zone), language)} {formatClock(record.at, zone)}
                  </td>
                  <td className="ht-import-who" title={plainText(record.sender)}>
                    <SafeText text={record.sender} clip />
                  </td>
                  {manyGroups ? (
                    <td className="ht-import-who" title={plainText(record.group)}>
                      <SafeText text={record.group} clip />
                    </td>
                  ) : null}
                  <td className="ht-import-what">
                    <What record={record} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rejects.length > 0 ? (
        <>
          <h3>{t("preview.rejects", { count: rejects.length })}</h3>
          <ul className="ht-import-preview-rejects">
            {rejects.map((row, index) => (
              <li key={`${row.line} ${index}`}>
                <span className="ht-secondary">{row.line > 0 ? t("preview.line", { line: row.line }) : null}</span> <SafeText text={row.message} />
                {row.excerpt ? (
                  <code className="ht-import-excerpt">
                    <SafeText text={row.excerpt} />
                  </code>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
