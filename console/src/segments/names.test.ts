import { expect, test } from "vitest";

import { linesOf } from "./names";

test("lines come from lists and spreadsheets, each once", () => {
  expect(linesOf("小满\n阿强，wxid_1\t小满\r\n\n 13800138000 ;")).toEqual(["小满", "阿强", "wxid_1", "13800138000"]);
  expect(linesOf("  ")).toEqual([]);
});
