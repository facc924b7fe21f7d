"""Whether a workspace has the sample community, and how big it is."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from hutong.communities.models import Community
from hutong.events import queries as events
from hutong.members.models import Member
from hutong.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Status:
    """What is there of the sample; zeros and nones where it is not loaded."""

    is_loaded: bool
    community_id: uuid.UUID | None = None
    community_name: str = ""
    members: int = 0
    events: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None


def status(workspace: Workspace) -> Status:
    """The sample of this workspace."""
    community = Community.objects.in_workspace(workspace).filter(is_sample=True).first()
    if community is None:
        return Status(is_loaded=False)
    ((count, first_day, last_day),) = events.rows(
        "SELECT count(), min(local_day), max(local_day) FROM events WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID}",
        {"workspace": str(workspace.pk), "community": str(community.pk)},
    )
    return Status(
        is_loaded=True,
        community_id=community.pk,
        community_name=community.name,
        members=Member.objects.in_workspace(workspace).filter(is_sample=True).count(),
        events=count,
        first_day=first_day if count else None,
        last_day=last_day if count else None,
    )
