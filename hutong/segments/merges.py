"""Subscriber: the tags of members who were merged, or set apart again, belong to whoever shows them now."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from hutong.events.subscribers import Entry
from hutong.segments.actions import tags

MOVES = frozenset({"members_merged", "members_unmerged"})


class _Moved(msgspec.Struct):
    origin_ids: str


_decode = msgspec.json.Decoder(_Moved).decode


def take(entries: Sequence[Entry]) -> None:
    """What is true now counts, not what each event says: merges undone since then are undone here too."""
    moved: dict[str, list[UUID]] = {}
    for entry in entries:
        event = entry.event
        if event is not None and event.name in MOVES:
            moved.setdefault(event.workspace_id, []).extend(UUID(one) for one in _decode(event.properties).origin_ids.split(","))
    for workspace_id, origin_ids in moved.items():
        tags.move(UUID(workspace_id), origin_ids)
