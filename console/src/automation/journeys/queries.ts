/** What the pages of journeys ask, and what has to be asked for again after a change. */
import { useQueries, useQueryClient } from "@tanstack/react-query";

import { $api, api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { useMay, useWorkspacePath } from "../../app/session";
import { fromServer, toServer, type Graph } from "./graph";

type Schemas = components["schemas"];
export type JourneyItem = Schemas["JourneyOut"];
export type JourneyState = JourneyItem["state"];
/** The API takes any JSON as a graph and judges it itself; here it has its shape. */
export type Journey = Omit<Schemas["JourneyFull"], "draft"> & { draft: Graph };
export type Problem = Schemas["JourneyProblem"];
export type Said = Schemas["AutomationSaid"];
export type NodeNumbers = Schemas["JourneyNodeNumbers"];
export type Numbers = Schemas["JourneyNumbers"];
export type GoalNumbers = Schemas["JourneyGoalNumbers"];
export type ArmNumbers = Schemas["JourneyArmNumbers"];
export type Enrolment = Schemas["EnrolmentOut"];
export type MemberJourney = Schemas["MemberJourney"];
export type Start = Schemas["StartOut"];
export type Trial = Schemas["DryRunOut"];
export type JourneyPreset = Omit<Schemas["JourneyPresetOut"], "graph"> & { graph: Graph };

export const JOURNEYS = "/api/workspaces/{workspace_id}/automation/journeys";
export const JOURNEY = `${JOURNEYS}/{journey_id}` as const;
const PRESETS = `${JOURNEYS}/presets` as const;
const DRAFT = `${JOURNEY}/draft` as const;
const VERSION = `${JOURNEY}/versions/{number}` as const;
const NUMBERS = `${JOURNEY}/numbers` as const;
const PEOPLE = `${JOURNEY}/people` as const;
const ENROLMENT = "/api/workspaces/{workspace_id}/automation/enrolments/{enrolment_id}";
const MEMBER_JOURNEYS = "/api/workspaces/{workspace_id}/automation/enrolments";
const CAP = `${JOURNEYS}/cap` as const;
const START = "/api/workspaces/{workspace_id}/automation/starts/{start_id}";
const DRY_RUN = "/api/workspaces/{workspace_id}/automation/dry-runs/{run_id}";

const PAGE_SIZE = 50;
const MEMBER_JOURNEYS_SIZE = 5;
const FOUND_MAX = 20;
const POLL_MILLISECONDS = 700;
const NUMBERS_MILLISECONDS = 5_000;
const UNDER_WAY_MILLISECONDS = 10_000;
const growing = { initialPageParam: null, getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor };

export function useJourneys(q: string | undefined, state: JourneyState | undefined) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery("get", JOURNEYS, { params: { path, query: { limit: PAGE_SIZE, ...(q ? { q } : {}), ...(state ? { state } : {}) } } }, growing);
}

/** Some of those with this in their name, the latest made first; what was found before stays while the next is asked for. */
export function useFoundJourneys(q: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", JOURNEYS, { params: { path, query: { limit: FOUND_MAX, ...(q ? { q } : {}) } } }, { placeholderData: (before) => before });
}

export function useJourneyName(journey_id: string | null) {
  const path = useWorkspacePath();
  return $api.useQuery("get", JOURNEY, { params: { path: { ...path, journey_id: journey_id ?? "" } } }, { enabled: journey_id !== null, select: ({ name }) => name });
}

/** By id, as far as they are known. */
export function useJourneyNames(ids: readonly string[]): Readonly<Record<string, string>> {
  const path = useWorkspacePath();
  return useQueries({
    queries: ids.map((journey_id) => $api.queryOptions("get", JOURNEY, { params: { path: { ...path, journey_id } } })),
    combine: (found) => Object.fromEntries(found.flatMap(({ data }) => (data ? [[data.id, data.name]] : []))),
  });
}

export function usePresets() {
  const path = useWorkspacePath();
  return $api.useQuery("get", PRESETS, { params: { path } }, { staleTime: Infinity, select: ({ items }): JourneyPreset[] => items });
}

export function useJourney(journey_id: string) {
  const path = useWorkspacePath();
  // Of the draft only the first answer is used: from then on this page has it.
  return $api.useQuery("get", JOURNEY, { params: { path: { ...path, journey_id } } }, {
    select: (found): Journey => ({ ...found, draft: fromServer(found.draft) }),
    refetchInterval: ({ state: { data } }) => (data?.state === "stopping" ? POLL_MILLISECONDS : data?.state === "on" ? UNDER_WAY_MILLISECONDS : false),
  });
}

export async function askJourney(workspace_id: string, journey_id: string) {
  const { data } = await api.GET(JOURNEY, { params: { path: { workspace_id, journey_id } } });
  if (!data) throw new Error("the journey has no answer"); // refusals are thrown by the middleware
  return { ...data, draft: fromServer(data.draft) };
}

export async function putDraft(workspace_id: string, journey_id: string, graph: Graph, revision: number) {
  const { data } = await api.PUT(DRAFT, { params: { path: { workspace_id, journey_id } }, body: { graph: toServer(graph), revision } });
  if (!data) throw new Error("the draft has no answer");
  return data;
}

export function useVersion(journey_id: string, number: number | null) {
  const path = useWorkspacePath();
  return $api.useQuery("get", VERSION, { params: { path: { ...path, journey_id, number: number ?? 0 } } }, { enabled: number !== null, staleTime: Infinity, select: ({ graph }) => fromServer(graph) });
}

export function useNumbers(journey_id: string, version: number | null, enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", NUMBERS, { params: { path: { ...path, journey_id }, query: version === null ? {} : { version } } }, { enabled, refetchInterval: NUMBERS_MILLISECONDS, staleTime: 0 });
}

export type PeopleState = "waiting" | "passed" | "failed" | "ended";

export function usePeople(journey_id: string, query: { node: string; show: PeopleState; version?: number }) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery("get", PEOPLE, { params: { path: { ...path, journey_id }, query: { ...query, limit: PAGE_SIZE } } }, { ...growing, staleTime: 0 });
}

export function useEnrolment(enrolment_id: string | null) {
  const path = useWorkspacePath();
  return $api.useQuery("get", ENROLMENT, { params: { path: { ...path, enrolment_id: enrolment_id ?? "" } } }, { enabled: enrolment_id !== null, staleTime: 0 });
}

/** Asked again while somebody looks: people go on by themselves. */
export function useMemberJourneys(member_id: string) {
  const path = useWorkspacePath();
  const enabled = useMay("automations.read");
  return $api.useInfiniteQuery("get", MEMBER_JOURNEYS, { params: { path, query: { member_id, limit: MEMBER_JOURNEYS_SIZE } } }, {
    ...growing,
    enabled,
    refetchInterval: ({ state: { data } }) => (data?.pages.some(({ items }) => items.some(({ state }) => state === "waiting")) ? UNDER_WAY_MILLISECONDS : false),
  });
}

export function useStart(start_id: string | null) {
  const path = useWorkspacePath();
  return $api.useQuery("get", START, { params: { path: { ...path, start_id: start_id ?? "" } } }, {
    enabled: start_id !== null,
    refetchInterval: ({ state: { data } }) => (data === undefined || data.state === "running" ? POLL_MILLISECONDS : false),
  });
}

export function useTrial(run_id: string | null) {
  const path = useWorkspacePath();
  return $api.useQuery("get", DRY_RUN, { params: { path: { ...path, run_id: run_id ?? "" } } }, {
    enabled: run_id !== null,
    refetchInterval: ({ state: { data } }) => (data === undefined || data.state === "running" ? POLL_MILLISECONDS : false),
  });
}

/** Has everything about journeys asked again. */
export function useJourneysChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([JOURNEYS, JOURNEY, NUMBERS, PEOPLE, MEMBER_JOURNEYS, CAP].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
  };
}

export function useCap(enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", CAP, { params: { path } }, { enabled });
}

export const useSetCap = () => $api.useMutation("put", CAP);
export const useCreateJourney = () => $api.useMutation("post", JOURNEYS);
export const useChangeJourney = () => $api.useMutation("patch", JOURNEY);
export const useDeleteJourney = () => $api.useMutation("delete", JOURNEY);
export const useCheck = () => $api.useMutation("post", `${JOURNEY}/check`);
export const usePublish = () => $api.useMutation("post", `${JOURNEY}/publication`);
export const useSetState = () => $api.useMutation("put", `${JOURNEY}/state`);
export const useEnrol = () => $api.useMutation("post", `${JOURNEY}/enrolments`);
export const useTakeOut = () => $api.useMutation("delete", ENROLMENT);
export const useBeginTrial = () => $api.useMutation("post", `${JOURNEY}/dry-runs`);
