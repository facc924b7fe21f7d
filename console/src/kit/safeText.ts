/** Splits a name written by anybody into plain text and marks that cannot be seen, so that none can hide or turn the page around. */
export type TextPart = { kind: "text"; text: string } | { kind: "hidden"; code: string };

// Zero-width and direction marks, other format characters, controls, and blank letters such as U+3164.
const HIDDEN = /\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}|\u034F|\u115F|\u1160|\u17B4|\u17B5|\u2028|\u2029|\u3164|\uFFA0/u;
const SPACE = /[\t\n\r\u0085\u2028\u2029]+/gu;
const JOINER = "\u200D";
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]/u;
// Letters of the scripts in which a joiner or non-joiner changes the shape of a word.
const JOINING_SCRIPT = /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Malayalam}\p{Script=Sinhala}]/u;
const TAG = /[\u{E0020}-\u{E007F}]/u;
const MARKS_MAX = 4;

const codeOf = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

function keeps(character: string, before: string, after: string): boolean {
  if (character === JOINER && PICTURE.test(before) && PICTURE.test(after)) return true;
  if ((character === JOINER || character === "\u200C") && JOINING_SCRIPT.test(before)) return true;
  return TAG.test(character) && (before === "\u{1F3F4}" || TAG.test(before)); // flags of regions
}

export function textParts(raw: string): TextPart[] {
  const characters = Array.from(raw.replace(SPACE, " ").trim());
  const parts: TextPart[] = [];
  let marks = 0;
  characters.forEach((character, index) => {
    const before = characters[index - 1] ?? "";
    if (HIDDEN.test(character) && !keeps(character, before, characters[index + 1] ?? "")) {
      parts.push({ kind: "hidden", code: codeOf(character) });
      return;
    }
    // Towers of combining marks would cover the lines above and below.
    marks = /\p{M}/u.test(character) ? marks + 1 : 0;
    if (marks > MARKS_MAX) return;
    const last = parts.at(-1);
    if (last?.kind === "text") last.text += character;
    else parts.push({ kind: "text", text: character });
  });
  return parts;
}

/** The same as one string, for titles, labels and charts: hidden marks become a visible dot. */
export function plainText(raw: string | null | undefined): string {
  return textParts(raw ?? "")
    .map((part) => (part.kind === "text" ? part.text : "·"))
    .join("");
}
