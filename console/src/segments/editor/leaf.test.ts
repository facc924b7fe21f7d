import { expect, test } from "vitest";

import { anyTest, chances } from "../../testing/conditions";
import * as leaf from "./leaf";
import { OPERATORS, valueShape, type EventLeaf, type ValueType } from "./language";

const TYPES = Object.keys(OPERATORS) as ValueType[];
const noNumber = () => undefined;
const amount = () => "amount";

test("an operator begins with a value only where one is likely", () => {
  expect(TYPES.map((type) => leaf.defaultTest(type))).toEqual([
    { op: "is" },
    { op: "at_least" },
    { op: "in_last_days", value: 30 },
    { op: "in_next_days", value: 7 },
    { op: "has_any" },
    { op: "is", value: true },
  ]);
});

test("another operator keeps the value in its own shape", () => {
  expect(leaf.withOperator("text", { op: "is", value: "北京" }, "in")).toEqual({ op: "in", value: ["北京"] });
  expect(leaf.withOperator("text", { op: "in", value: ["北京", "上海"] }, "contains")).toEqual({ op: "contains", value: "北京" });
  expect(leaf.withOperator("number", { op: "at_least", value: 3 }, "between")).toEqual({ op: "between", value: [3, 3] });
  expect(leaf.withOperator("number", { op: "between", value: [3, 5] }, "at_most")).toEqual({ op: "at_most", value: 3 });
  expect(leaf.withOperator("number", { op: "at_least", value: 3 }, "empty")).toEqual({ op: "empty" });
  expect(leaf.withOperator("number", { op: "empty" }, "is")).toEqual({ op: "is" });
  expect(leaf.withOperator("date", { op: "is", value: "2026-01-01" }, "in_last_days")).toEqual({ op: "in_last_days", value: 30 });
  expect(leaf.withOperator("date", { op: "in_last_days", value: 5 }, "in_next_days")).toEqual({ op: "in_next_days", value: 5 });
  expect(leaf.withOperator("boolean", { op: "empty" }, "is_not")).toEqual({ op: "is_not", value: true });
});

test("every change of operator gives a test of that shape", () => {
  const chance = chances(3);
  for (const type of TYPES)
    for (const op of OPERATORS[type])
      for (let count = 0; count < 20; count += 1) {
        const made = leaf.withOperator(type, anyTest(chance, type), op);
        expect(made.op).toBe(op);
        const shape = valueShape(type, op);
        if (shape === "none") expect("value" in made).toBe(false);
        if (shape === "several" || shape === "range") expect(made.value === undefined || Array.isArray(made.value)).toBe(true);
        if (shape === "days") expect(typeof made.value).toBe("number");
      }
});

test("a value of another type is begun anew, one that fits stays", () => {
  expect(leaf.withType("number", { op: "is", value: "北京" })).toEqual({ op: "is" });
  expect(leaf.withType("date", { op: "is", value: "2026-01-01" })).toEqual({ op: "is", value: "2026-01-01" });
  expect(leaf.withType("text", { op: "at_least", value: 3 })).toEqual({ op: "is" });
  expect(leaf.withType("list", { op: "has_any", value: ["红"] })).toEqual({ op: "has_any", value: ["红"] });
  expect(leaf.withType("text", { op: "empty" }, false)).toEqual({ op: "is" });
});

test("the subject of a row changes and keeps what still fits", () => {
  const typeOf = (key: string): ValueType => (key === "age" ? "number" : "text");
  expect(leaf.withSubject({ kind: "unset" }, { kind: "event", key: "order_paid" }, typeOf)).toEqual({ kind: "event", event: "order_paid", window: { kind: "last_days", days: 30 } });
  expect(leaf.withSubject({ kind: "attribute", key: "city", op: "contains", value: "京" }, { kind: "attribute", key: "job" }, typeOf)).toEqual({ kind: "attribute", key: "job", op: "contains", value: "京" });
  expect(leaf.withSubject({ kind: "attribute", key: "city", op: "contains", value: "京" }, { kind: "attribute", key: "age" }, typeOf)).toEqual({ kind: "attribute", key: "age", op: "at_least" });
  const counted: EventLeaf = { kind: "event", event: "a", where: [leaf.newTest("$text")], op: "at_most", value: 2, window: { kind: "ever" }, group: "g" };
  expect(leaf.withSubject(counted, { kind: "event", key: "b" }, typeOf)).toEqual({ ...counted, event: "b" });
  for (const kind of leaf.SUBJECTS) {
    const subject = { kind, key: "x" };
    expect(leaf.subjectOf(leaf.withSubject({ kind: "unset" }, subject, typeOf))).toEqual(subject);
    expect(leaf.readSubject(leaf.subjectText(subject))).toEqual(subject);
  }
  expect(leaf.readSubject("nothing")).toBeNull();
});

test("did, did not and so many times are one kind of row", () => {
  const did: EventLeaf = { kind: "event", event: "order_paid" };
  expect(leaf.howOf(did, false)).toBe("did");
  expect(leaf.howOf(did, true)).toBe("count");
  expect(leaf.howOf({ ...did, op: "exactly", value: 0 }, false)).toBe("did_not");
  expect(leaf.howOf({ ...did, op: "at_least" , value: undefined }, false)).toBe("count");
  for (const how of leaf.HOWS) {
    const made = leaf.withHow(did, how, amount);
    expect(leaf.howOf(made, false)).toBe(how);
    expect(leaf.subjectOf(made)).toEqual({ kind: "event", key: "order_paid" });
  }
  expect(leaf.withHow(did, "sum", amount)).toEqual({ kind: "event", event: "order_paid", measure: { of: "sum", property: "amount" }, op: "at_least", value: null });
  expect(leaf.withHow(leaf.withHow(did, "sum", noNumber), "count", noNumber)).toEqual({ kind: "event", event: "order_paid", op: "at_least", value: 3 });
});

test("a measure keeps its property and its bound", () => {
  const sum: EventLeaf = { kind: "event", event: "e", measure: { of: "sum", property: "amount" }, op: "between", value: [1, 2] };
  expect(leaf.withHow(sum, "average", noNumber)).toEqual({ ...sum, measure: { of: "average", property: "amount" } });
  expect(leaf.withHow(sum, "last", noNumber)).toEqual({ kind: "event", event: "e", measure: { of: "last", property: "amount", type: "number" }, op: "at_least", value: null });
  const last: EventLeaf = { kind: "event", event: "e", measure: { of: "last", property: "sku", type: "text" }, op: "is", value: "红" };
  expect(leaf.withMeasured(last, "gift", "boolean")).toEqual({ kind: "event", event: "e", measure: { of: "last", property: "gift", type: "boolean" }, op: "is", value: true });
  expect(leaf.withMeasured(sum, "price", "number")).toEqual({ ...sum, measure: { of: "sum", property: "price" } });
});

test("one event after another and back keeps the first", () => {
  const first: EventLeaf = { kind: "event", event: "a", where: [leaf.newTest("$text")], op: "at_least", value: 2, window: { kind: "last_days", days: 7 } };
  const sequence = leaf.withHow(first, "then", noNumber);
  expect(sequence).toEqual({
    kind: "sequence", first: { event: "a", where: [leaf.newTest("$text")] }, then: { event: "" }, within_minutes: 1_440, window: { kind: "last_days", days: 7 },
  });
  expect(leaf.withHow(sequence, "did", noNumber)).toEqual({ kind: "event", event: "a", where: [leaf.newTest("$text")], window: { kind: "last_days", days: 7 }, op: "at_least", value: 1 });
});

test("counting operators keep the number", () => {
  expect(leaf.withCountOperator({ op: "exactly", value: 2 }, "between")).toEqual({ op: "between", value: [2, 2] });
  expect(leaf.withCountOperator({ op: "between", value: [2, 4] }, "exactly")).toEqual({ op: "exactly", value: 2 });
});

test("tests of properties take the type of the property, and an empty list of them is left out", () => {
  const made = leaf.newTest();
  expect(made).toEqual({ property: "", type: "text", op: "is" });
  expect(leaf.withProperty({ ...made, value: "x" }, "$characters", "number")).toEqual({ property: "$characters", type: "number", op: "is" });
  expect(leaf.withProperty({ ...made, value: "x" }, "other", undefined)).toEqual({ property: "other", type: "text", op: "is", value: "x" });
  expect(leaf.withPropertyType(made, "boolean")).toEqual({ property: "", type: "boolean", op: "is", value: true });
  expect(leaf.withWhere({ event: "a", where: [made] }, [])).toEqual({ event: "a" });
  expect(leaf.withWhere({ event: "a" }, [made])).toEqual({ event: "a", where: [made] });
});

test("windows keep the day that was chosen; spans take the largest unit", () => {
  expect(leaf.withWindowKind({ kind: "since", date: "2026-01-01" }, "between", "2026-03-01")).toEqual({ kind: "between", first: "2026-01-01", last: "2026-03-01" });
  expect(leaf.withWindowKind({ kind: "ever" }, "last_days", "2026-03-01")).toEqual({ kind: "last_days", days: 30 });
  expect(leaf.withWindowKind({ kind: "between", first: "2026-01-01", last: null }, "since", "2026-03-01")).toEqual({ kind: "since", date: "2026-01-01" });
  expect([null, 1, 59, 60, 90, 1_440, 2_880, 1_500].map(leaf.spanOf)).toEqual(["days", "minutes", "minutes", "hours", "minutes", "days", "days", "hours"]);
});
