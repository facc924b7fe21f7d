/** The condition language as JSON, the way `hutong/segments/conditions/nodes.py` has it, and how its operators take their values. */
export const OPERATORS = {
  text: ["is", "is_not", "contains", "contains_not", "starts_with", "in", "in_not", "empty", "empty_not"],
  number: ["is", "is_not", "at_least", "at_most", "between", "empty", "empty_not"],
  date: ["is", "is_not", "before", "after", "between", "in_last_days", "in_next_days", "empty", "empty_not"],
  birthday: ["is", "is_not", "between", "in_last_days", "in_next_days", "empty", "empty_not"],
  list: ["has_any", "has_all", "has_none", "empty", "empty_not"],
  boolean: ["is", "is_not", "empty", "empty_not"],
} as const;
export const COUNT_OPERATORS = ["at_least", "at_most", "exactly", "between"] as const;

export type ValueType = keyof typeof OPERATORS;
/** `text.contains`: an operator has its words within its type. */
export type OperatorName = { [Type in ValueType]: `${Type}.${(typeof OPERATORS)[Type][number]}` }[ValueType];
export type CountOperator = (typeof COUNT_OPERATORS)[number];

/** Types a property of an event can be compared as. */
export const PROPERTY_TYPES = ["text", "number", "boolean", "list"] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];
export const MEASURED_TYPES = ["text", "number", "boolean"] as const;
export const MEASURES = ["sum", "average", "least", "greatest", "first", "last"] as const;
export type MeasureName = "count" | (typeof MEASURES)[number];

export interface Test {
  op: string;
  value?: unknown;
}

export interface PropertyTest extends Test {
  property: string;
  type: PropertyType;
}

export interface Measure {
  of?: MeasureName;
  property?: string;
  type?: PropertyType;
}

/** A number or day still to be given is null while a person edits. */
export type Window =
  | { kind: "ever" }
  | { kind: "last_days"; days: number | null }
  | { kind: "since"; date: string | null }
  | { kind: "between"; first: string | null; last: string | null };

export interface Step {
  event: string;
  where?: PropertyTest[];
}

export interface EventLeaf extends Step {
  kind: "event";
  measure?: Measure;
  op?: string;
  value?: unknown;
  window?: Window;
  community?: string | null;
  group?: string | null;
}

export interface SequenceLeaf {
  kind: "sequence";
  first: Step;
  then: Step;
  within_minutes: number | null;
  window?: Window;
}

export interface AttributeLeaf extends Test {
  kind: "attribute";
  key: string;
}

export interface ScoreLeaf extends Test {
  kind: "score";
  score: string;
}

export type BelongingLeaf =
  | { kind: "tag"; tag: string }
  | { kind: "segment"; segment: string }
  | { kind: "community"; community: string }
  | { kind: "group"; group: string }
  | { kind: "consent"; purpose: string };

/** A row of which nothing is chosen yet. The server knows no such kind, so it is never sent. */
export interface UnsetLeaf {
  kind: "unset";
}

export type Leaf = EventLeaf | SequenceLeaf | AttributeLeaf | ScoreLeaf | BelongingLeaf | UnsetLeaf;
export type Join = "all" | "any";
export type Condition = { kind: "all"; of: Condition[] } | { kind: "any"; of: Condition[] } | { kind: "not"; of: Condition } | Leaf;

export interface Limits {
  nodes: number;
  depth: number;
  values: number;
  days: number;
  times: number;
}

interface Word {
  name: string;
  zh: string;
  en: string;
}

export interface PropertyWord extends Word {
  type: string;
}

/** What conditions may speak of: the answer of GET /conditions/vocabulary. */
export interface Vocabulary {
  events: readonly (Word & { is_declared: boolean; properties: readonly PropertyWord[] })[];
  attributes: readonly { key: string; zh: string; en: string; type: string; is_standard: boolean; is_built_in: boolean; options: readonly string[] }[];
  built_in_properties: readonly PropertyWord[];
  tags: readonly { id: string; name: string; color: string; group: string | null }[];
  segments: readonly { id: string; name: string; kind: string }[];
  communities: readonly { id: string; name: string }[];
  groups: readonly { id: string; name: string; community_id: string }[];
  scores: readonly Word[];
  purposes: readonly Word[];
  limits: Limits;
}

export type ValueShape = "none" | "days" | "range" | "several" | "one";

/** How many values an operator of a type takes, and of what sort. */
export function valueShape(type: ValueType, op: string): ValueShape {
  if (op === "empty" || op === "empty_not") return "none";
  if (op === "in_last_days" || op === "in_next_days") return "days";
  if (op === "between") return "range";
  return op === "in" || op === "in_not" || type === "list" ? "several" : "one";
}

export const isValueType = (type: string): type is ValueType => Object.hasOwn(OPERATORS, type);
export const isPropertyType = (type: string): type is PropertyType => PROPERTY_TYPES.some((known) => known === type);
export const isCountOperator = (op: string): op is CountOperator => COUNT_OPERATORS.some((known) => known === op);

/** A copy that lacks some of its keys. */
export function without<Of extends object, Key extends keyof Of>(one: Of, ...keys: Key[]): Without<Of, Key> {
  const copy = { ...one };
  for (const key of keys) Reflect.deleteProperty(copy, key);
  return copy as unknown as Without<Of, Key>;
}

/** Of each kind of a union alone. */
type Without<Of, Key extends PropertyKey> = Of extends unknown ? Omit<Of, Key> : never;

/** The two ends of a range as far as they are given. */
export function endsOf(value: unknown): [low: unknown, high: unknown] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return [list[0], list[1]];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether some JSON has the shape of a condition; what it speaks of is for the server to judge. */
export function isCondition(value: unknown): value is Condition {
  if (!isRecord(value) || typeof value.kind !== "string") return false;
  const text = (...names: string[]) => names.every((name) => typeof value[name] === "string");
  const step = (one: unknown) => isRecord(one) && typeof one.event === "string" && tests(one.where);
  switch (value.kind) {
    case "all":
    case "any":
      return Array.isArray(value.of) && value.of.every(isCondition);
    case "not":
      return isCondition(value.of);
    case "event":
      return text("event") && tests(value.where) && (value.measure === undefined || isRecord(value.measure)) && isWindow(value.window);
    case "sequence":
      return step(value.first) && step(value.then) && isWindow(value.window);
    case "attribute":
      return text("key", "op");
    case "score":
      return text("score", "op");
    case "consent":
      return text("purpose");
    case "unset":
      return true;
    case "tag":
    case "segment":
    case "community":
    case "group":
      return text(value.kind);
    default:
      return false;
  }
}

const WINDOWS = ["ever", "last_days", "since", "between"];
const isWindow = (value: unknown) => value === undefined || (isRecord(value) && WINDOWS.some((kind) => kind === value.kind));

const tests = (value: unknown) =>
  value === undefined ||
  (Array.isArray(value) && value.every((one) => isRecord(one) && typeof one.property === "string" && typeof one.type === "string" && typeof one.op === "string"));
