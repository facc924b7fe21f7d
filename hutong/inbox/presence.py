"""Who looks at a conversation and who writes, so that two people do not answer at once: in memory, told again every few seconds, else forgotten.

Pages that are open hear of every change over the stream and ask `here` again.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from typing import Literal

from hutong.foundation import clock
from hutong.inbox import live

Doing = Literal["looking", "writing"]

TOLD_EVERY_SECONDS = 10  # how often a page says that it is still there
LASTS_SECONDS = 25  # two that are lost and a slow one
KEPT_MAX = 5_000  # over all workspaces


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at a conversation until `ends_ms`, unless they say so again. `who` is the source of an actor: `staff:<id>`, `key:<id>`."""

    conversation_id: uuid.UUID
    who: str
    name: str
    doing: Doing
    ends_ms: int


_lock = threading.Lock()
_here: dict[tuple[str, str], Present] = {}  # one place for each workspace and person: whoever opens another conversation leaves this one


def tell(workspace_id: uuid.UUID, *, conversation_id: uuid.UUID, who: str, name: str, doing: Doing) -> None:
    """Somebody is there."""
    key = (str(workspace_id), who)
    with _lock:
        before = _alive(_here.get(key))
        if before is None and len(_here) >= KEPT_MAX:
            _clear()
            if len(_here) >= KEPT_MAX:
                return
        _here[key] = Present(conversation_id, who, name, doing, clock.now_ms() + LASTS_SECONDS * 1000)
    if before is None or (before.conversation_id, before.doing) != (conversation_id, doing):
        _say(workspace_id, {conversation_id} | ({before.conversation_id} if before else set()))


def leave(workspace_id: uuid.UUID, *, conversation_id: uuid.UUID, who: str) -> None:
    """Somebody left that conversation. Nothing where they are at another by now."""
    key = (str(workspace_id), who)
    with _lock:
        before = _here.get(key)
        if before is None or before.conversation_id != conversation_id:
            return
        del _here[key]
    _say(workspace_id, {conversation_id})


def here(workspace_id: uuid.UUID) -> list[Present]:
    """Who is where in this workspace, by conversation and name."""
    with _lock:
        found = [one for (space, _), one in _here.items() if space == str(workspace_id) and _alive(one)]
    return sorted(found, key=lambda one: (str(one.conversation_id), one.name, one.who))


def forget_all() -> None:
    """Begin anew. For tests."""
    with _lock:
        _here.clear()


def _alive(one: Present | None) -> Present | None:
    return one if one is not None and one.ends_ms > clock.now_ms() else None


def _clear() -> None:
    for key in [key for key, one in _here.items() if not _alive(one)]:
        del _here[key]


def _say(workspace_id: uuid.UUID, conversations: set[uuid.UUID]) -> None:
    for one in conversations:
        live.publish(workspace_id, "presence", one)
