import i18next from "i18next";
import { expect, test } from "vitest";

import { changeLanguage, withTexts } from "../../i18n";
import { wordsOf } from "../../segments/editor/vocabulary";
import type { Vocabulary } from "../../segments/editor/language";
import type { ActionKind } from "../shared/types";
import { FAILED, OTHERWISE, TIMEOUT, type JourneyNode } from "./graph";
import { portName, summaryOf, titleOf, type Lexicon, type T } from "./words";

const vocabulary = {
  events: [{ name: "order_paid", zh: "下单付款", en: "Order paid", is_declared: true, properties: [] }],
  attributes: [{ key: "birthday", zh: "生日", en: "Birthday", type: "birthday", is_standard: true, is_built_in: false, options: [] }],
  built_in_properties: [],
  tags: [{ id: "t1", name: "老客", color: "", group: null }],
  segments: [{ id: "s1", name: "沉默的人", kind: "live" }],
  communities: [],
  groups: [],
  scores: [],
  purposes: [],
  limits: { nodes: 200, depth: 8, values: 100, days: 3_650, times: 1_000 },
} as unknown as Vocabulary;

const field = (name: string, kind: ActionKind["fields"][number]["kind"]): ActionKind["fields"][number] => ({ name, kind, zh: name, en: name, hint_zh: "", hint_en: "", is_required: true, default: null, choices: [], takes_fields: true, mentions_all: false, sends: "", of: "", only_if: null });
const actions: ActionKind[] = [
  { name: "message.send", zh: "发送消息", en: "Send a message", kind: "message", permission: "", is_allowed: true, fields: [field("parts", "message")] },
  { name: "tag.add", zh: "打标签", en: "Add a tag", kind: "member", permission: "", is_allowed: true, fields: [field("tag", "tag")] },
  { name: "journey.start", zh: "进入旅程", en: "Let into a journey", kind: "automation", permission: "", is_allowed: true, fields: [field("journey_id", "journey")] },
];

async function lexicon(language: "zh" | "en"): Promise<Lexicon> {
  await changeLanguage(language);
  await withTexts(["journeys"], Promise.resolve());
  return { t: i18next.getFixedT(language, ["journeys", "common"]) as unknown as T, language, words: wordsOf(vocabulary, language), actions, journeys: { j1: "七天引导" } };
}

const node = (one: object) => ({ id: "n", ...one }) as JourneyNode;
const NODES: [JourneyNode, string, string][] = [
  [node({ kind: "entry", trigger: { kind: "event", event: "order_paid" } }), "有人下单付款", "Somebody: Order paid"],
  [node({ kind: "entry", trigger: { kind: "segment", segment: "", way: "entered" } }), "还没选分群", "No segment chosen"],
  [node({ kind: "wait", seconds: 3 * 86_400 }), "3 天", "3 days"],
  [node({ kind: "wait", seconds: 3_600 }), "1 小时", "1 hour"],
  [node({ kind: "wait_time", time: "10:00", weekdays: [1, 5] }), "等到周一、周五 10:00", "Until Mon, Fri, 10:00"],
  [node({ kind: "wait_date", attribute: "birthday", offset_days: -3, time: "09:00" }), "生日 前 3 天 09:00", "3 days before Birthday, 09:00"],
  [node({ kind: "wait_event", events: [{ id: "e", event: "order_paid" }], timeout_seconds: 7_200 }), "等 下单付款，最多 2 小时", "Until Order paid, at most 2 hours"],
  [node({ kind: "split", arms: [{ id: "a", weight: 90 }, { id: "b", weight: 10, is_holdout: true }] }), "A 90% · 对照组 10%", "A 90% · Holdout 10%"],
  [node({ kind: "action", action: "message.send", settings: { parts: [{ kind: "text", text: "{{name|朋友}}，\n欢迎" }] } }), "朋友， 欢迎", "朋友， 欢迎"],
  [node({ kind: "action", action: "tag.add", settings: { tag: "t1" } }), "老客", "老客"],
  [node({ kind: "action", action: "tag.add", settings: {} }), "还没填写", "Nothing filled in yet"],
  [node({ kind: "action", action: "journey.start", settings: { journey_id: "j1" } }), "七天引导", "七天引导"],
  [node({ kind: "action", action: "journey.start", settings: { journey_id: "j2" } }), "进入旅程", "Let into a journey"],
  [node({ kind: "action", action: "journey.start", settings: {} }), "还没填写", "Nothing filled in yet"],
  [node({ kind: "limit", people: 1_000, per: "day" }), "每天 1,000 人", "1,000 people a day"],
  [node({ kind: "go_to", node: "x" }), "接着走「那里」", "On at “那里”"],
  [node({ kind: "goal", event: "order_paid", within_days: 7 }), "7 天内下单付款", "Order paid within 7 days"],
];

test("each node says in a line what it does, in both languages", async () => {
  for (const [language, at] of [["zh", 1], ["en", 2]] as const) {
    const words = await lexicon(language);
    for (const row of NODES) expect(summaryOf(row[0], words, () => "那里"), row[0].kind).toBe(row[at]);
  }
});

test("ports are called by what leads to them", async () => {
  const words = await lexicon("zh");
  const branch = node({ kind: "branch", cases: [{ id: "a", condition: { kind: "tag", tag: "t1" } }, { id: "b", condition: null }, { id: "c", name: "新人" }] });
  expect(["a", "b", "c", OTHERWISE].map((port) => portName(branch, port, words))).toEqual(["老客", "情况 2", "新人", "其他"]);
  expect([TIMEOUT, "e"].map((port) => portName(node({ kind: "wait_event", events: [{ id: "e", event: "order_paid" }] }), port, words))).toEqual(["超时", "下单付款"]);
  expect(portName(node({ kind: "action" }), FAILED, words)).toBe("没做成");
  expect(titleOf(node({ kind: "action", action: "tag.add" }), words)).toBe("打标签");
  expect(titleOf(node({ kind: "wait", name: "缓一缓" }), words)).toBe("缓一缓");
});
