/** The questions of keyword replies. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";

type Schemas = components["schemas"];
export type Rule = Schemas["ReplyRuleOut"];
export type RuleBody = Schemas["ReplyRuleIn"];
export type Keyword = Schemas["ReplyKeyword"];
export type Way = Keyword["way"];
export type Variant = Schemas["ReplyRuleOut"]["variants"][number];
export type Tested = Schemas["ReplyTestedOut"];
export type Tried = Schemas["ReplyTestOut"];
export type Conflict = Schemas["ReplyConflictOut"];
export type Question = Schemas["ReplyQuestionOut"];
export type RuleFile = Schemas["ReplyFileOut"];

export const RULES = "/api/workspaces/{workspace_id}/keyword-replies";
export const RULE = "/api/workspaces/{workspace_id}/keyword-replies/{reply_id}";
export const TEST = "/api/workspaces/{workspace_id}/keyword-replies/test";
export const SYNONYMS = "/api/workspaces/{workspace_id}/keyword-replies/synonyms";
export const CONFLICTS = "/api/workspaces/{workspace_id}/keyword-replies/conflicts";
export const QUESTIONS = "/api/workspaces/{workspace_id}/keyword-replies/questions";
export const QUESTION = "/api/workspaces/{workspace_id}/keyword-replies/questions/{reply_question_id}";
export const FILES = "/api/workspaces/{workspace_id}/keyword-replies/files";
export const FILE = "/api/workspaces/{workspace_id}/keyword-replies/files/{reply_file_id}";
export const TAKE_IN = "/api/workspaces/{workspace_id}/keyword-replies/files/{reply_file_id}/import";

const PAGE_SIZE = 50;
const POLL_MILLISECONDS = 700;
const growing = { initialPageParam: null, getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor };

export function useRules(q: string | undefined, state: "on" | "off" | undefined) {
  const path = useWorkspacePath();
  const query = { limit: PAGE_SIZE, ...(q ? { q } : {}), ...(state ? { is_enabled: state === "on" } : {}) };
  return $api.useInfiniteQuery("get", RULES, { params: { path, query } }, growing);
}

export function useRule(rule_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", RULE, { params: { path: { ...path, reply_id: rule_id } } });
}

export function useHits(rule_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", `${RULE}/hits`, { params: { path: { ...path, reply_id: rule_id } } });
}

export function useConflicts() {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery("get", CONFLICTS, { params: { path, query: { limit: PAGE_SIZE } } }, growing);
}

export function useQuestions() {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery("get", QUESTIONS, { params: { path, query: { limit: PAGE_SIZE } } }, growing);
}

export function useSynonyms() {
  const path = useWorkspacePath();
  return $api.useQuery("get", SYNONYMS, { params: { path } });
}

export const isUnderWay = ({ state }: RuleFile): boolean => state === "waiting" || state === "checking" || state === "running";

export function useRuleFile(file_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", FILE, { params: { path: { ...path, reply_file_id: file_id } } }, {
    refetchInterval: ({ state: { data } }) => (data === undefined || isUnderWay(data) ? POLL_MILLISECONDS : false),
  });
}

export const exportAddress = (workspace_id: string, format: "csv" | "xlsx"): string => `/api/workspaces/${workspace_id}/keyword-replies/export?format=${format}`;

/** Has everything about keyword replies asked again. */
export function useRulesChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([RULES, RULE, CONFLICTS, QUESTIONS, SYNONYMS].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
  };
}
