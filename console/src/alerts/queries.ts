/** Alerts, what is watched for, who is told; and what has to be asked for again after a change. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";

import { $api, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useMay, useWorkspacePath } from "../app/session";
import type { AlertFilters } from "./filters";

const BASE = "/api/workspaces/{workspace_id}";
export const ALERTS = `${BASE}/alerts` as const;
export const SUMMARY = `${BASE}/alerts/summary` as const;
export const ACKNOWLEDGEMENT = `${BASE}/alerts/{alert_id}/acknowledgement` as const;
export const SNOOZE = `${BASE}/alerts/{alert_id}/snooze` as const;
export const RESOLUTION = `${BASE}/alerts/{alert_id}/resolution` as const;
export const RULES = `${BASE}/alert-rules` as const;
export const RULE = `${BASE}/alert-rules/{community_id}` as const;
export const SUBSCRIPTIONS = `${BASE}/alert-subscriptions` as const;
export const SUBSCRIPTION = `${BASE}/alert-subscriptions/{subscription_id}` as const;
export const MINE = `${BASE}/alert-subscriptions/mine` as const;
const POLL_MILLISECONDS = 60_000; // the server looks once a minute

type Schemas = components["schemas"];
export type Alert = Schemas["AlertOut"];
export type AlertRules = Schemas["AlertRulesOut"];
export type Subscription = Schemas["AlertSubscriptionOut"];
export type SubscriptionBody = Schemas["AlertSubscriptionIn"];

export function useSummary() {
  const path = useWorkspacePath();
  const maySee = useMay("alerts.read");
  return $api.useQuery("get", SUMMARY, { params: { path } }, { enabled: maySee, refetchInterval: POLL_MILLISECONDS });
}

export function useAlerts({ show, kind }: AlertFilters, community: string | undefined) {
  const { workspace_id } = useWorkspacePath();
  return useInfiniteQuery({
    queryKey: ["get", ALERTS, workspace_id, show, kind, community],
    refetchInterval: POLL_MILLISECONDS,
    initialPageParam: undefined as string | undefined,
    async queryFn({ pageParam, signal }) {
      const query = { ...(show ? { show } : {}), ...(kind ? { kind: [kind] } : {}), ...(community ? { community } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await api.GET(ALERTS, { params: { path: { workspace_id }, query }, signal });
      return data ?? { items: [], next_cursor: null };
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export function useRules() {
  const path = useWorkspacePath();
  return $api.useQuery("get", RULES, { params: { path } });
}

export function useSubscriptions() {
  const path = useWorkspacePath();
  return $api.useQuery("get", SUBSCRIPTIONS, { params: { path } });
}

export function useMine() {
  const path = useWorkspacePath();
  return $api.useQuery("get", MINE, { params: { path } });
}

export function useAlertsChanged() {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([ALERTS, SUMMARY, RULES, SUBSCRIPTIONS, MINE].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
  };
}
