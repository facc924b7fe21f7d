"""What the people of a segment have, are or do more often than the others, or less."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from hutong.communities.models import Group
from hutong.events import catalogue
from hutong.foundation import clock, fresh
from hutong.members.models import Attribute
from hutong.segments.comparing import chance, counts, life, sides, words
from hutong.segments.comparing.counts import Counted
from hutong.segments.comparing.life import Lives
from hutong.segments.comparing.sides import PEOPLE_MIN, Sides
from hutong.segments.conditions import nodes, reading
from hutong.segments.models import Segment, Tag
from hutong.segments.queries.life_cycle import LIFE
from hutong.workspaces.models import Workspace

SHOWN_MAX = 20  # each way

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One thing counted, with both shares: of the segment's people, and of the others."""

    counted: Counted
    share: float
    rest_share: float
    effect: float
    is_more_than_chance: bool


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the warehouse said, and when."""

    at: dt.datetime
    inside: int
    everybody: int
    counted: list[Counted]
    edges: dict[str, list[float]]


def distinctions(workspace: Workspace, segment_id: uuid.UUID) -> dict[str, Any]:
    """The strongest differences each way; none where either side has too few people. Raises NotFound."""
    segment = sides.segment(workspace, segment_id)
    both = sides.of(workspace, segment)
    attributes = {one.key: one for one in Attribute.objects.in_workspace(workspace)}
    kinds = tuple(sorted((key, one.type) for key, one in attributes.items()))
    lives = life.of(workspace, both)
    told = fresh.share(
        ("distinctions", both, kinds, lives.cells), both.version(), lambda: _counts(both, kinds, lives), age_seconds_max=sides.AGE_SECONDS_MAX
    )
    judged = judge(told.counted, told.inside, told.everybody)
    names = Names(workspace, told.counted, told.edges, attributes, lives)
    asked = _asked(segment)
    shown = {way: list(_shown(found, names, asked)) for way, found in (("more", _ranked(judged, 1)), ("less", _ranked(judged, -1)))}
    return {
        "segment": {"id": segment.pk, "name": segment.name},
        "compared_with": compared_with(segment),
        "people": told.inside,
        "rest_people": told.everybody - told.inside,
        "people_min": PEOPLE_MIN,
        "is_too_small": _is_too_small(told.inside, told.everybody),
        "compared": len(judged),
        "days": sides.DAYS,
        "computed_at": told.at,
        **shown,
    }


def compared_with(segment: Segment) -> dict[str, Any]:
    """Whose people the segment's are compared with: its community's, else the workspace's."""
    community = segment.community
    return (
        {"kind": "workspace", "community": None}
        if community is None
        else {"kind": "community", "community": {"id": community.pk, "name": community.name}}
    )


def _is_too_small(inside: int, everybody: int) -> bool:
    return min(inside, everybody - inside) < PEOPLE_MIN


def _counts(both: Sides, kinds: tuple[tuple[str, str], ...], lives: Lives) -> _Counts:
    at = clock.now()
    inside, everybody = both.sizes()
    if _is_too_small(inside, everybody):
        return _Counts(at, inside, everybody, [], {})
    of = {kind: [key for key, its in kinds if its == kind] for kind in ("text", "list", "boolean", "number", "date", "birthday")}
    texts = [*of["text"], *of["list"], *of["boolean"]]
    counted: list[Counted] = []
    edges: dict[str, list[float]] = {}
    if texts:
        counted += counts.values(both, texts)
    if of["number"]:
        bands, edges = counts.number_bands(both, of["number"])
        counted += bands
    if of["date"]:
        counted += counts.date_bands(both, of["date"])
    if of["birthday"]:
        counted += [*counts.birth_months(both, of["birthday"]), *counts.ages(both, of["birthday"])]
    for each in (counts.tags, counts.channels, counts.groups, counts.events, counts.property_values):
        counted += each(both)
    counted += life.counted(both, lives)
    return _Counts(at, inside, everybody, counted, edges)


def judge(counted: Iterable[Counted], inside_of: int, everybody: int) -> list[Judged]:
    """Each thing that enough people share, judged together with all the others."""
    outside_of = everybody - inside_of
    fit = [one for one in counted if chance.is_testable(one.inside, inside_of, one.everybody - one.inside, outside_of)]
    holds = chance.more_than_chance([chance.of_shares(one.inside, inside_of, one.everybody - one.inside, outside_of) for one in fit])
    found = []
    for one, is_more in zip(fit, holds, strict=True):
        mine, theirs = one.inside / inside_of, (one.everybody - one.inside) / outside_of
        found.append(Judged(one, mine, theirs, chance.effect(mine, theirs), is_more))
    return found


def _ranked(judged: list[Judged], way: int) -> list[Judged]:
    """The strongest of one way, those that may be chance last."""
    found = [one for one in judged if one.effect * way > 0]
    found.sort(key=lambda one: (not one.is_more_than_chance, -abs(one.effect), one.counted.kind, one.counted.key, one.counted.value))
    return found[:SHOWN_MAX]


def _shown(found: Iterable[Judged], names: Names, asked: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for one in found:
        name = names.of(one.counted)
        if name is not None:
            yield {
                "kind": _KINDS[one.counted.kind],
                "key": one.counted.key,
                "name": name[0],
                "value": name[1],
                "people": one.counted.inside,
                "rest_people": one.counted.everybody - one.counted.inside,
                "share": one.share,
                "rest_share": one.rest_share,
                "difference": one.share - one.rest_share,
                "lift": one.share / one.rest_share if one.rest_share else None,
                "effect": one.effect,
                "is_more_than_chance": one.is_more_than_chance,
                "is_in_condition": not asked.isdisjoint(_askings(one.counted)),
            }


_KINDS = {"attribute": "attribute", "month": "attribute", "age": "attribute", "tag": "tag", "channel": "channel", "group": "group", "stage": "stage", "score": "score", "band": "band", "event": "event", "property": "property"}  # fmt: skip


def _askings(one: Counted) -> set[tuple[str, str]]:
    """What conditions that ask for it speak of: of a property, its event; of a band, the scores it is made of."""
    if one.kind == "band":
        community_id = one.key.removeprefix(f"{life.BAND}.")
        return {("score", f"rfm.{name}.{community_id}") for name in ("recency", "frequency")}
    return {(_KINDS[one.kind], "" if one.kind == "channel" else one.key), ("event", one.key.split(" ")[0])}


def _asked(segment: Segment) -> set[tuple[str, str]]:
    """What the segment's own condition speaks of: that its members have it is no news."""
    if segment.condition is None:
        return set()
    try:
        condition = msgspec.convert(segment.condition, nodes.Condition)
    except msgspec.ValidationError:  # written by a version that knew more
        return set()
    found: set[tuple[str, str]] = set()
    for leaf in reading.leaves(condition):
        if isinstance(leaf, nodes.Attribute):
            found.add(("channel", "") if leaf.key == "$channels" else ("stage" if leaf.key.startswith(LIFE) else "attribute", leaf.key))
        elif isinstance(leaf, nodes.Score):
            found.add(("score", leaf.score))
        elif isinstance(leaf, nodes.Tag):
            found.add(("tag", leaf.tag))
        elif isinstance(leaf, nodes.Group):
            found.add(("group", leaf.group))
        elif isinstance(leaf, nodes.Did):
            found.add(("event", leaf.event))
        elif isinstance(leaf, nodes.Sequence):
            found |= {("event", leaf.first.event), ("event", leaf.then.event)}
    return found


class Names:
    """What a thing counted and its value are called; None for what is gone meanwhile."""

    def __init__(
        self, workspace: Workspace, counted: Iterable[Counted], edges: dict[str, list[float]], attributes: dict[str, Attribute], lives: Lives
    ) -> None:
        known = list(counted)
        self._edges = edges
        self._attributes = attributes
        self._lives = lives
        self._tags = dict(Tag.objects.in_workspace(workspace).filter(pk__in=counts.identifiers(known, "tag")).values_list("pk", "name"))
        self._groups = dict(Group.objects.in_workspace(workspace).filter(pk__in=counts.identifiers(known, "group")).values_list("pk", "name"))

    def of(self, one: Counted) -> tuple[Texts, Texts | None] | None:
        """Its name, and its value's."""
        if one.kind in ("attribute", "month", "age"):
            return self._attribute(one)
        if one.kind in ("tag", "group"):
            name = (self._tags if one.kind == "tag" else self._groups).get(uuid.UUID(one.key))
            return None if name is None else (words.TAG if one.kind == "tag" else words.GROUP, words.plain(name))
        if one.kind in ("stage", "score", "band"):
            return life.named(one, self._lives)
        if one.kind == "channel":
            return words.CHANNEL, words.plain(one.key)
        event, _, prop = one.key.partition(" ")
        declared = catalogue.declared().get(event)
        event_name = {"zh": declared.zh, "en": declared.en} if declared else words.plain(event)
        if not prop:
            return event_name, None
        named = next((each for each in declared.properties if each.name == prop), None) if declared else None
        zh, en = (named.zh, named.en) if named else (prop, prop)
        return {"zh": f"{event_name['zh']}·{zh}", "en": f"{event_name['en']}: {en}"}, words.value(
            one.label, is_boolean=named is not None and named.type == "boolean"
        )

    def _attribute(self, one: Counted) -> tuple[Texts, Texts] | None:
        attribute = self._attributes.get(one.key)
        if attribute is None:
            return None
        name = {"zh": attribute.name_zh, "en": attribute.name_en}
        if one.kind == "month":
            return {"zh": f"{name['zh']}月份", "en": f"{name['en']} month"}, words.MONTHS[int(one.value) - 1]
        if one.kind == "age":
            return words.AGE, words.AGE_BANDS[int(one.value)]
        if attribute.type == "number":
            return name, words.number_band(self._edges[one.key], int(one.value))
        if attribute.type == "date":
            return name, words.DATE_BANDS[int(one.value)]
        return name, words.value(one.label, is_boolean=attribute.type == "boolean")
