"""Text as keywords see it: what people write in many ways, folded to one.

A folding is a table from each character to what stands for it, so that a word found in a text is found in the folded text too. Folding by
all variants therefore finds at least what folding by fewer finds, and one search over the full folding is enough.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any, Literal

CASE, WIDTH, SCRIPT, GAPS, PINYIN, SYNONYMS = 1, 2, 4, 8, 16, 32
VARIANTS = {"case": CASE, "width": WIDTH, "script": SCRIPT, "gaps": GAPS, "pinyin": PINYIN, "synonyms": SYNONYMS}
EVERY = CASE | WIDTH | SCRIPT | GAPS | PINYIN | SYNONYMS
CHARACTERS = CASE | WIDTH | SCRIPT | GAPS

TEXT_SCANNED_MAX = 4_000
READINGS_MAX = 8  # of one keyword, where its characters are read in several ways
_SOUNDS_FROM = 0xF0000  # private use: no message holds them after folding
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x3FFFF))
_WORDS_WITHOUT_SPACES_FROM = 0x2E80  # Han, kana and hangul: words have no edges that a space would show
_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))

Kind = Literal["letters", "signs"]


def mask_of(variants: list[str]) -> int:
    """The set of variants as a number."""
    return sum(VARIANTS[one] for one in set(variants))


def plain(text: str) -> str:
    """Composed, at most so long, without what nobody sees. The only folding that is always on."""
    return unicodedata.normalize("NFC", text[:TEXT_SCANNED_MAX]).translate(_UNSEEN)


def is_han(char: str) -> bool:
    """A Chinese character."""
    code = ord(char)
    return any(first <= code <= last for first, last in _HAN)


def is_letter(char: str) -> bool:
    """A letter, digit or mark: what words are made of."""
    return unicodedata.category(char)[0] in "LNM"


def is_wordy(char: str) -> bool:
    """A letter or digit of a script that puts spaces between words."""
    return ord(char) < _WORDS_WITHOUT_SPACES_FROM and is_letter(char)


class _Unseen(dict[int, int | str]):
    """Zero-width characters go, private ones become the mark of what cannot be shown."""

    def __missing__(self, code: int) -> int | str:
        category = unicodedata.category(chr(code))
        is_selector = any(first <= code <= last for first, last in _SELECTORS)
        found: int | str = "" if category == "Cf" or is_selector else 0xFFFD if category == "Co" else code
        self[code] = found
        return found


_UNSEEN: Any = _Unseen()


class Table(dict[int, int | str]):
    """What stands for each character under some of the variants. Filled as characters are met."""

    def __init__(self, mask: int, kind: Kind) -> None:
        super().__init__()
        self._mask = mask
        self._kind = kind

    def __missing__(self, code: int) -> int | str:
        said = chr(code)
        if self._mask & WIDTH:
            said = unicodedata.normalize("NFKC", said)
        if self._mask & SCRIPT and code > 0xFF:
            said = "".join(_simple(one) for one in said)
        if self._mask & CASE:
            said = said.casefold()
            if self._mask & WIDTH:
                said = unicodedata.normalize("NFKC", said)
        if self._mask & GAPS:
            said = "".join(one for one in said if not _is_gap(one, self._kind))
        found: int | str = ord(said) if len(said) == 1 else said
        self[code] = found
        return found


def _is_gap(char: str, kind: Kind) -> bool:
    return not is_letter(char) if kind == "letters" else char.isspace() or unicodedata.category(char)[0] in "ZC"


@cache
def table(mask: int, kind: Kind) -> Table:
    """The folding by these variants; of `kind` "signs", symbols stay."""
    return Table(mask & CHARACTERS, kind)


def kind_of(keyword: str) -> Kind:
    """Whether symbols are part of a keyword ("C++", "🎁"): then they are looked for, and only spaces are passed over."""
    whole = keyword.translate(table(CASE | WIDTH | SCRIPT, "letters"))
    return "letters" if all(is_letter(one) or one.isspace() for one in whole) else "signs"


def folded(text: str, mask: int, kind: Kind) -> str:
    """A plain text by these variants."""
    return text.translate(table(mask, kind))


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def _simple(char: str) -> str:
    if not is_han(char):
        return char
    found: str = _converter().convert(char)
    return found if len(found) == 1 else char


# --- how it sounds ------------------------------------------------------------------


@cache
def _readings() -> Any:
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict


_syllables: dict[str, str] = {}


def _sound(syllable: str) -> str:
    """A character that stands for a syllable without its tone."""
    bare = "".join(one for one in unicodedata.normalize("NFD", syllable).replace("u\u0308", "v") if not unicodedata.combining(one))
    return _syllables.setdefault(bare, chr(_SOUNDS_FROM + len(_syllables)))


def sounds_of(char: str) -> tuple[str, ...]:
    """The sounds of a Chinese character, the commonest first; none for anything else."""
    said = _readings().get(ord(char), "") if is_han(char) else ""
    return tuple(dict.fromkeys(_sound(one) for one in said.split(","))) if said else ()


class _Sounds(dict[int, int]):
    def __missing__(self, code: int) -> int:
        sounds = sounds_of(chr(code))
        found = ord(sounds[0]) if sounds else code
        self[code] = found
        return found


_SOUNDS: Any = _Sounds()


def sounding(text: str) -> str:
    """A folded text by how it sounds, each character by its commonest reading; as long as it was."""
    return text.translate(_SOUNDS)


def readings(keyword: str) -> list[str]:
    """A folded keyword by every way of reading it; none where it is not two Chinese characters at least and nothing else."""
    if len(keyword) < 2:
        return []
    found = [""]
    for char in keyword:
        sounds = sounds_of(char)
        if not sounds:
            return []
        if len(found) * len(sounds) > READINGS_MAX:
            sounds = sounds[:1]
        found = [one + sound for one in found for sound in sounds]
    return found
