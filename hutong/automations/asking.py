"""Asking conditions of some members, at the moment, for rules and journeys alike."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.foundation import clock, ids
from hutong.members.bulk import chunks
from hutong.segments import facts, vocabulary
from hutong.segments.conditions import nodes, reading, some, sums
from hutong.segments.conditions.values import Today
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.workspaces.models import Workspace

ASKED_TOGETHER = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """A condition ready to be asked. `is_late`: of what somebody did, so that the warehouse must have what just happened."""

    condition: nodes.Condition
    holds: some.Asked
    abouts: Sequence[sums.About]

    @property
    def is_late(self) -> bool:
        """Whether it asks for events."""
        return bool(self.abouts)


def question(raw: Any, words: Vocabulary) -> Question:
    """A condition from its JSON value. Raises ConditionRefused."""
    condition = reading.read(raw, words)
    events = [leaf for leaf in reading.leaves(condition) if isinstance(leaf, nodes.Did | nodes.Sequence)]
    return Question(condition, some.compiled(condition, words), [sums.about(leaf) for leaf in events])


def asks_events(raw: Any) -> bool:
    """Whether a condition, given as JSON, asks what somebody did."""
    left = [raw]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left.extend(one)
        elif isinstance(one, dict):
            if one.get("kind") in ("event", "sequence"):
                return True
            left.extend(one.values())
    return False


class Asker:
    """Asks of members of one workspace; what it read of them is kept as long as it lives, which is one turn."""

    def __init__(self, workspace_id: uuid.UUID, questions: Iterable[Question], members: Iterable[uuid.UUID], *, now: dt.datetime, zone: str) -> None:
        """Everything that will be asked, and of whom. Days are those of `zone`."""
        self._words = words_of(workspace_id)
        self._today = Today(clock.local_date(now, zone))
        asked = [(about, self._today) for about in _different(questions)]
        self._pieces = [
            (frozenset(part), facts.Known(str(workspace_id), part, asked, self._words))
            for part in chunks(sorted({str(one) for one in members}), size=ASKED_TOGETHER)
        ]

    def holding(self, one: Question, members: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Those of them for whom it holds. Bots, the anonymous and whoever was merged away are never among them."""
        wanted = {str(member) for member in members}
        found: set[uuid.UUID] = set()
        for there, known in self._pieces:
            asked = known.counting(wanted & there)
            if asked:
                found.update(map(ids.read, one.holds(known, asked, self._today)))
        return found


def _different(questions: Iterable[Question]) -> list[sums.About]:
    """Every about that differs by what it asks or by its window."""
    found: list[sums.About] = []
    for one in questions:
        for about in one.abouts:
            if about not in found:
                found.append(about)
    return found


_KEPT_SECONDS = 1.0  # a new attribute is spoken of that much later
_words: dict[uuid.UUID, tuple[float, Vocabulary]] = {}


def words_of(workspace_id: uuid.UUID) -> Vocabulary:
    """What conditions of a workspace may speak of, at most a second old."""
    known, now = _words.get(workspace_id), clock.monotonic_seconds()
    if known is not None and now - known[0] < _KEPT_SECONDS:
        return known[1]
    workspace = Workspace.objects.filter(pk=workspace_id).first()
    words = Vocabulary() if workspace is None else vocabulary.of(workspace)
    _words[workspace_id] = (now, words)
    return words


def forget() -> None:
    """Read everything anew: for tests."""
    _words.clear()
