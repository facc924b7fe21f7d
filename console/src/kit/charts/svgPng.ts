/** A picture of our own as PNG, drawn by the browser without asking anybody for anything. */
import { plainText } from "../safeText";

const PIXEL_RATIO = 2;
const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text from outside as it may stand in SVG: no markup, nothing that turns the direction or cannot be seen. */
export const svgText = (text: string): string => plainText(text).replace(/[&<>"']/g, (one) => ESCAPES[one] ?? "");

/** How wide a text is, in pixels. */
export type Measure = (text: string, size: number, weight?: number) => number;

/** Measures with the fonts of this browser. */
export function canvasMeasure(fontFamily: string): Measure {
  const context = document.createElement("canvas").getContext("2d");
  return (text, size, weight = 400) => {
    if (!context) return text.length * size;
    context.font = `${weight} ${size}px ${fontFamily}`;
    return context.measureText(text).width;
  };
}

const graphemes = (text: string): string[] => Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);

/** The text, or its beginning and an ellipsis where it is too wide. A letter with its marks, or an emoji, is never cut in two. */
export function fitted(text: string, width: number, measure: (text: string) => number): string {
  const plain = plainText(text);
  if (measure(plain) <= width) return plain;
  const letters = graphemes(plain);
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${letters.slice(0, middle).join("")}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}

/** The text on several lines; what does not fit on the last one is cut. Chinese breaks anywhere, Latin words stay whole where they can. */
export function wrapped(text: string, width: number, lines_max: number, measure: (text: string) => number): string[] {
  const pieces = plainText(text).match(/[A-Za-z0-9'’.,%“”-]+\s*|./gu) ?? [];
  const lines: string[] = [];
  let line = "";
  for (const [index, piece] of pieces.entries()) {
    if (line === "" || measure((line + piece).trimEnd()) <= width) {
      line += piece;
      continue;
    }
    if (lines.length === lines_max - 1) return [...lines, fitted(line + pieces.slice(index).join(""), width, measure)];
    lines.push(fitted(line.trimEnd(), width, measure));
    line = piece;
  }
  return line === "" ? lines : [...lines, fitted(line.trimEnd(), width, measure)];
}

export async function svgPng(svg: string, width: number, height: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml;charset=utf-8" }));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * PIXEL_RATIO;
    canvas.height = height * PIXEL_RATIO;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("the browser gives no canvas");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error("the browser could not encode the picture"));
      }, "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
