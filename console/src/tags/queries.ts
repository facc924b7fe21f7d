/** Tags, bulk edits, and what has to be asked for again after a change. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useMay, useWorkspacePath } from "../app/session";

const BASE = "/api/workspaces/{workspace_id}";
export const TAGS = `${BASE}/tags` as const;
export const MEMBER_TAGS = `${BASE}/member-tags` as const;
export const BELONGING = `${BASE}/members/{member_id}/belonging` as const;
export const EDITS = `${BASE}/member-edits` as const;
export const EDIT = `${BASE}/member-edits/{edit_id}` as const;
const POLL_MILLISECONDS = 1_000;

export type Tag = components["schemas"]["TagOut"];
export type TagGroup = components["schemas"]["TagGroupOut"];
export type TagBrief = components["schemas"]["TagBrief"];
export type Color = Tag["color"];
export type Edit = components["schemas"]["EditOut"];
/** Fields that are left out of a filter have their defaults. */
export type Whom = { ids: string[] } | { filter: Partial<components["schemas"]["EditFilter"]> };
export type Change = components["schemas"]["Change"];

export const COLORS: readonly Color[] = ["teal", "red", "purple", "gold", "blue", "green", "gray"];

export function useTags(enabled = true) {
  const path = useWorkspacePath();
  const maySee = useMay("segments.read");
  return $api.useQuery("get", TAGS, { params: { path } }, { enabled: enabled && maySee });
}

/** The tags of the members of a list, by member. */
export function useTagsOf(member_ids: readonly string[]) {
  const path = useWorkspacePath();
  const maySee = useMay("segments.read");
  const { data } = $api.useQuery(
    "get",
    MEMBER_TAGS,
    { params: { path, query: { member_ids: [...member_ids] } } },
    { enabled: maySee && member_ids.length > 0, placeholderData: (previous) => previous },
  );
  return new Map(data?.items.map(({ member_id, tags }) => [member_id, tags]));
}

/** After a change of tags, or of who has them. */
export function useTagsChanged() {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all(
      [TAGS, MEMBER_TAGS, BELONGING, `${BASE}/members`, `${BASE}/events`, `${BASE}/segments`].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })),
    );
  };
}

export const isLive = (edit: Pick<Edit, "state">): boolean => edit.state === "running" || edit.state === "undoing";

/** One edit, asked for again while it runs. */
export function useEdit(edit_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery(
    "get",
    EDIT,
    { params: { path: { ...path, edit_id } } },
    { refetchInterval: ({ state: { data } }) => (data && !isLive(data) ? false : POLL_MILLISECONDS) },
  );
}

/** As the generated types want it: they take fields with defaults for required. */
export const said = (members: Whom) => members as components["schemas"]["Whom"];

/** Starting, cancelling and undoing; afterwards the lists show what is so now. */
export function useEditActs() {
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const show = (edit: Edit) => {
    queryClient.setQueryData($api.queryOptions("get", EDIT, { params: { path: { ...path, edit_id: edit.id } } }).queryKey, edit);
    void queryClient.invalidateQueries({ queryKey: ["get", EDITS] });
  };
  const start = $api.useMutation("post", EDITS, { onSuccess: show });
  const cancel = $api.useMutation("delete", EDIT, { onSuccess: show });
  const undo = $api.useMutation("post", `${EDIT}/undo`, { onSuccess: show });
  return {
    start: (members: Whom, change: Change) => start.mutateAsync({ params: { path }, body: { members: said(members), change } }),
    cancel: (edit_id: string) => cancel.mutateAsync({ params: { path: { ...path, edit_id } } }),
    undo: (edit_id: string) => undo.mutateAsync({ params: { path: { ...path, edit_id } } }),
    isPending: start.isPending || cancel.isPending || undo.isPending,
    /** An edit ended: whatever shows members may differ. */
    forget: () => queryClient.invalidateQueries(),
  };
}
