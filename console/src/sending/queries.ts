/** The questions of the sending rules. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import { usePlatforms } from "../channels/queries";
import { useLanguage } from "../i18n/useLanguage";
import { useChannelName } from "../members/channels";
import type { OptOutSearch } from "./filters";

type Schemas = components["schemas"];
export type Rules = Schemas["RulesOut"];
export type RulesTest = Schemas["RulesTestOut"];
export type OptOut = Schemas["OptOutOut"];

export const RULES = "/api/workspaces/{workspace_id}/channels/rules";
export const RULES_TESTS = "/api/workspaces/{workspace_id}/channels/rules/tests";
export const OPT_OUTS = "/api/workspaces/{workspace_id}/channels/opt-outs";

const PAGE_SIZE = 50;
const ON_MEMBER_MAX = 50;

export function useRules(enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", RULES, { params: { path } }, { enabled });
}

export function useOptOuts({ q, channel, reason }: OptOutSearch) {
  const path = useWorkspacePath();
  const query = { limit: PAGE_SIZE, ...(q ? { q } : {}), ...(channel ? { channel } : {}), ...(reason ? { reason } : {}) };
  return $api.useInfiniteQuery("get", OPT_OUTS, { params: { path, query } }, { initialPageParam: null, getNextPageParam: (page) => page.next_cursor });
}

export function useOptOutsOf(member_id: string, enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", OPT_OUTS, { params: { path, query: { member_id, limit: ON_MEMBER_MAX } } }, { enabled });
}

export function useOptOutsChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: ["get", OPT_OUTS] });
}

/** The channels that connectors reach, by the names of their platforms. */
export function useReachable() {
  const language = useLanguage();
  const channelName = useChannelName();
  const platforms = usePlatforms().data?.items ?? [];
  const sending = platforms.filter(({ ways }) => ways.includes("send"));
  const options = sending.map((one) => ({ value: one.channel, label: one[language] }));
  return {
    options: options.filter(({ value }, index) => options.findIndex((other) => other.value === value) === index),
    nameOf: (channel: string) => platforms.find((one) => one.channel === channel)?.[language] ?? channelName(channel),
  };
}
