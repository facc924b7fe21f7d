/** A flow between columns: how many went from which state to which. */
import type { EChartsCoreOption } from "echarts/core";

import { formatCount } from "../../format/numbers";
import type { ChartTable } from "./spec";

export interface FlowNode {
  key: string;
  /** Which column, counted from the left. */
  column: number;
  name: string;
  color: string;
  value: number;
}

export interface FlowLink {
  /** Keys of nodes of neighbouring columns. */
  from: string;
  to: string;
  value: number;
}

export interface FlowChart {
  kind: "flow";
  columns: readonly string[];
  nodes: readonly FlowNode[];
  links: readonly FlowLink[];
  /** The heads of the table: between what, from, to, how many. */
  words: { between: string; from: string; to: string; count: string };
}

export function flowTable(chart: FlowChart): ChartTable {
  const nodes = new Map(chart.nodes.map((node) => [node.key, node]));
  const word = (text: string) => ({ text, raw: text, point: null });
  return {
    header: [chart.words.between, chart.words.from, chart.words.to, chart.words.count],
    rows: chart.links.flatMap((link) => {
      const [from, to] = [nodes.get(link.from), nodes.get(link.to)];
      if (!from || !to) return [];
      const between = `${chart.columns[from.column] ?? ""} – ${chart.columns[to.column] ?? ""}`;
      return [{ key: `${link.from} ${link.to}`, name: between, rawName: between, cells: [word(from.name), word(to.name), { text: formatCount(link.value), raw: link.value, point: null }] }];
    }),
  };
}

export interface FlowLook {
  text: string;
  secondary: string;
  narrow: boolean;
  tooltip: (title: string, rows: { name: string; value: string }[]) => HTMLElement;
}

const GAP = 8;
const HEAD = 24;

/** Places are given by the column; heads of columns stand above them. */
export function flowOption(chart: FlowChart, look: FlowLook, top = 0): EChartsCoreOption {
  const nodes = new Map(chart.nodes.map((node) => [node.key, node]));
  const last = chart.columns.length - 1;
  const label = (key: string) => nodes.get(key)?.name ?? "";
  return {
    grid: { show: false, top, left: GAP, right: GAP, bottom: GAP },
    xAxis: {
      type: "category",
      data: [...chart.columns],
      position: "top",
      offset: -HEAD,
      axisLine: { show: false },
      axisTick: { show: false },
      axisPointer: { show: false },
      boundaryGap: false,
      axisLabel: { color: look.secondary, hideOverlap: true, alignMinLabel: "left", alignMaxLabel: "right" },
    },
    yAxis: { type: "value", show: false },
    series: [
      {
        id: "flow",
        type: "sankey",
        left: GAP,
        right: GAP,
        top: top + HEAD + GAP,
        bottom: GAP,
        nodeWidth: look.narrow ? 8 : 14,
        nodeGap: 10,
        nodeAlign: "left",
        layoutIterations: 0,
        draggable: false,
        emphasis: { focus: "adjacency" },
        data: chart.nodes.map((node) => ({
          name: node.key,
          depth: node.column,
          value: node.value,
          itemStyle: { color: node.color, borderWidth: 0 },
          label: {
            show: !look.narrow || node.column === 0 || node.column === last,
            position: node.column === last ? "left" : "right",
          },
        })),
        links: chart.links.map(({ from, to, value }) => ({ source: from, target: to, value })),
        lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
        label: { color: look.text, fontSize: 12, formatter: ({ name }: { name: string }) => label(name) },
      },
    ],
    tooltip: {
      trigger: "item",
      formatter: (point: { dataType?: string; name: string; data: { source?: string; target?: string; value: number } }) => {
        const { source, target, value } = point.data;
        if (point.dataType === "edge" && source !== undefined && target !== undefined) {
          const [from, to] = [nodes.get(source), nodes.get(target)];
          const between = `${chart.columns[from?.column ?? 0] ?? ""} – ${chart.columns[to?.column ?? 0] ?? ""}`;
          return look.tooltip(between, [{ name: `${label(source)} → ${label(target)}`, value: formatCount(value) }]);
        }
        const node = nodes.get(point.name);
        return look.tooltip(chart.columns[node?.column ?? 0] ?? "", [{ name: label(point.name), value: formatCount(node?.value) }]);
      },
    },
  };
}
