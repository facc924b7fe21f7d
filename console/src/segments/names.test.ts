import { expect, test } from "vitest";

import { linesOf, meant } from "./names";

const one = { id: "1", name: "林小满" };
const two = { id: "2", name: "林小满" };
const other = { id: "3", name: "林小满的猫" };

test("lines come from lists and spreadsheets, each once", () => {
  expect(linesOf("小满\n阿强，wxid_1\t小满\r\n\n 13800138000 ;")).toEqual(["小满", "阿强", "wxid_1", "13800138000"]);
  expect(linesOf("  ")).toEqual([]);
});

test("a line means those of that very name, else the only one found", () => {
  expect(meant("林小满", [one, other])).toEqual([one]);
  expect(meant("林小满", [one, two, other])).toEqual([one, two]);
  expect(meant("wxid_1", [one])).toEqual([one]);
  expect(meant("小", [one, other])).toEqual([]);
  expect(meant("小满", [])).toEqual([]);
  expect(meant("ＬＩＮ", [{ id: "4", name: "lin" }])).toEqual([{ id: "4", name: "lin" }]);
});
