import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import { ApiProblem } from "../api/problem";
import { visit } from "../testing/visit";
import { navigation, openPlaces } from "./navigation";
import { type SessionAnswer, type SessionCommunity } from "./session";

const made = "2026-10-01T02:00:00Z";
const answer: SessionAnswer = {
  user: { id: "u", name: "林小满", email: "a@example.org", language: "zh", created_at: made },
  staff: [
    {
      workspace: { id: "w", name: "青石\u202E", time_zone: "Asia/Shanghai", language: "zh", created_at: made },
      role: "owner",
      permissions: [],
    },
  ],
};
const community: SessionCommunity = {
  id: "c1",
  name: "读书会",
  kind: "content",
  description: "",
  time_zone: "Asia/Shanghai",
  is_sample: true,
  groups: 1,
  members: 620,
  created_at: made,
  updated_at: made,
  archived_at: null,
};

window.scrollTo = () => undefined;
afterEach(() => {
  vi.restoreAllMocks();
});

const open = (address: string, known: SessionAnswer | null = answer) => visit(address, known, [community]);

test("the menu has nine places in their order, and shows those that have pages", async () => {
  expect(navigation.map((place) => place.key)).toEqual([
    "home", "members", "communities", "content", "campaigns", "automation", "safety", "analytics", "settings",
  ]);
  open("/");
  const menu = await screen.findByRole("navigation", { name: "菜单" });
  const links = [...menu.querySelectorAll(".ht-places a")].map((link) => link.textContent);
  expect(links).toEqual(["工作台", "成员", "社群", "内容", "自动化", "分析", "设置"]);
  expect(openPlaces).toHaveLength(links.length);
});

test("each page has its title, its place in the menu, and keeps the community", async () => {
  const { router, user } = open("/?community=c1");
  await waitFor(() => {
    expect(document.title).toBe("工作台 · 青石· · 胡同");
  });
  await user.click(await screen.findByRole("link", { name: "成员" }));
  await screen.findByRole("heading", { level: 1, name: "成员" });
  expect(document.title).toBe("成员 · 青石· · 胡同");
  expect(screen.getByRole("link", { name: "成员" }).getAttribute("aria-current")).toBe("page");
  expect(router.state.location.href).toBe("/members?community=c1");
  expect(document.activeElement?.id).toBe("main");
});

test("an unknown address is a page with a way out", async () => {
  open("/nowhere/at/all");
  expect(await screen.findByRole("heading", { level: 1, name: "没有这个页面" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "回到工作台" }).getAttribute("href")).toBe("/");
  await waitFor(() => {
    expect(document.title).toBe("没有这个页面 · 青石· · 胡同");
  });
});

const refuse = (status: number) => {
  vi.spyOn(window, "fetch").mockImplementation(() =>
    Promise.resolve(new Response(JSON.stringify({ status, code: "x", title: "", request_id: "r-5" }), { status })),
  );
};

/** Answers by path; a path that is not told is never answered, as while the server is slow. */
function answering(answers: Record<string, unknown>) {
  vi.spyOn(window, "fetch").mockImplementation((input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return pathname in answers ? Promise.resolve(new Response(JSON.stringify(answers[pathname]))) : new Promise(() => undefined);
  });
}
const signedOut = (needed = false) => {
  answering({ "/api/session": { user: null, staff: [] }, "/api/setup": { needed, version: "1.0.0" } });
};

test("before the first run every page leads to the set-up", async () => {
  signedOut(true);
  const { router } = open("/members", null);
  await screen.findByRole("heading", { level: 1, name: "首次设置" });
  expect(router.state.location.pathname).toBe("/setup");
});

test("without a session every page leads to the log-in, which leads back", async () => {
  signedOut();
  const { router } = open("/members?community=c1", null);
  await screen.findByRole("heading", { level: 1, name: "登录" });
  expect(router.state.location.pathname).toBe("/login");
  expect(router.state.matches.at(-1)?.search).toEqual({ next: "/members?community=c1" });
});

test.each(["//evil.example/x", "/\\evil.example", "/\t/evil.example", "https://evil.example", "javascript:alert(1)"])(
  "the log-in does not lead to %j",
  async (next) => {
    signedOut();
    const { router } = open(`/login?next=${encodeURIComponent(next)}`, null);
    await screen.findByRole("heading", { level: 1, name: "登录" });
    expect(router.state.matches.at(-1)?.search).toEqual({});
  },
);

test("a page that fails says so, with a retry and the request id", async () => {
  refuse(500);
  vi.spyOn(console, "error").mockReturnValue(undefined); // React and the router report what they catch
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  open("/", null);
  expect((await screen.findByRole("alert")).textContent).toContain("服务器出错了");
  expect(screen.getByRole("button", { name: "重试" })).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("请求编号").value).toBe("r-5");
  expect(new ApiProblem({ type: "", title: "", status: 500, detail: "", code: "x", params: {}, request_id: null, errors: [] }).temporary).toBe(false);
});
