/** The numbers of a page's head: value, against what, its way there, what it means, and the way to its trend. */
import { useTranslation } from "react-i18next";

import { ErrorState } from "../kit/ErrorState";
import { StatCard } from "../kit/StatCard";
import { AnalyticsLink } from "./AnalyticsLink";
import { useMetrics } from "./definitions";
import type { Overview } from "./queries";
import type { ReportScope } from "./scope";

export const CARDS_MAX = 6;

interface MetricCardsProps {
  /** Keys of metrics, at most six. */
  metrics: readonly string[];
  scope: ReportScope;
  overview: { data: Overview | undefined; error: unknown; refetch: () => unknown };
}

export function MetricCards({ metrics, scope, overview }: MetricCardsProps) {
  const { t } = useTranslation(["reports", "common"]);
  const known = useMetrics();
  if (overview.error) return <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />;
  return (
    <div className="ht-cards ht-cards-six">
      {metrics.slice(0, CARDS_MAX).map((key) => {
        const metric = known.get(key);
        const card = overview.data?.cards.find((one) => one.key === key);
        const previous = card?.previous ?? null;
        return (
          <StatCard
            key={key}
            label={metric?.name ?? t("common:loading")}
            value={card?.value ?? null}
            unit={metric?.unit ?? "count"}
            change={metric?.change ?? "relative"}
            {...(scope.against === null ? {} : { comparison: { value: previous, against: scope.against } })}
            {...(metric?.better ? { better: metric.better } : {})}
            trend={card?.sparkline ?? []}
            definition={metric?.definition ?? { text: "" }}
            loading={!metric || !card}
            {...(metric?.has_series
              ? {
                  link: () => (
                    <AnalyticsLink search={{ metric: [key], ...(scope.whose.group ? { group: scope.whose.group } : {}) }}>
                      {t("seeTrend")}
                      <span className="ht-visually-hidden">{metric.name}</span>
                    </AnalyticsLink>
                  ),
                }
              : {})}
          />
        );
      })}
    </div>
  );
}
