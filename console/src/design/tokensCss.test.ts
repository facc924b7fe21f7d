import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { tokensCss } from "./tokensCss";

const FILE = join(import.meta.dirname, "tokens.css");

test("tokens.css is what tokens.ts says", () => {
  if (process.env.HUTONG_WRITE_TOKENS === "1") writeFileSync(FILE, tokensCss());
  expect(readFileSync(FILE, "utf8")).toBe(tokensCss());
});
