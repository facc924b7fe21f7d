"""Welcomes over HTTP: written, checked, tried out, counted; nobody else's."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from hutong.channels.models import Account, Chat, Send
from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.models import Member
from hutong.welcomes import queries
from hutong.welcomes.actions import definitions
from hutong.welcomes.models import Greeting, Welcome
from hutong.workspaces.models import AuditEntry, Workspace
from tests.conftest import Api, make_key
from tests.welcomes.conftest import NOW, joins, message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
BODY = {"name": "新人欢迎", "messages": [message("{{name|朋友}}，你好")], "is_on": True}


def add(api: Api, **more: Any) -> dict[str, Any]:
    answer = api.post("/welcomes", BODY | more)
    assert answer.status_code == 201, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def test_written_read_changed_and_deleted(api: Api, workspace: Workspace, community: Community, group: Group) -> None:
    made = add(api, group_ids=[str(group.pk)], sources=[{"field": "state", "value": "poster-1"}], priority=3, together_seconds=30)
    assert made == {
        "id": made["id"], "name": "新人欢迎", "kind": "group", "community": None, "groups": [{"id": str(group.pk), "name": "一群"}],
        "sources": [{"field": "state", "value": "poster-1"}], "priority": 3,
        "messages": [{
            "parts": [{
                "kind": "text", "text": "{{name|朋友}}，你好", "file": "", "name": "", "url": "", "title": "", "description": "", "image_url": "",
                "content_type": "", "size_bytes": None,
            }],
            "delay_seconds": 0, "place": "group", "otherwise": "none", "mentions": False,
        }],
        "together_seconds": 30, "keeps_quiet": False, "is_on": True,
        "following": {"rule_id": None, "actions": [], "done": 0, "skipped": 0, "failed": 0},
        "version": 1, "started_at": "2026-11-02T04:00:00Z", "greeted": 0,
        "updated_at": "2026-11-02T04:00:00Z", "updated_by": "test",
    }  # fmt: skip
    assert api.get("/welcomes").json()["items"] == [made] == [api.get(f"/welcomes/{made['id']}").json()]
    changed = api.patch(f"/welcomes/{made['id']}", {"community_id": str(community.pk), "group_ids": [], "is_on": False, "name": "新人"}).json()
    assert (changed["community"], changed["groups"], changed["is_on"], changed["name"]) == (
        {"id": str(community.pk), "name": "胡同读书会"},
        [],
        False,
        "新人",
    )
    assert api.patch(f"/welcomes/{made['id']}", {"community_id": None}).json()["community"] is None
    assert api.delete(f"/welcomes/{made['id']}").json() == {"withdrawn": 0}
    assert api.get(f"/welcomes/{made['id']}").status_code == 404
    acts = AuditEntry.objects.in_workspace(workspace).order_by("at", "id").values_list("action", "details")
    assert list(acts) == [
        ("welcome.create", {"is_on": True}),
        ("welcome.change", {"changed": ["community_id", "group_ids", "is_on", "name"]}),
        ("welcome.change", {"changed": ["community_id"]}),
        ("welcome.delete", {"withdrawn": 0}),
    ]


def test_whoever_edits_the_same_welcome_meanwhile_hears_of_it(api: Api, workspace: Workspace) -> None:
    made = add(api)
    path = f"/welcomes/{made['id']}"
    assert api.patch(path, {"version": 1, "is_on": False}).json()["version"] == 2
    assert api.patch(path, {"version": 2, "is_on": False}).json()["version"] == 2  # nothing changed
    refused = api.patch(path, {"version": 1, "priority": 5})
    assert (refused.status_code, refused.json()["code"], refused.json()["params"]) == (409, "welcome_changed", {"by": "test"})
    assert Welcome.objects.in_workspace(workspace).values_list("is_on", "priority", "version").get() == (False, 0, 2)
    todo = {"id": "a1", "action": "todo.create", "settings": {"title": "认识一下"}}
    assert api.patch(path, {"version": 2, "actions": [todo]}).json()["version"] == 3
    assert api.patch(path, {"version": 2, "actions": []}).json()["code"] == "welcome_changed"
    assert len(api.get(path).json()["following"]["actions"]) == 1
    assert api.patch(path, {"priority": 5}).json()["version"] == 4  # whoever names no version writes over what there is
    assert AuditEntry.objects.in_workspace(workspace).filter(action="welcome.change").count() == 3


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [message("好"), message("{{nobody}}")]}, "messages.1.parts.0.text"),
        ({"messages": [message(" ")]}, "messages.0.parts.0.text"),
        ({"kind": "contact", "group_ids": "GROUP"}, "group_ids"),
        ({"group_ids": "GROUP", "community_id": "COMMUNITY"}, "community_id"),
        ({"sources": [{"field": "state", "value": "  "}]}, "sources.0.value"),
        ({"name": "\n"}, "name"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(
    api: Api, workspace: Workspace, community: Community, group: Group, more: dict[str, Any], field: str
) -> None:
    known = {"GROUP": [str(group.pk)], "COMMUNITY": str(community.pk)}
    answer = api.post("/welcomes", BODY | {name: known.get(value, value) if isinstance(value, str) else value for name, value in more.items()})
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])
    assert Welcome.objects.in_workspace(workspace).count() == 0


def test_limits_and_names(api: Api, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    made = add(api)
    assert api.post("/welcomes", BODY).json()["code"] == "welcome_name_taken"
    assert api.patch(f"/welcomes/{made['id']}", {"name": "新人欢迎"}).status_code == 200
    monkeypatch.setattr(definitions, "WELCOMES_MAX", 1)
    assert api.post("/welcomes", BODY | {"name": "另一条"}).json()["code"] == "too_many_welcomes"
    late = message("晚", delay_seconds=definitions.DELAY_SECONDS_MAX + 1)
    assert api.post("/welcomes", BODY | {"messages": [late]}).status_code == 422
    assert api.post("/welcomes", BODY | {"group_ids": [str(uuid.uuid4())], "name": "x"}).status_code in (404, 409)


def test_tried_out_in_a_chat_once_per_key(api: Api, workspace: Workspace, account: Account, linked: Group) -> None:
    chat = Chat.objects.create(workspace=workspace, account=account, external_id="c1", kind="group", name="一群", group=linked)
    who = Member.objects.create(workspace=workspace, name="小明", first_seen_at=NOW, last_seen_at=NOW)
    body = {
        "messages": [message("{{name|朋友}}在{{group}}"), message("晚些", delay_seconds=60)],
        "chat_id": str(chat.pk),
        "member_id": str(who.pk),
        "key": "k",
    }
    assert [api.post("/welcomes/trials", body).json() for _ in range(2)] == [{"messages": 2}] * 2
    rows = Send.objects.in_workspace(workspace).order_by("key").values_list("key", "excerpt", "next_at")
    assert list(rows) == [("welcome-trial/k/0", "小明在一群", NOW), ("welcome-trial/k/1", "晚些", NOW)]
    assert api.post("/welcomes/trials", body | {"chat_id": str(uuid.uuid4())}).status_code == 404
    assert api.post("/welcomes/trials", body | {"member_id": str(uuid.uuid4())}).status_code == 404
    reader = Api(workspace, make_key(workspace, ["welcomes.read"]))
    assert reader.post("/welcomes/trials", body).status_code == 403


def test_nobody_elses(api: Api, other_api: Api) -> None:
    made = add(api)
    for method in ("get", "delete"):
        assert getattr(other_api, method)(f"/welcomes/{made['id']}").status_code == 404
    assert other_api.patch(f"/welcomes/{made['id']}", {"name": "x"}).status_code == 404
    assert (other_api.get("/welcomes").json(), other_api.get(f"/welcomes/{made['id']}/statistics").status_code) == ({"items": []}, 404)


def test_who_spoke_soon_beside_those_before(frozen: Any, api: Api, account: Account, linked: Group, workspace: Workspace) -> None:
    def person(name: str) -> Member:
        return Member.objects.create(workspace=workspace, name=name, first_seen_at=NOW, last_seen_at=NOW)

    def fact(name: str, who: Member, at: dt.datetime) -> None:
        place = {"community_id": linked.community_id, "group_id": linked.pk, "channel": "pretend"}
        stream.record(Fact(workspace_id=workspace.pk, name=name, member_id=who.pk, occurred_at=at, **place))  # type: ignore[arg-type]

    hour = dt.timedelta(hours=1)
    began = NOW
    # Before: three came in the ten days before; one spoke within a day, another on the third day, the third too late.
    for name, came, spoke in (
        ("甲", began - 90 * hour, 5),
        ("乙", began - 200 * hour, 60),
        ("丙", began - 230 * hour, 200),
        ("丁", began - 300 * hour, 1),
    ):
        who = person(name)
        fact("member_joined", who, came)
        fact("message_sent", who, came + spoke * hour)
    made = add(api)
    assert api.get(f"/welcomes/{made['id']}/statistics").json()["welcomed"] == 0
    # Since: five were welcomed; one spoke before they came (a rejoin), one within the hour, one on the second day, one never, one came just now.
    for name, waits in (("u1", -1), ("u2", 1), ("u3", 30), ("u4", None)):
        joins(account, name)
        who = Member.objects.in_workspace(workspace).get(name=name)
        if waits is not None:
            fact("message_sent", who, clock.now() + waits * hour)
    frozen.move_to(began + 240 * hour)
    joins(account, "u5")
    subscribers.drain()
    assert Greeting.objects.in_workspace(workspace).count() == 5
    assert api.get(f"/welcomes/{made['id']}/statistics").json() == {
        "began_at": "2026-11-02T04:00:00Z",
        "welcomed": 5,
        "left": 0,
        "since": {"spoke_day": {"newcomers": 4, "spoke": 1}, "spoke_week": {"newcomers": 4, "spoke": 2}},
        "before": {"spoke_day": {"newcomers": 3, "spoke": 1}, "spoke_week": {"newcomers": 3, "spoke": 2}},
    }


def test_a_welcome_that_never_began_has_no_numbers(api: Api, workspace: Workspace) -> None:
    made = add(api, is_on=False)
    nothing = {"newcomers": 0, "spoke": 0}
    assert api.get(f"/welcomes/{made['id']}/statistics").json() == {
        "began_at": None, "welcomed": 0, "left": 0, "since": {"spoke_day": nothing, "spoke_week": nothing}, "before": None,
    }  # fmt: skip
    assert queries.DAYS == 90
