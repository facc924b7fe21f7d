import { expect, test } from "vitest";

import { plainText, textParts } from "./safeText";

test("ordinary names stay as they are", () => {
  for (const name of ["林小满", "Zoë Ångström", "محمد علي", "👩‍👩‍👧 一家人", "❤️", "1️⃣", "<b>x</b>", "=1+1", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم"]) {
    expect(textParts(name), name).toEqual([{ kind: "text", text: name }]);
  }
});

test("marks that cannot be seen are shown", () => {
  expect(textParts("王\u200B小明")).toEqual([
    { kind: "text", text: "王" },
    { kind: "hidden", code: "U+200B" },
    { kind: "text", text: "小明" },
  ]);
  expect(textParts("\u202Egnp.exe")[0]).toEqual({ kind: "hidden", code: "U+202E" });
  expect(textParts("a\u0000\u3164\u2066")).toEqual([
    { kind: "text", text: "a" },
    { kind: "hidden", code: "U+0000" },
    { kind: "hidden", code: "U+3164" },
    { kind: "hidden", code: "U+2066" },
  ]);
  expect(plainText("a\u200Db")).toBe("a·b");
});

test("lines become spaces and towers of marks are cut", () => {
  expect(plainText(" a\r\n\tb\u2028c ")).toBe("a b c");
  expect(plainText(`e${"\u0301".repeat(40)}`)).toBe(`e${"\u0301".repeat(4)}`);
  expect(plainText(null)).toBe("");
});
