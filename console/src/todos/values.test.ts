import { expect, test } from "vitest";

import type { Todo } from "./queries";
import { merged } from "../kit/meanwhile";
import { bodyOf, changesOf, EMPTY, PARTS, valuesOf } from "./values";

const ZONE = "Asia/Shanghai";
const todo: Todo = {
  id: "t1",
  title: "回访老客",
  note: "",
  assignee: { id: "u1", name: "林小满" },
  member: null,
  due_at: "2026-11-22T10:00:00Z",
  remind_at: "2026-11-22T09:00:00Z",
  source: "",
  created_by: "林小满",
  created_at: "2026-11-20T00:00:00Z",
  done_at: null,
  done_by: "",
  version: 1,
};

test("a to-do goes into the form and back in the workspace's zone", () => {
  const values = valuesOf(todo, ZONE);
  expect(values).toEqual({ title: "回访老客", note: "", assignee_id: "u1", member_id: null, due_at: "2026-11-22", due_time: "18:00", remind_at: "hour" });
  expect(changesOf(values, todo, ZONE)).toEqual({});
  expect(changesOf({ ...values, due_at: "2026-11-23" }, todo, ZONE)).toEqual({ due_at: "2026-11-23T10:00:00.000Z", remind_at: "2026-11-23T09:00:00.000Z" });
});

test("without a date nothing is reminded of, and a moment of its own is kept", () => {
  expect(bodyOf({ ...EMPTY, title: "买豆子", remind_at: "day" }, ZONE, null)).toEqual({ title: "买豆子", note: "", assignee_id: null, member_id: null, due_at: null, remind_at: null });
  const own = { ...todo, remind_at: "2026-11-21T01:30:00Z" };
  expect(valuesOf(own, ZONE).remind_at).toBe("kept");
  expect(changesOf({ ...valuesOf(own, ZONE), title: "回访" }, own, ZONE)).toEqual({ title: "回访" });
});

test("the member it is about is chosen, changed and left out", () => {
  const about = { ...todo, member: { id: "m1", name: "李雪" } };
  const values = valuesOf(about, ZONE);
  expect(values.member_id).toBe("m1");
  expect(changesOf(values, about, ZONE)).toEqual({});
  expect(changesOf({ ...values, member_id: "m2" }, about, ZONE)).toEqual({ member_id: "m2" });
  expect(changesOf({ ...values, member_id: null }, about, ZONE)).toEqual({ member_id: null });
  const { both, contested } = merged({ ...values, member_id: "m2" }, values, { ...values, member_id: null }, PARTS);
  expect([both.member_id, contested]).toEqual(["m2", ["member_id"]]);
});

test("of two people's changes neither is lost", () => {
  const mine = { ...valuesOf(todo, ZONE), title: "回访三位老客", note: "先打电话" };
  const latest = { ...todo, note: "带上新品", assignee: null, version: 2 };
  const { both: values, contested } = merged(mine, valuesOf(todo, ZONE), valuesOf(latest, ZONE), PARTS);
  expect(values).toEqual({ ...mine, assignee_id: null });
  expect(contested).toEqual(["note"]);
  expect(changesOf(values, latest, ZONE)).toEqual({ title: "回访三位老客", note: "先打电话" });
});
