/** What the address of the page of to-dos may hold. */
import { oneId, oneOf, parseFilters, text, type FilterValues } from "../kit/filters/schema";

export const SHOWS = ["open", "mine", "unassigned", "late", "done"] as const;
export type Show = (typeof SHOWS)[number];

export const narrowing = { q: text(100), assignee: oneId() };
export type Narrowing = FilterValues<typeof narrowing>;

const todoFilters = { show: oneOf(SHOWS), ...narrowing };
export type TodosSearch = FilterValues<typeof todoFilters>;

export const parseTodosSearch = (search: Record<string, unknown>): TodosSearch => parseFilters(todoFilters, search);
