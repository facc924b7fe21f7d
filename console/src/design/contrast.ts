/** WCAG contrast between two #RRGGBB colours, 1 to 21, and mixing of the two. */
const channels = (hex: string): [number, number, number] => {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!match) throw new RangeError(`not a #RRGGBB colour: ${hex}`);
  return [parseInt(match[1] ?? "", 16), parseInt(match[2] ?? "", 16), parseInt(match[3] ?? "", 16)];
};

const linear = (value: number) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

function luminance(hex: string): number {
  const [red, green, blue] = channels(hex);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** `from` at share 0, `to` at share 1. */
export function mix(from: string, to: string, share: number): string {
  const [start, end] = [channels(from), channels(to)];
  const part = (index: 0 | 1 | 2) =>
    Math.round(start[index] + (end[index] - start[index]) * Math.min(1, Math.max(0, share)))
      .toString(16)
      .padStart(2, "0");
  return `#${part(0)}${part(1)}${part(2)}`.toUpperCase();
}

export const TEXT_CONTRAST_MIN = 4.5;
const EXTREMES = ["#000000", "#FFFFFF"] as const;

/** The candidate that reads best on `background`; where none is enough, black or white, one of which always is. */
export function readableOn(background: string, candidates: readonly string[]): string {
  const best = (colors: readonly string[]) =>
    colors.reduce((one, other) => (contrast(background, other) > contrast(background, one) ? other : one));
  const chosen = best(candidates);
  return contrast(background, chosen) >= TEXT_CONTRAST_MIN ? chosen : best(EXTREMES);
}
