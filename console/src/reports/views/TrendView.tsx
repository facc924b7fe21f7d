/** Up to four metrics of one unit over time, with their other period. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { LinesCard } from "../cards";
import { useMetrics } from "../definitions";
import { METRICS_MAX } from "../filters";
import { useSeries, type Unit } from "../queries";
import { Choice } from "./Choice";
import type { ViewProps } from "./view";

const FIRST = "dau";
const AUTO = "auto";
const BARS = new Set(["new", "left", "returned", "joins", "leaves", "net_growth"]);

export function TrendView({ scope, search, change, onBehind }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  const metrics = useMetrics();
  const withSeries = useMemo(() => [...metrics.values()].filter(({ has_series }) => has_series), [metrics]);
  const asked = useMemo(() => {
    const known = (search.metric ?? [FIRST]).filter((key) => metrics.get(key)?.has_series);
    const unit = metrics.get(known[0] ?? FIRST)?.unit;
    const fitting = known.filter((key) => metrics.get(key)?.unit === unit).slice(0, METRICS_MAX);
    return fitting.length > 0 ? fitting : [FIRST];
  }, [search.metric, metrics]);
  const answer = useSeries(scope.question, asked, search.unit);
  const unit = metrics.get(asked[0] ?? FIRST)?.unit;
  const names = asked.map((key) => metrics.get(key)?.name ?? "").filter(Boolean);
  return (
    <>
      <div className="ht-choices">
        <Select
          className="ht-metric-select"
          prefix={<span className="ht-filter-label">{t("trend.metric")}</span>}
          aria-label={t("trend.metric")}
          mode="multiple"
          maxCount={METRICS_MAX}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
          loading={withSeries.length === 0}
          options={withSeries.map((metric) => ({ value: metric.key, label: metric.name, disabled: metric.unit !== unit && asked.length > 0 && !(asked.length === 1) }))}
          value={withSeries.length === 0 ? [] : asked}
          onChange={(next: string[]) => {
            // A metric of another unit takes the place of what was there: two units need two scales.
            const last = next.at(-1);
            const same = next.filter((key) => metrics.get(key)?.unit === metrics.get(last ?? "")?.unit);
            change({ metric: same.length > 0 ? same : undefined });
          }}
        />
        <Choice<Unit | typeof AUTO>
          label={t("unit.label")}
          value={search.unit ?? AUTO}
          options={[
            { value: AUTO, label: t("unit.auto") },
            { value: "day", label: t("unit.day") },
            { value: "week", label: t("unit.week") },
            { value: "month", label: t("unit.month") },
          ]}
          onChange={(next) => { change({ unit: next === AUTO ? undefined : next }); }}
        />
      </div>
      <LinesCard
        scope={scope}
        onBehind={onBehind}
        title={t("trend.title", { metrics: names.join(t("trend.and")) })}
        metrics={asked}
        kind={asked.every((key) => BARS.has(key)) ? "bar" : "line"}
        answer={answer}
        height={400}
      />
    </>
  );
}
