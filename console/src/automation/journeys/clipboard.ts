/** Pieces of a journey as text to copy: between journeys and browsers. The last one copied is remembered in this browser. */
import { readStored, writeStored } from "../../design/storage";
import { copyOf, type Piece } from "./edits";
import { drawingOf, type Drawing, type Graph } from "./graph";

const STORED = "hutong.journeyPiece";
const TEXT_LENGTH_MAX = 1_000_000;

/** The piece in a text; null where it is none. Only its own shape is looked at: what its nodes mean the server judges. */
export function readPiece(text: string | null): Piece | null {
  if (text === null || text.length > TEXT_LENGTH_MAX) return null;
  try {
    const found = JSON.parse(text) as { journey?: Graph } | null;
    if (typeof found !== "object" || !found?.journey || !Array.isArray(found.journey.nodes)) return null;
    const drawing = drawingOf(found.journey);
    if (!drawing.nodes.every((node) => typeof node.id === "string" && typeof node.kind === "string")) return null;
    return copyOf(drawing, new Set([...drawing.nodes, ...drawing.comments].map(({ id }) => id)));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function copyPiece(drawing: Drawing, ids: ReadonlySet<string>): Piece {
  const piece = copyOf(drawing, ids);
  const text = JSON.stringify({ journey: piece });
  writeStored(STORED, text);
  // Absent on plain http outside localhost: then it can be pasted in this browser only.
  (navigator.clipboard as Clipboard | undefined)?.writeText(text).catch(() => undefined);
  return piece;
}

export const copiedPiece = (): Piece | null => readPiece(readStored(STORED));
