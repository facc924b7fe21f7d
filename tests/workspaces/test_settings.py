"""A workspace's settings, further workspaces, one's own account."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session

from hutong.foundation.errors import Invalid
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.actions import settings
from hutong.workspaces.models import AuditEntry, Staff, User, Workspace
from tests.conftest import Api
from tests.workspaces.browser import PASSWORD, Browser
from tests.workspaces.conftest import Hire


def acts(workspace: Workspace) -> list[tuple[str, dict[str, Any]]]:
    rows = AuditEntry.objects.in_workspace(workspace).exclude(action="session.start").order_by("at", "id")
    return [(one.action, one.details) for one in rows]


def test_read_and_change(api: Api, workspace: Workspace) -> None:
    body = api.get("").json()
    assert {name: body[name] for name in ("id", "name", "time_zone", "language")} == {
        "id": str(workspace.pk),
        "name": "测试工作区",
        "time_zone": "Asia/Shanghai",
        "language": "zh",
    }
    changed = api.patch("", {"name": " 新名 ", "time_zone": "Europe/Berlin"}).json()
    assert (changed["name"], changed["time_zone"], changed["language"]) == ("新名", "Europe/Berlin", "zh")
    assert api.get("").json() == changed
    api.patch("", {"name": "新名"})
    assert acts(workspace) == [
        ("workspace.change", {"name": {"from": "测试工作区", "to": "新名"}, "time_zone": {"from": "Asia/Shanghai", "to": "Europe/Berlin"}})
    ]


@pytest.mark.parametrize(
    "body", [{"time_zone": "Mars/Base"}, {"time_zone": "asia/shanghai"}, {"time_zone": ""}, {"language": "de"}, {"name": ""}, {"owner": 1}]
)
def test_bad_settings_change_nothing(api: Api, workspace: Workspace, body: dict[str, Any]) -> None:
    before = api.get("").json()
    assert api.patch("", {"language": "en", **body}).status_code == 422
    assert (api.get("").json(), acts(workspace)) == (before, [])


def test_an_owner_opens_a_second_workspace(console: Browser, owner: User, workspace: Workspace) -> None:
    answer = console.send("POST", "/api/workspaces", {"name": "上海分社", "time_zone": "Asia/Shanghai"})
    made = answer.json()
    assert (answer.status_code, made["name"]) == (201, "上海分社")
    assert {one["workspace"]["name"]: one["role"] for one in console.get("/api/session").json()["staff"]} == {
        "上海分社": "owner",
        "测试工作区": "owner",
    }
    assert console.get(f"/api/workspaces/{made['id']}/staff").json()["items"][0]["email"] == owner.email
    assert acts(Workspace.objects.get(pk=made["id"])) == [("workspace.create", {})]


def test_others_do_not(workspace: Workspace, hire: Hire) -> None:
    hire(workspace, "manager")
    browser = Browser()
    assert browser.send("POST", "/api/workspaces", {"name": "Mine"}).status_code == 401
    browser.sign_in("manager@example.com")
    answer = browser.send("POST", "/api/workspaces", {"name": "Mine"})
    assert (answer.status_code, answer.json()["code"], Workspace.objects.count()) == (403, "above_own_rights", 1)


def test_own_name_and_language(console: Browser, owner: User, workspace: Workspace) -> None:
    answer = console.send("PATCH", "/api/account", {"name": "王方", "language": "en"})
    assert (answer.json()["name"], answer.json()["language"]) == ("王方", "en")
    assert console.send("PATCH", "/api/account", {}).json() == answer.json()
    assert console.send("PATCH", "/api/account", {"email": "x@example.com"}).status_code == 422
    assert acts(workspace) == [("account.change", {"name": {"from": "王芳", "to": "王方"}, "language": {"from": "zh", "to": "en"}})]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"old_password": "wrong horse", "new_password": "grey bricks in rain"}, "old_password"),
        ({"old_password": PASSWORD, "new_password": PASSWORD}, "new_password"),
        ({"old_password": PASSWORD, "new_password": "password123"}, "new_password"),
        ({"old_password": PASSWORD, "new_password": "owner@example"}, "new_password"),
        ({"old_password": PASSWORD, "new_password": "short"}, "new_password"),
    ],
)
def test_password_stays_when_refused(console: Browser, owner: User, body: dict[str, str], field: str) -> None:
    before = owner.password
    answer = console.send("POST", "/api/account/password", body)
    owner.refresh_from_db()
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]], owner.password) == (422, [field], before)


def test_guessing_the_old_password_is_throttled(console: Browser, owner: User) -> None:
    body = {"old_password": "wrong horse", "new_password": "grey bricks in rain"}
    assert [console.send("POST", "/api/account/password", body).status_code for _ in range(6)] == [422] * 5 + [429]


def test_new_password_works_and_is_audited_without_it(console: Browser, owner: User, workspace: Workspace) -> None:
    assert console.send("POST", "/api/account/password", {"old_password": PASSWORD, "new_password": "grey bricks in rain"}).status_code == 200
    assert (Browser().sign_in(owner.email).status_code, Browser().sign_in(owner.email, "grey bricks in rain").status_code) == (401, 200)
    assert acts(workspace) == [("account.change_password", {})]


def test_operator_makes_an_owner_or_gives_back_a_lost_account(console: Browser, owner: User, workspace: Workspace, hire: Hire) -> None:
    made = settings.make_owner(workspace, actor=SYSTEM, name="新", email="New@example.com", password="two lions of stone", language="zh")
    lost = hire(workspace, "viewer", "lost")
    settings.make_owner(workspace, actor=SYSTEM, name="-", email="lost@example.com", password="two lions of stone", language="zh")
    with pytest.raises(Invalid):
        settings.make_owner(workspace, actor=SYSTEM, name="-", email="owner@example.com", password="password123", language="zh")
    held = {one.user_id: one.role for one in Staff.objects.in_workspace(workspace)}
    assert held == {owner.pk: "owner", made.pk: "owner", lost.pk: "owner"}
    assert [Browser().sign_in(email, "two lions of stone").status_code for email in ("new@example.com", "lost@example.com")] == [200, 200]
    assert Session.objects.count() == 3
