/** What the addresses of the pages of rules may hold. */
import { oneId, oneOf, parseFilters, text, type FilterValues } from "../../kit/filters/schema";

export const KINDS = ["event", "segment", "schedule", "date"] as const;
export const RUN_STATES = ["done", "skipped", "waiting", "failed"] as const;
export const TABS = ["rule", "log"] as const;
export type RuleTab = (typeof TABS)[number];

export const ruleFilters = { q: text(100), state: oneOf(["on", "off"]), trigger: oneOf(KINDS) };
export type RulesSearch = FilterValues<typeof ruleFilters>;
export const parseRulesSearch = (search: Record<string, unknown>): RulesSearch => parseFilters(ruleFilters, search);

/** `preset`: what a new rule begins from; "blank": from nothing. Without it the gallery is shown. */
const newFilters = { preset: text(40) };
export const BLANK = "blank";
export const parseNewRuleSearch = (search: Record<string, unknown>): FilterValues<typeof newFilters> => parseFilters(newFilters, search);

export const runFilters = { state: oneOf(RUN_STATES) };
const oneFilters = { ...runFilters, tab: oneOf(TABS), member: oneId() };
export type RuleSearch = FilterValues<typeof oneFilters>;
export const parseRuleSearch = (search: Record<string, unknown>): RuleSearch => parseFilters(oneFilters, search);
