/**
 * The guide inside the product: an imported .md of docs/ becomes a page made of markup while the console is built, so that
 * no parser of Markdown travels to the browser.
 */
import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";

import MarkdownIt, { type Token } from "markdown-it";
import type { Plugin } from "vite";

import type { GuideDocument, Piece, Section } from "../src/guide/document";

const DOCS = resolve(import.meta.dirname, "../../docs");
/** Documents in both languages that are pages of the guide too. */
const SHARED = ["api.md", "metrics.md"];
const FIRST = "README";
const COMMENT = /^<!--.*?-->\n/gm;

interface Page {
  /** Null where it has both. */
  language: string | null;
  page: string;
}
type Target = (Page & { kind: "page"; hash: string }) | { kind: "here" | "outside" };

/** The anchor GitHub makes of a heading, so that a link works in both places. */
const slug = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}_\- ]/gu, "").trim().replaceAll(" ", "-");

/** `zh/import/wechat.md` is the page `import/wechat` in Chinese; null where a document is no page of the guide. */
function pageOf(file: string): Page | null {
  const path = relative(DOCS, file).split(sep).join("/");
  if (SHARED.includes(path)) return { language: null, page: path.slice(0, -".md".length) };
  const found = /^guide\/(zh|en)\/(.+)\.md$/.exec(path);
  return found?.[1] && found[2] ? { language: found[1], page: found[2] === FIRST ? "" : found[2] } : null;
}

function targetOf(href: string, file: string): Target {
  if (/^https?:/.test(href)) return { kind: "outside" };
  if (href.startsWith("#")) return { kind: "here" };
  const [path = "", hash = ""] = href.split("#");
  const aim = resolve(dirname(file), path);
  const found = existsSync(aim) ? pageOf(aim) : null;
  if (found === null) throw new Error(`the link to ${href} leads to no page of the guide`);
  return { kind: "page", ...found, hash: decodeURIComponent(hash) };
}

/** Whether a link leads to a page in another language than that of the page it is on. */
const isForeign = ({ language }: Page, file: string) => language !== null && language !== pageOf(file)?.language && pageOf(file)?.language !== null;

/** The words of a heading, without their markup. */
const plain = (token: Token | undefined) => (token?.children ?? []).map(({ content }) => content).join("");

const attribute = (token: Token | undefined, name: string) => String(token?.attrGet(name) ?? "");

function addAnchors(tokens: Token[]): void {
  const seen = new Map<string, number>();
  tokens.forEach((token, index) => {
    if (token.type !== "heading_open") return;
    const start = slug(plain(tokens[index + 1]));
    const before = seen.get(start) ?? 0;
    seen.set(start, before + 1);
    token.attrSet("id", before === 0 ? start : `${start}-${before}`);
  });
}

function pointLinks(tokens: Token[], file: string): void {
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    if (token.type !== "link_open") continue;
    const target = targetOf(attribute(token, "href"), file);
    if (target.kind === "outside") {
      token.attrSet("target", "_blank");
      token.attrSet("rel", "noopener");
    } else if (target.kind === "page") {
      token.attrSet("href", `/guide${target.page && `/${target.page}`}${target.hash && `#${target.hash}`}`);
      if (target.language !== null && isForeign(target, file)) token.attrSet("hreflang", target.language);
    }
  }
}

/** The links to pages under each heading of the second level. */
function contentsOf(tokens: Token[], file: string): Section[] {
  const sections: Section[] = [];
  tokens.forEach((token, index) => {
    if (token.type === "heading_open" && token.tag === "h2") sections.push({ title: plain(tokens[index + 1]), entries: [] });
    const inline = token.children ?? [];
    inline.forEach((one, place) => {
      const target = one.type === "link_open" ? targetOf(attribute(one, "href"), file) : null;
      if (target?.kind === "page" && !isForeign(target, file))
        sections.at(-1)?.entries.push({ page: target.page, hash: target.hash, title: inline[place + 1]?.content ?? "" });
    });
  });
  return sections;
}

const markdown = new MarkdownIt({ html: false });
const { escapeHtml } = markdown.utils;

/** The label of a table is the heading it stands under: it can be reached by keyboard, to be scrolled. */
markdown.renderer.rules.table_open = (tokens, index) =>
  `<div class="ht-guide-table" role="region" tabindex="0" aria-label="${escapeHtml(attribute(tokens[index], "aria-label"))}"><table>\n`;
markdown.renderer.rules.table_close = () => "</table></div>\n";
markdown.renderer.rules.heading_open = (tokens, index) => {
  const id = escapeHtml(attribute(tokens[index], "id"));
  return `<${tokens[index]?.tag ?? ""} id="${id}"><a class="ht-anchor" href="#${id}">`;
};
markdown.renderer.rules.heading_close = (tokens, index) => `</a></${tokens[index]?.tag ?? ""}>\n`;

export function documentOf(source: string, file: string): GuideDocument {
  const tokens = markdown.parse(source.replace(COMMENT, ""), {});
  const contents = pageOf(file)?.page === "" ? contentsOf(tokens, file) : [];
  addAnchors(tokens);
  pointLinks(tokens, file);
  const pieces: Piece[] = [];
  let waiting: Token[] = [];
  let label = "";
  const flush = () => {
    if (waiting.length > 0) pieces.push({ html: markdown.renderer.render(waiting, markdown.options, {}) });
    waiting = [];
  };
  tokens.forEach((token, index) => {
    if (token.type === "heading_open") label = plain(tokens[index + 1]);
    if (token.type === "table_open") token.attrSet("aria-label", label);
    if (token.type === "fence" && token.level === 0) {
      flush();
      pieces.push({ code: token.content.trimEnd(), label });
    } else waiting.push(token);
  });
  flush();
  const first = tokens.findIndex(({ type, tag }) => type === "heading_open" && tag === "h1");
  return { title: plain(tokens[first + 1]), pieces, contents };
}

export function guidePages(): Plugin {
  return {
    name: "hutong-guide-pages",
    transform: {
      filter: { id: /\.md$/ },
      handler(code, id) {
        try {
          return { code: `export default ${JSON.stringify(documentOf(code, id))};`, map: null };
        } catch (error) {
          this.error(`${relative(DOCS, id)}: ${error instanceof Error ? error.message : String(error)}`);
        }
      },
    },
  };
}
