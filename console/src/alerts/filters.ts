/** What the address of the alerts page may hold. */
import { oneOf, parseFilters, type FilterValues } from "../kit/filters/schema";

export const KINDS = ["quiet", "spike", "question", "newcomer", "connector", "sends", "todo", "automation"] as const;
export const SHOWS = ["open", "acknowledged", "snoozed", "resolved", "all"] as const;
export const TABS = ["list", "rules", "told"] as const;
export type Tab = (typeof TABS)[number];
export type Kind = (typeof KINDS)[number];

export const alertFilters = { show: oneOf(SHOWS), kind: oneOf(KINDS) };
export type AlertFilters = FilterValues<typeof alertFilters>;
export type AlertsSearch = AlertFilters & { tab?: Tab };

export function parseAlertsSearch(search: Record<string, unknown>): AlertsSearch {
  const tab = TABS.find((one) => one === search.tab && one !== "list");
  return { ...parseFilters(alertFilters, search), ...(tab ? { tab } : {}) };
}
