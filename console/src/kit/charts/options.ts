/** ECharts options of a chart: colours, words and tooltips of ours, nothing of the library's own look. */
import type { EChartsCoreOption } from "echarts/core";

import { fontFamily, palettes, type ColorMode } from "../../design/tokens";
import type { Language } from "../../i18n/language";
import { plainText } from "../safeText";
import { flowOption, type FlowChart } from "./flow";
import { shade } from "./shade";
import {
  formatAxisValue,
  formatValue,
  hourText,
  xAxisText,
  xText,
  type ChartSpec,
  type HeatChart,
  type RetentionChart,
  type SeriesChart,
} from "./spec";

export interface Look {
  mode: ColorMode;
  language: Language;
  /** Spoken by screen readers in place of the picture. */
  summary: string;
  narrow: boolean;
}

interface TooltipRow {
  color?: string;
  name: string;
  value: string;
}

/** A DOM node, not HTML: names come from outside, and the content policy allows no style in markup. */
function tooltipNode(title: string, rows: readonly TooltipRow[]): HTMLElement {
  const node = document.createElement("div");
  node.className = "ht-tooltip";
  const head = node.appendChild(document.createElement("strong"));
  head.textContent = title;
  for (const row of rows) {
    const line = node.appendChild(document.createElement("div"));
    const dot = line.appendChild(document.createElement("i"));
    if (row.color) dot.style.background = row.color;
    const name = line.appendChild(document.createElement("bdi"));
    name.textContent = row.name;
    const value = line.appendChild(document.createElement("b"));
    value.textContent = row.value;
  }
  return node;
}

function base({ mode, summary }: Look): EChartsCoreOption {
  return {
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 240,
    backgroundColor: "transparent",
    textStyle: { fontFamily, fontSize: 12, color: palettes[mode].textSecondary },
    aria: { enabled: true, label: { description: summary } },
  };
}

const tooltipLook = (mode: ColorMode) => ({
  confine: true,
  backgroundColor: palettes[mode].raised,
  borderColor: palettes[mode].divider,
  textStyle: { color: palettes[mode].text, fontSize: 12, fontFamily },
  padding: 12,
});

const GAP = 8;
const LEGEND_HEIGHT = 32;

function seriesOption(chart: SeriesChart, look: Look): EChartsCoreOption {
  const { mode, language, narrow } = look;
  const color = palettes[mode];
  let next = 0;
  const drawn = chart.series.map((series) => {
    const shade = series.comparison ? color.textSecondary : (color.series[next++ % color.series.length] ?? color.primary);
    return { ...series, shownName: plainText(series.name), color: shade };
  });
  const legend = drawn.length > 1;
  const places = {
    type: "category",
    data: chart.x.values.map(plainText),
    boundaryGap: chart.kind === "bar",
    axisLine: { lineStyle: { color: color.border } },
    axisTick: { show: false },
    axisLabel: {
      color: color.textSecondary,
      ...(chart.horizontal ? { width: narrow ? 88 : 128, overflow: "truncate", interval: 0 } : { hideOverlap: true }),
      formatter: (value: string) => xAxisText(chart, value, language),
    },
  };
  const highest = Math.max(0, ...chart.series.flatMap((series) => series.values.map((value) => value ?? 0)));
  const lowest = Math.min(0, ...chart.series.flatMap((series) => series.values.map((value) => value ?? 0)));
  const figures = {
    type: "value",
    ...(lowest < 0 ? {} : { min: 0 }),
    ...(chart.unit === "percent" && highest > 0.8 && highest <= 1 ? { max: 1 } : {}), // no share is above 100 %
    splitNumber: narrow ? 3 : 4,
    ...(chart.unit === "count" ? { minInterval: 1 } : {}),
    splitLine: { lineStyle: { color: color.divider } },
    axisLabel: { color: color.textSecondary, hideOverlap: true, formatter: (value: number) => formatAxisValue(value, chart.unit, language) },
  };
  return {
    ...base(look),
    color: drawn.map((series) => series.color),
    grid: { left: GAP, right: GAP * 2, top: legend ? LEGEND_HEIGHT + GAP : GAP * 2, bottom: GAP, outerBoundsMode: "same" },
    ...(legend
      ? {
          legend: {
            type: "scroll",
            top: 0,
            left: 0,
            itemWidth: 14,
            itemHeight: 8,
            icon: "roundRect",
            textStyle: { color: color.text },
            pageTextStyle: { color: color.textSecondary },
            pageIconColor: color.text,
            pageIconInactiveColor: color.divider,
            data: drawn.map((series) => series.shownName),
          },
        }
      : {}),
    tooltip: {
      ...tooltipLook(mode),
      trigger: "axis",
      axisPointer: { type: chart.kind === "bar" ? "shadow" : "line", shadowStyle: { color: color.hover, opacity: 0.6 }, lineStyle: { color: color.border } },
      formatter: (points: { dataIndex: number }[]) => {
        const index = points[0]?.dataIndex ?? 0;
        return tooltipNode(
          plainText(xText(chart, chart.x.values[index] ?? "", language)),
          drawn.map((series) => ({ color: series.color, name: series.shownName, value: formatValue(series.values[index], chart.unit) })),
        );
      },
    },
    ...(chart.horizontal ? { xAxis: figures, yAxis: { ...places, inverse: true } } : { xAxis: places, yAxis: figures }),
    series: drawn.flatMap((series) => (chart.kind === "bar" ? [barOption(chart, series)] : lineOptions(chart, series))),
  };
}

type Drawn = SeriesChart["series"][number] & { shownName: string; color: string };

const OPEN_PIECE = "~open";

const lastIsOpen = (chart: SeriesChart, series: Drawn) => chart.x.open !== undefined && !series.comparison;

function barOption(chart: SeriesChart, series: Drawn): EChartsCoreOption {
  const last = lastIsOpen(chart, series) ? series.values.length - 1 : -1;
  return {
    id: series.key,
    name: series.shownName,
    type: "bar",
    data: series.values.map((value, index) => (index === last ? { value, itemStyle: { opacity: 0.45 } } : value)),
    barMaxWidth: 24,
    itemStyle: { borderRadius: chart.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0], ...(series.comparison ? { opacity: 0.45 } : {}) },
  };
}

function lineOptions(chart: SeriesChart, series: Drawn): EChartsCoreOption[] {
  const cut = lastIsOpen(chart, series) && chart.kind === "line" && series.values.length > 1 ? series.values.length - 1 : -1;
  const line = (id: string, data: readonly (number | null)[], dashed: boolean): EChartsCoreOption => ({
    id,
    name: series.shownName,
    type: "line",
    data: [...data],
    color: series.color,
    ...(chart.kind === "area" ? { stack: "all", areaStyle: { opacity: 0.35 } } : {}),
    symbol: "circle",
    symbolSize: 6,
    showSymbol: series.values.length === 1,
    lineStyle: { width: series.comparison ? 1.5 : 2, type: dashed ? [4, 4] : "solid" },
    z: series.comparison ? 1 : 2,
  });
  if (cut < 0) return [line(series.key, series.values, series.comparison === true)];
  return [
    line(series.key, series.values.map((value, index) => (index === cut ? null : value)), false),
    line(`${series.key}${OPEN_PIECE}`, series.values.map((value, index) => (index >= cut - 1 ? value : null)), true),
  ];
}

interface Grid {
  columns: string[];
  rows: string[];
  cells: [column: number, row: number, value: number][];
  text: (value: number) => string;
  /** Cells that carry their figure have their own colours, so that it can be read on each. */
  shaded: boolean;
}

function gridOption(grid: Grid, look: Look): EChartsCoreOption {
  const color = palettes[look.mode];
  const top = Math.max(...grid.cells.map((cell) => cell[2]), 0) || 1;
  return {
    ...base(look),
    grid: { left: GAP, right: GAP, top: GAP, bottom: GAP, outerBoundsMode: "same" },
    tooltip: {
      ...tooltipLook(look.mode),
      trigger: "item",
      formatter: (point: { value: [number, number, number] }) => {
        const [column, row, value] = point.value;
        return tooltipNode(`${grid.rows[row] ?? ""} ${grid.columns[column] ?? ""}`, [{ name: "", value: grid.text(value) }]);
      },
    },
    ...(grid.shaded ? {} : { visualMap: { show: false, min: 0, max: top, inRange: { color: [color.shadeStart, color.primary] } } }),
    xAxis: {
      type: "category",
      data: grid.columns,
      position: "top",
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: color.textSecondary, interval: look.narrow ? 5 : "auto" },
    },
    yAxis: {
      type: "category",
      data: grid.rows,
      inverse: true,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: color.textSecondary },
    },
    series: [
      {
        id: "cells",
        type: "heatmap",
        data: grid.shaded
          ? grid.cells.map((value) => {
              const { background, color: text } = shade(value[2], look.mode);
              return { value, itemStyle: { color: background }, label: { color: text } };
            })
          : grid.cells,
        itemStyle: { borderColor: color.surface, borderWidth: 2, borderRadius: 4 },
        emphasis: { itemStyle: { borderColor: color.text, borderWidth: 1 } },
        label: { show: grid.shaded, formatter: (point: { value: [number, number, number] }) => grid.text(point.value[2]) },
      },
    ],
  };
}

function heatGrid(chart: HeatChart): Grid {
  return {
    columns: Array.from({ length: 24 }, (_, hour) => hourText(hour)),
    rows: [...chart.weekdays],
    cells: chart.values.flatMap((row, weekday) =>
      row.flatMap((value, hour): Grid["cells"] => (value === null ? [] : [[hour, weekday, value]])),
    ),
    text: (value) => formatValue(value, chart.unit),
    shaded: false,
  };
}

/** Only for the PNG: on the page the triangle is a real table. */
function retentionGrid(chart: RetentionChart): Grid {
  return {
    columns: [...chart.periods],
    rows: chart.cohorts.map((cohort) => cohort.label),
    cells: chart.cohorts.flatMap((cohort, row) =>
      cohort.shares.flatMap((share, column): Grid["cells"] => (share === null ? [] : [[column, row, share]])),
    ),
    text: (value) => formatValue(value, "percent"),
    shaded: true,
  };
}

/** `top` leaves room for a title, in the PNG. */
export function flowOptionOf(chart: FlowChart, look: Look, top = 0): EChartsCoreOption {
  const color = palettes[look.mode];
  const drawn = flowOption(chart, { text: color.text, secondary: color.textSecondary, narrow: look.narrow, tooltip: tooltipNode }, top);
  return { ...base(look), ...drawn, tooltip: { ...tooltipLook(look.mode), ...(drawn.tooltip as object) } };
}

export function chartOption(chart: ChartSpec, look: Look): EChartsCoreOption {
  if (chart.kind === "flow") return flowOptionOf(chart, look);
  if (chart.kind === "heat") return gridOption(heatGrid(chart), look);
  if (chart.kind === "retention") return gridOption(retentionGrid(chart), look);
  return seriesOption(chart, look);
}
