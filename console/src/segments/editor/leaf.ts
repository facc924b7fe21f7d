/** What a row becomes when its subject, its operator or the way of counting is changed: what still fits is kept. */
import {
  COUNT_OPERATORS,
  isCountOperator,
  isPropertyType,
  isValueType,
  OPERATORS,
  valueShape,
  without,
  type EventLeaf,
  type Leaf,
  type Measure,
  type MeasureName,
  type PropertyTest,
  type PropertyType,
  type SequenceLeaf,
  type Step,
  type Test,
  type ValueType,
  type Window,
} from "./language";

export const SUBJECTS = ["attribute", "event", "tag", "segment", "community", "group", "score", "consent"] as const;
export type SubjectKind = (typeof SUBJECTS)[number];

/** What a row is about, as one text: `attribute:city`, `tag:<id>`. */
export interface Subject {
  kind: SubjectKind;
  key: string;
}

export const subjectText = ({ kind, key }: Subject): string => `${kind}:${key}`;

export function readSubject(text: string): Subject | null {
  const cut = text.indexOf(":");
  const kind = SUBJECTS.find((known) => known === text.slice(0, cut));
  return kind ? { kind, key: text.slice(cut + 1) } : null;
}

export function subjectOf(leaf: Leaf): Subject | null {
  switch (leaf.kind) {
    case "event":
      return { kind: "event", key: leaf.event };
    case "sequence":
      return { kind: "event", key: leaf.first.event };
    case "attribute":
      return { kind: "attribute", key: leaf.key };
    case "score":
      return { kind: "score", key: leaf.score };
    case "tag":
      return { kind: "tag", key: leaf.tag };
    case "segment":
      return { kind: "segment", key: leaf.segment };
    case "community":
      return { kind: "community", key: leaf.community };
    case "group":
      return { kind: "group", key: leaf.group };
    case "consent":
      return { kind: "consent", key: leaf.purpose };
    case "unset":
      return null;
  }
}

// --- tests of a value -----------------------------------------------------------------------------------------------

const DEFAULT_OPERATOR: Record<ValueType, string> = {
  text: "is",
  number: "at_least",
  date: "in_last_days",
  birthday: "in_next_days",
  list: "has_any",
  boolean: "is",
};
const DEFAULT_DAYS = { in_last_days: 30, in_next_days: 7 };

const startOf = (type: ValueType, op: string): unknown => {
  if (op === "in_last_days" || op === "in_next_days") return DEFAULT_DAYS[op];
  return type === "boolean" && (op === "is" || op === "is_not") ? true : undefined;
};

const withValue = (op: string, value: unknown): Test => (value === undefined ? { op } : { op, value });

export function defaultTest(type: ValueType, allowEmpty = true): Test {
  const op = allowEmpty ? DEFAULT_OPERATOR[type] : operatorsOf(type, false).includes(DEFAULT_OPERATOR[type]) ? DEFAULT_OPERATOR[type] : "is";
  return withValue(op, startOf(type, op));
}

/** The first and the last of a property cannot be asked for emptiness. */
export const operatorsOf = (type: ValueType, allowEmpty = true): readonly string[] =>
  allowEmpty ? OPERATORS[type] : OPERATORS[type].filter((op) => op !== "empty" && op !== "empty_not");

/** The value given so far in the shape the new operator takes. */
export function withOperator(type: ValueType, test: Test, op: string): Test {
  const [from, to] = [valueShape(type, test.op), valueShape(type, op)];
  const { value } = test;
  if (to === "none") return { op };
  if (from === to) return withValue(op, value ?? startOf(type, op));
  if (value === undefined || value === null || from === "days" || to === "days") return withValue(op, startOf(type, op));
  if (from === "one" && to === "range") return { op, value: [value, value] };
  if (from === "one" && to === "several") return { op, value: [value] };
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return to === "one" ? withValue(op, first ?? undefined) : withValue(op, startOf(type, op));
}

/** The same test of a value of another type; begun anew where the operator or value would mean nothing. */
export function withType(type: ValueType, test: Test, allowEmpty = true): Test {
  if (!operatorsOf(type, allowEmpty).includes(test.op)) return defaultTest(type, allowEmpty);
  const shape = valueShape(type, test.op);
  if (shape === "none") return { op: test.op };
  return isOf(type, shape, test.value) ? withValue(test.op, test.value) : withValue(test.op, startOf(type, test.op));
}

function isOf(type: ValueType, shape: "days" | "range" | "several" | "one", value: unknown): boolean {
  if (shape === "several") return Array.isArray(value) && value.every((one) => typeof one === "string");
  if (shape === "range") return Array.isArray(value) && value.every((one) => isOf(type, "one", one));
  if (shape === "days" || type === "number") return typeof value === "number";
  if (type === "boolean") return typeof value === "boolean";
  if (typeof value !== "string") return false;
  if (type === "date") return /^\d{4}-\d{2}-\d{2}$/.test(value);
  return type !== "birthday" || /^\d{2}-\d{2}$/.test(value);
}

// --- the subject ----------------------------------------------------------------------------------------------------

const stepOf = (leaf: Leaf): Omit<EventLeaf, "kind" | "event"> => {
  if (leaf.kind !== "event") return { window: { kind: "last_days", days: DEFAULT_DAYS.in_last_days } };
  return without(leaf, "kind", "event");
};

/** `typeOf` says of what type an attribute is. */
export function withSubject(leaf: Leaf, subject: Subject, typeOf: (key: string) => ValueType): Leaf {
  const { kind, key } = subject;
  switch (kind) {
    case "attribute": {
      const type = typeOf(key);
      return { kind, key, ...(leaf.kind === "attribute" || leaf.kind === "score" ? withType(type, { op: leaf.op, value: leaf.value }) : defaultTest(type)) };
    }
    case "score":
      return { kind, score: key, ...(leaf.kind === "attribute" || leaf.kind === "score" ? withType("number", { op: leaf.op, value: leaf.value }) : defaultTest("number")) };
    case "event":
      return leaf.kind === "sequence" ? { ...leaf, first: { ...leaf.first, event: key } } : { kind, event: key, ...stepOf(leaf) };
    case "tag":
      return { kind, tag: key };
    case "segment":
      return { kind, segment: key };
    case "community":
      return { kind, community: key };
    case "group":
      return { kind, group: key };
    case "consent":
      return { kind, purpose: key };
  }
}

// --- events: how they are counted -----------------------------------------------------------------------------------

export const HOWS = ["did", "did_not", "count", "sum", "average", "least", "greatest", "first", "last", "then"] as const;
export type How = (typeof HOWS)[number];

export const measureOf = (leaf: EventLeaf): Required<Measure> => ({ of: leaf.measure?.of ?? "count", property: leaf.measure?.property ?? "", type: leaf.measure?.type ?? "number" });
export const countTest = (leaf: EventLeaf): Test => ({ op: leaf.op ?? "at_least", value: "value" in leaf ? leaf.value : 1 });
export const windowOf = (leaf: EventLeaf | SequenceLeaf): Window => leaf.window ?? { kind: "ever" };

/** `counting`: somebody asked for a number of times, whatever it is now. */
export function howOf(leaf: EventLeaf | SequenceLeaf, counting: boolean): How {
  if (leaf.kind === "sequence") return "then";
  const { of } = measureOf(leaf);
  if (of !== "count") return of;
  const { op, value } = countTest(leaf);
  if (counting) return "count";
  if (op === "at_least" && value === 1) return "did";
  return op === "exactly" && value === 0 ? "did_not" : "count";
}

const DEFAULT_TIMES = 3;
const DEFAULT_MINUTES = 24 * 60;

function asEvent(leaf: EventLeaf | SequenceLeaf): EventLeaf {
  if (leaf.kind === "event") return leaf;
  return { kind: "event", ...leaf.first, ...(leaf.window ? { window: leaf.window } : {}) };
}

function asSequence(leaf: EventLeaf | SequenceLeaf): SequenceLeaf {
  if (leaf.kind === "sequence") return leaf;
  const first: Step = leaf.where ? { event: leaf.event, where: leaf.where } : { event: leaf.event };
  return { kind: "sequence", first, then: { event: "" }, within_minutes: DEFAULT_MINUTES, ...(leaf.window ? { window: leaf.window } : {}) };
}

/** An event row without a value would mean 1: one still to be given is null. */
export const needed = ({ op, value }: Test): Test => ({ op, value: value ?? null });

/** `numberOf` gives a property of the event that can be added up, where one is known. */
export function withHow(leaf: EventLeaf | SequenceLeaf, how: How, numberOf: (event: string) => string | undefined): EventLeaf | SequenceLeaf {
  if (how === "then") return asSequence(leaf);
  const rest = without(asEvent(leaf), "measure", "op", "value");
  const before = measureOf(asEvent(leaf));
  switch (how) {
    case "did":
      return { ...rest, op: "at_least", value: 1 };
    case "did_not":
      return { ...rest, op: "exactly", value: 0 };
    case "count":
      return { ...rest, op: "at_least", value: DEFAULT_TIMES };
    default: {
      const property = before.property || (numberOf(leaf.kind === "event" ? leaf.event : leaf.first.event) ?? "");
      const test = leaf.kind === "event" && before.of !== "count" ? countTest(leaf) : null;
      if (how === "first" || how === "last") {
        const again = test && (before.of === "first" || before.of === "last");
        return { ...rest, measure: { of: how, property, type: before.type }, ...needed(again ? test : defaultTest(before.type, false)) };
      }
      const again = test && before.of !== "first" && before.of !== "last";
      return { ...rest, measure: { of: how, property }, ...needed(again ? test : { op: "at_least" }) };
    }
  }
}

/** Another property measured, of its own type where that is known. */
export function withMeasured(leaf: EventLeaf, property: string, type: PropertyType | undefined): EventLeaf {
  const { of, type: before } = measureOf(leaf);
  if (of !== "first" && of !== "last") return { ...leaf, measure: { ...leaf.measure, of, property } };
  const next = type === undefined || type === "list" ? before : type;
  return { ...leaf, measure: { of, property, type: next }, ...needed(withType(next, countTest(leaf), false)) };
}

export const isOrder = (of: MeasureName): boolean => of === "first" || of === "last";

/** Counting operators have the same shapes as those of numbers. */
export const withCountOperator = (test: Test, op: string): Test => withOperator("number", { ...test, op: test.op === "exactly" ? "is" : test.op }, op);
export const countOperators = COUNT_OPERATORS;
export const isCounting = isCountOperator;

// --- tests of properties --------------------------------------------------------------------------------------------

export const newTest = (property = "", type: PropertyType = "text"): PropertyTest => ({ property, type, ...defaultTest(type) });

export const withProperty = (test: PropertyTest, property: string, type: string | undefined): PropertyTest => {
  const next = type !== undefined && isPropertyType(type) ? type : test.type;
  return { property, type: next, ...(next === test.type ? withValue(test.op, test.value) : withType(next, test)) };
};

export const withPropertyType = (test: PropertyTest, type: PropertyType): PropertyTest => ({ property: test.property, type, ...withType(type, test) });

/** A list of tests, left out of the JSON when it is empty. */
export function withWhere<Of extends Step>(step: Of, where: PropertyTest[]): Of {
  return where.length > 0 ? { ...step, where } : (without(step, "where") as unknown as Of);
}

// --- windows and spans ----------------------------------------------------------------------------------------------

export const WINDOW_KINDS = ["ever", "last_days", "since", "between"] as const;

/** Another kind of window; days that were chosen stay. */
export function withWindowKind(window: Window, kind: Window["kind"], today: string): Window {
  if (window.kind === kind) return window;
  const start = window.kind === "since" ? window.date : window.kind === "between" ? window.first : null;
  switch (kind) {
    case "ever":
      return { kind };
    case "last_days":
      return { kind, days: DEFAULT_DAYS.in_last_days };
    case "since":
      return { kind, date: start ?? today };
    case "between":
      return { kind, first: start ?? today, last: today };
  }
}

export const SPANS = { minutes: 1, hours: 60, days: 24 * 60 } as const;
export type Span = keyof typeof SPANS;

/** 1440 minutes are a day: the largest unit that leaves no rest. */
export function spanOf(minutes: number | null): Span {
  if (minutes === null || minutes === 0) return "days";
  return minutes % SPANS.days === 0 ? "days" : minutes % SPANS.hours === 0 ? "hours" : "minutes";
}

export const typeOrText = (type: string | undefined): ValueType => (type !== undefined && isValueType(type) ? type : "text");
