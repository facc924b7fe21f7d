"""May this be sent: every reason for no, for later, and the defaults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import transaction

from hutong.channels import outbox
from hutong.channels.actions import inbound, rules, sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Capabilities, Chat, Limits, Rate, ReplyContext, Text
from hutong.channels.models import Account, OptOut, Send
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.members.actions import attributes, identities
from hutong.members.actions.identities import Seen
from hutong.members.models import Member
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import World, message

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)  # 12:00 in Shanghai
NIGHT = dt.datetime(2026, 11, 2, 14, 30, tzinfo=dt.UTC)  # 22:30 there
DM = Chat(id="u1", kind="dm")


@pytest.fixture
def who(workspace: Workspace) -> Member:
    with transaction.atomic():
        found = identities.resolve(workspace.pk, [Seen("pretend", "u1", "小明", clock.to_ms(NOON))])
    return Member.objects.in_workspace(workspace).get(pk=found["pretend", "u1"])


def put(account: Account, key: str, *, text: str = "新品上市", purpose: str = "marketing", member: Member | None = None, **more: Any) -> Send:
    order = Order(
        key=key,
        account_id=account.pk,
        chat=more.pop("chat", DM),
        segments=(Text(text),),
        purpose=purpose,
        member_id=member.pk if member else None,
        user_ref="u1",
        **more,
    )
    return sends.send(account.workspace_id, order)


def result(send: Send) -> tuple[str, str]:
    outbox.drain()
    send.refresh_from_db()
    return send.state, send.reason


@time_machine.travel(NOON, tick=False)
def test_by_default_it_goes(account: Account, who: Member, world: World) -> None:
    assert result(put(account, "k", member=who)) == ("sent", "")


def test_marketing_waits_for_the_morning_of_whom_it_is_for(workspace: Workspace, account: Account, who: Member, world: World) -> None:
    with time_machine.travel(NIGHT, tick=False) as traveller:
        marketing, service = put(account, "m", member=who), put(account, "s", purpose="service", member=who)
        assert (result(marketing), result(service)) == (("queued", ""), ("sent", ""))
        assert marketing.next_at == dt.datetime(2026, 11, 3, 0, tzinfo=dt.UTC)  # 8:00 in Shanghai
        traveller.move_to(marketing.next_at)
        assert result(marketing) == ("sent", "")
        workspace.time_zone = "Europe/Paris"
        workspace.save()
        traveller.move_to(dt.datetime(2026, 11, 10, 6, 59, tzinfo=dt.UTC))  # 7:59 in Paris
        other = put(account, "p", member=who)
        assert result(other) == ("queued", "")
        assert other.next_at == dt.datetime(2026, 11, 10, 7, tzinfo=dt.UTC)


@time_machine.travel(NIGHT, tick=False)
def test_a_group_has_its_own_night(workspace: Workspace, account: Account, world: World) -> None:
    community = Community.objects.create(workspace=workspace, name="巴黎", time_zone="Europe/Paris")
    Group.objects.create(workspace=workspace, community=community, name="g", channel="pretend", external_id="c1")
    inbound.receive(account, [message("bonjour", 1)])
    assert result(put(account, "k", chat=pretend.CHAT)) == ("sent", "")  # 15:30 there


def test_once_a_day_and_three_times_a_week(account: Account, who: Member, world: World) -> None:
    sent = []
    with time_machine.travel(NOON, tick=False) as traveller:
        for n in range(5):
            put(account, f"k{n}", member=who)
        while Send.objects.in_workspace(account.workspace_id).filter(state="queued").exists():
            before = len(world.shown)
            outbox.drain()
            sent += [clock.now()] * (len(world.shown) - before)
            traveller.shift(dt.timedelta(hours=1))
    days = [(moment - NOON).total_seconds() / 86_400 for moment in sent]
    assert days == [0, 1, 2]
    states = set(Send.objects.in_workspace(account.workspace_id).values_list("state", flat=True))
    assert states == {"sent", "expired"}  # the fourth would have waited a week, longer than it is worth


@pytest.mark.parametrize(
    ("birthday", "purpose", "expected"),
    [
        ("2010-01-01", "marketing", ("failed", "minor")),
        ("2008-11-03", "marketing", ("failed", "minor")),
        ("2008-11-02", "marketing", ("sent", "")),
        ("11-02", "marketing", ("sent", "")),
        ("2010-01-01", "service", ("sent", "")),
        ("2015-01-01", "service", ("failed", "minor")),
        ("2015-01-01", "reply", ("sent", "")),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_minors(workspace: Workspace, account: Account, who: Member, world: World, birthday: str, purpose: str, expected: tuple[str, str]) -> None:
    attributes.set_value(workspace, actor=SYSTEM, member_id=who.pk, key="birthday", value=birthday)
    assert result(put(account, "k", member=who, purpose=purpose)) == expected


@time_machine.travel(NOON, tick=False)
def test_no_means_no(workspace: Workspace, account: Account, who: Member, world: World) -> None:
    OptOut.objects.create(workspace=workspace, channel="pretend", user_ref="u1", member=who)
    assert result(put(account, "m", member=who)) == ("failed", "opted_out")
    assert result(put(account, "s", member=who, purpose="service")) == ("sent", "")


@time_machine.travel(NOON, tick=False)
def test_words(workspace: Workspace, account: Account, world: World) -> None:
    rules.change(workspace, actor=SYSTEM, said={"banned_words": ["微信Pay"]})
    assert result(put(account, "a", text="全国最佳的咖啡")) == ("failed", "banned_words")
    assert result(put(account, "b", text="全国最佳的咖啡", purpose="service")) == ("sent", "")
    assert result(put(account, "c", text="加微信pay", purpose="reply")) == ("failed", "banned_words")
    assert "微信Pay" in Send.objects.in_workspace(workspace).get(key="c").error_zh


@pytest.mark.parametrize("bad", [{"quiet_from": "25:00"}, {"quiet_to": "8"}, {"marketing_per_day": -1}, {"banned_words": [""]}, {"odd": 1}])
def test_rules_are_checked(workspace: Workspace, bad: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        rules.change(workspace, actor=SYSTEM, said=bad)


def test_answers_only_within_the_window(workspace: Workspace, offer: Callable[..., World]) -> None:
    world = offer(capabilities=Capabilities(send="reply_window", has_send_key=True), limits=Limits(reply=Rate(2, 300)))
    account = pretend.account(workspace)
    with time_machine.travel(NOON, tick=False) as traveller:
        assert result(put(account, "k0", purpose="reply")) == ("failed", "window")
        inbound.receive(account, [message("在吗", 1, chat=DM)])
        assert [result(put(account, f"k{n}", purpose="reply")) for n in (1, 2, 3)] == [("sent", ""), ("sent", ""), ("failed", "window")]
        inbound.receive(account, [message("还在吗", 2, chat=DM)])
        assert result(put(account, "k4", purpose="reply")) == ("sent", "")
        traveller.shift(301)
        assert result(put(account, "k5", purpose="reply")) == ("failed", "window")
        spent = ReplyContext("token", "t", expires_at_ms=clock.now_ms())
        assert result(put(account, "k6", purpose="reply", reply=spent)) == ("failed", "window")
    assert len(world.shown) == 3
