/** What the address of the page of scripts may hold. */
import { parseFilters, text, type FilterValues } from "../kit/filters/schema";

export const scriptFilters = { q: text(100) };
export type ScriptsSearch = FilterValues<typeof scriptFilters>;

export const parseScriptsSearch = (search: Record<string, unknown>): ScriptsSearch => parseFilters(scriptFilters, search);
