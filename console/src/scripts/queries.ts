/** Scripts, and what is asked for again after a change. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";

export const SCRIPTS = "/api/workspaces/{workspace_id}/scripts";
const PAGE_SIZE = 100;

export type Script = components["schemas"]["ScriptOut"];

export function useScripts(q: string | undefined) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery(
    "get",
    SCRIPTS,
    { params: { path, query: { limit: PAGE_SIZE, ...(q ? { q } : {}) } } },
    {
      pageParamName: "cursor",
      initialPageParam: null,
      getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined,
      placeholderData: (previous) => previous,
    },
  );
}

export function useScriptsChanged() {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([SCRIPTS, `${SCRIPTS}/picks`].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
  };
}
