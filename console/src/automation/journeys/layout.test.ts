import { expect, test } from "vitest";

import { beginning, drafted, type Change } from "./drafting";
import { EMPTY, newNode, OTHERWISE, portsOf, type Drawing } from "./graph";
import { arranged } from "./layout";
import { sizeOf } from "./sizes";
import { neighbour, reading } from "./walk";

const at = { x: 0, y: 0 };
const drawn = (...changes: Change[]): Drawing => changes.reduce((state, change) => drafted(state, { ...change, now: 0 }), beginning(EMPTY)).drawing;

const [entry, branch, left, right, join, exit] = [newNode("entry", at), newNode("branch", at), newNode("wait", at), newNode("action", at), newNode("join", at), newNode("exit", at)];
const [first = ""] = portsOf(branch);
const diamond = drawn(
  ...[entry, branch, left, right, join, exit].map((node): Change => ({ kind: "add", node })),
  { kind: "connect", source: entry.id, port: "out", target: branch.id },
  { kind: "connect", source: branch.id, port: first, target: left.id },
  { kind: "connect", source: branch.id, port: OTHERWISE, target: right.id },
  { kind: "connect", source: left.id, port: "out", target: join.id },
  { kind: "connect", source: right.id, port: "out", target: join.id },
  { kind: "connect", source: join.id, port: "out", target: exit.id },
);

const laidOut = drafted(beginning(diamond), { kind: "arrange", now: 0 }).drawing;
const find = (id: string) => laidOut.nodes.find((node) => node.id === id)!;

test("the flow goes down, branches stand side by side in the order of their ports, and nothing covers anything", () => {
  expect(find(entry.id).y! < find(branch.id).y! && find(branch.id).y! < find(left.id).y! && find(left.id).y! < find(join.id).y! && find(join.id).y! < find(exit.id).y!).toBe(true);
  expect(find(left.id).x! + sizeOf(find(left.id)).width).toBeLessThanOrEqual(find(right.id).x!);
  for (const one of laidOut.nodes)
    for (const other of laidOut.nodes) {
      if (one.id === other.id) continue;
      const [a, b] = [sizeOf(one), sizeOf(other)];
      expect(one.x! < other.x! + b.width && other.x! < one.x! + a.width && one.y! < other.y! + b.height && other.y! < one.y! + a.height).toBe(false);
    }
});

test("an empty drawing and a circle are laid out too", () => {
  expect(arranged(EMPTY).size).toBe(0);
  const circle = drawn({ kind: "add", node: left }, { kind: "connect", source: left.id, port: "out", target: left.id });
  expect(arranged(circle).size).toBe(1);
});

test("a comment goes where its nearest node goes", () => {
  const comment = { id: "c", text: "看这里", x: (diamond.nodes[0]?.x ?? 0) + 300, y: (diamond.nodes[0]?.y ?? 0) };
  const places = arranged({ ...diamond, nodes: diamond.nodes.slice(0, 1), comments: [comment] });
  const node = places.get(entry.id)!;
  expect(places.get("c")).toEqual({ x: node.x + 300, y: node.y });
});

test("arrow keys go along the flow, and sideways to the nearest", () => {
  expect(neighbour(laidOut, entry.id, "down")).toBe(branch.id);
  expect(neighbour(laidOut, branch.id, "down")).toBe(left.id);
  expect(neighbour(laidOut, left.id, "right")).toBe(right.id);
  expect(neighbour(laidOut, right.id, "left")).toBe(left.id);
  expect(neighbour(laidOut, right.id, "down")).toBe(join.id);
  expect(neighbour(laidOut, join.id, "down")).toBe(exit.id);
  expect(neighbour(laidOut, entry.id, "up")).toBeNull();
  expect(reading(laidOut)).toEqual([entry.id, branch.id, left.id, right.id, join.id, exit.id]);
});
