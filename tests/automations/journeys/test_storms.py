"""Very much at once: one person's storm of events, and many people at one moment."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hutong.automations import answering
from hutong.automations.models import Enrolment, NodeCount, Step
from hutong.events import responders, subscribers
from hutong.events.models import LogEntry
from hutong.foundation import stream
from hutong.foundation.stream import Fact
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import DAY, act, drawn, happen, let_in, node, path, publish, turn, where
from tests.broadcasts.making import people

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)
STORM = 5_000
VIEWED = {"kind": "event", "event": "page_viewed"}


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def storm(workspace: Workspace, member: Member, names: Sequence[str]) -> None:
    with transaction.atomic():
        stream.record(*(Fact(workspace_id=workspace.pk, name=name, member_id=member.pk, source="test", id=str(uuid.uuid4())) for name in names))


def read() -> int:
    """Whoever answers the stream reads all of it; how many statements that took."""
    with CaptureQueriesContext(connection) as asked:
        while sum(responders.respond(one) for one in responders.all_of_them()):
            pass
    return len(asked)


@pytest.mark.parametrize("reentry", [{"kind": "never"}, {"kind": "after", "days": 1}, {"kind": "always"}])
def test_a_storm_of_one_person_lets_them_in_once(workspace: Workspace, reentry: dict[str, Any]) -> None:
    ming, li = people(workspace, 2)
    journey = publish(workspace, drawn(node("wait", "w", seconds=DAY), edges=["e>w"], trigger=VIEWED, entry={"reentry": reentry}))
    storm(workspace, ming, ["page_viewed"] * 100)
    few = read()
    storm(workspace, li, ["page_viewed"] * STORM)
    many = read()
    assert set(where(journey)) == {"成员0", "成员1"}
    assert Enrolment.objects.in_workspace(workspace).count() == 2
    assert dict(NodeCount.objects.in_workspace(workspace).values_list("what", "number").filter(node="e")) == {"in": 2, "out:out": 2}
    assert LogEntry.objects.filter(name="journey_entered").count() == 2
    batches = STORM // answering.TOGETHER + 1
    assert many <= batches * few  # by batches, not by events


def test_a_storm_wakes_once_and_reaches_a_goal_once(workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    graph = drawn(
        node("wait_event", "w", events=[{"id": "came", "event": "page_viewed"}], timeout_seconds=DAY), node("wait", "v", seconds=DAY),
        node("goal", "g", event="page_viewed", ends=False), edges=["e>w", "w.came>v"],
    )  # fmt: skip
    journey = publish(workspace, graph)
    let_in(journey, ming)
    storm(workspace, ming, ["page_viewed"] * 1_000)
    read()
    assert path(journey, ming) == [("w", "came", "done")]
    assert where(journey) == {"成员0": ("v", "", NOW + dt.timedelta(days=1))}
    assert NodeCount.objects.in_workspace(workspace).get(node="g", what="goal").number == 1
    assert LogEntry.objects.filter(name="journey_goal_reached").count() == 1


def test_what_happens_right_after_finds_them_where_they_wait_next(workspace: Workspace) -> None:
    """Looked, then bought, within one batch: between the two nobody takes a turn."""
    ming, li = people(workspace, 2)
    graph = drawn(
        node("wait_event", "v", events=[{"id": "added", "event": "message_sent"}], timeout_seconds=3_600),
        node("join", "j"),
        node("wait_event", "w", events=[{"id": "bought", "event": "order_paid"}], timeout_seconds=7_200),
        node("exit", "x"),
        edges=["e>v", "v.added>j", "j>w", "w.bought>x"], trigger=VIEWED,
    )  # fmt: skip
    journey = publish(workspace, graph)
    storm(workspace, ming, ["page_viewed", "message_sent", "order_paid"])
    storm(workspace, li, ["order_paid", "message_sent"])  # has not come in
    read()
    assert path(journey, ming) == [("v", "added", "done"), ("j", "out", "done"), ("w", "bought", "done"), ("x", "", "done")]
    assert path(journey, li) == []


def test_an_event_that_lets_in_is_not_what_is_waited_for_behind(workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    twice = {"id": "again", "event": "page_viewed"}
    graph = drawn(
        node("wait_event", "v", events=[twice], timeout_seconds=3_600), node("wait_event", "w", events=[twice], timeout_seconds=7_200),
        node("exit", "x"), edges=["e>v", "v.again>w", "w.again>x"], trigger=VIEWED,
    )  # fmt: skip
    journey = publish(workspace, graph)
    happen(workspace, ming, "page_viewed")
    assert where(journey) == {"成员0": ("v", "", NOW + dt.timedelta(hours=1))}
    happen(workspace, ming, "page_viewed")
    assert where(journey) == {"成员0": ("w", "", NOW + dt.timedelta(hours=2))}  # one event, one wait
    happen(workspace, ming, "page_viewed")
    assert where(journey) == {"成员0": ("x", "exit", None)}


def test_who_moved_on_just_before_leaves_all_the_same(workspace: Workspace, travel: Any) -> None:
    """An event with which they leave came in, then a turn was taken, then the event was read."""
    (ming,) = people(workspace, 1)
    graph = drawn(
        node("wait", "v", seconds=60), node("wait", "w", seconds=DAY), edges=["e>v", "v>w"], rules={"exit_events": [{"event": "member_left"}]}
    )
    journey = publish(workspace, graph)
    let_in(journey, ming)
    travel.shift(dt.timedelta(seconds=59))
    storm(workspace, ming, ["member_left"])
    travel.shift(dt.timedelta(seconds=1))
    turn()
    assert where(journey)["成员0"][0] == "w"
    subscribers.drain()
    assert where(journey) == {"成员0": ("w", "left", None)}


def test_an_exit_is_not_ahead_of_an_entry_that_asks_what_they_did(workspace: Workspace) -> None:
    """Paid and taken back before the warehouse knew of either."""
    (ming,) = people(workspace, 1)
    first = {"kind": "event", "event": "order_paid", "op": "exactly", "value": 1, "window": {"kind": "ever"}}
    graph = drawn(
        node("wait", "w", seconds=DAY), edges=["e>w"], trigger={"kind": "event", "event": "order_paid"}, entry={"condition": first},
        rules={"exit_events": [{"event": "order_refunded"}]},
    )  # fmt: skip
    journey = publish(workspace, graph)
    storm(workspace, ming, ["order_paid", "order_refunded"])
    subscribers.drain()
    assert where(journey) == {"成员0": ("w", "left", None)}


def test_many_due_at_one_moment_each_go_once(workspace: Workspace, travel: Any) -> None:
    members = people(workspace, 2_500)
    tag = Tag.objects.create(workspace=workspace, name="到了")
    journey = publish(workspace, drawn(node("wait", "w", seconds=3_600), act("t", "tag.add", tag_id=str(tag.pk)), edges=["e>w", "w>t"]))
    let_in(journey, *members)
    travel.shift(dt.timedelta(hours=1))
    began = time.perf_counter()
    turn()
    took = time.perf_counter() - began
    assert MemberTag.objects.in_workspace(workspace).filter(tag=tag).count() == 2_500
    assert Step.objects.in_workspace(workspace).filter(node="t", outcome="done").count() == 2_500
    assert Enrolment.objects.in_workspace(workspace).filter(state="ended", ended_as="finished").count() == 2_500
    assert took < 60  # nothing that grows with the square of them
