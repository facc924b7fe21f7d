"""Subscriber: the tags of members who were merged, or set apart again, and their places in static segments, belong to whoever shows them now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

import msgspec

from hutong.events.subscribers import Entry, Write
from hutong.segments.actions import placing, tags

MOVES = frozenset({"members_merged", "members_unmerged"})


class _Moved(msgspec.Struct):
    origin_ids: str


_decode = msgspec.json.Decoder(_Moved).decode


def prepare(entries: Sequence[Entry]) -> Write:
    """What is true now counts, not what each event says: merges undone since then are undone here too."""
    moved: dict[str, list[UUID]] = {}
    shown: dict[str, set[UUID]] = {}
    for entry in entries:
        event = entry.event
        if event is not None and event.name in MOVES:
            moved.setdefault(event.workspace_id, []).extend(UUID(one) for one in _decode(event.properties).origin_ids.split(","))
            shown.setdefault(event.workspace_id, set()).add(UUID(event.member_id))
    return partial(_follow, moved, shown)


def _follow(moved: Mapping[str, list[UUID]], shown: Mapping[str, set[UUID]]) -> None:
    for workspace_id, origin_ids in moved.items():
        tags.move(UUID(workspace_id), origin_ids)
        placing.follow_merges(UUID(workspace_id), [*origin_ids, *shown[workspace_id]], told=shown[workspace_id])
