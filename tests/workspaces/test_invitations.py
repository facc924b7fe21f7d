"""Invitations: one link, one person, one role, until its day."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
import time_machine
from django.db import connection

from hutong.workspaces.access import actor_of, hash_secret
from hutong.workspaces.actions import invitations
from hutong.workspaces.errors import InvitationSpent
from hutong.workspaces.models import AuditEntry, Invitation, Staff, User, Workspace
from tests.conftest import Api, make_key
from tests.workspaces.browser import Browser
from tests.workspaces.conftest import Hire

NEW = {"email": "Li@example.com", "name": "李雷", "password": "a lamp at the gate"}


def invite(console: Browser, workspace: Workspace, **body: Any) -> tuple[dict[str, Any], str]:
    answer = console.send("POST", f"/api/workspaces/{workspace.pk}/invitations", {"role": "creator", **body})
    assert answer.status_code == 201
    made = answer.json()
    start = "http://127.0.0.1:8000/invite/"
    assert made["link"].startswith(start)
    return made["invitation"], made["link"].removeprefix(start)


def roles(workspace: Workspace) -> dict[str, str]:
    return {one.user.email: one.role for one in Staff.objects.in_workspace(workspace).select_related("user")}


def test_the_link_is_kept_nowhere(console: Browser, workspace: Workspace) -> None:
    invitation, token = invite(console, workspace)
    row = Invitation.objects.in_workspace(workspace).get()
    assert (str(row.pk), row.token_hash, len(token)) == (invitation["id"], hash_secret(token), 43)
    assert token not in str(list(AuditEntry.objects.in_workspace(workspace).values()))
    listed = console.get(f"/api/workspaces/{workspace.pk}/invitations").json()
    assert listed == {"items": [invitation], "next_cursor": None}
    assert (invitation["state"], invitation["created_by"], invitation["accepted_by"]) == ("pending", "王芳", None)


def test_what_the_holder_sees(console: Browser, workspace: Workspace) -> None:
    invitation, token = invite(console, workspace, email="Li@Example.com")
    seen = Browser().get(f"/api/invitations/{token}").json()
    assert seen == {
        "workspace_name": "测试工作区",
        "role": "creator",
        "role_label": {"zh": "内容创作者", "en": "Creator"},
        "invited_by": "王芳",
        "email": "li@example.com",
        "has_account": False,
        "expires_at": invitation["expires_at"],
    }


def test_accepted_with_a_new_account(console: Browser, workspace: Workspace) -> None:
    _, token = invite(console, workspace)
    browser = Browser()
    answer = browser.send("POST", f"/api/invitations/{token}", {"account": NEW})
    body = answer.json()
    assert (answer.status_code, body["workspace_id"], body["session"]["user"]["email"]) == (200, str(workspace.pk), "li@example.com")
    assert [one["role"] for one in body["session"]["staff"]] == ["creator"]
    assert browser.get(f"/api/workspaces/{workspace.pk}").status_code == 200
    assert roles(workspace) == {"owner@example.com": "owner", "li@example.com": "creator"}
    entry = AuditEntry.objects.in_workspace(workspace).get(action="invitation.accept")
    assert (entry.actor_name, entry.target_kind, entry.details) == ("李雷", "staff", {"role": "creator"})
    listed = console.get(f"/api/workspaces/{workspace.pk}/invitations").json()["items"][0]
    assert (listed["state"], listed["accepted_by"]) == ("accepted", "李雷")


def test_accepted_as_the_signed_in_person(console: Browser, workspace: Workspace, other_workspace: Workspace, hire: Hire) -> None:
    _, token = invite(console, workspace, role="manager")
    hire(other_workspace, "viewer")
    browser = Browser()
    assert browser.send("POST", f"/api/invitations/{token}", {}).status_code == 401
    browser.sign_in("viewer@example.com")
    assert browser.send("POST", f"/api/invitations/{token}", {}, **{"x-csrftoken": "0" * 64}).json()["code"] == "bad_origin"
    answer = browser.send("POST", f"/api/invitations/{token}", {"account": None})
    assert answer.status_code == 200
    assert sorted((one["workspace"]["name"], one["role"]) for one in answer.json()["session"]["staff"]) == [
        ("Other workspace", "viewer"),
        ("测试工作区", "manager"),
    ]
    assert roles(other_workspace) == {"viewer@example.com": "viewer"}


def test_works_once(console: Browser, workspace: Workspace) -> None:
    _, token = invite(console, workspace)
    assert Browser().send("POST", f"/api/invitations/{token}", {"account": NEW}).status_code == 200
    again = Browser().send("POST", f"/api/invitations/{token}", {"account": {**NEW, "email": "han@example.com"}})
    assert (again.status_code, again.json()["code"]) == (410, "invitation_spent")
    assert Browser().get(f"/api/invitations/{token}").status_code == 410
    assert len(roles(workspace)) == 2
    assert not User.objects.filter(email="han@example.com").exists()


def test_ends_on_its_day(console: Browser, owner: User, workspace: Workspace) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 1, tzinfo=dt.UTC), tick=False) as traveller:
        browser = Browser()
        browser.sign_in(owner.email)
        invitation, token = invite(browser, workspace, days=3)
        assert invitation["expires_at"] == "2026-11-04T00:00:00Z"
        traveller.shift(dt.timedelta(days=3, seconds=-1))
        assert Browser().get(f"/api/invitations/{token}").status_code == 200
        traveller.shift(1)
        assert Browser().get(f"/api/invitations/{token}").status_code == 410
        assert Browser().send("POST", f"/api/invitations/{token}", {"account": NEW}).status_code == 410
        assert browser.get(f"/api/workspaces/{workspace.pk}/invitations").json()["items"][0]["state"] == "expired"
    assert User.objects.count() == 1


def test_withdrawn(console: Browser, workspace: Workspace, other_workspace: Workspace, hire: Hire) -> None:
    invitation, token = invite(console, workspace)
    hire(other_workspace, "owner", "stranger")
    stranger = Browser()
    stranger.sign_in("stranger@example.com")
    assert stranger.send("DELETE", f"/api/workspaces/{other_workspace.pk}/invitations/{invitation['id']}").status_code == 404
    path = f"/api/workspaces/{workspace.pk}/invitations/{invitation['id']}"
    assert [console.send("DELETE", path).status_code for _ in range(2)] == [204, 404]
    assert Browser().get(f"/api/invitations/{token}").json()["code"] == "invitation_spent"


def test_named_for_one_person(console: Browser, workspace: Workspace, other_workspace: Workspace, hire: Hire) -> None:
    _, token = invite(console, workspace, email="li@example.com")
    wrong = Browser().send("POST", f"/api/invitations/{token}", {"account": {**NEW, "email": "han@example.com"}})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "invitation_for_another")
    hire(other_workspace, "viewer")
    signed_in = Browser()
    signed_in.sign_in("viewer@example.com")
    assert signed_in.send("POST", f"/api/invitations/{token}", {}).status_code == 403
    assert Browser().send("POST", f"/api/invitations/{token}", {"account": NEW}).status_code == 200


def test_an_e_mail_with_an_account_signs_in_first(console: Browser, workspace: Workspace, other_workspace: Workspace, hire: Hire) -> None:
    hire(other_workspace, "viewer", "li")
    _, token = invite(console, workspace, email="li@example.com")
    assert Browser().get(f"/api/invitations/{token}").json()["has_account"] is True
    answer = Browser().send("POST", f"/api/invitations/{token}", {"account": NEW})
    assert (answer.status_code, answer.json()["code"]) == (409, "account_exists")
    assert Invitation.objects.in_workspace(workspace).get().accepted_at is None


def test_staff_already_leave_it_unspent(console: Browser, workspace: Workspace) -> None:
    _, token = invite(console, workspace)
    answer = console.send("POST", f"/api/invitations/{token}", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_staff")
    assert Browser().get(f"/api/invitations/{token}").status_code == 200
    assert roles(workspace) == {"owner@example.com": "owner"}


@pytest.mark.parametrize(
    "body", [{"role": "king"}, {"role": "viewer", "days": 0}, {"role": "viewer", "days": 31}, {"role": "viewer", "email": "nobody"}, {}]
)
def test_bad_values(console: Browser, workspace: Workspace, body: dict[str, Any]) -> None:
    assert console.send("POST", f"/api/workspaces/{workspace.pk}/invitations", body).status_code == 422
    assert Invitation.objects.in_workspace(workspace).count() == 0


def test_a_key_invites_to_no_more_than_it_holds(workspace: Workspace) -> None:
    narrow = Api(workspace, make_key(workspace, ["staff.manage", "members.read"]))
    assert [narrow.post("/invitations", {"role": role}).status_code for role in ("owner", "manager", "viewer")] == [403, 403, 403]
    assert Invitation.objects.in_workspace(workspace).count() == 0


@pytest.mark.django_db(transaction=True)
def test_racing_for_one_link(workspace: Workspace, owner: User) -> None:
    _, link = invitations.create(workspace, actor=actor_of(owner, role="owner"), role="viewer", email="", days=1)
    token = link.rsplit("/", 1)[1]
    gate = threading.Barrier(4)
    outcomes: list[str] = []

    def run(number: int) -> None:
        gate.wait()
        try:
            invitations.accept_as_new(token=token, email=f"n{number}@example.com", name="N", password="a lamp at the gate", language="zh")
            outcomes.append("in")
        except InvitationSpent:
            outcomes.append("spent")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "spent", "spent", "spent"]
    assert (User.objects.count(), Staff.objects.in_workspace(workspace).count()) == (2, 2)
