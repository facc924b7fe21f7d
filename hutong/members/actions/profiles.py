"""Members added and named by staff."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import one_line
from hutong.members import projection, values
from hutong.members.actions import attributes, origins
from hutong.members.attributes import standard
from hutong.members.errors import IdentityTaken, MemberGone
from hutong.members.models import Attribute, Identity, Member, OriginState
from hutong.members.names import EXTERNAL_ID_LENGTH_MAX, NAME_LENGTH_MAX
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace


def create(
    workspace: Workspace, *, actor: Actor, name: str, identities: Sequence[tuple[str, str]] = (), given: Mapping[str, Any] | None = None
) -> Member:
    """Add a member with identities (channel, id on the channel) and attribute values by key, all or nothing."""
    now = clock.now()
    with transaction.atomic():
        member = Member.objects.create(
            workspace=workspace, name=one_line("name", name, length_max=NAME_LENGTH_MAX), is_name_fixed=True, first_seen_at=now, last_seen_at=now
        )
        for index, (channel, external_id) in enumerate(dict.fromkeys(identities)):
            clean = one_line(f"identities.{index}.external_id", external_id, length_max=EXTERNAL_ID_LENGTH_MAX)
            if Identity.objects.in_workspace(workspace).filter(channel=channel, external_id=clean).exists():
                raise IdentityTaken(channel=channel, external_id=clean)
            Identity.objects.create(workspace=workspace, member=member, origin=member, channel=channel, external_id=clean, last_seen_at=now)
        projection.mark_people(workspace.pk, [member.pk])
        checked = _checked(workspace, given or {})
        attributes.put(workspace.pk, member_id=member.pk, given=checked, source=actor.source, source_name=actor.name)
        audit.write(workspace, actor=actor, action="member.create", target=member)
    return member


def _checked(workspace: Workspace, given: Mapping[str, Any]) -> dict[uuid.UUID, Any]:
    if not given:
        return {}
    known = attributes.ensure_standard(workspace.pk)
    known |= {row.key: row for row in Attribute.objects.in_workspace(workspace).filter(key__in=list(given), is_standard=False)}
    unknown = [key for key in given if key not in known and key not in standard()]
    if unknown:
        raise Invalid.field(f"attributes.{unknown[0]}", "没有这个属性。", "There is no such attribute.")
    return {
        known[key].pk: values.checked(known[key].type, value, options=known[key].options, field=f"attributes.{key}") for key, value in given.items()
    }


def change(workspace: Workspace, *, actor: Actor, member_id: uuid.UUID, name: str | None = None, is_bot: bool | None = None) -> Member:
    """Name a member (names seen on channels no longer replace it) or say whether it is a bot."""
    with transaction.atomic():
        member = Member.objects.in_workspace(workspace).select_for_update().filter(pk=member_id).first()
        if member is None:
            raise NotFound("member")
        if member.merged_into_id is not None:
            raise MemberGone()
        changed: dict[str, list[Any]] = {}
        if name is not None:
            clean = one_line("name", name, length_max=NAME_LENGTH_MAX)
            if clean != member.name:
                changed["name"] = [member.name, clean]
            member.name, member.is_name_fixed = clean, True
        if is_bot is not None and is_bot != member.is_bot:
            changed["is_bot"] = [member.is_bot, is_bot]
            member.is_bot = is_bot
            # Said of the person, so of everybody merged into them: else the next fact would bring the mistake back.
            OriginState.objects.in_workspace(workspace).filter(origin_id__in=origins.subtree(workspace.pk, member.pk)).update(is_bot=is_bot)
        member.save(update_fields=["name", "name_folded", "is_name_fixed", "is_bot"])
        if changed:
            projection.mark_people(workspace.pk, [member.pk])
            audit.write(workspace, actor=actor, action="member.change", target=member, details={"changed": changed})
    return member
