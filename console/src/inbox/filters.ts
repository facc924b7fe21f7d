/** What the address of the inbox may hold. */
import { oneId, oneOf, parseFilters, text, type FilterValues } from "../kit/filters/schema";

export const SHOWS = ["open", "mine", "unassigned", "mentions", "snoozed", "closed"] as const;

export const inboxFilters = { show: oneOf(SHOWS), sort: oneOf(["waiting"]), q: text(100), account: oneId(), group: oneId(), assignee: oneId(), at: oneId() };
export type InboxSearch = FilterValues<typeof inboxFilters>;

export const parseInboxSearch = (search: Record<string, unknown>): InboxSearch => parseFilters(inboxFilters, search);

export function without(values: InboxSearch, ...keys: (keyof InboxSearch)[]): InboxSearch {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !(keys as string[]).includes(name)));
}
