/** Dates and times in the community's zone, in the words of the reader's language. */
import dayjs, { type Dayjs } from "dayjs";
import "dayjs/locale/en-gb";
import "dayjs/locale/zh-cn";
import customParseFormat from "dayjs/plugin/customParseFormat";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";

import type { Language } from "../i18n/language";
import { NO_VALUE } from "./numbers";

dayjs.extend(utc);
dayjs.extend(timezone);
dayjs.extend(customParseFormat);

export const dayjsLocale: Record<Language, string> = { zh: "zh-cn", en: "en-gb" };

/** An instant: ISO 8601 with a zone, or a Date. */
export type Instant = string | Date;

const HOUR = 3_600;
const DAY = 24 * HOUR;

const at = (instant: Instant, zone: string, language: Language): Dayjs =>
  dayjs(instant).tz(zone).locale(dayjsLocale[language]);

function datePattern(language: Language, withYear: boolean): string {
  if (language === "zh") return withYear ? "YYYY年M月D日 ddd" : "M月D日 ddd";
  return withYear ? "ddd D MMM YYYY" : "ddd D MMM";
}

/** 11月22日 周日 14:05 / Sun 22 Nov, 14:05; the year only where it is not the current one. */
export function formatDateTime(instant: Instant | null | undefined, zone: string, language: Language, now = new Date()): string {
  if (instant == null) return NO_VALUE;
  const local = at(instant, zone, language);
  if (!local.isValid()) return NO_VALUE;
  const pattern = datePattern(language, local.year() !== at(now, zone, language).year());
  return local.format(language === "zh" ? `${pattern} HH:mm` : `${pattern}, HH:mm`);
}

/** A local day as the API gives it, YYYY-MM-DD: 11月22日 周日 / Sun 22 Nov. It has no zone, so none is applied. */
export function formatDay(day: string | null | undefined, language: Language, now = new Date()): string {
  const local = dayjs(day ?? "", "YYYY-MM-DD", true);
  if (!local.isValid()) return NO_VALUE;
  return local.locale(dayjsLocale[language]).format(datePattern(language, local.year() !== now.getFullYear()));
}

/** 14:05, under a heading that says the day. */
export function formatClock(instant: Instant, zone: string): string {
  const local = dayjs(instant).tz(zone);
  return local.isValid() ? local.format("HH:mm") : NO_VALUE;
}

/** A local day on the axis of a chart: 11/22 or 22 Nov. */
export function formatAxisDay(day: string, language: Language): string {
  const local = dayjs(day, "YYYY-MM-DD", true);
  return local.isValid() ? local.locale(dayjsLocale[language]).format(language === "zh" ? "M/D" : "D MMM") : day;
}

/** Asia/Shanghai (UTC+8), shown on hover beside every time. */
export function formatZone(instant: Instant, zone: string): string {
  const minutes = dayjs(instant).tz(zone).utcOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const sign = minutes < 0 ? "\u2212" : "+";
  return `${zone} (UTC${sign}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""})`;
}

const relative: Record<Language, Intl.RelativeTimeFormat> = {
  zh: new Intl.RelativeTimeFormat("zh-CN", { numeric: "always" }),
  en: new Intl.RelativeTimeFormat("en", { numeric: "always" }),
};

/** 3分钟前 / 3 minutes ago within 24 hours, the date and time beyond. */
export function formatRelative(instant: Instant | null | undefined, zone: string, language: Language, now = new Date()): string {
  if (instant == null) return NO_VALUE;
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return NO_VALUE;
  const size = Math.abs(seconds);
  if (size >= DAY) return formatDateTime(instant, zone, language, now);
  if (size < 60) return language === "zh" ? "刚刚" : "just now";
  const [unit, length] = size < HOUR ? (["minute", 60] as const) : (["hour", HOUR] as const);
  return relative[language].format(Math.trunc(seconds / length), unit);
}

/** Time left or taken: 45 秒, 3 分钟, 2 小时 5 分钟. */
export function formatDuration(seconds: number | null | undefined, language: Language): string {
  if (seconds == null || !Number.isFinite(seconds)) return NO_VALUE;
  const total = Math.max(0, Math.round(seconds));
  const names = language === "zh" ? ([" 秒", " 分钟", " 小时"] as const) : ([" s", " min", " h"] as const);
  if (total < 60) return `${total}${names[0]}`;
  const minutes = Math.round(total / 60);
  if (minutes < 60) return `${minutes}${names[1]}`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return rest ? `${hours}${names[2]} ${rest}${names[1]}` : `${hours}${names[2]}`;
}

/** The local day of an instant, YYYY-MM-DD. */
export function localDay(instant: Instant, zone: string): string {
  return dayjs(instant).tz(zone).format("YYYY-MM-DD");
}

/** The day `days` after (before, if negative) a local day. */
export function addDays(day: string, days: number): string {
  return dayjs(day, "YYYY-MM-DD", true).add(days, "day").format("YYYY-MM-DD");
}

/** The Monday of the week a local day is in. */
export function mondayOf(day: string): string {
  const local = dayjs(day, "YYYY-MM-DD", true);
  return addDays(day, -((local.day() + 6) % 7));
}

/** Weekday names, Monday first: 周一 ... / Mon ... */
export function weekdayNames(language: Language): string[] {
  return [1, 2, 3, 4, 5, 6, 7].map((date) => dayjs(`2024-01-0${date}`).locale(dayjsLocale[language]).format("ddd"));
}
