/** What the addresses of the pages of segments may hold. */
import { days, manyOf, oneId, oneOf, parseFilters, text, type FilterValues } from "../kit/filters/schema";

export const segmentFilters = { q: text(100), kind: oneOf(["live", "static"]) };
export type SegmentsSearch = FilterValues<typeof segmentFilters>;
export const parseSegmentsSearch = (search: Record<string, unknown>): SegmentsSearch => parseFilters(segmentFilters, search);

/** `days` and `with` are for the tabs that look at days and at other segments. */
const segmentPageFilters = { tab: oneId(), days: days(), with: manyOf() };
export type SegmentSearch = FilterValues<typeof segmentPageFilters>;
export const parseSegmentSearch = (search: Record<string, unknown>): SegmentSearch => parseFilters(segmentPageFilters, search);
