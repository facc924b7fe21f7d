import { expect, test } from "vitest";

import { daysBehind, kindBehind } from "./Behind";
import { bucketOf, linesChart, retentionChart } from "./charts";
import type { Metric } from "./definitions";
import { parseAnalyticsSearch, parseReportSearch } from "./filters";
import { silentQuestion } from "./queries";
import { againstOf, countDays, daysOf, whoseOf } from "./scope";

test("an address keeps what is valid and drops the rest", () => {
  expect(parseReportSearch({ range: "90d", compare: "year", group: ["a", "b", "a"], channel: "telegram", x: "1" })).toEqual({
    range: "90d",
    compare: "year",
    group: ["a", "b"],
    channel: "telegram",
  });
  expect(parseReportSearch({ compare: "2026-01-01..2026-01-31" })).toEqual({ compare: "2026-01-01..2026-01-31" });
  expect(parseReportSearch({ range: "2026-13-01..2026-14-01", compare: "30d", group: "", channel: ["a"] })).toEqual({});
  expect(parseAnalyticsSearch({ view: "silent", unit: "year", metric: "dau", silence: "60d" })).toEqual({ view: "silent", metric: ["dau"], silence: "60d" });
});

test("the last days end today, yesterday where today is still empty, or where the data ended", () => {
  const today = "2026-11-22";
  const extent = (to: string) => ({ from: "2026-01-01", to });
  const busy = { today, extent: extent(today) };
  const quiet = { today, extent: extent("2026-11-21") };
  expect(daysOf(undefined, extent(today), busy)).toEqual({ from: "2026-10-24", to: today, endsAt: null });
  expect(daysOf("7d", extent("2026-11-21"), quiet)).toEqual({ from: "2026-11-15", to: "2026-11-21", endsAt: null });
  expect(daysOf("7d", extent("2026-11-18"), quiet)).toEqual({ from: "2026-11-15", to: "2026-11-21", endsAt: null });
  expect(daysOf("30d", extent("2017-03-01"), busy)).toEqual({ from: "2017-01-31", to: "2017-03-01", endsAt: "2017-03-01" });
  expect(daysOf("2016-01-01..2016-02-01", extent("2017-03-01"), busy)).toEqual({ from: "2016-01-01", to: "2016-02-01", endsAt: null });
  expect(daysOf("7d", null, { today, extent: null })).toEqual({ from: "2026-11-16", to: today, endsAt: null });
});

test("where others have a today, a community without one counts it too: the same days as in the list", () => {
  const today = "2026-11-22";
  const extent = (to: string) => ({ from: "2026-01-01", to });
  const workspace = { today, extent: extent(today) };
  expect(daysOf("30d", extent("2026-11-21"), workspace)).toEqual(daysOf("30d", workspace.extent, workspace));
});

test("days are counted with both ends", () => {
  expect(countDays({ from: "2026-02-27", to: "2026-03-01" })).toBe(3);
});

test("comparisons and scopes are told in the words of the API", () => {
  expect(againstOf(undefined)).toEqual({ compare: "previous" });
  expect(againstOf("2026-01-01..2026-01-31")).toEqual({ compare: "custom", compare_from: "2026-01-01", compare_to: "2026-01-31" });
  expect(whoseOf(undefined, {})).toEqual({});
  expect(whoseOf("c", { group: ["g"], channel: "qq", range: "7d" })).toEqual({ community: "c", group: ["g"], channel: "qq" });
  expect(silentQuestion({ community: "c", from: "2026-01-01", to: "2026-01-31", compare: "none" }, 30)).toEqual({ community: "c", to: "2026-01-31", days: 30 });
});

const metric = (key: string): Metric => ({
  key,
  name: key.toUpperCase(),
  definition: { text: "" },
  unit: "count",
  better: "up",
  change: "relative",
  kind: "value",
  has_series: true,
});
const lines = { unit: "week" as const, starts: ["2026-11-09", "2026-11-16"], ends: ["2026-11-15", "2026-11-22"], values: { dau: [5, 6], new: [1, 2] } };
const previous = { unit: "week" as const, starts: ["2026-10-26"], ends: ["2026-11-01"], values: { dau: [4] } };

test("both periods stand bucket by bucket, and a point knows its own days", () => {
  const words = { day: "日期", against: "前 14 天", open: "未过完", today: "2026-11-22" };
  expect(linesChart("line", [metric("dau")], lines, previous, words)).toEqual({
    kind: "line",
    unit: "count",
    x: { title: "日期", kind: "days", values: lines.starts, ends: lines.ends, open: "未过完" },
    series: [
      { key: "dau", name: "DAU", values: [5, 6] },
      { key: "before:dau", name: "前 14 天", values: [4, null], comparison: true },
    ],
  });
  expect(linesChart("bar", [metric("dau"), metric("new")], lines, null, { ...words, today: "2026-12-01" }).series.map(({ key }) => key)).toEqual(["dau", "new"]);
  expect(bucketOf(lines, previous, "before:dau", "2026-11-09")).toEqual({ metric: "dau", from: "2026-10-26", to: "2026-11-01" });
  expect(bucketOf(lines, previous, "dau", "2026-11-16")).toEqual({ metric: "dau", from: "2026-11-16", to: "2026-11-22" });
  expect(bucketOf(lines, previous, "before:dau", "2026-11-16")).toBeNull();
});

test("the list behind a figure spans the days that the figure counts", () => {
  const bucket = { from: "2026-11-16", to: "2026-11-22" };
  expect(daysBehind("wau", { from: "2026-11-22", to: "2026-11-22" })).toEqual({ from: "2026-11-16", to: "2026-11-22" });
  expect(daysBehind("mau", bucket)).toEqual({ from: "2026-10-24", to: "2026-11-22" });
  expect(daysBehind("dau_last", bucket)).toEqual({ from: "2026-11-22", to: "2026-11-22" });
  expect(daysBehind("messages", bucket)).toEqual(bucket);
  expect([kindBehind("wau"), kindBehind("replies"), kindBehind("churn")]).toEqual(["active", "repliers", undefined]);
});

test("the triangle has its average on top and ends where no cohort has come", () => {
  const day = { from: "2026-11-09", to: "2026-11-22", days: 14 };
  const chart = retentionChart(
    {
      scope: { community: null, groups: [], channel: "", time_zone: "UTC", today: "2026-11-22" },
      range: day,
      unit: "week",
      cohort: "active",
      periods: 2,
      cohorts: [
        { start: "2026-11-09", size: 10, retained: [10, 4, null], shares: [1, 0.4, null] },
        { start: "2026-11-16", size: 0, retained: [0, null, null], shares: [null, null, null] },
      ],
      averages: [
        { n: 0, size: 10, retained: 10, share: 1 },
        { n: 1, size: 10, retained: 4, share: 0.4 },
        { n: 2, size: 0, retained: 0, share: null },
      ],
    },
    { period: (n) => `第 ${n} 周`, average: "平均", cohort: "首次活跃" },
    "zh",
  );
  expect(chart).toEqual({
    kind: "retention",
    cohortTitle: "首次活跃",
    periods: ["第 0 周", "第 1 周"],
    cohorts: [
      { key: "average", label: "平均", size: 10, shares: [1, 0.4] },
      { key: "2026-11-09", label: "11月9日 周一", size: 10, shares: [1, 0.4] },
    ],
  });
});
