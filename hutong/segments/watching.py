"""While a segment is counted in full: whom the follower asks meanwhile, since that answer is the newer one."""

from __future__ import annotations

import threading
import uuid

_watching: dict[uuid.UUID, list[set[str]]] = {}
_lock = threading.Lock()


def begin(segment_id: uuid.UUID) -> set[str]:
    """A set that grows with every member (id as text) who is asked from now on."""
    asked: set[str] = set()
    with _lock:
        _watching.setdefault(segment_id, []).append(asked)
    return asked


def end(segment_id: uuid.UUID, asked: set[str]) -> None:
    """The count has ended."""
    with _lock:
        _watching[segment_id] = [each for each in _watching[segment_id] if each is not asked]
        if not _watching[segment_id]:
            del _watching[segment_id]


def tell(segment_id: uuid.UUID, asked: set[str]) -> None:
    """These members are being asked."""
    with _lock:
        for each in _watching.get(segment_id, ()):
            each |= asked
