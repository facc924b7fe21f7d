"""Reads of members that other modules need."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from hutong.members.models import Member

IDS_PER_READ = 500  # SQLite binds a limited number of values


def names(workspace_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names by id; members who are gone are left out."""
    wanted = list(dict.fromkeys(ids))
    found: dict[uuid.UUID, str] = {}
    for start in range(0, len(wanted), IDS_PER_READ):
        found.update(Member.objects.in_workspace(workspace_id).filter(pk__in=wanted[start : start + IDS_PER_READ]).values_list("id", "name"))
    return found
