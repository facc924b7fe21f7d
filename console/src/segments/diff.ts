/** What changed between two sentences: the words kept, taken out and put in, in order. */
export interface Piece {
  kind: "same" | "out" | "in";
  text: string;
}

// A Chinese character, a word, a run of spaces, or one sign.
const TOKEN = /\p{Script=Han}|[\p{L}\p{N}_.:-]+|\s+|./gu;
const TOKENS_MAX = 1_500;

const tokens = (text: string): string[] => text.match(TOKEN) ?? [];

function pushed(pieces: Piece[], kind: Piece["kind"], text: string): void {
  const last = pieces.at(-1);
  if (last?.kind === kind) last.text += text;
  else pieces.push({ kind, text });
}

/** By the longest common run of words; sentences too long for that are shown one after the other. */
export function difference(before: string, after: string): Piece[] {
  if (before === after) return before === "" ? [] : [{ kind: "same", text: before }];
  const [old, now] = [tokens(before), tokens(after)];
  if (old.length > TOKENS_MAX || now.length > TOKENS_MAX)
    return [
      { kind: "out", text: before },
      { kind: "in", text: after },
    ];
  const width = now.length + 1;
  // lengths[i * width + j]: the longest common run of old from i on and now from j on.
  const lengths = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1) lengths[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      pushed(pieces, "same", old[i] ?? "");
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      pushed(pieces, "out", old[i] ?? "");
      i += 1;
    } else {
      pushed(pieces, "in", now[j] ?? "");
      j += 1;
    }
  }
  return pieces;
}
