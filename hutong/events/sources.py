"""Data sources: who may send Segment calls, and where their events belong."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import transaction

from hutong.communities.models import Community, Group
from hutong.events import places
from hutong.events.errors import GroupElsewhere
from hutong.events.models import Source
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.workspaces import audit
from hutong.workspaces.access import Actor, hash_secret
from hutong.workspaces.models import Workspace

PREFIX_LENGTH = 12


def listed(workspace: Workspace) -> list[Source]:
    """Sources in use, oldest first."""
    return list(Source.objects.in_workspace(workspace).filter(revoked_at=None).order_by("id"))


def create(workspace: Workspace, *, actor: Actor, name: str, community_id: UUID | None, group_id: UUID | None) -> tuple[Source, str]:
    """Make a source; the write key is in the answer only."""
    with transaction.atomic():
        community, group = _place(workspace, community_id, group_id)
        key = f"htw_{secrets.token_urlsafe(24)}"
        source = Source.objects.create(
            workspace=workspace,
            name=name,
            prefix=key[:PREFIX_LENGTH],
            key_hash=hash_secret(key),
            community=community,
            group=group,
            created_by=actor.user,
        )
        audit.write(workspace, actor=actor, action="source.create", target=source, target_name=name)
    return source, key


def change(workspace: Workspace, *, actor: Actor, source_id: UUID, name: str, community_id: UUID | None, group_id: UUID | None) -> Source:
    """Rename a source or send its events elsewhere from now on."""
    with transaction.atomic():
        source = _one(workspace, source_id)
        source.name = name
        source.community, source.group = _place(workspace, community_id, group_id)
        source.save(update_fields=["name", "community", "group"])
        audit.write(workspace, actor=actor, action="source.change", target=source, target_name=name)
        transaction.on_commit(places.forget)
    return source


def revoke(workspace: Workspace, *, actor: Actor, source_id: UUID) -> None:
    """Stop taking calls with a source's key."""
    with transaction.atomic():
        source = _one(workspace, source_id)
        source.revoked_at = clock.now()
        source.save(update_fields=["revoked_at"])
        audit.write(workspace, actor=actor, action="source.revoke", target=source, target_name=source.name)
        transaction.on_commit(places.forget)


def _one(workspace: Workspace, source_id: UUID) -> Source:
    source = Source.objects.in_workspace(workspace).filter(pk=source_id, revoked_at=None).first()
    if source is None:
        raise NotFound("source")
    return source


def _place(workspace: Workspace, community_id: UUID | None, group_id: UUID | None) -> tuple[Community | None, Group | None]:
    community = group = None
    if community_id is not None:
        community = Community.objects.in_workspace(workspace).filter(pk=community_id).first()
        if community is None:
            raise NotFound("community")
    if group_id is not None:
        group = Group.objects.in_workspace(workspace).filter(pk=group_id).select_related("community").first()
        if group is None:
            raise NotFound("group")
        if community is not None and group.community_id != community.pk:
            raise GroupElsewhere()
        community = group.community
    return community, group
