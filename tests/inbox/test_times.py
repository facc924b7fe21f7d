"""Response times against a naive count of the same rounds, over many random ones; who may see them; the file."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pytest
import time_machine

from hutong.channels.models import Account, Chat
from hutong.foundation import ids
from hutong.inbox.models import Conversation, Round
from hutong.inbox.queries import times
from hutong.inbox.queries.times import Line, Spread, Whose
from hutong.reports.errors import RangeTooLong
from hutong.workspaces.models import User, Workspace
from tests.channels import pretend

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
FIRST, LAST = dt.date(2026, 11, 1), dt.date(2026, 11, 10)


def naive(seconds: Iterable[float]) -> Spread:
    """By counting: the smallest time within which at least that share lies."""
    found = sorted(seconds)

    def least(share: float) -> float | None:
        for one in found:
            if sum(other <= one for other in found) >= share * len(found):
                return one
        return None

    return Spread(len(found), least(0.5), least(0.9))


def read(line: Line) -> tuple[int, Spread, Spread, int]:
    return line.opened, line.first_response, line.resolution, line.waiting


@pytest.fixture
def staff() -> list[User]:
    return [User.objects.create(email=f"{name}@example.com", name=name) for name in ("阿", "波", "次")]


@pytest.fixture
def rounds(workspace: Workspace, account: Account, other_workspace: Workspace, staff: list[User]) -> list[Round]:
    """Three hundred rounds around the days that are asked for, and some of another workspace."""
    chance = random.Random(11)
    elsewhere = pretend.account(other_workspace)
    made: list[Round] = []
    for number in range(320):
        space, of = (other_workspace, elsewhere) if number >= 300 else (workspace, account)
        chat = Chat.objects.create(workspace=space, account=of, external_id=f"u{number}", kind="dm")
        opened = dt.datetime(2026, 10, 30, tzinfo=dt.UTC) + dt.timedelta(milliseconds=chance.randrange(14 * 86_400_000))
        if number % 40 == 0:
            opened = dt.datetime(2026, 11, 1 + number % 10, tzinfo=ZONE).astimezone(dt.UTC)  # midnight itself
        answered = opened + dt.timedelta(milliseconds=chance.randrange(90_000_000)) if chance.random() < 0.8 else None
        closed = opened + dt.timedelta(milliseconds=chance.randrange(400_000_000)) if chance.random() < 0.6 else None
        channel = chance.choice(["pretend", "email"])
        waits = answered is None and closed is None
        talk = Conversation.objects.create(
            id=ids.new(),
            workspace=space,
            account=of,
            chat=chat,
            channel=channel,
            waiting_since=opened if waits else None,
            assignee=chance.choice([*staff, None]),
            state="open" if waits else "closed",
            is_active=waits,
        )
        made.append(
            Round.objects.create(
                id=ids.new(),
                workspace=space,
                conversation=talk,
                channel=channel,
                opened_at=opened,
                answered_at=answered,
                answered_by=chance.choice([*staff, None]) if answered else None,
                closed_at=closed,
                closed_by=chance.choice(staff) if closed else None,
            )
        )
    return made


def counted(some: list[Round], waiting: int) -> tuple[int, Spread, Spread, int]:
    answers = [(one.answered_at - one.opened_at).total_seconds() for one in some if one.answered_at]
    closings = [(one.closed_at - one.opened_at).total_seconds() for one in some if one.closed_at]
    return len(some), naive(answers), naive(closings), waiting


def test_they_are_what_a_naive_count_finds(workspace: Workspace, rounds: list[Round], staff: list[User]) -> None:
    ours = [one for one in rounds if one.workspace_id == workspace.pk]
    waits = [one.conversation for one in ours if one.conversation.waiting_since]
    asked = [one for one in ours if FIRST <= one.opened_at.astimezone(ZONE).date() <= LAST]
    assert 150 < len(asked) < len(ours)
    with time_machine.travel(NOW, tick=False):
        found = times.times(workspace, Whose(), first=FIRST, last=LAST)
    assert read(found.total) == counted(asked, len(waits))
    assert found.longest_since == min(one.waiting_since for one in waits if one.waiting_since)
    assert [(days.first, days.last) for days, _ in found.days] == [(FIRST + dt.timedelta(n), FIRST + dt.timedelta(n)) for n in range(10)]
    for days, line in found.days:
        assert read(line) == counted([one for one in asked if one.opened_at.astimezone(ZONE).date() == days.first], 0), days
    assert {channel: read(line) for channel, line in found.channels} == {
        channel: counted([one for one in asked if one.channel == channel], sum(one.channel == channel for one in waits))
        for channel in ("pretend", "email")
    }
    by_staff = {pk: (line.first_response, line.resolution, line.waiting) for pk, _, line in found.staff}
    for pk in (None, *(one.pk for one in staff)):
        answers = [(one.answered_at - one.opened_at).total_seconds() for one in asked if one.answered_at and one.answered_by_id == pk]
        closings = [(one.closed_at - one.opened_at).total_seconds() for one in asked if one.closed_at and one.closed_by_id == pk]
        assert by_staff[pk] == (naive(answers), naive(closings), sum(one.assignee_id == pk for one in waits))
    assert [name for _, name, _ in found.staff][-1] == ""


def test_one_channel_and_nothing_of_others(workspace: Workspace, other_workspace: Workspace, rounds: list[Round]) -> None:
    with time_machine.travel(NOW, tick=False):
        found = times.times(workspace, Whose(channel="email"), first=FIRST, last=LAST)
        assert [channel for channel, _ in found.channels] == ["email"]
        assert found.total.opened == found.channels[0][1].opened
        theirs = times.times(other_workspace, Whose(), first=FIRST, last=LAST)
        assert theirs.total.opened == sum(
            one.workspace_id == other_workspace.pk and FIRST <= one.opened_at.astimezone(ZONE).date() <= LAST for one in rounds
        )


def test_no_rounds_are_no_times(workspace: Workspace) -> None:
    found = times.times(workspace, Whose(), first=FIRST, last=LAST)
    assert read(found.total) == (0, Spread(0, None, None), Spread(0, None, None), 0)
    assert (found.staff, found.channels, found.longest_since, len(found.days)) == ([], [], None, 10)
    with pytest.raises(RangeTooLong):
        times.times(workspace, Whose(), first=dt.date(2025, 1, 1), last=dt.date(2026, 1, 2))
