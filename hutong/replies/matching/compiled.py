"""A rule as the matcher holds it: its keywords in every form, and the circumstances under which it answers. No answers: those are read when needed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hutong.replies.matching import folding
from hutong.replies.matching.folding import EVERY, PINYIN, SYNONYMS, Kind

Way = Literal["exact", "contains", "regex"]
WAYS: tuple[Way, ...] = ("exact", "contains", "regex")

Similar = Mapping[str, Sequence[str]]  # a folded word -> the words that mean the same


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word and how it is looked for."""

    text: str
    way: Way


@dataclass(frozen=True, slots=True)
class Hours:
    """When a rule answers, on the community's clock. Over midnight where it ends before it begins; `days` are those on which it begins."""

    begin: dt.time
    end: dt.time
    days: frozenset[int]

    def includes(self, local: dt.datetime) -> bool:
        """Whether it answers at that moment."""
        time, day = local.time(), local.weekday()
        if self.begin < self.end:
            return day in self.days and self.begin <= time < self.end
        if time >= self.begin:
            return day in self.days
        return time < self.end and (day - 1) % 7 in self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A rule without its answers."""

    id: uuid.UUID
    name: str
    priority: int
    age: tuple[float, str]  # the older, the less
    mask: int
    keywords: tuple[Keyword, ...]
    place: str = "all"
    community_ids: frozenset[str] = frozenset()
    group_ids: frozenset[str] = frozenset()
    needs_mention: bool = False
    hours: Hours | None = None
    group_cooldown_seconds: int = 0
    member_cooldown_seconds: int = 0
    is_private: bool = False


COLUMNS = (
    "id", "name", "priority", "created_at", "variants", "keywords", "place", "community_ids", "group_ids", "needs_mention", "hours",
    "group_cooldown_seconds", "member_cooldown_seconds", "is_private",
)  # fmt: skip


def compile_rule(row: Mapping[str, Any]) -> Compiled:
    """From the columns of a row of `Rule`."""
    return Compiled(
        id=row["id"],
        name=row["name"],
        priority=row["priority"],
        age=(row["created_at"].timestamp(), row["id"].hex),
        mask=folding.mask_of(row["variants"]),
        keywords=tuple(Keyword(one["text"], one["way"]) for one in row["keywords"]),
        place=row["place"],
        community_ids=frozenset(row["community_ids"]),
        group_ids=frozenset(row["group_ids"]),
        needs_mention=row["needs_mention"],
        hours=hours_of(row["hours"]),
        group_cooldown_seconds=row["group_cooldown_seconds"],
        member_cooldown_seconds=row["member_cooldown_seconds"],
        is_private=row["is_private"],
    )


def hours_of(kept: Mapping[str, Any] | None) -> Hours | None:
    """Hours as they are kept."""
    if kept is None:
        return None
    return Hours(dt.time.fromisoformat(kept["begin"]), dt.time.fromisoformat(kept["end"]), frozenset(kept["days"]))


def similar(groups: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """The words of the groups that a word is in, by its full folding: a keyword may be in one written another way."""
    found: dict[str, list[str]] = {}
    for words in groups:
        for key in {key_of(word) for word in words}:
            found.setdefault(key, []).extend(words)
    return found


def key_of(word: str) -> str:
    """A word by its full folding: how keywords and synonyms recognise each other."""
    text = folding.plain(word)
    return folding.folded(text, EVERY, folding.kind_of(text))


@dataclass(frozen=True, slots=True)
class Form:
    """One shape in which a keyword may stand in a message, fully folded. `word` is what it was made of: the keyword, or a synonym."""

    text: str
    kind: Kind
    word: str
    is_sound: bool
    is_synonym: bool


def forms(keyword: Keyword, mask: int, words: Similar) -> list[Form]:
    """Every shape of a keyword that is no regular expression."""
    found = _shapes(keyword.text, mask, is_synonym=False)
    if mask & SYNONYMS and words:
        for other in words.get(key_of(keyword.text), ()):
            if other == keyword.text:
                continue
            found += _shapes(other, mask, is_synonym=True)
    return found


def _shapes(word: str, mask: int, *, is_synonym: bool) -> list[Form]:
    text = folding.plain(word)
    kind = folding.kind_of(text)
    whole = folding.folded(text, EVERY, kind)
    if not whole:
        return []
    found = [Form(whole, kind, word, is_sound=False, is_synonym=is_synonym)]
    if mask & PINYIN and kind == "letters":
        found += [Form(one, kind, word, is_sound=True, is_synonym=is_synonym) for one in folding.readings(whole)]
    return found
