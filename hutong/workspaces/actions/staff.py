"""Who works in a workspace and as what."""

from __future__ import annotations

import uuid

from django.db import transaction

from hutong.foundation.errors import NotFound
from hutong.workspaces import audit, errors
from hutong.workspaces.access import Actor, permissions_of_role
from hutong.workspaces.models import Staff, Workspace


def check_may_give(actor: Actor, *, role: str) -> None:
    """Nobody gives away a role that can do more than they can."""
    if not permissions_of_role(role) <= actor.permissions:
        raise errors.AboveOwnRights()


def change_role(workspace: Workspace, *, actor: Actor, staff_id: uuid.UUID, role: str) -> Staff:
    """Give a staff member another role."""
    with transaction.atomic():
        staff = _locked(workspace, staff_id=staff_id)
        check_may_give(actor, role=role)
        check_may_give(actor, role=staff.role)
        if staff.role != role:
            if staff.role == "owner":
                _check_other_owner(workspace, staff=staff)
            before, staff.role = staff.role, role
            staff.save(update_fields=["role"])
            audit.write(
                workspace,
                actor=actor,
                action="staff.change_role",
                target=staff,
                target_name=staff.user.name,
                details={"role": {"from": before, "to": role}},
            )
    return staff


def remove(workspace: Workspace, *, actor: Actor, staff_id: uuid.UUID) -> None:
    """End a staff member's place in the workspace, at once. Their account and what they did stay."""
    with transaction.atomic():
        staff = _locked(workspace, staff_id=staff_id)
        check_may_give(actor, role=staff.role)
        if staff.role == "owner":
            _check_other_owner(workspace, staff=staff)
        audit.write(workspace, actor=actor, action="staff.remove", target=staff, target_name=staff.user.name, details={"role": staff.role})
        staff.delete()


def _locked(workspace: Workspace, *, staff_id: uuid.UUID) -> Staff:
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # two owners must not remove each other at the same moment
    staff = Staff.objects.in_workspace(workspace).filter(pk=staff_id).select_related("user").first()
    if staff is None:
        raise NotFound("staff")
    return staff


def _check_other_owner(workspace: Workspace, *, staff: Staff) -> None:
    if not Staff.objects.in_workspace(workspace).filter(role="owner", user__is_active=True).exclude(pk=staff.pk).exists():
        raise errors.LastOwner()
