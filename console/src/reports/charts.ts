/** Answers of the API as charts. */
import { formatDay, weekdayNames } from "../format/dates";
import type { Language } from "../i18n/language";
import type { HeatChart, RetentionChart, SeriesChart } from "../kit/charts/spec";
import type { components } from "../api/schema.gen";
import type { Metric } from "./definitions";
import type { Lines } from "./queries";

type Schemas = components["schemas"];

/** Both periods of one metric side by side, bucket by bucket, whatever their dates. */
export const BEFORE = "before:";

interface SeriesWords {
  /** The name of the x axis in the table. */
  day: string;
  /** "前 30 天" */
  against: string | null;
  /** "未过完", and the day that is not over. */
  open: string;
  today: string;
}

export function linesChart(kind: SeriesChart["kind"], metrics: readonly Metric[], lines: Lines, previous: Lines | null, words: SeriesWords): SeriesChart {
  const now = metrics.map(({ key, name }) => ({ key, name, values: lines.values[key] ?? [] }));
  const before =
    previous === null || words.against === null
      ? []
      : metrics.map(({ key, name }) => ({
          key: `${BEFORE}${key}`,
          name: metrics.length === 1 ? (words.against ?? "") : `${name} · ${words.against ?? ""}`,
          values: lines.starts.map((_, index) => previous.values[key]?.[index] ?? null),
          comparison: true,
        }));
  return {
    kind,
    unit: metrics[0]?.unit ?? "count",
    x: { title: words.day, kind: "days", values: lines.starts, ...(lines.unit === "day" ? {} : { ends: lines.ends }), ...(lines.ends.at(-1) === words.today ? { open: words.open } : {}) },
    series: [...now, ...before],
  };
}

/** Where a point of a comparison lies in time: the bucket of the other period with the same number. */
export function bucketOf(lines: Lines, previous: Lines | null, series: string, x: string): { from: string; to: string; metric: string } | null {
  const index = lines.starts.indexOf(x);
  const isBefore = series.startsWith(BEFORE);
  const source = isBefore ? previous : lines;
  const [from, to] = [source?.starts[index], source?.ends[index]];
  return from === undefined || to === undefined ? null : { from, to, metric: isBefore ? series.slice(BEFORE.length) : series };
}

export function heatChart(answer: Schemas["HeatmapOut"], measure: "messages" | "average", language: Language): HeatChart {
  const cells = new Map(answer.cells.map((cell) => [`${cell.weekday}/${cell.hour}`, cell[measure]]));
  return {
    kind: "heat",
    unit: measure === "average" ? "decimal" : "count",
    weekdays: weekdayNames(language),
    values: Array.from({ length: 7 }, (_, weekday) => Array.from({ length: 24 }, (_unused, hour) => cells.get(`${weekday + 1}/${hour}`) ?? null)),
  };
}

interface RetentionWords {
  cohort: string;
  period: (n: number) => string;
  average: string;
}

export const AVERAGE = "average";

/** The triangle, its weighted average on top. Periods that no cohort has reached are left out. */
export function retentionChart(answer: Schemas["RetentionOut"], words: RetentionWords, language: Language): RetentionChart {
  const people = answer.cohorts.filter(({ size }) => size > 0);
  const reached = answer.averages.findLastIndex(({ size }) => size > 0) + 1;
  const average = {
    key: AVERAGE,
    label: words.average,
    size: people.reduce((sum, { size }) => sum + size, 0),
    shares: answer.averages.slice(0, reached).map(({ share }) => share),
  };
  return {
    kind: "retention",
    cohortTitle: words.cohort,
    periods: Array.from({ length: reached }, (_, n) => words.period(n)),
    cohorts:
      people.length === 0 || reached === 0
        ? []
        : [average, ...people.map(({ start, size, shares }) => ({ key: start, label: formatDay(start, language), size, shares: shares.slice(0, reached) }))],
  };
}

export function speakersChart(rows: readonly Schemas["SpeakerOut"][], words: { member: string; messages: string; noName: string }): SeriesChart {
  return {
    kind: "bar",
    horizontal: true,
    unit: "count",
    x: { title: words.member, kind: "text", values: rows.map(({ member }) => member.id), names: rows.map(({ member }) => member.name || words.noName) },
    series: [{ key: "messages", name: words.messages, values: rows.map(({ messages }) => messages) }],
  };
}

export function activeDaysChart(answer: Schemas["ActiveDaysOut"], words: { day: string; active: string }): SeriesChart {
  return {
    kind: answer.items.length > 62 ? "area" : "bar",
    unit: "count",
    x: { title: words.day, kind: "days", values: answer.items.map(({ day }) => day) },
    series: [{ key: "active", name: words.active, values: answer.items.map(({ active }) => active) }],
  };
}
