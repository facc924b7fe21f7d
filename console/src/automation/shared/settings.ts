/** The settings of an action by its fields: what they begin with, which are shown, how one action becomes two. */
import { newPart } from "../../messages/parts";
import type { ActionKind, ActionUse, Field, Settings } from "./types";

/** What a field has before anybody touches it; undefined: nothing. */
function first(field: Field): unknown {
  if (field.default !== null) return field.default;
  switch (field.kind) {
    case "message":
      return [newPart("text")];
    case "boolean":
      return false;
    case "properties":
      return {};
    case "accounts":
      return [];
    default:
      return undefined;
  }
}

export function newSettings({ fields }: ActionKind): Settings {
  const settings: Record<string, unknown> = {};
  for (const field of fields) {
    const value = first(field);
    if (value !== undefined) settings[field.name] = value;
  }
  return settings;
}

/** The value of a field, or what it has while it is left alone. */
export const valueOf = (field: Field, settings: Settings): unknown => settings[field.name] ?? field.default;

/** Fields that depend on another field are shown where that one has a fitting value, and is shown itself. */
export function shown(fields: readonly Field[], settings: Settings): Field[] {
  const by = new Map(fields.map((field) => [field.name, field]));
  const isShown = ({ only_if }: Field): boolean => {
    if (!only_if) return true;
    const other = by.get(only_if.field);
    return other !== undefined && isShown(other) && only_if.values.includes(String(valueOf(other, settings)));
  };
  return fields.filter(isShown);
}

/** One field changed. A value of another attribute than the one before is none. */
export function withValue(fields: readonly Field[], settings: Settings, name: string, value: unknown): Settings {
  const next: Record<string, unknown> = { ...settings, [name]: value };
  if (value === undefined) Reflect.deleteProperty(next, name);
  for (const field of fields) if (field.of === name && settings[name] !== value) Reflect.deleteProperty(next, field.name);
  return next;
}

/** Without what belongs to fields that are not shown: they are not meant. */
export function kept(fields: readonly Field[], settings: Settings): Settings {
  const names = new Set(shown(fields, settings).map(({ name }) => name));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name)));
}

/** Actions as they are sent. Of one that this server does not know nothing is known that could be left out. */
export function keptActions(actions: readonly ActionUse[], kinds: readonly ActionKind[]): ActionUse[] {
  const by = new Map(kinds.map(({ name, fields }) => [name, fields]));
  return actions.map((one) => {
    const fields = by.get(one.action);
    return { ...one, settings: { ...(fields ? kept(fields, one.settings) : one.settings) } };
  });
}

export const sameActions = (some: readonly ActionUse[], others: readonly ActionUse[]): boolean => JSON.stringify(some) === JSON.stringify(others);

/** What is sent of actions that belong to something else: null where they are as they were. */
export const changedActions = (actions: readonly ActionUse[], had: readonly ActionUse[], kinds: readonly ActionKind[]): ActionUse[] | null =>
  sameActions(actions, had) ? null : keptActions(actions, kinds);

/** Required fields that are empty, in their order. A value is asked for once its attribute is chosen. */
export const emptyFields = (fields: readonly Field[], settings: Settings): Field[] =>
  shown(fields, settings).filter((field) => field.is_required && isEmpty(field, valueOf(field, settings)) && (field.of === "" || Boolean(settings[field.of])));

function isEmpty({ kind }: Field, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value)) return value.length === 0;
  return kind === "properties" && typeof value === "object" && Object.keys(value).length === 0;
}

/** The accounts that can send what a field is for. */
export const accountsFor = <Account extends { sends: readonly string[] }>({ sends }: Pick<Field, "sends">, accounts: readonly Account[]): Account[] =>
  accounts.filter((one) => (sends === "" ? one.sends.length > 0 : one.sends.includes(sends)));

const ID_LENGTH = 8;

/** An id that none of them has. */
export function newActionId(actions: readonly ActionUse[]): string {
  const taken = new Set(actions.map(({ id }) => id));
  for (;;) {
    const id = crypto.randomUUID().replaceAll("-", "").slice(0, ID_LENGTH);
    if (!taken.has(id)) return id;
  }
}

/** The list with a copy of one right behind it. */
export function duplicated(actions: readonly ActionUse[], index: number): ActionUse[] {
  const one = actions[index];
  return one ? actions.toSpliced(index + 1, 0, { ...one, id: newActionId(actions), settings: structuredClone(one.settings) }) : [...actions];
}

export interface PropertyRow {
  name: string;
  value: string;
}

/** Names and values as rows to write in, and back: of two rows with one name the later is meant, rows without a name are not. */
export const rowsOf = (value: unknown): PropertyRow[] => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value).map(([name, one]) => ({ name, value: typeof one === "string" ? one : JSON.stringify(one) })) : []);
export const propertiesOf = (rows: readonly PropertyRow[]): Record<string, string> => Object.fromEntries(rows.filter(({ name }) => name.trim() !== "").map(({ name, value }) => [name.trim(), value]));
