/** The questions of the report pages. Each waits until the days are known. */
import { useInfiniteQuery } from "@tanstack/react-query";

import { $api, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import type { Pages } from "../kit/table/DataTable";
import type { Days, Question, Whose } from "./scope";

type Schemas = components["schemas"];
export type Unit = Schemas["LinesOut"]["unit"];
export type Cohorts = Schemas["RetentionOut"]["cohort"];
export type Overview = Schemas["OverviewOut"];
export type Lines = Schemas["LinesOut"];

const NO_DAYS: Question = { from: "", to: "", compare: "none" };
/** One answer serves every card of a page for a while; "try again" asks anew. */
const options = (question: unknown) => ({ enabled: question !== undefined });

/** The question without what to compare with, for answers that have no comparison. */
export function plain(question: Question): Whose & Days {
  const { community, group, channel, from, to } = question;
  return { ...(community ? { community } : {}), ...(group ? { group } : {}), ...(channel ? { channel } : {}), from, to };
}

export function useOverview(question: Question | undefined) {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/overview", { params: { path, query: question ?? NO_DAYS } }, options(question));
}

export function useSeries(question: Question | undefined, metric: string[], unit: Unit | undefined) {
  const path = useWorkspacePath();
  const query = { ...(question ?? NO_DAYS), metric, ...(unit ? { unit } : {}) };
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/series", { params: { path, query } }, options(question));
}

export function useNumbers(question: Question | undefined) {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/metrics", { params: { path, query: question ?? NO_DAYS } }, options(question));
}

export function useHeatmap(question: Question | undefined) {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/heatmap", { params: { path, query: plain(question ?? NO_DAYS) } }, options(question));
}

export function useRetention(question: (Whose & Days) | undefined, choice: { unit: Unit; cohort: Cohorts; periods?: number }) {
  const path = useWorkspacePath();
  const query = { ...(question ?? plain(NO_DAYS)), ...choice };
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/retention", { params: { path, query } }, options(question));
}

export function useActiveDays(question: Question | undefined) {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/active-days", { params: { path, query: plain(question ?? NO_DAYS) } }, options(question));
}

export function useCommunityTable(question: Question | undefined) {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/communities", { params: { path, query: plain(question ?? NO_DAYS) } }, options(question));
}

interface Page<Row> {
  items: Row[];
  total: number;
  next_cursor: string | null;
}

export interface ReportList<Row> {
  rows: Row[] | undefined;
  total: number | null;
  error: unknown;
  retry: () => void;
  loadAll: (rows_max: number) => Promise<Row[]>;
  pages: Extract<Pages, { kind: "more" }>;
}

/** A list that is there in one piece. */
export function listOf<Row>(rows: Row[] | undefined, error: unknown, retry: () => void): ReportList<Row> {
  return {
    rows,
    total: rows?.length ?? null,
    error,
    retry,
    loadAll: (rows_max) => Promise.resolve((rows ?? []).slice(0, rows_max)),
    pages: { kind: "more", hasMore: false, loadingMore: false, onMore: () => undefined },
  };
}

/** A list that grows by pages. */
function useList<Row>(
  key: string,
  query: object | undefined,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row> | undefined>,
): ReportList<Row> {
  const { workspace_id } = useWorkspacePath();
  const found = useInfiniteQuery({
    queryKey: ["reports", key, workspace_id, query],
    enabled: query !== undefined,
    initialPageParam: undefined as string | undefined,
    async queryFn({ pageParam, signal }) {
      const page = await load(pageParam, signal);
      return page ?? { items: [], total: 0, next_cursor: null };
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return {
    rows: found.data?.pages.flatMap(({ items }) => items),
    total: found.data?.pages[0]?.total ?? null,
    error: found.error,
    retry: () => void found.refetch(),
    /** Every row up to a limit, page by page: for files. */
    async loadAll(rows_max: number): Promise<Row[]> {
      const rows: Row[] = [];
      let cursor: string | undefined;
      do {
        const page = await load(cursor, new AbortController().signal);
        rows.push(...(page?.items ?? []));
        cursor = page?.next_cursor ?? undefined;
      } while (cursor !== undefined && rows.length < rows_max);
      return rows.slice(0, rows_max);
    },
    pages: {
      kind: "more" as const,
      hasMore: found.hasNextPage,
      loadingMore: found.isFetchingNextPage,
      onMore: () => void found.fetchNextPage(),
    },
  };
}

const paged = <Query extends object>(query: Query, limit: number, cursor: string | undefined) => ({
  ...query,
  limit,
  ...(cursor === undefined ? {} : { cursor }),
});

export function useSpeakers(question: Question | undefined, limit: number) {
  const path = useWorkspacePath();
  const asked = question && plain(question);
  return useList<Schemas["SpeakerOut"]>(`speakers/${limit}`, asked, async (cursor, signal) => {
    const query = paged(asked ?? plain(NO_DAYS), limit, cursor);
    return (await api.GET("/api/workspaces/{workspace_id}/reports/speakers", { params: { path, query }, signal })).data;
  });
}

export function useNewcomers(question: Question | undefined, limit: number) {
  const path = useWorkspacePath();
  const asked = question && plain(question);
  return useList<Schemas["NewcomerOut"]>(`newcomers/${limit}`, asked, async (cursor, signal) => {
    const query = paged(asked ?? plain(NO_DAYS), limit, cursor);
    return (await api.GET("/api/workspaces/{workspace_id}/reports/newcomers", { params: { path, query }, signal })).data;
  });
}

export function useQuestions(question: Question | undefined, limit: number) {
  const path = useWorkspacePath();
  const asked = question && plain(question);
  return useList<Schemas["QuestionOut"]>(`questions/${limit}`, asked, async (cursor, signal) => {
    const query = paged(asked ?? plain(NO_DAYS), limit, cursor);
    return (await api.GET("/api/workspaces/{workspace_id}/reports/questions", { params: { path, query }, signal })).data;
  });
}

/** Who is silent is a matter of one day, the last. */
export function silentQuestion(question: Question, days: number): Whose & { to: string; days: number } {
  const { community, group, channel, to } = question;
  return { ...(community ? { community } : {}), ...(group ? { group } : {}), ...(channel ? { channel } : {}), to, days };
}

export function useSilent(question: Question | undefined, days: number, limit: number) {
  const path = useWorkspacePath();
  const asked = question && silentQuestion(question, days);
  return useList<Schemas["SilentMemberOut"]>(`silent/${limit}`, asked, async (cursor, signal) => {
    if (!asked) return undefined;
    return (await api.GET("/api/workspaces/{workspace_id}/reports/silent", { params: { path, query: paged(asked, limit, cursor) }, signal })).data;
  });
}

export type BehindQuery = Whose & Days & Pick<Schemas["MembersFilters"], "kind"> & { unit?: Unit; cohort?: Cohorts; start?: string; n?: number; weekday?: number; hour?: number };

export function useBehindMembers(asked: BehindQuery | undefined, limit: number) {
  const path = useWorkspacePath();
  return useList<Schemas["MemberBehindOut"]>(`members/${limit}`, asked, async (cursor, signal) => {
    if (!asked) return undefined;
    return (await api.GET("/api/workspaces/{workspace_id}/reports/members", { params: { path, query: paged(asked, limit, cursor) }, signal })).data;
  });
}
