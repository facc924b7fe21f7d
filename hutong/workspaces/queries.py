"""Every read of workspaces: places of a person, staff, invitations, keys, the audit log."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.foundation.pages import Page, paginate
from hutong.workspaces import errors
from hutong.workspaces.access import hash_secret, permissions_of_role
from hutong.workspaces.models import APIKey, AuditEntry, Invitation, Staff, User, Workspace

AUDIT_EXPORT_ROWS_MAX = 100_000
AUDIT_NAMES_MAX = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in a workspace."""

    workspace: Workspace
    role: str
    permissions: list[str]


def is_set_up() -> bool:
    """Whether the first run is over."""
    return User.objects.exists()


def places(user: User) -> list[Place]:
    """The workspaces a person works in, by name."""
    rows = Staff.objects.across_workspaces().filter(user=user).select_related("workspace").order_by("workspace__name", "workspace_id")
    return [Place(one.workspace, one.role, sorted(permissions_of_role(one.role))) for one in rows]


def staff(workspace: Workspace, *, cursor: str | None, limit: int) -> Page[Staff]:
    """The staff, in the order they came."""
    return paginate(Staff.objects.in_workspace(workspace).select_related("user"), order=["created_at", "id"], cursor=cursor, limit=limit)


def invitations(workspace: Workspace, *, cursor: str | None, limit: int) -> Page[Invitation]:
    """Invitations that were not withdrawn, newest first."""
    rows = Invitation.objects.in_workspace(workspace).select_related("created_by", "accepted_by")
    return paginate(rows, order=["-created_at", "-id"], cursor=cursor, limit=limit)


def invitation_behind(token: str) -> Invitation:
    """The invitation a link opens; raises InvitationSpent for one that can no longer be used."""
    found = Invitation.objects.across_workspaces().filter(token_hash=hash_secret(token)).select_related("workspace", "created_by").first()
    if found is None or found.state != "pending":
        raise errors.InvitationSpent()
    return found


def has_account(email: str) -> bool:
    """Whether an account goes by that e-mail."""
    return bool(email) and User.objects.filter(email=email).exists()


def keys(workspace: Workspace, *, cursor: str | None, limit: int) -> Page[APIKey]:
    """API keys, revoked ones too, newest first."""
    rows = APIKey.objects.in_workspace(workspace).select_related("created_by")
    return paginate(rows, order=["-created_at", "-id"], cursor=cursor, limit=limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries are wanted. Days are local days of the workspace, both ends included; `action` may be a noun (`staff`)."""

    actor_id: uuid.UUID | None = None
    action: str = ""
    target_kind: str = ""
    target_id: str = ""
    from_day: dt.date | None = None
    to_day: dt.date | None = None


def audit_entries(workspace: Workspace, *, wanted: AuditFilter, cursor: str | None, limit: int) -> Page[AuditEntry]:
    """The audit log, newest first."""
    return paginate(_audit_rows(workspace, wanted), order=["-at", "-id"], cursor=cursor, limit=limit)


def audit_export(workspace: Workspace, *, wanted: AuditFilter) -> Iterator[AuditEntry]:
    """The newest entries up to the limit of an export, newest first."""
    return _audit_rows(workspace, wanted).order_by("-at", "-id")[:AUDIT_EXPORT_ROWS_MAX].iterator(chunk_size=2000)


def audit_names(workspace: Workspace) -> dict[str, Any]:
    """What the log can be filtered by: its actions, its actors, its kinds of target."""
    rows = AuditEntry.objects.in_workspace(workspace)
    actors = rows.exclude(actor_id=None).values("actor_id", "actor_kind", "actor_name").distinct().order_by("actor_name", "actor_id")
    return {
        "actions": list(rows.values_list("action", flat=True).distinct().order_by("action")[:AUDIT_NAMES_MAX]),
        "target_kinds": list(rows.exclude(target_kind="").values_list("target_kind", flat=True).distinct().order_by("target_kind")[:AUDIT_NAMES_MAX]),
        "actors": [{"id": one["actor_id"], "kind": one["actor_kind"], "name": one["actor_name"]} for one in actors[:AUDIT_NAMES_MAX]],
    }


def _audit_rows(workspace: Workspace, wanted: AuditFilter) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.in_workspace(workspace)
    if wanted.actor_id is not None:
        rows = rows.filter(actor_id=wanted.actor_id)
    if wanted.action:
        rows = rows.filter(action=wanted.action) if "." in wanted.action else rows.filter(action__startswith=f"{wanted.action}.")
    if wanted.target_kind:
        rows = rows.filter(target_kind=wanted.target_kind)
    if wanted.target_id:
        rows = rows.filter(target_id=wanted.target_id)
    if wanted.from_day is not None:
        rows = rows.filter(at__gte=_midnight("from_day", wanted.from_day, workspace))
    if wanted.to_day is not None:
        rows = rows.filter(at__lt=_midnight("to_day", wanted.to_day, workspace, days_later=1))
    return rows


def _midnight(field: str, day: dt.date, workspace: Workspace, *, days_later: int = 0) -> dt.datetime:
    try:
        return clock.local_midnight(day + dt.timedelta(days=days_later), workspace.time_zone)
    except OverflowError:
        raise Invalid.field(field, "日期超出范围。", "The day is out of range.") from None
