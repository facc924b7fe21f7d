"""Mail in HTML as plain text: lines where a reader sees lines, nothing of what is hidden."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LINES = frozenset("p div li tr table ul ol h1 h2 h3 h4 h5 h6 blockquote pre section article header footer hr dl dt dd".split())
_HIDDEN = frozenset(["script", "style", "head", "title", "template", "noscript"])
_BLANKS = re.compile(r"[ \t\r\n\f\xa0\u200b]+")
_TAGS = re.compile(r"<[^<>]{0,2000}>?")
QUOTED = ">"
QUOTES_DEPTH_MAX = 50


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._hidden = 0
        self._quotes = 0
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self._break()
        elif tag == "img":
            return
        elif tag in _LINES:
            self._open()
            if tag == "blockquote":
                self._quotes = min(self._quotes + 1, QUOTES_DEPTH_MAX)
            elif tag == "pre":
                self._pre += 1
            elif tag == "li":
                self._add("- ")
        elif tag in ("td", "th") and self.lines[-1]:
            self._add(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _LINES:
            self._open()
            if tag == "blockquote":
                self._quotes = max(0, self._quotes - 1)
            elif tag == "pre":
                self._pre = max(0, self._pre - 1)
            elif tag == "p":
                self._break()

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            for index, line in enumerate(data.split("\n")):
                if index:
                    self._break()
                self._add(line)
            return
        self._add(_BLANKS.sub(" ", data))

    def _add(self, text: str) -> None:
        if not self.lines[-1]:
            text = text.lstrip(" ") if not self._pre else text
            if text and self._quotes:
                self.lines[-1] = QUOTED * self._quotes + " "
        self.lines[-1] += text

    def _break(self) -> None:
        self.lines.append("")

    def _open(self) -> None:
        """A new line, unless one has just begun."""
        if self.lines[-1].strip():
            self._break()


def plain_text(html: str) -> str:
    """The text a reader sees; quoted parts begin with `>`. Never raises."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # what Python's parser says to half a declaration
        return _TAGS.sub(" ", html).strip()
    lines = [line.rstrip() for line in reader.lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
