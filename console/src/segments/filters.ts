/** What the addresses of the pages of segments may hold. */
import { days, manyOf, oneOf, parseFilters, text, type FilterValues } from "../kit/filters/schema";

export const segmentFilters = { q: text(100), kind: oneOf(["live", "static"]) };
export type SegmentsSearch = FilterValues<typeof segmentFilters>;
export const parseSegmentsSearch = (search: Record<string, unknown>): SegmentsSearch => parseFilters(segmentFilters, search);

export const SEGMENT_TABS = ["members", "growth", "distinctions", "overlap", "versions"] as const;
export type SegmentTab = (typeof SEGMENT_TABS)[number];

const OTHERS_MAX = 2;
/** `with`: the segments compared in the overlap. */
export const segmentPageFilters = { tab: oneOf(SEGMENT_TABS), days: days(), with: manyOf() };
export type SegmentSearch = FilterValues<typeof segmentPageFilters>;

export function parseSegmentSearch(search: Record<string, unknown>): SegmentSearch {
  const { with: others, ...rest } = parseFilters(segmentPageFilters, search);
  return { ...rest, ...(others ? { with: others.slice(0, OTHERS_MAX) } : {}) };
}
