/** The filters of the member list: what the address may hold, and what is asked of the API for it. */
import { addDays, localDay } from "../format/dates";
import { days, manyOf, oneId, oneOf, parseFilters, readRange, text, type Filter, type FilterValues } from "../kit/filters/schema";
import type { Sort } from "../kit/table/DataTable";

const COUNT_DAYS_MAX = 3_650;

/** A number of days, as text. */
function dayCount(): Filter<string> {
  return {
    shape: { kind: "one", options: null },
    parse: (raw) => (typeof raw === "string" && /^[1-9]\d{0,3}$/.test(raw) && Number(raw) <= COUNT_DAYS_MAX ? raw : undefined),
  };
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An id; a hand-made address with anything else must not become a refused request. */
function id(): Filter<string> {
  const filter = oneId();
  return { shape: filter.shape, parse: (raw) => (typeof raw === "string" && UUID.test(raw) ? raw : undefined) };
}

const AMONG = /^[a-z_]+:.{1,190}$/;
const AMONG_MAX = 10;

/** Groups of members that other pages know of: `segment:<id>`, `tag:<id>`. A member must be in all of them. */
function amongFilter(): Filter<string[]> {
  const filter = manyOf();
  return { shape: filter.shape, parse: (raw) => nonEmpty((filter.parse(raw) ?? []).filter((one) => AMONG.test(one)).slice(0, AMONG_MAX)) };
}

const nonEmpty = (list: string[]): string[] | undefined => (list.length > 0 ? list : undefined);

/** The ids of one kind: those of `segment:` in the address. */
export const idsAmong = (among: readonly string[] | undefined, kind: string): string[] => (among ?? []).filter((one) => one.startsWith(`${kind}:`)).map((one) => one.slice(kind.length + 1));

/** The same address with other ids of one kind; the other kinds stay. */
export const withAmong = (among: readonly string[] | undefined, kind: string, ids: readonly string[]): string[] | undefined =>
  nonEmpty([...(among ?? []).filter((one) => !one.startsWith(`${kind}:`)), ...ids.map((id) => `${kind}:${id}`)]);

export const plainFilters = {
  q: text(100),
  community: id(),
  group: id(),
  channel: oneId(),
  presence: oneOf(["present", "left"]),
  active: dayCount(),
  silent: dayCount(),
  spoke: oneOf(["never"]),
  joined: days(),
  kind: oneOf(["people", "bots", "visitors"]),
};

export const memberFilters = { ...plainFilters, among: amongFilter() };

export type MemberFilterValues = FilterValues<typeof memberFilters>;

const SORTS = ["last_active", "messages", "joined", "name"] as const;
export type SortName = (typeof SORTS)[number];

export type MembersSearch = MemberFilterValues & { sort?: SortName; peek?: string };

export function parseMembersSearch(search: Record<string, unknown>): MembersSearch {
  const sort = SORTS.find((name) => name === search.sort);
  const peek = id().parse(search.peek);
  return { ...parseFilters(memberFilters, search), ...(sort ? { sort } : {}), ...(peek ? { peek } : {}) };
}

/** Names ascend; the rest shows the most first. */
export const sortShown = (sort: SortName | undefined): Sort => ({ key: sort ?? "last_active", descending: sort !== "name" });

export interface MemberQuery {
  q?: string;
  community_id?: string;
  group_id?: string;
  channel?: string;
  presence?: "present" | "left";
  active_within_days?: number;
  silent_for_days?: number;
  never_spoke?: boolean;
  joined_from?: string;
  joined_to?: string;
  is_bot?: boolean;
  is_anonymous?: boolean;
  among?: string[];
  sort: "-last_active" | "-messages" | "-joined" | "name";
}

/** `zone` is that of the days: the community's, or the workspace's. */
export function memberQuery(search: MembersSearch, zone: string, now = new Date()): MemberQuery {
  const { q, community, group, channel, presence, active, silent, spoke, joined, kind, among, sort = "last_active" } = search;
  const range = joined && readRange(joined);
  const today = localDay(now, zone);
  return {
    ...(q ? { q } : {}),
    ...(community ? { community_id: community } : {}),
    ...(group ? { group_id: group } : {}),
    ...(channel ? { channel } : {}),
    ...(presence ? { presence } : {}),
    ...(active ? { active_within_days: Number(active) } : {}),
    ...(silent ? { silent_for_days: Number(silent) } : {}),
    ...(spoke ? { never_spoke: true } : {}),
    ...(range && "days" in range ? { joined_from: addDays(today, 1 - range.days), joined_to: today } : {}),
    ...(range && "from" in range ? { joined_from: range.from, joined_to: range.to } : {}),
    ...(kind === "bots" ? { is_bot: true } : kind === "people" ? { is_bot: false } : {}),
    ...(kind === "visitors" ? { is_anonymous: true } : {}),
    ...(among ? { among } : {}),
    sort: sort === "name" ? "name" : `-${sort}`,
  };
}

/** The address of the same list as CSV. */
export function exportAddress(workspace_id: string, query: MemberQuery): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query) as [string, string | number | boolean | string[]][])
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(key, String(one));
  return `/api/workspaces/${workspace_id}/members/export?${parameters.toString()}`;
}

export const TABS = ["timeline", "memberships", "participation", "merges"] as const;
export type Tab = (typeof TABS)[number];

/** What the timeline shows; the community is that of the address. */
export const timelineFilters = { event: oneId(), community: id(), when: days() };
export type TimelineFilterValues = FilterValues<typeof timelineFilters>;
export type MemberSearch = TimelineFilterValues & { tab?: Tab };

export function parseMemberSearch(search: Record<string, unknown>): MemberSearch {
  const tab = TABS.find((name) => name === search.tab);
  return { ...parseFilters(timelineFilters, search), ...(tab ? { tab } : {}) };
}
