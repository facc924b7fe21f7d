/** Colleagues named in a note: `@` and a name, as it is written. */

export interface Colleague {
  id: string;
  name: string;
}

export interface Piece {
  text: string;
  /** Whom it names; two colleagues of one name are both meant. */
  people: readonly Colleague[];
}

const TYPED = /@([^\s@]{0,30})$/;

/** What was typed after the `@` before the caret. */
export const typedName = (text: string, caret: number): string | undefined => TYPED.exec(text.slice(0, caret))?.[1];

/** Cut a note where it names somebody: the longest name that follows an `@`. */
export function cut(text: string, staff: readonly Colleague[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    if (at < from) continue;
    const fits = staff.filter(({ name }) => name !== "" && text.startsWith(name, at + 1));
    const length = Math.max(0, ...fits.map(({ name }) => name.length));
    if (length === 0) continue;
    if (at > from) pieces.push({ text: text.slice(from, at), people: [] });
    from = at + 1 + length;
    pieces.push({ text: text.slice(at, from), people: fits.filter(({ name }) => name.length === length) });
  }
  if (from < text.length) pieces.push({ text: text.slice(from), people: [] });
  return pieces;
}

/** Whom a note names, each once. */
export const named = (text: string, staff: readonly Colleague[]): Colleague[] => [...new Map(cut(text, staff).flatMap(({ people }) => people.map((one) => [one.id, one] as const))).values()];
