import { expect, test } from "vitest";

import { fitted, svgText, wrapped, type Measure } from "../../kit/charts/svgPng";
import type { Part, Persona } from "../insights/queries";
import { HEIGHT, personaSvg, WIDTH, type CardText } from "./card";

const measure: Measure = (text, size) => Array.from(text).reduce((sum, one) => sum + (one < "\u2e80" ? size * 0.55 : size), 0);

const words: CardText = {
  title: "用户画像", product: "胡同", people: (people, compared, against) => `${people}/${compared}/${against}`, nothing: "没有", hours: "何时", words: "说什么", pages: "看什么", tenure: "多久", groups: "哪些群",
  points: (points) => `${points} 点`, legend: (against) => `竖线：${against}`, than: (value) => `整体 ${value}`, foot: (days, least) => `${days}/${least}`,
  figure: { active_share: "活跃", messages: "消息", replies: "回复", reactions: "回应", active_days: "天" }, against: "社群“读书会”", language: "zh",
};

const part = (label: string, share: number): Part => ({
  value: label, label: { zh: label, en: label }, people: 9, share, compared_share: share / 2, difference: share / 2, index: 200, is_more_than_chance: true,
});

function persona(name: string, labels: string[], spoken = labels): Persona {
  return {
    segment: { id: "s", name }, compared_with: { kind: "workspace", community: null }, zone: "Asia/Shanghai", today: "2026-03-01", days: 90, people: 250,
    compared_people: 750, people_min: 20, people_each_min: 3, is_too_small: false, computed_at: "2026-03-01T04:00:00Z",
    portrait: {
      headlines: labels.slice(0, 6).map((one) => ({ zh: `城市“${one}”占 48%`, en: one })),
      demographics: (["gender", "age", "city"] as const).map((key) => ({
        key, name: { zh: key, en: key }, known_people: 9, known: 0.5, compared_known: 0.5, parts: labels.slice(0, 8).map((one, index) => part(one, 0.5 / (index + 1))), others: 0, compared_others: 0,
      })),
      figures: (["active_share", "messages", "replies", "reactions", "active_days"] as const).map((key) => ({ key, value: 0.5, compared: 0.25, index: 200, is_more_than_chance: true })),
      hours: Array.from({ length: 168 }, (_, at) => ({ weekday: Math.floor(at / 24) + 1, hour: at % 24, activities: at, share: at / 14_028, compared_share: 1 / 168 })),
      activities: 14_028, channels: [], groups: labels.slice(0, 8).map((one) => part(one, 0.3)), tenures: labels.slice(0, 6).map((one) => part(one, 0.2)), pages: labels.slice(0, 9).map((one) => part(one, 0.1)),
      words: spoken.map((word) => ({ word, speakers: 3, share: 0.1, rest_share: 0.01, distance: 3 })),
      sample: { texts: 1, rest_texts: 1, speakers: 1, rest_speakers: 1, texts_max: 10_000, is_whole: true },
    },
  };
}

const HOSTILE = ['<img src=x onerror="alert(1)">', "</text></svg><script>alert(1)</script>", "]]>&amp;&lt;", "‮مرحبا‬ بالعالم", "👨‍👩‍👧‍👦🏳️‍🌈😀", "e\u0301\u0302\u0303\u0304\u0305\u0306", "\u0000\u0008\uFFFE\u200B", "'\"`", "名".repeat(300), "W".repeat(300)];

test.each(HOSTILE)("%j in every place is text and nothing else", (text) => {
  const svg = personaSvg(persona(text, Array.from({ length: 8 }, () => text)), { ...words, against: text, title: text }, measure);
  const read = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(read.querySelector("parsererror")).toBeNull();
  const names = new Set(Array.from(read.querySelectorAll("*"), ({ tagName }) => tagName));
  expect([...names].sort()).toEqual(["rect", "svg", "text"]);
  expect(svg).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  expect(Array.from(svg).filter((one) => one < " ")).toEqual([]);
  for (const one of read.querySelectorAll("*")) for (const { name } of one.attributes) expect(name).not.toMatch(/^on|href/);
});

test("everything stays on the sheet, however much there is to say", () => {
  const long = Array.from({ length: 40 }, (_, index) => `很长的一个值第${index}号`.repeat(6));
  const svg = personaSvg(persona("名字".repeat(40), long), words, measure);
  const read = new DOMParser().parseFromString(svg, "image/svg+xml");
  const bottom = Math.max(...Array.from(read.querySelectorAll("text"), (one) => Number(one.getAttribute("y"))));
  expect(bottom).toBeLessThanOrEqual(HEIGHT);
  for (const one of read.querySelectorAll("text")) {
    const [x, size] = [Number(one.getAttribute("x")), Number(one.getAttribute("font-size"))];
    const width = measure(one.textContent, size);
    const start = { start: x, middle: x - width / 2, end: x - width }[one.getAttribute("text-anchor") ?? "start"] ?? x;
    expect(start).toBeGreaterThanOrEqual(0);
    expect(start + width).toBeLessThanOrEqual(WIDTH);
  }
});

test("a persona with nothing known says so", () => {
  const svg = personaSvg(persona("空", [], []), words, measure);
  expect(svg.match(/没有/g)?.length).toBe(7); // headlines, five headings, words
});

test("text is cut between letters, never within one", () => {
  const wide = (text: string) => Array.from(text).length * 10;
  expect(fitted("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 90, wide)).toBe("👨‍👩‍👧‍👦…");
  expect(fitted("abc", 30, wide)).toBe("abc");
  expect(fitted("abcd", 30, wide)).toBe("ab…");
  expect(wrapped("Younger than the community", 120, 2, wide)).toEqual(["Younger than", "the communi…"]);
  expect(wrapped("比社群整体更年轻", 50, 3, wide)).toEqual(["比社群整体", "更年轻"]);
  expect(wrapped("", 50, 3, wide)).toEqual([]);
  expect(svgText("a<b>&\"'\u202e")).toBe("a&lt;b&gt;&amp;&quot;&#39;·");
});
