"""What happened, as automations pass it on: from an event, with how many automations led to it, and under a name that fits into a key."""

from __future__ import annotations

import uuid
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import msgspec

from hutong.events.catalogue import depth_of
from hutong.events.responders import Happening
from hutong.events.warehouse.schema import NONE
from hutong.foundation.acting import Occasion

DEPTH_MAX = 5  # automations one through what another did: an event of so many sets nothing off
NAME_LENGTH_MAX = 64


def of(event: Happening) -> Occasion:
    """An event as what it gave occasion to keeps it."""
    return Occasion(
        event=event.name,
        event_id=event.id,
        occurred_at=event.occurred_at,
        group_id=None if event.group_id == NONE else uuid.UUID(event.group_id),
        community_id=None if event.community_id == NONE else uuid.UUID(event.community_id),
        channel=event.channel,
        text=event.text,
        properties=event.properties,
        depth=depth_of(event.source),
    )


def deeper(occasion: Occasion) -> Occasion:
    """The same, for what an automation sets off that it led to."""
    return replace(occasion, depth=occasion.depth + 1)


def told_by(source: str, depth: int) -> str:
    """How events name an automation that something of this depth set off."""
    return source if depth < 1 else f"{source}:{depth + 1}"


def named(event_id: str) -> str:
    """An event's id as a key has it: as it is, or, where it is long, a digest of it."""
    if len(event_id) <= NAME_LENGTH_MAX:
        return event_id
    return blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=24).hexdigest()


def said(occasion: Occasion) -> dict[str, Any]:
    """An occasion for a JSON column; `heard` reads it back."""
    found: dict[str, Any] = msgspec.to_builtins(occasion)
    return found


def heard(raw: Any) -> Occasion:
    """An occasion from a JSON column."""
    return msgspec.convert(raw, Occasion)
