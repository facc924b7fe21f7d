"""Every write to communities and groups."""

from __future__ import annotations

import re
import uuid

from django.db import IntegrityError, transaction

from hutong.communities import renaming
from hutong.communities.errors import CommunityArchived, CommunityNameTaken, GroupExists, GroupNameTaken, RezoneUnconfirmed
from hutong.communities.models import KINDS, Community, Group
from hutong.foundation import clock, stream
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.stream import Fact
from hutong.foundation.text import many_lines, one_line
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

COMMUNITY_NAME_LENGTH_MAX = 100
GROUP_NAME_LENGTH_MAX = 100
DESCRIPTION_LENGTH_MAX = 500
EXTERNAL_ID_LENGTH_MAX = 200
CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,29}")


def create_community(
    workspace: Workspace,
    *,
    actor: Actor,
    name: str,
    kind: str = "other",
    description: str = "",
    time_zone: str | None = None,
    is_sample: bool = False,
) -> Community:
    """Add a community; without a zone it takes the workspace's. Raises CommunityNameTaken, Invalid."""
    made = Community(
        workspace=workspace,
        name=one_line("name", name, length_max=COMMUNITY_NAME_LENGTH_MAX),
        kind=_kind(kind),
        description=many_lines("description", description, length_max=DESCRIPTION_LENGTH_MAX),
        time_zone=_zone(workspace.time_zone if time_zone is None else time_zone),
        is_sample=is_sample,
    )
    with transaction.atomic():
        _save_community(made)
        _record("community_created", made, actor=actor, properties={"name": made.name, "time_zone": made.time_zone})
        audit.write(workspace, actor=actor, action="community.create", target=made)
    return made


def change_community(
    workspace: Workspace,
    *,
    actor: Actor,
    community_id: uuid.UUID,
    name: str | None = None,
    kind: str | None = None,
    description: str | None = None,
    time_zone: str | None = None,
    is_rezone_confirmed: bool = False,
) -> Community:
    """Change what is given. A new time zone counts every day anew, and is refused until confirmed."""
    with transaction.atomic():
        community = _community(workspace, community_id)
        before = {"name": community.name, "kind": community.kind, "description": community.description, "time_zone": community.time_zone}
        if name is not None:
            community.name = one_line("name", name, length_max=COMMUNITY_NAME_LENGTH_MAX)
        if kind is not None:
            community.kind = _kind(kind)
        if description is not None:
            community.description = many_lines("description", description, length_max=DESCRIPTION_LENGTH_MAX)
        if time_zone is not None:
            community.time_zone = _zone(time_zone)
        changed = {field: [old, getattr(community, field)] for field, old in before.items() if old != getattr(community, field)}
        if not changed:
            return community
        if "time_zone" in changed:
            if not is_rezone_confirmed:
                raise RezoneUnconfirmed(name=before["name"], time_zone=community.time_zone)
            _record("community_rezoned", community, actor=actor, properties={"time_zone": community.time_zone, "from": before["time_zone"]})
        community.updated_at = clock.now()
        _save_community(community)
        if "name" in changed:
            renaming.renamed(workspace, actor=actor, community=community)
        audit.write(workspace, actor=actor, action="community.change", target=community, details={"changed": changed})
    return community


def archive_community(workspace: Workspace, *, actor: Actor, community_id: uuid.UUID) -> Community:
    """Put a community away. Its numbers stay; its name becomes free."""
    with transaction.atomic():
        community = _community(workspace, community_id)
        if community.archived_at is None:
            community.archived_at = community.updated_at = clock.now()
            community.save(update_fields=["archived_at", "updated_at"])
            audit.write(workspace, actor=actor, action="community.archive", target=community)
    return community


def restore_community(workspace: Workspace, *, actor: Actor, community_id: uuid.UUID) -> Community:
    """Take a community back from the archive. Raises CommunityNameTaken when its name was given away."""
    with transaction.atomic():
        community = _community(workspace, community_id)
        if community.archived_at is not None:
            community.archived_at, community.updated_at = None, clock.now()
            _save_community(community)
            audit.write(workspace, actor=actor, action="community.restore", target=community)
    return community


def create_group(workspace: Workspace, *, actor: Actor, community_id: uuid.UUID, name: str, channel: str, external_id: str = "") -> Group:
    """Add a group on a channel to a community. Raises GroupNameTaken, GroupExists, CommunityArchived, Invalid."""
    if not CHANNEL.fullmatch(channel):
        raise Invalid.field("channel", "渠道只能用小写字母、数字、- 和 _。", "A channel is lower-case letters, digits, - and _.")
    with transaction.atomic():
        community = _community(workspace, community_id)
        if community.archived_at is not None:
            raise CommunityArchived(name=community.name)
        made = Group(
            workspace=workspace,
            community=community,
            name=one_line("name", name, length_max=GROUP_NAME_LENGTH_MAX),
            channel=channel,
            external_id=one_line("external_id", external_id, length_max=EXTERNAL_ID_LENGTH_MAX, required=False),
        )
        _save_group(made)
        properties = {"name": made.name}
        stream.record(
            Fact(
                workspace_id=workspace.pk,
                name="group_created",
                community_id=community.pk,
                group_id=made.pk,
                channel=channel,
                source=actor.source,
                properties=properties,
            )
        )
        audit.write(workspace, actor=actor, action="group.create", target=made, details={"community_id": str(community.pk), "channel": channel})
    return made


def rename_group(workspace: Workspace, *, actor: Actor, group_id: uuid.UUID, name: str) -> Group:
    """Give a group another name. Its community and channel stay: its events belong to them."""
    with transaction.atomic():
        group = _group(workspace, group_id)
        before, group.name = group.name, one_line("name", name, length_max=GROUP_NAME_LENGTH_MAX)
        if before != group.name:
            group.updated_at = clock.now()
            _save_group(group)
            audit.write(workspace, actor=actor, action="group.change", target=group, details={"changed": {"name": [before, group.name]}})
    return group


def archive_group(workspace: Workspace, *, actor: Actor, group_id: uuid.UUID) -> Group:
    """Put a group away. Its numbers stay; its name becomes free."""
    with transaction.atomic():
        group = _group(workspace, group_id)
        if group.archived_at is None:
            group.archived_at = group.updated_at = clock.now()
            group.save(update_fields=["archived_at", "updated_at"])
            audit.write(workspace, actor=actor, action="group.archive", target=group)
    return group


def restore_group(workspace: Workspace, *, actor: Actor, group_id: uuid.UUID) -> Group:
    """Take a group back from the archive. Raises GroupNameTaken when its name was given away."""
    with transaction.atomic():
        group = _group(workspace, group_id)
        if group.archived_at is not None:
            group.archived_at, group.updated_at = None, clock.now()
            _save_group(group)
            audit.write(workspace, actor=actor, action="group.restore", target=group)
    return group


def identify_group(workspace_id: uuid.UUID, *, group_id: uuid.UUID, external_id: str) -> None:
    """The platform's id of a group, learnt from it. One that another group has stays with that group. Within a transaction."""
    groups = Group.objects.in_workspace(workspace_id)
    group = groups.filter(pk=group_id).first()
    if group is not None and not groups.filter(channel=group.channel, external_id=external_id).exists():
        groups.filter(pk=group_id).update(external_id=external_id, updated_at=clock.now())


def _community(workspace: Workspace, community_id: uuid.UUID) -> Community:
    found = Community.objects.in_workspace(workspace).select_for_update().filter(pk=community_id).first()
    if found is None:
        raise NotFound("community")
    return found


def _group(workspace: Workspace, group_id: uuid.UUID) -> Group:
    found = Group.objects.in_workspace(workspace).select_for_update().filter(pk=group_id).first()
    if found is None:
        raise NotFound("group")
    return found


def _save_community(community: Community) -> None:
    try:
        with transaction.atomic():
            community.save()
    except IntegrityError as error:
        raise CommunityNameTaken(name=community.name) from error


def _save_group(group: Group) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        same = Group.objects.in_workspace(group.workspace_id).exclude(pk=group.pk).filter(channel=group.channel, external_id=group.external_id)
        there = same.first() if group.external_id else None
        if there is not None:
            raise GroupExists(name=there.name) from error
        raise GroupNameTaken(name=group.name) from error


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Invalid.field("kind", f"只能是 {'、'.join(KINDS)}。", f"Must be one of {', '.join(KINDS)}.")
    return kind


def _zone(name: str) -> str:
    if name not in clock.zone_names():
        raise Invalid.field("time_zone", "没有这个时区，例如 Asia/Shanghai。", "There is no such time zone. An example is Asia/Shanghai.")
    return name


def _record(name: str, community: Community, *, actor: Actor, properties: dict[str, str]) -> None:
    stream.record(Fact(workspace_id=community.workspace_id, name=name, community_id=community.pk, source=actor.source, properties=properties))
