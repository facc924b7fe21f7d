/** The Venn picture as a file: title, circles, figures, and every region with its count. */
import { fontFamily, palettes } from "../../design/tokens";
import { formatCount } from "../../format/numbers";
import { canvasMeasure, fitted, svgPng, svgText, type Measure } from "../../kit/charts/svgPng";
import { placeIn, type Box, type Circle } from "./circles";

const WIDTH = 1200;
const HEIGHT = 630;
export const PICTURE_BOX: Box = { width: 700, height: 500, margin: 16 };
const LEFT = 24;
const TOP = 104;
const LIST_LEFT = 760;
const LIST_WIDTH = 400;
const LINE = 34;

export interface VennRegion {
  name: string;
  members: number;
  inside: boolean[];
}

export interface VennText {
  title: string;
  scope: string;
  note: string;
}

export function vennSvg(circles: readonly Circle[], regions: readonly VennRegion[], text: VennText, measure: Measure): string {
  const color = palettes.light;
  const drawn = circles.map(({ x, y, r }, index) =>
    r > 0 ? `<circle cx="${x + LEFT}" cy="${y + TOP}" r="${r}" fill="${color.series[index] ?? color.primary}" fill-opacity="0.28" stroke="${color.series[index] ?? color.primary}" stroke-width="2"/>` : "",
  );
  const figures = regions.map(({ members, inside }) => {
    const place = members > 0 ? placeIn(circles, inside, PICTURE_BOX) : null;
    return place ? `<text x="${place.x + LEFT}" y="${place.y + TOP + 6}" text-anchor="middle" font-size="18" font-weight="600" fill="${color.text}">${formatCount(members)}</text>` : "";
  });
  const list = regions.map(({ name, members }, index) => {
    const y = TOP + 24 + index * LINE * 1.7;
    const shown = svgText(fitted(name, LIST_WIDTH, (one) => measure(one, 15)));
    return `<text x="${LIST_LEFT}" y="${y}" font-size="15" fill="${color.textSecondary}" direction="ltr" unicode-bidi="isolate">${shown}</text><text x="${LIST_LEFT}" y="${y + 24}" font-size="20" font-weight="600" fill="${color.text}">${formatCount(members)}</text>`;
  });
  const line = (y: number, size: number, weight: number, fill: string, words: string) =>
    `<text x="${LEFT}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" direction="ltr" unicode-bidi="isolate">${svgText(fitted(words, WIDTH - 2 * LEFT, (one) => measure(one, size, weight)))}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${svgText(fontFamily)}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${color.surface}"/>`,
    line(44, 22, 600, color.text, text.title),
    line(74, 14, 400, color.textSecondary, text.scope),
    ...drawn,
    ...figures,
    ...list,
    line(HEIGHT - 10, 13, 400, color.textSecondary, text.note),
    "</svg>",
  ].join("");
}

export const vennPng = (circles: readonly Circle[], regions: readonly VennRegion[], text: VennText): Promise<Blob> =>
  svgPng(vennSvg(circles, regions, text, canvasMeasure(fontFamily)), WIDTH, HEIGHT);
