"""Every read of communities and groups that others need."""

from __future__ import annotations

import uuid

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hutong.communities.models import Community, Group
from hutong.foundation import pages
from hutong.foundation.errors import NotFound
from hutong.workspaces.models import Workspace

_SHELVES = {"open": Q(archived_at=None), "archived": Q(archived_at__isnull=False), "all": Q()}


def communities(workspace: Workspace, *, q: str, show: str, cursor: str | None, limit: int) -> pages.Page[Community]:
    """A page of communities by name, counted."""
    found = Community.objects.in_workspace(workspace).filter(_SHELVES[show])
    if q:
        found = found.filter(name__icontains=q)
    return pages.paginate(_counted_communities(found), order=["name", "id"], cursor=cursor, limit=limit)


def community(workspace: Workspace, community_id: uuid.UUID) -> Community:
    """One community, counted. Raises NotFound."""
    found = _counted_communities(Community.objects.in_workspace(workspace).filter(pk=community_id)).first()
    if found is None:
        raise NotFound("community")
    return found


def groups(
    workspace: Workspace, *, community_id: uuid.UUID | None, channel: str, q: str, show: str, cursor: str | None, limit: int
) -> pages.Page[Group]:
    """A page of groups by name, counted."""
    found = Group.objects.in_workspace(workspace).filter(_SHELVES[show])
    if community_id is not None:
        if not Community.objects.in_workspace(workspace).filter(pk=community_id).exists():
            raise NotFound("community")
        found = found.filter(community_id=community_id)
    if channel:
        found = found.filter(channel=channel)
    if q:
        found = found.filter(name__icontains=q)
    return pages.paginate(_counted_groups(found), order=["name", "id"], cursor=cursor, limit=limit)


def group(workspace: Workspace, group_id: uuid.UUID) -> Group:
    """One group, counted. Raises NotFound."""
    found = _counted_groups(Group.objects.in_workspace(workspace).filter(pk=group_id)).first()
    if found is None:
        raise NotFound("group")
    return found


# Members are a layer above: their rows are reached through the relations they declare on ours, and only to be counted.
def _counted_communities(rows: QuerySet[Community]) -> QuerySet[Community]:
    groups = Group.plain.filter(community=OuterRef("pk"), archived_at=None).order_by().values("community").annotate(n=Count("pk"))
    present = Q(participations__joined_at__isnull=False, participations__left_at=None)
    members = Community.plain.filter(pk=OuterRef("pk")).order_by().values("pk").annotate(n=Count("participations", filter=present))
    return rows.annotate(groups_count=Coalesce(Subquery(groups.values("n")), 0), members_count=Coalesce(Subquery(members.values("n")), 0))


def _counted_groups(rows: QuerySet[Group]) -> QuerySet[Group]:
    members = Group.plain.filter(pk=OuterRef("pk")).order_by().values("pk").annotate(n=Count("memberships", filter=Q(memberships__left_at=None)))
    return rows.select_related("community").annotate(members_count=Coalesce(Subquery(members.values("n")), 0))
