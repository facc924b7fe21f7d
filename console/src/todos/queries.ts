/** To-dos, how many there are, who may handle them; and what is asked for again after a change. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useMay, useWorkspacePath } from "../app/session";
import type { TodosSearch } from "./filters";

export const TODOS = "/api/workspaces/{workspace_id}/todos" as const;
export const TODO = `${TODOS}/{todo_id}` as const;
const COUNTS = `${TODOS}/counts` as const;
const STAFF = `${TODOS}/staff` as const;
const PAGE_SIZE = 50;
const POLL_MILLISECONDS = 30_000; // colleagues write and finish them too

export type Todo = components["schemas"]["TodoOut"];
export type TodoChange = components["schemas"]["TodoChange"];

export function useTodos({ show = "open", q, assignee }: TodosSearch) {
  const path = useWorkspacePath();
  const query = { show, limit: PAGE_SIZE, q: q ?? "", ...(assignee ? { assignee_id: assignee } : {}) };
  return $api.useInfiniteQuery(
    "get",
    TODOS,
    { params: { path, query } },
    {
      pageParamName: "cursor",
      initialPageParam: null,
      getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined,
      refetchInterval: POLL_MILLISECONDS,
    },
  );
}

export function useTodoCounts() {
  const path = useWorkspacePath();
  const maySee = useMay("todos.read");
  return $api.useQuery("get", COUNTS, { params: { path } }, { enabled: maySee, refetchInterval: POLL_MILLISECONDS });
}

export function useTodoStaff() {
  const path = useWorkspacePath();
  return $api.useQuery("get", STAFF, { params: { path } });
}

export function useTodosChanged() {
  const queryClient = useQueryClient();
  return () => Promise.all([TODOS, COUNTS].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
}
