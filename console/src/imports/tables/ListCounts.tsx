/** What the rows of a list come to: members, orders, amounts. */
import { useTranslation } from "react-i18next";

import type { components } from "../../api/schema.gen";
import { formatDateTime, formatZone } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import type { ImportDetail } from "../queries";

export type TableCounts = components["schemas"]["ListCounts"];

/** What a run adds or changes, in rows; of these is said how many they are before it starts. */
export const changesOf = (kind: ImportDetail["kind"], counts: TableCounts): number => (kind === "orders" ? counts.paid + counts.refunded : counts.made + counts.updated);
export const useableRows = (counts: TableCounts): number => counts.rows - counts.rejected;

export function ListCounts({ batch, counts }: { batch: ImportDetail; counts: TableCounts }) {
  const { t } = useTranslation(["lists", "common"]);
  const language = useLanguage();
  const zone = batch.options.time_zone;
  const isOrders = batch.kind === "orders";
  const figures = [
    { key: "rows", label: t("count.rows"), value: counts.rows, always: true },
    { key: "paid", label: t("count.paid"), value: counts.paid, always: isOrders },
    { key: "refunded", label: t("count.refunded"), value: counts.refunded, always: false },
    { key: "already_there", label: t("count.alreadyThere"), value: counts.already_there, always: false },
    { key: "made", label: t("count.made"), value: counts.made, always: true },
    { key: "updated", label: t("count.updated"), value: counts.updated, always: !isOrders },
    { key: "values", label: t("count.values"), value: counts.values, always: false },
    { key: "unchanged", label: t("count.unchanged"), value: counts.unchanged, always: false },
    { key: "skipped", label: t("count.skipped"), value: counts.skipped, always: false },
    { key: "rejected", label: t("count.rejected"), value: counts.rejected, always: true },
    { key: "cells", label: t("count.cells"), value: counts.cells, always: false },
  ];
  return (
    <>
      <dl className="ht-import-figures">
        {figures
          .filter(({ value, always }) => always || value > 0)
          .map(({ key, label, value }) => (
            <div key={key}>
              <dt>{label}</dt>
              <dd data-bad={(key === "rejected" || key === "cells") && value > 0}>{formatCount(value)}</dd>
            </div>
          ))}
      </dl>
      {counts.amounts.length > 0 ? (
        <dl className="ht-import-figures" aria-label={t("check.amounts")}>
          {counts.amounts.flatMap(({ currency, paid, refunded }) => [
            <div key={`${currency} paid`}>
              <dt>{t("check.paidOf", { currency })}</dt>
              <dd>{formatAmount(paid)}</dd>
            </div>,
            ...(Number(refunded) > 0
              ? [
                  <div key={`${currency} refunded`}>
                    <dt>{t("check.refundedOf", { currency })}</dt>
                    <dd>{formatAmount(refunded)}</dd>
                  </div>,
                ]
              : []),
          ])}
        </dl>
      ) : null}
      {counts.first_at && counts.last_at ? (
        <p className="ht-secondary" title={formatZone(counts.first_at, zone)}>
          {t("check.range", { from: formatDateTime(counts.first_at, zone, language), to: formatDateTime(counts.last_at, zone, language), zone })}
        </p>
      ) : null}
    </>
  );
}

/** Sums are exact decimals; Intl takes them as text. */
const formatAmount = (amount: string): string => new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 6 }).format(amount as Intl.StringNumericLiteral);
