"""Writing a broadcast: made, changed, deleted. A change names the version it was made on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import msgspec
from django.db import transaction

from hutong.broadcasts import audience as audiences
from hutong.broadcasts.audience import Audience
from hutong.broadcasts.errors import BroadcastChanged, BroadcastState
from hutong.broadcasts.models import Broadcast
from hutong.channels import messages
from hutong.channels.messages import PartIn
from hutong.foundation import clock
from hutong.foundation import timing as timings
from hutong.foundation.errors import NotFound
from hutong.foundation.text import one_line
from hutong.foundation.timing import Timing
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

NAME_LENGTH_MAX = 100


def create(workspace: Workspace, *, actor: Actor, name: str) -> Broadcast:
    """A new draft."""
    with transaction.atomic():
        made = Broadcast.objects.create(
            workspace=workspace,
            name=one_line("name", name, length_max=NAME_LENGTH_MAX),
            audience=msgspec.to_builtins(Audience()),
            timing=msgspec.to_builtins(Timing(zone=workspace.time_zone)),
            created_by_name=actor.name,
            changed_by_name=actor.name,
        )
        audit.write(workspace, actor=actor, action="broadcast.create", target=made)
    return made


def change(
    workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID, version: int, name: str, purpose: str, parts: Sequence[PartIn],
    audience: Audience, timing: Timing, per_minute: int | None, tracks_links: bool,
) -> Broadcast:  # fmt: skip
    """Say what a draft is now. Raises Invalid, NotFound, BroadcastState, BroadcastChanged."""
    with transaction.atomic():
        found = one(workspace, broadcast_id)
        if found.state != "draft":
            raise BroadcastState()
        BroadcastChanged.unless(version, found.version, by=found.changed_by_name)
        found.name = one_line("name", name, length_max=NAME_LENGTH_MAX)
        found.purpose = purpose
        found.parts = messages.stored(messages.read(workspace.pk, parts).segments) if parts else []
        found.audience = msgspec.to_builtins(audiences.checked(workspace, audience))
        found.timing = msgspec.to_builtins(timings.checked(timing))
        found.per_minute, found.tracks_links = per_minute, tracks_links
        found.version += 1
        found.changed_by_name, found.updated_at = actor.name, clock.now()
        found.save()
        audit.write(workspace, actor=actor, action="broadcast.change", target=found)
    return found


def delete(workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID) -> None:
    """Throw away a draft that has never gone. Raises NotFound, BroadcastState."""
    with transaction.atomic():
        found = one(workspace, broadcast_id)
        if found.state != "draft" or found.runs.in_workspace(workspace).exists():
            raise BroadcastState()
        audit.write(workspace, actor=actor, action="broadcast.delete", target=found)
        found.delete()


def one(workspace: Workspace, broadcast_id: uuid.UUID) -> Broadcast:
    """A broadcast to be changed in this transaction. Raises NotFound."""
    found = Broadcast.objects.in_workspace(workspace).select_for_update().filter(pk=broadcast_id).first()
    if found is None:
        raise NotFound("broadcast")
    return found
