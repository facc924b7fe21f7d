/** What the addresses of the pages of keyword replies may hold. */
import { oneOf, parseFilters, text, type FilterValues } from "../kit/filters/schema";

export const VIEWS = ["rules", "questions", "conflicts", "synonyms"] as const;
export type View = (typeof VIEWS)[number];

export const ruleFilters = { q: text(100), state: oneOf(["on", "off"]) };
export type RulesSearch = FilterValues<typeof ruleFilters>;
const pageFilters = { ...ruleFilters, view: oneOf(VIEWS) };
export type RepliesSearch = FilterValues<typeof pageFilters>;
export const parseRepliesSearch = (search: Record<string, unknown>): RepliesSearch => parseFilters(pageFilters, search);

/** `question`: what a new rule is made of. */
const newFilters = { question: text(500) };
export const parseNewRuleSearch = (search: Record<string, unknown>): FilterValues<typeof newFilters> => parseFilters(newFilters, search);
