"""Whom channels do not write to: by what people and platforms say, by staff, by a list; why, and how it is lifted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction

from hutong.channels import outbox
from hutong.channels.actions import inbound, rules, sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Chat, Inbound, Refused, Text
from hutong.channels.models import Account, OptOut, Send
from hutong.foundation import clock
from hutong.members.actions import attributes, identities
from hutong.members.actions.identities import Seen
from hutong.members.models import Member
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import AuditEntry, Workspace
from tests.channels.pretend import World, message
from tests.conftest import Api, make_key

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)  # 12:00 in Shanghai
NIGHT = dt.datetime(2026, 11, 2, 14, 30, tzinfo=dt.UTC)
DM = Chat(id="u1", kind="dm")


@pytest.fixture
def who(workspace: Workspace) -> Member:
    with transaction.atomic():
        found = identities.resolve(workspace.pk, [Seen("pretend", "u1", "小明", clock.to_ms(NOON))])
    return Member.objects.in_workspace(workspace).get(pk=found["pretend", "u1"])


def put(account: Account, key: str, *, purpose: str = "service") -> Send:
    order = Order(key=key, account_id=account.pk, chat=DM, segments=(Text("十点开门"),), purpose=purpose, user_ref="u1")
    return sends.send(account.workspace_id, order)


def result(send: Send) -> tuple[str, str]:
    outbox.drain()
    send.refresh_from_db()
    return send.state, send.reason


def told(kind: Any, number: int, **more: Any) -> Inbound:
    return Inbound(type=kind, dedupe_key=f"{kind}/{number}", occurred_at_ms=clock.now_ms(), **more)


def rows(workspace: Workspace) -> list[tuple[str, ...]]:
    return list(OptOut.objects.in_workspace(workspace).order_by("id").values_list("channel", "user_ref", "stops", "reason", "note", "by"))


@time_machine.travel(NOON, tick=False)
def test_what_bounced_stops_everything_until_they_write(workspace: Workspace, account: Account, world: World) -> None:
    sent = put(account, "k1")
    assert result(sent) == ("sent", "")
    inbound.receive(account, [told("delivery.bounced", 1, target_id=sent.message_ids[0], reason="550 5.1.1 no such user")])
    assert rows(workspace) == [("pretend", "u1", "all", "bounced", "550 5.1.1 no such user", "")]
    for purpose in ("service", "marketing", "reply"):
        assert result(put(account, purpose, purpose=purpose)) == ("failed", "unreachable")
    assert "550 5.1.1 no such user" in Send.objects.in_workspace(workspace).get(key="reply").error_en
    inbound.receive(account, [message("我在", 7, chat=DM)])
    assert rows(workspace) == []
    assert result(put(account, "k2")) == ("sent", "")


@time_machine.travel(NOON, tick=False)
def test_a_chat_that_is_gone_stops_a_person_but_no_group(workspace: Workspace, account: Account, world: World) -> None:
    def gone() -> None:
        raise Refused("chat_gone", "地址不可用。", "The address takes no mail.")

    world.meets.append(gone)
    group = Order(key="g", account_id=account.pk, chat=Chat(id="u1", kind="group"), segments=(Text("在吗"),))
    assert result(sends.send(workspace.pk, group)) == ("failed", "chat_gone")
    assert rows(workspace) == []
    world.meets.append(gone)
    assert result(put(account, "k")) == ("failed", "chat_gone")
    assert rows(workspace) == [("pretend", "u1", "all", "bounced", "地址不可用。", "")]


def test_a_bounce_lifted_leaves_what_they_asked_for(api: Api, workspace: Workspace, account: Account, who: Member) -> None:
    inbound.receive(account, [told("unsubscribed", 1, actor=message("x", 1).actor)])
    sent = put(account, "k1")
    outbox.drain()
    sent.refresh_from_db()
    inbound.receive(account, [told("delivery.bounced", 1, target_id=sent.message_ids[0], reason="gone")])
    items = api.get("/channels/opt-outs", member_id=str(who.pk)).json()["items"]
    assert [(one["stops"], one["reason"], one["member"]["name"]) for one in items] == [("all", "bounced", "小明"), ("marketing", "asked", "小明")]
    path = f"/channels/opt-outs/{items[0]['id']}/lifting"
    assert api.post(path, {"note": " "}).status_code == 422
    assert len(rows(workspace)) == 2
    assert api.post(path, {"note": "地址已改正"}).status_code == 204
    assert api.post(path, {"note": "再来一次"}).status_code == 404
    assert rows(workspace) == [("pretend", "u1", "marketing", "asked", "", "")]
    entry = AuditEntry.objects.in_workspace(workspace).get(action="opt_out.lift")
    assert (entry.target_name, entry.details["why"], entry.details["reason"]) == ("u1", "地址已改正", "bounced")


def test_staff_add_a_member_and_an_id(api: Api, workspace: Workspace, account: Account, who: Member) -> None:
    made = api.post("/channels/opt-outs", {"channel": "pretend", "member_id": str(who.pk), "note": "电话里说的"})
    assert (made.status_code, [one["user_ref"] for one in made.json()["items"]]) == (201, ["u1"])
    again = api.post("/channels/opt-outs", {"channel": "pretend", "member_id": str(who.pk)})
    assert (again.status_code, again.json()["items"][0]["note"]) == (201, "电话里说的")
    assert api.post("/channels/opt-outs", {"channel": "pretend", "user_ref": "u9", "stops": "all"}).status_code == 201
    assert [row[1:5] for row in rows(workspace)] == [("u1", "marketing", "staff", "电话里说的"), ("u9", "all", "staff", "")]
    assert AuditEntry.objects.in_workspace(workspace).filter(action="opt_out.add").count() == 2
    assert api.post("/channels/opt-outs", {"channel": "telex", "user_ref": "u9"}).json()["code"] == "channel_unknown"
    assert api.post("/channels/opt-outs", {"channel": "email", "member_id": str(who.pk)}).json()["errors"][0]["field"] == "channel"
    assert api.post("/channels/opt-outs", {"channel": "pretend"}).json()["errors"][0]["field"] == "user_ref"
    viewer = Api(workspace, make_key(workspace, ["channels.read"]))
    assert viewer.post("/channels/opt-outs", {"channel": "pretend", "user_ref": "u2"}).status_code == 403
    assert len(rows(workspace)) == 2


def test_a_list_is_taken_once_whatever_its_case(api: Api, workspace: Workspace) -> None:
    body = {"channel": "email", "lines": ["Ming@Example.com", "", '"hong@example.com"', "ming@example.com", "x" * 201, "a\tb"], "note": "旧系统"}
    assert api.post("/channels/opt-outs/import", body).json() == {
        "added": 2,
        "known": 0,
        "refused": [{"line": 5, "value": "x" * 200}, {"line": 6, "value": "a\tb"}],
    }
    assert api.post("/channels/opt-outs/import", body).json()["known"] == 2
    assert [row[:4] for row in rows(workspace)] == [
        ("email", "ming@example.com", "marketing", "imported"),
        ("email", "hong@example.com", "marketing", "imported"),
    ]
    assert [one["user_ref"] for one in api.get("/channels/opt-outs", q="hong").json()["items"]] == ["hong@example.com"]
    assert api.get("/channels/opt-outs", reason="bounced").json()["items"] == []
    assert AuditEntry.objects.in_workspace(workspace).get(action="opt_out.import").details["added"] == 2


def test_nobody_elses(api: Api, other_workspace: Workspace) -> None:
    theirs = OptOut.objects.create(workspace=other_workspace, channel="email", user_ref="a@b.c")
    assert api.get("/channels/opt-outs").json()["items"] == []
    assert api.post(f"/channels/opt-outs/{theirs.pk}/lifting", {"note": "x"}).status_code == 404
    assert OptOut.objects.in_workspace(other_workspace).count() == 1


def looked(api: Api, account: Account, who: Member, **more: Any) -> tuple[str, dict[str, str], dict[str, Any]]:
    answer = api.post("/channels/rules/tests", {"account_id": str(account.pk), "member_id": str(who.pk), **more})
    assert answer.status_code == 200, answer.json()
    found = answer.json()
    return found["answer"], {one["name"]: one["answer"] for one in found["checks"] if one["answer"] != "yes"}, found


def test_a_look_says_every_reason_and_sends_nothing(api: Api, workspace: Workspace, account: Account, who: Member, world: World) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        assert looked(api, account, who)[:2] == ("no", {"person": "no"})  # they have not written, and the platform asks for that
        inbound.receive(account, [message("在吗", 1, chat=DM)])
        answer, stopped, found = looked(api, account, who)
        assert (answer, stopped, found["zone"], found["until"]) == ("yes", {}, workspace.time_zone, None)
        assert [one["name"] for one in found["checks"]] == [
            "account", "person", "words", "reachable", "minor", "opted_out", "quiet", "caps", "window", "limits",
        ]  # fmt: skip
        traveller.move_to(NIGHT)
        answer, stopped, found = looked(api, account, who)
        assert (answer, stopped, found["until"]) == ("later", {"quiet": "later"}, "2026-11-03T00:00:00Z")
        assert looked(api, account, who, purpose="service")[0] == "yes"
        rules.change(workspace, actor=SYSTEM, said={"banned_words": ["赌"]})
        attributes.set_value(workspace, actor=SYSTEM, member_id=who.pk, key="birthday", value="2015-01-01")
        OptOut.objects.create(workspace=workspace, channel="pretend", user_ref="u1")
        answer, stopped, found = looked(api, account, who, text="赌一把")
        assert (answer, stopped) == ("no", {"words": "no", "minor": "no", "opted_out": "no", "quiet": "later"})
        assert looked(api, account, who, purpose="reply")[0] == "yes"
    assert Send.objects.in_workspace(workspace).count() == 0
    assert world.shown == []


def test_a_look_knows_what_the_account_can(api: Api, workspace: Workspace, account: Account, who: Member) -> None:
    inbound.receive(account, [message("在吗", 1, chat=DM)])
    Account.objects.in_workspace(workspace).filter(pk=account.pk).update(state="paused")
    assert looked(api, account, who, purpose="reply")[:2] == ("later", {"account": "later"})
    with transaction.atomic():
        found = identities.resolve(workspace.pk, [Seen("irc", "x", "小红", clock.now_ms())])
    elsewhere = Member.objects.in_workspace(workspace).get(pk=found["irc", "x"])
    assert looked(api, account, elsewhere)[:2] == ("no", {"account": "later", "person": "no"})
    nobody = {"account_id": str(account.pk), "member_id": str(account.pk)}
    assert api.post("/channels/rules/tests", nobody).status_code == 404
