"""Who the people of a segment are, what they do and what interests them, each compared with everybody of its community or workspace."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hutong.communities.models import Group
from hutong.foundation import clock, fresh
from hutong.members import attributes
from hutong.segments.comparing import behaviour, chance, counts, headlines, interests, sides, words
from hutong.segments.comparing.counts import Counted
from hutong.segments.comparing.parts import Part, more_than_chance
from hutong.segments.comparing.sides import PEOPLE_MIN, Sides
from hutong.segments.queries.distinctions import compared_with
from hutong.workspaces.models import Workspace

DEMOGRAPHICS = ("gender", "age", "city", "company", "title", "language")
PARTS_MAX = 8  # of each, the largest
PEOPLE_EACH_MIN = interests.PEOPLE_EACH_MIN  # a value fewer people of the segment have is told among the others: a picture goes to strangers

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Read:
    """What the warehouse said, and when."""

    at: dt.datetime
    inside: int
    everybody: int
    known: dict[str, tuple[int, int]]
    counted: dict[str, list[Counted]]
    mine: behaviour.Sums
    theirs: behaviour.Sums
    hours: list[dict[str, Any]]
    spoken: interests.Spoken
    pages: list[interests.Page]


def persona(workspace: Workspace, segment_id: uuid.UUID) -> dict[str, Any]:
    """The persona of a segment; of one with too few people, only that it has too few. Raises NotFound."""
    segment = sides.segment(workspace, segment_id)
    both = sides.of(workspace, segment)
    beginning = {
        "segment": {"id": segment.pk, "name": segment.name},
        "compared_with": compared_with(segment),
        "zone": sides.zone(workspace, segment),
        "today": both.today,
        "days": sides.DAYS,
        "people_min": PEOPLE_MIN,
        "people_each_min": PEOPLE_EACH_MIN,
    }
    read = fresh.share(("persona", both), both.version(), lambda: _read(both), age_seconds_max=sides.AGE_SECONDS_MAX)
    if read is None:
        inside, everybody = both.sizes()
        return beginning | {"people": inside, "compared_people": everybody, "is_too_small": True, "computed_at": clock.now(), "portrait": None}
    return beginning | {
        "people": read.inside,
        "compared_people": read.everybody,
        "is_too_small": False,
        "computed_at": read.at,
        "portrait": _portrait(workspace, read, is_of_community=segment.community_id is not None),
    }


def _read(both: Sides) -> _Read | None:
    at = clock.now()
    inside, everybody = both.sizes()
    if inside < PEOPLE_MIN:
        return None
    texts = [key for key in DEMOGRAPHICS if key != "age"]
    of_text = counts.values(both, texts, least=PEOPLE_EACH_MIN, of="mine")
    ages = counts.ages(both, ["birthday"])
    known = counts.known(both, texts) | {"age": (sum(one.inside for one in ages), sum(one.everybody for one in ages))}
    counted = {key: [one for one in of_text if one.key == key] for key in texts} | {"age": ages}
    tenures = counts.tenures(both)
    never = Counted(
        "tenure",
        "",
        str(len(words.TENURE_BANDS) - 1),
        "",
        inside - sum(one.inside for one in tenures),
        everybody - sum(one.everybody for one in tenures),
    )
    counted |= {"channel": counts.channels(both), "group": counts.groups(both), "tenure": [*tenures, never]}
    mine, theirs = behaviour.sums(both)
    return _Read(at, inside, everybody, known, counted, mine, theirs, behaviour.hours(both), interests.spoken(both), interests.pages(both))


def _portrait(workspace: Workspace, read: _Read, *, is_of_community: bool) -> dict[str, Any]:
    demographics = {key: _parts(read.counted[key], *read.known.get(key, (0, 0)), name=_named(key), is_ordered=key == "age") for key in DEMOGRAPHICS}
    everyone = read.inside, read.everybody
    group_names = dict(
        Group.objects.in_workspace(workspace).filter(pk__in=counts.identifiers(read.counted["group"], "group")).values_list("pk", "name")
    )
    groups = [one for one in read.counted["group"] if uuid.UUID(one.key) in group_names]
    channels = _parts(read.counted["channel"], *everyone, name=lambda one: words.plain(one.key))
    in_groups = _parts(groups, *everyone, name=lambda one: words.plain(group_names[uuid.UUID(one.key)]))
    tenures = _parts(read.counted["tenure"], *everyone, name=lambda one: words.TENURE_BANDS[int(one.value)], is_ordered=True)
    pages = [Part(page.path, words.plain(page.title or page.path), page.viewers, read.inside, page.everybody, read.everybody) for page in read.pages]
    holds = more_than_chance([*(part for parts in demographics.values() for part in parts), *channels, *in_groups, *tenures, *pages])
    named = {key: {"zh": attributes.standard()[key].zh, "en": attributes.standard()[key].en} for key in DEMOGRAPHICS if key != "age"} | {
        "age": words.AGE
    }
    told = headlines.Told(
        is_of_community=is_of_community, holds=holds, names=named, demographics=demographics, tenures=tenures, groups=in_groups, pages=pages,
        mine=read.mine, theirs=read.theirs, hours=read.hours, words=[one.word for one in read.spoken.words],
    )  # fmt: skip
    return {
        "headlines": headlines.headlines(told),
        "demographics": [
            {"key": key, "name": named[key], **_known(read, key), "parts": _shown(parts, holds), **_others(parts, *read.known.get(key, (0, 0)))}
            for key, parts in demographics.items()
        ],
        "figures": _figures(read),
        "hours": read.hours,
        "activities": sum(cell["activities"] for cell in read.hours),
        "channels": _shown(channels, holds),
        "groups": _shown(in_groups, holds),
        "tenures": _shown(tenures, holds),
        "words": [
            {
                "word": one.word,
                "speakers": one.speakers,
                "share": one.speakers / read.spoken.speakers,
                "rest_share": one.rest_speakers / read.spoken.rest_speakers,
                "distance": one.distance,
            }
            for one in read.spoken.words
        ],
        "sample": {
            "texts": read.spoken.texts,
            "rest_texts": read.spoken.rest_texts,
            "speakers": read.spoken.speakers,
            "rest_speakers": read.spoken.rest_speakers,
            "texts_max": interests.TEXTS_MAX,
            "is_whole": max(read.spoken.texts, read.spoken.rest_texts) < interests.TEXTS_MAX,
        },
        "pages": _shown(pages, holds),
    }


def _named(key: str) -> Callable[[Counted], Texts]:
    if key == "age":
        return lambda one: words.AGE_BANDS[int(one.value)]
    return lambda one: words.plain(one.label)


def _parts(
    counted: Iterable[Counted], inside_of: int, everybody_of: int, *, name: Callable[[Counted], Texts], is_ordered: bool = False
) -> list[Part]:
    """The largest parts that enough people of the segment have, or those in their own order."""
    found = [
        Part(one.value or one.key, name(one), one.inside, inside_of, one.everybody, everybody_of) for one in counted if one.inside >= PEOPLE_EACH_MIN
    ]
    if is_ordered:
        return sorted(found, key=lambda part: int(part.value))
    return sorted(found, key=lambda part: (-part.inside, -part.everybody, part.value))[:PARTS_MAX]


def _known(read: _Read, key: str) -> dict[str, Any]:
    mine, total = read.known.get(key, (0, 0))
    return {"known_people": mine, "known": mine / read.inside, "compared_known": total / read.everybody}


def _others(parts: list[Part], inside_of: int, everybody_of: int) -> dict[str, Any]:
    """What is known of people and not told of by name."""
    mine, total = inside_of - sum(part.inside for part in parts), everybody_of - sum(part.everybody for part in parts)
    return {"others": mine / inside_of if inside_of else 0.0, "compared_others": total / everybody_of if everybody_of else 0.0}


def _shown(parts: Iterable[Part], holds: frozenset[Part]) -> list[dict[str, Any]]:
    return [
        {
            "value": part.value,
            "label": part.label,
            "people": part.inside,
            "share": part.share,
            "compared_share": part.compared_share,
            "difference": part.share - part.compared_share,
            "index": part.index,
            "is_more_than_chance": part in holds,
        }
        for part in parts
    ]


def _figures(read: _Read) -> list[dict[str, Any]]:
    """Averages of those who did anything, and how many did."""
    everybody = read.mine.plus(read.theirs)
    active = Part("active", words.plain(""), read.mine.active, read.inside, everybody.active, read.everybody)
    outside, outside_of = everybody.active - read.mine.active, read.everybody - read.inside
    is_testable = chance.is_testable(read.mine.active, read.inside, outside, outside_of)
    chances = [chance.of_shares(read.mine.active, read.inside, outside, outside_of) if is_testable else 1.0]
    found = [{"key": "active_share", "value": active.share, "compared": active.compared_share, "index": active.index}]
    for key in behaviour.FIGURES:
        mine, compared = read.mine.average(key), everybody.average(key)
        found.append({"key": key, "value": mine, "compared": compared, "index": mine / compared * 100 if mine is not None and compared else None})
        chances.append(behaviour.tested(key, read.mine, read.theirs)[0] if headlines.are_enough(read.mine, read.theirs) else 1.0)
    return [one | {"is_more_than_chance": holds} for one, holds in zip(found, chance.more_than_chance(chances), strict=True)]
