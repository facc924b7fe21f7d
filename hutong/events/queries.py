"""Reads of the stream and of the warehouse that other modules need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hutong.events.models import EventType
from hutong.events.standing import Standing, await_shipped, log_entries, standings, still_position
from hutong.events.warehouse import changes, engine, history
from hutong.events.warehouse.state import answers, rows_by_table
from hutong.workspaces.models import Workspace

__all__ = [
    "Standing",
    "answers",
    "await_shipped",
    "event_types",
    "history",
    "log_entries",
    "rows",
    "rows_by_table",
    "standings",
    "still_position",
    "version",
]


def rows(statement: str, parameters: dict[str, Any] | None = None, *, timeout_seconds: int = engine.QUERY_TIMEOUT_SECONDS) -> Sequence[Sequence[Any]]:
    """Rows of a warehouse query. Values are bound as `{name:Type}`; every query names a workspace and a range of days."""
    return engine.rows(statement, parameters, timeout_seconds=timeout_seconds)


def event_types(workspace: Workspace) -> list[EventType]:
    """The kinds of events seen that no module declared, without those that staff ignore; the most frequent first."""
    return list(EventType.objects.in_workspace(workspace).exclude(review="ignored").order_by("-events", "name"))


def version(ids: Iterable[str]) -> tuple[int, ...]:
    """Of the warehouse's rows of those workspaces or communities: the same again means that no answer about them has changed."""
    return changes.version(ids)
