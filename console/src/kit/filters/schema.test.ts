import { expect, test } from "vitest";

import { parseSearch, stringifySearch } from "../../app/search";
import { days, filtersInUse, manyOf, oneOf, parseFilters, readRange, text, yesNo } from "./schema";

const filters = { q: text(), state: oneOf(["active", "silent"]), groups: manyOf(), days: days(), sample: yesNo() };
const read = (address: string) => parseFilters(filters, parseSearch(address));

test("an address gives typed values and gives them back", () => {
  const address = "?q=42&state=active&groups=g1&groups=g2&days=30d&sample=false";
  const values = read(address);
  expect(values).toEqual({ q: "42", state: "active", groups: ["g1", "g2"], days: "30d", sample: false });
  expect(stringifySearch(values)).toBe(address);
  expect(filtersInUse(values)).toBe(5);
});

test("what is not valid is left out and never breaks a page", () => {
  expect(read("?q=%20&state=gone&groups=&days=2026-02-30..2026-03-01&sample=maybe")).toEqual({});
  expect(read("?days=0d")).toEqual({});
  expect(read("?days=9999d")).toEqual({});
  expect(read("?days=2026-03-02..2026-03-01")).toEqual({});
  expect(read("?days=2026-03-01..2026-03-02..2026-03-03")).toEqual({});
  expect(read("?unknown=1")).toEqual({});
  expect(read(`?q=${"长".repeat(300)}`).q).toHaveLength(200);
});

test("ranges are read in both forms", () => {
  expect(readRange("30d")).toEqual({ days: 30 });
  expect(read("?days=2026-10-01..2026-10-31").days).toBe("2026-10-01..2026-10-31");
  expect(readRange("2026-10-01..2026-10-31")).toEqual({ from: "2026-10-01", to: "2026-10-31" });
});

test("an address holds plain words only", () => {
  expect(stringifySearch({ q: "a b&c", empty: undefined, none: null })).toBe("?q=a+b%26c");
  expect(stringifySearch({})).toBe("");
  expect(parseSearch("?q=a+b%26c")).toEqual({ q: "a b&c" });
  expect(() => stringifySearch({ range: { from: 1 } })).toThrow(TypeError);
});
