/** Every number of the scope on one sheet, with its definition and its other period. */
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { formatValue } from "../../kit/charts/spec";
import { Definition } from "../../kit/Definition";
import { NothingMatches } from "../../kit/EmptyState";
import { changeText } from "../../kit/StatCard";
import { NO_VALUE } from "../../format/numbers";
import { AnalyticsLink } from "../AnalyticsLink";
import { useMetrics, type Metric } from "../definitions";
import { listOf, useNumbers } from "../queries";
import { ReportTable } from "../ReportTable";
import type { ViewProps } from "./view";

interface Row {
  metric: Metric;
  value: number | null;
  previous: number | null;
}

export function NumbersView({ scope }: ViewProps) {
  const { t } = useTranslation(["reports", "kit", "common"]);
  const language = useLanguage();
  const metrics = useMetrics();
  const { data, error, refetch } = useNumbers(scope.question);
  const rows =
    data && metrics.size > 0
      ? [...metrics.values()].filter(({ kind }) => kind === "value").map((metric): Row => ({
          metric,
          value: data.values[metric.key] ?? null,
          previous: data.previous_values?.[metric.key] ?? null,
        }))
      : undefined;
  const compared = scope.against;
  const change = ({ metric, value, previous }: Row) =>
    value === null || previous === null ? NO_VALUE : changeText(value, previous, metric.unit, language, metric.change);
  return (
    <section className="ht-card" aria-label={t("view.numbers")}>
      <p className="ht-secondary">{scope.text}</p>
      <ReportTable<Row>
        id="numbers"
        label={t("view.numbers")}
        list={listOf(rows, error, () => void refetch())}
        rowKey={({ metric }) => metric.key}
        empty={<NothingMatches />}
        skeletonRows={20}
        columns={[
          {
            key: "metric",
            title: t("trend.metric"),
            fixed: true,
            width: 240,
            render: ({ metric }) => (
              <span className="ht-named">
                {metric.has_series ? (
                  <AnalyticsLink search={{ metric: [metric.key] }}>{metric.name}</AnalyticsLink>
                ) : (
                  metric.name
                )}
                <Definition label={t("kit:stat.definition", { label: metric.name })} definition={metric.definition} />
              </span>
            ),
            raw: ({ metric }) => metric.name,
          },
          { key: "value", title: t("numbers.value"), align: "right", width: 140, render: ({ metric, value }) => formatValue(value, metric.unit), raw: ({ value }) => value },
          ...(compared === null
            ? []
            : [
                { key: "previous", title: compared, align: "right" as const, width: 160, render: ({ metric, previous }: Row) => formatValue(previous, metric.unit), raw: ({ previous }: Row) => previous },
                { key: "change", title: t("numbers.change"), align: "right" as const, width: 140, render: change, raw: change },
              ]),
          { key: "definition", title: t("numbers.definition"), width: 480, hidden: true, render: ({ metric }) => metric.definition.text, raw: ({ metric }) => metric.definition.text },
        ]}
      />
    </section>
  );
}
