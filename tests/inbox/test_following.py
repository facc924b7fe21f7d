"""Conversations follow what is told: the same in any order and however often, for private chats and for groups."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import msgspec
import pytest
import time_machine
from django.db import transaction

from hutong.channels.actions import inbound
from hutong.channels.contract import Chat, Inbound, Person
from hutong.channels.models import Account
from hutong.channels.models import Chat as ChatRow
from hutong.communities.models import Community, Group
from hutong.events.models import LogEntry
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.inbox.models import Conversation, InboxMessage
from hutong.members.models import Identity
from hutong.workspaces.models import Workspace
from tests.channels.pretend import CHAT, message
from tests.inbox.worlds import NOW, PRIVATE, follow, forget, happenings, shuffled, state, told, wrote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def linked(workspace: Workspace, community: Community) -> Group:
    return Group.objects.create(workspace=workspace, community=community, name="一群", channel="pretend", external_id="c1")


def at(seconds: int) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def edited(text: str, number: int, seconds: int, *, chat: Chat = PRIVATE) -> Inbound:
    event = message(text, number, chat=chat, at_ms=clock.to_ms(at(seconds)))
    return msgspec.structs.replace(event, type="message.edited", dedupe_key=f"e{number}.{seconds}")


def recalled(number: int, seconds: int, *, chat: Chat = PRIVATE) -> Inbound:
    return Inbound(
        type="message.deleted",
        dedupe_key=f"r{number}",
        occurred_at_ms=clock.to_ms(at(seconds)),
        chat=chat,
        actor=Person(id="u1", name="小明"),
        target_id=f"m{number}",
    )


def facts(*names: str) -> list[tuple[str, Any]]:
    rows = LogEntry.objects.filter(name__startswith="conversation_").order_by("seq")
    return [(row.name, msgspec.json.decode(bytes(row.body))["properties"]) for row in rows]


def test_a_private_message_opens_a_conversation_and_the_next_joins_it(workspace: Workspace, account: Account) -> None:
    told(account, wrote("在吗", 1, seconds=-60), wrote("想问一下", 2, seconds=-30))
    (one,) = Conversation.objects.in_workspace(workspace)
    assert (one.name, one.state, one.is_active, one.because, one.channel, one.user_ref) == ("小明", "open", True, "message", "pretend", "u1")
    assert (one.last_excerpt, one.last_at, one.waiting_since, one.opened_at) == ("想问一下", at(-30), at(-60), at(-60))
    assert facts() == [("conversation_opened", {"conversation_id": str(one.pk), "because": "message"})]
    told(account)  # the same again
    assert Conversation.objects.in_workspace(workspace).count() == 1
    assert len(facts()) == 1


def test_bots_and_strange_workspaces_open_nothing(workspace: Workspace, other_workspace: Workspace, account: Account) -> None:
    told(account, wrote("我是机器人", 1, actor=Person("b2", is_bot=True)))
    assert Conversation.objects.in_workspace(workspace).count() == 0
    inbound.receive(account, [wrote("在吗", 2)])
    follow([msgspec.structs.replace(one, workspace_id=str(other_workspace.pk)) for one in happenings()])
    assert Conversation.objects.across_workspaces().count() == 0


def test_edits_and_recalls_show(workspace: Workspace, account: Account) -> None:
    told(account, wrote("在妈", 1, seconds=-60), edited("在吗", 1, -50), wrote("发错了", 2, seconds=-40), recalled(2, -30))
    (one,) = Conversation.objects.in_workspace(workspace)
    lines = InboxMessage.objects.in_workspace(workspace).order_by("at").values_list("text", "edited_at", "recalled_at")
    assert list(lines) == [("在吗", at(-50), None), ("发错了", None, at(-30))]
    assert (one.last_excerpt, one.waiting_since) == ("", at(-60))
    told(account, recalled(1, -20))
    one.refresh_from_db()
    assert (one.state, one.waiting_since) == ("pending", None)  # nobody waits for an answer to nothing


@pytest.mark.parametrize("seed", range(25))
def test_any_order_and_any_repetition_give_the_same_conversation(workspace: Workspace, account: Account, seed: int) -> None:
    chance = random.Random(seed)
    events: list[Inbound] = []
    for number in range(chance.randrange(1, 8)):
        events.append(wrote(f"第 {number} 句", number, seconds=-600 + number * 10))
        if chance.random() < 0.4:
            events.append(edited(f"改过的 {number}", number, -300 + number))
        if chance.random() < 0.2:
            events.append(edited(f"再改的 {number}", number, -200 + number))
        if chance.random() < 0.3:
            events.append(recalled(number, -100 + number))
    inbound.receive(account, events)
    every = happenings()
    for one in every:
        follow([one])
    expected = state(workspace)
    assert len(expected) == 1
    for _ in range(4):
        forget()
        for batch in shuffled(every, chance):
            follow(batch)
        assert state(workspace) == expected


def test_in_a_group_a_case_opens_when_the_bot_is_called_and_is_one_persons(workspace: Workspace, account: Account, linked: Group) -> None:
    inbound.receive(account, [wrote("大家好", 1, chat=CHAT)])
    follow()
    assert Conversation.objects.in_workspace(workspace).count() == 0
    event = wrote("@小助手 怎么退款", 2, chat=CHAT, seconds=1)
    called = msgspec.structs.replace(event, message=msgspec.structs.replace(event.message, mentions_bot=True))  # type: ignore[type-var]
    told(account, called, wrote("别人的话", 3, chat=CHAT, who="u2", name="小红", seconds=2), wrote("订单号 7", 4, chat=CHAT, seconds=3))
    (one,) = Conversation.objects.in_workspace(workspace)
    assert (one.name, one.because, one.state, one.community_id, one.in_group) == ("小明", "mention", "open", linked.community_id, one.origin_id)
    assert list(one.messages.in_workspace(workspace).order_by("at").values_list("text", flat=True)) == ["@小助手 怎么退款", "订单号 7"]


def test_what_a_rule_handed_over_opens_a_case_and_names_the_rule(workspace: Workspace, account: Account, linked: Group) -> None:
    inbound.receive(account, [wrote("我要投诉", 1, chat=CHAT)])
    member = Identity.objects.in_workspace(workspace).get(external_id="u1")
    chat = ChatRow.objects.in_workspace(workspace).get(external_id="c1")
    fact = Fact(
        workspace_id=workspace.pk,
        name="handed_over",
        member_id=member.member_id,
        origin_id=member.origin_id,
        group_id=linked.pk,
        community_id=linked.community_id,
        channel="pretend",
        text="我要投诉",
        occurred_at=NOW,
        properties={"rule_id": "7", "keyword": "投诉", "chat_id": str(chat.pk), "message_id": "m1"},
        id="x/handed_over",
    )
    with transaction.atomic():
        stream.record(fact)
    follow()
    (one,) = Conversation.objects.in_workspace(workspace)
    assert (one.because, one.handed_over_by, one.state) == ("handed_over", "投诉", "open")
    assert list(one.messages.in_workspace(workspace).values_list("text", "external_id")) == [("我要投诉", "m1")]
