import { expect, test } from "vitest";

import { chances, type Chance } from "../../testing/conditions";
import { beginning, drafted, type Change, type Drafting } from "./drafting";
import { copyOf, edgeFrom, fresh, newComment } from "./edits";
import { drawingOf, EMPTY, fromServer, graphOf, KIND_GROUPS, newNode, NODES_MAX, OTHERWISE, OUT, portsOf, takesPeople, TIMEOUT, type ActionNode, type BranchNode, type Drawing, type JourneyNode, type Kind, type WaitNode } from "./graph";

const at = { x: 0, y: 0 };
const run = (state: Drafting, ...changes: Change[]): Drafting => changes.reduce((found, change, index) => drafted(found, { ...change, now: index * 10_000 }), state);
const made = <Of extends Kind>(kind: Of) => newNode(kind, at) as Extract<JourneyNode, { kind: Of }>;
const ids = ({ drawing }: Drafting) => drawing.nodes.map(({ id }) => id);
const way = ({ drawing }: Drafting) => drawing.edges.map(({ source, port, target }) => [source, port, target]);

function flow() {
  const [entry, wait, action] = [made("entry"), made("wait"), made("action")];
  const state = run(beginning(EMPTY), { kind: "add", node: entry }, { kind: "add_after", source: entry.id, node: wait }, { kind: "add_after", source: wait.id, node: action });
  return { entry, wait, action, state };
}

test("what is added after a node is connected to it, and stands below", () => {
  const { entry, wait, action, state } = flow();
  expect(way(state)).toEqual([
    [entry.id, OUT, wait.id],
    [wait.id, OUT, action.id],
  ]);
  expect(state.chosen).toEqual([action.id]);
  const [first, second, third] = state.drawing.nodes;
  expect(first!.y! < second!.y! && second!.y! < third!.y!).toBe(true);
});

test("a node put into an edge stands between the two", () => {
  const { entry, wait, action, state } = flow();
  const limit = made("limit");
  const next = run(state, { kind: "add_after", source: entry.id, port: OUT, node: limit });
  expect(way(next)).toEqual([
    [wait.id, OUT, action.id],
    [entry.id, OUT, limit.id],
    [limit.id, OUT, wait.id],
  ]);
  const y = (id: string) => next.drawing.nodes.find((node) => node.id === id)!.y!;
  expect(y(entry.id) < y(limit.id) && y(limit.id) < y(wait.id) && y(wait.id) < y(action.id)).toBe(true);
  const join = made("join");
  const before = run(next, { kind: "add_before", target: wait.id, node: join });
  expect(edgeFrom(before.drawing, limit.id, OUT)?.target).toBe(join.id);
  expect(edgeFrom(before.drawing, join.id, OUT)?.target).toBe(wait.id);
});

test("the next free port is taken; a port leads to one node", () => {
  const branch = made("branch");
  const [one, two, three] = [made("wait"), made("wait"), made("exit")];
  const state = run(beginning(EMPTY), { kind: "add", node: branch }, { kind: "add_after", source: branch.id, node: one }, { kind: "add_after", source: branch.id, node: two });
  const [first] = portsOf(branch);
  expect(way(state)).toEqual([
    [branch.id, first, one.id],
    [branch.id, OTHERWISE, two.id],
  ]);
  const again = run(state, { kind: "add", node: three }, { kind: "connect", source: branch.id, port: OTHERWISE, target: three.id });
  expect(way(again).filter(([, port]) => port === OTHERWISE)).toEqual([[branch.id, OTHERWISE, three.id]]);
});

test("taking one out of a row connects its neighbours; taking out a turn does not guess", () => {
  const { entry, wait, action, state } = flow();
  expect(way(run(state, { kind: "remove", ids: [wait.id] }))).toEqual([[entry.id, OUT, action.id]]);
  const branch = made("branch");
  const turned = run(state, { kind: "add_after", source: entry.id, port: OUT, node: branch }, { kind: "add_after", source: branch.id, port: OTHERWISE, node: made("exit") });
  const gone = run(turned, { kind: "remove", ids: [branch.id] });
  expect(edgeFrom(gone.drawing, entry.id, OUT)).toBeUndefined();
});

test("a case that goes takes its edge with it, and a go-to forgets a node that is gone", () => {
  const branch = made("branch");
  const [exit, back] = [made("exit"), { ...made("go_to"), node: branch.id }];
  const state = run(beginning(EMPTY), { kind: "add", node: branch }, { kind: "add_after", source: branch.id, node: exit }, { kind: "add_after", source: branch.id, node: back });
  expect(way(state)).toHaveLength(2);
  const fewer = run(state, { kind: "put", node: { ...branch, cases: [] } as BranchNode });
  expect(way(fewer)).toEqual([[branch.id, OTHERWISE, back.id]]);
  const gone = run(state, { kind: "remove", ids: [branch.id] });
  expect(gone.drawing.nodes).toEqual([expect.objectContaining({ id: exit.id }), expect.objectContaining({ kind: "go_to", node: "" })]);
});

test("nobody is led to an entry, from an exit, or by a port that is not there", () => {
  const { entry, wait, state } = flow();
  const exit = made("exit");
  const withExit = run(state, { kind: "add", node: exit });
  for (const change of [
    { kind: "connect", source: wait.id, port: OUT, target: entry.id },
    { kind: "connect", source: exit.id, port: OUT, target: wait.id },
    { kind: "connect", source: wait.id, port: TIMEOUT, target: exit.id },
    { kind: "add_after", source: wait.id, node: made("entry") },
  ] as const) {
    const next = run(withExit, change);
    expect(next.drawing).toBe(withExit.drawing);
    expect(next.refused?.count).toBe((withExit.refused?.count ?? 0) + 1);
  }
});

test("a hundred steps are undone and done again; a change in between forgets what was undone", () => {
  const states = [beginning(EMPTY)];
  for (let step = 0; step < 120; step++) states.push(run(states.at(-1)!, { kind: "add", node: { ...made("wait"), x: step * 400 } }));
  let state = states.at(-1)!;
  for (let step = 119; step >= 0; step--) {
    state = drafted(state, { kind: "undo" });
    expect(state.drawing).toBe(states[step]!.drawing);
  }
  expect(drafted(state, { kind: "undo" })).toBe(state);
  for (let step = 1; step <= 120; step++) {
    state = drafted(state, { kind: "redo" });
    expect(state.drawing).toBe(states[step]!.drawing);
  }
  state = run(drafted(state, { kind: "undo" }), { kind: "add", node: made("exit") });
  expect(drafted(state, { kind: "redo" })).toBe(state);
});

test("typing into one field is one step; another field or a pause begins the next", () => {
  const { wait, state } = flow();
  const typed = (name: string, now: number, field = "name") => ({ kind: "put" as const, node: { ...wait, name }, field, now });
  let next = [typed("等", 0), typed("等一", 500), typed("等一天", 900)].reduce<Drafting>(drafted, state);
  expect(next.past).toHaveLength(state.past.length + 1);
  next = drafted(next, typed("等一天吧", 5_000));
  next = drafted(next, typed("等一天吧", 5_100, "note"));
  expect(next.past).toHaveLength(state.past.length + 3);
  expect((drafted(drafted(next, { kind: "undo" }), { kind: "undo" }).drawing.nodes.find(({ id }) => id === wait.id) as WaitNode).name).toBe("等一天");
});

test("a copy has ids of its own, ports too, and the edges within it", () => {
  const { entry, wait, state } = flow();
  const branch = made("branch");
  const turned = run(state, { kind: "add_after", source: wait.id, port: OUT, node: branch });
  const piece = fresh(copyOf(turned.drawing, new Set([wait.id, branch.id])));
  const pasted = run(turned, { kind: "paste", piece, by: { x: 300, y: 40 } });
  const known = new Set(ids(turned));
  const [copiedWait, copiedBranch] = pasted.drawing.nodes.filter(({ id }) => !known.has(id)) as [WaitNode, BranchNode];
  expect(pasted.chosen).toEqual([copiedWait.id, copiedBranch.id]);
  expect(edgeFrom(pasted.drawing, copiedWait.id, OUT)?.target).toBe(copiedBranch.id);
  const ports = new Set(portsOf(branch));
  expect(portsOf(copiedBranch).filter((port) => ports.has(port))).toEqual([OTHERWISE]);
  expect(edgeFrom(pasted.drawing, copiedBranch.id, portsOf(copiedBranch)[0]!)).toBeUndefined(); // its target was not copied
  expect(way(pasted).filter(([source, , target]) => source === entry.id || target === entry.id)).toHaveLength(1);
  expect(copiedWait.x).toBe((turned.drawing.nodes.find(({ id }) => id === wait.id)?.x ?? 0) + 300);
});

test("there is room for so many nodes and no more", () => {
  const nodes = Array.from({ length: NODES_MAX }, (_, index): ActionNode => ({ ...made("action"), x: index * 400 }));
  const full = beginning({ ...EMPTY, nodes });
  const first = nodes[0]!;
  for (const change of [
    { kind: "add", node: made("wait") },
    { kind: "add_after", source: first.id, node: made("wait") },
    { kind: "paste", piece: fresh(copyOf(full.drawing, new Set([first.id]))), by: at },
  ] as const)
    expect(run(full, change)).toMatchObject({ drawing: full.drawing, refused: { reason: "full" } });
});

function isWhole(drawing: Drawing): void {
  const nodes = new Map(drawing.nodes.map((node) => [node.id, node]));
  expect(nodes.size).toBe(drawing.nodes.length);
  const ports = drawing.nodes.flatMap((node) => portsOf(node).filter((port) => port.length === 10));
  expect(new Set(ports).size).toBe(ports.length);
  const left = new Set<string>();
  for (const { source, port, target } of drawing.edges) {
    expect(portsOf(nodes.get(source)!)).toContain(port);
    expect(takesPeople(nodes.get(target)!)).toBe(true);
    expect(left.has(`${source}:${port}`)).toBe(false);
    left.add(`${source}:${port}`);
  }
}

const KINDS: Kind[] = [...Object.values(KIND_GROUPS).flat(), "action"];
const pick = <Item,>(chance: Chance, items: readonly Item[]): Item => items[Math.floor(chance() * items.length)] as Item;

function anyChange(chance: Chance, { drawing }: Drafting): Change {
  const node = () => newNode(pick(chance, KINDS), { x: chance() * 900, y: chance() * 900 });
  const one = drawing.nodes.length > 0 ? pick(chance, drawing.nodes) : undefined;
  if (!one || chance() < 0.2) return { kind: "add", node: node() };
  const other = pick(chance, drawing.nodes);
  return pick<() => Change>(chance, [
    () => ({ kind: "add_after", source: one.id, node: node() }),
    () => ({ kind: "add_before", target: one.id, node: node() }),
    () => ({ kind: "connect", source: one.id, port: pick(chance, [...portsOf(one), OUT]), target: other.id }),
    () => ({ kind: "remove", ids: [one.id, ...(chance() < 0.4 ? [other.id] : [])] }),
    () => ({ kind: "put", node: one.kind === "branch" || one.kind === "event_branch" ? { ...one, cases: (one.cases ?? []).slice(1) } : one.kind === "split" ? { ...one, arms: (one.arms ?? []).slice(1) } : { ...one, name: "改" } }),
    () => ({ kind: "paste", piece: fresh(copyOf(drawing, new Set([one.id, other.id]))), by: { x: 30, y: 30 } }),
    () => ({ kind: "comment", comment: newComment({ x: 1, y: 2 }) }),
    () => ({ kind: "arrange" }),
  ])();
}

test("whatever is done, every edge goes from a port that is there to a node that takes people, and every step can be undone", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const chance = chances(seed);
    let state = beginning(EMPTY);
    const drawings = [state.drawing];
    for (let step = 0; step < 40; step++) {
      state = drafted(state, { ...anyChange(chance, state), now: step * 10_000 });
      isWhole(state.drawing);
      if (state.drawing !== drawings.at(-1)) drawings.push(state.drawing);
    }
    const sent: unknown = JSON.parse(JSON.stringify(graphOf(state.drawing)));
    expect(drawingOf(fromServer(sent as Record<string, unknown>))).toEqual(state.drawing);
    for (const drawing of drawings.toReversed().slice(1)) {
      state = drafted(state, { kind: "undo" });
      expect(state.drawing).toBe(drawing);
    }
  }
});
