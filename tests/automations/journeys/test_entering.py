"""Coming in: an action that comes first is done with the event that let them in, where nothing else has to be asked or told before."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hutong.automations import registry
from hutong.automations.journeys import entering
from hutong.automations.models import Enrolment, Journey, NodeCount
from hutong.channels.models import Account
from hutong.events import subscribers
from hutong.foundation import stream
from hutong.foundation.acting import Doer, Person, Plan, Settings
from hutong.foundation.stream import Fact
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import DAY, act, drawn, let_in, node, path, publish, send, turn, where
from tests.broadcasts.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.broadcasts.making import people

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)
VIEWED = {"kind": "event", "event": "page_viewed"}


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def tag(workspace: Workspace, name: str) -> Tag:
    return Tag.objects.create(workspace=workspace, name=name)


def tagged(one: Tag) -> set[str]:
    return set(MemberTag.objects.across_workspaces().filter(tag=one).values_list("member__name", flat=True))


def view(*members: Member) -> None:
    """Each looks at a page, and the log is read; nobody has had their turn."""
    stream.record(*(Fact(workspace_id=one.workspace_id, name="page_viewed", member_id=one.pk, source="test") for one in members))
    subscribers.drain()


def tags_first(workspace: Workspace, one: Tag, *, name: str = "旅程") -> Journey:
    graph = drawn(act("t", "tag.add", tag_id=str(one.pk)), node("wait", "w", seconds=DAY), edges=["e>t", "t>w"], trigger=VIEWED)
    return publish(workspace, graph, name=name)


def test_the_action_that_comes_first_is_done_at_once(workspace: Workspace) -> None:
    one, (ming, li) = tag(workspace, "看过"), people(workspace, 2)
    journey = tags_first(workspace, one)
    view(ming, li)
    rests = ("w", "", NOW + dt.timedelta(days=1))
    assert (tagged(one), where(journey)) == ({"成员0", "成员1"}, {"成员0": rests, "成员1": rests})
    assert path(journey, ming) == [("t", "out", "done")]
    counted = {(at, what): number for at, what, number in NodeCount.objects.in_workspace(workspace).values_list("node", "what", "number")}
    assert counted == {("e", "in"): 2, ("e", "out:out"): 2, ("t", "in"): 2, ("t", "out:out"): 2, ("w", "in"): 2}
    turn()
    assert path(journey, ming) == [("t", "out", "done")]
    view(ming)
    assert Enrolment.objects.in_workspace(workspace).count() == 2


def test_what_is_asked_after_the_action_waits_until_it_is_written(workspace: Workspace) -> None:
    one, two, (ming,) = tag(workspace, "看过"), tag(workspace, "知道"), people(workspace, 1)
    graph = drawn(
        act("t", "tag.add", tag_id=str(one.pk)),
        node("branch", "b", cases=[{"id": "has", "condition": {"kind": "tag", "tag": str(one.pk)}}]),
        act("y", "tag.add", tag_id=str(two.pk)), edges=["e>t", "t>b", "b.has>y"], trigger=VIEWED,
    )  # fmt: skip
    journey = publish(workspace, graph)
    view(ming)
    assert (path(journey, ming), where(journey)) == ([("t", "out", "done")], {"成员0": ("b", "", NOW)})
    turn()
    assert path(journey, ming) == [("t", "out", "done"), ("b", "has", "done"), ("y", "out", "done")]
    assert tagged(two) == {"成员0"}


def test_a_message_waits_for_its_turn_so_that_caps_count_it(workspace: Workspace, account: Account) -> None:  # noqa: F811
    (ming,) = people(workspace, 1)
    journey = publish(workspace, drawn(send("m", "你好"), edges=["e>m"], trigger=VIEWED))
    view(ming)
    assert (path(journey, ming), where(journey)) == ([], {"成员0": ("m", "", NOW)})
    turn()
    assert where(journey)["成员0"][:2] == ("m", "finished")


def test_whom_two_journeys_concern_goes_by_their_priority(workspace: Workspace) -> None:
    one, two, (ming, li) = tag(workspace, "一"), tag(workspace, "二"), people(workspace, 2)
    first, second = tags_first(workspace, one), tags_first(workspace, two, name="另一个")
    view(ming)
    assert (tagged(one), tagged(two)) == (set(), set())
    assert (where(first), where(second)) == ({"成员0": ("t", "", NOW)}, {"成员0": ("t", "", NOW)})
    turn()
    assert (tagged(one), tagged(two)) == ({"成员0"}, {"成员0"})
    view(li, li)  # through two events
    turn()
    assert tagged(one) == {"成员0", "成员1"}
    assert Enrolment.objects.in_workspace(workspace).count() == 4


def test_whoever_came_in_meanwhile_makes_the_others_wait_for_their_turn(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    one, (ming, li) = tag(workspace, "看过"), people(workspace, 2)
    journey = tags_first(workspace, one)
    real = entering.advance

    def another_is_quicker(*given: Any, **more: Any) -> None:
        real(*given, **more)
        if not more:  # past the way in: to act
            monkeypatch.setattr(entering, "advance", real)
            let_in(journey, ming)

    monkeypatch.setattr(entering, "advance", another_is_quicker)
    view(ming, li)
    assert (tagged(one), where(journey)) == (set(), {"成员0": ("t", "", NOW), "成员1": ("t", "", NOW)})
    turn()
    assert tagged(one) == {"成员0", "成员1"}
    assert NodeCount.objects.in_workspace(workspace).get(node="e", what="in").number == 2
    assert path(journey, ming) == [("t", "out", "done")]


def test_an_action_that_cannot_be_written_for_one_fails_that_one_alone(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    one, (ming, li) = tag(workspace, "看过"), people(workspace, 2)
    journey = tags_first(workspace, one)
    real = registry._actions["tag.add"]

    def poisoned(doer: Doer, settings: Settings, some: Sequence[Person]) -> Plan:
        plan = real.plan(doer, settings, some)

        def write() -> None:
            if any(each.member_id == ming.pk for each in some):
                raise ValueError("cannot")
            plan.write()

        return Plan(plan.outcomes, write)

    monkeypatch.setitem(registry._actions, "tag.add", dataclasses.replace(real, plan=poisoned))
    view(ming, li)
    assert tagged(one) == set()
    turn()
    assert tagged(one) == {"成员1"}
    assert where(journey) == {"成员0": ("t", "failed", None), "成员1": ("w", "", NOW + dt.timedelta(days=1))}


def test_who_is_in_a_journey_is_looked_up_by_person_however_many_are_in_it(workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    journey = publish(workspace, drawn(node("wait", "w", seconds=DAY), edges=["e>w"]))
    with CaptureQueriesContext(connection) as seen:
        let_in(journey, ming)
    looks = [one["sql"] for one in seen.captured_queries if "automations_enrolment" in one["sql"] and one["sql"].startswith("SELECT")]
    assert looks
    for sql in looks:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " ".join(str(row[3]) for row in cursor.fetchall())
        assert "member_id=? AND journey_id=?" in plan or "journey_id=? AND origin_id=?" in plan, plan
