"""Writes to the stream and the warehouse that other modules need."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from hutong.events.warehouse import engine, rewrite


def append_history(workspace_id: uuid.UUID, rows: Sequence[bytes], *, community_id: uuid.UUID, token: str) -> None:
    """Add rows of one community's imported history (`events.row.EventRow` as JSON, `is_history` set) straight to the warehouse.

    Each of `rows` is one line, or several divided by line ends. The caller has left out ids the warehouse has; the same token again is harmless. Nothing is triggered.
    """
    engine.insert("events", rows, token=f"history/{workspace_id}/{token}", places=(str(workspace_id), str(community_id)))


def append_memberships(rows: Sequence[bytes], *, token: str) -> None:
    """Add rows of the `memberships` table after a recount of history."""
    engine.insert("memberships", rows, token=f"memberships/{token}")


def remove_history(workspace_id: uuid.UUID, *, source: str) -> None:
    """Take out all events of a source (`import:<id>`) and count their communities anew."""
    rewrite.remove_events(str(workspace_id), condition="source = {source:String}", parameters={"source": source})


def remove_community(workspace_id: uuid.UUID, *, community_id: uuid.UUID) -> None:
    """Take out everything the warehouse holds of a community."""
    rewrite.remove_community(str(workspace_id), str(community_id))


def remove_members(workspace_id: uuid.UUID, *, member_ids: Sequence[uuid.UUID]) -> None:
    """Take out every event recorded for these members, wherever it lies now, and count its communities anew."""
    rewrite.remove_events(str(workspace_id), condition="origin_id IN {members:Array(UUID)}", parameters={"members": [str(one) for one in member_ids]})
