/** One number: what it is, how much, against what, which way it has been going, and what it means. */
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatChange, formatCompact, formatCount, formatDecimal, formatDifference, formatPercent, formatPoints, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { Definition, type DefinitionText } from "./Definition";
import { Sparkline } from "./Sparkline";

export type StatUnit = "count" | "percent" | "decimal";

interface StatCardProps {
  label: string;
  value: number | null;
  unit?: StatUnit;
  /** The value in words, where it is neither count nor share: 12 分钟. */
  text?: string;
  /** Below the value, where there is nothing to compare: of how many. */
  note?: string;
  comparison?: {
    /** The value of the other period, in the unit of `value`; null when there is none. */
    value: number | null;
    /** Against what, in words: 前 30 天. */
    against: string;
  };
  /** Counts that can be negative or nought, such as a net growth, are compared by their difference. */
  change?: "relative" | "difference";
  /** Which way is good; the colour follows. Leave out where neither is. */
  better?: "up" | "down";
  trend?: readonly (number | null)[];
  definition: DefinitionText;
  /** A link that opens what is behind the number; give it the card's name. */
  link?: (label: string) => ReactNode;
  loading?: boolean;
}

export function changeText(value: number, before: number, unit: StatUnit, language: "zh" | "en", change: "relative" | "difference" = "relative"): string {
  if (unit === "percent") return formatPoints(value - before, language);
  if (change === "difference") return formatDifference(value - before);
  return before === 0 ? NO_VALUE : formatChange((value - before) / Math.abs(before));
}

export function StatCard(props: StatCardProps) {
  const { label, value, unit = "count", text, note, comparison, better, change: compared, trend, definition, link, loading = false } = props;
  const { t } = useTranslation(["kit", "common"]);
  const language = useLanguage();
  const shown =
    text ?? (unit === "percent" ? formatPercent(value) : unit === "decimal" ? formatDecimal(value) : formatCompact(value, language));
  const exact = unit === "count" && text === undefined && value !== null ? formatCount(value) : undefined;
  const before = comparison?.value ?? null;
  const change = value === null || before === null ? NO_VALUE : changeText(value, before, unit, language, compared);
  const direction = value === null || before === null || value === before ? "flat" : value > before ? "up" : "down";
  const tone = better === undefined || direction === "flat" ? "neutral" : direction === better ? "good" : "bad";
  return (
    <article className="ht-card ht-stat" aria-busy={loading}>
      <header>
        <h2>{label}</h2>
        <Definition label={t("stat.definition", { label })} definition={definition} />
      </header>
      {loading ? (
        <Skeleton active title={false} paragraph={{ rows: 2, width: ["50%", "80%"] }} className="ht-stat-skeleton" />
      ) : (
        <>
          <div className="ht-stat-row">
            <span className="ht-stat-value" title={exact} data-words={text !== undefined}>
              {shown}
            </span>
            {trend && trend.length > 1 ? <Sparkline values={trend} label={t("stat.trend", { label })} /> : null}
          </div>
          {note ? <p className="ht-stat-comparison ht-secondary">{note}</p> : null}
          {comparison ? (
            <p className="ht-stat-comparison">
              {change === NO_VALUE ? (
                <span className="ht-secondary">{t("stat.noComparison")}</span>
              ) : (
                <>
                  <span className="ht-change" data-tone={tone}>
                    <span aria-hidden>{direction === "up" ? "▲" : direction === "down" ? "▼" : "■"}</span> {change}
                  </span>{" "}
                  <span className="ht-secondary">{t("stat.against", { what: comparison.against })}</span>
                </>
              )}
            </p>
          ) : null}
          {link ? <p className="ht-stat-link">{link(t("stat.open", { label }))}</p> : null}
        </>
      )}
    </article>
  );
}
