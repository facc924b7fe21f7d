/** What the pages of segments ask, and what has to be asked for again after a change. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { $api, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import type { ValueSource } from "./editor/context";
import type { Condition } from "./editor/language";

type Schemas = components["schemas"];
/** The API takes any JSON as a condition and judges it itself; here it has its shape. */
export type Segment = Omit<Schemas["SegmentOut"], "condition"> & { condition: Condition | null };
export type Version = Schemas["VersionOut"];
export type Use = Schemas["Use"];
export type SegmentExport = Schemas["ExportOut"];

export const SEGMENTS = "/api/workspaces/{workspace_id}/segments";
export const SEGMENT = "/api/workspaces/{workspace_id}/segments/{segment_id}";
const VERSIONS = "/api/workspaces/{workspace_id}/segments/{segment_id}/versions";
const MEMBERS = "/api/workspaces/{workspace_id}/segments/{segment_id}/members";
const EXPORT = "/api/workspaces/{workspace_id}/segment-exports/{export_id}";
const VERSIONS_SIZE = 20;
const BUILDING_MILLISECONDS = 1_000;
const WORKING_MILLISECONDS = 700;

export function useVocabulary() {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/conditions/vocabulary", { params: { path } });
}

export function useValueSource(): ValueSource {
  const { workspace_id } = useWorkspacePath();
  return useCallback(
    async (of, q, signal) => {
      const { data } = await api.GET("/api/workspaces/{workspace_id}/conditions/values", { params: { path: { workspace_id }, query: { ...of, ...(q === "" ? {} : { q }) } }, signal });
      return data?.items ?? [];
    },
    [workspace_id],
  );
}

/** All of them: a workspace has a few hundred at most. */
export function useSegments(enabled = true) {
  const path = useWorkspacePath();
  return $api.useQuery("get", SEGMENTS, { params: { path } }, { enabled, select: ({ items }) => items as Segment[] });
}

/** While its members are being counted it is asked for again. */
export function useSegment(segment_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery(
    "get",
    SEGMENT,
    { params: { path: { ...path, segment_id } } },
    { select: (found) => found as Segment, refetchInterval: ({ state }) => (state.data?.state === "building" ? BUILDING_MILLISECONDS : false) },
  );
}

export function useUses(segment_id: string, enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/segments/{segment_id}/uses", { params: { path: { ...path, segment_id } } }, { enabled });
}

export function useVersions(segment_id: string) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery(
    "get",
    VERSIONS,
    { params: { path: { ...path, segment_id }, query: { limit: VERSIONS_SIZE } } },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor },
  );
}

export async function askPreview(workspace_id: string, body: { condition: Condition; community_id: string | null; segment_id?: string; exact: boolean }, signal: AbortSignal) {
  const { data } = await api.POST("/api/workspaces/{workspace_id}/conditions/preview", { params: { path: { workspace_id } }, body, signal });
  if (!data) throw new Error("the count has no answer"); // refusals are thrown by the middleware
  return data;
}

export async function askSentence(workspace_id: string, condition: Condition, signal: AbortSignal) {
  const { data } = await api.POST("/api/workspaces/{workspace_id}/conditions/sentence", { params: { path: { workspace_id } }, body: { condition }, signal });
  if (!data) throw new Error("the sentence has no answer");
  return data;
}

/** After a change of a segment its lists, its page, the words of conditions and the lists of members it narrows may differ. */
export function useForgetSegments(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ predicate: ({ queryKey: [, path] }) => typeof path === "string" && /\/(segments|conditions|members|tags)\b/.test(path) });
}

/** What a write is told, and what it does to what was asked before. */
function useAfter() {
  const forget = useForgetSegments();
  return { onSuccess: () => forget() };
}

export const useCreateSegment = () => $api.useMutation("post", SEGMENTS, useAfter());
export const useChangeSegment = () => $api.useMutation("patch", SEGMENT, useAfter());
export const useDeleteSegment = () => $api.useMutation("delete", SEGMENT, useAfter());
export const useCopySegment = () => $api.useMutation("post", "/api/workspaces/{workspace_id}/segments/{segment_id}/copy", useAfter());
export const useBuildSegment = () => $api.useMutation("post", "/api/workspaces/{workspace_id}/segments/{segment_id}/build", useAfter());
export const usePutIn = () => $api.useMutation("post", MEMBERS, useAfter());
export const useTakeOut = () => $api.useMutation("delete", MEMBERS, useAfter());
export const useLookUp = () => $api.useMutation("post", "/api/workspaces/{workspace_id}/segments/lookup");
export const useStartExport = () => $api.useMutation("post", "/api/workspaces/{workspace_id}/segments/{segment_id}/exports");
export const useCancelExport = () => $api.useMutation("delete", EXPORT);

export function useExport(export_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery(
    "get",
    EXPORT,
    { params: { path: { ...path, export_id } } },
    { refetchInterval: ({ state }) => (state.data === undefined || state.data.state === "running" ? WORKING_MILLISECONDS : false) },
  );
}

export const exportFileAddress = (workspace_id: string, export_id: string): string => `/api/workspaces/${workspace_id}/segment-exports/${export_id}/file`;
