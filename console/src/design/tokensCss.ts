/** The text of tokens.css. A test keeps the file equal to it; `npm run tokens` writes it. */
import { cssVariables, fontFamily, monoFamily, type ColorMode } from "./tokens";

function block(selector: string, mode: ColorMode): string {
  const lines = Object.entries(cssVariables(mode)).map(([name, value]) => `  ${name}: ${value};`);
  return `${selector} {\n  color-scheme: ${mode};\n${lines.join("\n")}\n}\n`;
}

export function tokensCss(): string {
  return [
    "/* Written from tokens.ts by `npm run tokens`. */",
    `:root {\n  --ht-font: ${fontFamily};\n  --ht-mono: ${monoFamily};\n}\n`,
    block(':root[data-theme="light"]', "light"),
    block(':root[data-theme="dark"]', "dark"),
  ].join("\n");
}
