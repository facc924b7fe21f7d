"""Staff and roles, and the owner who must stay."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from hutong.workspaces import access
from hutong.workspaces.actions import staff
from hutong.workspaces.errors import LastOwner
from hutong.workspaces.models import AuditEntry, Staff, User, Workspace
from tests.conftest import Api, make_key
from tests.workspaces.browser import Browser
from tests.workspaces.conftest import Hire


def place(workspace: Workspace, user: User) -> Staff:
    return Staff.objects.in_workspace(workspace).get(user=user)


def acts(workspace: Workspace) -> list[tuple[str, str, dict[str, object]]]:
    rows = AuditEntry.objects.in_workspace(workspace).exclude(action="session.start").order_by("at", "id")
    return [(one.action, one.target_name, one.details) for one in rows]


def test_roles_hold_what_modules_contribute(api: Api) -> None:
    body = api.get("/roles").json()
    assert [one["role"] for one in body["roles"]] == ["owner", "manager", "creator", "moderator", "analyst", "viewer"]
    every = {one["name"] for one in body["permissions"]}
    assert every == {one.name for one in access.permissions()}
    held = {one["role"]: set(one["permissions"]) for one in body["roles"]}
    assert held["owner"] == every
    assert every - held["manager"] >= {"staff.manage", "keys.manage"}
    assert held["viewer"] <= held["manager"]
    assert all(name.endswith(".read") for name in held["viewer"])
    assert body["roles"][1]["label"] == {"zh": "社群经理", "en": "Manager"}


def test_list_in_the_order_they_came(api: Api, owner: User, workspace: Workspace, other_workspace: Workspace, hire: Hire) -> None:
    people = [hire(workspace, "viewer", f"v{number}") for number in range(3)]
    hire(other_workspace, "owner", "stranger")
    first = api.get("/staff", limit=2).json()
    rest = api.get("/staff", limit=2, cursor=first["next_cursor"]).json()
    assert [one["email"] for one in [*first["items"], *rest["items"]]] == [owner.email, *(one.email for one in people)]
    assert rest["next_cursor"] is None
    assert set(first["items"][0]) == {"id", "user_id", "name", "email", "role", "created_at", "last_seen_at"}


def test_another_role(console: Browser, workspace: Workspace, hire: Hire) -> None:
    user = hire(workspace, "viewer")
    path = f"/api/workspaces/{workspace.pk}/staff/{place(workspace, user).pk}"
    answer = console.send("PATCH", path, {"role": "moderator"})
    assert (answer.status_code, answer.json()["role"], place(workspace, user).role) == (200, "moderator", "moderator")
    console.send("PATCH", path, {"role": "moderator"})
    assert acts(workspace) == [("staff.change_role", "viewer", {"role": {"from": "viewer", "to": "moderator"}})]


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"role": "viewer"}), ("DELETE", None)])
def test_last_owner_stays(console: Browser, owner: User, workspace: Workspace, hire: Hire, method: str, body: dict[str, str] | None) -> None:
    path = f"/api/workspaces/{workspace.pk}/staff/{place(workspace, owner).pk}"
    closed = hire(workspace, "owner", "closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    answer = console.send(method, path, body)
    assert (answer.status_code, answer.json()["code"], place(workspace, owner).role, acts(workspace)) == (409, "last_owner", "owner", [])
    hire(workspace, "owner", "second")
    assert console.send(method, path, body).status_code in (200, 204)


def test_removal_is_at_once_and_keeps_the_account(console: Browser, workspace: Workspace, hire: Hire) -> None:
    user = hire(workspace, "manager")
    theirs = Browser()
    theirs.sign_in(user.email)
    assert console.send("DELETE", f"/api/workspaces/{workspace.pk}/staff/{place(workspace, user).pk}").status_code == 204
    assert theirs.get(f"/api/workspaces/{workspace.pk}").status_code == 404
    assert theirs.get("/api/session").json()["user"]["name"] == "manager"
    assert acts(workspace)[-1] == ("staff.remove", "manager", {"role": "manager"})


def test_another_workspaces_staff_are_not_found(console: Browser, workspace: Workspace, other_workspace: Workspace, hire: Hire) -> None:
    user = hire(other_workspace, "viewer", "stranger")
    for staff_id in (place(other_workspace, user).pk, uuid.uuid4()):
        for method, body in (("PATCH", {"role": "owner"}), ("DELETE", None)):
            answer = console.send(method, f"/api/workspaces/{workspace.pk}/staff/{staff_id}", body)
            assert (answer.status_code, answer.json()["detail"]) == (404, "This staff member does not exist or was removed.")
    assert place(other_workspace, user).role == "viewer"


def test_a_key_gives_and_takes_no_more_than_it_holds(workspace: Workspace, owner: User, hire: Hire) -> None:
    user = hire(workspace, "viewer")
    hire(workspace, "owner", "second")
    narrow = Api(workspace, make_key(workspace, ["staff.manage"]))
    for staff_id, role in ((place(workspace, user).pk, "owner"), (place(workspace, owner).pk, "viewer")):
        answer = narrow.patch(f"/staff/{staff_id}", {"role": role})
        assert (answer.status_code, answer.json()["code"]) == (403, "above_own_rights")
    assert narrow.delete(f"/staff/{place(workspace, owner).pk}").status_code == 403
    assert (place(workspace, user).role, place(workspace, owner).role) == ("viewer", "owner")


@pytest.mark.django_db(transaction=True)
def test_two_owners_removing_each_other_at_once(workspace: Workspace, hire: Hire) -> None:
    import hutong.config.api  # noqa: F401  (installs the permissions)

    people = [hire(workspace, "owner", name) for name in ("a", "b")]
    places = {user.pk: place(workspace, user).pk for user in people}
    gate = threading.Barrier(2)
    outcomes: list[str] = []

    def run(me: User, them: User) -> None:
        gate.wait()
        try:
            staff.remove(workspace, actor=access.actor_of(me, role="owner"), staff_id=places[them.pk])
            outcomes.append("removed")
        except LastOwner:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (people, people[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "removed"]
    assert Staff.objects.in_workspace(workspace).filter(role="owner").count() == 1
