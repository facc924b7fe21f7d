/** The questions of rules. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { useMay, useWorkspacePath } from "../../app/session";
import type { RuleSearch, RulesSearch } from "./filters";

type Schemas = components["schemas"];
export type Rule = Schemas["RuleOut"];
export type RuleBody = Schemas["RuleIn"];
export type Preset = Schemas["RulePresetOut"];
export type Run = Schemas["RuleRunOut"];
export type Outcome = Schemas["RuleOutcome"];
export type Trial = Schemas["RuleTrialOut"];
export type TrialOfMember = Schemas["TrialOfMember"];
export type TrialOfDays = Schemas["TrialOfDays"];

export const RULES = "/api/workspaces/{workspace_id}/automation/rules";
export const RULE = "/api/workspaces/{workspace_id}/automation/rules/{rule_id}";
const PRESETS = "/api/workspaces/{workspace_id}/automation/rules/presets";
export const TRIAL = "/api/workspaces/{workspace_id}/automation/rules/trial";
const RUNS = "/api/workspaces/{workspace_id}/automation/rules/{rule_id}/runs";
const MEMBER_RUNS = "/api/workspaces/{workspace_id}/automation/runs";

const PAGE_SIZE = 50;
const MEMBER_RUNS_SIZE = 5;
const LIVE_MILLISECONDS = 10_000;
const growing = { initialPageParam: null, getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor };

export function useRules({ q, state, trigger }: RulesSearch) {
  const path = useWorkspacePath();
  const query = { limit: PAGE_SIZE, ...(q ? { q } : {}), ...(state ? { state } : {}), ...(trigger ? { trigger } : {}) };
  return $api.useInfiniteQuery("get", RULES, { params: { path, query } }, growing);
}

export function useRule(rule_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", RULE, { params: { path: { ...path, rule_id } } });
}

export function usePresets() {
  const path = useWorkspacePath();
  return $api.useQuery("get", PRESETS, { params: { path } }, { staleTime: Infinity });
}

/** Asked again while somebody looks: rules act all the time. */
export function useRuns(rule_id: string, { state, member }: Pick<RuleSearch, "state" | "member">) {
  const path = useWorkspacePath();
  const query = { limit: PAGE_SIZE, ...(state ? { state } : {}), ...(member ? { member_id: member } : {}) };
  return $api.useInfiniteQuery("get", RUNS, { params: { path: { ...path, rule_id }, query } }, { ...growing, refetchInterval: LIVE_MILLISECONDS });
}

export function useMemberRuns(member_id: string) {
  const path = useWorkspacePath();
  const enabled = useMay("automations.read");
  return $api.useQuery("get", MEMBER_RUNS, { params: { path, query: { member_id, limit: MEMBER_RUNS_SIZE } } }, { enabled });
}

/** Has everything about rules asked again. */
export function useRulesChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([RULES, RULE, RUNS].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
  };
}
