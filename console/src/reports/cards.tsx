/** Charts that each answer one question, for the home page, the page of a community and the page of a group. */
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { addDays, formatDay, mondayOf, weekdayNames } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ChartCard } from "../kit/charts/ChartCard";
import { hourText, type SeriesChart } from "../kit/charts/spec";
import { NothingMatches } from "../kit/EmptyState";
import { daysBehind, kindBehind, type BehindPoint } from "./Behind";
import { AVERAGE, bucketOf, heatChart, linesChart, retentionChart, speakersChart } from "./charts";
import { useMetrics, type Metric } from "./definitions";
import { plain, useHeatmap, useRetention, useSpeakers, type Cohorts, type Lines, type Unit } from "./queries";
import type { Days, ReportScope } from "./scope";

/** The place of a definition that is still on its way. */
const UNKNOWN = { text: "" };

export interface QuestionCardProps {
  scope: ReportScope;
  /** From `useBehind()`; undefined where members may not be seen. */
  onBehind: ((point: BehindPoint) => void) | undefined;
  title?: string;
  height?: number;
}

interface LinesAnswer {
  data: { series: Lines; previous_series: Lines | null } | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface LinesCardProps extends QuestionCardProps {
  title: string;
  metrics: readonly string[];
  kind: SeriesChart["kind"];
  answer: LinesAnswer;
}

/** Metrics over time, from the overview or from a series of their own. */
export function LinesCard({ scope, onBehind, title, metrics, kind, answer, height }: LinesCardProps) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const known = useMetrics();
  const { data } = answer;
  const shown = useMemo(() => metrics.map((key) => known.get(key)).filter((metric): metric is Metric => metric !== undefined), [metrics, known]);
  const chart = useMemo(
    () => (data && shown.length === metrics.length ? linesChart(kind, shown, data.series, data.previous_series, { day: t("day"), against: scope.against, open: t("open"), today: scope.today }) : undefined),
    [data, shown, metrics.length, kind, scope.against, scope.today, t],
  );
  const first = shown[0];
  const definition = shown.length === 0 ? UNKNOWN : shown.length === 1 && first ? first.definition : { text: shown.map((metric) => `${metric.name}：${metric.definition.text}`).join("\n") };
  return (
    <ChartCard
      title={title}
      scope={scope.text}
      chart={chart}
      error={answer.error}
      onRetry={() => void answer.refetch()}
      empty={<NothingMatches />}
      definition={definition}
      {...(height ? { height } : {})}
      {...(onBehind && scope.question && data && metrics.some((key) => kindBehind(key))
        ? {
            onDrill: ({ series, x }) => {
              const bucket = bucketOf(data.series, data.previous_series, series, x);
              const kindOfList = bucket && kindBehind(bucket.metric);
              if (!bucket || !kindOfList || !scope.question) return;
              const { metric } = bucket;
              const { from, to } = daysBehind(metric, bucket);
              onBehind({
                query: { ...plain(scope.question), from, to, kind: kindOfList },
                title: `${known.get(metric)?.name ?? metric} · ${formatDay(from, language)}${from === to ? "" : ` – ${formatDay(to, language)}`}`,
              });
            },
          }
        : {})}
    />
  );
}

export function HeatCard({ scope, onBehind, title, height, measure = "messages" }: QuestionCardProps & { measure?: "messages" | "average" }) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const definition = useMetrics().get("heatmap")?.definition;
  const { data, error, refetch } = useHeatmap(scope.question);
  const chart = useMemo(() => data && heatChart(data, measure, language), [data, measure, language]);
  const silent = data?.cells.every(({ messages }) => messages === 0) ?? false;
  const heading = title ?? t("question.when");
  return (
    <ChartCard
      title={heading}
      scope={`${scope.text} · ${scope.zone}`}
      chart={silent && chart ? { ...chart, values: [] } : chart}
      error={error}
      onRetry={() => void refetch()}
      empty={<NothingMatches />}
      definition={definition ?? UNKNOWN}
      {...(height ? { height } : {})}
      {...(onBehind && scope.question
        ? {
            onDrill: ({ series, x }) => {
              if (!scope.question) return;
              onBehind({
                query: { ...plain(scope.question), kind: "hour", weekday: Number(series) + 1, hour: Number(x) },
                title: `${weekdayNames(language)[Number(series)] ?? ""} ${hourText(Number(x))}`,
              });
            },
          }
        : {})}
    />
  );
}

/** A triangle needs time: days for a fortnight, weeks for a quarter or two, months beyond. */
export const fittingCohortUnit = (days: number): Unit => (days <= 14 ? "day" : days <= 184 ? "week" : "month");
const COHORT_DAYS_MIN = 56;

/** Whole weeks, and none before the data begins. */
function reachedBack({ from, to }: Days, extent: Days | null | undefined): string {
  const early = mondayOf(addDays(to, 1 - COHORT_DAYS_MIN));
  if (!extent || early >= extent.from) return early;
  return from < extent.from ? from : extent.from;
}

interface RetentionCardProps extends QuestionCardProps {
  cohort?: Cohorts;
  unit?: Unit;
  /** Shows older cohorts than the range has: a triangle of four weeks says little. */
  reachBack?: boolean;
}

const TRIANGLE_HEIGHT = 400;

export function RetentionCard({ scope, onBehind, title, height = TRIANGLE_HEIGHT, cohort = "active", unit, reachBack = false }: RetentionCardProps) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const definition = useMetrics().get("retention")?.definition;
  const { question, extent } = scope;
  const from = question && (reachBack && scope.days < COHORT_DAYS_MIN ? reachedBack(question, extent) : question.from);
  const asked = question && from !== undefined ? { ...plain(question), from } : undefined;
  const chosen = unit ?? fittingCohortUnit(reachBack ? Math.max(scope.days, COHORT_DAYS_MIN) : scope.days);
  const { data, error, refetch } = useRetention(asked, { unit: chosen, cohort });
  const chart = useMemo(
    () => data && retentionChart(data, { period: (n) => t(`period.${data.unit}`, { n }), average: t("average"), cohort: t(`cohort.${data.cohort}`) }, language),
    [data, language, t],
  );
  const span = asked && from !== question?.from ? ` · ${formatDay(from, language)} – ${formatDay(asked.to, language)}` : "";
  return (
    <ChartCard
      title={title ?? t("question.stays")}
      scope={span ? `${scope.text.split(" · ").slice(0, -1).join(" · ")}${span}` : scope.text}
      chart={chart}
      error={error}
      onRetry={() => void refetch()}
      empty={<NothingMatches />}
      definition={definition ?? UNKNOWN}
      height={height}
      {...(onBehind && asked
        ? {
            onDrill: ({ series, x }) => {
              if (series === AVERAGE) return;
              const n = Number(x);
              onBehind({
                query: { ...asked, kind: n === 0 && cohort === "active" ? "cohort" : "retained", unit: chosen, cohort, start: series, n },
                title: `${formatDay(series, language)} · ${t(`period.${chosen}`, { n })}`,
              });
            },
          }
        : {})}
    />
  );
}

const SPEAKERS_SHOWN = 10;

/** Who talks most; a bar leads to the member's page. */
export function SpeakersCard({ scope, title, height }: Omit<QuestionCardProps, "onBehind">) {
  const { t } = useTranslation(["reports", "common"]);
  const navigate = useNavigate();
  const metrics = useMetrics();
  const { rows, error, retry } = useSpeakers(scope.question, SPEAKERS_SHOWN);
  const messages = metrics.get("messages")?.name;
  const definition = metrics.get("top_speakers")?.definition;
  const chart = useMemo(
    () => rows && messages !== undefined ? speakersChart(rows.slice(0, SPEAKERS_SHOWN), { member: t("member"), messages, noName: t("common:noName") }) : undefined,
    [rows, messages, t],
  );
  return (
    <ChartCard
      title={title ?? t("question.talks")}
      scope={scope.text}
      chart={chart}
      error={error}
      onRetry={retry}
      empty={<NothingMatches />}
      definition={definition ?? UNKNOWN}
      {...(height ? { height } : {})}
      onDrill={({ x }) => void navigate({ to: "/members/$memberId", params: { memberId: x } })}
    />
  );
}
