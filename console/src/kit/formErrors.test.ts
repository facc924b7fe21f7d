import { expect, test } from "vitest";

import { ApiProblem } from "../api/problem";
import { placeErrors } from "./formErrors";

const problem = (errors: ApiProblem["errors"]) =>
  new ApiProblem({ type: "", title: "", status: 422, detail: "", code: "invalid", params: {}, request_id: null, errors });

function formWith() {
  const set: unknown[] = [];
  const scrolled: unknown[] = [];
  return {
    set,
    scrolled,
    form: {
      setFields: (fields: unknown) => set.push(fields),
      scrollToField: (name: unknown) => scrolled.push(name),
      getFieldInstance: () => null,
    },
  };
}

test("errors go to their fields, all of a field's together, and the first is scrolled to", () => {
  const { form, set, scrolled } = formWith();
  const error = problem([
    { field: "body.account.email", message: "不是邮箱" },
    { field: "email", message: "太长" },
    { field: "name", message: "看不见" },
  ]);
  expect(placeErrors(form, ["email", "name"], error)).toBeNull();
  expect(set).toEqual([[{ name: "email", errors: ["不是邮箱", "太长"] }, { name: "name", errors: ["看不见"] }]]);
  expect(scrolled).toEqual(["email"]);
});

test("what has no field in the form is left to show", () => {
  const { form, scrolled } = formWith();
  const error = problem([{ field: "quota", message: "满了" }]);
  expect(placeErrors(form, ["email"], error)).toBe(error);
  expect(scrolled).toEqual([]);
  const other = new TypeError("x");
  expect(placeErrors(form, ["email"], other)).toBe(other);
});
