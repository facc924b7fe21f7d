"""Columns of exported lists of members that layers above fill, such as tags. Each is contributed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence

from hutong.workspaces.models import Workspace

# What stands in the column for some members; of those left out, nothing.
Column = Callable[[Workspace, Sequence[uuid.UUID]], Mapping[uuid.UUID, str]]

_columns: dict[str, Column] = {}


def install(columns: Mapping[str, Column]) -> None:
    """Called once by the composition root."""
    _columns.clear()
    _columns.update(columns)


def names() -> tuple[str, ...]:
    """Their headings, in order."""
    return tuple(_columns)


def cells(workspace: Workspace, member_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """What stands in them for each of these members."""
    filled = [column(workspace, member_ids) for column in _columns.values()]
    return {member_id: tuple(some.get(member_id, "") for some in filled) for member_id in member_ids}
