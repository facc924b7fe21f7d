"""The first run: once, for one, even when two try at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from hutong import __version__
from hutong.workspaces.actions import settings
from hutong.workspaces.errors import AlreadySetUp
from hutong.workspaces.models import AuditEntry, Installation, Staff, User, Workspace
from tests.workspaces.browser import Browser

FIRST = {
    "workspace_name": " 胡同书店 ",
    "time_zone": "Asia/Shanghai",
    "language": "zh",
    "name": "王芳",
    "email": "Wang@Example.com",
    "password": "one quiet lane 9",
}


def test_makes_workspace_and_owner_and_signs_in(db: None) -> None:
    browser = Browser()
    assert browser.get("/api/setup").json() == {"needed": True, "version": __version__}

    answer = browser.send("POST", "/api/setup", FIRST)

    assert answer.status_code == 201
    workspace = Workspace.objects.get()
    assert (workspace.name, workspace.time_zone, workspace.language) == ("胡同书店", "Asia/Shanghai", "zh")
    user = User.objects.get()
    assert (user.email, user.name, user.password[:16]) == ("wang@example.com", "王芳", "argon2$argon2id$")
    body = answer.json()
    assert body["user"]["email"] == "wang@example.com"
    assert [(one["workspace"]["id"], one["role"]) for one in body["staff"]] == [(str(workspace.pk), "owner")]
    assert "staff.manage" in body["staff"][0]["permissions"]
    assert browser.get("/api/session").json() == body
    assert browser.send("PATCH", "/api/account", {"name": "王方"}).status_code == 200
    assert browser.get("/api/setup").json()["needed"] is False
    assert [one.action for one in AuditEntry.objects.in_workspace(workspace).order_by("at", "id")] == ["workspace.create", "account.change"]


def test_second_time_is_refused_and_changes_nothing(db: None) -> None:
    assert Browser().send("POST", "/api/setup", FIRST).status_code == 201
    late = Browser()
    answer = late.send("POST", "/api/setup", {**FIRST, "email": "late@example.com", "workspace_name": "Mine"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_set_up")
    assert (Workspace.objects.count(), User.objects.count(), late.session_key) == (1, 1, "")


def test_refused_where_people_exist_already(owner: User) -> None:
    answer = Browser().send("POST", "/api/setup", FIRST)
    assert (answer.status_code, User.objects.count()) == (409, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no-at-sign"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"time_zone": "Asia/Atlantis"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"workspace_name": "   "}, "workspace_name"),
        ({"workspace_name": "a\u0000b"}, "workspace_name"),
        ({"name": "长" * 101}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "wang@example"}, "password"),
        ({"language": "fr"}, "language"),
        ({"owner": True}, "owner"),
    ],
)
def test_bad_values_name_their_field_and_leave_nothing(db: None, change: dict[str, object], field: str) -> None:
    answer = Browser().send("POST", "/api/setup", {**FIRST, **change})
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])
    assert (Workspace.objects.count(), User.objects.count(), Installation.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_first_runs_at_once() -> None:
    gate = threading.Barrier(6)
    outcomes: list[str] = []

    def run(number: int) -> None:
        gate.wait()
        try:
            settings.set_up(
                workspace_name=f"W{number}", time_zone="UTC", language="en", name="N", email=f"n{number}@example.com", password="one quiet lane 9"
            )
            outcomes.append("made")
        except AlreadySetUp:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", *["refused"] * 5]
    assert (Workspace.objects.count(), User.objects.count(), Staff.objects.across_workspaces().count()) == (1, 1, 1)
