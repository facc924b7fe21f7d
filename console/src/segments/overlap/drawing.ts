/** The overlap as a picture to keep, drawn with the colours of the page. */
import { fontFamily, palettes, type ColorMode } from "../../design/tokens";
import type { Layout } from "./venn";

const SCALE = 2;
const HEAD = 72;
const LEGEND_LINE = 26;

export interface Figure {
  text: string;
  x: number;
  y: number;
}

interface Picture {
  title: string;
  scope: string;
  names: readonly string[];
  layout: Layout;
  figures: readonly Figure[];
  mode: ColorMode;
}

export async function overlapPng({ title, scope, names, layout, figures, mode }: Picture): Promise<Blob> {
  const color = palettes[mode];
  const [width, height] = [layout.width + 48, layout.height + HEAD + names.length * LEGEND_LINE + 24];
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("the browser has no canvas");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = color.surface;
  pen.fillRect(0, 0, width, height);
  const write = (text: string, x: number, y: number, size: number, fill: string, weight = 400) => {
    pen.font = `${weight} ${size}px ${fontFamily}`;
    pen.fillStyle = fill;
    pen.fillText(text, x, y);
  };
  write(title, 24, 34, 20, color.text, 600);
  write(scope, 24, 56, 13, color.textSecondary);
  pen.translate(24, HEAD);
  layout.circles.forEach(({ x, y, r }, index) => {
    pen.beginPath();
    pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.globalAlpha = 0.28;
    pen.fillStyle = color.series[index] ?? color.primary;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeStyle = color.series[index] ?? color.primary;
    pen.stroke();
  });
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const { text, x, y } of figures) write(text, x, y, 14, color.text, 600);
  pen.textAlign = "start";
  names.forEach((name, index) => {
    const y = layout.height + 16 + index * LEGEND_LINE;
    pen.fillStyle = color.series[index] ?? color.primary;
    pen.fillRect(0, y - 5, 14, 10);
    write(name, 24, y, 13, color.text);
  });
  return await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("the browser could not encode the picture"));
    }, "image/png");
  });
}
