/** What the pages of segments ask, and what has to be asked for again after a change. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import type { ValueCount, ValueSource } from "./editor/context";
import type { Condition, Vocabulary } from "./editor/language";

export interface Sentence {
  zh: string;
  en: string;
}

export interface Segment {
  id: string;
  name: string;
  description: string;
  kind: "live" | "static";
  condition: Condition | null;
  sentence: Sentence | null;
  community: { id: string; name: string } | null;
  version: number;
  state: "building" | "ready" | "failed" | "stale";
  problems: { field: string; message: string }[];
  members_count: number;
  built_at: string | null;
  is_sample: boolean;
  uses_count: number;
  /** Members at the end of each of the last days, oldest first. */
  week: number[];
  created_by_name: string;
  changed_by_name: string;
  created_at: string;
  updated_at: string;
}

export interface MemberRef {
  id: string;
  name: string;
}

export interface PreviewAnswer {
  count: number;
  of: number;
  share: number;
  is_exact: boolean;
  examples: MemberRef[];
  seconds: number;
}

export interface SegmentChange {
  name?: string;
  description?: string;
  condition?: Condition | null;
  community_id?: string | null;
  /** Static, with those who are in that segment now. */
  from_segment_id?: string;
  /** The version the change was made from: refused when somebody changed it since. */
  version?: number;
}

export interface Use {
  kind: string;
  id: string;
  name: string;
}

export interface GrowthDay {
  day: string;
  members: number;
  entered: number;
  left: number;
}

export interface Version {
  version: number;
  condition: Condition | null;
  sentence: Sentence | null;
  by_name: string;
  at: string;
  members_count: number | null;
}

/** One attribute value or event that members of the segment have more, or less, often than the rest. */
export interface Distinction {
  kind: "attribute" | "event";
  key: string;
  zh: string;
  en: string;
  value: string | null;
  members: number;
  share: number;
  rest_share: number;
  lift: number | null;
}

export interface Region {
  /** The segments its members are in, and in no other of those compared. */
  ids: string[];
  members: number;
}

export interface Overlap {
  segments: { id: string; name: string; members: number }[];
  regions: Region[];
}

export interface SegmentExport {
  id: string;
  state: "waiting" | "running" | "done" | "failed";
  format: "csv" | "xlsx";
  done: number;
  total: number;
}

const BASE = "/api/workspaces/{workspace_id}";
const SEGMENTS = `${BASE}/segments`;
const SEGMENT = `${SEGMENTS}/{segment_id}`;
const PAGE_SIZE = 50;

type Answer = Promise<{ data?: unknown }>;
type Loose = Record<"GET" | "POST" | "PATCH" | "DELETE", (path: string, init: object) => Answer>;
const calls = api as unknown as Loose;

async function call<T>(method: keyof Loose, path: string, init: object): Promise<T> {
  return (await calls[method](path, init)).data as T;
}

function useRead<T>(path: string, more: { segment_id?: string; query?: object } = {}, options: { enabled?: boolean; refetchInterval?: number | false } = {}) {
  const workspace = useWorkspacePath();
  const { query, ...ids } = more;
  const params = { path: { ...workspace, ...ids }, ...(query ? { query } : {}) };
  return useQuery({ queryKey: ["get", path, { params }], queryFn: ({ signal }) => call<T>("GET", path, { params, signal }), ...options });
}

export const useVocabulary = () => useRead<Vocabulary>(`${BASE}/conditions/vocabulary`);

export function useValueSource(): ValueSource {
  const { workspace_id } = useWorkspacePath();
  return useCallback(
    async (of, q, signal) => {
      const { items } = await call<{ items: ValueCount[] }>("GET", `${BASE}/conditions/values`, { params: { path: { workspace_id }, query: { ...of, ...(q === "" ? {} : { q }) } }, signal });
      return items;
    },
    [workspace_id],
  );
}

export function useSegmentList(query: { q?: string; kind?: Segment["kind"] }) {
  const path = useWorkspacePath();
  return useInfiniteQuery({
    queryKey: ["get", SEGMENTS, path, query],
    queryFn: ({ pageParam, signal }) => call<{ items: Segment[]; next_cursor: string | null; count: number | null }>("GET", SEGMENTS, { params: { path, query: { ...query, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (previous) => previous,
  });
}

const BUILDING_MILLISECONDS = 1_000;

export const useSegment = (segment_id: string, enabled = true) => {
  const path = useWorkspacePath();
  const params = { path: { ...path, segment_id } };
  return useQuery({
    queryKey: ["get", SEGMENT, { params }],
    queryFn: ({ signal }) => call<Segment>("GET", SEGMENT, { params, signal }),
    enabled,
    refetchInterval: ({ state }) => (state.data?.state === "building" ? BUILDING_MILLISECONDS : false),
  });
};
export const useUses = (segment_id: string, enabled = true) => useRead<{ items: Use[] }>(`${SEGMENT}/uses`, { segment_id }, { enabled });
export const useVersions = (segment_id: string) => useRead<{ items: Version[] }>(`${SEGMENT}/versions`, { segment_id });
export const useGrowth = (segment_id: string, range: { from: string; to: string }) => useRead<{ items: GrowthDay[] }>(`${SEGMENT}/growth`, { segment_id, query: range });
export const useDistinctions = (segment_id: string) => useRead<{ items: Distinction[]; members: number; rest: number }>(`${SEGMENT}/distinctions`, { segment_id });
export const useOverlap = (ids: readonly string[]) => useRead<Overlap>(`${SEGMENTS}/overlap`, { query: { ids } }, { enabled: ids.length > 1 });

export const askPreview = (workspace_id: string, body: { condition: Condition; community_id: string | null; segment_id?: string; exact: boolean }, signal?: AbortSignal) =>
  call<PreviewAnswer>("POST", `${BASE}/conditions/preview`, { params: { path: { workspace_id } }, body, signal });
export const askSentence = (workspace_id: string, condition: Condition, signal?: AbortSignal) =>
  call<Sentence>("POST", `${BASE}/conditions/sentence`, { params: { path: { workspace_id } }, body: { condition }, signal });

/** After a change of a segment its lists, its page and the members it narrows may differ. */
export function useForgetSegments() {
  const queryClient = useQueryClient();
  return useCallback(
    () => queryClient.invalidateQueries({ predicate: ({ queryKey: [, path] }) => typeof path === "string" && /\/(segments|conditions|members|tags)/.test(path) }),
    [queryClient],
  );
}

/** One write about segments; the answer of what it makes is handed to the caller. */
function useWrite<Given, Made>(write: (workspace_id: string, given: Given) => Promise<Made>) {
  const { workspace_id } = useWorkspacePath();
  const forget = useForgetSegments();
  return useMutation({ mutationFn: (given: Given) => write(workspace_id, given), onSuccess: () => forget() });
}

const at = (workspace_id: string, segment_id: string) => ({ params: { path: { workspace_id, segment_id } } });

export const useSaveSegment = (id: string | null) =>
  useWrite((workspace_id, body: SegmentChange) => (id === null ? call<Segment>("POST", SEGMENTS, { params: { path: { workspace_id } }, body }) : call<Segment>("PATCH", SEGMENT, { ...at(workspace_id, id), body })));
export const useDeleteSegment = (id: string) => useWrite<undefined, undefined>((workspace_id) => call("DELETE", SEGMENT, at(workspace_id, id)));
export const useCopySegment = (id: string) => useWrite((workspace_id, body: { name: string }) => call<Segment>("POST", `${SEGMENT}/copy`, { ...at(workspace_id, id), body }));
export const useBuildSegment = (id: string) => useWrite<undefined, Segment>((workspace_id) => call("POST", `${SEGMENT}/build`, at(workspace_id, id)));
export const useAddMembers = (id: string) => useWrite((workspace_id, member_ids: readonly string[]) => call<unknown>("POST", `${SEGMENT}/members`, { ...at(workspace_id, id), body: { member_ids } }));
export const useRemoveMembers = (id: string) => useWrite((workspace_id, member_ids: readonly string[]) => call<unknown>("DELETE", `${SEGMENT}/members`, { ...at(workspace_id, id), body: { member_ids } }));

const WORKING_MILLISECONDS = 700;

export const useStartExport = (id: string) => useWrite((workspace_id, format: SegmentExport["format"]) => call<SegmentExport>("POST", `${SEGMENT}/exports`, { ...at(workspace_id, id), body: { format } }));

export function useExport(export_id: string) {
  const path = useWorkspacePath();
  const params = { path: { ...path, export_id } };
  return useQuery({
    queryKey: ["get", `${BASE}/segment-exports/{export_id}`, { params }],
    queryFn: ({ signal }) => call<SegmentExport>("GET", `${BASE}/segment-exports/{export_id}`, { params, signal }),
    refetchInterval: ({ state }) => (state.data?.state === "done" || state.data?.state === "failed" ? false : WORKING_MILLISECONDS),
  });
}

export const exportFileAddress = (workspace_id: string, export_id: string): string => `/api/workspaces/${workspace_id}/segment-exports/${export_id}/file`;

export interface Belonging {
  tags: { id: string; name: string; color: string; source_name?: string }[];
  segments: { id: string; name: string; entered_at: string }[];
}

export const useBelonging = (member_id: string) => {
  const path = useWorkspacePath();
  const params = { path: { ...path, member_id } };
  return useQuery({ queryKey: ["get", `${BASE}/members/{member_id}/belonging`, { params }], queryFn: ({ signal }) => call<Belonging>("GET", `${BASE}/members/{member_id}/belonging`, { params, signal }) });
};

export const useTags = () => useRead<{ items: { id: string; name: string; color: string }[] }>(`${BASE}/tags`);

const NAMED_MAX = 200;

/** Segments by name, for lists to choose from. */
export const useNamedSegments = () => useRead<{ items: Segment[] }>(SEGMENTS, { query: { limit: NAMED_MAX } });
