/** What the address of the sending rules may hold. */
import { oneId, oneOf, parseFilters, text, type FilterValues } from "../kit/filters/schema";

export const FIRST_TAB = "rules";
const TABS = [FIRST_TAB, "optOuts"] as const;
export type SendingTab = (typeof TABS)[number];

export const REASONS = ["link", "asked", "complaint", "bounced", "staff", "imported"] as const;
export const optOutFilters = { q: text(100), channel: oneId(), reason: oneOf(REASONS) };
export type OptOutSearch = FilterValues<typeof optOutFilters>;
export type SendingSearch = OptOutSearch & { tab?: SendingTab };

export function parseSendingSearch(search: Record<string, unknown>): SendingSearch {
  const tab = TABS.find((known) => known === search["tab"]);
  return { ...parseFilters(optOutFilters, search), ...(tab === undefined || tab === FIRST_TAB ? {} : { tab }) };
}
