"""Newcomers are welcomed once, by the welcome that fits best, where and when it says; whoever left is sent nothing more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from hutong.channels import outbox
from hutong.channels.actions import inbound
from hutong.channels.contract import Capabilities, Chat, Inbound, Origin, Person
from hutong.channels.models import Account, Send
from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.events.models import DeadEvent, LogEntry
from hutong.foundation import clock, stream
from hutong.foundation.jobs import worker
from hutong.members.actions import merges, profiles
from hutong.members.models import Attribute, Identity, Member
from hutong.welcomes.actions import definitions
from hutong.welcomes.models import Gathering, Greeting, Welcome
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import World
from tests.welcomes.conftest import NOW, happens, joins, leaves, message, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
Make = Callable[..., Welcome]
DAY = 86_400


def member(name: str) -> Member:
    return Member.objects.across_workspaces().get(name=name)


def test_a_newcomer_is_welcomed_once_even_after_they_left_and_came_back(
    frozen: Any, account: Account, linked: Group, make: Make, workspace: Workspace, world: World
) -> None:
    welcome = make()
    joins(account, "u1", name="小明")
    assert sent(workspace) == [("c1", "小明，欢迎来一群", "queued")]
    send = Send.objects.in_workspace(workspace).get()
    assert (send.key, send.purpose, send.member) == (f"welcome/{welcome.pk}/{member('小明').pk}/0", "reply", member("小明"))
    outbox.drain()
    assert world.texts() == ["小明，欢迎来一群"]
    greeting = Greeting.objects.in_workspace(workspace).get()
    assert (greeting.welcome, greeting.origin, greeting.group, greeting.joined_at, greeting.left_at) == (welcome, member("小明"), linked, NOW, None)
    frozen.shift(60)
    leaves(account, "u1", name="小明")
    frozen.shift(60)
    joins(account, "u1", name="小明")
    assert len(sent(workspace)) == 1
    greeting.refresh_from_db()
    assert greeting.left_at == NOW + dt.timedelta(seconds=60)
    assert DeadEvent.objects.count() == 0


def test_the_stream_says_who_was_welcomed(account: Account, linked: Group, make: Make, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    welcome = make()
    told: list[tuple[Any, ...]] = []
    record = stream._record
    assert record is not None
    monkeypatch.setattr(stream, "_record", lambda entries: (told.extend(entries), record(entries))[1])
    joins(account, "u1", name="小明")
    (fact,) = [one for one in told if getattr(one, "name", "") == "welcomed"]
    assert (fact.member_id, fact.group_id, fact.community_id) == (member("小明").pk, linked.pk, linked.community_id)
    assert fact.properties == {"welcome_id": str(welcome.pk), "welcome": "欢迎", "account_id": str(account.pk)}
    assert LogEntry.objects.count() == 0


def test_bots_ourselves_and_old_news_are_not_welcomed(frozen: Any, account: Account, linked: Group, make: Make, workspace: Workspace) -> None:
    make()
    joins(account, "b1", is_bot=True)
    joins(account, pretend.ME)
    at = clock.now_ms()
    frozen.shift(3_600)
    inbound.receive(account, [Inbound(type="member.joined", dedupe_key="old", occurred_at_ms=at, chat=pretend.CHAT, actor=Person("u9"))])
    subscribers.drain()
    assert (sent(workspace), Greeting.objects.in_workspace(workspace).count()) == ([], 0)


def test_the_most_specific_welcome_wins_then_priority_then_the_older(
    frozen: Any, account: Account, linked: Group, community: Community, make: Make, workspace: Workspace
) -> None:
    make("所有群", message("所有群"))
    make("后来的", message("后来的"))
    joins(account, "u1")
    make("优先", message("优先"), priority=1)
    joins(account, "u2")
    make("社群", message("社群"), community_id=community.pk, priority=-5)
    joins(account, "u3")
    make("本群", message("本群"), group_ids=[linked.pk], priority=-9)
    joins(account, "u4")
    make("海报", message("海报"), sources=[{"field": "state", "value": "poster-1"}], priority=-9)
    joins(account, "u5", source=Origin(state="poster-1"))
    joins(account, "u6", source=Origin(state="poster-2"))
    make("本群海报", message("本群海报"), sources=[{"field": "state", "value": "poster-1"}], group_ids=[linked.pk], priority=-99)
    joins(account, "u7", source=Origin(scene="link", state="poster-1"))
    assert [text for _, text, _ in sent(workspace)] == ["所有群", "优先", "社群", "本群", "海报", "本群", "本群海报"]


def test_a_welcome_for_other_groups_or_switched_off_says_nothing(
    account: Account, linked: Group, community: Community, make: Make, workspace: Workspace
) -> None:
    elsewhere = Group.objects.create(workspace=workspace, community=community, name="二群", channel="pretend")
    make("二群", group_ids=[elsewhere.pk])
    make("停用", is_on=False)
    joins(account, "u1")
    assert sent(workspace) == []


def test_messages_come_one_after_another_and_none_after_they_left(
    frozen: Any, account: Account, linked: Group, make: Make, workspace: Workspace, world: World
) -> None:
    make("欢迎", message("一"), message("二", delay_seconds=60), message("三", delay_seconds=DAY))
    joins(account, "u1")
    assert Send.objects.in_workspace(workspace).order_by("key").values_list("next_at", "purpose").last() == (NOW + dt.timedelta(days=1), "service")
    outbox.drain()
    frozen.shift(61)
    outbox.drain()
    assert world.texts() == ["一", "二"]
    leaves(account, "u1")
    frozen.shift(2 * DAY)
    outbox.drain()
    assert world.texts() == ["一", "二"]
    assert [state for _, _, state in sent(workspace)] == ["sent", "sent", "cancelled"]


def test_a_message_of_somebody_else_stays_when_one_leaves(frozen: Any, account: Account, linked: Group, make: Make, workspace: Workspace) -> None:
    make("欢迎", message("{{name}}", delay_seconds=60))
    joins(account, "u1")
    joins(account, "u10")
    leaves(account, "u1")
    assert sorted((text, state) for _, text, state in sent(workspace)) == [("u1", "cancelled"), ("u10", "queued")]


def test_in_private_where_the_platform_allows_it(offer: Callable[..., World], linked: Group, make: Make, workspace: Workspace) -> None:
    offer("pretend", capabilities=Capabilities(opens_dm=True))
    account = pretend.account(workspace)
    make("欢迎", message("私下", place="private"))
    joins(account, "u1")
    assert sent(workspace) == [("u1", "私下", "queued")]


def test_in_private_where_it_does_not_the_fallback_decides(account: Account, linked: Group, make: Make, workspace: Workspace) -> None:
    make("欢迎", message("不说", place="private", otherwise="none"), message("群里说", place="private", otherwise="group"))
    joins(account, "u1")
    assert sent(workspace) == [("c1", "群里说", "queued")]
    assert Greeting.objects.in_workspace(workspace).count() == 1


def test_nothing_to_say_is_no_welcome(account: Account, linked: Group, make: Make, workspace: Workspace) -> None:
    make("欢迎", message("不说", place="private"))
    joins(account, "u1")
    assert (sent(workspace), Greeting.objects.in_workspace(workspace).count()) == ([], 0)


def test_the_newcomer_is_called_where_the_platform_can(offer: Callable[..., World], linked: Group, make: Make, workspace: Workspace) -> None:
    offer("pretend", capabilities=Capabilities(sends=frozenset({"text", "mention"})))
    make("欢迎", message("来了", mentions=True))
    joins(pretend.account(workspace), "u1", name="小明")
    assert [text for _, text, _ in sent(workspace)] == ["@小明  来了"]


def test_several_are_greeted_together_at_most_ten_names_without_who_left(
    frozen: Any, account: Account, linked: Group, make: Make, workspace: Workspace, world: World
) -> None:
    welcome = make("欢迎", message("{{name|大家}}，欢迎"), message("{{name|大家}}，看公告", delay_seconds=3_600), together_seconds=30)
    for number in range(12):
        joins(account, f"u{number:02d}")
        frozen.shift(1)
    leaves(account, "u03")
    assert (sent(workspace), list(Gathering.objects.in_workspace(workspace).order_by("closes_at").values_list("size", flat=True))) == ([], [10, 2])
    frozen.shift(30)
    worker.drain()
    outbox.drain()
    names = "、".join(f"u{number:02d}" for number in range(10) if number != 3)
    assert world.texts() == [f"{names}，欢迎", "u10、u11，欢迎"]
    leaves(account, "u10")
    leaves(account, "u11")
    frozen.shift(3_600)
    worker.drain()
    outbox.drain()
    assert world.texts()[2:] == [f"{names}，看公告"]
    assert Send.objects.in_workspace(workspace).filter(key__startswith=f"welcome/{welcome.pk}/together/").count() == 3
    joins(account, "u00")
    assert Gathering.objects.in_workspace(workspace).count() == 2


def test_quiet_hours_make_it_later(frozen: Any, account: Account, linked: Group, make: Make, workspace: Workspace) -> None:
    make("欢迎", keeps_quiet=True)
    frozen.move_to(dt.datetime(2026, 11, 2, 15, 30, tzinfo=dt.UTC))  # half past eleven at night
    joins(account, "u1")
    assert Send.objects.in_workspace(workspace).get().next_at == dt.datetime(2026, 11, 3, 0, tzinfo=dt.UTC)


def test_whoever_was_welcomed_by_one_identity_is_not_by_another_after_a_merge(
    frozen: Any, account: Account, linked: Group, community: Community, make: Make, workspace: Workspace
) -> None:
    make("欢迎", message("{{name}}"), message("再说", delay_seconds=60))
    joins(account, "u1", name="小明")
    other = profiles.create(workspace, actor=SYSTEM, name="明明", identities=[("pretend", "u2")], given={})
    merges.merge(workspace, actor=SYSTEM, kept_id=other.pk, absorbed_id=member("小明").pk)
    joins(account, "u2", name="明明")
    assert len(sent(workspace)) == 2
    leaves(account, "u2", name="明明")
    assert [state for _, _, state in sent(workspace)] == ["cancelled"] * 2
    assert Identity.objects.in_workspace(workspace).filter(member=other).count() == 2


def test_a_new_contact_is_welcomed_in_private(account: Account, make: Make, workspace: Workspace) -> None:
    make("群里")
    make("好友", message("{{name}}，你好"), kind="contact")
    happens(account, "contact.added", "u1", name="小明", chat=Chat(id="u1", kind="dm"), source=Origin(state="card"))
    assert sent(workspace) == [("u1", "小明，你好", "queued")]
    happens(account, "contact.removed", "u1", name="小明", chat=Chat(id="u1", kind="dm"))
    assert sent(workspace) == [("u1", "小明，你好", "cancelled")]


def test_an_attribute_that_is_gone_falls_back(account: Account, linked: Group, make: Make, workspace: Workspace) -> None:
    city = Attribute.objects.create(workspace=workspace, key="town", name_zh="城", name_en="Town", type="text")
    make("欢迎", message("{{attribute.town|远方}}来的朋友"))
    city.delete()
    joins(account, "u1")
    assert [text for _, text, _ in sent(workspace)] == ["远方来的朋友"]


def test_switched_off_or_deleted_nothing_more_goes(frozen: Any, account: Account, linked: Group, make: Make, workspace: Workspace) -> None:
    welcome = make("欢迎", message("一", delay_seconds=60), together_seconds=0)
    joins(account, "u1")
    definitions.change(workspace, actor=SYSTEM, welcome_id=welcome.pk, given={"is_on": False})
    assert [state for _, _, state in sent(workspace)] == ["cancelled"]
    definitions.change(workspace, actor=SYSTEM, welcome_id=welcome.pk, given={"is_on": True})
    joins(account, "u2")
    assert definitions.delete(workspace, actor=SYSTEM, welcome_id=welcome.pk) == 1
    assert [state for _, _, state in sent(workspace)] == ["cancelled"] * 2
