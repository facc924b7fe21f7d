"""Which rules a message is for, among tens of thousands of keywords: Aho-Corasick over the folded text, then what folding alone cannot say.

The search is over the full folding, which finds at least all there is (`folding`). A rule with fewer variants has each find checked by its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation

from hutong.replies.matching import compiled, folding
from hutong.replies.matching.compiled import Compiled, Form, Keyword, Similar
from hutong.replies.matching.folding import CASE, CHARACTERS, GAPS, PINYIN, SCRIPT, WIDTH, is_wordy
from hutong.replies.matching.patterns import Patterns
from hutong.replies.matching.said import Said


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule whose keyword is in a message: its longest, `word` as it was found by (the keyword itself, or a synonym)."""

    rule: Compiled
    keyword: Keyword
    word: str
    length: int
    is_sound: bool
    is_synonym: bool

    @property
    def rank(self) -> tuple[int, int, tuple[float, str]]:
        """The least answers: highest priority, longest keyword, oldest rule."""
        return (-self.rule.priority, -self.length, self.rule.age)


@dataclass(slots=True)
class _Owner:
    """A keyword that has a form."""

    at: int  # of the rule
    keyword: Keyword
    form: Form
    is_sure: bool  # no need to look again: all variants of characters are on


class _Index:
    """The forms of one kind: those that are a whole message, those within one."""

    def __init__(self) -> None:
        self.whole: dict[str, list[_Owner]] = {}
        self._within: dict[str, list[_Owner]] = {}
        self._owners: list[list[_Owner]] = []
        self._wordy: list[bool] = []
        self._search: Any = None

    def add(self, owner: _Owner) -> None:
        place = self.whole if owner.keyword.way == "exact" else self._within
        place.setdefault(owner.form.text, []).append(owner)

    def build(self) -> None:
        texts = list(self._within)
        self._owners = list(self._within.values())
        self._wordy = [is_wordy(one[0]) or is_wordy(one[-1]) for one in texts]
        self._search = AhoCorasick(texts, implementation=Implementation.ContiguousNFA).find_matches_as_indexes if texts else None
        self._within = {}

    @property
    def is_empty(self) -> bool:
        return not self.whole and self._search is None

    def within(self, text: str, said: Said, kind: folding.Kind) -> Iterable[_Owner]:
        """Owners of the forms in a text. One form may come several times."""
        if self._search is None:
            return
        for at, start, end in self._search(text, overlapping=True):
            if not self._wordy[at] or said.is_at(start, end, CHARACTERS, kind):
                yield from self._owners[at]
            else:  # without passing over gaps it may be there all the same, which those who do not pass over them look up
                yield from (one for one in self._owners[at] if not one.is_sure)


class Matcher:
    """Rules made ready. Never changes once made."""

    def __init__(self, rules: Sequence[Compiled], words: Similar | None = None) -> None:
        self._rules = list(rules)
        self._letters, self._signs, self._sounds = _Index(), _Index(), _Index()
        regexes: dict[tuple[bool, int], list[tuple[int, Keyword]]] = {}
        for at, rule in enumerate(self._rules):
            is_sure = rule.mask & CHARACTERS == CHARACTERS
            for keyword in rule.keywords:
                if keyword.way == "regex":
                    alike = (bool(rule.mask & CASE), rule.mask & (WIDTH | SCRIPT))
                    regexes.setdefault(alike, []).append((at, keyword))
                    continue
                for form in compiled.forms(keyword, rule.mask, words or {}):
                    index = self._sounds if form.is_sound else self._letters if form.kind == "letters" else self._signs
                    index.add(_Owner(at, keyword, form, is_sure))
        for index in (self._letters, self._signs, self._sounds):
            index.build()
        self._patterns = [Patterns(some, ignores_case=ignores_case, mask=mask) for (ignores_case, mask), some in regexes.items()]

    def find(self, said: Said, without: Mapping[uuid.UUID, object] | frozenset[uuid.UUID] = frozenset()) -> list[Hit]:
        """The rules that a message is for, each by its longest keyword; in no order."""
        best: dict[int, Hit] = {}
        if not self._letters.is_empty:
            self._gather(self._letters, said.letters, said, best)
        if not self._signs.is_empty:
            self._gather(self._signs, said.signs, said, best)
        if not self._sounds.is_empty and not said.plain.isascii():
            self._gather(self._sounds, said.sounds, said, best)
        for some in self._patterns:
            for at, keyword in some.found(said):
                if at not in best:
                    best[at] = Hit(self._rules[at], keyword, keyword.text, 0, is_sound=False, is_synonym=False)
        found = list(best.values())
        return [one for one in found if one.rule.id not in without] if without else found

    def _gather(self, index: _Index, text: str, said: Said, best: dict[int, Hit]) -> None:
        if not text:
            return
        kind: folding.Kind = "signs" if index is self._signs else "letters"
        owners = [*index.whole.get(text, ()), *index.within(text, said, kind)]
        for owner in owners:
            length = len(owner.form.text)
            had = best.get(owner.at)
            if had is not None and (had.length, not had.is_synonym, not had.is_sound) >= (length, not owner.form.is_synonym, not owner.form.is_sound):
                continue
            rule = self._rules[owner.at]
            if owner.is_sure or _is_there(said, owner.form, owner.keyword, rule.mask):
                best[owner.at] = Hit(rule, owner.keyword, owner.form.word, length, owner.form.is_sound, owner.form.is_synonym)


def _is_there(said: Said, form: Form, keyword: Keyword, mask: int) -> bool:
    """Whether a form is in a message by these variants and no others."""
    is_whole = keyword.way == "exact"
    word = folding.plain(form.word)
    if not form.is_sound:
        return said.holds(folding.folded(word, mask, form.kind), mask, form.kind, is_whole=is_whole)
    if not mask & PINYIN:
        return False
    text = folding.sounding(said.folded(mask | folding.SCRIPT | folding.WIDTH, form.kind))
    return text == form.text if is_whole else form.text in text


def steps(hit: Hit, said: Said) -> list[str]:
    """Which variants it took to find the keyword: without any one of these it would not have been found. None: as it is written."""
    if hit.keyword.way == "regex":
        return []
    needed = hit.rule.mask
    form = next(
        one
        for one in compiled.forms(Keyword(hit.word, hit.keyword.way), needed, {})
        if one.is_sound == hit.is_sound and (not one.is_sound or _is_there(said, one, hit.keyword, needed))
    )
    for variant in (folding.WIDTH, folding.SCRIPT, folding.CASE, GAPS):
        if needed & variant and _is_there(said, form, hit.keyword, needed & ~variant):
            needed &= ~variant
    taken = {folding.PINYIN: hit.is_sound, folding.SYNONYMS: hit.is_synonym}
    return [name for name, bit in folding.VARIANTS.items() if (taken[bit] if bit in taken else needed & bit)]
