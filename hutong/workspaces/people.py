"""Who of the staff may do something."""

from __future__ import annotations

import uuid

from hutong.workspaces.access import permissions_of_role
from hutong.workspaces.models import Staff, User


def able_to(workspace_id: uuid.UUID, permission: str) -> list[User]:
    """Users who hold that right in this workspace, by name."""
    rows = Staff.objects.in_workspace(workspace_id).select_related("user").filter(user__is_active=True).order_by("user__name", "user_id")
    return [one.user for one in rows if permission in permissions_of_role(one.role)]
