/** Finding a name by Chinese, English, its key, or the initials of its pinyin. */

// The first characters, by pronunciation, of each letter that begins a syllable.
const BORDERS = [
  ["a", "阿"], ["b", "八"], ["c", "嚓"], ["d", "哒"], ["e", "妸"], ["f", "发"], ["g", "旮"], ["h", "哈"], ["j", "讥"], ["k", "咔"], ["l", "垃"], ["m", "妈"],
  ["n", "拏"], ["o", "噢"], ["p", "妑"], ["q", "七"], ["r", "呥"], ["s", "仨"], ["t", "他"], ["w", "穵"], ["x", "夕"], ["y", "丫"], ["z", "帀"],
] as const;
const HAN = /\p{Script=Han}/u;
const byPronunciation = new Intl.Collator("zh-CN-u-co-pinyin");

/** 最近活跃 -> zjhy. A character with several readings counts as its first. */
export function initials(text: string): string {
  return Array.from(text)
    .map((character) => {
      if (!HAN.test(character)) return character.toLowerCase();
      return BORDERS.findLast(([, first]) => byPronunciation.compare(first, character) <= 0)?.[0] ?? "";
    })
    .join("");
}

// Before what is no name itself: the initials of one, and what else something is found by.
const INITIALS = "\u0001";
const BESIDE = "\u0002";

/** Everything a name can be found by, made once. */
export const searchText = (...names: string[]): string => [...names.map((name) => name.toLowerCase()), ...names.filter((name) => HAN.test(name)).map((name) => INITIALS + initials(name))].join("\n");

/** The same, found by other names too: those of the group it is in, say. */
export const alsoFoundBy = (text: string, ...names: string[]): string => [text, ...searchText(...names.filter((name) => name !== "")).split("\n").filter((line) => line !== "").map((line) => BESIDE + line)].join("\n");

/** Every word typed must be there. */
export const matches = (text: string, typed: string): boolean =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));

/** How well something fits what was typed, the best first. */
export const FITS = { exact: 0, prefix: 1, word: 2, contains: 3, section: 4 } as const;
export type Fit = (typeof FITS)[keyof typeof FITS];

const LETTERS = /[\p{L}\p{N}]/u;

/** A word begins behind what is neither letter nor digit, and where Chinese and other letters meet. */
function isWordStart(name: string, at: number): boolean {
  const [before, first] = [Array.from(name.slice(0, at)).at(-1) ?? "", Array.from(name.slice(at))[0] ?? ""];
  return !LETTERS.test(before) || HAN.test(before) !== HAN.test(first);
}

function fitOfName(name: string, whole: string): Fit {
  if (name === whole) return FITS.exact;
  if (name.startsWith(whole)) return FITS.prefix;
  for (let at = name.indexOf(whole); at > 0; at = name.indexOf(whole, at + 1)) if (isWordStart(name, at)) return FITS.word;
  return FITS.contains;
}

function fitOfLine(line: string, whole: string): Fit {
  if (line.startsWith(BESIDE)) return FITS.contains;
  if (!line.startsWith(INITIALS)) return fitOfName(line, whole);
  const fit = fitOfName(line.slice(INITIALS.length), whole);
  return fit === FITS.exact ? FITS.prefix : fit === FITS.prefix ? FITS.word : FITS.contains;
}

/** The best fit of a text by any of its names; null where it does not match. Initials fit one step less well than names. */
export function fit(text: string, typed: string): Fit | null {
  if (!matches(text, typed.trim())) return null;
  const whole = typed.trim().toLowerCase().split(/\s+/).join(" ");
  return Math.min(...text.split("\n").map((line) => fitOfLine(line, whole))) as Fit;
}

interface Searched<Option> {
  title: string;
  options: readonly Option[];
}

/** What fits, the best first, then in the order of the sections. The name of a section finds everything in it, last. */
export function ranked<Section extends Searched<{ search: string }>>(sections: readonly Section[], typed: string): { option: Section["options"][number]; section: Section }[] {
  const found = sections.flatMap((section) => {
    const byTitle = section.title.toLowerCase().includes(typed.trim().toLowerCase()) ? FITS.section : null;
    return section.options.map((option: Section["options"][number]) => ({ option, section, fit: fit(option.search, typed) ?? byTitle }));
  });
  return found
    .flatMap(({ fit: of, ...rest }) => (of === null ? [] : [{ ...rest, of }]))
    .sort((one, other) => one.of - other.of)
    .map(({ option, section }) => ({ option, section }));
}
