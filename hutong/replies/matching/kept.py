"""The matchers of workspaces, kept in the process by the version of their rules.

A base holds all rules as of some version; what changed since is compiled beside it the moment it is needed, so that a change takes effect
with the next message. The base is made anew after the change that outgrows the difference, in the thread that made it, or by the periodic
job after a start; a message waits for it only when neither has been there first.
"""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from dataclasses import dataclass

from hutong.replies.matching.compiled import COLUMNS, compile_rule, similar
from hutong.replies.matching.matcher import Hit, Matcher
from hutong.replies.matching.said import Said
from hutong.replies.models import Rule, RuleSet, Synonyms

DIFFERENCE_MAX = 200  # rules changed since the base was made
KEPT_MAX = 100  # workspaces

_EMPTY = Matcher([])


@dataclass(frozen=True, slots=True)
class Ready:
    """The rules of a workspace as of a version."""

    version: int
    base_version: int
    base: Matcher
    changed: Matcher
    stale: frozenset[uuid.UUID]  # rules whose form in the base counts no more

    def find(self, said: Said, *, without: uuid.UUID | None = None) -> list[Hit]:
        """Rules that a message is for, who answers first."""
        left_out = self.stale if without is None else self.stale | {without}
        found = self.base.find(said, left_out) + self.changed.find(said, frozenset() if without is None else frozenset({without}))
        return sorted(found, key=lambda hit: hit.rank)


_kept: OrderedDict[uuid.UUID, Ready] = OrderedDict()
_lock = threading.Lock()
_building: dict[uuid.UUID, threading.Lock] = {}


def version_of(workspace_id: uuid.UUID) -> int:
    """The version of the rules now; 0 while there have been none."""
    return RuleSet.objects.in_workspace(workspace_id).values_list("version", flat=True).first() or 0


def ready(workspace_id: uuid.UUID) -> Ready | None:
    """The rules as they are at this moment; None while there are none."""
    version = version_of(workspace_id)
    if version == 0:
        return None
    found = _kept.get(workspace_id)
    if found is not None and found.version == version:
        return found
    with _lock:
        lock = _building.setdefault(workspace_id, threading.Lock())
    with lock:
        found = _kept.get(workspace_id)
        if found is None or found.version != version:
            found = _made(workspace_id, found, version)
            with _lock:
                _kept[workspace_id] = found
                _kept.move_to_end(workspace_id)
                while len(_kept) > KEPT_MAX:
                    _kept.popitem(last=False)
    return found


def forget() -> None:
    """For tests that make workspaces anew."""
    with _lock:
        _kept.clear()


def _made(workspace_id: uuid.UUID, had: Ready | None, version: int) -> Ready:
    rows = Rule.objects.in_workspace(workspace_id)
    words = similar(list(Synonyms.objects.in_workspace(workspace_id).values_list("words", flat=True)))
    if had is not None and had.base_version <= version:
        since = rows.filter(version__gt=had.base_version)
        ids = list(since.values_list("id", flat=True)[: DIFFERENCE_MAX + 1])
        if len(ids) <= DIFFERENCE_MAX:
            live = since.filter(is_enabled=True, deleted_at=None).values(*COLUMNS)
            return Ready(version, had.base_version, had.base, Matcher([compile_rule(row) for row in live], words), frozenset(ids))
    live = rows.filter(is_enabled=True, deleted_at=None).values(*COLUMNS)
    return Ready(version, version, Matcher([compile_rule(row) for row in live.iterator(chunk_size=2_000)], words), _EMPTY, frozenset())
