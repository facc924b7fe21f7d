/** Numbers as people read them: whole in tables, shortened in cards, one digit in percentages, a sign on differences. */
import type { Language } from "../i18n/language";

export const NO_VALUE = "–";
const MINUS = "\u2212";
const SPACE = "\u00A0";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

type Value = number | null | undefined;
const missing = (value: Value): value is null | undefined => value == null || !Number.isFinite(value);
const withMinus = (text: string) => (/^-[0.,]*$/.test(text) ? text.slice(1) : text.replace("-", MINUS));

/** 12847 -> 12,847 */
export function formatCount(value: Value): string {
  return missing(value) ? NO_VALUE : withMinus(whole.format(value));
}

/** 3.14159 -> 3.1; used for means such as messages per speaker. */
export function formatDecimal(value: Value): string {
  return missing(value) ? NO_VALUE : withMinus(oneDigit.format(value));
}

const steps: Record<Language, readonly (readonly [number, string])[]> = {
  zh: [
    [1e8, "亿"],
    [1e4, "万"],
  ],
  en: [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ],
};
const SHORTEN_FROM = 10_000;

/** 12847 -> 1.28 万 or 12.8 k; three digits that count, and whole below ten thousand. */
export function formatCompact(value: Value, language: Language): string {
  if (missing(value)) return NO_VALUE;
  const size = Math.abs(Math.round(value));
  if (size < SHORTEN_FROM) return formatCount(value);
  const shown = (unit: number) => {
    const parts = size / unit;
    const digits = parts < 9.995 ? 2 : parts < 99.95 ? 1 : 0;
    return Number(parts.toFixed(digits));
  };
  // A unit is used as soon as the rounded figure reaches 1 of it: 999,950 is 1 M, not 1,000 k.
  const table = steps[language];
  const [unit, name] =
    table.find(([candidate], index) => {
      const smaller = table[index + 1];
      return size >= candidate || (smaller !== undefined && shown(smaller[0]) * smaller[0] >= candidate);
    }) ?? [1, ""];
  const sign = value < 0 ? MINUS : "";
  return `${sign}${new Intl.NumberFormat("en-US").format(shown(unit))}${SPACE}${name}`;
}

/** 0.3416 -> 34.2% */
export function formatPercent(share: Value): string {
  return missing(share) ? NO_VALUE : `${withMinus(oneDigit.format(share * 100))}%`;
}

const signed = (value: number, text: string) => (value > 0 && /[1-9]/.test(text) ? `+${text}` : text);

/** The relative difference to what it is compared with: 0.123 -> +12.3% */
export function formatChange(share: Value): string {
  return missing(share) ? NO_VALUE : signed(share, formatPercent(share));
}

/** The difference of two shares, in percentage points: 0.012 -> +1.2 个百分点 */
export function formatPoints(difference: Value, language: Language): string {
  if (missing(difference)) return NO_VALUE;
  const text = signed(difference, formatDecimal(difference * 100));
  return `${text}${SPACE}${language === "zh" ? "个百分点" : "pp"}`;
}

/** The difference of two counts: -120 -> −120 */
export function formatDifference(difference: Value): string {
  return missing(difference) ? NO_VALUE : signed(difference, formatCount(difference));
}

const byteUnits = ["B", "KB", "MB", "GB", "TB"] as const;

/** 1536 -> 1.5 KB; units of 1024, as file managers show them. */
export function formatBytes(bytes: Value): string {
  if (missing(bytes)) return NO_VALUE;
  let size = bytes;
  let index = 0;
  while (size >= 1023.95 && index < byteUnits.length - 1) {
    size /= 1024;
    index += 1;
  }
  return `${index === 0 ? formatCount(size) : formatDecimal(size)}${SPACE}${byteUnits[index] ?? "TB"}`;
}
