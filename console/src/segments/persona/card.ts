/** The persona as one picture: an SVG of 1200 by 1600 laid out here, with the fonts of the system, always light. */
import { mix } from "../../design/contrast";
import { fontFamily, palettes } from "../../design/tokens";
import { weekdayNames } from "../../format/dates";
import { formatCount, formatDecimal, formatPercent } from "../../format/numbers";
import type { Language } from "../../i18n/language";
import { canvasMeasure, fitted, svgPng, svgText, wrapped, type Measure } from "../../kit/charts/svgPng";
import type { Part, Persona, Portrait } from "../insights/queries";

export const WIDTH = 1200;
export const HEIGHT = 1600;
const EDGE = 56;
const INNER = WIDTH - 2 * EDGE;
const GAP = 40;
const COLUMN = (INNER - GAP) / 2;

export interface CardWords {
  title: string;
  product: string;
  people: (people: string, compared: string, against: string) => string;
  nothing: string;
  hours: string;
  words: string;
  pages: string;
  tenure: string;
  groups: string;
  points: (points: string) => string;
  legend: (against: string) => string;
  figure: Record<Portrait["figures"][number]["key"], string>;
  than: (value: string) => string;
  foot: (days: number, least: number) => string;
}

export type CardText = CardWords & { against: string; language: Language };

const color = palettes.light;

/** Draws; `y` is where the next thing begins. */
class Sheet {
  readonly parts: string[] = [];
  y = 0;

  constructor(readonly measure: Measure) {}

  text(x: number, y: number, words: string, look: { size: number; weight?: number; fill?: string; anchor?: "start" | "middle" | "end"; width?: number }): void {
    const { size, weight = 400, fill = color.text, anchor = "start", width = INNER } = look;
    const shown = svgText(fitted(words, width, (one) => this.measure(one, size, weight)));
    this.parts.push(
      `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}" direction="ltr" unicode-bidi="isolate">${shown}</text>`,
    );
  }

  box(x: number, y: number, width: number, height: number, fill: string, radius = 0): void {
    this.parts.push(`<rect x="${x}" y="${y}" width="${Math.max(0, width)}" height="${height}" rx="${radius}" fill="${fill}"/>`);
  }
}

const HEADLINES_MAX = 5;
const HEADLINE = { size: 26, line: 36 };

function drawHead(sheet: Sheet, persona: Persona, text: CardText): void {
  sheet.box(0, 0, WIDTH, 12, color.primary);
  sheet.text(EDGE, 72, text.title, { size: 22, fill: color.primary, weight: 600, width: INNER / 2 });
  sheet.text(WIDTH - EDGE, 72, persona.today, { size: 20, fill: color.textSecondary, anchor: "end", width: INNER / 2 });
  sheet.text(EDGE, 124, persona.segment.name, { size: 44, weight: 700 });
  sheet.text(EDGE, 162, text.people(formatCount(persona.people), formatCount(persona.compared_people), text.against), { size: 20, fill: color.textSecondary });
  sheet.y = 196;
}

function drawHeadlines(sheet: Sheet, portrait: Portrait, text: CardText): void {
  const said = portrait.headlines.slice(0, HEADLINES_MAX).map((one) => one[text.language]);
  const lines = (said.length > 0 ? said : [text.nothing]).map((one) => wrapped(one, INNER - 72, 2, (words) => sheet.measure(words, HEADLINE.size)));
  const height = lines.flat().length * HEADLINE.line + 32;
  sheet.box(EDGE, sheet.y, INNER, height, color.page, 12);
  let y = sheet.y + 16;
  for (const several of lines) {
    sheet.box(EDGE + 24, y + 13, 8, 8, color.accent, 4);
    for (const line of several) {
      y += HEADLINE.line;
      sheet.text(EDGE + 48, y - 9, line, { size: HEADLINE.size, width: INNER - 60 });
    }
  }
  sheet.y += height + 28;
}

function drawFigures(sheet: Sheet, portrait: Portrait, text: CardText): void {
  const width = INNER / Math.max(1, portrait.figures.length);
  const shown = (key: string, value: number | null) => (key === "active_share" ? formatPercent(value) : formatDecimal(value));
  portrait.figures.forEach(({ key, value, compared }, index) => {
    const x = EDGE + index * width;
    sheet.text(x, sheet.y + 16, text.figure[key], { size: 17, fill: color.textSecondary, width: width - 12 });
    sheet.text(x, sheet.y + 58, shown(key, value), { size: 36, weight: 600, width: width - 12 });
    sheet.text(x, sheet.y + 84, text.than(shown(key, compared)), { size: 16, fill: color.textSecondary, width: width - 12 });
  });
  sheet.y += 112;
}

const ROW = 34;
const BLOCK_HEAD = 40;
const ROWS = { left: 7, right: 3, more: 5 };

/** Rows of one heading: the share as a bar, everybody's as a line across it, and the difference where it is more than chance. */
function drawParts(sheet: Sheet, x: number, y: number, title: string, parts: readonly Part[], text: CardText): number {
  sheet.text(x, y + 22, title, { size: 20, weight: 600, width: COLUMN });
  if (parts.length === 0) {
    sheet.text(x, y + BLOCK_HEAD + 22, text.nothing, { size: 17, fill: color.textSecondary, width: COLUMN });
    return BLOCK_HEAD + ROW;
  }
  const [label, bar] = [144, 218];
  const longest = Math.max(...parts.flatMap(({ share, compared_share }) => [share, compared_share]), 0.01);
  parts.forEach((part, index) => {
    const top = y + BLOCK_HEAD + index * ROW;
    sheet.text(x, top + 22, part.label[text.language], { size: 17, width: label - 12 });
    sheet.box(x + label, top + 8, bar, 18, color.page, 4);
    sheet.box(x + label, top + 8, (part.share / longest) * bar, 18, part.is_more_than_chance ? color.primary : mix(color.primary, color.surface, 0.45), 4);
    sheet.box(x + label + (part.compared_share / longest) * bar - 1.5, top + 4, 3, 26, color.text);
    sheet.text(x + label + bar + 72, top + 22, `${(part.share * 100).toFixed(0)}%`, { size: 17, weight: 600, anchor: "end", width: 70 });
    const points = Math.round(part.difference * 100);
    if (part.is_more_than_chance && points !== 0)
      sheet.text(x + label + bar + 84, top + 22, text.points(`${points > 0 ? "+" : "−"}${Math.abs(points)}`), { size: 16, fill: color.textSecondary, width: COLUMN - label - bar - 84 });
  });
  return BLOCK_HEAD + parts.length * ROW;
}

function drawPeople(sheet: Sheet, portrait: Portrait, text: CardText): void {
  const by = new Map(portrait.demographics.map((one) => [one.key, one]));
  const [age, gender, city] = [by.get("age"), by.get("gender"), by.get("city")];
  const top = sheet.y;
  const right = EDGE + COLUMN + GAP;
  const name = (one: Portrait["demographics"][number] | undefined) => one?.name[text.language] ?? "";
  const left = drawParts(sheet, EDGE, top, name(age), (age?.parts ?? []).slice(0, ROWS.left), text);
  const first = drawParts(sheet, right, top, name(gender), (gender?.parts ?? []).slice(0, ROWS.right), text);
  const second = drawParts(sheet, right, top + first + 16, name(city), (city?.parts ?? []).slice(0, ROWS.left - ROWS.right), text);
  sheet.y = top + Math.max(left, first + 16 + second) + 12;
  // What there is room for beside what always stands below.
  const room = HEIGHT - FOOT - sheet.y - LEGEND - BLOCK_HEAD - HOURS - WORDS;
  const rows = Math.min(ROWS.more, Math.floor(room / ROW));
  if (rows >= 2) {
    const below = sheet.y + 8;
    const tenures = drawParts(sheet, EDGE, below, text.tenure, portrait.tenures.slice(0, rows), text);
    const groups = drawParts(sheet, right, below, text.groups, portrait.groups.slice(0, rows), text);
    sheet.y = below + Math.max(tenures, groups) + 12;
  }
  sheet.text(EDGE, sheet.y + 12, text.legend(text.against), { size: 15, fill: color.textSecondary });
  sheet.y += LEGEND;
}

const LEGEND = 44;
const CELL_HEIGHT = 24;
const HOURS = 40 + 7 * CELL_HEIGHT + 44;

function drawHours(sheet: Sheet, portrait: Portrait, text: CardText): void {
  sheet.text(EDGE, sheet.y + 22, text.hours, { size: 20, weight: 600 });
  sheet.y += 40;
  const most = Math.max(...portrait.hours.map(({ share }) => share), 1e-9);
  const names = weekdayNames(text.language);
  const left = EDGE + 56;
  const width = (WIDTH - EDGE - left) / 24;
  for (const { weekday, hour, share } of portrait.hours)
    sheet.box(left + hour * width, sheet.y + (weekday - 1) * CELL_HEIGHT, width - 3, CELL_HEIGHT - 3, share === 0 ? color.page : mix(color.shadeStart, color.primary, Math.sqrt(share / most)), 3);
  names.forEach((name, index) => {
    sheet.text(EDGE, sheet.y + index * CELL_HEIGHT + 17, name, { size: 15, fill: color.textSecondary, width: 52 });
  });
  sheet.y += 7 * CELL_HEIGHT;
  for (let hour = 0; hour < 24; hour += 3) sheet.text(left + hour * width, sheet.y + 16, `${String(hour).padStart(2, "0")}:00`, { size: 14, fill: color.textSecondary });
  sheet.y += 44;
}

const CHIP = { size: 20, height: 38, between: 10 };
const FOOT = 48;
const WORDS = 40 + 2 * (CHIP.height + CHIP.between) + 24;
const PAGES_MAX = 5;

/** Words as chips, as many as there is room for. */
function drawWords(sheet: Sheet, portrait: Portrait, text: CardText): void {
  sheet.text(EDGE, sheet.y + 22, text.words, { size: 20, weight: 600 });
  sheet.y += 40;
  if (portrait.words.length === 0) sheet.text(EDGE, sheet.y + 20, text.nothing, { size: 17, fill: color.textSecondary });
  let x = EDGE;
  for (const { word } of portrait.words) {
    const shown = fitted(word, INNER / 3, (one) => sheet.measure(one, CHIP.size));
    const width = sheet.measure(shown, CHIP.size) + 32;
    if (x + width > WIDTH - EDGE) {
      x = EDGE;
      sheet.y += CHIP.height + CHIP.between;
    }
    if (sheet.y + CHIP.height > HEIGHT - FOOT - 24) return;
    sheet.box(x, sheet.y, width, CHIP.height, color.selected, CHIP.height / 2);
    sheet.text(x + 16, sheet.y + 26, shown, { size: CHIP.size, width });
    x += width + CHIP.between;
  }
  sheet.y += CHIP.height + 28;
}

/** The pages, where there is room left. */
function drawPages(sheet: Sheet, portrait: Portrait, text: CardText): void {
  const rows = Math.min(PAGES_MAX, portrait.pages.length, Math.floor((HEIGHT - FOOT - 16 - sheet.y - BLOCK_HEAD) / ROW));
  if (rows < 1) return;
  sheet.text(EDGE, sheet.y + 22, text.pages, { size: 20, weight: 600 });
  portrait.pages.slice(0, rows).forEach((page, index) => {
    const y = sheet.y + BLOCK_HEAD + index * ROW + 22;
    sheet.text(EDGE, y, page.label[text.language], { size: 17, width: INNER - 200 });
    sheet.text(WIDTH - EDGE, y, `${(page.share * 100).toFixed(0)}% · ${text.than(`${(page.compared_share * 100).toFixed(0)}%`)}`, { size: 17, anchor: "end", width: 190 });
  });
}

export function personaSvg(persona: Persona, text: CardText, measure: Measure): string {
  const sheet = new Sheet(measure);
  const { portrait } = persona;
  sheet.box(0, 0, WIDTH, HEIGHT, color.surface);
  drawHead(sheet, persona, text);
  if (portrait) {
    drawHeadlines(sheet, portrait, text);
    drawFigures(sheet, portrait, text);
    drawPeople(sheet, portrait, text);
    drawHours(sheet, portrait, text);
    drawWords(sheet, portrait, text);
    drawPages(sheet, portrait, text);
  }
  sheet.box(EDGE, HEIGHT - FOOT - 8, INNER, 1, color.divider);
  sheet.text(EDGE, HEIGHT - 24, text.foot(persona.days, persona.people_each_min), { size: 15, fill: color.textSecondary, width: INNER - 160 });
  sheet.text(WIDTH - EDGE, HEIGHT - 24, text.product, { size: 17, fill: color.primary, weight: 600, anchor: "end", width: 140 });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${svgText(fontFamily)}">${sheet.parts.join("")}</svg>`;
}

export const personaPng = (persona: Persona, text: CardText): Promise<Blob> => svgPng(personaSvg(persona, text, canvasMeasure(fontFamily)), WIDTH, HEIGHT);
