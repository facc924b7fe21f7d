/** The questions of the settings. */
import { $api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { useWorkspacePath } from "../../app/session";

type Schemas = components["schemas"];
export type Role = Schemas["RoleOut"]["role"];
export type StaffMember = Schemas["StaffOut"];
export type Invitation = Schemas["InvitationOut"];
export type Key = Schemas["KeyOut"];
export type Source = Schemas["SourceOut"];
export type EventType = Schemas["EventTypeOut"];
export type AuditEntry = Schemas["AuditOut"];
export type TrackedEvent = Schemas["EventOut"];

export const STAFF = "/api/workspaces/{workspace_id}/staff";
export const INVITATIONS = "/api/workspaces/{workspace_id}/invitations";
export const KEYS = "/api/workspaces/{workspace_id}/keys";
export const SOURCES = "/api/workspaces/{workspace_id}/sources";
export const EVENT_TYPES = "/api/workspaces/{workspace_id}/event-types";
export const AUDIT = "/api/workspaces/{workspace_id}/audit";
export const EVENTS = "/api/workspaces/{workspace_id}/events";

const PAGE_SIZE = 100;
const growing = { initialPageParam: null, getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor };

interface Growing {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The foot of a table whose list grows. */
export const morePages = ({ hasNextPage, isFetchingNextPage, fetchNextPage }: Growing) => ({
  kind: "more" as const,
  hasMore: hasNextPage,
  loadingMore: isFetchingNextPage,
  onMore: () => void fetchNextPage(),
});

export function useRoles(enabled = true) {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/roles", { params: { path } }, { staleTime: Infinity, enabled });
}

export function useStaff() {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery("get", STAFF, { params: { path, query: { limit: PAGE_SIZE } } }, growing);
}

export function useInvitations() {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery("get", INVITATIONS, { params: { path, query: { limit: PAGE_SIZE } } }, growing);
}

export function useKeys(enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery("get", KEYS, { params: { path, query: { limit: PAGE_SIZE } } }, { ...growing, enabled });
}

export function useSources(enabled = true) {
  const path = useWorkspacePath();
  return $api.useQuery("get", SOURCES, { params: { path } }, { enabled });
}

const LIVE_MILLISECONDS = 3_000;

/** What came from a source lately, asked again every three seconds while the page is in front. */
export function useLatestEvents(source_id: string, limit: number) {
  const path = useWorkspacePath();
  return $api.useQuery("get", EVENTS, { params: { path, query: { source_id, limit } } }, { refetchInterval: LIVE_MILLISECONDS, staleTime: 0 });
}
