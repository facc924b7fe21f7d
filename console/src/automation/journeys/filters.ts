/** What the addresses of the pages of journeys may hold. */
import { oneId, oneOf, parseFilters, text, type FilterValues } from "../../kit/filters/schema";

export const STATES = ["draft", "on", "paused", "stopping", "stopped"] as const;
export const journeyFilters = { q: text(100), state: oneOf(STATES) };
export type JourneysSearch = FilterValues<typeof journeyFilters>;
export const parseJourneysSearch = (search: Record<string, unknown>): JourneysSearch => parseFilters(journeyFilters, search);

/** `view`: drawing, numbers, trying, or versions; `version`: whose; `person`: whose way is shown. */
export const VIEWS = ["draw", "numbers", "trial", "versions"] as const;
export type View = (typeof VIEWS)[number];
const pageFilters = { view: oneOf(VIEWS), version: text(10), person: oneId() };
export type JourneySearch = FilterValues<typeof pageFilters>;
export const parseJourneySearch = (search: Record<string, unknown>): JourneySearch => parseFilters(pageFilters, search);
