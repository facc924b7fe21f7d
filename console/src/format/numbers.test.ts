import { expect, test } from "vitest";

import {
  formatBytes,
  formatChange,
  formatCompact,
  formatCount,
  formatDecimal,
  formatDifference,
  formatPercent,
  formatPoints,
  NO_VALUE,
} from "./numbers";

const plain = (text: string) => text.replaceAll("\u00A0", " ");

test.each([
  [0, "0"],
  [12_847, "12,847"],
  [-1_234_567, "−1,234,567"],
  [-0.2, "0"],
  [null, NO_VALUE],
  [Number.NaN, NO_VALUE],
])("a count of %s is %s", (value, text) => {
  expect(formatCount(value)).toBe(text);
});

test.each([
  [0, "0", "0"],
  [9_999, "9,999", "9,999"],
  [10_000, "1 万", "10 k"],
  [12_847, "1.28 万", "12.8 k"],
  [99_950, "10 万", "100 k"],
  [128_470, "12.8 万", "128 k"],
  [999_499, "99.9 万", "999 k"],
  [999_950, "100 万", "1 M"],
  [1_284_700, "128 万", "1.28 M"],
  [12_847_000, "1,285 万", "12.8 M"],
  [99_999_600, "1 亿", "100 M"],
  [128_470_000, "1.28 亿", "128 M"],
  [1_284_700_000, "12.8 亿", "1.28 B"],
  [-12_847, "−1.28 万", "−12.8 k"],
])("%s in a card is %s or %s", (value, zh, en) => {
  expect(plain(formatCompact(value, "zh"))).toBe(zh);
  expect(plain(formatCompact(value, "en"))).toBe(en);
});

test.each([
  [0.3416, "34.2%"],
  [1, "100.0%"],
  [0, "0.0%"],
  [-0.00001, "0.0%"],
  [undefined, NO_VALUE],
])("a share of %s is %s", (value, text) => {
  expect(formatPercent(value)).toBe(text);
});

test("a difference carries its sign and unit", () => {
  expect(formatChange(0.1234)).toBe("+12.3%");
  expect(formatChange(-0.1234)).toBe("−12.3%");
  expect(formatChange(0)).toBe("0.0%");
  expect(formatChange(0.0001)).toBe("0.0%");
  expect(plain(formatPoints(0.0123, "zh"))).toBe("+1.2 个百分点");
  expect(plain(formatPoints(-0.0123, "en"))).toBe("−1.2 pp");
  expect(formatDifference(120)).toBe("+120");
  expect(formatDifference(-12_000)).toBe("−12,000");
  expect(formatDecimal(3.14159)).toBe("3.1");
});

test.each([
  [0, "0 B"],
  [1023, "1,023 B"],
  [1536, "1.5 KB"],
  [1024 ** 3, "1.0 GB"],
  [1024 ** 2 - 1, "1.0 MB"],
])("%s bytes are %s", (bytes, text) => {
  expect(plain(formatBytes(bytes))).toBe(text);
});
