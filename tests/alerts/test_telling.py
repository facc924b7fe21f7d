"""Who is told, when, and how much at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hutong.alerts.actions import raising, telling
from hutong.alerts.actions.raising import Finding
from hutong.alerts.models import Alert, Notice, Subscription
from hutong.channels.models import Account, Send
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.workspaces.models import Staff, User, Workspace
from tests.alerts.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(workspace: Workspace, account: Account) -> Subscription:
    return Subscription.objects.create(workspace=workspace, account=account, chat_ref="team", chat_kind="group", chat_name="运营群")


@pytest.fixture
def groups(workspace: Workspace, community: Community) -> list[Group]:
    return [Group.objects.create(workspace=workspace, community=community, name=f"{number:02d}群", channel="qq") for number in range(14)]


def raised(workspace: Workspace, *groups: Group, kind: str = "quiet") -> None:
    """These groups are out of the usual, no others; then whoever is due is told."""
    findings = [Finding(kind=kind, group=one, facts={"messages": 1, "usual": 40.0}, sensitivity="high") for one in groups]
    raising.settle(workspace.pk, findings, looked_at=["quiet", "spike"])
    telling.tell_due()


def texts(workspace: Workspace) -> list[str]:
    rows = Send.objects.in_workspace(workspace).order_by("created_at", "id")
    return [row.excerpt for row in rows]


ONE = "「00群」过去 24 小时只有 1 条消息，往常同一时段约 40 条。"


def test_at_once_into_the_chat_of_the_team(workspace: Workspace, subscription: Subscription, groups: list[Group]) -> None:
    raised(workspace, groups[0])
    send = Send.objects.in_workspace(workspace).get()
    assert (send.chat_ref, send.chat_kind, send.purpose, send.excerpt, send.expires_at) == ("team", "group", "service", ONE, NOW + telling.LASTS)
    raised(workspace, groups[0])
    assert len(texts(workspace)) == 1


def test_only_the_kinds_and_communities_that_are_wanted(workspace: Workspace, subscription: Subscription, groups: list[Group]) -> None:
    subscription.kinds = ["spike"]
    subscription.save()
    raised(workspace, groups[0])
    subscription.kinds, subscription.community_ids = [], [str(workspace.pk)]
    subscription.save()
    raised(workspace, groups[0], groups[1])
    assert texts(workspace) == []
    subscription.community_ids = [str(groups[0].community_id)]
    subscription.save()
    raised(workspace, groups[0], groups[1], groups[2])
    assert len(texts(workspace)) == 1


def test_many_at_once_are_one_message(workspace: Workspace, subscription: Subscription, groups: list[Group]) -> None:
    subscription.language = "en"
    subscription.save()
    raised(workspace, *groups[:12])
    (send,) = Send.objects.in_workspace(workspace)
    assert send.excerpt.startswith("12 alerts:\n· “00群” had 1 message in the past 24 hours; about 40 are usual at this time of the week.\n· “01群”")
    assert bytes(send.body).decode().endswith('2 more are in the console."}]}') or "2 more are in the console." in bytes(send.body).decode()


def test_never_a_storm(frozen: Any, workspace: Workspace, subscription: Subscription, groups: list[Group]) -> None:
    for number in range(1, 10):
        raised(workspace, *groups[:number])
        frozen.shift(60)
    assert len(texts(workspace)) == telling.MESSAGES_PER_HOUR_MAX
    assert sorted({row.due_at for row in Notice.objects.in_workspace(workspace).filter(sent_at=None)}) == [dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC)]
    frozen.move_to(dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC))
    telling.tell_due()
    assert len(texts(workspace)) == telling.MESSAGES_PER_HOUR_MAX + 1
    assert texts(workspace)[-1].startswith("3 条提醒：\n· 「06群」")


def test_what_is_over_or_seen_before_its_time_is_not_told(frozen: Any, workspace: Workspace, subscription: Subscription, groups: list[Group]) -> None:
    subscription.digest_at = "18:00"
    subscription.save()
    raised(workspace, *groups[:3])
    raised(workspace, *groups[:2])
    Alert.objects.in_workspace(workspace).filter(group=groups[1]).update(state="acknowledged")
    frozen.move_to(dt.datetime(2026, 11, 2, 9, 59, tzinfo=dt.UTC))
    telling.tell_due()
    assert texts(workspace) == []
    frozen.move_to(dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC))  # 18:00 in Shanghai
    telling.tell_due()
    assert texts(workspace) == [ONE]


def test_quiet_hours_put_it_off(frozen: Any, workspace: Workspace, subscription: Subscription, groups: list[Group]) -> None:
    subscription.quiet_from, subscription.quiet_to = "12:00", "14:00"
    subscription.save()
    raised(workspace, groups[0])
    assert texts(workspace) == []
    frozen.move_to(dt.datetime(2026, 11, 2, 6, tzinfo=dt.UTC))
    telling.tell_due()
    assert texts(workspace) == [ONE]


def test_a_time_of_day_that_is_past_is_tomorrows(subscription: Subscription) -> None:
    subscription.digest_at = "12:30"
    assert telling.due(subscription, NOW, zone="Asia/Shanghai") == NOW + dt.timedelta(days=1)
    assert telling.due(subscription, NOW - dt.timedelta(minutes=1), zone="Asia/Shanghai") == NOW
    subscription.digest_at = ""
    assert telling.due(subscription, NOW, zone="Asia/Shanghai") == NOW


def test_whoever_left_the_staff_and_accounts_that_are_gone_are_not_told(
    workspace: Workspace, subscription: Subscription, groups: list[Group], owner: User
) -> None:
    subscription.user = owner
    subscription.save()
    Staff.objects.in_workspace(workspace).filter(user=owner).delete()
    raised(workspace, groups[0])
    Subscription.objects.in_workspace(workspace).update(user=None)
    Account.objects.in_workspace(workspace).update(state="removed")
    raised(workspace, groups[0], groups[1])
    assert (texts(workspace), Notice.objects.in_workspace(workspace).filter(sent_at=None).count()) == ([], 0)
    assert clock.now() == NOW
