/** What the address of the list of broadcasts may hold. */
import { oneOf, parseFilters, type FilterValues } from "../kit/filters/schema";

export const STATES = ["draft", "scheduled", "sending", "paused", "done", "cancelled"] as const;
export const broadcastFilters = { state: oneOf(STATES) };
export type BroadcastsSearch = FilterValues<typeof broadcastFilters>;

export const parseBroadcastsSearch = (search: Record<string, unknown>): BroadcastsSearch => parseFilters(broadcastFilters, search);
