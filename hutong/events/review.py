"""Subscriber: events nobody declared are counted per workspace and listed for review, with the properties seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from hutong.events import catalogue
from hutong.events.models import EventType
from hutong.events.subscribers import Entry, Write
from hutong.foundation import clock, ids

TYPES_PER_WORKSPACE_MAX = 5_000
PROPERTIES_PER_TYPE_MAX = 200
SAMPLED_MAX = 20  # events of one name in one batch whose properties are looked at


@dataclass(slots=True)
class _Tally:
    events: int = 0
    first_ms: int = 2**62
    last_ms: int = 0
    properties: dict[str, str] = field(default_factory=dict)


_properties = msgspec.json.Decoder(dict[str, Any]).decode


def prepare(entries: Sequence[Entry]) -> Write:
    """Count unknown events by workspace and name."""
    declared = catalogue.declared()
    tallies: dict[str, dict[str, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    for entry in entries:
        seen = entry.event
        if seen is None or entry.name in declared:
            continue
        tally = tallies[seen.workspace_id][entry.name]
        at_ms = round(seen.occurred_at * 1000)
        tally.events += 1
        tally.first_ms, tally.last_ms = min(tally.first_ms, at_ms), max(tally.last_ms, at_ms)
        if tally.events > SAMPLED_MAX:
            continue
        for key, value in _properties(seen.properties).items():
            if key not in tally.properties and len(tally.properties) < PROPERTIES_PER_TYPE_MAX:
                tally.properties[key[:100]] = type_of(value)
    return partial(_keep, tallies)


def type_of(value: Any) -> str:
    """The catalogue's word for a JSON value's type."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "list"
    return "object" if isinstance(value, dict) else "text"


def _keep(tallies: Mapping[str, dict[str, _Tally]]) -> None:
    for workspace_id, found in tallies.items():
        _keep_of(workspace_id, found)


def _keep_of(workspace_id: str, found: dict[str, _Tally]) -> None:
    known = {row.name: row for row in EventType.objects.in_workspace(workspace_id).filter(name__in=list(found))}
    room = TYPES_PER_WORKSPACE_MAX - EventType.objects.in_workspace(workspace_id).count() if len(known) < len(found) else 0
    for name, tally in found.items():
        row = known.get(name)
        first, last = clock.from_ms(tally.first_ms), clock.from_ms(tally.last_ms)
        if row is None:
            if room <= 0:
                continue
            room -= 1
            EventType.objects.create(
                id=ids.new(),
                workspace_id=workspace_id,
                name=name,
                properties=tally.properties,
                events=tally.events,
                first_seen_at=first,
                last_seen_at=last,
            )
            continue
        row.events += tally.events
        row.first_seen_at, row.last_seen_at = min(row.first_seen_at, first), max(row.last_seen_at, last)
        row.properties = dict(list({**tally.properties, **row.properties}.items())[:PROPERTIES_PER_TYPE_MAX])
        row.save(update_fields=["events", "first_seen_at", "last_seen_at", "properties"])
