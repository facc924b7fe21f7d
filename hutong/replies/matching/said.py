"""One message as keywords see it. Every folding is made once, when it is first asked for."""

from __future__ import annotations

from hutong.replies.matching import folding
from hutong.replies.matching.folding import EVERY, GAPS, Kind, is_wordy


class Said:
    """A message. `letters`, `signs` and `sounds` are its full foldings."""

    __slots__ = ("_folded", "_places", "_sounds", "plain")

    def __init__(self, text: str) -> None:
        self.plain = folding.plain(text)
        self._folded: dict[tuple[int, Kind], str] = {}
        self._places: dict[tuple[int, Kind], list[int]] = {}
        self._sounds: str | None = None

    @property
    def letters(self) -> str:
        """Without spaces and symbols."""
        return self.folded(EVERY, "letters")

    @property
    def signs(self) -> str:
        """Without spaces."""
        return self.folded(EVERY, "signs")

    @property
    def sounds(self) -> str:
        """As it sounds."""
        if self._sounds is None:
            self._sounds = folding.sounding(self.letters)
        return self._sounds

    def folded(self, mask: int, kind: Kind) -> str:
        """By some of the variants."""
        key = (mask & folding.CHARACTERS, kind)
        found = self._folded.get(key)
        if found is None:
            found = self._folded[key] = folding.folded(self.plain, *key)
        return found

    def holds(self, form: str, mask: int, kind: Kind, *, is_whole: bool) -> bool:
        """Whether a keyword folded by the same variants is in it, or with `is_whole` all of it.

        Words of letters that were found across spaces or symbols must begin and end where words do: "s h e l l" is "shell", "this hello" is not.
        """
        text = self.folded(mask, kind)
        if is_whole:
            return text == form
        if not mask & GAPS or not (is_wordy(form[0]) or is_wordy(form[-1])):
            return form in text
        at = text.find(form)
        while at >= 0:
            if self.is_at(at, at + len(form), mask, kind):
                return True
            at = text.find(form, at + 1)
        return False

    def is_at(self, start: int, end: int, mask: int, kind: Kind) -> bool:
        """Whether what was found there, in the folded text, is no mere meeting of two words."""
        places = self._sources(mask, kind)
        first, last = places[start], places[end - 1]
        if not any(self._is_gap(at, mask, kind) for at in range(first + 1, last)):
            return True
        before, after = self.plain[first - 1 : first], self.plain[last + 1 : last + 2]
        form = self.folded(mask, kind)[start:end]
        return not ((is_wordy(form[0]) and before and is_wordy(before)) or (is_wordy(form[-1]) and after and is_wordy(after)))

    def _is_gap(self, at: int, mask: int, kind: Kind) -> bool:
        return folding.folded(self.plain[at], mask, kind) == ""

    def _sources(self, mask: int, kind: Kind) -> list[int]:
        """Where each character of a folded text stood."""
        key = (mask & folding.CHARACTERS, kind)
        found = self._places.get(key)
        if found is None:
            table = folding.table(*key)
            found = []
            for at, char in enumerate(self.plain):
                stands = table[ord(char)]
                found += [at] * (1 if isinstance(stands, int) else len(stands))
            self._places[key] = found
        return found
