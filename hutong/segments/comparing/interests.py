"""What people of a segment speak of more than the others, and what they look at.

Nobody is exposed: a word or page counts by people, and one that fewer than `PEOPLE_EACH_MIN` of the segment used or viewed is never told,
nor a word that is a member's name.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from hutong.segments.comparing.sides import Sides
from hutong.segments.comparing.stopwords import STOP_WORDS

PEOPLE_EACH_MIN = 3
TEXTS_MAX = 10_000  # of each side: those with the smallest hashes of their ids, so that the same messages always give the same words
TEXT_CHARACTERS_MAX = 500  # of a message, from its beginning
WORDS_MAX = 40
PAGES_MAX = 10
PRIOR_SHARE = 0.1  # of all uses by both sides: how much the common use of words weighs against what little was heard of a word
DISTANCE_MIN = 1.96  # standard deviations by which a word must be used more

_NOISE = re.compile(r"https?://\S+|www\.\S+|@\S+|`[^`]*`|\[[^\[\]\n]{1,12}\]|^\s*[\w|^`{}\-]{1,30}[:,]\s", re.ASCII | re.MULTILINE)
_LATIN = re.compile(r"[a-z][a-z0-9+#.\-]*[a-z0-9+#]")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
LATIN_LETTERS_MIN = 3


class Word(NamedTuple):
    """A word with how many of the speakers of each side use it. `distance` says how surely it is used more: log-odds in standard deviations."""

    word: str
    speakers: int
    rest_speakers: int
    distance: float


class Page(NamedTuple):
    """A page with how many people of the segment, and of everybody, viewed it."""

    path: str
    title: str
    viewers: int
    everybody: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words, and what was read to find them."""

    words: list[Word]
    texts: int
    rest_texts: int
    speakers: int
    rest_speakers: int


def spoken(sides: Sides) -> Spoken:
    """The words used more, strongest first, of a sample of the messages of the last days."""
    mine = _texts(sides, "member_id IN ([inside])")
    theirs = _texts(sides, "member_id IN ([everybody]) AND member_id NOT IN ([inside])")
    found = compared(by_word(mine), by_word(theirs))
    named = _names(sides, [one.word for one in found])
    return Spoken(
        words=[one for one in found if one.word not in named][:WORDS_MAX],
        texts=len(mine),
        rest_texts=len(theirs),
        speakers=len({member for member, _ in mine}),
        rest_speakers=len({member for member, _ in theirs}),
    )


def _texts(sides: Sides, whose: str) -> Sequence[Sequence[Any]]:
    """The sample. Hashes are sorted without the texts first: those of a million messages would be moved for the sake of a few."""
    messages = (
        f"FROM events WHERE workspace_id = {{workspace:UUID}} AND local_day >= {{first:Date}} AND name = 'message_sent' AND text != '' AND {whose}"
    )
    ((last,),) = sides.rows(f"SELECT max(hash) FROM (SELECT cityHash64(id) AS hash {messages} ORDER BY hash LIMIT {TEXTS_MAX})")
    return sides.rows(
        f"""
        SELECT member_id, substringUTF8(text, 1, {TEXT_CHARACTERS_MAX}) {messages} AND cityHash64(id) <= {{last:UInt64}}
        ORDER BY cityHash64(id), id LIMIT {TEXTS_MAX}
        """,
        last=int(last),
    )


def by_word(texts: Iterable[Sequence[Any]]) -> dict[str, set[uuid.UUID]]:
    """Who uses each word."""
    found: dict[str, set[uuid.UUID]] = {}
    for member, text in texts:
        for word in words_of(text):
            found.setdefault(word, set()).add(member)
    return found


def words_of(text: str) -> set[str]:
    """The words of a message that may say what it is about: no addresses, names addressed, numbers, or words everybody needs."""
    found = set()
    for piece in _cutter()(_NOISE.sub(" ", text.lower())):
        if (_CHINESE.fullmatch(piece) or (len(piece) >= LATIN_LETTERS_MIN and _LATIN.fullmatch(piece))) and piece not in STOP_WORDS:
            found.add(piece)
    return found


@cache
def _cutter() -> Any:
    import rjieba  # its dictionary takes a moment and some memory: only where personas are read

    return rjieba.cut


def compared(mine: dict[str, set[uuid.UUID]], theirs: dict[str, set[uuid.UUID]]) -> list[Word]:
    """Words used more by one side: log-odds with the use by both as prior (Monroe, Colaresi and Quinn 2008), of people who use a word."""
    my_total, their_total = sum(map(len, mine.values())), sum(map(len, theirs.values()))
    if not my_total or not their_total:
        return []
    whole_prior = PRIOR_SHARE * (my_total + their_total)
    found = []
    for word, speakers in mine.items():
        used, used_by_others = len(speakers), len(theirs.get(word, ()))
        if used < PEOPLE_EACH_MIN:
            continue
        prior = PRIOR_SHARE * (used + used_by_others)
        mine_with, theirs_with = used + prior, used_by_others + prior
        difference = math.log(mine_with / (my_total + whole_prior - mine_with)) - math.log(theirs_with / (their_total + whole_prior - theirs_with))
        distance = difference / math.sqrt(1 / mine_with + 1 / theirs_with)
        if distance >= DISTANCE_MIN:
            found.append(Word(word, used, used_by_others, distance))
    found.sort(key=lambda one: (-one.distance, one.word))
    return found


def _names(sides: Sides, found: Sequence[str]) -> set[str]:
    """Which of the words are names of members."""
    if not found:
        return set()
    rows = sides.rows(
        "SELECT DISTINCT lower(name) FROM people FINAL WHERE workspace_id = {workspace:UUID} AND lower(name) IN {words:Array(String)}",
        words=list(found),
    )
    return {name for (name,) in rows}


def pages(sides: Sides) -> list[Page]:
    """The pages most people of the segment viewed within the last days. A title is told when as many saw it as a page needs."""
    found = sides.rows(
        f"""
        SELECT path, title, grouping(title) AS is_whole, uniqExactIf(member_id, member_id IN ([inside])) AS mine, uniqExact(member_id) FROM (
            SELECT ifNull(dynamicElement(properties.path, 'String'), '') AS path, ifNull(dynamicElement(properties.title, 'String'), '') AS title, member_id
            FROM events WHERE workspace_id = {{workspace:UUID}} AND local_day >= {{first:Date}} AND name = 'page_viewed' AND member_id IN ([everybody])
        ) WHERE path != '' GROUP BY GROUPING SETS ((path), (path, title)) HAVING mine >= {PEOPLE_EACH_MIN}
        ORDER BY is_whole DESC, mine DESC, path, title LIMIT {PAGES_MAX} BY is_whole, if(is_whole = 1, '', path)
        """
    )
    titles: dict[str, str] = {}
    for path, title, is_whole, *_ in found:
        if not is_whole and title:
            titles.setdefault(path, title)
    return [Page(path, titles.get(path, ""), int(mine), int(total)) for path, _, is_whole, mine, total in found if is_whole]
