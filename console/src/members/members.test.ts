import { expect, test } from "vitest";

import { attributeText } from "./attributeValue";
import { shownId } from "./channels";
import { exportAddress, memberQuery, parseMemberSearch, parseMembersSearch, sortShown } from "./filters";

const ID = "01920000-0000-7000-8000-000000000001";
const yesNo = (value: boolean) => (value ? "是" : "否");

test("an address becomes a question to the API; what is not valid is dropped", () => {
  const search = parseMembersSearch({ q: "小满", community: ID, active: "30", joined: "7d", kind: "people", sort: "messages", peek: ID });
  expect(memberQuery(search, "Asia/Shanghai", new Date("2026-11-21T17:00:00Z"))).toEqual({
    q: "小满",
    community_id: ID,
    active_within_days: 30,
    joined_from: "2026-11-16",
    joined_to: "2026-11-22",
    is_bot: false,
    sort: "-messages",
  });
  expect(parseMembersSearch({ community: "x", group: ["a"], active: "-3", silent: "4000", sort: "weight", peek: "1", presence: "gone" })).toEqual({});
  expect(parseMemberSearch({ tab: "secrets", when: "yesterday", community: ID })).toEqual({ community: ID });
});

test("names ascend, everything else shows the most first", () => {
  expect(sortShown(undefined)).toEqual({ key: "last_active", descending: true });
  expect(sortShown("name")).toEqual({ key: "name", descending: false });
  expect(memberQuery({ sort: "name" }, "UTC").sort).toBe("name");
});

test("the export asks for the same list", () => {
  const query = memberQuery(parseMembersSearch({ spoke: "never", q: "a&b" }), "UTC");
  expect(exportAddress("w", query)).toBe("/api/workspaces/w/members/export?q=a%26b&never_spoke=true&sort=-last_active");
});

test.each([
  ["birthday", "02-29", "2月29日", "29 Feb"],
  ["birthday", "1990-05-17", "1990年5月17日", "17 May 1990"],
  ["date", "2026-11-22", "2026年11月22日", "22 Nov 2026"],
  ["boolean", true, "是", "是"],
  ["list", ["咖啡", "读书"], "咖啡、读书", "咖啡, 读书"],
  ["number", 12.5, "12.5", "12.5"],
  ["text", "北京", "北京", "北京"],
  ["date", "someday", "someday", "someday"],
] as const)("a %s of %s reads as people write it", (type, value, zh, en) => {
  expect(attributeText(type, value, "zh", yesNo)).toBe(zh);
  expect(attributeText(type, value, "en", yesNo)).toBe(en);
});

test("an id of a chat that knows names only is shown as the name", () => {
  expect(shownId("01a2028e-b790-700f-8f65-d15984a973f4:阿强")).toBe("阿强");
  expect(shownId("wxid_a:b")).toBe("wxid_a:b");
});
