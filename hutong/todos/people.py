"""Who may handle to-dos."""

from __future__ import annotations

import uuid

from hutong.workspaces.access import permissions_of_role
from hutong.workspaces.models import Staff, User

WRITE = "todos.write"


def able(workspace_id: uuid.UUID) -> list[User]:
    """Users who may handle to-dos in this workspace, by name."""
    rows = Staff.objects.in_workspace(workspace_id).select_related("user").filter(user__is_active=True).order_by("user__name", "user_id")
    return [one.user for one in rows if WRITE in permissions_of_role(one.role)]
