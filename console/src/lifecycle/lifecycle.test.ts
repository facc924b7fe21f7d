import { expect, test } from "vitest";

import { contrast, TEXT_CONTRAST_MIN } from "../design/contrast";
import { flowOption, flowTable } from "../kit/charts/flow";
import { chartTable, isEmptyChart } from "../kit/charts/spec";
import { cellColors, seriesColor } from "./colors";
import { parseLifeCycleSearch, parseRFMSearch } from "./filters";
import { flowChart } from "./FlowCard";

const words = { between: "从…到…", from: "原来", to: "后来", count: "人数", notYet: "还没来", stage: (stage: string) => `<${stage}>` };
const flow = {
  months: ["2026-09-30", "2026-10-31", "2026-11-22"],
  nodes: [
    { month: "2026-09-30", stage: "active", members: 3 },
    { month: "2026-09-30", stage: "", members: 9 },
    { month: "2026-10-31", stage: "active", members: 1 },
    { month: "2026-10-31", stage: "quiet", members: 2 },
    { month: "2026-10-31", stage: "new", members: 4 },
    { month: "2026-10-31", stage: "", members: 5 },
    { month: "2026-11-22", stage: "quiet", members: 7 },
  ],
  links: [
    { month: "2026-09-30", from: "active", to: "active", members: 1 },
    { month: "2026-09-30", from: "active", to: "quiet", members: 2 },
    { month: "2026-09-30", from: "", to: "new", members: 4 },
    { month: "2026-09-30", from: "", to: "", members: 5 },
  ],
};

test("a flow draws stages by month, and of those not here yet only the ones who came", () => {
  const chart = flowChart(flow, words, "light", "zh");
  expect(chart.nodes.map(({ key, column, name, value }) => [key, column, name, value])).toEqual([
    ["2026-09-30/active", 0, "<active>", 3],
    ["2026-09-30/", 0, "还没来", 4],
    ["2026-10-31/active", 1, "<active>", 1],
    ["2026-10-31/quiet", 1, "<quiet>", 2],
    ["2026-10-31/new", 1, "<new>", 4],
  ]);
  expect(chart.links).toEqual([
    { from: "2026-09-30/active", to: "2026-10-31/active", value: 1 },
    { from: "2026-09-30/active", to: "2026-10-31/quiet", value: 2 },
    { from: "2026-09-30/", to: "2026-10-31/new", value: 4 },
  ]);
  const table = chartTable(chart, { weekday: "", cohort: "", size: "", notYet: "" }, "zh");
  expect(table).toEqual(flowTable(chart));
  expect(table.rows.map(({ name, cells }) => [name, ...cells.map(({ raw }) => raw)])).toEqual([
    ["9月30日 周三 – 10月31日 周六", "<active>", "<active>", 1],
    ["9月30日 周三 – 10月31日 周六", "<active>", "<quiet>", 2],
    ["9月30日 周三 – 10月31日 周六", "还没来", "<new>", 4],
  ]);
  expect(isEmptyChart(chart)).toBe(false);
  expect(isEmptyChart({ ...chart, links: [] })).toBe(true);
  const option = flowOption(chart, { text: "#000", secondary: "#000", narrow: true, tooltip: () => document.createElement("div") }) as { series: [{ data: unknown[]; links: unknown[] }] };
  expect([option.series[0].data.length, option.series[0].links.length]).toEqual([5, 3]);
});

test("figures can be read on every cell, in both modes", () => {
  for (const mode of ["light", "dark"] as const)
    for (const name of ["teal", "red", "purple", "gold", "blue", "green", "gray"])
      for (let share = 0; share <= 1; share += 0.05) {
        const { background, color } = cellColors(seriesColor(name, mode), share, mode);
        expect(contrast(background, color), `${mode} ${name} ${share}`).toBeGreaterThanOrEqual(TEXT_CONTRAST_MIN);
      }
});

test("addresses hold what can be asked", () => {
  expect(parseLifeCycleSearch({ kind: "purchase", months: "12" })).toEqual({ kind: "purchase", months: 12 });
  expect(parseLifeCycleSearch({ kind: "activity", months: 6 })).toEqual({});
  expect(parseLifeCycleSearch({ kind: "x", months: "7" })).toEqual({});
  expect(parseRFMSearch({ date: "2026-11-01", basis: "activity" })).toEqual({ date: "2026-11-01", basis: "activity" });
  expect(parseRFMSearch({ date: "2026-13-01", basis: "money" })).toEqual({});
});
