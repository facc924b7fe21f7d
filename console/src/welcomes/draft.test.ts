import { expect, it } from "vitest";

import { bodyOf, EMPTY, newMessage, unitOf } from "./draft";

it("sends only the scope that was chosen", () => {
  const draft = { ...EMPTY, community_id: "c", group_ids: ["g"] };
  expect(bodyOf({ ...draft, scope: "all" })).toMatchObject({ community_id: null, group_ids: [] });
  expect(bodyOf({ ...draft, scope: "community" })).toMatchObject({ community_id: "c", group_ids: [] });
  expect(bodyOf({ ...draft, scope: "groups" })).toMatchObject({ community_id: null, group_ids: ["g"] });
  expect(bodyOf({ ...draft, scope: "groups" })).not.toHaveProperty("scope");
});

it("writes to contacts in private, each alone", () => {
  const body = bodyOf({ ...EMPTY, kind: "contact", scope: "groups", group_ids: ["g"], together_seconds: 30, messages: [newMessage("你好")] });
  expect(body).toMatchObject({ group_ids: [], together_seconds: 0 });
  expect(body.messages[0]).toMatchObject({ place: "private", otherwise: "none", mentions: false });
});

it("may do something else without saying anything", () => {
  const actions = [{ id: "a1", action: "tag.add", settings: { tag_id: "t1" } }];
  expect(bodyOf({ ...EMPTY, messages: [], actions })).toMatchObject({ messages: [], actions });
});

it("says a delay in the largest unit that fits", () => {
  expect([0, 30, 90, 120, 3_600, 5_400, 86_400, 604_800].map(unitOf)).toEqual(["minute", "second", "second", "minute", "hour", "minute", "day", "day"]);
});
