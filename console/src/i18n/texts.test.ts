import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import en from "./en";
import { changeLanguage, currentLanguage } from ".";
import { preferredLanguage } from "./language";
import zh from "./zh";

// Texts that come with their pages are texts too.
const late = import.meta.glob<Record<string, unknown>>(["./*/automation.json", "./*/journeys.json"], { eager: true, import: "default" });
const withLate = (texts: Record<string, unknown>, language: string) => {
  const mine = Object.entries(late).filter(([path]) => path.startsWith(`./${language}/`));
  return { ...texts, ...Object.fromEntries(mine.map(([path, found]) => [path.slice(`./${language}/`.length, -".json".length), found])) };
};

const SOURCE = join(import.meta.dirname, "..");
const PLURAL = /_(zero|one|two|few|many|other)$/;

function leaves(tree: unknown, path: string): [string, string][] {
  if (typeof tree === "string") return [[path, tree]];
  return Object.entries(tree as Record<string, unknown>).flatMap(([key, value]) => leaves(value, path === "" ? key : `${path}.${key}`));
}

const flat = (namespaces: Record<string, unknown>) =>
  new Map(Object.entries(namespaces).flatMap(([namespace, tree]) => leaves(tree, "").map(([key, text]) => [`${namespace}:${key}`, text] as const)));

const placeholders = (text: string) => [...new Set(text.match(/\{\{.*?\}\}/g) ?? [])].sort();

const [zhTexts, enTexts] = [flat(withLate(zh, "zh")), flat(withLate(en, "en"))];

test("both languages have the same keys, none empty, with the same placeholders", () => {
  expect([...enTexts.keys()].sort()).toEqual([...zhTexts.keys()].sort());
  for (const [key, text] of zhTexts) {
    expect(text.trim(), key).not.toBe("");
    expect(enTexts.get(key)?.trim(), key).not.toBe("");
    expect(placeholders(enTexts.get(key) ?? ""), key).toEqual(placeholders(text));
  }
});

test("texts are calm: no exclamation marks, no 成功, no successfully", () => {
  for (const [key, text] of [...zhTexts, ...enTexts]) {
    expect(text, key).not.toMatch(/[!！]|成功|successfully/i);
  }
});

function sourceFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test.") && !name.startsWith("testing"))
    .map((name) => readFileSync(join(SOURCE, name), "utf8"));
}

// One list of namespaces a file, so that a key without a prefix means one thing in it.
test("every key that the code names exists, and every text is used", () => {
  const known = new Set([...zhTexts.keys()].map((key) => key.replace(PLURAL, "")));
  const missing: string[] = [];
  const used = new Set<string>();
  for (const code of sourceFiles()) {
    const home = /useTranslation\(\[?\s*"(\w+)"/.exec(code)?.[1] ?? "common";
    for (const [, key = ""] of code.matchAll(/\bt\(\s*"([^"]+)"/g)) {
      const full = key.includes(":") ? key : `${home}:${key}`;
      if (known.has(full)) used.add(full);
      else missing.push(full);
    }
    // A key with a variable part must have texts under its fixed part.
    for (const [, start = ""] of code.matchAll(/\bt\(\s*`([^`$]*)\$\{/g)) {
      const full = start.includes(":") ? start : `${home}:${start}`;
      const matching = [...known].filter((key) => key.startsWith(full));
      matching.forEach((key) => used.add(key));
      if (matching.length === 0) missing.push(full);
    }
    // Keys kept in tables, such as the titles of routes, are written with their namespace.
    for (const [, key = ""] of code.matchAll(/"(\w+:[\w.]+)"/g)) {
      if (known.has(key)) used.add(key);
    }
    for (const [, key = ""] of code.matchAll(/\bt\([^()]*\? "([\w.]+)" : "[\w.]+"/g)) used.add(`${home}:${key}`);
    for (const [, key = ""] of code.matchAll(/\bt\([^()]*\? "[\w.]+" : "([\w.]+)"/g)) used.add(`${home}:${key}`);
  }
  expect(missing).toEqual([]);
  expect([...used].filter((key) => !known.has(key))).toEqual([]);
  expect([...known].filter((key) => !used.has(key))).toEqual([]);
});

test("the language follows the stored choice, else the browser", async () => {
  expect(preferredLanguage("zh-TW")).toBe("zh");
  expect(preferredLanguage("de-DE")).toBe("en");
  await changeLanguage("en");
  expect(currentLanguage()).toBe("en");
  expect(document.documentElement.lang).toBe("en");
  expect(preferredLanguage("zh-CN")).toBe("en");
});
