"""What the editor of conditions offers: everything a condition may speak of, and the values there really are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from hutong.communities.models import Group
from hutong.events import catalogue, queries
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.members.models import Attribute
from hutong.segments import vocabulary
from hutong.segments.conditions import nodes, reading, values
from hutong.segments.conditions.vocabulary import BUILT_IN_ATTRIBUTES, BUILT_IN_PROPERTIES, Word
from hutong.segments.models import Segment, Tag
from hutong.workspaces.models import Workspace

LANGUAGE_VERSION = 1
VALUES_MAX = 20
SAMPLED_DAYS = 90  # events whose property values are offered
SAMPLED_EVENTS_MAX = 200_000
_COLUMNS = {"text": "text", "number": "toString(number)", "boolean": "if(boolean, 'true', 'false')", "list": "arrayJoin(items)"}
_PROPERTY = "multiIf(dynamicType({found}) LIKE 'Array%', '', toString({found}))"
_EVENT_COLUMNS = {"$text": "text", "$channel": "toString(channel)"}


def everything(workspace: Workspace) -> dict[str, Any]:
    """The whole vocabulary, with the operators of each type and the limits."""
    words = vocabulary.of(workspace)
    standard = set(Attribute.objects.in_workspace(workspace).filter(is_standard=False).values_list("key", flat=True))
    options = dict(Attribute.objects.in_workspace(workspace).values_list("key", "options"))
    communities = dict(Group.objects.in_workspace(workspace).values_list("pk", "community_id"))
    tags = {str(pk): (color, group) for pk, color, group in Tag.objects.in_workspace(workspace).values_list("pk", "color", "group__name")}
    kinds = {str(pk): kind for pk, kind in Segment.objects.in_workspace(workspace).values_list("pk", "kind")}
    of_event: dict[str, list[dict[str, str]]] = {}
    for (event, name), word in words.properties.items():
        of_event.setdefault(event, []).append({"name": name, "type": word.type, "zh": word.zh, "en": word.en})
    return {
        "version": LANGUAGE_VERSION,
        "events": [
            {"name": name, "zh": word.zh, "en": word.en, "is_declared": name in catalogue.declared(), "properties": of_event.get(name, [])}
            for name, word in words.events.items()
        ],
        "attributes": [_attribute(key, word, is_built_in=True) for key, word in BUILT_IN_ATTRIBUTES.items()]
        + [_attribute(key, word, is_standard=key not in standard, options=options.get(key, [])) for key, word in words.attributes.items()],
        "built_in_properties": [{"name": name, "type": word.type, "zh": word.zh, "en": word.en} for name, word in BUILT_IN_PROPERTIES.items()],
        "tags": [{"id": pk, "name": word.zh, "color": tags[pk][0], "group": tags[pk][1]} for pk, word in words.tags.items()],
        "segments": [{"id": pk, "name": word.zh, "kind": kinds[pk]} for pk, word in words.segments.items()],
        "communities": [{"id": pk, "name": word.zh} for pk, word in words.communities.items()],
        "groups": [{"id": str(pk), "name": words.groups[str(pk)].zh, "community_id": str(community)} for pk, community in communities.items()],
        "scores": [{"name": name, "zh": word.zh, "en": word.en} for name, word in words.scores.items()],
        "purposes": [{"name": name, "zh": word.zh, "en": word.en} for name, word in words.purposes.items()],
        "operators": {kind: list(operators) for kind, operators in nodes.OPERATORS.items()},
        "count_operators": list(nodes.COUNT_OPERATORS),
        "limits": {
            "nodes": nodes.NODES_MAX, "depth": nodes.DEPTH_MAX, "values": nodes.VALUES_MAX, "days": nodes.DAYS_MAX, "times": nodes.TIMES_MAX,
            "minutes": reading.MINUTES_MAX,
        },
    }  # fmt: skip


def _attribute(key: str, word: Word, *, is_built_in: bool = False, is_standard: bool = False, options: Sequence[str] = ()) -> dict[str, Any]:
    named = {"key": key, "zh": word.zh, "en": word.en, "type": word.type, "is_built_in": is_built_in, "is_standard": is_standard}
    return named | {"options": list(word.values or options)}


def schema() -> dict[str, Any]:
    """The language as JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:hutong:condition:{LANGUAGE_VERSION}",
        **msgspec.json.schema(nodes.Condition),
    }


def values_of_attribute(workspace: Workspace, key: str, q: str) -> list[dict[str, Any]]:
    """The most frequent values of an attribute, with how many members have each."""
    word = vocabulary.of(workspace).attribute(key)
    if word is None:
        raise NotFound("attribute")
    bound: dict[str, Any] = {"w": str(workspace.pk), "key": key, "q": values.fold(q)}
    if key == "$channels":
        column, table, where = "arrayJoin(channels)", "people", "1"
    elif key.startswith("$") or word.type not in _COLUMNS:
        return []
    else:
        column, table, where = _COLUMNS[word.type], "member_values", "key = {key:String}"
    return _frequent(f"SELECT {column} AS value FROM {table} FINAL WHERE workspace_id = {{w:UUID}} AND {where}", bound)


def values_of_property(workspace: Workspace, event: str, name: str, q: str) -> list[dict[str, Any]]:
    """The most frequent values of a property of an event in the last days, with how many events have each."""
    since = clock.local_date(clock.now(), workspace.time_zone) - dt.timedelta(days=SAMPLED_DAYS)
    bound: dict[str, Any] = {
        "w": str(workspace.pk),
        "event": event,
        "since": since.isoformat(),
        "q": values.fold(q),
        "path": name.replace(".", "%2E"),
    }
    if name in BUILT_IN_PROPERTIES and name not in _EVENT_COLUMNS:
        return []
    column = _EVENT_COLUMNS.get(name) or _PROPERTY.format(found="getSubcolumn(properties, {path:String})")
    return _frequent(
        f"SELECT {column} AS value FROM (SELECT text, channel, properties FROM events WHERE workspace_id = {{w:UUID}} AND name = {{event:String}}"
        f" AND local_day >= {{since:Date}} LIMIT {SAMPLED_EVENTS_MAX})",
        bound,
    )


def _frequent(source: str, bound: dict[str, Any]) -> list[dict[str, Any]]:
    rows = queries.rows(
        f"SELECT value, count() AS many FROM ({source}) WHERE value != '' AND lengthUTF8(value) <= {reading.TEXT_LENGTH_MAX}"
        f" AND ({{q:String}} = '' OR position(lowerUTF8(value), {{q:String}}) > 0) GROUP BY value ORDER BY many DESC, value LIMIT {VALUES_MAX}",
        bound,
    )
    return [{"value": value, "count": many} for value, many in rows]


def check_asked(attribute: str | None, event: str | None, name: str | None) -> None:
    """Either an attribute, or an event with one of its properties."""
    if (attribute is None) == (event is None) or (event is None) != (name is None):
        raise Invalid.field("attribute", "请给出 attribute，或 event 和 property。", "Give an attribute, or an event and a property.")
