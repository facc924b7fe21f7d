"""Who may answer conversations."""

from __future__ import annotations

import uuid

from hutong.workspaces.access import permissions_of_role
from hutong.workspaces.models import Staff, User

ANSWER = "inbox.answer"


def able_to_answer(workspace_id: uuid.UUID) -> list[User]:
    """Users who may answer in this workspace, by name."""
    rows = Staff.objects.in_workspace(workspace_id).select_related("user").filter(user__is_active=True).order_by("user__name", "user_id")
    roles = {role: ANSWER in permissions_of_role(role) for role in {one.role for one in rows}}
    return [one.user for one in rows if roles[one.role]]


def takers(workspace_id: uuid.UUID, named: list[str]) -> list[User]:
    """Those of the named who may still answer; with nobody named all who may."""
    return [user for user in able_to_answer(workspace_id) if not named or str(user.pk) in named]


def next_in_turn(able: list[User], *, after: uuid.UUID | None) -> User | None:
    """Whose turn is next. The order is that of their ids, so that somebody who came or went changes nobody else's place."""
    queue = sorted(able, key=lambda one: one.pk)
    return next((one for one in queue if after is None or one.pk > after), queue[0] if queue else None)
