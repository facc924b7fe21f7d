import { expect, test } from "vitest";

import { anyCondition, chances, TYPE_OF } from "../../testing/conditions";
import { readCondition, textOf } from "./clipboard";
import { begin, push, redo, undo } from "./history";
import type { Condition, Leaf } from "./language";
import { finishedPart, lacksOf, missingIn, placeOf } from "./problems";
import { conditionOf, toggleNot, treeOf, visible } from "./tree";

const typeOf = (key: string) => TYPE_OF[key] ?? "text";
const tag = (name: string): Condition => ({ kind: "tag", tag: name });
const unset: Condition = { kind: "unset" };
const city: Condition = { kind: "attribute", key: "city", op: "is" };

test("a pointer leads to the row and the part of it", () => {
  const condition: Condition = { kind: "all", of: [tag("a"), { kind: "not", of: { kind: "any", of: [city, { kind: "not", of: tag("b") }] } }] };
  const tree = treeOf(condition);
  const [a, group, first, second] = visible(tree.root).map(({ id }) => id);
  expect(placeOf(tree, "/")).toEqual({ id: tree.root.id, part: "" });
  expect(placeOf(tree, "/of/0/tag")).toEqual({ id: a, part: "tag" });
  expect(placeOf(tree, "/of/1")).toEqual({ id: group, part: "" });
  expect(placeOf(tree, "/of/1/of/of/0/value")).toEqual({ id: first, part: "value" });
  expect(placeOf(tree, "/of/1/of/of/1/of/tag")).toEqual({ id: second, part: "tag" });
  const bare = treeOf({ kind: "event", event: "e", where: [{ property: "p", type: "text", op: "is" }] });
  expect(placeOf(bare, "/where/0/value")).toEqual({ id: bare.root.children[0]!.id, part: "where/0/value" });
});

test("what a row still needs is named as the server names it", () => {
  const lacks = (leaf: Leaf) => [...lacksOf(leaf, typeOf)].map(({ field, lack }) => `${field}: ${lack}`);
  expect(lacks({ kind: "unset" })).toEqual(["kind: subject"]);
  expect(lacks({ kind: "attribute", key: "city", op: "is", value: "  " })).toEqual(["value: value"]);
  expect(lacks({ kind: "attribute", key: "city", op: "in", value: [] })).toEqual(["value: value"]);
  expect(lacks({ kind: "attribute", key: "city", op: "empty" })).toEqual([]);
  expect(lacks({ kind: "attribute", key: "age", op: "between", value: [5, 3] })).toEqual(["value: order"]);
  expect(lacks({ kind: "attribute", key: "birthday", op: "between", value: ["12-20", "01-05"] })).toEqual([]);
  expect(lacks({ kind: "attribute", key: "birthday", op: "is", value: "12-" })).toEqual(["value: value"]);
  expect(lacks({ kind: "event", event: "e", value: undefined })).toEqual(["value: value"]);
  expect(lacks({ kind: "event", event: "e", measure: { of: "sum" }, op: "at_least" })).toEqual(["measure/property: property"]);
  expect(lacks({ kind: "event", event: "e", where: [{ property: "", type: "text", op: "is" }], window: { kind: "last_days", days: null } })).toEqual([
    "where/0/property: property",
    "window/days: days",
  ]);
  expect(lacks({ kind: "event", event: "e", window: { kind: "between", first: "2026-02-01", last: "2026-01-01" } })).toEqual(["window: order"]);
  expect(lacks({ kind: "sequence", first: { event: "a" }, then: { event: "" }, within_minutes: null })).toEqual(["then/event: event", "within_minutes: value"]);
});

test("nothing is missing in conditions that can be asked", () => {
  const chance = chances(5);
  for (let count = 0; count < 1_000; count += 1) {
    const condition = anyCondition(chance);
    expect(missingIn(condition, typeOf)).toEqual([]);
    expect(finishedPart(condition, typeOf).condition).toEqual(condition);
  }
});

test("the finished part can be asked while rows are open, and its problems are led back", () => {
  const condition: Condition = { kind: "all", of: [unset, tag("a"), { kind: "not", of: { kind: "any", of: [city, tag("b")] } }, { kind: "any", of: [unset] }, tag("c")] };
  const { condition: kept, left, back } = finishedPart(condition, typeOf);
  expect(kept).toEqual({ kind: "all", of: [tag("a"), { kind: "not", of: { kind: "any", of: [tag("b")] } }, tag("c")] });
  expect(left).toBe(3);
  expect(back("/")).toBe("");
  expect(back("/of/0/tag")).toBe("/of/1/tag");
  expect(back("/of/1/of/of/0/tag")).toBe("/of/2/of/of/1/tag");
  expect(back("/of/2/tag")).toBe("/of/4/tag");
  expect(finishedPart({ kind: "all", of: [unset] }, typeOf).condition).toBeNull();
  expect(finishedPart({ kind: "all", of: [] }, typeOf).condition).toEqual({ kind: "all", of: [] });
  expect(missingIn(condition, typeOf).map(({ field }) => field)).toEqual(["/of/0/kind", "/of/2/of/of/0/value", "/of/3/of/0/kind"]);
});

test("typing into one field is one step back", () => {
  const trees = [tag("a"), tag("b"), tag("c"), tag("d")].map(treeOf);
  let history = begin(trees[0]!);
  history = push(history, trees[1]!, "x", 0);
  history = push(history, trees[2]!, "x", 500);
  expect(history.past).toEqual([trees[0]]);
  history = push(history, trees[3]!, "x", 5_000);
  expect(history.past).toEqual([trees[0], trees[2]]);
  history = undo(undo(history));
  expect(history.tree).toBe(trees[0]);
  expect(undo(history)).toBe(history);
  expect(redo(redo(history)).tree).toBe(trees[3]);
  expect(push(history, toggleNot(history.tree, history.tree.root.id), null, 0).future).toEqual([]);
});

test("a copied condition is text that reads back", () => {
  const chance = chances(9);
  for (let count = 0; count < 200; count += 1) {
    const condition = anyCondition(chance);
    expect(readCondition(textOf(condition))).toEqual(condition);
    expect(conditionOf(treeOf(condition))).toEqual(condition);
  }
  for (const text of ["", "hello", "[]", '{"kind":"other"}', '{"kind":"all"}', '{"kind":"tag"}', '{"kind":"all","of":[{"kind":"not"}]}']) expect(readCondition(text)).toBeNull();
});
