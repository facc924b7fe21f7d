import { expect, test } from "vitest";

import { vocabulary } from "../../gallery/conditionSamples";
import { alsoFoundBy, fit, FITS, initials, matches, ranked, searchText } from "./search";
import { wordsOf } from "./vocabulary";

test("names are found by either language, the key, and the initials of the pinyin", () => {
  expect(initials("最近活跃")).toBe("zjhy");
  expect(initials("VIP等级")).toBe("vipdj");
  expect(initials("爱奥八步擦错大度额而发富嘎过哈活机军卡扩拉落妈目那诺哦欧怕普七群然入软撒所他脱挖屋西寻呀云杂做")).toBe("aabbccddeeffgghhjjkkllmmnnooppqqrrrssttwwxxyyzz");
  const text = searchText("所在城市", "City", "city");
  expect(["城市", "cit", "szcs", "cs", "CITY", ""].map((typed) => matches(text, typed))).toEqual([true, true, true, true, true, true]);
  expect(matches(text, "省")).toBe(false);
});

test("the whole name fits best, then its beginning, then the beginning of a word, then anywhere", () => {
  const fits = (name: string, ...typed: string[]) => typed.map((one) => fit(searchText(name), one));
  expect(fits("Order paid", "order paid", "ORDER  PAID", "ord", "pai", "aid", "paid order", "x")).toEqual([FITS.exact, FITS.exact, FITS.prefix, FITS.word, FITS.contains, FITS.contains, null]);
  expect(fits("first_seen", "seen", "een", "first_seen")).toEqual([FITS.word, FITS.contains, FITS.exact]);
  expect(fits("一群 · 读书", "读书", "群", "一群")).toEqual([FITS.word, FITS.contains, FITS.prefix]);
  expect(fits("VIP等级", "等级", "级", "vip")).toEqual([FITS.word, FITS.contains, FITS.prefix]);
  expect(fits("banana an", "an")).toEqual([FITS.word]); // not only where it is found first
  expect(fits("𠮷群 a", "a")).toEqual([FITS.word]);
});

test("initials fit less well than names, and what is beside a name less well still", () => {
  const text = searchText("城市", "City");
  expect(["cs", "c", "s"].map((typed) => fit(text, typed))).toEqual([FITS.prefix, FITS.prefix, FITS.contains]);
  expect([fit(searchText("所在城市"), "szcs"), fit(searchText("所在城市"), "sz"), fit(searchText("所在城市"), "cs")]).toEqual([FITS.prefix, FITS.word, FITS.contains]);
  const tag = alsoFoundBy(searchText("铁粉"), "关系");
  expect([fit(tag, "关系"), fit(tag, "gx"), fit(tag, "铁粉"), fit(tag, "别的")]).toEqual([FITS.contains, FITS.contains, FITS.exact, null]);
  expect(alsoFoundBy(searchText("铁粉"), "")).toBe(searchText("铁粉"));
});

const NAMES: Record<string, string[]> = { attribute: ["reorder", "order id", "my order"], event: ["border", "order", "paid order"], tag: ["order", "ordinary"] };
const sections = Object.entries(NAMES).map(([title, names]) => ({ title, options: names.map((name) => ({ name, search: searchText(name) })) }));
const found = (typed: string) => ranked(sections, typed).map(({ option, section }) => `${section.title}: ${option.name}`);

test("the best fit comes first, and of the same fit the kinds stay in their order", () => {
  expect(found("order")).toEqual(["event: order", "tag: order", "attribute: order id", "attribute: my order", "event: paid order", "attribute: reorder", "event: border"]);
  expect(found("ord")).toEqual(["attribute: order id", "event: order", "tag: order", "tag: ordinary", "attribute: my order", "event: paid order", "attribute: reorder", "event: border"]);
  expect(found("nothing")).toEqual([]);
});

test("the name of a kind finds everything of it, after what fits by itself", () => {
  expect(found("tag")).toEqual(["tag: order", "tag: ordinary"]);
  expect(ranked([...sections, { title: "kind", options: [{ name: "a tag", search: searchText("a tag") }] }], "tag").map(({ option }) => option.name)).toEqual(["a tag", "order", "ordinary"]);
});

test("in the vocabulary, a name itself comes before names that have it inside", () => {
  const words = wordsOf(vocabulary, "zh").sections.map((section) => ({ ...section, title: section.kind }));
  const first = (typed: string) => ranked(words, typed).map(({ option }) => option.label);
  expect(first("会员")[0]).toBe("会员");
  expect(first("成员")).toEqual(["高价值成员"]);
  expect(first("关系")).toEqual(["铁粉"]);
  expect(first("rq")[0]).toBe("入群");
});
