"""Members leaving the product as a file: written in the audit log before the first row goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from hutong.members import bulk, columns
from hutong.members.queries import lists
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace


def members(workspace: Workspace, *, actor: Actor, wanted: lists.MemberFilter) -> Iterator[tuple[lists.Line, tuple[str, ...]]]:
    """Every member of the list, each with what `columns` adds. A community or group that is not there is said at once, not in the middle of the file."""
    lists.check(workspace, wanted)
    details = {name: str(value) for name, value in asdict(wanted).items() if value not in (None, "", False, [], ())}
    audit.write(workspace, actor=actor, action="member.export", target_kind="member", details=details)
    return _with_columns(workspace, lists.every(workspace, wanted=wanted))


def _with_columns(workspace: Workspace, lines: Iterable[lists.Line]) -> Iterator[tuple[lists.Line, tuple[str, ...]]]:
    for some in bulk.chunks(lines):
        cells = columns.cells(workspace, [line.member.pk for line in some])
        for line in some:
            yield line, cells[line.member.pk]
