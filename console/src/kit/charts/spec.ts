/** A chart as data. The picture, the table, the CSV file and the spoken summary all come from this one shape. */
import { formatAxisDay, formatDay } from "../../format/dates";
import { formatCompact, formatCount, formatDecimal, formatPercent, NO_VALUE } from "../../format/numbers";
import type { Language } from "../../i18n/language";
import { plainText } from "../safeText";
import { flowTable, type FlowChart } from "./flow";

export type ChartUnit = "count" | "percent" | "decimal";

export interface Series {
  key: string;
  name: string;
  values: readonly (number | null)[];
  /** The other period of a comparison: a thin dashed line. */
  comparison?: boolean;
}

export interface SeriesChart {
  kind: "line" | "bar" | "area";
  unit: ChartUnit;
  /** `days` are local days (YYYY-MM-DD) and are shown in the reader's words. */
  /** `ends` are the last days of buckets longer than a day; `names` are what is shown where the values are ids;
   * `open` says in words that the last bucket is not over: it is drawn lightly, for its value still grows. */
  x: { title: string; kind: "days" | "text"; values: readonly string[]; ends?: readonly string[]; names?: readonly string[]; open?: string };
  /** Bars from left to right, the first on top: for names. */
  horizontal?: boolean;
  series: readonly Series[];
}

/** Monday first; `values[weekday][hour]`, 7 x 24. */
export interface HeatChart {
  kind: "heat";
  unit: ChartUnit;
  weekdays: readonly string[];
  values: readonly (readonly (number | null)[])[];
}

/** One row per joining period; `shares[n]` is the share that came back in period n, null while that is in the future. */
export interface RetentionChart {
  kind: "retention";
  /** What the cohorts are by: "首次进群". */
  cohortTitle?: string;
  cohorts: readonly { key: string; label: string; size: number; shares: readonly (number | null)[] }[];
  periods: readonly string[];
}

export type ChartSpec = SeriesChart | HeatChart | RetentionChart | FlowChart;

/** The point behind which members can be listed. */
export interface ChartPoint {
  series: string;
  x: string;
  value: number;
}

export interface TableCell {
  text: string;
  /** For the CSV: the number as it is. */
  raw: string | number | null;
  point: ChartPoint | null;
}

export interface ChartTable {
  header: string[];
  /** The first cell of each row is its name. */
  rows: { key: string; name: string; rawName: string; cells: TableCell[] }[];
}

export interface TableWords {
  weekday: string;
  cohort: string;
  size: string;
  /** A cohort's period that has not come yet. */
  notYet: string;
}

export function formatValue(value: number | null | undefined, unit: ChartUnit): string {
  if (unit === "percent") return formatPercent(value);
  return unit === "decimal" ? formatDecimal(value) : formatCount(value);
}

export function formatAxisValue(value: number, unit: ChartUnit, language: Language): string {
  if (unit === "percent") return `${Math.round(value * 1000) / 10}%`;
  return unit === "decimal" && !Number.isInteger(value) ? formatDecimal(value) : formatCompact(value, language);
}

export function xText(chart: SeriesChart, value: string, language: Language, now?: Date): string {
  if (chart.x.kind !== "days") return chart.x.names?.[chart.x.values.indexOf(value)] ?? value;
  const end = chart.x.ends?.[chart.x.values.indexOf(value)];
  const start = formatDay(value, language, now);
  const span = end === undefined || end === value ? start : `${start} – ${formatDay(end, language, now)}`;
  return chart.x.open !== undefined && value === chart.x.values.at(-1) ? `${span} (${chart.x.open})` : span;
}
export const xAxisText = (chart: SeriesChart, value: string, language: Language) =>
  chart.x.kind === "days" ? formatAxisDay(value, language) : plainText(xText(chart, value, language));

export const hourText = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

function cell(value: number | null | undefined, unit: ChartUnit, series: string, x: string): TableCell {
  if (value == null) return { text: NO_VALUE, raw: null, point: null };
  return { text: formatValue(value, unit), raw: value, point: { series, x, value } };
}

export function chartTable(chart: ChartSpec, words: TableWords, language: Language, now?: Date): ChartTable {
  switch (chart.kind) {
    case "flow":
      return flowTable(chart);
    case "heat":
      return {
        header: [words.weekday, ...Array.from({ length: 24 }, (_, hour) => hourText(hour))],
        rows: chart.weekdays.map((name, weekday) => ({
          key: String(weekday),
          name,
          rawName: name,
          cells: Array.from({ length: 24 }, (_, hour) =>
            cell(chart.values[weekday]?.[hour], chart.unit, String(weekday), String(hour)),
          ),
        })),
      };
    case "retention":
      return {
        header: [chart.cohortTitle ?? words.cohort, words.size, ...chart.periods],
        rows: chart.cohorts.map((cohort) => ({
          key: cohort.key,
          name: cohort.label,
          rawName: cohort.key,
          cells: [
            { text: formatCount(cohort.size), raw: cohort.size, point: null },
            ...chart.periods.map((_, index) => {
              const shown = cell(cohort.shares[index], "percent", cohort.key, String(index));
              return shown.raw === null ? { ...shown, text: words.notYet } : shown;
            }),
          ],
        })),
      };
    default:
      return {
        header: [chart.x.title, ...chart.series.map((series) => series.name)],
        rows: chart.x.values.map((x, index) => ({
          key: x,
          name: xText(chart, x, language, now),
          rawName: chart.x.names ? xText(chart, x, language) : x,
          cells: chart.series.map((series) => cell(series.values[index], chart.unit, series.key, x)),
        })),
      };
  }
}

export function isEmptyChart(chart: ChartSpec): boolean {
  if (chart.kind === "retention") return chart.cohorts.length === 0;
  if (chart.kind === "flow") return chart.links.length === 0;
  const values = chart.kind === "heat" ? chart.values : chart.series.map((series) => series.values);
  return !values.some((list) => list.some((value) => value !== null));
}
