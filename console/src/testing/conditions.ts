/** Conditions made up from a seed, for tests: every kind of node with every operator. */
import { COUNT_OPERATORS, MEASURED_TYPES, OPERATORS, PROPERTY_TYPES, valueShape, type Condition, type EventLeaf, type PropertyTest, type Step, type Test, type ValueType, type Window } from "../segments/editor/language";

export type Chance = () => number;

/** A small generator of numbers from 0 to 1 (mulberry32): the same seed gives the same conditions. */
export function chances(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <Item>(chance: Chance, items: readonly Item[]): Item => items[Math.floor(chance() * items.length)] as Item;
const some = <Item>(chance: Chance, most: number, make: () => Item): Item[] => Array.from({ length: Math.floor(chance() * (most + 1)) }, make);

export const TYPE_OF: Record<string, ValueType> = { city: "text", age: "number", born: "date", birthday: "birthday", likes: "list", vip: "boolean" };

const DAYS = ["2026-01-31", "2026-03-01", "2027-12-31"];
const one = (chance: Chance, type: ValueType): unknown => {
  if (type === "number") return pick(chance, [0, -2.5, 199.5, 1_000_000]);
  if (type === "boolean") return chance() < 0.5;
  if (type === "date") return pick(chance, DAYS);
  return type === "birthday" ? pick(chance, ["02-29", "12-31", "01-01"]) : pick(chance, ["北京", "a b", "“%”"]);
};

export function anyTest(chance: Chance, type: ValueType, of: readonly string[] = OPERATORS[type]): Test {
  const op = pick(chance, of);
  switch (valueShape(type, op)) {
    case "none":
      return { op };
    case "days":
      return { op, value: pick(chance, [1, 30, 3_650]) };
    case "range": {
      const ends = [one(chance, type), one(chance, type)] as (string | number)[];
      return { op, value: type === "birthday" ? ends : ends.sort((a, b) => (a < b ? -1 : 1)) };
    }
    case "several":
      return { op, value: ["甲", ...some(chance, 3, () => pick(chance, ["乙", "c", "d e"]))] };
    case "one":
      return { op, value: one(chance, type) };
  }
}

function where(chance: Chance): PropertyTest {
  const type = pick(chance, PROPERTY_TYPES);
  return { property: pick(chance, ["$text", "price", "a.b"]), type, ...anyTest(chance, type) };
}

const step = (chance: Chance): Step => ({ event: pick(chance, ["order_paid", "message_sent"]), ...(chance() < 0.4 ? { where: [where(chance), ...some(chance, 2, () => where(chance))] } : {}) });

const window = (chance: Chance): Window =>
  pick<Window>(chance, [{ kind: "ever" }, { kind: "last_days", days: 7 }, { kind: "since", date: "2026-01-31" }, { kind: "between", first: "2026-01-31", last: "2026-03-01" }]);

function event(chance: Chance): EventLeaf {
  const made: EventLeaf = { kind: "event", ...step(chance) };
  if (chance() < 0.5) made.window = window(chance);
  if (chance() < 0.2) made.community = "c-1";
  if (chance() < 0.2) made.group = "g-1";
  const of = pick(chance, ["count", "count", "sum", "average", "least", "greatest", "first", "last"] as const);
  if (of === "first" || of === "last") {
    const type = pick(chance, MEASURED_TYPES);
    return { ...made, measure: { of, property: "price", type }, ...anyTest(chance, type, OPERATORS[type].filter((op) => op !== "empty" && op !== "empty_not")) };
  }
  if (of === "count") {
    if (chance() < 0.3) return made;
    const op = pick(chance, COUNT_OPERATORS);
    return { ...made, op, value: op === "between" ? [1, 4] : pick(chance, [0, 1, 3]) };
  }
  const op = pick(chance, COUNT_OPERATORS);
  return { ...made, measure: { of, property: "price" }, op, value: op === "between" ? [1.5, 40] : 19.9 };
}

export function anyCondition(chance: Chance, depth = 3): Condition {
  const shape = chance();
  if (depth > 0 && shape < 0.3) return { kind: pick(chance, ["all", "any"] as const), of: some(chance, 3, () => anyCondition(chance, depth - 1)) };
  if (depth > 0 && shape < 0.42) return { kind: "not", of: anyCondition(chance, depth - 1) };
  if (shape < 0.65) return event(chance);
  if (shape < 0.73) return { kind: "sequence", first: step(chance), then: step(chance), within_minutes: pick(chance, [1, 90, 1_440]), ...(chance() < 0.5 ? { window: window(chance) } : {}) };
  if (shape < 0.85) {
    const key = pick(chance, Object.keys(TYPE_OF));
    return { kind: "attribute", key, ...anyTest(chance, TYPE_OF[key] ?? "text") };
  }
  return pick<() => Condition>(chance, [
    () => ({ kind: "score", score: "recency", ...anyTest(chance, "number") }),
    () => ({ kind: "tag", tag: "t-1" }),
    () => ({ kind: "segment", segment: "s-1" }),
    () => ({ kind: "community", community: "c-1" }),
    () => ({ kind: "group", group: "g-1" }),
    () => ({ kind: "consent", purpose: "marketing" }),
  ])();
}
