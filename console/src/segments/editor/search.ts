/** Finding a name by Chinese, English, its key, or the initials of its pinyin. */

// The first characters, by pronunciation, of each letter that begins a syllable.
const BORDERS = [
  ["a", "阿"], ["b", "八"], ["c", "嚓"], ["d", "哒"], ["e", "妸"], ["f", "发"], ["g", "旮"], ["h", "哈"], ["j", "讥"], ["k", "咔"], ["l", "垃"], ["m", "痳"],
  ["n", "拏"], ["o", "噢"], ["p", "妑"], ["q", "七"], ["r", "呥"], ["s", "扨"], ["t", "它"], ["w", "穵"], ["x", "夕"], ["y", "丫"], ["z", "帀"],
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

/** Everything a name can be found by, made once. */
export const searchText = (...names: string[]): string => [...names.map((name) => name.toLowerCase()), ...names.filter((name) => HAN.test(name)).map(initials)].join("\n");

/** Every word typed must be there. */
export const matches = (text: string, typed: string): boolean =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
