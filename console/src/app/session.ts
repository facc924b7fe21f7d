/** Who is logged in, where they work and its communities: loaded once before any page behind the log-in is shown. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";

import { $api, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { readStored, writeStored } from "../design/storage";

type Schemas = components["schemas"];
export type SessionAnswer = Schemas["SessionOut"];
export type User = Schemas["UserOut"];
export type Workspace = Schemas["WorkspaceOut"];
export type Place = Schemas["PlaceOut"];
export type SessionCommunity = Schemas["CommunityOut"];

export interface Session {
  user: User;
  workspace: Workspace;
  role: Place["role"];
  permissions: readonly string[];
  /** Every workspace of this person; the current one included. */
  places: readonly Place[];
  /** Those that are not archived, by name. */
  communities: readonly SessionCommunity[];
}

const COMMUNITIES = "/api/workspaces/{workspace_id}/communities";
const PAGE_SIZE = 200;
const WORKSPACE_KEY = "hutong.workspace";

export const sessionQuery = $api.queryOptions("get", "/api/session");

/** Whether the first run is still to be done. */
export const setupQuery = $api.queryOptions("get", "/api/setup");

export const loadSession = (queryClient: QueryClient): Promise<SessionAnswer> =>
  queryClient.query({ ...sessionQuery, staleTime: "static" });

/** All communities, whatever their number. The key starts as the list's own does, so that one call makes both stale. */
export const communitiesQuery = (workspace_id: string) =>
  queryOptions({
    queryKey: ["get", COMMUNITIES, "all", workspace_id],
    async queryFn({ signal }) {
      const found: SessionCommunity[] = [];
      let cursor: string | null = null;
      do {
        const query: { limit: number; cursor?: string } = cursor === null ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, cursor };
        const { data } = await api.GET(COMMUNITIES, { params: { path: { workspace_id }, query }, signal });
        if (!data) break; // refusals are thrown by the middleware
        found.push(...data.items);
        cursor = data.next_cursor;
      } while (cursor !== null);
      return found;
    },
  });

export const loadCommunities = (queryClient: QueryClient, workspace_id: string): Promise<SessionCommunity[]> =>
  queryClient.query({ ...communitiesQuery(workspace_id), staleTime: "static" });

/** After communities were made, renamed, archived or removed: every list of them is asked for again. */
export const forgetCommunities = (queryClient: QueryClient): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: ["get", COMMUNITIES] });

/** The workspace of the address, else the one last used in this browser, else the first. */
export function placeOf(places: readonly Place[], asked: string | undefined): Place | undefined {
  const known = asked ?? readStored(WORKSPACE_KEY);
  return places.find(({ workspace }) => workspace.id === known) ?? places[0];
}

export const rememberWorkspace = (workspace_id: string): void => {
  writeStored(WORKSPACE_KEY, workspace_id);
};

export function sessionOf(user: User, places: readonly Place[], place: Place, communities: readonly SessionCommunity[]): Session {
  return { user, workspace: place.workspace, role: place.role, permissions: place.permissions, places, communities };
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("useSession is for pages behind the log-in");
  return session;
}

/** The path parameters of every call about the workspace. */
export function useWorkspacePath(): { workspace_id: string } {
  return { workspace_id: useSession().workspace.id };
}

/** Whether the role of the person logged in allows an act; the server decides again. */
export function useMay(permission: string): boolean {
  return useSession().permissions.includes(permission);
}
