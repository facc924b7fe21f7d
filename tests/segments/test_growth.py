"""How a segment grew, day by day."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from hutong.communities.models import Community
from hutong.segments.models import Segment, SegmentDay
from hutong.workspaces.models import Workspace
from tests.conftest import Api

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hutong.foundation.clock.now", lambda: dt.datetime(2026, 3, 9, 20, tzinfo=dt.UTC))  # the 10th in Shanghai


def make(workspace: Workspace, days: dict[int, tuple[int, int, int]], *, now: int) -> Segment:
    segment = Segment.objects.create(workspace=workspace, name="分群", members_count=now)
    for ago, (members, entered, left) in days.items():
        SegmentDay.objects.create(
            workspace=workspace, segment=segment, day=TODAY - dt.timedelta(days=ago), members=members, entered=entered, left=left
        )
    return segment


def test_gaps_are_carried_forward_and_today_is_live(workspace: Workspace, api: Api) -> None:
    segment = make(workspace, {5: (10, 10, 0), 3: (12, 4, 2), 0: (13, 1, 0)}, now=14)
    found = api.get(f"/segments/{segment.pk}/growth", **{"from": "2026-03-04", "to": "2026-03-31"}).json()
    assert (found["zone"], found["today"], found["first"], found["last"]) == ("Asia/Shanghai", "2026-03-10", "2026-03-04", "2026-03-10")
    assert [(one["day"][-2:], one["members"], one["entered"], one["left"]) for one in found["items"]] == [
        ("04", None, 0, 0), ("05", 10, 10, 0), ("06", 10, 0, 0), ("07", 12, 4, 2), ("08", 12, 0, 0), ("09", 12, 0, 0), ("10", 14, 1, 0),
    ]  # fmt: skip
    assert (found["change"], found["entered"], found["left"]) == (4, 15, 2)


def test_a_range_between_two_rows(workspace: Workspace, api: Api) -> None:
    segment = make(workspace, {20: (7, 7, 0), 2: (9, 2, 0)}, now=9)
    found = api.get(f"/segments/{segment.pk}/growth", **{"from": "2026-02-25", "to": "2026-02-27"}).json()
    assert [one["members"] for one in found["items"]] == [7, 7, 7]
    assert (found["change"], found["entered"], found["left"]) == (0, 0, 0)


def test_the_last_thirty_days_where_nothing_is_said(workspace: Workspace, api: Api) -> None:
    found = api.get(f"/segments/{make(workspace, {}, now=3).pk}/growth").json()
    assert (found["first"], found["last"], len(found["items"])) == ("2026-02-09", "2026-03-10", 30)
    assert [one["members"] for one in found["items"]] == [None] * 29 + [3]
    assert found["change"] == 0


def test_days_are_those_of_its_community(workspace: Workspace, api: Api) -> None:
    segment = make(workspace, {}, now=3)
    community = Community.objects.create(workspace=workspace, name="远方", time_zone="America/New_York")
    Segment.objects.in_workspace(workspace).filter(pk=segment.pk).update(community=community)
    assert api.get(f"/segments/{segment.pk}/growth").json()["today"] == "2026-03-09"


@pytest.mark.parametrize("seed", range(5))
def test_any_range_of_any_history(workspace: Workspace, api: Api, seed: int) -> None:
    chance = random.Random(seed)
    history = {ago: (chance.randrange(99), chance.randrange(9), chance.randrange(9)) for ago in chance.sample(range(40), 12)}
    segment = make(workspace, history, now=chance.randrange(99))
    last, length = chance.randrange(20), chance.randrange(1, 40)
    first_day, last_day = TODAY - dt.timedelta(days=last + length), TODAY - dt.timedelta(days=last)
    found = api.get(f"/segments/{segment.pk}/growth", **{"from": first_day.isoformat(), "to": last_day.isoformat()}).json()
    for ago, one in zip(range(last + length, last - 1, -1), found["items"], strict=True):
        at_or_before = [day for day in history if day >= ago]
        size = segment.members_count if ago == 0 else history[min(at_or_before)][0] if at_or_before else None
        assert (one["day"], one["members"]) == ((TODAY - dt.timedelta(days=ago)).isoformat(), size)
        assert (one["entered"], one["left"]) == history.get(ago, (0, 0, 0))[1:]


@pytest.mark.parametrize("query", [{"from": "2026-03-11"}, {"from": "2026-03-05", "to": "2026-03-04"}, {"from": "2010-01-01"}, {"from": "yesterday"}])
def test_what_cannot_be_asked(workspace: Workspace, api: Api, query: dict[str, str]) -> None:
    assert api.get(f"/segments/{make(workspace, {}, now=0).pk}/growth", **query).status_code == 422
