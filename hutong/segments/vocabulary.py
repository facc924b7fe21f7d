"""What conditions of a workspace may speak of, read from its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hutong.communities.models import Community, Group
from hutong.events import catalogue
from hutong.events.queries import event_types
from hutong.members.attributes import standard
from hutong.members.models import Attribute
from hutong.segments.conditions.vocabulary import Vocabulary, Word
from hutong.segments.models import Segment, Tag
from hutong.segments.queries import life_cycle
from hutong.workspaces.models import Workspace

PROPERTY_TYPES = {"id": "text", "time": "text"}  # what conditions call the catalogue's types; the others have the same name


def of(workspace: Workspace) -> Vocabulary:
    """Everything there is to speak of, with its names."""
    attributes = {one.key: Word(one.zh, one.en, one.type) for one in standard().values()}
    rows = Attribute.objects.in_workspace(workspace).filter(is_standard=False)
    attributes |= {row.key: Word(row.name_zh, row.name_en, row.type) for row in rows}
    attributes |= life_cycle.words(workspace)
    events, properties = _events(workspace)
    names = Segment.objects.in_workspace(workspace).values_list("pk", "name", "condition")
    followed = {str(pk): str(segment) for pk, segment in Tag.objects.in_workspace(workspace).exclude(segment=None).values_list("pk", "segment_id")}
    named = {str(pk): frozenset(rests_on(condition, followed)) for pk, _, condition in names}
    return Vocabulary(
        attributes=attributes,
        events=events,
        properties=properties,
        tags=_named(Tag.objects.in_workspace(workspace)),
        segments={str(pk): Word(name, name) for pk, name, _ in names},
        communities=_named(Community.objects.in_workspace(workspace)),
        groups=_named(Group.objects.in_workspace(workspace)),
        scores=life_cycle.score_words(workspace),
        segments_in=lambda segment: named.get(segment, frozenset()),
    )


def _events(workspace: Workspace) -> tuple[dict[str, Word], dict[tuple[str, str], Word]]:
    events = {name: Word(one.zh, one.en) for name, one in catalogue.declared().items()}
    properties = {
        (name, each.name): Word(each.zh, each.en, PROPERTY_TYPES.get(each.type, each.type))
        for name, one in catalogue.declared().items()
        for each in one.properties
    }
    for seen in event_types(workspace):
        events.setdefault(seen.name, Word(seen.description or seen.name, seen.description or seen.name))
        for key, kind in seen.properties.items():
            properties.setdefault((seen.name, key), Word(key, key, PROPERTY_TYPES.get(kind, kind)))
    return events, properties


def _named(rows: Any) -> dict[str, Word]:
    return {str(pk): Word(name, name) for pk, name in rows.values_list("pk", "name")}


def segments_in(condition: Any) -> set[str]:
    """The ids of the segments that a condition, as JSON, names."""
    return named_in(condition, "segment")


def rests_on(condition: Any, followed: Mapping[str, str]) -> set[str]:
    """The segments a condition needs: those it names, and those that the tags it names follow (`followed`: by tag)."""
    return segments_in(condition) | {followed[tag] for tag in named_in(condition, "tag") if tag in followed}


def named_in(condition: Any, kind: str) -> set[str]:
    """What leaves of a kind name in a condition as JSON: tags, segments, communities, groups, attributes (by key), events."""
    found: set[str] = set()
    left = [condition]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left.extend(one)
        elif isinstance(one, dict):
            if one.get("kind") == kind and isinstance(named := one.get(_NAMED_BY.get(kind, kind)), str):
                found.add(named)
            left.extend(one.get("of", ()) if isinstance(one.get("of"), list) else [one.get("of")])
    return found


_NAMED_BY = {"attribute": "key"}
