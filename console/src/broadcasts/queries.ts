/** The questions of broadcasts. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import { partsOf, type Part } from "../messages/parts";

type Schemas = components["schemas"];
export type Line = Schemas["BroadcastLine"];
export type Broadcast = Schemas["BroadcastOut"];
export type Run = Schemas["BroadcastRunOut"];
export type Recipient = Schemas["BroadcastRecipientOut"];
export type Show = Recipient["state"];
export type Audience = Schemas["BroadcastAudience"];
export type Timing = Schemas["BroadcastTiming"];
export type Check = Schemas["BroadcastCheckOut"];

export const BROADCASTS = "/api/workspaces/{workspace_id}/broadcasts";
export const BROADCAST = "/api/workspaces/{workspace_id}/broadcasts/{broadcast_id}";
const CHECK = "/api/workspaces/{workspace_id}/broadcasts/{broadcast_id}/check";
const RECIPIENTS = "/api/workspaces/{workspace_id}/broadcasts/{broadcast_id}/runs/{run_id}/recipients";
const PAGE_SIZE = 50;
const LIVE_MILLISECONDS = 1_500;
const COUNTING_MILLISECONDS = 700;
const RESTING_MILLISECONDS = 15_000;

const growing = { initialPageParam: null, getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor };

/** Something of it is on its way, or will be soon without anybody doing anything. */
export const isGoing = ({ state, last_run }: Pick<Line, "state" | "last_run">): boolean =>
  state === "sending" || last_run?.state === "cancelling" || last_run?.state === "sending";

export function useBroadcasts(state: Line["state"] | undefined) {
  const path = useWorkspacePath();
  const query = { limit: PAGE_SIZE, ...(state ? { state } : {}) };
  return $api.useInfiniteQuery(
    "get",
    BROADCASTS,
    { params: { path, query } },
    { ...growing, refetchInterval: ({ state: { data } }) => (data?.pages.some(({ items }) => items.some(isGoing)) ? LIVE_MILLISECONDS : RESTING_MILLISECONDS) },
  );
}

export function useBroadcast(broadcast_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery(
    "get",
    BROADCAST,
    { params: { path: { ...path, broadcast_id } } },
    { refetchInterval: ({ state: { data } }) => (!data || data.state === "draft" ? false : isGoing(data) ? LIVE_MILLISECONDS : RESTING_MILLISECONDS) },
  );
}

export function useRecipients(broadcast_id: string, run: Run, show: Show) {
  const path = useWorkspacePath();
  return $api.useInfiniteQuery(
    "get",
    RECIPIENTS,
    { params: { path: { ...path, broadcast_id, run_id: run.id }, query: { show, limit: PAGE_SIZE } } },
    { ...growing, refetchInterval: run.finished_at === null ? LIVE_MILLISECONDS * 2 : false },
  );
}

export const csvAddress = (workspace_id: string, broadcast_id: string, run_id: string, show: Show): string =>
  `/api/workspaces/${workspace_id}/broadcasts/${broadcast_id}/runs/${run_id}/recipients.csv?show=${show}`;

/** What sending would do: counted anew when the step opens, looked at again while a large audience is still being counted. */
export function useCheck(broadcast_id: string) {
  const path = { ...useWorkspacePath(), broadcast_id };
  const begun = $api.useQuery("put", CHECK, { params: { path } }, { staleTime: 0, gcTime: 0, retry: false, refetchOnWindowFocus: false });
  const going = $api.useQuery(
    "get",
    CHECK,
    { params: { path } },
    {
      enabled: begun.data?.state === "running",
      gcTime: 0,
      refetchInterval: ({ state: { data } }) => (data === undefined || data.state === "running" ? COUNTING_MILLISECONDS : false),
    },
  );
  const stop = $api.useMutation("delete", CHECK, { onSuccess: () => going.refetch() });
  return {
    data: going.data && going.dataUpdatedAt > begun.dataUpdatedAt ? going.data : begun.data,
    error: begun.error ?? going.error,
    isFetching: begun.isFetching,
    again: () => void begun.refetch(),
    cancel: () => { stop.mutate({ params: { path } }); },
  };
}

/** What can be done to a broadcast; each answers with how it is then. */
export function useActs(broadcast_id: string) {
  const path = { ...useWorkspacePath(), broadcast_id };
  const queryClient = useQueryClient();
  const onSuccess = async (now: Broadcast) => {
    queryClient.setQueryData($api.queryOptions("get", BROADCAST, { params: { path } }).queryKey, now);
    await queryClient.invalidateQueries({ queryKey: ["get", BROADCASTS] });
    await queryClient.invalidateQueries({ queryKey: ["get", RECIPIENTS] });
  };
  const change = $api.useMutation("put", BROADCAST, { onSuccess });
  const schedule = $api.useMutation("put", `${BROADCAST}/schedule`, { onSuccess });
  const unschedule = $api.useMutation("delete", `${BROADCAST}/schedule`, { onSuccess });
  const pause = $api.useMutation("put", `${BROADCAST}/pause`, { onSuccess });
  const resume = $api.useMutation("delete", `${BROADCAST}/pause`, { onSuccess });
  const cancel = $api.useMutation("put", `${BROADCAST}/cancellation`, { onSuccess });
  const resend = $api.useMutation("put", `${BROADCAST}/runs/{run_id}/resending`, { onSuccess });
  return {
    change: (body: Schemas["BroadcastChange"]) => change.mutateAsync({ params: { path }, body }),
    schedule: (version: number, recipients: number | null) => schedule.mutateAsync({ params: { path }, body: { version, recipients } }),
    unschedule: () => unschedule.mutateAsync({ params: { path } }),
    pause: () => pause.mutateAsync({ params: { path } }),
    resume: () => resume.mutateAsync({ params: { path } }),
    cancel: () => cancel.mutateAsync({ params: { path } }),
    resend: (run_id: string) => resend.mutateAsync({ params: { path: { ...path, run_id } } }),
    isPending: [change, schedule, unschedule, pause, resume, cancel, resend].some((act) => act.isPending),
  };
}

/** What of a broadcast is written, apart from its version. */
export interface Draft {
  name: string;
  purpose: Broadcast["purpose"];
  parts: Part[];
  audience: Audience;
  timing: Timing;
  per_minute: number | null;
  tracks_links: boolean;
}

export const draftOf = ({ name, purpose, parts, audience, timing, per_minute, tracks_links }: Broadcast): Draft => ({
  name, purpose, parts: partsOf(parts), audience, timing, per_minute, tracks_links,
});
