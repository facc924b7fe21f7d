/** The questions of the pages of communities and groups, and what has to be asked for again after a change. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import { addDays } from "../format/dates";
import type { DayRange } from "../kit/filters/schema";
import { useCommunityTable } from "../reports/queries";
import { countDays, useDays } from "../reports/scope";

type Schemas = components["schemas"];
export type Community = Schemas["CommunityOut"];
export type Group = Schemas["GroupOut"];
export type Numbers = Record<string, number | null>;

export const COMMUNITIES = "/api/workspaces/{workspace_id}/communities";
export const COMMUNITY = "/api/workspaces/{workspace_id}/communities/{community_id}";
export const GROUPS = "/api/workspaces/{workspace_id}/groups";
export const GROUP = "/api/workspaces/{workspace_id}/groups/{group_id}";

const PAGE_SIZE = 100;

export function useCommunityList(query: { q?: string; show: "open" | "archived" | "all" }) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery(
    "get",
    COMMUNITIES,
    { params: { path, query: { ...query, limit: PAGE_SIZE } } },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor, placeholderData: (previous) => previous },
  );
}

export function useGroupList(query: { community_id: string; show: "open" | "archived" | "all" }) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery(
    "get",
    GROUPS,
    { params: { path, query: { ...query, limit: PAGE_SIZE } } },
    { initialPageParam: null, getNextPageParam: (page) => page.next_cursor },
  );
}

/** An answer about something that is not there (any more) is not asked for again. */
export function useOneCommunity(community_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", COMMUNITY, { params: { path: { ...path, community_id } } });
}

export function useOneGroup(group_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", GROUP, { params: { path: { ...path, group_id } } });
}

/** Whether anybody was ever there. The founding of a community or group is an event too, so its days say nothing. */
export function useNobodyYet(where: { community_id: string } | { group_id: string }, members: number): boolean | undefined {
  const path = useWorkspacePath();
  const { data } = $api.useQuery("get", "/api/workspaces/{workspace_id}/members", { params: { path, query: { ...where, limit: 1 } } }, { enabled: members === 0 });
  return members > 0 ? false : data && data.items.length === 0;
}

/** The main numbers of every community and group in a range, and in the one of the same length before. */
export function useNumbersBeside(range: DayRange | undefined, community?: string) {
  const whose = community ? { community } : {};
  const { days: found, error, retry } = useDays(range, whose);
  const count = found ? countDays(found) : 0;
  const now = useCommunityTable(found && { ...whose, from: found.from, to: found.to, compare: "none" });
  const before = useCommunityTable(found && { ...whose, from: addDays(found.from, -count), to: addDays(found.from, -1), compare: "none" });
  const pick = (answer: typeof now): Map<string, Numbers> | undefined =>
    answer.data && new Map(answer.data.items.flatMap((one) => [[one.id, one.values] as const, ...one.groups.map((group) => [group.id, group.values] as const)]));
  return {
    days: count,
    range: found ?? null,
    endsAt: found?.endsAt ?? null,
    now: pick(now),
    before: pick(before),
    error: error ?? now.error ?? before.error,
    retry: () => {
      retry();
      void now.refetch();
      void before.refetch();
    },
  };
}

/** After a change of a community or group its lists, its page, the switcher and the numbers may differ. */
export function useForget(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries();
}
