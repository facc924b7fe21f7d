"""People on their way who turn out to be one person, or two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from hutong.automations.models import Enrolment, Journey
from hutong.events import subscribers
from hutong.members.actions import merges
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import DAY, act, boss, drawn, happen, let_in, node, publish, turn
from tests.broadcasts.making import people

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
WAITS = drawn(node("wait", "w", seconds=3_600), edges=["e>w"])


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def merge(kept: Member, absorbed: Member) -> Any:
    made = merges.merge(kept.workspace, actor=boss(), kept_id=kept.pk, absorbed_id=absorbed.pk)
    subscribers.drain()
    return made


def rows(journey: Journey) -> list[tuple[str, str, str, str]]:
    """(who they are now, who came in, node, how they ended), as they came."""
    found = Enrolment.objects.in_workspace(journey.workspace_id).filter(journey=journey).order_by("pk")
    return list(found.values_list("member__name", "origin__name", "node", "ended_as"))


def tagged(tag: Tag) -> list[tuple[str, str]]:
    return list(MemberTag.objects.in_workspace(tag.workspace_id).filter(tag=tag).order_by("pk").values_list("member__name", "origin__name"))


def test_a_merge_taken_back_gives_each_their_own_way_back(workspace: Workspace, travel: Any) -> None:
    ming, li = people(workspace, 2)
    tag = Tag.objects.create(workspace=workspace, name="到了")
    journey = publish(workspace, drawn(node("wait", "w", seconds=3_600), act("t", "tag.add", tag_id=str(tag.pk)), edges=["e>w", "w>t"]))
    let_in(journey, li)
    done = merge(ming, li)
    assert rows(journey) == [("成员0", "成员1", "w", "")]
    merges.undo(workspace, actor=boss(), merge_id=done.pk)
    subscribers.drain()
    assert rows(journey) == [("成员1", "成员1", "w", "")]
    travel.shift(HOUR)
    turn()
    assert [name for name, _ in tagged(tag)] == ["成员1"]


def test_who_left_by_a_merge_does_not_come_back_by_taking_it_back(workspace: Workspace, travel: Any) -> None:
    ming, li = people(workspace, 2)
    journey = publish(workspace, WAITS)
    let_in(journey, ming)
    travel.shift(HOUR / 2)
    let_in(journey, li)
    done = merge(li, ming)  # whoever came in first goes on, though the other is kept
    assert rows(journey) == [("成员1", "成员0", "w", ""), ("成员1", "成员1", "w", "merged")]
    merges.undo(workspace, actor=boss(), merge_id=done.pk)
    subscribers.drain()
    assert rows(journey) == [("成员0", "成员0", "w", ""), ("成员1", "成员1", "w", "merged")]
    travel.shift(HOUR)
    turn()
    assert [how for *_, how in rows(journey)] == ["finished", "merged"]


def test_three_become_one(workspace: Workspace, travel: Any) -> None:
    ming, li, wang = people(workspace, 3)
    journey, other = publish(workspace, WAITS), publish(workspace, WAITS, name="另一个")
    let_in(journey, ming, li, wang)
    let_in(other, wang)
    merge(li, wang)
    merge(ming, li)
    assert {who for who, *_ in rows(journey)} == {"成员0"}
    assert sorted(how for *_, how in rows(journey)) == ["", "merged", "merged"]
    assert rows(other) == [("成员0", "成员2", "w", "")]  # another journey is another way


def test_an_event_of_either_wakes_who_goes_on(workspace: Workspace) -> None:
    ming, li = people(workspace, 2)
    graph = drawn(node("wait_event", "w", events=[{"id": "came", "event": "page_viewed"}], timeout_seconds=DAY), node("exit", "x"), edges=["e>w", "w.came>x"])  # fmt: skip
    journey = publish(workspace, graph)
    let_in(journey, li)
    merge(ming, li)
    happen(workspace, ming, "page_viewed")
    assert rows(journey) == [("成员0", "成员1", "x", "exit")]


def test_whoever_was_in_it_as_another_does_not_come_in_again(workspace: Workspace, travel: Any) -> None:
    ming, li = people(workspace, 2)
    journey = publish(workspace, WAITS)
    let_in(journey, li)
    travel.shift(HOUR)
    turn()
    merge(ming, li)
    assert let_in(journey, ming).refused == {"before": 1}
    assert let_in(journey, li).refused == {"before": 1}  # by the old id
    assert rows(journey) == [("成员0", "成员1", "w", "finished")]


def test_merged_between_two_turns_nothing_is_done_twice(workspace: Workspace, travel: Any) -> None:
    """Both had the first action done; only one of them has the second."""
    ming, li = people(workspace, 2)
    one, two = Tag.objects.create(workspace=workspace, name="一"), Tag.objects.create(workspace=workspace, name="二")
    graph = drawn(act("a", "tag.add", tag_id=str(one.pk)), node("wait", "w", seconds=3_600), act("b", "tag.add", tag_id=str(two.pk)), edges=["e>a", "a>w", "w>b"])  # fmt: skip
    journey = publish(workspace, graph)
    let_in(journey, ming, li)
    turn()
    assert len(tagged(one)) == 2
    merge(ming, li)
    travel.shift(HOUR)
    turn()
    assert [who for who, _ in tagged(two)] == ["成员0"]
    assert sorted(rows(journey)) == [("成员0", "成员0", "b", "finished"), ("成员0", "成员1", "w", "merged")]
