import { expect, test } from "vitest";

import type { ActionKind, ActionUse, Field } from "./types";
import { durationOf, secondsOf } from "./duration";
import { errorAt, errorIn, pointer, stillTrueOfActions, under } from "./errors";
import { accountsFor, changedActions, duplicated, emptyFields, kept, newActionId, newSettings, propertiesOf, rowsOf, shown, withValue } from "./settings";
import { daysOf, isWhole, lacksOf, newTrigger, wholeTrigger, withTimingKind, type ScheduleTrigger } from "./trigger";

const field = (name: string, kind: Field["kind"], more: Partial<Field> = {}): Field => ({
  name, kind, zh: name, en: name, hint_zh: "", hint_en: "", is_required: true, default: null, choices: [], takes_fields: false, mentions_all: false, sends: "", of: "", only_if: null, ...more,
});
const action = (...fields: Field[]): ActionKind => ({ name: "x.y", zh: "", en: "", kind: "member", permission: "p", is_allowed: true, fields });

test("a duration is said in the largest unit it is a whole number of, and comes back as it was", () => {
  expect(durationOf(86_400)).toEqual({ number: 1, unit: "day" });
  expect(durationOf(5_400)).toEqual({ number: 90, unit: "minute" });
  expect(durationOf(7_200)).toEqual({ number: 2, unit: "hour" });
  expect(durationOf(61)).toEqual({ number: 61, unit: "second" });
  expect(durationOf(0)).toEqual({ number: 0, unit: "minute" });
  for (const seconds of [0, 1, 59, 60, 3_599, 3_600, 86_399, 86_400, 604_800]) expect(secondsOf(durationOf(seconds))).toBe(seconds);
});

test("errors are handed down by their paths, those of conditions with their pointers", () => {
  const errors = [
    { field: "actions.0.settings.tag_id", message: "a" },
    { field: "actions.10.settings.tag_id", message: "b" },
    { field: "condition/of/0/value", message: "c" },
    { field: "condition", message: "d" },
  ];
  expect(under(errors, "actions.0.settings")).toEqual([{ field: "tag_id", message: "a" }]);
  expect(under(errors, "actions.1")).toEqual([]);
  expect(under(errors, "condition")).toEqual([{ field: "/of/0/value", message: "c" }, { field: "", message: "d" }]);
  expect(errorAt(errors, "actions.0")).toBeUndefined();
  expect(errorIn(errors, "actions.0")).toBe("a");
  expect([pointer("of.0.value"), pointer("/of/0"), pointer("")]).toEqual(["/of/0/value", "/of/0", ""]);
});

test("what was said of actions follows them, what was said of the rest stays", () => {
  const [one, two] = [{ id: "a", action: "x.y", settings: { title: "" } }, { id: "b", action: "x.y", settings: {} }];
  const errors = [{ field: "answers", message: "n" }, { field: "actions.0.settings.title", message: "t" }, { field: "actions", message: "w" }];
  const fields = (...actions: ActionUse[]) => stillTrueOfActions(errors, { actions: [one, two] }, { actions }).map(({ field }) => field);
  expect(fields(one, two)).toEqual(["answers", "actions.0.settings.title", "actions"]);
  expect(fields(two, one)).toEqual(["answers", "actions.1.settings.title"]);
  expect(fields({ ...one, settings: { title: "x" } }, two)).toEqual(["answers"]);
  expect(fields(two)).toEqual(["answers"]);
});

test("actions that belong to something else are sent where they changed, without what is not shown", () => {
  const kinds = [action(field("way", "choice", { default: "set" }), field("value", "value", { only_if: { field: "way", values: ["set"] } }))];
  const had = [{ id: "a", action: "x.y", settings: { way: "clear", value: "x" } }];
  expect(changedActions(structuredClone(had), had, kinds)).toBeNull();
  expect(changedActions(had, [], kinds)).toEqual([{ id: "a", action: "x.y", settings: { way: "clear" } }]);
  expect(changedActions([], had, kinds)).toEqual([]);
});

test("an account is chosen among those that can send what the field is for", () => {
  const [chat, program, deaf] = [{ id: "chat", sends: ["image", "text"] }, { id: "program", sends: ["data", "text"] }, { id: "deaf", sends: [] }];
  const found = (sends: string) => accountsFor(field("account", "account", { sends }), [chat, program, deaf]).map(({ id }) => id);
  expect([found("data"), found("image"), found("text"), found("sticker"), found("")]).toEqual([["program"], ["chat"], ["chat", "program"], [], ["chat", "program"]]);
});

test("a field that depends on another is shown where that one fits and is shown itself", () => {
  const fields = [
    field("way", "choice", { default: "set" }),
    field("value", "value", { of: "key", only_if: { field: "way", values: ["set", "increase"] } }),
    field("note", "text", { only_if: { field: "value", values: ["x"] }, is_required: false }),
  ];
  const names = (settings: Record<string, unknown>) => shown(fields, settings).map(({ name }) => name);
  expect(names({})).toEqual(["way", "value"]);
  expect(names({ way: "clear", value: "x" })).toEqual(["way"]);
  expect(names({ value: "x" })).toEqual(["way", "value", "note"]);
  expect(kept(fields, { way: "clear", value: "x", note: "n" })).toEqual({ way: "clear" });
});

test("the value of one attribute is not that of another", () => {
  const fields = [field("key", "attribute"), field("value", "value", { of: "key" })];
  expect(withValue(fields, { key: "city", value: "上海" }, "key", "age")).toEqual({ key: "age" });
  expect(withValue(fields, { key: "city", value: "上海" }, "key", "city")).toEqual({ key: "city", value: "上海" });
  expect(withValue(fields, { key: "city", value: "上海" }, "value", undefined)).toEqual({ key: "city" });
  expect(emptyFields(fields, {}).map(({ name }) => name)).toEqual(["key"]);
  expect(emptyFields(fields, { key: "city" }).map(({ name }) => name)).toEqual(["value"]);
});

test("an action begins with what its fields begin with, and what is required and empty is known", () => {
  const kind = action(field("parts", "message"), field("place", "choice", { default: "private" }), field("tag_id", "tag"), field("quotes", "boolean"), field("subject", "text", { is_required: false }));
  const settings = newSettings(kind);
  expect(Object.keys(settings)).toEqual(["parts", "place", "quotes"]);
  expect(settings.place).toBe("private");
  expect(emptyFields(kind.fields, settings).map(({ name }) => name)).toEqual(["tag_id"]);
  expect(emptyFields(kind.fields, { ...settings, tag_id: "t", parts: [] }).map(({ name }) => name)).toEqual(["parts"]);
});

test("a copy stands right behind and shares nothing", () => {
  const actions: ActionUse[] = [{ id: "a", action: "x", settings: { list: [1] } }, { id: "b", action: "y", settings: {} }];
  const after = duplicated(actions, 0);
  expect(after.map(({ action: name }) => name)).toEqual(["x", "x", "y"]);
  expect(new Set(after.map(({ id }) => id)).size).toBe(3);
  expect(after[1]?.settings.list).toEqual([1]);
  expect(after[1]?.settings.list).not.toBe(actions[0]?.settings.list);
  expect(newActionId(actions)).toMatch(/^[0-9a-f]{8}$/);
});

test("rows of properties come back as they were; a row without a name is not meant", () => {
  expect(propertiesOf(rowsOf({ a: "1", b: "" }))).toEqual({ a: "1", b: "" });
  expect(propertiesOf([{ name: " a ", value: "1" }, { name: "", value: "2" }, { name: "a", value: "3" }])).toEqual({ a: "3" });
  expect(rowsOf(undefined)).toEqual([]);
});

test("a schedule keeps only the parts its kind has, and no day its month never has", () => {
  const { timing } = newTrigger("schedule", "Asia/Tokyo") as ScheduleTrigger;
  expect(timing).toMatchObject({ kind: "daily", zone: "Asia/Tokyo" });
  expect("month" in timing).toBe(false);
  const yearly = withTimingKind({ ...timing, day: 31, month: 2 }, "yearly");
  expect([yearly.month, yearly.day]).toEqual([2, 29]);
  expect(withTimingKind({ ...yearly, day: 31 }, "lunar").day).toBe(30);
  expect("month" in withTimingKind(yearly, "weekly")).toBe(false);
  expect([daysOf("yearly", 4), daysOf("lunar", 1)]).toEqual([30, 30]);
});

test("of a timing the API may say only what differs", () => {
  const trigger = wholeTrigger({ kind: "schedule", timing: { kind: "lunar", month: 8, day: 15 } }) as ScheduleTrigger;
  expect(trigger.timing).toMatchObject({ kind: "lunar", month: 8, day: 15, time: "09:00", weekdays: [], only_workdays: false });
});

test("what is not chosen yet is not asked about", () => {
  for (const kind of ["event", "segment", "date"] as const) expect(isWhole(newTrigger(kind, "UTC"))).toBe(false);
  expect(isWhole(newTrigger("schedule", "UTC"))).toBe(true);
  expect(isWhole({ kind: "event", event: "order_paid" })).toBe(true);
  expect(lacksOf({ kind: "event", event: "order_paid", where: [{ property: "amount", type: "number", op: "at_least" }, { property: "", type: "text", op: "is" }] })).toEqual(["where.0.value", "where.1.property"]);
  const { timing } = newTrigger("schedule", "UTC") as ScheduleTrigger;
  expect(lacksOf({ kind: "schedule", timing: { ...timing, kind: "weekly", weekdays: [], time: "" } })).toEqual(["timing.time", "timing.weekdays"]);
  expect(lacksOf({ kind: "schedule", timing: { ...timing, kind: "at" } })).toEqual(["timing.at"]);
});
