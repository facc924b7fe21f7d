"""The audit log: every act of staff and keys, written in the transaction of the act."""

from __future__ import annotations

from typing import Any

from hutong.workspaces.access import Actor
from hutong.workspaces.models import AuditEntry, Workspace


def write(
    workspace: Workspace,
    *,
    actor: Actor,
    action: str,
    target: Any = None,
    target_kind: str = "",
    target_name: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry. `action` is `noun.verb`; `details` holds what changed, never a secret."""
    AuditEntry.objects.create(
        workspace=workspace,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        target_kind=target_kind or (type(target).__name__.lower() if target is not None else ""),
        target_id=str(target.pk) if target is not None else "",
        target_name=(target_name if target_name is not None else str(target) if target is not None else "")[:200],
        details=details or {},
    )
