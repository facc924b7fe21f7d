"""The audit log: found again, by whom and when, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest

from hutong.foundation import ids
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import AuditEntry, Workspace
from tests.conftest import Api

FANG = Actor("user", ids.new(), "芳", "owner", frozenset())
SHOP = Actor("key", ids.new(), '=HYPERLINK("http://evil.example")', "", frozenset())


@pytest.fixture
def log(workspace: Workspace, other_workspace: Workspace) -> list[AuditEntry]:
    audit.write(
        workspace,
        actor=FANG,
        action="staff.change_role",
        target_kind="staff",
        target_name="李雷",
        details={"role": {"from": "viewer", "to": "owner"}},
    )
    audit.write(workspace, actor=FANG, action="staff.remove", target_kind="staff", target_name="+86 138")
    audit.write(workspace, actor=SHOP, action="key.create", target_kind="key", target_name="@cmd")
    audit.write(other_workspace, actor=FANG, action="staff.remove", target_kind="staff", target_name="elsewhere")
    entries = list(AuditEntry.objects.in_workspace(workspace).order_by("id"))
    for entry, at in zip(entries, ["2026-11-01T15:59:59Z", "2026-11-01T16:00:00Z", "2026-11-02T16:00:00Z"], strict=True):
        AuditEntry.objects.in_workspace(workspace).filter(pk=entry.pk).update(at=dt.datetime.fromisoformat(at))
    return entries


def names(api: Api, **query: Any) -> list[str]:
    return [one["target_name"] for one in api.get("/audit", **query).json()["items"]]


def test_newest_first_of_this_workspace_only(api: Api, log: list[AuditEntry]) -> None:
    body = api.get("/audit").json()
    assert [one["target_name"] for one in body["items"]] == ["@cmd", "+86 138", "李雷"]
    last = body["items"][2]
    assert {name: last[name] for name in last if name != "id"} == {
        "at": "2026-11-01T15:59:59Z",
        "actor_kind": "user",
        "actor_id": str(FANG.id),
        "actor_name": "芳",
        "action": "staff.change_role",
        "target_kind": "staff",
        "target_id": "",
        "target_name": "李雷",
        "details": {"role": {"from": "viewer", "to": "owner"}},
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"action": "staff.remove"}, ["+86 138"]),
        ({"action": "staff"}, ["+86 138", "李雷"]),
        ({"action": "sta"}, []),
        ({"actor_id": str(SHOP.id)}, ["@cmd"]),
        ({"target_kind": "key"}, ["@cmd"]),
        ({"target_id": "none"}, []),
        ({"to_day": "2026-11-01"}, ["李雷"]),
        ({"from_day": "2026-11-02", "to_day": "2026-11-02"}, ["+86 138"]),
        ({"from_day": "2026-11-03"}, ["@cmd"]),
        ({"from_day": "2026-11-03", "to_day": "2026-11-01"}, []),
    ],
)
def test_filters(api: Api, log: list[AuditEntry], query: dict[str, str], expected: list[str]) -> None:
    assert names(api, **query) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"from_day": "2026-13-01"},
        {"actor_id": "x"},
        {"cursor": "x"},
        {"limit": 0},
        {"limit": 201},
        {"from_day": "0001-01-01"},
        {"to_day": "9999-12-31"},
    ],
)
def test_bad_filters(api: Api, log: list[AuditEntry], query: dict[str, Any]) -> None:
    assert api.get("/audit", **query).status_code == 422


def test_pages_meet_without_gap_or_overlap(api: Api, log: list[AuditEntry]) -> None:
    seen, cursor = [], None
    for _ in range(3):
        page = api.get("/audit", limit=1, cursor=cursor).json()
        seen += [one["target_name"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (["@cmd", "+86 138", "李雷"], None)


def test_names_to_filter_by(api: Api, log: list[AuditEntry]) -> None:
    body = api.get("/audit/names").json()
    assert body["actions"] == ["key.create", "staff.change_role", "staff.remove"]
    assert body["target_kinds"] == ["key", "staff"]
    assert {(one["id"], one["kind"], one["name"]) for one in body["actors"]} == {(str(FANG.id), "user", FANG.name), (str(SHOP.id), "key", SHOP.name)}


def test_csv_runs_no_formula(api: Api, log: list[AuditEntry]) -> None:
    answer = api.get("/audit/export", from_day="2026-11-02")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert (answer.headers["Content-Type"], text[0]) == ("text/csv; charset=utf-8", "\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0] == ["at", "actor_kind", "actor_id", "actor_name", "action", "target_kind", "target_id", "target_name", "details"]
    assert [(row[0], row[3], row[7]) for row in rows[1:]] == [
        ("2026-11-02T16:00:00+00:00", '\'=HYPERLINK("http://evil.example")', "'@cmd"),
        ("2026-11-01T16:00:00+00:00", "芳", "'+86 138"),
    ]
