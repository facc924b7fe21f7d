"""Two members found to be one person, and taking that back. Merges are undone in any order."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from hutong.foundation import clock, stream
from hutong.foundation.errors import NotFound
from hutong.foundation.stream import Fact
from hutong.members.actions import origins
from hutong.members.errors import AlreadyMerged, AlreadyUndone, SameMember
from hutong.members.models import AttributeValue, Identity, Member, Merge
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace


def merge(workspace: Workspace, *, actor: Actor, kept_id: uuid.UUID, absorbed_id: uuid.UUID, reason: str = "") -> Merge:
    """Merge one member into another: identities move, stays unite, doings sum up, the kept's attribute values win."""
    with transaction.atomic():
        done = unite(workspace.pk, kept_id=kept_id, absorbed_id=absorbed_id, reason=reason, by_name=actor.name, source=actor.source)
        audit.write(
            workspace, actor=actor, action="member.merge", target=done.kept,
            details={"absorbed_id": str(absorbed_id), "absorbed_name": done.absorbed.name, "merge_id": str(done.pk), "reason": reason},
        )  # fmt: skip
        return done


def unite(workspace_id: uuid.UUID, *, kept_id: uuid.UUID, absorbed_id: uuid.UUID, reason: str, by_name: str, source: str = "system") -> Merge:
    """The merge itself, for staff and for links that a platform vouches for. Call it inside a transaction."""
    if kept_id == absorbed_id:
        raise SameMember()
    rows = {row.pk: row for row in Member.objects.in_workspace(workspace_id).filter(pk__in=[kept_id, absorbed_id]).select_for_update()}
    if len(rows) < 2:
        raise NotFound("member")
    kept, absorbed = rows[kept_id], rows[absorbed_id]
    for one in (kept, absorbed):
        if one.merged_into_id is not None:
            raise AlreadyMerged(name=one.name)
    done = Merge.objects.create(
        workspace_id=workspace_id, kept=kept, absorbed=absorbed, reason=reason, by_name=by_name, at=clock.now(),
        snapshot={"kept": _snapshot(workspace_id, kept), "absorbed": _snapshot(workspace_id, absorbed)},
    )  # fmt: skip
    origins.begin(workspace_id, kept)
    origins.begin(workspace_id, absorbed)
    moved = origins.subtree(workspace_id, absorbed_id)
    origins.hide(workspace_id, absorbed_id)
    Member.objects.in_workspace(workspace_id).filter(pk=absorbed_id).update(merged_into=kept)
    Identity.objects.in_workspace(workspace_id).filter(member_id=absorbed_id).update(member_id=kept_id)
    origins.show(workspace_id, kept_id)
    _record("members_merged", workspace_id, member_id=kept_id, other=("absorbed_id", absorbed_id), moved=moved, source=source)
    return done


def undo(workspace: Workspace, *, actor: Actor, merge_id: uuid.UUID) -> Merge:
    """Take a merge back. Both are as they would be without it; facts seen since are with the origin of their identity."""
    workspace_id = workspace.pk
    with transaction.atomic():
        found = Merge.objects.in_workspace(workspace_id).select_related("kept", "absorbed").select_for_update().filter(pk=merge_id).first()
        if found is None:
            raise NotFound("merge")
        if found.undone_at is not None:
            raise AlreadyUndone()
        absorbed_id = found.absorbed_id
        shown_id = origins.root(workspace_id, absorbed_id)
        moved = origins.subtree(workspace_id, absorbed_id)
        found.undone_at = clock.now()
        found.save(update_fields=["undone_at"])
        Member.objects.in_workspace(workspace_id).filter(pk=absorbed_id).update(merged_into=None)
        Identity.objects.in_workspace(workspace_id).filter(origin_id__in=moved).update(member_id=absorbed_id)
        origins.show(workspace_id, shown_id)
        origins.show(workspace_id, absorbed_id)
        other = ("restored_id", absorbed_id)
        _record("members_unmerged", workspace_id, member_id=shown_id, other=other, moved=moved, source=actor.source)
        audit.write(
            workspace, actor=actor, action="member.unmerge", target=found.kept,
            details={"restored_id": str(absorbed_id), "restored_name": found.absorbed.name, "merge_id": str(found.pk)},
        )  # fmt: skip
        return found


def _record(name: str, workspace_id: uuid.UUID, *, member_id: uuid.UUID, other: tuple[str, uuid.UUID], moved: list[uuid.UUID], source: str) -> None:
    # `origin_ids` says which events move: those of the absorbed member and of everybody merged into them before.
    properties = {other[0]: str(other[1]), "origin_ids": ",".join(str(origin_id) for origin_id in moved)}
    stream.record(Fact(workspace_id=workspace_id, name=name, member_id=member_id, source=source, properties=properties))


def _snapshot(workspace_id: uuid.UUID, member: Member) -> dict[str, Any]:
    """How the member looked at the moment of the merge."""
    identities = Identity.objects.in_workspace(workspace_id).filter(member=member).order_by("channel", "external_id")
    values = AttributeValue.objects.in_workspace(workspace_id).filter(member=member).select_related("attribute").order_by("attribute__key")
    return {
        "id": str(member.pk),
        "name": member.name,
        "messages": member.messages,
        "first_seen_at": member.first_seen_at.isoformat(),
        "last_seen_at": member.last_seen_at.isoformat(),
        "identities": [{"channel": one.channel, "external_id": one.external_id, "name": one.name} for one in identities],
        "attributes": [
            {"key": one.attribute.key, "value": one.value, "source": one.source, "source_name": one.source_name, "set_at": one.set_at.isoformat()}
            for one in values
        ],
    }
