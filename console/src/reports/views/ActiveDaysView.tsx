/** Exactly how many members were active on each day, over any number of days. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { formatDay } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { ChartCard } from "../../kit/charts/ChartCard";
import { NothingMatches } from "../../kit/EmptyState";
import { activeDaysChart } from "../charts";
import { useMetrics } from "../definitions";
import { plain, useActiveDays } from "../queries";
import type { ViewProps } from "./view";

export function ActiveDaysView({ scope, onBehind }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const active = useMetrics().get("active");
  const { data, error, refetch } = useActiveDays(scope.question);
  const chart = useMemo(() => (data && active ? activeDaysChart(data, { day: t("day"), active: active.name }) : undefined), [data, active, t]);
  return (
    <ChartCard
      title={t("days.title")}
      scope={scope.text}
      chart={chart}
      error={error}
      onRetry={() => void refetch()}
      empty={<NothingMatches />}
      height={400}
      {...(active ? { definition: active.definition } : {})}
      {...(onBehind
        ? {
            onDrill: ({ x }) => {
              if (!scope.question) return;
              onBehind({ query: { ...plain(scope.question), kind: "active", from: x, to: x }, title: `${active?.name ?? ""} · ${formatDay(x, language)}` });
            },
          }
        : {})}
    />
  );
}
