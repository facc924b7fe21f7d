"""Members leaving the product as a file: written in the audit log before the first row goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from hutong.members.queries import lists
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace


def members(workspace: Workspace, *, actor: Actor, wanted: lists.MemberFilter) -> Iterator[lists.Line]:
    """Every member of the list. A community or group that is not there is said at once, not in the middle of the file."""
    lists.check(workspace, wanted)
    details = {name: str(value) for name, value in asdict(wanted).items() if value not in (None, "", False, [], ())}
    audit.write(workspace, actor=actor, action="member.export", target_kind="member", details=details)
    return lists.every(workspace, wanted=wanted)
