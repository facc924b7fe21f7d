"""Cursors: whatever comes back as one is a position or a clear refusal."""

from __future__ import annotations

from typing import Any

import pytest

from hutong.foundation.errors import Invalid
from hutong.foundation.pages import encode, paginate
from hutong.workspaces.models import AuditEntry, Workspace

ORDER = ["-at", "-id"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "胡同",
        "====",
        encode([]),
        encode([1]),
        encode(["2026-01-01T00:00:00Z"]),
        encode(["yesterday", "x"]),
        encode([None, None]),
        encode([{"a": 1}, []]),
        encode([1e308, 1]),
        encode(["9999-12-31T23:59:59-14:00", "018f0000-0000-7000-8000-000000000000"]),
        encode(["x" * 5000, "y"]),
    ],
)
def test_made_up_cursors_are_refused(workspace: Workspace, cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        paginate(AuditEntry.objects.in_workspace(workspace), order=ORDER, cursor=cursor, limit=10)
    assert [one["field"] for one in caught.value.errors] == ["cursor"]


@pytest.mark.parametrize(("limit", "size"), [(1, 1), (0, 1), (-5, 1), (3, 3), (10_000, 7)])
def test_every_row_once(workspace: Workspace, limit: int, size: int) -> None:
    rows: list[Any] = [AuditEntry.objects.create(workspace=workspace, action=f"a.{n}", actor_kind="system", actor_name="") for n in range(7)]
    seen: list[AuditEntry] = []
    cursor = None
    while True:
        page = paginate(AuditEntry.objects.in_workspace(workspace), order=ORDER, cursor=cursor, limit=limit)
        seen += page.items
        assert len(page.items) <= size
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [one.pk for one in seen] == [one.pk for one in reversed(rows)]
