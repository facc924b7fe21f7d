/** Whose numbers, of which days, against which: the address and the days with data, turned into the question for the API. */
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useSession, useWorkspacePath } from "../app/session";
import { addDays, formatDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { readRange } from "../kit/filters/schema";
import { plainText } from "../kit/safeText";
import { DAYS_DEFAULT, parseReportSearch, type ReportSearch } from "./filters";

/** Whose numbers. Its names are those of the API. */
export interface Whose {
  community?: string;
  group?: string[];
  channel?: string;
}

export interface Days {
  from: string;
  to: string;
}

export interface Against {
  compare: "previous" | "year" | "custom" | "none";
  compare_from?: string;
  compare_to?: string;
}

/** The whole question, ready to be sent. */
export type Question = Whose & Days & Against;

export interface ReportScope {
  search: ReportSearch;
  whose: Whose;
  /** Undefined until it is known which days have data; null where there are none. */
  extent: Days | null | undefined;
  question: Question | undefined;
  /** Chat history that ended some time ago: "the last 30 days" are its last ones. */
  endsAt: string | null;
  days: number;
  today: string;
  zone: string;
  /** "前 30 天": what the numbers are compared with; null where with nothing. */
  against: string | null;
  /** "读书会 · 10月24日 周六 – 11月22日 周日": stands below every chart. */
  text: string;
  error: unknown;
  retry: () => void;
}

const STILL_LIVE_DAYS = 7;
const DAY_MILLISECONDS = 86_400_000;

export const countDays = ({ from, to }: Days): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS) + 1;

/**
 * The days of a range. "The last 30 days" end today, or with the data where that ended long ago; a today on which
 * nothing has happened yet anywhere in the workspace is no day to show. Whoever is looked at, today is the workspace's:
 * a community counts the same days on its own page as beside the others.
 */
export function daysOf(range: ReportSearch["range"], extent: Days | null, workspace: { today: string; extent: Days | null }): Days & { endsAt: string | null } {
  const asked = readRange(range ?? `${DAYS_DEFAULT}d`);
  if ("from" in asked) return { ...asked, endsAt: null };
  const past = extent !== null && extent.to < addDays(workspace.today, -STILL_LIVE_DAYS);
  const yesterday = addDays(workspace.today, -1);
  const to = past ? extent.to : workspace.extent?.to === yesterday ? yesterday : workspace.today;
  return { from: addDays(to, 1 - asked.days), to, endsAt: past ? to : null };
}

export function againstOf(compare: ReportSearch["compare"]): Against {
  if (compare === undefined) return { compare: "previous" };
  if (compare === "year" || compare === "none") return { compare };
  const [compare_from = "", compare_to = ""] = compare.split("..");
  return { compare: "custom", compare_from, compare_to };
}

export function whoseOf(community: string | undefined, search: ReportSearch): Whose {
  return {
    ...(community ? { community } : {}),
    ...(search.group ? { group: search.group } : {}),
    ...(search.channel ? { channel: search.channel } : {}),
  };
}

export const extentQuery = (workspace_id: string, whose: Whose) =>
  $api.queryOptions("get", "/api/workspaces/{workspace_id}/reports/extent", {
    params: { path: { workspace_id }, query: whose },
  });

/** The days a range means for a community, a group, a channel or all of them; undefined until it is known. */
export function useDays(range: ReportSearch["range"], whose: Whose) {
  const { workspace_id } = useWorkspacePath();
  const own = useQuery(extentQuery(workspace_id, whose));
  const all = useQuery(extentQuery(workspace_id, {}));
  return {
    own: own.data,
    days: own.data && all.data && daysOf(range, own.data.extent, { today: all.data.scope.today, extent: all.data.extent }),
    error: own.error ?? all.error,
    retry: () => {
      if (own.error) void own.refetch();
      if (all.error) void all.refetch();
    },
  };
}

/** `fixed` is what a page is about: the page of one community, of one group. */
export function useReportScope(fixed: { community?: string; group?: string } = {}): ReportScope {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const { communities } = useSession();
  const address: Record<string, unknown> = useSearch({ strict: false });
  const search = parseReportSearch(address);
  const asked = typeof address.community === "string" ? address.community : undefined;
  // A community that is not there (any more) is no question: the switcher then shows "all", and so do the numbers.
  const community = fixed.community ?? communities.find(({ id }) => id === asked)?.id;
  const whose = whoseOf(community, fixed.group ? { ...search, group: [fixed.group] } : search);
  const { own: data, days: found, error, retry } = useDays(search.range, whose);
  const against = againstOf(search.compare);
  const name = communities.find(({ id }) => id === community)?.name ?? data?.scope.community?.name; // an archived one is not in the list
  const span = found ? `${formatDay(found.from, language)} – ${formatDay(found.to, language)}` : "";
  const days = found ? countDays(found) : 0;
  return {
    search,
    whose,
    extent: data && (data.extent ? { from: data.extent.from, to: data.extent.to } : null),
    question: found && { ...whose, from: found.from, to: found.to, ...against },
    endsAt: found?.endsAt ?? null,
    days,
    today: data?.scope.today ?? "",
    zone: data?.scope.time_zone ?? "UTC",
    against:
      against.compare === "none"
        ? null
        : against.compare === "year"
          ? t("against.year")
          : against.compare === "previous"
            ? t("against.previous", { count: days })
            : `${formatDay(against.compare_from, language)} – ${formatDay(against.compare_to, language)}`,
    text: [name === undefined ? t("common:allCommunities") : plainText(name), ...(data?.scope.groups.map((group) => plainText(group.name)) ?? []), span]
      .filter(Boolean)
      .join(" · "),
    error,
    retry,
  };
}
