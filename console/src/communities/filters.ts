/** What the addresses of the pages of communities and groups may hold. */
import { days, oneOf, parseFilters, text, type FilterValues } from "../kit/filters/schema";
import { parseAnalyticsSearch, type AnalyticsSearch } from "../reports/filters";

export const KINDS = ["marketing", "content", "service", "other"] as const;
export type Kind = (typeof KINDS)[number];

/** No choice means those that are not archived. */
const shelf = oneOf(["archived", "all"]);

export const communityFilters = { q: text(100), range: days(), show: shelf };
export type CommunityFilterValues = FilterValues<typeof communityFilters>;
export type CommunitiesSearch = CommunityFilterValues & { view?: "table" };

export const parseCommunitiesSearch = (search: Record<string, unknown>): CommunitiesSearch => ({
  ...parseFilters(communityFilters, search),
  ...(search.view === "table" ? { view: "table" } : {}),
});

export const COMMUNITY_TABS = ["overview", "groups", "retention", "attention", "settings"] as const;
export type CommunityTab = (typeof COMMUNITY_TABS)[number];

/** What to look at: one list at a time. */
export const LISTS = ["questions", "newcomers", "silent"] as const;
export type List = (typeof LISTS)[number];

function listOf(search: Record<string, unknown>): { list?: List } {
  const list = LISTS.find((name) => name === search.list);
  return list && list !== "questions" ? { list } : {};
}

const NUMBERS = ["group", "channel", "range", "compare", "unit", "cohort", "silence"] as const;
const NUMBERS_OF_GROUP = ["range", "compare", "unit", "cohort", "silence"] as const;

/** Of the words of the explorer those that the tabs here understand. */
function some<Key extends keyof AnalyticsSearch>(search: Record<string, unknown>, keys: readonly Key[]): Pick<AnalyticsSearch, Key> {
  const found = Object.entries(parseAnalyticsSearch(search)).filter(([key]) => keys.some((one) => one === key));
  return Object.fromEntries(found) as Pick<AnalyticsSearch, Key>;
}

export type CommunitySearch = Pick<AnalyticsSearch, (typeof NUMBERS)[number]> & { tab?: CommunityTab; list?: List; show?: "archived" | "all" };

export function parseCommunitySearch(search: Record<string, unknown>): CommunitySearch {
  const tab = COMMUNITY_TABS.find((name) => name === search.tab);
  const show = shelf.parse(search.show);
  return { ...some(search, NUMBERS), ...listOf(search), ...(tab && tab !== "overview" ? { tab } : {}), ...(show ? { show } : {}) };
}

export const GROUP_TABS = ["overview", "retention", "attention", "settings"] as const;
export type GroupTab = (typeof GROUP_TABS)[number];
export type GroupSearch = Pick<AnalyticsSearch, (typeof NUMBERS_OF_GROUP)[number]> & { tab?: GroupTab; list?: List };

export function parseGroupSearch(search: Record<string, unknown>): GroupSearch {
  const tab = GROUP_TABS.find((name) => name === search.tab);
  return { ...some(search, NUMBERS_OF_GROUP), ...listOf(search), ...(tab && tab !== "overview" ? { tab } : {}) };
}
