import { expect, test } from "vitest";

import { chartCsv, csvCell, csvText } from "./csv";
import { fileName } from "./download";
import { chartTable, isEmptyChart, type RetentionChart, type SeriesChart } from "./spec";

const WORDS = { weekday: "星期", cohort: "加入日期", size: "人数", notYet: "" };

test.each([
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\rx", '"\'\rx"'],
  ["＝1", "'＝1"],
  ['a"b,c', '"a""b,c"'],
  ["两\n行", '"两\n行"'],
  ["plain", "plain"],
  [-12.5, "-12.5"],
  [null, ""],
])("%j is written %s", (value, written) => {
  expect(csvCell(value)).toBe(written);
});

test("the file starts with a byte order mark and ends its lines as Excel does", () => {
  expect(csvText([["日期", "数"], ["2026-11-22", 3]])).toBe("\uFEFF日期,数\r\n2026-11-22,3\r\n");
});

const line: SeriesChart = {
  kind: "line",
  unit: "percent",
  x: { title: "日期", kind: "days", values: ["2026-11-21", "2026-11-22"] },
  series: [{ key: "a", name: "=群", values: [0.25, null] }],
};

test("a chart, its table and its file say the same", () => {
  const table = chartTable(line, WORDS, "zh", new Date("2026-11-22"));
  expect(table.header).toEqual(["日期", "=群"]);
  expect(table.rows[0]).toEqual({
    key: "2026-11-21",
    name: "11月21日 周六",
    rawName: "2026-11-21",
    cells: [{ text: "25.0%", raw: 0.25, point: { series: "a", x: "2026-11-21", value: 0.25 } }],
  });
  expect(table.rows[1]?.cells).toEqual([{ text: "–", raw: null, point: null }]);
  expect(chartCsv(table)).toBe("\uFEFF日期,'=群\r\n2026-11-21,0.25\r\n2026-11-22,\r\n");
});

test("a cohort's future is empty, not zero", () => {
  const triangle: RetentionChart = {
    kind: "retention",
    periods: ["第 0 周", "第 1 周"],
    cohorts: [{ key: "2026-11-16", label: "11月16日", size: 12_000, shares: [1, null] }],
  };
  const table = chartTable(triangle, WORDS, "zh");
  expect(table.header).toEqual(["加入日期", "人数", "第 0 周", "第 1 周"]);
  expect(table.rows[0]?.cells.map((cell) => cell.text)).toEqual(["12,000", "100.0%", ""]);
  expect(isEmptyChart(triangle)).toBe(false);
  expect(isEmptyChart({ ...line, series: [{ key: "a", name: "a", values: [null, null] }] })).toBe(true);
});

test.each([
  ["谁留下来了？", "谁留下来了.csv"],
  ["a/b:c*?", "a b c.csv"],
  ["../..", "hutong.csv"],
])("%s is kept as %s", (title, name) => {
  expect(fileName(title, "csv")).toBe(name);
});
