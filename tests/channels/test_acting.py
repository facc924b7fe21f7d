"""What is done through channels: messages to people and into groups, calls of programs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import time_machine
from django.test import Client

from hutong.channels import unsubscribing
from hutong.channels.acting import ACTIONS
from hutong.channels.acting.calls import CALL
from hutong.channels.acting.groups import SEND as INTO_GROUPS
from hutong.channels.acting.people import SEND
from hutong.channels.actions import lanes
from hutong.channels.actions.sends import Body
from hutong.channels.contract import Capabilities, Data, Limits, Quote, Rate, Text
from hutong.channels.models import Account, Chat, Lane, OptOut, Send
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.acting import Occasion
from hutong.foundation.errors import Invalid
from hutong.members.models import Attribute, AttributeValue, Identity, Member
from hutong.workspaces.models import Workspace
from tests import acting
from tests.acting import do, persons, states
from tests.channels import pretend
from tests.channels.pretend import World

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 2, 4, 0, tzinfo=dt.UTC)
OPEN = Capabilities(has_send_key=True, opens_dm=True, sends=frozenset({"text", "quote", "data"}))


def member(workspace: Workspace, name: str, *, channel: str = "pretend", seen: dt.datetime = NOON, **values: Any) -> Member:
    made = Member.objects.create(workspace=workspace, name=name, first_seen_at=NOON, last_seen_at=NOON)
    named(workspace, made, channel, seen=seen)
    for key, value in values.items():
        attribute, _ = Attribute.objects.in_workspace(workspace).get_or_create(
            workspace=workspace, key=key, defaults={"name_zh": key, "name_en": key, "type": "text"}
        )
        AttributeValue.objects.create(workspace=workspace, member=made, attribute=attribute, value=value, source="test")
    return made


def named(workspace: Workspace, one: Member, channel: str, *, seen: dt.datetime = NOON) -> None:
    Identity.objects.create(workspace=workspace, member=one, origin=one, channel=channel, external_id=f"{channel}-{one.name}", last_seen_at=seen)


def body(send: Send) -> Body:
    return msgspec.json.decode(bytes(send.body), type=Body)


def called(send: Send) -> tuple[str, Any]:
    (said,) = body(send).segments
    assert isinstance(said, Data)
    return said.type, msgspec.json.decode(said.data)


def sent(workspace: Workspace) -> list[tuple[str, str, str, str]]:
    """(channel, chat, text, purpose)"""
    rows = Send.objects.in_workspace(workspace).select_related("account").order_by("id")
    return [(one.account.channel, one.chat_ref, one.excerpt, one.purpose) for one in rows]


def text(said: str) -> list[dict[str, str]]:
    return [{"kind": "text", "text": said}]


@pytest.fixture
def open_world(offer: Callable[..., World]) -> World:
    return offer(capabilities=OPEN)


@pytest.fixture
def account(workspace: Workspace, open_world: World) -> Account:
    return pretend.account(workspace)


def test_a_message_to_each_by_what_is_known_of_them_once(workspace: Workspace, account: Account) -> None:
    ming, hong = member(workspace, "小明", city="北京"), member(workspace, "小红", city="上海")
    given = {"parts": text("{{name}}，{{attribute.city}}见，{{event.amount|一点}}元"), "purpose": "service"}
    people = [
        *persons(ming, occasion=Occasion(event="order_paid", properties={"amount": 30.0})), *persons(hong)
    ]  # fmt: skip
    for _ in range(2):
        assert states(do(SEND, workspace, given, people)) == ["done", "done"]
    assert sent(workspace) == [
        ("pretend", "pretend-小明", "小明，北京见，30元", "service"),
        ("pretend", "pretend-小红", "小红，上海见，一点元", "service"),
    ]
    row = Send.objects.in_workspace(workspace).get(member=ming)
    assert (row.key, row.source, row.user_ref, row.lane) == (people[0].key, acting.TOLD_BY, "pretend-小明", "")


def test_a_plan_writes_nothing(workspace: Workspace, account: Account) -> None:
    plan = SEND.plan(acting.doer(workspace), SEND.check(workspace.pk, {"parts": text("好")}), persons(member(workspace, "小明")))
    assert states(plan.outcomes) == ["done"]
    assert not sent(workspace)


def test_who_cannot_be_reached_or_lacks_a_field_is_refused_alone(workspace: Workspace, offer: Callable[..., World]) -> None:
    offer(capabilities=Capabilities(opens_dm=False))
    account = pretend.account(workspace)
    talked, silent, stranger, nameless = (
        member(workspace, "谈过", city="北京"), member(workspace, "没谈", city="北京"), member(workspace, "别处", channel="irc", city="北京"),
        member(workspace, "无城"),
    )  # fmt: skip
    for one in (talked, nameless):
        Chat.objects.create(workspace=workspace, account=account, external_id=f"pretend-{one.name}", kind="dm")
    outcomes = do(SEND, workspace, {"parts": text("{{attribute.city}}")}, persons(talked, silent, stranger, nameless))
    assert states(outcomes) == ["done", "unreachable", "unreachable", "missing_field"]
    assert outcomes[1].zh != outcomes[2].zh
    assert "attribute.city" in outcomes[3].zh
    assert [chat for _, chat, _, _ in sent(workspace)] == ["pretend-谈过"]


def test_a_fallback_may_be_nothing(workspace: Workspace, account: Account) -> None:
    outcomes = do(SEND, workspace, {"parts": text("你好{{event.gone|}}。")}, persons(member(workspace, "小明")))
    assert states(outcomes) == ["done"]
    assert sent(workspace)[0][2] == "你好。"


def test_accounts_are_tried_in_order_else_where_they_wrote_last(workspace: Workspace, account: Account, offer: Callable[..., World]) -> None:
    offer("other", capabilities=OPEN)
    other = pretend.account(workspace, "other", name="别的")
    one = member(workspace, "小明", seen=NOON)
    named(workspace, one, "other", seen=NOON + dt.timedelta(days=1))
    do(SEND, workspace, {"parts": text("近")}, persons(one, key="a"))
    do(SEND, workspace, {"parts": text("选"), "accounts": [str(account.pk), str(other.pk)]}, persons(one, key="b"))
    Account.objects.in_workspace(workspace).filter(pk=other.pk).update(state="paused")
    do(SEND, workspace, {"parts": text("停")}, persons(one, key="c"))
    assert [(channel, said) for channel, _, said, _ in sent(workspace)] == [("other", "近"), ("pretend", "选"), ("pretend", "停")]


@time_machine.travel(NOON, tick=False)
def test_into_the_chat_where_it_happened(workspace: Workspace, account: Account, group: Group) -> None:
    one = member(workspace, "小明")
    chat = Chat.objects.create(workspace=workspace, account=account, external_id="g1", kind="group", name="一群", group=group)
    said = {"chat_id": str(chat.pk), "message_id": "m7", "thread": "t1"}
    fresh = Occasion(event="message_sent", occurred_at=NOON.timestamp(), group_id=group.pk, properties=said)
    stale = Occasion(event="message_sent", occurred_at=NOON.timestamp() - 3_600, properties=said)
    elsewhere = Occasion(event="order_paid", group_id=group.pk)
    people = [*persons(one, key="1", occasion=fresh), *persons(one, key="2", occasion=stale), *persons(one, key="3", occasion=elsewhere)]
    outcomes = do(SEND, workspace, {"parts": text("{{group}}好"), "place": "there", "quotes": True}, [*people, *persons(one, key="4")])
    assert states(outcomes) == ["done", "missing_field", "done", "no_chat"]
    rows = list(Send.objects.in_workspace(workspace).order_by("id"))
    assert [(one.chat_ref, one.purpose, one.user_ref, one.group_id) for one in rows] == [
        ("g1", "reply", "pretend-小明", group.pk), ("g1", "service", "", group.pk),
    ]  # fmt: skip
    assert body(rows[0]).segments == (Quote("m7"), Text("一群好"))
    assert (body(rows[0]).thread, body(rows[1]).segments) == ("t1", (Text("一群好"),))


def test_a_lane_counts_what_is_new_in_it(workspace: Workspace, account: Account) -> None:
    lane = lanes.open_lane(workspace.pk)
    some = [member(workspace, f"m{number}") for number in range(3)]
    do(SEND, workspace, {"parts": text("好")}, persons(*some[:2]), lane=lane.pk)
    do(SEND, workspace, {"parts": text("好")}, persons(*some), lane=lane.pk)
    assert Lane.objects.in_workspace(workspace).get().sends == 3
    assert set(Send.objects.in_workspace(workspace).values_list("lane", "is_first")) == {(lane.pk.hex, True)}


def test_marketing_says_how_to_hear_no_more(workspace: Workspace, account: Account) -> None:
    one = member(workspace, "小明")
    do(SEND, workspace, {"parts": text("特价。{{unsubscribe_url}}"), "purpose": "marketing"}, persons(one))
    said = body(Send.objects.in_workspace(workspace).get())
    assert said.segments == (Text(f"特价。{said.unsubscribe_url}"),)
    token = said.unsubscribe_url.rpartition("/")[2]
    assert unsubscribing.opened(token) == unsubscribing.Opened(one.pk, account.pk, acting.SOURCE)
    page = Client().get(f"/u/{token}")
    assert page.status_code == 200
    assert not OptOut.objects.in_workspace(workspace).exists()
    for _ in range(2):
        assert Client().post(f"/u/{token}").status_code == 200
    assert list(OptOut.objects.in_workspace(workspace).values_list("channel", "user_ref", "stops", "reason")) == [
        ("pretend", "pretend-小明", "marketing", "link")
    ]
    assert Client().post(f"/u/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}").status_code == 404


def test_a_service_message_has_no_such_link(workspace: Workspace, account: Account) -> None:
    do(SEND, workspace, {"parts": text("好"), "purpose": "service"}, persons(member(workspace, "小明")))
    assert body(Send.objects.in_workspace(workspace).get()).unsubscribe_url == ""


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"parts": []}, "parts"),
        ({}, "parts"),
        ({"parts": [{"kind": "odd"}]}, "parts.0.kind"),
        ({"parts": [{"kind": "text", "text": "好"}, {"kind": "text", "text": "{{nobody}}"}]}, "parts.1.text"),
        ({"parts": [{"kind": "text", "text": "{{event.}}"}]}, "parts.0.text"),
        ({"parts": [{"kind": "text", "text": "好"}], "accounts": [str(uuid.UUID(int=9))]}, "accounts"),
        ({"parts": [{"kind": "text", "text": "好"}], "accounts": "x"}, "accounts"),
        ({"parts": [{"kind": "text", "text": "好"}], "subject": "{{x}}"}, "subject"),
        ({"parts": [{"kind": "text", "text": "好"}], "place": "moon"}, "place"),
        ({"parts": [{"kind": "text", "text": "好"}], "quotes": 1}, "quotes"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(workspace: Workspace, account: Account, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        SEND.check(workspace.pk, given)
    assert [one["field"] for one in caught.value.errors] == [field]


def test_another_workspaces_account_is_not_there(workspace: Workspace, other_workspace: Workspace, account: Account) -> None:
    with pytest.raises(Invalid):
        SEND.check(other_workspace.pk, {"parts": text("好"), "accounts": [str(account.pk)]})
    with pytest.raises(Invalid):
        CALL.check(other_workspace.pk, {"account": str(account.pk)})


def test_it_is_said_in_words(workspace: Workspace, account: Account, group: Group) -> None:
    def said(action: Any, given: dict[str, Any]) -> str:
        zh, en = action.say(workspace.pk, action.check(workspace.pk, given))
        assert en and not any("一" <= one <= "鿿" for one in en.replace("好", "").replace("小助手", "").replace("一群", ""))
        return str(zh)

    assert said(SEND, {"parts": text("好")}) == "给本人发送「好」"
    assert said(SEND, {"parts": text("好"), "accounts": [str(account.pk)]}) == "用 小助手 给本人发送「好」"
    assert said(SEND, {"parts": text("好"), "place": "there"}) == "在事情发生的会话里发送「好」"
    assert said(INTO_GROUPS, {"parts": text("好"), "groups": [str(group.pk)]}) == "在群 一群 里发送「好」"
    assert said(CALL, {"account": str(account.pk), "type": "vip"}) == "调用 Webhook「小助手」（vip）"
    kept = SEND.check(workspace.pk, {"parts": text("好"), "accounts": [str(account.pk)]})
    Account.objects.in_workspace(workspace).all().delete()
    assert SEND.say(workspace.pk, kept)[0] == "用 （已删除） 给本人发送「好」"


def test_what_to_know_before(workspace: Workspace, offer: Callable[..., World]) -> None:
    offer(capabilities=Capabilities(send="needs_human_confirm"), limits=Limits(per_account=(Rate(30, 60.0),)))
    pretend.account(workspace)
    kept = SEND.check(workspace.pk, {"parts": text("特价"), "purpose": "marketing"})
    assert [one.zh for one in SEND.warn(workspace.pk, kept, 9_030)] == [
        "「小助手」受平台速率限制，发给 9,030 人至少要 5.0 小时。",
        "假平台 的每次发送都要员工在平台上确认。",
        "假平台 上只能发给先和「小助手」说过话的人。",
        "在 假平台 上，消息里没有退订的办法。请加入字段 {{unsubscribe_url}}，或说明怎样退订。",
    ]
    there = SEND.check(workspace.pk, {"parts": text("特价"), "purpose": "marketing", "place": "there"})
    assert SEND.warn(workspace.pk, there, 10)[-1].zh == "营销消息会出现在群里，退订了的人也看得到。"
    Account.objects.in_workspace(workspace).update(state="removed")
    (none,) = SEND.warn(workspace.pk, SEND.check(workspace.pk, {"parts": text("好"), "purpose": "service"}), 10)
    assert none.is_error


@time_machine.travel(NOON, tick=False)
def test_into_groups_once_for_what_happened(workspace: Workspace, account: Account, community: Community, group: Group) -> None:
    Chat.objects.create(workspace=workspace, account=account, external_id="g1", kind="group", name="一群", group=group)
    silent = Group.objects.create(workspace=workspace, community=community, name="二群", channel="irc")
    some = [member(workspace, "小明"), member(workspace, "小红")]
    given = {"parts": text("{{name}}来了"), "groups": [str(group.pk), str(silent.pk)]}
    kept = INTO_GROUPS.check(workspace.pk, given)
    assert [one.is_error for one in INTO_GROUPS.warn(workspace.pk, kept, 1)] == [False]
    happened = Occasion(event="member_joined", event_id="e1", occurred_at=NOON.timestamp())
    assert states(do(INTO_GROUPS, workspace, given, persons(*some, occasion=happened))) == ["done", "done"]
    assert states(do(INTO_GROUPS, workspace, given, persons(*some, occasion=happened))) == ["unchanged", "unchanged"]
    by_time = {**given, "parts": text("早")}
    assert states(do(INTO_GROUPS, workspace, by_time, persons(*some, key="t1"))) == ["done", "unchanged"]
    assert states(do(INTO_GROUPS, workspace, by_time, persons(*some, key="t2"))) == ["unchanged", "unchanged"]
    assert [(chat, said) for _, chat, said, _ in sent(workspace)] == [("g1", "小明来了"), ("g1", "小红来了"), ("g1", "早")]
    assert states(do(INTO_GROUPS, workspace, {**given, "groups": [str(silent.pk)]}, persons(some[0]))) == ["no_chat"]
    with pytest.raises(Invalid):
        INTO_GROUPS.check(workspace.pk, {"parts": text("好"), "groups": []})
    Group.objects.in_workspace(workspace).filter(pk=silent.pk).update(archived_at=clock.now())
    with pytest.raises(Invalid):
        INTO_GROUPS.warn(workspace.pk, kept, 1)


def test_a_call_tells_who_and_what(workspace: Workspace, account: Account) -> None:
    one, child = member(workspace, "小明", city="北京"), member(workspace, "小孩", birthday="2020-01-01", city="北京")
    happened = Occasion(event="order_paid", event_id="e1", occurred_at=NOON.timestamp(), properties={"amount": 30})
    given = {"account": str(account.pk), "type": "vip", "properties": {"where": "{{attribute.city}}", "paid": "{{event.amount|0}}"}}
    people = [*persons(one, occasion=happened), *persons(child), *persons(member(workspace, "无城"))]
    for _ in range(2):
        assert states(do(CALL, workspace, given, people)) == ["done", "done", "missing_field"]
    first, second = Send.objects.in_workspace(workspace).order_by("id")
    assert (first.key, first.chat_ref, first.chat_kind, first.member_id) == (people[0].key, str(one.pk), "dm", None)
    assert called(first) == (
        "vip",
        {
            "member": {"id": str(one.pk), "name": "小明"},
            "event": {"name": "order_paid", "id": "e1", "occurred_at": "2026-11-02T04:00:00+00:00", "properties": {"amount": 30}},
            "properties": {"where": "北京", "paid": "30"},
            "source": acting.SOURCE,
        },
    )
    _, data = called(second)
    assert "event" not in data
    assert data["properties"] == {"where": "北京", "paid": "0"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "account"),
        ({"account": str(uuid.UUID(int=9))}, "account"),
        ({"account": "{account}", "type": "message.send"}, "type"),
        ({"account": "{account}", "properties": {"a": "{{x}}"}}, "properties.a"),
        ({"account": "{account}", "properties": {"a": 1}}, "properties.a"),
        ({"account": "{account}", "properties": [1]}, "properties"),
    ],
)
def test_what_is_wrong_with_a_call(workspace: Workspace, account: Account, given: dict[str, Any], field: str) -> None:
    if given.get("account") == "{account}":
        given = {**given, "account": str(account.pk)}
    with pytest.raises(Invalid) as caught:
        CALL.check(workspace.pk, given)
    assert [one["field"] for one in caught.value.errors] == [field]


def test_only_a_platform_that_takes_calls_is_called(workspace: Workspace, offer: Callable[..., World]) -> None:
    offer()
    deaf = pretend.account(workspace)
    with pytest.raises(Invalid):
        CALL.check(workspace.pk, {"account": str(deaf.pk)})


def test_an_account_removed_since_is_said(workspace: Workspace, account: Account) -> None:
    kept = CALL.check(workspace.pk, {"account": str(account.pk)})
    Account.objects.in_workspace(workspace).update(state="removed")
    assert states(CALL.plan(acting.doer(workspace), kept, persons(member(workspace, "小明"))).outcomes) == ["account_gone"]


def test_each_is_told_apart_by_name() -> None:
    assert [one.name for one in ACTIONS] == ["message.send", "message.group", "webhook.call"]
