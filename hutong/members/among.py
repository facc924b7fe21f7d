"""Narrowing lists of members by what layers above know of them: `segment:<id>`, `tag:<id>`. Each kind is contributed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from hutong.foundation.errors import Invalid
from hutong.workspaces.models import Workspace

AMONG_MAX = 10
# The ids of the members a value names, as a query of one column. Raises NotFound, or Invalid for a value that is none.
Narrowing = Callable[[Workspace, str], "QuerySet[Any, Any]"]

_narrowings: dict[str, Narrowing] = {}


def install(narrowings: dict[str, Narrowing]) -> None:
    """Called once by the composition root."""
    _narrowings.clear()
    _narrowings.update(narrowings)


def member_ids(workspace: Workspace, among: Sequence[str]) -> list[QuerySet[Any, Any]]:
    """One query of member ids for each `kind:value`; a member must be in all of them."""
    if len(among) > AMONG_MAX:
        raise Invalid.field("among", f"最多 {AMONG_MAX} 项。", f"At most {AMONG_MAX} items.")
    found = []
    for one in among:
        kind, _, value = one.partition(":")
        narrowing = _narrowings.get(kind)
        if narrowing is None or not value:
            kinds = ", ".join(f"{name}:…" for name in sorted(_narrowings))
            raise Invalid.field("among", f"不认识“{one}”，可以用：{kinds}。", f"“{one}” is not known. Use one of: {kinds}.")
        found.append(narrowing(workspace, value))
    return found
