/** A rule while it is written. */
import type { ActionUse } from "../automation/shared/types";
import type { Part as Whole } from "../kit/meanwhile";
import { newPart, partsOf, type Part } from "../messages/parts";
import type { Keyword, Rule, RuleBody, Variant, Way } from "./queries";

export const VARIANTS = ["case", "width", "script", "gaps", "pinyin", "synonyms"] as const satisfies readonly Variant[];
export const WAYS = ["contains", "exact", "regex"] as const satisfies readonly Way[];
export const PLACES = ["all", "groups", "private"] as const satisfies readonly Rule["place"][];
export const KEYWORDS_MAX = 100;
export const ANSWERS_MAX = 20;
export const NAME_LENGTH_MAX = 100;
export const PRIORITY_MAX = 1_000;
export const COOLDOWN_SECONDS_MAX = 604_800;
export const WHOLE_WEEK = [0, 1, 2, 3, 4, 5, 6];

export type Draft = Required<Omit<RuleBody, "answers" | "actions">> & { answers: { weight: number; parts: Part[] }[]; actions: ActionUse[] };

/** What is changed, and settled, as one. */
export const PARTS = [
  ["name"], ["is_enabled"], ["priority"], ["keywords"], ["variants"], ["place", "community_ids", "group_ids"], ["needs_mention"], ["hours"],
  ["group_cooldown_seconds", "member_cooldown_seconds"], ["answers"], ["is_private", "quotes"], ["hands_over"], ["actions"],
] as const satisfies readonly Whole<Draft>[];

export const EMPTY: Draft = {
  name: "",
  is_enabled: true,
  priority: 100,
  keywords: [{ text: "", way: "contains" }],
  variants: [...VARIANTS],
  place: "all",
  community_ids: [],
  group_ids: [],
  needs_mention: false,
  hours: null,
  group_cooldown_seconds: 0,
  member_cooldown_seconds: 0,
  answers: [{ weight: 1, parts: [newPart("text")] }],
  is_private: false,
  quotes: false,
  hands_over: false,
  actions: [],
};

/** A rule as the form takes it: what is counted of it is left out. */
export function draftOf(rule: Rule): Draft {
  const {
    name, is_enabled, priority, keywords, variants, place, community_ids, group_ids, needs_mention, hours, group_cooldown_seconds, member_cooldown_seconds,
    answers, is_private, quotes, hands_over, following: { actions },
  } = rule;
  return {
    name, is_enabled, priority, keywords, variants, place, community_ids, group_ids, needs_mention, hours, group_cooldown_seconds, member_cooldown_seconds,
    is_private, quotes, hands_over, actions,
    answers: answers.map(({ weight, parts }) => ({ weight, parts: partsOf(parts) })),
  };
}

/** A rule of a question that nobody answered. */
export function draftOfQuestion(question: string): Draft {
  const text = question.trim().replace(/\s+/gu, " ");
  return { ...EMPTY, name: text.slice(0, 40), keywords: [{ text: text.replace(/[?？。！!\s]+$/u, "").slice(0, 100), way: "contains" }] };
}

const isSaid = ({ kind, text, file, url }: Part): boolean => (kind === "text" ? text.trim() !== "" : kind === "link" ? url !== "" : kind === "mention_all" || file !== "");

/** What is sent, but for its actions: empty keywords and answers that say nothing are left out, where the rule can do without. */
export function bodyOf({ actions, ...draft }: Draft): RuleBody {
  const keywords = draft.keywords.filter(({ text }) => text.trim() !== "");
  const answers = draft.answers.filter(({ parts }) => parts.some(isSaid));
  return {
    ...draft,
    name: draft.name.trim() || (keywords[0]?.text ?? "").slice(0, NAME_LENGTH_MAX),
    keywords,
    answers: answers.length > 0 || draft.hands_over || actions.length > 0 ? answers : draft.answers,
  };
}

/** Several lines pasted into one field are as many keywords. */
export function withPasted(keywords: readonly Keyword[], at: number, pasted: string): Keyword[] {
  const lines = pasted.split(/[\r\n]+/u).map((line) => line.trim()).filter((line) => line !== "");
  const way = keywords[at]?.way ?? "contains";
  const [first, ...rest] = lines;
  const next = [...keywords];
  next.splice(at, 1, { text: (keywords[at]?.text ?? "") + (first ?? ""), way }, ...rest.map((text) => ({ text, way })));
  return next.slice(0, KEYWORDS_MAX);
}

/** The rule as it can be tried before it is finished; null while there is nothing to try. */
export function trialOf(draft: Draft): RuleBody | null {
  const body = bodyOf(draft);
  if (body.keywords.length === 0) return null;
  const isTimed = draft.hours !== null && draft.hours.begin !== "" && draft.hours.end !== "" && draft.hours.days.length > 0;
  return { ...body, answers: draft.answers.filter(({ parts }) => parts.length > 0 && parts.every(isSaid)), hours: isTimed ? draft.hours : null };
}
