"""Regular expressions whose time grows with the text alone (RE2): no pattern can hold the process up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hutong.foundation.errors import Invalid
from hutong.replies.matching.compiled import Keyword
from hutong.replies.matching.folding import SCRIPT, WIDTH
from hutong.replies.matching.said import Said

PATTERN_LENGTH_MAX = 300
PATTERN_BYTES_MAX = 1 << 20  # of a compiled pattern
JOINED_BYTES_MAX = 16 << 20


def compiled(pattern: str, *, ignores_case: bool, bytes_max: int = PATTERN_BYTES_MAX) -> Any:
    """The pattern ready to search with. Raises `re2.error`."""
    import re2

    options = re2.Options()
    options.max_mem = bytes_max
    options.log_errors = False
    options.case_sensitive = not ignores_case
    return re2.compile(pattern, options)


def check(field: str, pattern: str) -> None:
    """Raises Invalid for what is no pattern, is too large, looks back at what it found, or fits everything."""
    import re2

    if len(pattern) > PATTERN_LENGTH_MAX:
        raise Invalid.field(field, f"正则最长 {PATTERN_LENGTH_MAX} 个字。", f"A regular expression has at most {PATTERN_LENGTH_MAX} characters.")
    try:
        found = compiled(pattern, ignores_case=True)
    except re2.error as error:
        said = error.args[0] if error.args else b""
        why = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise Invalid.field(
            field,
            f"正则无法使用：{why}。不支持反向引用和环视。",
            f"This regular expression cannot be used: {why}. Back references and look-around are not supported.",
        ) from None
    if found.search("") is not None:
        raise Invalid.field(field, "这个正则会匹配空消息，也就是任何消息。", "This regular expression fits an empty message, that is every message.")


class Patterns:
    """Many expressions that are read alike, asked as one first: most messages fit none of them."""

    def __init__(self, given: Sequence[tuple[int, Keyword]], *, ignores_case: bool, mask: int) -> None:
        self._mask = mask & (WIDTH | SCRIPT)
        self._ones = [(at, keyword, compiled(keyword.text, ignores_case=ignores_case)) for at, keyword in given]
        self._any = _joined([keyword.text for _, keyword in given], ignores_case=ignores_case)

    def found(self, said: Said) -> Iterator[tuple[int, Keyword]]:
        """Those that fit the message as written, or by width and script where those variants are on."""
        texts = [said.plain]
        if self._mask and not said.plain.isascii() and (folded := said.folded(self._mask, "letters")) != said.plain:
            texts.append(folded)
        for text in texts:
            if any(one.search(text) is not None for one in self._any):
                yield from ((at, keyword) for at, keyword, one in self._ones if one.search(text) is not None)


def _joined(texts: Sequence[str], *, ignores_case: bool) -> list[Any]:
    """As few expressions as possible that together fit whatever one of these fits."""
    import re2

    if len(texts) == 1:
        return [compiled(texts[0], ignores_case=ignores_case)]
    try:
        return [compiled("|".join(f"(?:{text})" for text in texts), ignores_case=ignores_case, bytes_max=JOINED_BYTES_MAX)]
    except re2.error:  # too large together, or two with a group of the same name
        middle = len(texts) // 2
        return _joined(texts[:middle], ignores_case=ignores_case) + _joined(texts[middle:], ignores_case=ignores_case)
