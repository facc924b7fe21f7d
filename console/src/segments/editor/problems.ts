/** What is wrong in a condition, and where: what the server says at a JSON pointer, and what is plainly not finished yet. */
import { isOrder, measureOf, countTest } from "./leaf";
import { endsOf, valueShape, type Condition, type EventLeaf, type Leaf, type PropertyTest, type Step, type Test, type ValueType, type Window } from "./language";
import { pointers, type Tree } from "./tree";

/** As the API refuses a condition: where, and in the reader's words. */
export interface Problem {
  field: string;
  message: string;
}

/** The row or group a pointer leads to, and the part of it: `value`, `where/0/op`, or nothing for all of it. */
export interface Place {
  id: string;
  part: string;
}

export function placeOf(tree: Tree, pointer: string): Place {
  const wanted = pointer === "/" ? "" : pointer;
  let best: { id: string; length: number } = { id: tree.root.id, length: 0 };
  for (const [id, own] of pointers(tree)) {
    const fits = wanted === own || wanted.startsWith(`${own}/`);
    if (fits && own.length >= best.length) best = { id, length: own.length };
  }
  // Steps through "not" are no part of what stands in it.
  return { id: best.id, part: wanted.slice(best.length).replace(/^\//, "").replace(/^(?:of\/)+(?=\D)/, "").replace(/^of$/, "") };
}

// --- not finished ---------------------------------------------------------------------------------------------------

/** Words for each are under `editor.missing`. */
export type Lack = "subject" | "value" | "property" | "event" | "days" | "order";

export interface Missing {
  field: string;
  lack: Lack;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && !(typeof value === "string" && value.trim() === "");

function* testLacks(type: ValueType, { op, value }: Test): Generator<Missing> {
  const shape = valueShape(type, op);
  if (shape === "none") return;
  if (shape === "several") {
    if (!Array.isArray(value) || value.length === 0) yield { field: "value", lack: "value" };
    return;
  }
  if (shape === "range") {
    const [low, high] = endsOf(value);
    if (!isGiven(low) || !isGiven(high)) yield { field: "value", lack: "value" };
    else if (type !== "birthday" && ((typeof low === "number" && typeof high === "number" && low > high) || (typeof low === "string" && typeof high === "string" && low > high)))
      yield { field: "value", lack: "order" };
    return;
  }
  if (!isGiven(value) || (type === "birthday" && typeof value === "string" && !/^\d\d-\d\d$/.test(value))) yield { field: "value", lack: "value" };
}

const under = function* (prefix: string, lacks: Iterable<Missing>): Generator<Missing> {
  for (const { field, lack } of lacks) yield { field: `${prefix}/${field}`, lack };
};

function* stepLacks(step: Step): Generator<Missing> {
  if (step.event === "") yield { field: "event", lack: "event" };
  for (const [index, one] of (step.where ?? []).entries()) yield* under(`where/${index}`, whereLacks(one));
}

function* whereLacks(one: PropertyTest): Generator<Missing> {
  if (one.property === "") yield { field: "property", lack: "property" };
  else yield* testLacks(one.type, one);
}

function* windowLacks(window: Window | undefined): Generator<Missing> {
  if (window?.kind === "last_days" && window.days === null) yield { field: "window/days", lack: "days" };
  else if (window?.kind === "since" && !window.date) yield { field: "window/date", lack: "value" };
  else if (window?.kind === "between") {
    if (!window.first || !window.last) yield { field: "window", lack: "value" };
    else if (window.first > window.last) yield { field: "window", lack: "order" };
  }
}

function* eventLacks(leaf: EventLeaf): Generator<Missing> {
  yield* stepLacks(leaf);
  const { of, property, type } = measureOf(leaf);
  if (of !== "count" && property === "") yield { field: "measure/property", lack: "property" };
  else yield* testLacks(isOrder(of) ? type : "number", countTest(leaf));
  yield* windowLacks(leaf.window);
}

/** What a row still needs; parts are named as the server names them. `typeOf` says of what type an attribute is. */
export function* lacksOf(leaf: Leaf, typeOf: (key: string) => ValueType): Generator<Missing> {
  switch (leaf.kind) {
    case "unset":
      yield { field: "kind", lack: "subject" };
      return;
    case "attribute":
      yield* testLacks(typeOf(leaf.key), leaf);
      return;
    case "score":
      yield* testLacks("number", leaf);
      return;
    case "event":
      yield* eventLacks(leaf);
      return;
    case "sequence":
      yield* under("first", stepLacks(leaf.first));
      yield* under("then", stepLacks(leaf.then));
      if (leaf.within_minutes === null) yield { field: "within_minutes", lack: "value" };
      yield* windowLacks(leaf.window);
  }
}

/** The same for a whole condition, at JSON pointers. */
export function missingIn(condition: Condition, typeOf: (key: string) => ValueType, pointer = ""): Missing[] {
  if (condition.kind === "all" || condition.kind === "any") return condition.of.flatMap((one, index) => missingIn(one, typeOf, `${pointer}/of/${index}`));
  if (condition.kind === "not") return missingIn(condition.of, typeOf, `${pointer}/of`);
  return [...under(pointer, lacksOf(condition, typeOf))];
}

// --- the finished part ----------------------------------------------------------------------------------------------

export interface Finished {
  /** Without the rows that still need something; null where none is finished. */
  condition: Condition | null;
  left: number;
  /** Where something in it stands in the whole condition. */
  back: (pointer: string) => string;
}

/** So that a count can be shown while one row is still being written. */
export function finishedPart(condition: Condition, typeOf: (key: string) => ValueType): Finished {
  let left = 0;
  const places: [now: string, before: string][] = [];
  const keep = (one: Condition, now: string, before: string): Condition | null => {
    places.push([now, before]);
    if (one.kind === "not") {
      const inner = keep(one.of, `${now}/of`, `${before}/of`);
      return inner && { kind: "not", of: inner };
    }
    if (one.kind === "all" || one.kind === "any") {
      const of: Condition[] = [];
      one.of.forEach((child, index) => {
        const kept = keep(child, `${now}/of/${of.length}`, `${before}/of/${index}`);
        if (kept) of.push(kept);
      });
      return of.length === 0 && one.of.length > 0 ? null : { kind: one.kind, of };
    }
    if (lacksOf(one, typeOf).next().done !== true) {
      left += 1;
      return null;
    }
    return one;
  };
  const kept = keep(condition, "", "");
  return {
    condition: kept,
    left,
    back(pointer) {
      const from = pointer === "/" ? "" : pointer;
      // A row left out had the place of the one that follows it: the last to take a place has it.
      const found = places.findLast(([now]) => from === now) ?? places.toReversed().sort((a, b) => b[0].length - a[0].length).find(([now]) => from.startsWith(`${now}/`));
      return found ? found[1] + from.slice(found[0].length) : from;
    },
  };
}
