/** Imports as the API gives them, and what has to be asked for again when one moves on. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";

export type Import = components["schemas"]["ImportOut"];
export type ImportDetail = components["schemas"]["ImportDetail"];
export type ImportState = Import["state"];
export type ImportChange = components["schemas"]["ImportChange"];
export type Options = ImportDetail["options"];
export type GroupChoice = components["schemas"]["GroupChoice"];

export const IMPORTS = "/api/workspaces/{workspace_id}/imports";
export const IMPORT = "/api/workspaces/{workspace_id}/imports/{import_id}";
const PROGRESS = "/api/workspaces/{workspace_id}/imports/{import_id}/progress";

const WORKING: readonly ImportState[] = ["checking", "waiting", "running", "finishing", "cancelling", "undoing"];
const POLL_MILLISECONDS = 1_000;
export const LIST_POLL_MILLISECONDS = 3_000;

export const isWorking = (state: ImportState): boolean => WORKING.includes(state);

export function useFormats() {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/imports/formats", { params: { path } }, { staleTime: Infinity });
}

export function useImportKey(import_id: string) {
  const path = useWorkspacePath();
  return $api.queryOptions("get", IMPORT, { params: { path: { ...path, import_id } } }).queryKey;
}

/** One import; while it works its progress is asked for, and the whole again once its state changes. */
export function useImport(import_id: string) {
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const params = { params: { path: { ...path, import_id } } };
  const whole = $api.useQuery("get", IMPORT, params, { staleTime: 0 });
  const state = whole.data?.state;
  const working = state !== undefined && isWorking(state);
  const light = $api.useQuery("get", PROGRESS, params, { enabled: working, refetchInterval: POLL_MILLISECONDS, staleTime: 0 });
  const moved = working && light.data !== undefined && light.data.state !== state;
  const { refetch } = whole;
  useEffect(() => {
    if (moved) void refetch();
  }, [moved, refetch]);
  // What it has added or taken out is in every number and list.
  const before = useRef(state);
  useEffect(() => {
    const was = before.current;
    before.current = state;
    if (was === undefined || state === undefined || was === state || isWorking(state) || was === "uploaded" || was === "checking") return;
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== IMPORT && queryKey[1] !== PROGRESS });
  }, [state, queryClient]);
  const progress = working && light.data && light.data.state === state ? light.data.progress : whole.data?.progress;
  return { batch: whole.data, progress, error: whole.error, pollError: working ? light.error : null, refetch };
}
