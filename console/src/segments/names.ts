/** Lines somebody pasted to name members. */
export const LINES_MAX = 5_000; // as many as the API looks up at once

/** One a line, or separated by commas or tabs as a spreadsheet has them; none twice. */
export function linesOf(text: string): string[] {
  const lines = text
    .split(/[\n\r\t,，;；、]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return [...new Set(lines)];
}
