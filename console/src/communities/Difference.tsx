/** A number of a row and, below it, its difference to the days before. */
import { useTranslation } from "react-i18next";

import { NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { formatValue } from "../kit/charts/spec";
import { changeText } from "../kit/StatCard";
import type { Metric } from "../reports/definitions";

interface DifferenceProps {
  metric: Metric | undefined;
  now: number | null | undefined;
  before: number | null | undefined;
  days: number;
}

export function Difference({ metric, now, before, days }: DifferenceProps) {
  const { t } = useTranslation(["communities", "common"]);
  const language = useLanguage();
  const unit = metric?.unit ?? "count";
  const change = now == null || before == null ? NO_VALUE : changeText(now, before, unit, language, metric?.change);
  const direction = now == null || before == null || now === before ? "flat" : now > before ? "up" : "down";
  const tone = metric?.better === undefined || direction === "flat" ? "neutral" : direction === metric.better ? "good" : "bad";
  return (
    <span className="ht-difference">
      <span>{formatValue(now, unit)}</span>
      {change === NO_VALUE ? null : (
        <span className="ht-change ht-small" data-tone={tone} title={t("against", { count: days })}>
          <span aria-hidden>{direction === "up" ? "▲" : direction === "down" ? "▼" : "■"}</span> {change}
          <span className="ht-visually-hidden"> {t("against", { count: days })}</span>
        </span>
      )}
    </span>
  );
}
