import { expect, test } from "vitest";

import { difference } from "./diff";

const shown = (before: string, after: string) =>
  difference(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : kind === "out" ? `[-${text}-]` : `{+${text}+}`))
    .join("");

test("a sentence says what was taken out and put in", () => {
  expect(shown("最近 30 天内发言至少 3 次", "最近 7 天内发言至少 3 次")).toBe("最近 [-30-]{+7+} 天内发言至少 3 次");
  expect(shown("did “Paid” 3 times and has the tag “VIP”", "did “Paid” 3 times")).toBe("did “Paid” 3 times[- and has the tag “VIP”-]");
  expect(shown("城市是“北京”", "城市是“北京”，并且有标签“铁粉”")).toBe("城市是“北京”{+，并且有标签“铁粉”+}");
  expect(shown("", "所有成员")).toBe("{+所有成员+}");
  expect(difference("", "")).toEqual([]);
  expect(difference("a", "a")).toEqual([{ kind: "same", text: "a" }]);
});

test("both sentences can be read back out of their difference", () => {
  const [before, after] = ["最近 30 天内发言至少 3 次，并且（城市是“北京”，或者年龄至少 18）", "最近 14 天内发言至少 1 次，并且年龄至少 18，或者城市是“上海”"];
  const pieces = difference(before, after);
  const without = (left: string) => pieces.filter(({ kind }) => kind !== left).map(({ text }) => text).join("");
  expect(without("in")).toBe(before);
  expect(without("out")).toBe(after);
});

test("very long sentences are told one after the other", () => {
  const long = "一".repeat(2_000);
  expect(difference(long, "二")).toEqual([{ kind: "out", text: long }, { kind: "in", text: "二" }]);
});
