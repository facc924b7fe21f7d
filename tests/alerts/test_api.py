"""Alerts over HTTP: listed, counted, seen, snoozed; rules and subscriptions; nobody else's."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from hutong.alerts.actions import handling
from hutong.alerts.models import Alert, AlertRules, Subscription
from hutong.channels.models import Account, Chat
from hutong.communities.models import Community, Group
from hutong.workspaces.models import AuditEntry, User, Workspace
from tests.alerts.conftest import NOW
from tests.conftest import Api, make_key
from tests.workspaces.browser import Browser

pytestmark = pytest.mark.django_db


def alert(group: Group, kind: str = "quiet", *, minutes_ago: int = 0, **more: Any) -> Alert:
    facts = {"messages": 3, "usual": 41.2}
    if kind == "question":
        facts = {"count": 2, "items": [{"member_id": str(group.pk), "name": "小明", "text": "几点开门？", "at": NOW.isoformat(), "event_id": "e-1"}]}  # type: ignore[dict-item]
    return Alert.objects.create(
        workspace=group.workspace, kind=kind, cause=f"{kind}:{group.pk}", community=group.community, group=group, facts=facts,
        raised_at=NOW - dt.timedelta(minutes=minutes_ago), **more,
    )  # fmt: skip


class Person:
    """Somebody signed in."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self.workspace = workspace
        self.browser = Browser()
        assert self.browser.sign_in(user.email).status_code == 200

    def call(self, method: str, path: str, body: Any = None) -> Any:
        path = f"/api/workspaces/{self.workspace.pk}{path}"
        return self.browser.get(path) if method == "GET" else self.browser.send(method, path, body)


def test_listed_by_state_kind_and_community_the_latest_first(api: Api, group: Group, workspace: Workspace) -> None:
    elsewhere = Community.objects.create(workspace=workspace, name="别处")
    other = Group.objects.create(workspace=workspace, community=elsewhere, name="别群", channel="qq")
    first = alert(group, minutes_ago=5)
    second = alert(group, "question")
    third = alert(other, minutes_ago=9, state="acknowledged", seen_by="王芳")
    alert(other, "spike", minutes_ago=20, state="resolved", resolved_at=NOW)

    def ids(**query: Any) -> list[str]:
        return [one["id"] for one in api.get("/alerts", **query).json()["items"]]

    assert ids() == [str(second.pk), str(first.pk), str(third.pk)]
    assert ids(show="open") == [str(second.pk), str(first.pk)]
    assert (len(ids(show="resolved")), len(ids(show="all")), ids(show="acknowledged")) == (1, 4, [str(third.pk)])
    assert ids(kind=["question", "spike"]) == [str(second.pk)]
    assert ids(community=str(elsewhere.pk)) == [str(third.pk)]
    page = api.get("/alerts", limit=2).json()
    assert [one["id"] for one in api.get("/alerts", limit=2, cursor=page["next_cursor"]).json()["items"]] == [str(third.pk)]
    shown = page["items"][0]
    assert (shown["zh"], shown["en"]) == ("「一群」有 2 个提问没人答。", "2 questions wait for an answer in “一群”.")
    assert shown["people"] == [{"member_id": str(group.pk), "name": "小明", "text": "几点开门？", "at": "2026-11-02T04:30:00Z", "event_id": "e-1"}]
    assert api.get("/alerts/summary").json() == {"open": 2, "kinds": {"question": 1, "quiet": 1}}


def test_seen_snoozed_and_taken_back(api: Api, group: Group, workspace: Workspace) -> None:
    one = alert(group)
    seen = api.put(f"/alerts/{one.pk}/acknowledgement").json()
    assert (seen["state"], seen["seen_by"]) == ("acknowledged", "test")
    until = "2026-11-03T00:00:00Z"
    assert api.put(f"/alerts/{one.pk}/snooze", {"until": until}).json()["snoozed_until"] == until
    assert api.delete(f"/alerts/{one.pk}/acknowledgement").json()["state"] == "open"
    assert api.delete(f"/alerts/{one.pk}/acknowledgement").status_code == 200
    for wrong in ("2026-11-02T04:30:00Z", "2027-01-01T00:00:00Z"):
        assert api.put(f"/alerts/{one.pk}/snooze", {"until": wrong}).json()["errors"][0]["field"] == "until"
    acts = AuditEntry.objects.in_workspace(workspace).order_by("at", "id").values_list("action", flat=True)
    assert list(acts) == ["alert.acknowledge", "alert.snooze", "alert.reopen"]
    Alert.objects.in_workspace(workspace).update(state="resolved", resolved_at=NOW)
    assert api.put(f"/alerts/{one.pk}/acknowledgement").json()["code"] == "alert_over"
    reader = Api(workspace, make_key(workspace, ["alerts.read"]))
    assert reader.put(f"/alerts/{one.pk}/acknowledgement").status_code == 403


def test_nobody_elses(other_api: Api, group: Group, account: Account) -> None:
    one = alert(group)
    told = Subscription.objects.create(workspace=group.workspace, account=account, chat_ref="c", chat_kind="group")
    assert other_api.get("/alerts").json()["items"] == []
    assert other_api.put(f"/alerts/{one.pk}/acknowledgement").status_code == 404
    assert other_api.patch(f"/alert-rules/{group.community_id}", {"sensitivity": "low"}).status_code == 404
    assert other_api.delete(f"/alert-subscriptions/{told.pk}").status_code == 404


def test_rules_have_defaults_and_follow_what_is_said(api: Api, group: Group, workspace: Workspace) -> None:
    (shown,) = api.get("/alert-rules").json()["items"]
    assert shown == {
        "community": {"id": str(group.community_id), "name": "胡同读书会"}, "sensitivity": "normal",
        "kinds": ["quiet", "spike", "question", "newcomer"], "question_minutes": 60, "newcomer_minutes": 60, "muted_group_ids": [],
        "following": {"rule_id": None, "actions": [], "done": 0, "skipped": 0, "failed": 0}, "version": 0,
    }  # fmt: skip
    body = {"sensitivity": "high", "kinds": ["question"], "question_minutes": 30, "muted_group_ids": [str(group.pk), str(uuid.uuid4())]}
    changed = api.patch(f"/alert-rules/{group.community_id}", body).json()
    assert changed == shown | {"sensitivity": "high", "kinds": ["question"], "question_minutes": 30, "muted_group_ids": [str(group.pk)], "version": 1}
    assert api.get("/alert-rules").json()["items"] == [changed]
    assert api.patch(f"/alert-rules/{group.community_id}", {"question_minutes": 14}).status_code == 422
    assert AlertRules.objects.in_workspace(workspace).count() == 1


def test_whoever_changes_the_same_rules_meanwhile_hears_of_it(api: Api, group: Group, workspace: Workspace) -> None:
    path = f"/alert-rules/{group.community_id}"
    assert api.patch(path, {"version": 0, "sensitivity": "low"}).json()["version"] == 1
    assert api.patch(path, {"version": 1, "sensitivity": "low"}).json()["version"] == 1  # nothing changed
    refused = api.patch(path, {"version": 0, "kinds": []})
    assert (refused.status_code, refused.json()["code"], refused.json()["params"]) == (409, "alert_rules_changed", {"by": "test"})
    todo = {"id": "a1", "action": "todo.create", "settings": {"title": "去回答"}}
    assert api.patch(path, {"version": 1, "actions": [todo]}).json()["version"] == 2
    assert api.patch(path, {"version": 1, "actions": []}).json()["code"] == "alert_rules_changed"
    (shown,) = api.get("/alert-rules").json()["items"]
    assert (shown["sensitivity"], len(shown["kinds"]), len(shown["following"]["actions"]), shown["version"]) == ("low", 4, 1, 2)
    assert AlertRules.objects.in_workspace(workspace).get().updated_by == "test"
    assert api.patch(path, {"question_minutes": 30}).json()["version"] == 3  # whoever names no version writes over what there is


def test_a_chat_of_the_team_is_told(api: Api, workspace: Workspace, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = Chat.objects.create(workspace=workspace, account=account, external_id="team", kind="group", name="运营群")
    made = api.post("/alert-subscriptions", {"way": "chat", "chat_id": str(chat.pk), "kinds": ["spike", "quiet"], "digest_at": "09:00"})
    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"], "kinds": ["quiet", "spike"], "community_ids": [], "way": "chat",
        "account": {"id": str(account.pk), "name": "小助手"}, "chat_name": "运营群", "quiet_from": "", "quiet_to": "", "digest_at": "09:00", "language": "zh",
    }  # fmt: skip
    assert api.get("/alert-subscriptions").json()["items"] == [made.json()]
    again = api.post("/alert-subscriptions", {"way": "chat", "chat_id": str(chat.pk)})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "chat_id")
    path = f"/alert-subscriptions/{made.json()['id']}"
    assert api.patch(path, {"digest_at": "", "quiet_from": "22:00", "quiet_to": "08:00"}).json()["quiet_to"] == "08:00"
    for wrong, field in (({"quiet_from": ""}, "quiet_to"), ({"digest_at": "25:00"}, "digest_at"), ({"way": "console"}, "chat_id")):
        assert api.patch(path, wrong).json()["errors"][0]["field"] == field
    assert (
        api.post("/alert-subscriptions", {"way": "email", "account_id": str(account.pk), "address": "a@b.cn"}).json()["errors"][0]["field"]
        == "account_id"
    )
    monkeypatch.setattr(handling, "SUBSCRIPTIONS_MAX", 1)
    assert api.post("/alert-subscriptions", {"way": "chat", "chat_id": str(chat.pk)}).json()["code"] == "too_many_subscriptions"
    assert api.delete(path).status_code == 204
    assert Subscription.objects.in_workspace(workspace).count() == 0


def test_an_address_by_an_account_for_mail(api: Api, workspace: Workspace, account: Account) -> None:
    Account.objects.in_workspace(workspace).update(platform="email")
    made = api.post("/alert-subscriptions", {"way": "email", "account_id": str(account.pk), "address": "team@example.com"}).json()
    assert (made["way"], made["chat_name"]) == ("email", "team@example.com")
    row = Subscription.objects.in_workspace(workspace).get()
    assert (row.account, row.chat_ref, row.chat_kind) == (account, "team@example.com", "dm")


def test_a_person_says_what_they_want_to_know_of(workspace: Workspace, owner: User, group: Group, api: Api) -> None:
    alert(group)
    alert(group, "question")
    me = Person(workspace, owner)
    assert me.call("GET", "/alerts/summary").json()["open"] == 2
    mine = me.call("GET", "/alert-subscriptions/mine").json()
    assert (mine["way"], mine["kinds"], mine["language"]) == ("console", [], "zh")
    assert me.call("PATCH", "/alert-subscriptions/mine", {"kinds": ["quiet"], "way": "console"}).json()["kinds"] == ["quiet"]
    assert me.call("GET", "/alerts/summary").json() == {"open": 1, "kinds": {"quiet": 1}}
    assert [one["kind"] for one in me.call("GET", "/alerts?mine=true").json()["items"]] == ["quiet"]
    assert len(me.call("GET", "/alerts").json()["items"]) == 2
    assert (api.get("/alert-subscriptions/mine").json()["code"], api.get("/alerts/summary").json()["open"]) == ("only_people", 2)
    assert api.get("/alert-subscriptions").json()["items"] == []
