"""From an event to whom to write back: people only, fresh only, where the platform lets us."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import time_machine

from hutong.channels import answering
from hutong.channels.actions import inbound
from hutong.channels.answering import Heard
from hutong.channels.contract import Capabilities, Chat, Inbound, Person, Quote, Text
from hutong.channels.models import Account
from hutong.communities.models import Community, Group
from hutong.events.models import LogEntry
from hutong.events.responders import Happening
from hutong.foundation import clock
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import CHAT, World, message

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def linked(workspace: Workspace, community: Community) -> Group:
    return Group.objects.create(workspace=workspace, community=community, name="一群", channel="pretend", external_id="c1")


def happenings() -> list[Happening]:
    rows = LogEntry.objects.filter(name="message_sent").order_by("seq").values_list("body", flat=True)
    return [msgspec.json.decode(bytes(body), type=Happening) for body in rows]


def heard_of(account: Account, *events: Inbound) -> list[Heard]:
    inbound.receive(account, events)
    return answering.heard(happenings())


def test_an_answer_goes_where_it_was_said(account: Account, linked: Group) -> None:
    (one,) = heard_of(account, message("几点开门？", 1, at_ms=clock.to_ms(NOW)))
    assert (one.group, one.chat.external_id, one.message_id) == (linked, "c1", "m1")
    order = answering.answer(one, key="k", segments=[Text("九点")], quotes=True)
    assert (order.account_id, order.chat, order.segments) == (account.pk, Chat(id="c1", kind="group", name="一群"), (Quote("m1"), Text("九点")))
    assert (order.purpose, order.member_id, order.user_ref) == ("reply", one.member_id, "u1")


def test_bots_ourselves_and_what_is_old_are_not_answered(account: Account, linked: Group) -> None:
    at_ms = clock.to_ms(NOW)
    old = at_ms - int(answering.FRESH.total_seconds() * 1000) - 1
    events = (
        message("自己", 1, at_ms=at_ms, actor=Person("bot-1")),
        message("机器", 2, at_ms=at_ms, actor=Person("b2", is_bot=True)),
        message("旧", 3, at_ms=old),
        message("新", 4, at_ms=at_ms),
    )
    assert [one.event.text for one in heard_of(account, *events)] == ["新"]
    account.state = "paused"
    account.save()
    assert answering.heard(happenings()) == []


def test_what_a_machine_wrote_in_their_name_is_theirs_and_not_answered(account: Account, linked: Group) -> None:
    at_ms = clock.to_ms(NOW)
    assert [one.event.text for one in heard_of(account, message("休假中", 1, at_ms=at_ms, is_automatic=True), message("我在", 2, at_ms=at_ms))] == [
        "我在"
    ]
    assert [one.properties.get("automatic") for one in happenings()] == [True, None]
    assert not any(one.properties.get("bot") for one in happenings())


@pytest.mark.parametrize(
    ("asked", "answered"), [("", ""), ("几点", "Re: 几点"), ("Re: 几点", "Re: 几点"), ("回复：几点", "回复：几点"), ("RE:几点", "RE:几点")]
)
def test_an_answer_keeps_the_subject(account: Account, linked: Group, asked: str, answered: str) -> None:
    (one,) = heard_of(account, message("x", 1, at_ms=clock.to_ms(NOW), subject=asked))
    assert answering.answer(one, key="k", segments=[Text("九点")]).subject == answered


def test_a_private_answer_needs_a_platform_that_allows_it_or_a_talk_begun(offer: Callable[..., World], workspace: Workspace, linked: Group) -> None:
    at_ms = clock.to_ms(NOW)
    offer("pretend")
    account = pretend.account(workspace)
    (one,) = heard_of(account, message("在吗", 1, at_ms=at_ms))
    assert answering.private(one, key="k", segments=[Text("在")]) is None
    inbound.receive(account, [Inbound(type="message.new", dedupe_key="dm", occurred_at_ms=at_ms, chat=Chat(id="u1", kind="dm"), actor=Person("u1"))])
    order = answering.private(one, key="k", segments=[Text("在")])
    assert order is not None
    assert (order.chat, order.user_ref) == (Chat(id="u1", kind="dm"), "u1")


def test_a_platform_that_opens_talks_needs_none(offer: Callable[..., World], workspace: Workspace, linked: Group) -> None:
    offer("pretend", capabilities=Capabilities(opens_dm=True))
    account = pretend.account(workspace)
    (one,) = heard_of(account, message("在吗", 1, at_ms=clock.to_ms(NOW)))
    order = answering.private(one, key="k", segments=[Text("在")])
    assert order is not None
    assert order.chat == Chat(id="u1", kind="dm")
    assert CHAT.id == "c1"
