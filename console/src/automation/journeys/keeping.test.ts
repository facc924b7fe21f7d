import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { EMPTY, newNode, type Drawing, type Graph } from "./graph";
import { keeper, localDraft, startOf, type Put } from "./keeping";

const drawing = (name: string): Drawing => ({ ...EMPTY, nodes: [{ ...newNode("wait", { x: 0, y: 0 }), id: "w", name }] });
const nameIn = (graph: Graph | undefined) => graph?.nodes?.[0]?.name;

interface Server {
  draft: Graph;
  revision: number;
  fails: boolean;
  writes: number;
}

function open(server: Server, revision = server.revision) {
  const put: Put<{ problems: string[] }> = async (graph, on) => {
    await new Promise((done) => setTimeout(done, 50));
    if (server.fails) throw new Error("no network");
    if (on !== server.revision) return { changed: { by: "韩梅梅", revision: server.revision } };
    server.draft = graph;
    server.revision += 1;
    server.writes += 1;
    return { kept: { revision: server.revision, problems: [] } };
  };
  return keeper({ workspace_id: "w", journey_id: "j", revision, put });
}

const fresh = (): Server => ({ draft: {}, revision: 1, fails: false, writes: 0 });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a change is in the browser at once, and on the server after a pause; many changes are one write", async () => {
  const server = fresh();
  const kept = open(server);
  kept.changed(drawing("一"));
  kept.changed(drawing("二"));
  expect(nameIn(localDraft("w", "j")?.graph)).toBe("二");
  expect(kept.snapshot().state.kind).toBe("waiting");
  await vi.advanceTimersByTimeAsync(1_000);
  expect([nameIn(server.draft), server.writes, kept.snapshot().revision, kept.snapshot().state.kind]).toEqual(["二", 1, 2, "saved"]);
  expect(localDraft("w", "j")).toBeNull();
});

test("what changes while a save is under way is saved after it, on the new revision", async () => {
  const server = fresh();
  const kept = open(server);
  kept.changed(drawing("一"));
  await vi.advanceTimersByTimeAsync(820);
  kept.changed(drawing("二"));
  await vi.advanceTimersByTimeAsync(100);
  expect([nameIn(server.draft), localDraft("w", "j")?.revision]).toEqual(["一", 2]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([nameIn(server.draft), server.revision, kept.snapshot().state.kind]).toEqual(["二", 3, "saved"]);
});

test("a failure keeps the draft here, says so, and is tried again", async () => {
  const server = { ...fresh(), fails: true };
  const kept = open(server);
  kept.changed(drawing("一"));
  await vi.advanceTimersByTimeAsync(900);
  expect(kept.snapshot().state.kind).toBe("failed");
  expect(nameIn(localDraft("w", "j")?.graph)).toBe("一");
  server.fails = false;
  await vi.advanceTimersByTimeAsync(2_100);
  expect([nameIn(server.draft), kept.snapshot().state.kind, localDraft("w", "j")]).toEqual(["一", "saved", null]);
});

test("somebody else saved meanwhile: nothing is written over, and mine waits until it is decided", async () => {
  const server = { ...fresh(), draft: { nodes: drawing("她的").nodes as never }, revision: 5 };
  const kept = open(server, 4);
  kept.changed(drawing("我的"));
  await vi.advanceTimersByTimeAsync(900);
  expect(kept.snapshot().state).toEqual({ kind: "conflict", by: "韩梅梅", revision: 5 });
  kept.changed(drawing("我的二"));
  await vi.advanceTimersByTimeAsync(5_000);
  expect([nameIn(server.draft), nameIn(localDraft("w", "j")?.graph)]).toEqual(["她的", "我的二"]);
  kept.rest(5, drawing("我的二"));
  await vi.advanceTimersByTimeAsync(100);
  expect([nameIn(server.draft), server.revision, kept.snapshot().state.kind]).toEqual(["我的二", 6, "saved"]);
});

test("taking theirs forgets mine here", async () => {
  const server = { ...fresh(), revision: 5 };
  const kept = open(server, 4);
  kept.changed(drawing("我的"));
  await vi.advanceTimersByTimeAsync(900);
  kept.rest(5, null);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([server.writes, localDraft("w", "j"), kept.snapshot().state.kind]).toEqual([0, null, "saved"]);
});

test("leaving saves at once", async () => {
  const server = fresh();
  const kept = open(server);
  kept.changed(drawing("一"));
  const saved = kept.flush();
  await vi.advanceTimersByTimeAsync(60);
  await saved;
  expect(nameIn(server.draft)).toBe("一");
});

test("what the browser has and the server has not is there again", () => {
  const theirs = { nodes: [...drawing("一").nodes] };
  const at = "2026-11-28T00:00:00Z";
  expect(startOf(theirs, 3, null).restored).toBeNull();
  expect(startOf(theirs, 3, { graph: theirs, revision: 1, at }).restored).toBeNull();
  const mine = { graph: { nodes: [...drawing("二").nodes] }, at };
  expect(startOf(theirs, 3, { ...mine, revision: 3 })).toMatchObject({ restored: "same", drawing: { nodes: [{ name: "二" }] } });
  expect(startOf(theirs, 3, { ...mine, revision: 2 }).restored).toBe("older");
});
