"""How Chinese words are typed on a keyboard without an input method: by the first letters of their syllables, or by whole syllables."""

from __future__ import annotations

LENGTH_MAX = 1_000


def sounds(text: str) -> str:
    """`售后流程` as `shlc shouhouliucheng`; other letters and digits stand as they are, in lower case; empty where there is no Chinese in it."""
    if text.isascii():
        return ""
    from pypinyin import Style, lazy_pinyin  # 57 MB of words, for who writes Chinese scripts

    letters = ("".join(lazy_pinyin(text, style=style)) for style in (Style.FIRST_LETTER, Style.NORMAL))
    return " ".join("".join(char for char in one.lower() if char.isalnum()) for one in letters)[:LENGTH_MAX]
