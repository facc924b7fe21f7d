/** Conversations, and the stream that says which of them to ask for again. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useMay, useWorkspacePath } from "../app/session";
import type { InboxSearch } from "./filters";

const BASE = "/api/workspaces/{workspace_id}/inbox";
export const LIST = `${BASE}/conversations` as const;
export const ONE = `${LIST}/{conversation_id}` as const;
export const MESSAGES = `${ONE}/messages` as const;
const CONTEXT = `${ONE}/context` as const;
const COUNTS = `${BASE}/counts` as const;
const STAFF = `${BASE}/staff` as const;
export const HERE = `${BASE}/presence` as const;
export const SETTINGS = `${BASE}/settings` as const;
const WAYS = `${BASE}/members/{member_id}/ways` as const;
const ACCOUNTS = "/api/workspaces/{workspace_id}/channels/accounts";
export const PICKS = "/api/workspaces/{workspace_id}/scripts/picks";
const PAGE_SIZE = 50;
const TOGETHER_MILLISECONDS = 150; // changes that come at once are asked for once
const OF_ONE_MAX = 20; // conversations of one member that are shown beside them
const WITHOUT_STREAM_MILLISECONDS = 30_000; // what is asked for all the same, should the stream not come

type Schemas = components["schemas"];
export type Conversation = Schemas["ConversationOut"];
export type Detail = Schemas["ConversationDetail"];
export type Message = Schemas["InboxMessageOut"];
export type Script = Schemas["ScriptOut"];

export function useCounts() {
  const path = useWorkspacePath();
  const maySee = useMay("inbox.read");
  return $api.useQuery("get", COUNTS, { params: { path } }, { enabled: maySee, refetchInterval: WITHOUT_STREAM_MILLISECONDS });
}

const nextPage = { pageParamName: "cursor", initialPageParam: null, getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined } as const;

export function useConversations({ show = "open", sort, q, account, group, assignee }: InboxSearch, community: string | undefined) {
  const path = useWorkspacePath();
  const query = {
    limit: PAGE_SIZE,
    show,
    sort: sort ?? ("last" as const),
    ...(q ? { q } : {}),
    ...(account ? { account_id: account } : {}),
    ...(group ? { group_id: group } : {}),
    ...(assignee ? { assignee_id: assignee } : {}),
    ...(community ? { community_id: community } : {}),
  };
  return $api.useInfiniteQuery("get", LIST, { params: { path, query } }, { ...nextPage, refetchInterval: WITHOUT_STREAM_MILLISECONDS });
}

/** Every conversation with one member, the latest first. */
export function useConversationsOf(member_id: string | null) {
  const path = useWorkspacePath();
  const maySee = useMay("inbox.read");
  const query = { member_id: member_id ?? "", show: "all" as const, limit: OF_ONE_MAX };
  return $api.useQuery("get", LIST, { params: { path, query } }, { enabled: maySee && member_id !== null });
}

/** By which accounts a member can be written to. */
export function useWays(member_id: string, enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", WAYS, { params: { path: { ...path, member_id } } }, { enabled });
}

export function useAccounts() {
  const path = useWorkspacePath();
  const maySee = useMay("channels.read");
  return $api.useQuery("get", ACCOUNTS, { params: { path } }, { enabled: maySee });
}

export function useConversation(conversation_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", ONE, { params: { path: { ...path, conversation_id } } });
}

export function useMessages(conversation_id: string) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery(
    "get",
    MESSAGES,
    { params: { path: { ...path, conversation_id }, query: { limit: PAGE_SIZE } } },
    { ...nextPage, refetchInterval: WITHOUT_STREAM_MILLISECONDS },
  );
}

export function useContextBefore(conversation_id: string, enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", CONTEXT, { params: { path: { ...path, conversation_id } } }, { enabled });
}

export function useStaff() {
  const path = useWorkspacePath();
  return $api.useQuery("get", STAFF, { params: { path } });
}

/** Everything of the inbox is asked for again: a conversation changed. */
export function useInboxChanged() {
  const queryClient = useQueryClient();
  return () => Promise.all([LIST, ONE, MESSAGES, COUNTS].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
}

/** Listens while a page is open; the browser goes on by itself where the connection broke. */
export function useInboxStream() {
  const { workspace_id } = useWorkspacePath();
  const maySee = useMay("inbox.read");
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!maySee || typeof EventSource === "undefined") return;
    const source = new EventSource(`/api/workspaces/${workspace_id}/inbox/stream`);
    const wanted = new Set<string>();
    let timer = 0;
    const ask = (...paths: string[]) => {
      for (const path of paths) wanted.add(path);
      timer ||= window.setTimeout(() => {
        timer = 0;
        for (const path of wanted) void queryClient.invalidateQueries({ queryKey: ["get", path] });
        wanted.clear();
      }, TOGETHER_MILLISECONDS);
    };
    source.addEventListener("change", ({ data }: MessageEvent<string>) => {
      const { kind } = JSON.parse(data) as { kind: string };
      if (kind === "presence") ask(HERE);
      else if (kind === "scripts") ask(PICKS, "/api/workspaces/{workspace_id}/scripts");
      else ask(LIST, ONE, MESSAGES, COUNTS, ...(kind === "reset" ? [HERE, PICKS] : []));
    });
    return () => {
      window.clearTimeout(timer);
      source.close();
    };
  }, [workspace_id, maySee, queryClient]);
}
