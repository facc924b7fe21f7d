/** The picture of a chart with its title, drawn off the page at a size fit for a slide. */
import { fontFamily, palettes } from "../../design/tokens";
import { chartOption, flowOptionOf, type Look } from "./options";
import type { ChartSpec } from "./spec";

const WIDTH = 1200;
const HEIGHT = 630;
const ROW_HEIGHT = 30;
const HEIGHT_MAX = 4_000;
const HEAD = 64;

export async function chartPng(chart: ChartSpec, title: string, subtitle: string, look: Look): Promise<Blob> {
  const { init } = await import("./engine");
  const color = palettes[look.mode];
  const height = chart.kind === "retention" ? Math.min(HEIGHT_MAX, Math.max(HEIGHT, chart.cohorts.length * ROW_HEIGHT + 2 * HEAD)) : HEIGHT;
  const engine = init(document.createElement("div"), null, { renderer: "canvas", width: WIDTH, height, devicePixelRatio: 2 });
  try {
    const wide = { ...look, narrow: false };
    const option = chart.kind === "flow" ? flowOptionOf(chart, wide, HEAD + 16) : chartOption(chart, wide);
    const grid = option.grid as { top: number };
    const legend = option.legend as { top: number } | undefined;
    engine.setOption({
      ...option,
      animation: false,
      aria: { enabled: false },
      title: {
        text: title,
        subtext: subtitle,
        left: 24,
        top: 16,
        itemGap: 6,
        textStyle: { color: color.text, fontFamily, fontSize: 20, fontWeight: 600 },
        subtextStyle: { color: color.textSecondary, fontFamily, fontSize: 13 },
      },
      ...(chart.kind === "flow" ? {} : { grid: { ...grid, left: 24, right: 32, bottom: 24, top: grid.top + HEAD + 16 } }),
      ...(legend ? { legend: { ...legend, left: 24, top: HEAD + 8 } } : {}),
    });
    const canvas = engine.renderToCanvas({ pixelRatio: 2, backgroundColor: color.surface });
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error("the browser could not encode the picture"));
      }, "image/png");
    });
  } finally {
    engine.dispose();
  }
}
