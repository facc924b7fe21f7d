/** A welcome while it is written. */
import type { Part as Whole } from "../kit/meanwhile";
import { newPart, partsOf, type Part } from "../messages/parts";
import type { Welcome, WelcomeBody } from "./queries";

export const NAME_LENGTH_MAX = 60;
export const MESSAGES_MAX = 10;
export const SOURCES_MAX = 50;
export const PRIORITY_MAX = 100;
export const TOGETHER_SECONDS_MAX = 3_600;
export const DELAY_SECONDS_MAX = 604_800;
export const SOURCE_FIELDS = ["state", "invite_code", "scene"] as const satisfies readonly Source["field"][];
export const SCOPES = ["all", "community", "groups"] as const;
export const UNITS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;

export type Unit = keyof typeof UNITS;
export type Scope = (typeof SCOPES)[number];
export type Source = WelcomeBody["sources"][number];
export interface Said {
  parts: Part[];
  delay_seconds: number;
  place: "group" | "private";
  otherwise: "group" | "none";
  mentions: boolean;
}
export type Draft = Omit<WelcomeBody, "messages" | "community_id"> & { scope: Scope; community_id: string | null; messages: Said[] };

/** What is changed, and settled, as one. */
export const PARTS = [
  ["name"], ["kind", "scope", "community_id", "group_ids"], ["sources"], ["priority"], ["messages"], ["together_seconds"], ["keeps_quiet"], ["is_on"], ["actions"],
] as const satisfies readonly Whole<Draft>[];

export const newMessage = (text = ""): Said => ({ parts: [newPart("text", { text })], delay_seconds: 0, place: "group", otherwise: "group", mentions: true });

export const EMPTY: Draft = {
  name: "",
  kind: "group",
  scope: "all",
  community_id: null,
  group_ids: [],
  sources: [],
  priority: 0,
  messages: [newMessage()],
  together_seconds: 0,
  keeps_quiet: false,
  is_on: true,
  actions: [],
};

/** A welcome as the form takes it: what is counted of it is left out. */
export function draftOf(welcome: Welcome): Draft {
  const { name, kind, community, groups, sources, priority, messages, together_seconds, keeps_quiet, is_on, following: { actions } } = welcome;
  return {
    name, kind, sources, priority, together_seconds, keeps_quiet, is_on, actions,
    scope: groups.length > 0 ? "groups" : community ? "community" : "all",
    community_id: community?.id ?? null,
    group_ids: groups.map(({ id }) => id),
    messages: messages.map((one) => ({ ...one, parts: partsOf(one.parts) })),
  };
}

/** What is sent: of the scopes only the one chosen. */
export function bodyOf({ scope, ...draft }: Draft): WelcomeBody {
  const inGroups = draft.kind === "group";
  return {
    ...draft,
    community_id: inGroups && scope === "community" ? draft.community_id : null,
    group_ids: inGroups && scope === "groups" ? draft.group_ids : [],
    together_seconds: inGroups ? draft.together_seconds : 0,
    messages: draft.messages.map((one) => (inGroups ? one : { ...one, place: "private", otherwise: "none", mentions: false })),
  };
}

/** The largest unit in which a delay is a whole number. */
export function unitOf(seconds: number): Unit {
  const fitting = (["day", "hour", "minute"] as const).find((unit) => seconds > 0 && seconds % UNITS[unit] === 0);
  return fitting ?? (seconds === 0 ? "minute" : "second");
}
