"""What strangers write into events may be of any shape; these give what is asked for or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Event = Mapping[str, Any]
_EMPTY: Mapping[str, Any] = {}


def text(holder: Mapping[str, Any], name: str) -> str:
    """A string, else an empty one."""
    found = holder.get(name)
    return found if isinstance(found, str) else ""


def mapping(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object, else an empty one."""
    found = holder.get(name)
    return found if isinstance(found, dict) else _EMPTY


def objects(holder: Mapping[str, Any], name: str) -> list[Event]:
    """The objects of a list."""
    found = holder.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def texts(holder: Mapping[str, Any], name: str) -> list[str]:
    """The strings of a list."""
    found = holder.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def whole(holder: Mapping[str, Any], name: str, default: int | None = None) -> int | None:
    """A whole number, of a string where old rooms have it so."""
    found = holder.get(name)
    if isinstance(found, str) and found.strip().lstrip("+-").isdecimal() and len(found) < 20:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else default


def content(event: Event) -> Mapping[str, Any]:
    """What the event says."""
    return mapping(event, "content")


def before(event: Event) -> Mapping[str, Any]:
    """What the state said that this event replaced."""
    return mapping(mapping(event, "unsigned"), "prev_content") or mapping(event, "prev_content")


def membership_before(event: Event) -> str:
    """Where the person was; `leave` for somebody who was never seen."""
    return text(before(event), "membership") or "leave"


def relation(holder: Mapping[str, Any]) -> tuple[str, str]:
    """How an event relates to another, and to which."""
    relates = mapping(holder, "m.relates_to")
    return text(relates, "rel_type"), text(relates, "event_id")
