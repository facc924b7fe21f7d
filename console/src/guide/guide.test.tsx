import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { documentOf } from "../../scripts/guide";
import { visit } from "../testing/visit";
import type { Piece } from "./document";

const SOURCE = join(import.meta.dirname, "..");
const DOCS = join(SOURCE, "../../docs");
const page = (name: string) => join(DOCS, "guide", name);
const pages = (language: string) =>
  readdirSync(page(language), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => name.replaceAll("\\", "/").slice(0, -3));
const read = (file: string) => documentOf(readFileSync(file, "utf8"), file);
const htmlOf = (source: string, file = page("zh/x.md")) => documentOf(source, file).pieces.map((piece: Piece) => ("html" in piece ? piece.html : "")).join("");

window.scrollTo = () => undefined;

test.each(["zh", "en"])("the first page in %s lists every page once", (language) => {
  const listed = read(page(`${language}/README.md`)).contents.flatMap(({ entries }) => entries);
  expect(listed.map((entry) => entry.page).sort()).toEqual([...pages(language).filter((name) => name !== "README"), "api", "metrics"].sort());
  for (const { title } of listed) expect(title).not.toBe("");
});

test("both languages list the same pages in the same order", () => {
  const [zh, en] = (["zh", "en"] as const).map((language) => read(page(`${language}/README.md`)).contents.map(({ entries }) => entries.map((entry) => entry.page)));
  expect(zh).toEqual(en);
});

test("headings have anchors, two of one name two", () => {
  const html = htmlOf("# 导入\n\n## 怎么 做？\n\n## 怎么 做？\n");
  const place = document.createElement("div");
  place.innerHTML = html;
  expect([...place.querySelectorAll("h1, h2")].map((heading) => [heading.id, heading.textContent])).toEqual([
    ["导入", "导入"],
    ["怎么-做", "怎么 做？"],
    ["怎么-做-1", "怎么 做？"],
  ]);
  expect(place.querySelector("h2 a")?.getAttribute("href")).toBe("#怎么-做");
});

test("links lead to pages, to the other language, and outside", () => {
  const place = document.createElement("div");
  place.innerHTML = htmlOf("[a](import.md) [b](import/qq.md#导出) [c](../en/README.md) [d](../../api.md#english) [e](https://example.org/) [f](#导出)", page("zh/README.md"));
  const links = [...place.querySelectorAll("a")].map((link) => [link.getAttribute("href"), link.hreflang, link.target, link.rel]);
  expect(links).toEqual([
    ["/guide/import", "", "", ""],
    ["/guide/import/qq#导出", "", "", ""],
    ["/guide", "en", "", ""],
    ["/guide/api#english", "", "", ""],
    ["https://example.org/", "", "_blank", "noopener"],
    ["#%E5%AF%BC%E5%87%BA", "", "", ""],
  ]);
});

test.each(["nowhere.md", "../../decisions/README.md", "../../../README.md"])("a link to %s, which is no page, stops the build", (href) => {
  expect(() => htmlOf(`[a](${href})`, page("zh/README.md"))).toThrow(`the link to ${href} leads to no page of the guide`);
});

test("no markup of a document reaches the page, and marks for programs are left out", () => {
  expect(htmlOf("<!-- errors -->\n<script>alert(1)</script>\n\n[x](javascript:alert)")).toBe("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>[x](javascript:alert)</p>\n");
});

test("tables can be scrolled by keyboard, and code is taken out to be copied", () => {
  const { pieces } = documentOf("## 命令\n\n| a |\n| - |\n| b |\n\n```bash\nhutong serve\n```\n", page("zh/x.md"));
  expect(pieces).toHaveLength(2);
  expect(pieces[1]).toEqual({ code: "hutong serve", label: "命令" });
  const place = document.createElement("div");
  place.innerHTML = "html" in pieces[0]! ? pieces[0].html : "";
  const region = within(place).getByRole("region", { name: "命令" });
  expect([region.tabIndex, region.querySelectorAll("td").length]).toEqual([0, 1]);
});

test("every page that the console names exists", () => {
  const named = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx") && !name.includes(".test."))
    .flatMap((name) => [...readFileSync(join(SOURCE, name), "utf8").matchAll(/(?:\bguide|<GuideLink page)="([^"]+)"/g)].map(([, found]) => found));
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => name === undefined || !pages("zh").includes(name))).toEqual([]);
});

const open = (address: string) => visit(address, { user: null, staff: [] });

test("it is read without a session, and its links stay in the console", async () => {
  const { router, user } = open("/guide");
  await screen.findByRole("heading", { level: 1, name: "使用指南" });
  const text = screen.getByRole("article");
  await user.click(within(text).getByRole("link", { name: "微信" }));
  await screen.findByRole("heading", { level: 1, name: "从微信导出" });
  expect(router.state.location.pathname).toBe("/guide/import/wechat");
  await waitFor(() => {
    expect(document.title).toBe("从微信导出 · 使用指南 · 胡同");
  });
  const contents = screen.getByRole("navigation", { name: "指南目录" });
  expect([...contents.querySelectorAll("[aria-current=page]")].map((link) => link.textContent)).toEqual(["微信"]);
});

test("a link to the other language changes the language", async () => {
  const { user } = open("/guide");
  await user.click(await screen.findByRole("link", { name: "the guide" }));
  await screen.findByRole("heading", { level: 1, name: "The guide" });
  expect(document.documentElement.lang).toBe("en");
});

test("an address without a page says so", async () => {
  open("/guide/no-such-page");
  await screen.findByRole("heading", { level: 1, name: "没有这个页面" });
});
