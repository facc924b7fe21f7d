/** The colours of stages and bands, of the design's series; the shading of a cell by how many are in it. */
import { mix, readableOn } from "../design/contrast";
import { palettes, type ColorMode } from "../design/tokens";

const SERIES = ["teal", "red", "purple", "gold", "blue", "green", "gray"];

export function seriesColor(name: string, mode: ColorMode): string {
  const { series, textSecondary } = palettes[mode];
  return series[SERIES.indexOf(name)] ?? textSecondary;
}

const STAGES: Record<string, string> = {
  new: "purple",
  returned: "blue",
  active: "teal",
  quiet: "gold",
  lapsed: "red",
  high_value: "teal",
  repeat: "blue",
  first: "purple",
  potential: "gray",
};

export const stageColor = (stage: string, mode: ColorMode): string => seriesColor(STAGES[stage] ?? "gray", mode);

const SHARE_LEAST = 0.1;
const SHARE_MOST = 0.62;

/** Small counts differ most, so the shade follows the square root. */
export function cellColors(color: string, share: number, mode: ColorMode): { background: string; color: string } {
  const { surface, text, onSolid } = palettes[mode];
  const background = mix(surface, color, share === 0 ? SHARE_LEAST : SHARE_LEAST + (SHARE_MOST - SHARE_LEAST) * Math.sqrt(Math.min(1, share)));
  return { background, color: readableOn(background, [text, onSolid]) };
}
