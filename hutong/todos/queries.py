"""Lists of to-dos, how many there are, and which of them somebody is to be reminded of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hutong.foundation import clock, pages
from hutong.foundation.errors import NotFound
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.todos.models import WRITE, Todo
from hutong.workspaces import people
from hutong.workspaces.models import User, Workspace

REMINDED_MAX = 200  # of one workspace at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which to-dos. `show`: open | mine | unassigned | late | done."""

    show: str = "open"
    assignee_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    q: str = ""


def page(workspace: Workspace, *, user: User | None, wanted: Wanted, cursor: str | None, limit: int) -> pages.Page[Todo]:
    """A page: what is open by the date it is due, without one at the end; what is done the latest first."""
    rows = _shown(Todo.objects.in_workspace(workspace), user, wanted.show)
    if wanted.assignee_id is not None:
        rows = rows.filter(assignee=wanted.assignee_id)
    if wanted.member_id is not None:
        rows = rows.filter(origin_id__in=origins.subtree(workspace.pk, wanted.member_id))
    if wanted.q.strip():
        rows = rows.filter(Q(title__icontains=wanted.q.strip()) | Q(note__icontains=wanted.q.strip()))
    order = ["-done_at", "-id"] if wanted.show == "done" else ["sort_at", "id"]
    return pages.paginate(rows.select_related("assignee"), order=order, cursor=cursor, limit=limit)


def _shown(rows: QuerySet[Todo], user: User | None, show: str) -> QuerySet[Todo]:
    if show == "done":
        return rows.filter(done_at__isnull=False)
    rows = rows.filter(done_at=None)
    if show == "mine":
        return rows.filter(assignee=user) if user is not None else rows.none()
    if show == "late":
        return rows.filter(sort_at__lt=clock.now())
    return rows.filter(assignee=None) if show == "unassigned" else rows


def one(workspace: Workspace, todo_id: uuid.UUID) -> Todo:
    """A to-do with what is shown of it. Raises NotFound."""
    found = Todo.objects.in_workspace(workspace).select_related("assignee").filter(pk=todo_id).first()
    if found is None:
        raise NotFound("todo")
    return found


def members(workspace: Workspace, todos: Iterable[Todo]) -> dict[uuid.UUID, Member]:
    """By the origin of to-dos: the member who shows for it now."""
    heads = origins.heads(workspace.pk, [todo.origin_id for todo in todos if todo.origin_id is not None])
    shown = Member.objects.in_workspace(workspace).in_bulk(set(heads.values()))
    return {origin: shown[head] for origin, head in heads.items()}


def counts(workspace: Workspace, user: User | None) -> dict[str, int]:
    """How many there are of each kind, and how many of mine are late."""
    rows = Todo.objects.in_workspace(workspace)
    found = {show: _shown(rows, user, show).count() for show in ("open", "mine", "unassigned", "late")}
    return found | {"mine_late": _shown(rows, user, "mine").filter(sort_at__lt=clock.now()).count()}


def open_count(workspace_id: uuid.UUID) -> int:
    """How many are to be done."""
    return Todo.objects.in_workspace(workspace_id).filter(done_at=None).count()


def staff(workspace: Workspace) -> list[User]:
    """Who may handle to-dos, by name."""
    return people.able_to(workspace.pk, WRITE)


def reminders(workspace_id: uuid.UUID) -> list[Todo]:
    """Open to-dos whose reminder has come, the latest due first told."""
    rows = Todo.objects.in_workspace(workspace_id).filter(done_at=None, remind_at__lte=clock.now())
    return list(rows.select_related("assignee").order_by("sort_at", "id")[:REMINDED_MAX])
