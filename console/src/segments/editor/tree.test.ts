import { expect, test } from "vitest";

import type { Condition } from "./language";
import { anyCondition, chances } from "../../testing/conditions";
import * as tree from "./tree";

const tag = (name: string): Condition => ({ kind: "tag", tag: name });
const all = (...of: Condition[]): Condition => ({ kind: "all", of });
const any = (...of: Condition[]): Condition => ({ kind: "any", of });

/** The id of the row with that tag. */
function idOf(one: tree.Tree, name: string): string {
  const found = tree.visible(one.root).find((node) => node.type === "row" && node.leaf.kind === "tag" && node.leaf.tag === name);
  if (!found) throw new Error(name);
  return found.id;
}

const moved = (condition: Condition, name: string, direction: tree.Direction) => {
  const one = tree.treeOf(condition);
  return tree.conditionOf(tree.move(one, idOf(one, name), direction));
};

test("a condition comes out of the editor as it went in", () => {
  const chance = chances(7);
  for (let count = 0; count < 2_000; count += 1) {
    const condition = anyCondition(chance);
    expect(tree.conditionOf(tree.treeOf(structuredClone(condition)))).toEqual(condition);
  }
});

test("every node stands where its pointer says", () => {
  const chance = chances(11);
  for (let count = 0; count < 300; count += 1) {
    const condition = anyCondition(chance);
    const one = tree.treeOf(condition);
    for (const [id, pointer] of tree.pointers(one)) {
      const node = tree.find(one, id);
      if (node === undefined || (id === one.root.id && one.isBare)) continue;
      const found = pointer.split("/").slice(1).reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], condition);
      expect(found).toEqual(tree.conditionOfNode(node));
    }
  }
});

test("rows move among their siblings, into the group beside them, and out of it", () => {
  const condition = all(tag("a"), any(tag("b"), tag("c")), tag("d"));
  expect(moved(condition, "a", "down")).toEqual(all(any(tag("b"), tag("c")), tag("a"), tag("d")));
  expect(moved(condition, "a", "up")).toEqual(condition);
  expect(moved(condition, "a", "in")).toEqual(all(any(tag("a"), tag("b"), tag("c")), tag("d")));
  expect(moved(condition, "d", "in")).toEqual(all(tag("a"), any(tag("b"), tag("c"), tag("d"))));
  expect(moved(condition, "c", "up")).toEqual(all(tag("a"), any(tag("c"), tag("b")), tag("d")));
  expect(moved(condition, "b", "out")).toEqual(all(tag("a"), any(tag("c")), tag("b"), tag("d")));
  expect(moved(condition, "b", "in")).toEqual(condition);
  expect(moved(all(any(tag("a")), tag("b")), "a", "out")).toEqual(all(tag("a"), tag("b")));
});

test("only a move that changes something can be made", () => {
  const one = tree.treeOf(all(tag("a"), any(tag("b"))));
  const can = (name: string) => tree.DIRECTIONS.filter((direction) => tree.canMove(one, idOf(one, name), direction));
  expect(can("a")).toEqual(["down", "in"]);
  expect(can("b")).toEqual(["out"]);
});

test("nothing can be dragged into itself; anywhere else its place is the one asked for", () => {
  const one = tree.treeOf(all(any(any(tag("a"))), tag("b")));
  const [outer, inner] = tree.visible(one.root).filter((node) => node.type === "group");
  expect(tree.moveTo(one, outer!.id, inner!.id, 0)).toBe(one);
  expect(tree.conditionOf(tree.moveTo(one, idOf(one, "b"), inner!.id, 0))).toEqual(all(any(any(tag("b"), tag("a")))));
  expect(tree.moveTo(one, idOf(one, "b"), one.root.id, 1)).toBe(one);
  expect(tree.conditionOf(tree.moveTo(one, idOf(one, "b"), one.root.id, 0))).toEqual(all(tag("b"), any(any(tag("a")))));
});

test("a copy stands below with ids of its own", () => {
  const one = tree.treeOf(all(any(tag("a"), tag("b")), tag("c")));
  const outer = one.root.children[0]!;
  const made = tree.duplicate(one, outer.id);
  expect(tree.conditionOf(made.tree)).toEqual(all(any(tag("a"), tag("b")), any(tag("a"), tag("b")), tag("c")));
  const ids = tree.visible(made.tree.root).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(made.tree.root.children[1]!.id).toBe(made.id);
});

test("the last row of a group takes the group with it", () => {
  const one = tree.treeOf(all(tag("a"), any(any(tag("b")))));
  expect(tree.conditionOf(tree.remove(one, idOf(one, "b")))).toEqual(all(tag("a")));
  expect(tree.nextTo(one, idOf(one, "b"))).toBe(idOf(one, "a"));
  expect(tree.nextTo(one, idOf(one, "a"))).toBe(one.root.children[1]!.id);
});

test("a single row stays one until another joins it", () => {
  const one = tree.treeOf(tag("a"));
  expect(tree.conditionOf(one)).toEqual(tag("a"));
  const two = tree.insertAfter(one, idOf(one, "a"), [tree.row({ kind: "tag", tag: "b" })]);
  expect(tree.conditionOf(two)).toEqual(all(tag("a"), tag("b")));
  expect(tree.conditionOf(tree.toggleNot(one, one.root.id))).toEqual({ kind: "not", of: all(tag("a")) });
  expect(tree.conditionOf(tree.setJoin(two, two.root.id, "any"))).toEqual(any(tag("a"), tag("b")));
});

test("a row goes into a group of its own and out of it", () => {
  const one = tree.treeOf(all(tag("a"), tag("b")));
  const wrapped = tree.wrap(one, idOf(one, "a"));
  expect(tree.conditionOf(wrapped)).toEqual(all(any(tag("a")), tag("b")));
  expect(tree.conditionOf(tree.unwrap(wrapped, wrapped.root.children[0]!.id))).toEqual(all(tag("a"), tag("b")));
  const negated = tree.toggleNot(wrapped, wrapped.root.children[0]!.id);
  expect(tree.unwrap(negated, negated.root.children[0]!.id)).toBe(negated);
});

test("rows are numbered by their place, and what is folded is not among the visible", () => {
  const one = tree.treeOf(all(tag("a"), any(tag("b"), tag("c"))));
  expect(tree.numbers(one).get(idOf(one, "c"))).toBe("2.2");
  const outer = one.root.children[1]!;
  expect(tree.visible(one.root, new Set([outer.id])).map(({ id }) => id)).toEqual([idOf(one, "a"), outer.id]);
  expect(tree.ancestors(one, idOf(one, "c"))).toEqual([one.root.id, outer.id]);
});

test("the extent is what the server counts", () => {
  expect(tree.extent(tag("a"))).toEqual({ nodes: 1, depth: 0 });
  expect(tree.extent(all(tag("a"), { kind: "not", of: any(tag("b"), tag("c")) }))).toEqual({ nodes: 6, depth: 3 });
});
