import { describe, expect, test } from "vitest";

import { contrast, mix, readableOn } from "./contrast";
import { palettes, type ColorMode, type Palette } from "./tokens";

const TEXT = 4.5;
const GRAPHIC = 3;

type Color = Exclude<keyof Palette, "series">;
const grounds: Color[] = ["page", "surface", "raised"];
const textPairs: [Color, Color][] = [
  ...grounds.flatMap((ground): [Color, Color][] => [
    ["text", ground],
    ["textSecondary", ground],
    ["primary", ground],
    ["danger", ground],
    ["success", ground],
    ["warning", ground],
    ["info", ground],
  ]),
  ["text", "hover"],
  ["textSecondary", "hover"],
  ["text", "selected"],
  ["primary", "selected"],
  ["onSolid", "primary"],
  ["onSolid", "primaryHover"],
  ["onSolid", "primaryActive"],
  ["onSolid", "danger"],
  ["onSolid", "dangerHover"],
  ["success", "successSoft"],
  ["warning", "warningSoft"],
  ["danger", "dangerSoft"],
  ["info", "infoSoft"],
  ["text", "successSoft"],
  ["text", "warningSoft"],
  ["text", "dangerSoft"],
  ["text", "infoSoft"],
  ["primaryHover", "surface"],
];
const graphicPairs: [Color, Color][] = grounds.flatMap((ground): [Color, Color][] => [
  ["border", ground],
  ["focus", ground],
  ["accent", ground],
]);

describe.each(["light", "dark"] as ColorMode[])("%s", (mode) => {
  const palette = palettes[mode];
  test.each(textPairs)("%s on %s can be read", (front, ground) => {
    expect(contrast(palette[front], palette[ground])).toBeGreaterThanOrEqual(TEXT);
  });
  test.each(graphicPairs)("%s on %s can be seen", (front, ground) => {
    expect(contrast(palette[front], palette[ground])).toBeGreaterThanOrEqual(GRAPHIC);
  });
  test.each(palette.series)("series %s on a card can be seen", (color) => {
    expect(contrast(color, palette.surface)).toBeGreaterThanOrEqual(GRAPHIC);
  });
});

test("the ends of the scale are those of WCAG", () => {
  expect(contrast("#000000", "#FFFFFF")).toBe(21);
  expect(contrast("#777777", "#777777")).toBe(1);
  expect(contrast("#767676", "#FFFFFF")).toBeCloseTo(4.54, 2);
});

test("mix goes from one colour to the other and no further", () => {
  expect(mix("#000000", "#FFFFFF", 0.5)).toBe("#808080");
  expect(mix("#102030", "#FFFFFF", -1)).toBe("#102030");
  expect(mix("#102030", "#FFFFFF", 2)).toBe("#FFFFFF");
});

test("text on any shade of a cohort can be read", () => {
  for (const mode of ["light", "dark"] as const) {
    const { shadeStart, primary, text, onSolid } = palettes[mode];
    for (let share = 0; share <= 100; share += 1) {
      const ground = mix(shadeStart, primary, share / 100);
      expect(contrast(readableOn(ground, [text, onSolid]), ground)).toBeGreaterThanOrEqual(TEXT);
    }
  }
});
