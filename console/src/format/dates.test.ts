import { expect, test } from "vitest";

import {
  addDays,
  mondayOf,
  formatAxisDay,
  formatDateTime,
  formatDay,
  formatDuration,
  formatRelative,
  formatZone,
  localDay,
  weekdayNames,
} from "./dates";

const NOW = new Date("2026-11-22T06:05:00Z");
const SHANGHAI = "Asia/Shanghai";

test("a time is told in the community's zone, with the year only when it is another", () => {
  expect(formatDateTime(NOW, SHANGHAI, "zh", NOW)).toBe("11月22日 周日 14:05");
  expect(formatDateTime(NOW, SHANGHAI, "en", NOW)).toBe("Sun 22 Nov, 14:05");
  expect(formatDateTime("2025-11-22T17:00:00Z", SHANGHAI, "zh", NOW)).toBe("2025年11月23日 周日 01:00");
  expect(formatDateTime("2025-12-31T16:30:00Z", SHANGHAI, "en", NOW)).toBe("Thu 1 Jan, 00:30");
  expect(formatDateTime("2025-11-22T17:00:00Z", "America/New_York", "en", NOW)).toBe("Sat 22 Nov 2025, 12:00");
  expect(formatDateTime(null, SHANGHAI, "zh", NOW)).toBe("–");
  expect(formatDateTime("nonsense", SHANGHAI, "zh", NOW)).toBe("–");
});

test("a local day has no zone", () => {
  expect(formatDay("2026-11-22", "zh", NOW)).toBe("11月22日 周日");
  expect(formatDay("2026-11-22", "en", NOW)).toBe("Sun 22 Nov");
  expect(formatDay("2024-02-29", "en", NOW)).toBe("Thu 29 Feb 2024");
  expect(formatDay("2026-02-30", "zh", NOW)).toBe("–");
  expect(formatAxisDay("2026-11-02", "zh")).toBe("11/2");
  expect(formatAxisDay("2026-11-02", "en")).toBe("2 Nov");
  expect(localDay("2026-11-21T16:30:00Z", SHANGHAI)).toBe("2026-11-22");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(["2026-11-16", "2026-11-20", "2026-11-22", "2026-11-23"].map(mondayOf)).toEqual(["2026-11-16", "2026-11-16", "2026-11-16", "2026-11-23"]);
});

test("the zone is named with its offset at that time", () => {
  expect(formatZone(NOW, SHANGHAI)).toBe("Asia/Shanghai (UTC+8)");
  expect(formatZone(NOW, "Asia/Kolkata")).toBe("Asia/Kolkata (UTC+5:30)");
  expect(formatZone("2026-07-01T00:00:00Z", "America/New_York")).toBe("America/New_York (UTC−4)");
  expect(formatZone("2026-01-01T00:00:00Z", "America/New_York")).toBe("America/New_York (UTC−5)");
});

test.each([
  ["2026-11-22T06:04:30Z", "刚刚", "just now"],
  ["2026-11-22T06:02:00Z", "3分钟前", "3 minutes ago"],
  ["2026-11-21T07:00:00Z", "23小时前", "23 hours ago"],
  ["2026-11-22T06:35:00Z", "30分钟后", "in 30 minutes"],
  ["2026-11-21T06:05:00Z", "11月21日 周六 14:05", "Sat 21 Nov, 14:05"],
])("%s is %s / %s", (at, zh, en) => {
  expect(formatRelative(at, SHANGHAI, "zh", NOW)).toBe(zh);
  expect(formatRelative(at, SHANGHAI, "en", NOW)).toBe(en);
});

test.each([
  [0, "0 秒", "0 s"],
  [45, "45 秒", "45 s"],
  [89, "1 分钟", "1 min"],
  [3_600, "1 小时", "1 h"],
  [7_500, "2 小时 5 分钟", "2 h 5 min"],
])("%s seconds last %s / %s", (seconds, zh, en) => {
  expect(formatDuration(seconds, "zh")).toBe(zh);
  expect(formatDuration(seconds, "en")).toBe(en);
});

test("weeks start on Monday", () => {
  expect(weekdayNames("zh")).toEqual(["周一", "周二", "周三", "周四", "周五", "周六", "周日"]);
  expect(weekdayNames("en")).toEqual(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
});
