/** The colours of the console, light and dark. tokens.css and the antd theme are built from this table. */
export type ColorMode = "light" | "dark";

export interface Palette {
  primary: string;
  primaryHover: string;
  primaryActive: string;
  /** Text and icons on a primary or danger surface. */
  onSolid: string;
  /** A selected row, menu item or option. */
  selected: string;
  /** The head of the shading of heat maps and cohort tables (its tail is `primary`). */
  shadeStart: string;
  accent: string;
  page: string;
  surface: string;
  raised: string;
  text: string;
  textSecondary: string;
  /** Borders of inputs and other controls: at least 3:1 against surface and page. */
  border: string;
  /** Lines that only group; they carry no meaning. */
  divider: string;
  hover: string;
  success: string;
  warning: string;
  danger: string;
  dangerHover: string;
  info: string;
  successSoft: string;
  warningSoft: string;
  dangerSoft: string;
  infoSoft: string;
  focus: string;
  series: readonly string[];
}

export const palettes: Record<ColorMode, Palette> = {
  light: {
    primary: "#1F6F6B",
    primaryHover: "#2A7F7A",
    primaryActive: "#175754",
    onSolid: "#FFFFFF",
    selected: "#E3EFEE",
    shadeStart: "#EAF3F2",
    accent: "#C2412D",
    page: "#F6F5F2",
    surface: "#FFFFFF",
    raised: "#FFFFFF",
    text: "#1E2423",
    textSecondary: "#5A6462",
    border: "#858E8C",
    divider: "#E3E2DD",
    hover: "#F1F0EC",
    success: "#2E7D4F",
    warning: "#8F6200",
    danger: "#B3261E",
    dangerHover: "#C4362D",
    info: "#2B6CB0",
    successSoft: "#F0F8F2",
    warningSoft: "#FBF3E0",
    dangerSoft: "#FCECEA",
    infoSoft: "#E9F1FA",
    focus: "#1F6F6B",
    series: ["#1F6F6B", "#C2412D", "#7A5AA6", "#B7862B", "#3B82B8", "#5E8C31", "#7C8583"],
  },
  dark: {
    primary: "#4FB3AD",
    primaryHover: "#68C4BE",
    primaryActive: "#3E9A95",
    onSolid: "#0E1716",
    selected: "#1F3735",
    shadeStart: "#22302F",
    accent: "#E4735F",
    page: "#141615",
    surface: "#1D201F",
    raised: "#262A29",
    text: "#E6E9E8",
    textSecondary: "#A3ADAB",
    border: "#737D7B",
    divider: "#303534",
    hover: "#272B2A",
    success: "#6CC08B",
    warning: "#DDAE4A",
    danger: "#F0897F",
    dangerHover: "#F49E96",
    info: "#7DB1E6",
    successSoft: "#1C2E23",
    warningSoft: "#322A18",
    dangerSoft: "#3A2220",
    infoSoft: "#1C2A39",
    focus: "#68C4BE",
    series: ["#4FB3AD", "#E4735F", "#A68BD0", "#D9AB55", "#6BABDC", "#8DBB5E", "#9BA4A2"],
  },
};

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", Roboto, "Helvetica Neue", sans-serif';
export const monoFamily = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace';
export const shadow: Record<ColorMode, string> = {
  light: "0 4px 16px rgb(30 36 35 / 12%)",
  dark: "0 4px 16px rgb(0 0 0 / 48%)",
};

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The custom properties of one mode: `--ht-primary`, `--ht-text-secondary`, `--ht-series-1` ... */
export function cssVariables(mode: ColorMode): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(palettes[mode]) as [string, string | readonly string[]][]) {
    if (typeof value === "string") variables[`--ht-${kebab(name)}`] = value;
    else value.forEach((color, index) => (variables[`--ht-${kebab(name)}-${index + 1}`] = color));
  }
  variables["--ht-shadow"] = shadow[mode];
  return variables;
}
