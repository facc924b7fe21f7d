/** Lines somebody pasted, each a name or an identity, and the members they may mean. */
export const LINES_MAX = 200;

export interface Candidate {
  id: string;
  name: string;
}

export interface Found {
  line: string;
  members: Candidate[];
}

/** One a line, or separated by commas or tabs as a spreadsheet has them; none twice. */
export function linesOf(text: string): string[] {
  const lines = text
    .split(/[\n\r\t,，;；、]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return [...new Set(lines)];
}

const folded = (text: string) => text.normalize("NFKC").trim().toLowerCase();

/** Of all a search found, those called exactly that; where nobody is, the only one found, known by an identity. */
export function meant(line: string, found: readonly Candidate[]): Candidate[] {
  const exact = found.filter(({ name }) => folded(name) === folded(line));
  if (exact.length > 0) return exact;
  return found.length === 1 ? [...found] : [];
}
