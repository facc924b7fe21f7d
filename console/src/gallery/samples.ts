/** Made-up figures for the gallery; deterministic, so that pictures of it can be compared. */
import { addDays } from "../format/dates";
import type { HeatChart, RetentionChart, SeriesChart } from "../kit/charts/spec";

export const ZONE = "Asia/Shanghai";
const FIRST_DAY = "2026-10-24";
const DAYS = 30;

const wave = (index: number, seed: number) => Math.sin(index * 0.9 + seed) * 0.18 + Math.sin(index * 0.31 + seed * 2) * 0.12;
const days = Array.from({ length: DAYS }, (_, index) => addDays(FIRST_DAY, index));
const series = (level: number, seed: number, slope = 0.006) =>
  days.map((_, index) => Math.round(level * (1 + wave(index, seed) + slope * index)));

export const trend = series(820, 1);

export function activeMembers(words: { day: string; now: string; before: string }): SeriesChart {
  return {
    kind: "line",
    unit: "count",
    x: { title: words.day, kind: "days", values: days },
    series: [
      { key: "now", name: words.now, values: trend },
      { key: "before", name: words.before, values: series(760, 4, 0.001), comparison: true },
    ],
  };
}

export function messagesByGroup(day: string): SeriesChart {
  const groups = ["早起读书群", "<b>南城</b> 跑团", "מועדון\u202Eקריאה 📚", "=SUM(A1:A9)"];
  return {
    kind: "area",
    unit: "count",
    x: { title: day, kind: "days", values: days },
    series: groups.map((name, index) => ({ key: `g${index}`, name, values: series(900 - index * 190, index + 2) })),
  };
}

export function newAndLeft(words: { day: string; joined: string; left: string }): SeriesChart {
  return {
    kind: "bar",
    unit: "count",
    x: { title: words.day, kind: "days", values: days.slice(-14) },
    series: [
      { key: "joined", name: words.joined, values: series(42, 3).slice(-14) },
      { key: "left", name: words.left, values: series(17, 6).slice(-14) },
    ],
  };
}

export function hours(weekdays: string[]): HeatChart {
  const evening = (hour: number, weekend: boolean) =>
    Math.exp(-((hour - 20.5) ** 2) / 9) + 0.55 * Math.exp(-((hour - 12.5) ** 2) / 4) + (weekend ? 0.4 * Math.exp(-((hour - 15) ** 2) / 12) : 0);
  return {
    kind: "heat",
    unit: "count",
    weekdays,
    values: weekdays.map((_, weekday) =>
      Array.from({ length: 24 }, (_unused, hour) => Math.round(420 * evening(hour, weekday > 4) * (1 + wave(hour, weekday)))),
    ),
  };
}

export function retention(period: (index: number) => string, cohort: (day: string) => string): RetentionChart {
  const weeks = 8;
  return {
    kind: "retention",
    periods: Array.from({ length: weeks }, (_, index) => period(index)),
    cohorts: Array.from({ length: weeks }, (_, row) => {
      const day = addDays("2026-09-28", row * 7);
      return {
        key: day,
        label: cohort(day),
        size: 180 + Math.round(wave(row, 2) * 200),
        shares: Array.from({ length: weeks }, (_unused, index) =>
          index > weeks - 1 - row ? null : index === 0 ? 1 : Math.max(0.05, 0.52 / index ** 0.55 + wave(row + index, 5) * 0.1),
        ),
      };
    }),
  };
}

export interface Person {
  id: string;
  name: string;
  group: string;
  messages: number;
  last: string;
}

const names = ["林小满", "Zoë Ångström", "王\u200B小\u200B明", "محمد علي", "<script>alert(1)</script>", "=1+1", "👩‍👩‍👧 一家人", "\u202Egnp.exe", "  ", "陈一二三四五六七八九十".repeat(4)];

export const people: Person[] = names.map((name, index) => ({
  id: `person-${index}`,
  name,
  group: index % 2 ? "早起读书群" : "南城跑团",
  messages: 12_847 - index * 1_113,
  last: `2026-11-${String(22 - index).padStart(2, "0")}T06:05:00Z`,
}));
