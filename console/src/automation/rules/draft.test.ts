import { expect, test } from "vitest";

import type { ActionKind } from "../shared/types";
import { merged } from "../../kit/meanwhile";
import { bodyOf, dropDraft, emptyDraft, keepDraft, missing, PARTS, readDraft, sameDraft, stillTrue, type Draft } from "./draft";

const TAG: ActionKind = {
  name: "tag.add", zh: "打标签", en: "Add a tag", kind: "member", permission: "members.tag", is_allowed: true,
  fields: [{ name: "tag_id", kind: "tag", zh: "标签", en: "Tag", hint_zh: "", hint_en: "", is_required: true, default: null, choices: [], takes_fields: false, mentions_all: false, sends: "", of: "", only_if: null }],
};
const start = emptyDraft("Asia/Shanghai");
const whole: Draft = { ...start, name: " 首单道谢 ", trigger: { kind: "event", event: "order_paid" }, actions: [{ id: "a", action: "tag.add", settings: { tag_id: "t", old: 1 } }, { id: "b", action: "gone.away", settings: { x: 1 } }] };
const typeOf = () => "text" as const;

test("what is sent has what fields are shown, and all of an action that is not known", () => {
  const body = bodyOf(whole, [TAG]);
  expect(body.name).toBe("首单道谢");
  expect(body.actions.map(({ settings }) => settings)).toEqual([{ tag_id: "t" }, { x: 1 }]);
});

test("what is plainly missing is named as the server would", () => {
  expect(missing(whole, [TAG], typeOf)).toEqual([]);
  const fields = (draft: Draft) => missing(draft, [TAG], typeOf).map(({ field }) => field);
  expect(fields(start)).toEqual(["name", "trigger.event"]);
  expect(fields({ ...whole, actions: [], is_on: true })).toEqual(["actions"]);
  expect(fields({ ...whole, condition: { kind: "all", of: [{ kind: "unset" }] }, actions: [{ id: "a", action: "tag.add", settings: {} }] })).toEqual(["condition/of/0/kind", "actions.0.settings.tag_id"]);
});

test("an error goes where its field changed, and follows an action that moves", () => {
  const errors = [{ field: "name", message: "n" }, { field: "actions.0.settings.tag_id", message: "t" }, { field: "condition/of/0", message: "c" }];
  const [one, two] = whole.actions;
  if (!one || !two) throw new Error("there are two");
  expect(stillTrue(errors, whole, { ...whole, name: "另一个" }).map(({ field }) => field)).toEqual(["actions.0.settings.tag_id"]);
  const conditioned: Draft = { ...whole, condition: { kind: "all", of: [] } };
  expect(stillTrue(errors, conditioned, { ...conditioned, actions: [two, one] }).map(({ field }) => field)).toEqual(["name", "actions.1.settings.tag_id", "condition/of/0"]);
  expect(stillTrue(errors, conditioned, { ...conditioned, actions: [two] }).map(({ field }) => field)).toEqual(["name", "condition/of/0"]);
  expect(stillTrue(errors, conditioned, { ...conditioned, actions: [{ ...one, settings: { tag_id: "u" } }, two] }).map(({ field }) => field)).toEqual(["name", "condition/of/0"]);
});

test("two editors: mine stays mine, theirs is taken, and what both changed is told", () => {
  const mine = { ...whole, name: "我的", priority: 5, is_on: true };
  const theirs = { ...whole, name: "对方的", cooldown_seconds: 60, is_on: true };
  const { both: draft, contested } = merged(mine, whole, theirs, PARTS);
  expect([draft.name, draft.priority, draft.cooldown_seconds, draft.is_on]).toEqual(["我的", 5, 60, true]);
  expect(contested).toEqual(["name"]);
  expect(merged(whole, whole, theirs, PARTS)).toEqual({ both: theirs, contested: [] });
});

test("a draft in this browser is read back whole, or not at all", () => {
  const kept = { draft: whole, base: start, at: "2026-11-28T10:00:00Z", version: 3 };
  keepDraft("w", "r", kept);
  expect(readDraft("w", "r")).toEqual(kept);
  expect(readDraft("w", "other")).toBeNull();
  window.localStorage.setItem("hutong.rule-draft.w.r", '{"draft":{"name":"x"}}');
  expect(readDraft("w", "r")).toBeNull();
  window.localStorage.setItem("hutong.rule-draft.w.r", "{");
  expect(readDraft("w", "r")).toBeNull();
  keepDraft("w", "r", kept);
  dropDraft("w", "r");
  expect(readDraft("w", "r")).toBeNull();
  expect(sameDraft(whole, { ...whole })).toBe(true);
});
