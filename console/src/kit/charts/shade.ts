/** The colours of one cell of a cohort triangle. */
import { mix, readableOn } from "../../design/contrast";
import { palettes, type ColorMode } from "../../design/tokens";

/** Small shares differ most, so the shade follows the square root. */
export function shade(share: number, mode: ColorMode): { background: string; color: string } {
  const { shadeStart, primary, text, onSolid } = palettes[mode];
  const background = mix(shadeStart, primary, Math.sqrt(Math.max(0, Math.min(1, share))));
  return { background, color: readableOn(background, [text, onSolid]) };
}
