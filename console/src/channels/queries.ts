/** The questions of channels. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";

type Schemas = components["schemas"];
export type Platform = Schemas["PlatformOut"];
export type PlatformField = Schemas["FieldOut"];
export type Account = Schemas["AccountOut"];
export type Chat = Schemas["ChatOut"];
export type Send = Schemas["SendOut"];
export type Show = "all" | "waiting" | "sent" | "dead" | "dropped";

export const PLATFORMS = "/api/workspaces/{workspace_id}/channels/platforms";
export const ACCOUNTS = "/api/workspaces/{workspace_id}/channels/accounts";
export const ACCOUNT = "/api/workspaces/{workspace_id}/channels/accounts/{account_id}";
export const CHATS = "/api/workspaces/{workspace_id}/channels/accounts/{account_id}/chats";
export const SENDS = "/api/workspaces/{workspace_id}/channels/sends";

const PAGE_SIZE = 50;
const LIVE_MILLISECONDS = 5_000;
const growing = { initialPageParam: null, getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor };

export function usePlatforms(enabled = true) {
  const path = useWorkspacePath();
  return $api.useQuery("get", PLATFORMS, { params: { path } }, { staleTime: Infinity, enabled });
}

export function useAccounts(enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", ACCOUNTS, { params: { path } }, { refetchInterval: LIVE_MILLISECONDS, enabled });
}

export function useAccount(account_id: string, enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", ACCOUNT, { params: { path: { ...path, account_id } } }, { refetchInterval: LIVE_MILLISECONDS, enabled });
}

export function useChats(account_id: string) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery("get", CHATS, { params: { path: { ...path, account_id }, query: { limit: PAGE_SIZE } } }, growing);
}

export function useSends(account_id: string, show: Show) {
  const path = useWorkspacePath();
  const query = { account_id, show, limit: PAGE_SIZE };
  return $api.useInfiniteQuery("get", SENDS, { params: { path, query } }, { ...growing, refetchInterval: LIVE_MILLISECONDS });
}

/** Has everything about channels asked again. */
export function useRefresh(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([ACCOUNTS, ACCOUNT, CHATS, SENDS].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
  };
}
