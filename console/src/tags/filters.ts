/** What the address of the pages about tags may hold. */
import { parseFilters, text, type FilterValues } from "../kit/filters/schema";

export const tagFilters = { q: text(60) };
export type TagsSearch = FilterValues<typeof tagFilters>;

export const parseTagsSearch = (search: Record<string, unknown>): TagsSearch => parseFilters(tagFilters, search);
