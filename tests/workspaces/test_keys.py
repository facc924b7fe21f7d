"""API keys: shown once, no wider than their maker, dead when revoked or past their day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from hutong.workspaces import access
from hutong.workspaces.models import APIKey, AuditEntry, Workspace
from tests.conftest import Api, make_key
from tests.workspaces.browser import Browser


def make(console: Browser, workspace: Workspace, **body: Any) -> Any:
    return console.send("POST", f"/api/workspaces/{workspace.pk}/keys", {"name": "商城同步", "scopes": ["members.read"], **body})


def test_made_shown_once_and_used(console: Browser, workspace: Workspace) -> None:
    answer = make(console, workspace, scopes=["workspace.read", "members.read", "workspace.read"])
    made = answer.json()
    secret = made["secret"]
    assert (answer.status_code, secret[:4], len(secret), made["key"]["prefix"]) == (201, "htk_", 47, secret[:12])
    assert made["key"]["scopes"] == ["members.read", "workspace.read"]
    row = APIKey.objects.in_workspace(workspace).get()
    assert (row.key_hash, row.created_by.email) == (access.hash_secret(secret), "owner@example.com")
    listed = console.get(f"/api/workspaces/{workspace.pk}/keys").json()
    assert listed["items"] == [made["key"]]
    assert secret not in str(listed) + str(list(AuditEntry.objects.in_workspace(workspace).values()))
    key = Api(workspace, secret)
    assert (key.get("").status_code, key.get("/staff").status_code, key.get("/keys").status_code) == (200, 403, 403)
    entry = AuditEntry.objects.in_workspace(workspace).get(action="key.create")
    assert (entry.target_kind, entry.target_name, entry.details) == (
        "key",
        "商城同步",
        {"scopes": ["members.read", "workspace.read"], "expires_at": None},
    )


def test_revoked_stops_at_once_and_stays_listed(console: Browser, workspace: Workspace) -> None:
    made = make(console, workspace, scopes=["workspace.read"]).json()
    key = Api(workspace, made["secret"])
    assert key.get("").status_code == 200
    path = f"/api/workspaces/{workspace.pk}/keys/{made['key']['id']}"
    assert [console.send("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert (key.get("").status_code, key.get("").json()["code"]) == (401, "not_signed_in")
    assert [one["state"] for one in console.get(f"/api/workspaces/{workspace.pk}/keys").json()["items"]] == ["revoked"]
    assert AuditEntry.objects.in_workspace(workspace).filter(action="key.revoke").count() == 1


def test_ends_on_its_day(workspace: Workspace, owner: Any) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 1, tzinfo=dt.UTC), tick=False) as traveller:
        console = Browser()
        console.sign_in(owner.email)
        made = make(console, workspace, scopes=["workspace.read"], expires_at="2026-11-02T08:00:00+08:00").json()
        assert made["key"]["expires_at"] == "2026-11-02T00:00:00Z"
        key = Api(workspace, made["secret"])
        traveller.shift(dt.timedelta(days=1, seconds=-1))
        access.forget_keys()
        assert key.get("").status_code == 200
        traveller.shift(1)
        access.forget_keys()
        assert key.get("").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"scopes": []},
        {"scopes": ["members.fly"]},
        {"scopes": ["public"]},
        {"scopes": ["signed_in"]},
        {"name": ""},
        {"name": "\u202e\n"},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2027-01-01T00:00:00"},
        {"expires_at": "9999-12-31T23:59:59-14:00"},
        {"expires_at": "0001-01-01T00:00:00+14:00"},
        {"secret": "htk_mine"},
    ],
)
def test_bad_values(console: Browser, workspace: Workspace, body: dict[str, Any]) -> None:
    assert make(console, workspace, **body).status_code == 422
    assert APIKey.objects.in_workspace(workspace).count() == 0


def test_no_wider_than_its_maker(workspace: Workspace) -> None:
    narrow = Api(workspace, make_key(workspace, ["keys.manage", "members.read"]))
    refused = narrow.post("/keys", {"name": "wide", "scopes": ["members.read", "members.change"]})
    assert (refused.status_code, refused.json()["errors"]) == (422, [{"field": "scopes", "message": "You do not hold: members.change."}])
    assert narrow.post("/keys", {"name": "same", "scopes": ["members.read"]}).status_code == 201


def test_another_workspaces_key_is_not_found(console: Browser, workspace: Workspace, other_workspace: Workspace) -> None:
    make_key(other_workspace)
    key = APIKey.objects.in_workspace(other_workspace).get()
    assert console.send("DELETE", f"/api/workspaces/{workspace.pk}/keys/{key.pk}").status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_at_most_a_hundred(console: Browser, workspace: Workspace) -> None:
    for _ in range(100):
        make_key(workspace, ["members.read"])
    answer = make(console, workspace)
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (
        409,
        "too_many_keys",
        "At most 100 working keys. Revoke the ones no longer used.",
    )
    APIKey.objects.in_workspace(workspace).filter(name="test").first().delete()
    assert make(console, workspace).status_code == 201


def test_scope_of_a_permission_that_is_gone_gives_nothing(workspace: Workspace) -> None:
    secret = make_key(workspace, ["workspace.read", "ghosts.manage"])
    assert Api(workspace, secret).get("").status_code == 200
    assert access._known_key(secret).actor.permissions == {"workspace.read"}


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer htk_\u00e9", "Bearer  ", f"Bearer {'x' * 5000}"])
def test_odd_headers_are_no_key(workspace: Workspace, header: str) -> None:
    answer = Client().get(f"/api/workspaces/{workspace.pk}", headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
