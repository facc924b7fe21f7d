/** Parts of a persona as charts. */
import { weekdayNames } from "../../format/dates";
import type { Language } from "../../i18n/language";
import type { HeatChart, SeriesChart } from "../../kit/charts/spec";
import type { Part, Portrait } from "../insights/queries";

export interface Sides {
  /** "咖啡常客" */
  own: string;
  /** "社群“胡同读书会”" */
  all: string;
}

interface Others {
  own: number;
  all: number;
  name: string;
}

/** Shares of the segment beside everybody's, in the order given. */
export function partsChart(parts: readonly Part[], title: string, sides: Sides, label: (part: Part) => string, others?: Others): SeriesChart {
  const rest = others && (others.own > 0.0005 || others.all > 0.0005) ? [others] : [];
  return {
    kind: "bar",
    unit: "percent",
    horizontal: true,
    // Values may hold anything, so that only their place tells them apart.
    x: { title, kind: "text", values: [...parts, ...rest].map((_, index) => String(index)), names: [...parts.map(label), ...rest.map(({ name }) => name)] },
    series:
      parts.length === 0
        ? []
        : [
            { key: "own", name: sides.own, values: [...parts.map(({ share }) => share), ...rest.map(({ own }) => own)] },
            { key: "all", name: sides.all, values: [...parts.map(({ compared_share }) => compared_share), ...rest.map(({ all }) => all)], comparison: true },
          ],
  };
}

export const WORDS_SHOWN = 20;

/** Words by how many of those who speak use them. */
export function wordsChart(words: Portrait["words"], title: string, sides: Sides): SeriesChart {
  const shown = words.slice(0, WORDS_SHOWN);
  return {
    kind: "bar",
    unit: "percent",
    horizontal: true,
    x: { title, kind: "text", values: shown.map(({ word }) => word) },
    series:
      shown.length === 0
        ? []
        : [
            { key: "own", name: sides.own, values: shown.map(({ share }) => share) },
            { key: "all", name: sides.all, values: shown.map(({ rest_share }) => rest_share), comparison: true },
          ],
  };
}

/** The share of all activity in each hour of the week. */
export function hoursChart(hours: Portrait["hours"], language: Language): HeatChart {
  const cells = new Map(hours.map((cell) => [`${cell.weekday}/${cell.hour}`, cell.share]));
  return {
    kind: "heat",
    unit: "percent",
    weekdays: weekdayNames(language),
    values: Array.from({ length: 7 }, (_, weekday) => Array.from({ length: 24 }, (_unused, hour) => cells.get(`${weekday + 1}/${hour}`) ?? null)),
  };
}
