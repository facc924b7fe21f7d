/** A rule while it is written: what begins it, what is sent, what is kept in this browser, and what two editors settle. */
import type { Language } from "../../i18n/language";
import { readStored, writeStored } from "../../design/storage";
import type { Part } from "../../kit/meanwhile";
import type { Condition, ValueType } from "../../segments/editor/language";
import { missingIn } from "../../segments/editor/problems";
import { stillTrueOfActions, valueAt, type Errors } from "../shared/errors";
import { emptyFields, keptActions } from "../shared/settings";
import { lacksOf, newTrigger, wholeTrigger, type Trigger } from "../shared/trigger";
import type { ActionKind } from "../shared/types";
import type { Preset, Rule, RuleBody } from "./queries";

export const NAME_LENGTH_MAX = 100;
export const DESCRIPTION_LENGTH_MAX = 300;
export const ACTIONS_MAX = 20;
export const COOLDOWN_SECONDS_MAX = 366 * 86_400;
export const CAP_TIMES_MAX = 1_000;
export const CAP_DAYS_MAX = 366;
export const PRIORITY_MAX = 1_000;

/** The API takes any JSON as a trigger and a condition and judges it itself; here they have their shapes. */
export type Draft = Required<Omit<RuleBody, "trigger" | "condition" | "preset">> & { trigger: Trigger; condition: Condition | null };

/** What is changed, and settled, as one. */
export const PARTS = [
  ["name"], ["description"], ["community_id"], ["trigger"], ["condition"], ["actions"], ["cooldown_seconds"], ["cap_times"], ["cap_days"], ["hours"], ["priority"], ["is_last"], ["is_on"],
] as const satisfies readonly Part<Draft>[];

export const emptyDraft = (zone: string): Draft => ({
  name: "", description: "", community_id: null, trigger: newTrigger("event", zone), condition: null, actions: [],
  cooldown_seconds: 0, cap_times: 0, cap_days: 0, hours: null, priority: 0, is_last: false, is_on: false,
});

export const draftOf = (rule: Rule): Draft => ({
  name: rule.name, description: rule.description, community_id: rule.community?.id ?? null, trigger: wholeTrigger(rule.trigger), condition: (rule.condition ?? null) as Condition | null,
  actions: rule.actions, cooldown_seconds: rule.cooldown_seconds, cap_times: rule.cap_times, cap_days: rule.cap_days, hours: rule.hours, priority: rule.priority, is_last: rule.is_last, is_on: rule.is_on,
});

export function draftOfPreset({ rule }: Preset, language: Language): Draft {
  const { name, trigger, condition, actions, cooldown_seconds, cap_times, cap_days, hours, priority, is_last } = rule;
  return {
    name: name[language], description: "", community_id: null, trigger: wholeTrigger(trigger), condition: (condition ?? null) as Condition | null,
    actions, cooldown_seconds, cap_times, cap_days, hours, priority, is_last, is_on: false,
  };
}

/** What is sent: what belongs to fields that are not shown is left out. */
export const bodyOf = (draft: Draft, kinds: readonly ActionKind[]): Omit<RuleBody, "preset"> => ({
  ...draft,
  name: draft.name.trim(),
  description: draft.description.trim(),
  trigger: { ...draft.trigger },
  actions: keptActions(draft.actions, kinds),
});

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
export const sameDraft = (one: Draft, other: Draft): boolean => PARTS.every(([part]) => same(one[part], other[part]));

// --- what is plainly missing -----------------------------------------------------------------

/** Words are under `missing`; those of conditions are their editor's own. */
export type Missing = { field: string } & ({ of: "rule"; lack: "name" | "trigger" | "actions" | "field" } | { of: "condition"; lack: ReturnType<typeof missingIn>[number]["lack"] });

/** What anybody can see is not there yet, at the fields as the server would name them. */
export function missing(draft: Draft, kinds: readonly ActionKind[], typeOf: (key: string) => ValueType): Missing[] {
  const by = new Map(kinds.map((one) => [one.name, one]));
  const own = (field: string, lack: "name" | "trigger" | "actions" | "field"): Missing => ({ field, of: "rule", lack });
  return [
    ...(draft.name.trim() === "" ? [own("name", "name")] : []),
    ...lacksOf(draft.trigger).map((field) => own(`trigger.${field}`, "trigger")),
    ...(draft.condition ? missingIn(draft.condition, typeOf).map(({ field, lack }): Missing => ({ field: `condition${field}`, of: "condition", lack })) : []),
    ...(draft.is_on && draft.actions.length === 0 ? [own("actions", "actions")] : []),
    ...draft.actions.flatMap(({ action, settings }, index) => emptyFields(by.get(action)?.fields ?? [], settings).map(({ name }) => own(`actions.${index}.settings.${name}`, "field"))),
  ];
}

// --- what was said of fields, as they change --------------------------------------------------

/** Errors go where their field changed and follow an action that moves. Of a condition they stay: its editor knows which rows changed. */
export function stillTrue(errors: Errors, before: Draft, after: Draft): Errors {
  return stillTrueOfActions(errors, before, after).filter(({ field }) => {
    if (field.startsWith("condition")) return after.condition !== null;
    return field.startsWith("actions") || same(valueAt(before, field), valueAt(after, field));
  });
}

// --- kept in this browser ------------------------------------------------------------------------

export interface StoredDraft {
  draft: Draft;
  /** The rule as it was when the changes began. */
  base: Draft;
  /** When it was last changed, ISO 8601. */
  at: string;
  /** The version of the rule it began from; 0: a new one. */
  version: number;
}

const keyOf = (workspace_id: string, id: string) => `hutong.rule-draft.${workspace_id}.${id}`;

const isDraft = (value: unknown): value is Draft => typeof value === "object" && value !== null && PARTS.every(([part]) => part in value);

export function readDraft(workspace_id: string, id: string): StoredDraft | null {
  const text = readStored(keyOf(workspace_id, id));
  if (text === null) return null;
  try {
    const found = JSON.parse(text) as Partial<StoredDraft> | null;
    const fits = typeof found?.at === "string" && typeof found.version === "number" && isDraft(found.draft) && isDraft(found.base);
    return fits ? (found as StoredDraft) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export const keepDraft = (workspace_id: string, id: string, draft: StoredDraft): void => {
  writeStored(keyOf(workspace_id, id), JSON.stringify(draft));
};

export const dropDraft = (workspace_id: string, id: string): void => {
  writeStored(keyOf(workspace_id, id), null);
};

