import { screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import { palettes } from "../../design/tokens";
import { show } from "../../testing/render";
import { NothingMatches } from "../EmptyState";
import { ChartCard } from "./ChartCard";
import { clickedPoint, nearestPoint } from "./Drawing";
import { chartOption, type Look } from "./options";
import { shade } from "./shade";
import { xText, type ChartPoint, type HeatChart, type RetentionChart, type SeriesChart } from "./spec";

const line: SeriesChart = {
  kind: "line",
  unit: "count",
  x: { title: "日期", kind: "days", values: ["2026-11-21", "2026-11-22"] },
  series: [
    { key: "now", name: "本期<b>", values: [12_847, 9] },
    { key: "before", name: "上期", values: [null, 8], comparison: true },
  ],
};
const heat: HeatChart = { kind: "heat", unit: "count", weekdays: ["周一"], values: [Array.from({ length: 24 }, (_, hour) => (hour === 21 ? 7 : null))] };
const triangle: RetentionChart = {
  kind: "retention",
  periods: ["第 0 周", "第 1 周"],
  cohorts: [{ key: "2026-11-16", label: "11月16日", size: 120, shares: [1, 0.25] }],
};
const look: Look = { mode: "light", language: "zh", summary: "s", narrow: false };

// jsdom draws no canvas: the engine is tried in a real browser (tests/console).
vi.mock("./engine", () => ({
  init: () => ({ setOption() {}, resize() {}, dispose() {}, on() {}, off() {}, isDisposed: () => false, getZr: () => ({ on() {}, off() {} }) }),
}));
afterEach(() => {
  vi.restoreAllMocks();
});

const card = (props: Partial<Parameters<typeof ChartCard>[0]>) => (
  <ChartCard title="来的人变多了吗？" scope="读书会" empty={<NothingMatches />} chart={line} {...props} />
);

test("the same figures as a picture with a summary, and as a table whose figures open", async () => {
  const drilled: ChartPoint[] = [];
  const { user } = show(card({ onDrill: (point) => drilled.push(point) }));
  expect(screen.getByRole("img", { name: /^来的人变多了吗？ 共 2 组数据，2 个点/ })).toBeTruthy();
  await user.click(screen.getByTitle("表"));
  const table = screen.getByRole("table", { name: "来的人变多了吗？" });
  expect(within(table).getAllByRole("columnheader").map((cell) => cell.textContent)).toEqual(["日期", "本期<b>", "上期"]);
  expect(within(table).getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["12,847", "–", "9", "8"]);
  await user.click(screen.getByRole("button", { name: /12,847/ }));
  expect(drilled).toEqual([{ series: "now", x: "2026-11-21", value: 12_847 }]);
});

test("a click in the plot means the nearest point of that column", () => {
  expect(nearestPoint(line, 1, 8.4)).toEqual({ series: "before", x: "2026-11-22", value: 8 });
  expect(nearestPoint(line, 1, 8.6)).toEqual({ series: "now", x: "2026-11-22", value: 9 });
  expect(nearestPoint(line, 0, 0)).toEqual({ series: "now", x: "2026-11-21", value: 12_847 });
  expect(nearestPoint(line, 2, 0)).toBeNull();
});

test("a bucket that is not over says so and is drawn apart", () => {
  const open: SeriesChart = { ...line, x: { ...line.x, open: "未过完" } };
  const option = chartOption(open, look) as { series: { id: string; data: (number | null)[]; lineStyle: { type: unknown } }[] };
  expect(option.series.map(({ id, data }) => [id, data])).toEqual([
    ["now", [12_847, null]],
    ["now~open", [12_847, 9]],
    ["before", [null, 8]],
  ]);
  expect(option.series[1]?.lineStyle.type).toEqual([4, 4]);
  expect(xText(open, "2026-11-22", "zh", new Date("2026-11-22"))).toBe("11月22日 周日 (未过完)");
  const bars = chartOption({ ...open, kind: "bar" }, look) as { series: { data: unknown[] }[] };
  expect(bars.series[0]?.data).toEqual([12_847, { value: 9, itemStyle: { opacity: 0.45 } }]);
});

test("names stand for ids, the first bar on top", () => {
  const ranking: SeriesChart = {
    kind: "bar",
    horizontal: true,
    unit: "count",
    x: { title: "成员", kind: "text", values: ["a1", "a2"], names: ["王芳", "王芳"] },
    series: [{ key: "messages", name: "消息", values: [5, 3] }],
  };
  const option = chartOption(ranking, look) as { yAxis: { inverse: boolean; data: string[]; axisLabel: { formatter: (id: string) => string } } };
  expect(option.yAxis.inverse).toBe(true);
  expect(option.yAxis.axisLabel.formatter("a2")).toBe("王芳");
  expect(clickedPoint(ranking, { dataIndex: 1, seriesId: "messages", value: 3 })).toEqual({ series: "messages", x: "a2", value: 3 });
});

test("the file is the table", async () => {
  const blobs: Blob[] = [];
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: (blob: Blob) => (blobs.push(blob), "blob:x"), revokeObjectURL: () => undefined }));
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  const { user } = show(card({}));
  await user.click(screen.getByRole("button", { name: "下载: 来的人变多了吗？" }));
  await user.click(await screen.findByRole("menuitem", { name: "下载 CSV" }));
  expect(names).toEqual(["来的人变多了吗.csv"]);
  const bytes = new Uint8Array(await new Response(await blobs[0]!.arrayBuffer()).arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder().decode(bytes)).toBe("日期,本期<b>,上期\r\n2026-11-21,12847,\r\n2026-11-22,9,8\r\n");
});

test("cohorts are a real table, shaded so that they can be read", () => {
  show(card({ chart: triangle }));
  const cells = screen.getAllByRole("cell");
  expect(cells.map((cell) => cell.textContent)).toEqual(["120", "100.0%", "25.0%"]);
  expect(shade(1, "light")).toEqual({ background: palettes.light.primary.toUpperCase(), color: "#FFFFFF" });
  expect(shade(0, "dark").background).toBe(palettes.dark.shadeStart.toUpperCase());
  expect(screen.queryByTitle("表")).toBeNull();
});

test("loading, silence and failure keep their place", () => {
  const { rerender } = show(card({ chart: undefined }));
  expect(screen.getByRole("status", { name: "正在加载" })).toBeTruthy();
  rerender(card({ chart: { ...line, series: [] } }));
  expect(screen.getByText("没有符合条件的内容")).toBeTruthy();
  rerender(card({ error: new Error("x"), onRetry: () => undefined }));
  expect(screen.getByRole("alert")).toBeTruthy();
});

test("a click finds its point", () => {
  expect(clickedPoint(line, { dataIndex: 1, seriesId: "now", value: 9 })).toEqual({ series: "now", x: "2026-11-22", value: 9 });
  expect(clickedPoint(line, { dataIndex: 0, seriesId: "before", value: null })).toBeNull();
  expect(clickedPoint(heat, { dataIndex: 0, value: [21, 0, 7] })).toEqual({ series: "0", x: "21", value: 7 });
  expect(clickedPoint(triangle, { dataIndex: 0, value: 1 })).toBeNull();
});

test("tooltips are nodes, never markup", () => {
  const { tooltip } = chartOption(line, look) as { tooltip: { formatter: (points: { dataIndex: number; seriesIndex: number }[]) => HTMLElement } };
  const node = tooltip.formatter([{ dataIndex: 0, seriesIndex: 0 }]);
  expect(node.querySelector("bdi")?.textContent).toBe("本期<b>");
  expect(node.querySelector("div > b")?.textContent).toBe("12,847");
});
