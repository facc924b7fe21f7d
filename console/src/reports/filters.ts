/** What the pages of numbers can be asked, as it stands in the address: groups, channel, days, and what to compare with. */
import { useNavigate } from "@tanstack/react-router";

import { days, manyOf, oneId, oneOf, parseFilters, type DayRange, type Filter, type FilterValues } from "../kit/filters/schema";

/** `previous` is what no choice means; two days are a comparison of one's own. */
export type Comparison = "year" | "none" | `${string}..${string}`;

function comparison(): Filter<Comparison> {
  const range = days();
  return {
    shape: { kind: "one", options: ["year", "none"] },
    parse(raw) {
      if (raw === "year" || raw === "none") return raw;
      const own = range.parse(raw);
      return own?.includes("..") ? (own as Comparison) : undefined;
    },
  };
}

export const reportFilters = { group: manyOf(), channel: oneId(), range: days(), compare: comparison() };
export type ReportSearch = FilterValues<typeof reportFilters>;

/** For the `validateSearch` of every route that shows numbers. */
export const parseReportSearch = (search: Record<string, unknown>): ReportSearch => parseFilters(reportFilters, search);

export const views = ["trend", "retention", "hours", "days", "numbers", "speakers", "silent", "newcomers", "questions", "answers"] as const;
export type View = (typeof views)[number];
export const METRICS_MAX = 4;

const analyticsFilters = {
  ...reportFilters,
  view: oneOf(views),
  metric: manyOf(),
  unit: oneOf(["day", "week", "month"]),
  cohort: oneOf(["active", "joined"]),
  measure: oneOf(["messages", "average"]),
  silence: days(),
};
export type AnalyticsSearch = FilterValues<typeof analyticsFilters>;

/** The explorer's own words beside those of every report page. */
export const parseAnalyticsSearch = (search: Record<string, unknown>): AnalyticsSearch => parseFilters(analyticsFilters, search);

type Changes<Search> = { [Key in keyof Search]?: Search[Key] | undefined };

/** Changes some words of the address and leaves the page where it is. The page's own route checks what they may be. */
export function useChangeSearch<Search extends object>(): (next: Changes<Search>) => void {
  const navigate = useNavigate();
  return (next) => void navigate({ to: ".", search: ((previous: object) => ({ ...previous, ...next })) as never, replace: true });
}

export const DAYS_DEFAULT = 30;
export type { DayRange };
