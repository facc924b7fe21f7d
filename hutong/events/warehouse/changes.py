"""What changed since an answer was computed. One process owns the engine, so every change passes here; counts only ever grow."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterable

_PLACES = re.compile(rb'"(?:workspace_id|community_id)": ?"([0-9a-f-]{36})"')
PLACES_MAX = 100_000

_lock = threading.Lock()
_everywhere = 0
_places: dict[str, int] = {}


def version(ids: Iterable[str]) -> tuple[int, ...]:
    """Differs from an earlier one when rows of those workspaces or communities may have changed in between."""
    with _lock:
        return (_everywhere, *(_places.get(one, 0) for one in ids))


def places_in(lines: bytes) -> set[str]:
    """The workspaces and communities of rows given as JSON objects."""
    return {one.decode() for one in set(_PLACES.findall(lines))}


def note(places: Collection[str]) -> None:
    """Rows of those workspaces and communities were added."""
    global _everywhere
    with _lock:
        if len(_places) + len(places) > PLACES_MAX:
            _places.clear()
            _everywhere += 1
        for one in places:
            _places[one] = _places.get(one, 0) + 1


def note_everywhere() -> None:
    """Any row may have changed."""
    global _everywhere
    with _lock:
        _everywhere += 1
