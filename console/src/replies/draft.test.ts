import { describe, expect, it } from "vitest";

import { newPart } from "../messages/parts";
import { bodyOf, draftOfQuestion, EMPTY, trialOf, withPasted } from "./draft";

const TAGGED = [{ id: "a1", action: "tag.add", settings: { tag_id: "t1" } }];

describe("a rule while it is written", () => {
  it("leaves out empty keywords and takes its name from the first", () => {
    const body = bodyOf({ ...EMPTY, keywords: [{ text: " ", way: "contains" }, { text: "价格", way: "exact" }] });
    expect(body.keywords).toEqual([{ text: "价格", way: "exact" }]);
    expect(body.name).toBe("价格");
  });

  it("keeps an answer that says nothing, so that the server says so, unless a person takes over or something else is done", () => {
    expect(bodyOf(EMPTY).answers).toEqual([{ weight: 1, parts: [newPart("text")] }]);
    expect(bodyOf({ ...EMPTY, hands_over: true }).answers).toEqual([]);
    expect(bodyOf({ ...EMPTY, actions: TAGGED }).answers).toEqual([]);
  });

  it("leaves its actions to be sent where they changed, and is tried without them", () => {
    const draft = { ...EMPTY, keywords: [{ text: "价格", way: "exact" as const }], actions: TAGGED };
    expect([bodyOf(draft), trialOf(draft)].map((body) => body !== null && "actions" in body)).toEqual([false, false]);
  });

  it("can be tried before it is finished", () => {
    expect(trialOf(EMPTY)).toBeNull();
    const draft = { ...EMPTY, keywords: [{ text: "价格", way: "exact" as const }], hours: { begin: "", end: "18:00", days: [1] } };
    expect([trialOf(draft)?.answers, trialOf(draft)?.hours, trialOf(draft)?.name]).toEqual([[], null, "价格"]);
  });

  it("makes a keyword of each pasted line", () => {
    const keywords = [{ text: "一", way: "exact" as const }, { text: "", way: "contains" as const }];
    expect(withPasted(keywords, 1, "价格\r\n\n 多少钱 \n")).toEqual([
      { text: "一", way: "exact" },
      { text: "价格", way: "contains" },
      { text: "多少钱", way: "contains" },
    ]);
  });

  it("makes a rule of a question", () => {
    const draft = draftOfQuestion(" 请问  几点开门呀？\n");
    expect([draft.name, draft.keywords]).toEqual(["请问 几点开门呀？", [{ text: "请问 几点开门呀", way: "contains" }]]);
  });
});
