/** Who came back: the triangle of cohorts, and the average curve. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { ChartCard } from "../../kit/charts/ChartCard";
import type { SeriesChart } from "../../kit/charts/spec";
import { NothingMatches } from "../../kit/EmptyState";
import { fittingCohortUnit, RetentionCard } from "../cards";
import { plain, useRetention, type Cohorts, type Unit } from "../queries";
import { Choice } from "./Choice";
import type { ViewProps } from "./view";

export function RetentionView({ scope, search, change, onBehind }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  const cohort = search.cohort ?? "active";
  const unit = search.unit ?? fittingCohortUnit(scope.days);
  const { data, error, refetch } = useRetention(scope.question && plain(scope.question), { unit, cohort });
  const curve = useMemo<SeriesChart | undefined>(() => {
    if (!data) return undefined;
    const reached = data.averages.filter(({ size }) => size > 0);
    return {
      kind: "line",
      unit: "percent",
      x: { title: t("retention.period"), kind: "text", values: reached.map(({ n }) => String(n)), names: reached.map(({ n }) => t(`period.${unit}`, { n })) },
      series: [{ key: "share", name: t("average"), values: reached.map(({ share }) => share) }],
    };
  }, [data, unit, t]);
  return (
    <>
      <div className="ht-choices">
        <Choice<Cohorts>
          label={t("retention.cohort")}
          value={cohort}
          options={[
            { value: "active", label: t("retention.active") },
            { value: "joined", label: t("retention.joined") },
          ]}
          onChange={(next) => { change({ cohort: next === "active" ? undefined : next }); }}
        />
        <Choice<Unit>
          label={t("unit.label")}
          value={unit}
          options={[
            { value: "day", label: t("unit.day") },
            { value: "week", label: t("unit.week") },
            { value: "month", label: t("unit.month") },
          ]}
          onChange={(next) => { change({ unit: next }); }}
        />
      </div>
      <div className="ht-stack">
        <RetentionCard scope={scope} onBehind={onBehind} cohort={cohort} unit={unit} height={640} />
        <ChartCard
          title={t("retention.curve")}
          scope={scope.text}
          chart={curve}
          error={error}
          onRetry={() => void refetch()}
          empty={<NothingMatches />}
        />
      </div>
    </>
  );
}
