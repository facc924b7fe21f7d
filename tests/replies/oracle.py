"""Matching as naively as it can be told: every rule, every keyword, every way of writing, one after the other; nothing of ours but the tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import product

import opencc
from pypinyin.pinyin_dict import pinyin_dict

from hutong.replies.matching.compiled import Compiled

T2S = opencc.OpenCC("t2s")
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"


def names(mask: int) -> set[str]:
    return {name for at, name in enumerate(["case", "width", "script", "gaps", "pinyin", "synonyms"]) if mask & 1 << at}


def is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"


def han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"


def characters(text: str, on: set[str]) -> list[tuple[str, int]]:
    """Each character as it counts, with its place in the text without zero-width characters."""
    found = []
    for at, char in enumerate(text):
        said = char
        if "width" in on:
            said = unicodedata.normalize("NFKC", said)
        if "script" in on:
            said = "".join(T2S.convert(one) if han(one) else one for one in said)
        if "case" in on:
            said = said.casefold()
        found += [(one, at) for one in said]
    return found


def has_symbols(word: str) -> bool:
    return any(not is_word(char) and not char.isspace() for char, _ in characters(word, {"width", "case", "script"}))


def seen(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFC", text) if char not in ZERO_WIDTH)


def kept(text: str, on: set[str], symbols: bool) -> list[tuple[str, int]]:
    found = characters(text, on)
    if "gaps" in on:
        found = [(char, at) for char, at in found if (not char.isspace() if symbols else is_word(char))]
    return found


def literal(word: str, text: str, on: set[str], way: str) -> int:
    """How long the keyword is that was found; 0 where it was not."""
    symbols = has_symbols(word)
    wanted = "".join(char for char, _ in kept(word, on, symbols))
    length = len([1 for char, _ in kept(word, {"case", "width", "script", "gaps"}, symbols)])
    there = kept(text, on, symbols)
    said = "".join(char for char, _ in there)
    if way == "exact":
        return length if said == wanted else 0
    for start in range(len(said) - len(wanted) + 1):
        if said[start : start + len(wanted)] != wanted:
            continue
        first, last = there[start][1], there[start + len(wanted) - 1][1]
        between = {at for _, at in there}
        crossed = "gaps" in on and any(at not in between for at in range(first, last + 1))
        spaced = [char for char in (wanted[0], wanted[-1]) if is_word(char) and ord(char) < 0x2E80]
        if crossed and spaced:
            before, after = text[first - 1 : first] if first else "", text[last + 1 : last + 2]
            if (wanted[0] in spaced and before and is_word(before) and ord(before) < 0x2E80) or (
                wanted[-1] in spaced and after and is_word(after) and ord(after) < 0x2E80
            ):
                continue
        return length
    return 0


def bare(syllable: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", syllable).replace("u\u0308", "v") if not unicodedata.combining(c))


def sounds(char: str) -> list[str]:
    said = pinyin_dict.get(ord(char), "") if han(char) else ""
    return list(dict.fromkeys(bare(one) for one in said.split(","))) if said else []


def sounding(word: str, text: str, on: set[str], way: str) -> int:
    full = {"case", "width", "script"} | (on & {"gaps"})
    if has_symbols(word):
        return 0
    wanted = [char for char, _ in kept(word, {"case", "width", "script", "gaps"}, False)]
    if len(wanted) < 2 or not all(sounds(char) for char in wanted):
        return 0
    said = [sounds(char)[0] if sounds(char) else char for char, _ in kept(text, full, False)]
    for reading in product(*(sounds(char) for char in wanted)):
        if way == "exact":
            if said == list(reading):
                return len(wanted)
        elif any(said[at : at + len(reading)] == list(reading) for at in range(len(said) - len(reading) + 1)):
            return len(wanted)
    return 0


def longest(rule: Compiled, text: str, groups: Sequence[Sequence[str]]) -> int | None:
    """The length of the longest keyword of a rule in a text; None where there is none."""
    on = names(rule.mask)
    clean = seen(text)
    best = 0
    for keyword in rule.keywords:
        same = ({"case", "width", "script", "gaps"}, has_symbols(keyword.text))
        key = [char for char, _ in kept(seen(keyword.text), *same)]
        words = [keyword.text]
        if "synonyms" in on:
            for group in groups:
                if any([char for char, _ in kept(seen(one), {"case", "width", "script", "gaps"}, has_symbols(one))] == key for one in group):
                    words += group
        for word in words:
            best = max(best, literal(seen(word), clean, on, keyword.way))
            if "pinyin" in on:
                best = max(best, sounding(seen(word), clean, on, keyword.way))
    return best or None


def ranked(rules: Sequence[Compiled], text: str, groups: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    """Names of the rules that fit, who answers first, with the lengths."""
    found = [(rule, length) for rule in rules if (length := longest(rule, text, groups)) is not None]
    return [(rule.name, length) for rule, length in sorted(found, key=lambda one: (-one[0].priority, -one[1], one[0].age))]
