"""By which clock each member lives."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from hutong.communities.models import Community
from hutong.foundation import clock
from hutong.members import bulk
from hutong.members.models import Attribute, AttributeValue, Participation
from hutong.workspaces.models import Workspace

ATTRIBUTE = "time_zone"


def zones_of(workspace_id: uuid.UUID, member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The IANA zone of each member: what is known of them (`time_zone`), else that of the community where they were active last, else the workspace's."""
    found = {} if not member_ids else _known(workspace_id, member_ids)
    left = [one for one in member_ids if one not in found]
    if left:
        found |= _of_communities(workspace_id, left)
        own = Workspace.objects.values_list("time_zone", flat=True).get(pk=workspace_id)
        for one in left:
            found.setdefault(one, own)
    return found


def _known(workspace_id: uuid.UUID, member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    attribute_id = Attribute.objects.in_workspace(workspace_id).filter(key=ATTRIBUTE).values_list("pk", flat=True).first()
    if attribute_id is None:
        return {}
    told = bulk.pick(AttributeValue, ["value"], "member", member_ids, workspace_id=workspace_id, also={"attribute": attribute_id})
    names = clock.zone_names()
    said = ((member_id, value.strip('"')) for member_id, value in told if isinstance(value, str))
    return {member_id: name for member_id, name in said if name in names}


def _of_communities(workspace_id: uuid.UUID, member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Where they were active last; in one where they never were only if there is no other."""
    latest: dict[uuid.UUID, tuple[str, uuid.UUID]] = {}
    communities: set[uuid.UUID] = set()
    for member_id, community_id, at in bulk.pick(Participation, ["community", "last_active_at"], "member", member_ids, workspace_id=workspace_id):
        there = ("" if at is None else str(at), community_id)
        communities.add(community_id)
        if member_id not in latest or there > latest[member_id]:
            latest[member_id] = there
    zones = _zones(workspace_id, communities)
    return {member_id: zones[community_id] for member_id, (_, community_id) in latest.items() if community_id in zones}


def _zones(workspace_id: uuid.UUID, communities: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = Community.objects.in_workspace(workspace_id).filter(pk__in=communities)
    return dict(rows.values_list("pk", "time_zone"))
