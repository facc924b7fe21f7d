"""A journey tried: on one member, and on what happened; nothing is written, and it says what a real journey then does."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import time_machine
from django.db import transaction

from hutong.automations.actions import enrolments, journeys
from hutong.automations.journeys import dry, turning
from hutong.automations.models import DryRun, Enrolment, Journey, NodeCount, Run, Start, Step
from hutong.channels.models import Account, Send
from hutong.events import responders, subscribers
from hutong.events.models import LogEntry
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.actions import profiles
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.todos.models import Todo
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import DAY, act, boss, drawn, forget, happen, let_in, node, publish, send
from tests.broadcasts.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.broadcasts.making import people

pytestmark = pytest.mark.django_db(transaction=True)
UTC = dt.UTC
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=UTC)  # 12:30 in Shanghai
HOUR = 3_600
Taken = tuple[str, str, str, dt.datetime]  # member, node, port, when


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def draft(workspace: Workspace, graph: Any, *, name: str = "草稿") -> Journey:
    forget()
    made = journeys.create(workspace, actor=boss(), name=name)
    journeys.draw(workspace, actor=boss(), journey_id=made.pk, drawn=graph, revision=1)
    return made


def tried(journey: Journey, *, member: Member | None = None, days: int | None = None) -> dict[str, Any]:
    made = enrolments.try_out(journey.workspace, actor=boss(), journey_id=journey.pk, member_id=member.pk if member else None, days=days)
    dry.perform(made.pk)  # of some days it is a job
    run = DryRun.objects.in_workspace(journey.workspace_id).get(pk=made.pk)
    assert run.state == "done", run.result
    return run.result


def taken(found: dict[str, Any]) -> list[Taken]:
    """What those shown passed, without what they still wait for."""
    return [
        (one["member"]["name"], step["node"], step["port"], dt.datetime.fromisoformat(step["at"]))
        for one in found["examples"]
        for step in one["steps"]
        if step["zh"] != "还在等待"
    ]


def written() -> tuple[int, ...]:
    tables = (Enrolment, Step, NodeCount, Start, Send, MemberTag, Todo, Run)
    return (*(one.objects.across_workspaces().count() for one in tables), LogEntry.objects.count())


def record(workspace: Workspace, member: Member, name: str, **more: Any) -> None:
    with transaction.atomic():
        stream.record(Fact(workspace_id=workspace.pk, name=name, member_id=member.pk, source="test", **more))


# --- on one member ---------------------------------------------------------------------------------


def test_a_try_says_what_and_when_and_writes_nothing(workspace: Workspace, account: Account) -> None:  # noqa: F811
    (ming,) = people(workspace, 1)
    vip = Tag.objects.create(workspace=workspace, name="VIP")
    graph = drawn(
        act("t", "tag.add", tag_id=str(vip.pk)),
        node("wait", "w", seconds=11 * HOUR),  # 23:30, when it is quiet
        send("m", "{{name}}，你好"),
        node("wait_event", "e2", events=[{"id": "came", "event": "page_viewed"}], timeout_seconds=DAY),
        node("branch", "b", cases=[{"id": "yes", "condition": {"kind": "tag", "tag": str(vip.pk)}}]),
        act("d", "todo.create", title="联系 {{name}}"),
        node("exit", "x"),
        edges=["e>t", "t>w", "w>m", "m>e2", "e2.timeout>b", "e2.came>x", "b.yes>d", "b.otherwise>x", "d>x"],
    )
    journey = draft(workspace, graph)
    before = written()
    found = tried(journey, member=ming)
    assert written() == before
    at = dt.datetime(2026, 11, 3, 0, 0, tzinfo=UTC)  # 8:00, when it is quiet no more
    later = at + dt.timedelta(days=1)
    steps = found["examples"][0]["steps"]
    assert [(one["node"], one["port"], dt.datetime.fromisoformat(one["at"]), one["outcome"], one["zh"]) for one in steps] == [
        ("t", "out", NOW, "done", "打上标签「VIP」"),
        ("w", "out", NOW + dt.timedelta(hours=11), "done", ""),
        ("m", "out", at, "done", "给本人发送「{{name}}，你好」"),
        ("e2", "timeout", later, "done", ""),
        ("b", "otherwise", later, "done", ""),  # nothing was written: they have no tag
        ("x", "", later, "done", ""),
    ]
    assert (found["people"], found["matched"], found["refused"], found["ended"]) == (1, 1, {}, {"exit": 1})
    assert found["nodes"] == {"e": 1, "t": 1, "w": 1, "m": 1, "e2": 1, "b": 1, "x": 1}
    assert found["actions"] == {"t": {"done": 1}, "m": {"done": 1}}


def test_a_try_says_why_not(workspace: Workspace, account: Account) -> None:  # noqa: F811
    (nobody,) = people(workspace, 1, channel="elsewhere")
    vip = Tag.objects.create(workspace=workspace, name="VIP")
    journey = draft(workspace, drawn(send("m", "你好"), edges=["e>m"]))
    found = tried(journey, member=nobody)
    ((step,),) = [one["steps"] for one in found["examples"]]
    assert (step["outcome"], step["zh"]) == ("refused", "成员在这些渠道上没有身份，无法联系。")
    assert found["actions"] == {"m": {"refused": 1}}
    closed = drawn(send("m", "你好"), edges=["e>m"], entry={"condition": {"kind": "tag", "tag": str(vip.pk)}})
    found = tried(draft(workspace, closed, name="有条件"), member=nobody)
    assert (found["people"], found["refused"]) == (0, {"condition": 1})
    assert found["examples"] == [{"member": {"id": str(nobody.pk), "name": "成员0"}, "refused": "condition", "ended_as": "", "steps": []}]


def test_a_draft_that_is_no_journey_says_so(workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    made = journeys.create(workspace, actor=boss(), name="空")
    journeys.draw(workspace, actor=boss(), journey_id=made.pk, drawn={"nodes": [], "edges": []}, revision=1)
    run = enrolments.try_out(workspace, actor=boss(), journey_id=made.pk, member_id=ming.pk, days=None)
    assert (run.state, run.result) == ("failed", {"error": {"zh": "旅程须有且只有一个入口。", "en": "A journey has one entry."}})


def test_what_is_not_filled_in_yet_is_refused_at_that_step(workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    found = tried(draft(workspace, drawn(act("t", "tag.add", tag_id=""), node("action", "n"), edges=["e>t", "t>n"])), member=ming)
    assert [(one["node"], one["outcome"], one["zh"]) for one in found["examples"][0]["steps"]] == [
        ("t", "refused", "请选择。"), ("n", "refused", "请选择动作。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("begin", "expected"),
    [
        # On 8 March 2:30 is 3:30.
        (dt.datetime(2026, 3, 7, 12, tzinfo=UTC), [dt.datetime(2026, 3, 8, 7, 30, tzinfo=UTC), dt.datetime(2026, 3, 9, 6, 30, tzinfo=UTC)]),
        # On 1 November 1:30 comes twice; 2:30 does not.
        (dt.datetime(2026, 10, 31, 12, tzinfo=UTC), [dt.datetime(2026, 11, 1, 7, 30, tzinfo=UTC), dt.datetime(2026, 11, 2, 7, 30, tzinfo=UTC)]),
    ],
)
def test_times_are_those_of_the_members_clock(workspace: Workspace, travel: Any, begin: dt.datetime, expected: list[dt.datetime]) -> None:
    travel.move_to(begin)
    ming = profiles.create(workspace, actor=SYSTEM, name="小明", identities=[("qq", "1")], given={"time_zone": "America/New_York"})
    graph = drawn(node("wait_time", "v", time="02:30"), node("wait_time", "w", time="02:30"), edges=["e>v", "v>w"])
    assert taken(tried(draft(workspace, graph), member=ming)) == [("小明", "v", "out", expected[0]), ("小明", "w", "out", expected[1])]


def test_a_birthday_is_waited_for_and_one_that_is_not_known_is_not(workspace: Workspace) -> None:
    ming = profiles.create(workspace, actor=SYSTEM, name="小明", identities=[("qq", "1")], given={"birthday": "1990-11-05"})
    li = profiles.create(workspace, actor=SYSTEM, name="小李", identities=[("qq", "2")], given={})
    journey = draft(workspace, drawn(node("wait_date", "d", attribute="birthday"), node("exit", "x"), edges=["e>d", "d>x", "d.otherwise>x"]))
    day = dt.datetime(2026, 11, 5, 1, 0, tzinfo=UTC)
    assert taken(tried(journey, member=ming)) == [("小明", "d", "out", day), ("小明", "x", "", day)]
    assert taken(tried(journey, member=li)) == [("小李", "d", "otherwise", NOW), ("小李", "x", "", NOW)]


# --- on what happened --------------------------------------------------------------------------------


def lived(
    workspace: Workspace, graph: Any, script: Sequence[tuple[dt.datetime, Member, str, dict[str, Any]]], until: dt.datetime, travel: Any
) -> Journey:
    """The journey as it really goes: the clock stops at every event, and at every moment somebody is due."""
    journey = publish(workspace, graph, name="真的")
    left = list(script)
    while True:
        due = Enrolment.objects.in_workspace(workspace).filter(due_at__isnull=False).order_by("due_at").values_list("due_at", flat=True).first()
        moments = [one for one in (left[0][0] if left else None, due) if one is not None and one <= until]
        if not moments:
            break
        travel.move_to(max(min(moments), clock.now()))
        while turning.turn():
            pass
        while left and left[0][0] <= clock.now():
            _, member, name, more = left.pop(0)
            record(workspace, member, name, **more)
            for one in responders.all_of_them():
                responders.respond(one)
            while turning.turn():
                pass
    travel.move_to(until)
    subscribers.drain()
    return journey


def really(journey: Journey) -> list[Taken]:
    rows = Step.objects.in_workspace(journey.workspace_id).filter(enrolment__journey=journey)
    return list(rows.order_by("enrolment_id", "pk").values_list("enrolment__member__name", "node", "port", "at"))


def by_person(some: Sequence[Taken]) -> dict[str, list[tuple[str, str, dt.datetime]]]:
    found: dict[str, list[tuple[str, str, dt.datetime]]] = {}
    for name, *step in sorted(some, key=lambda one: one[3]):
        found.setdefault(name, []).append((step[0], step[1], step[2]))
    return found


VIEWED = {"kind": "event", "event": "page_viewed"}
BOUGHT = {"id": "bought", "event": "order_paid"}


def offered(**more: Any) -> Any:
    """A journey with all that may happen to people on their way."""
    return drawn(
        node("split", "s", arms=[{"id": "send", "weight": 3}, {"id": "hold", "weight": 1, "is_holdout": True}]),
        node("wait_event", "w", events=[BOUGHT, {"id": "talked", "event": "message_sent"}], timeout_seconds=2 * HOUR),
        send("m", "还在吗"),
        node("wait_time", "n", time="19:00"),
        node("wait_event", "v", events=[{"id": "answer", "event": "message_sent", "to_them": True}, BOUGHT], timeout_seconds=DAY),
        send("o", "优惠"),
        node("join", "j"),
        node("exit", "x"),
        edges=["e>s", "s.send>w", "s.hold>x", "w.bought>j", "w.talked>n", "w.timeout>m", "m>n", "n>v", "v.answer>x", "v.bought>j", "v.timeout>o", "o>x", "j>x"],
        trigger=VIEWED, rules={"exit_events": [{"event": "member_left"}]}, **more,
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("reentry", [{"kind": "never"}, {"kind": "after", "days": 3}, {"kind": "always"}])
def test_a_try_says_what_a_real_journey_does(workspace: Workspace, account: Account, travel: Any, seed: int, reentry: dict[str, Any]) -> None:  # noqa: F811
    chance, members = random.Random(seed), people(workspace, 6)
    script: list[tuple[dt.datetime, Member, str, dict[str, Any]]] = []
    for at in sorted(chance.sample(range(60, 20 * DAY, 7), 90)):
        name = chance.choice(["page_viewed"] * 4 + ["order_paid", "message_sent", "message_sent", "member_left"])
        member = chance.choice(members)
        more = {"addressed_id": chance.choice(members).pk} if name == "message_sent" and chance.random() < 0.5 else {}
        script.append((NOW + dt.timedelta(seconds=at), member, name, more))
    goal = [node("goal", "g", event="order_paid", within_days=5)] if seed == 3 else []
    graph = offered(entry={"reentry": reentry})
    graph["nodes"] += goal
    until = NOW + dt.timedelta(days=21)
    journey = lived(workspace, graph, script, until, travel)
    before = written()
    found = tried(journey, days=30)
    assert written() == before
    real = really(journey)
    assert by_person(taken(found)) == by_person(real)
    assert len(real) > 15
    rows = Enrolment.objects.in_workspace(workspace)
    assert found["people"] == rows.count() <= dry.EXAMPLES
    assert found["ended"] == Counter(one or "waiting" for one in rows.values_list("ended_as", flat=True))
    assert found["matched"] == sum(name == "page_viewed" for _, _, name, _ in script)
    assert found["people"] + sum(found["refused"].values()) == found["matched"]
    counts = NodeCount.objects.in_workspace(workspace).filter(what="in").values_list("node", "number")
    assert found["nodes"] == dict(counts)


def test_what_let_them_in_is_neither_waited_for_nor_a_goal(workspace: Workspace, travel: Any) -> None:
    """Somebody who bought, and is asked to buy again."""
    (ming,) = people(workspace, 1)
    graph = drawn(
        node("wait_event", "w", events=[BOUGHT], timeout_seconds=DAY), node("exit", "x"), node("goal", "g", event="order_paid", ends=False),
        edges=["e>w", "w.bought>x"], trigger={"kind": "event", "event": "order_paid"}, rules={"exit_events": []},
    )  # fmt: skip
    script = [(NOW + dt.timedelta(hours=hours), ming, "order_paid", {}) for hours in (1, 2)]
    journey = lived(workspace, graph, script, NOW + dt.timedelta(days=3), travel)
    second = NOW + dt.timedelta(hours=2)
    assert really(journey) == [("成员0", "w", "bought", second), ("成员0", "x", "", second)]
    assert taken(tried(journey, days=30)) == really(journey)
    assert NodeCount.objects.in_workspace(workspace).get(node="g", what="goal").number == 1


def test_only_the_last_days_and_whom_the_condition_lets_in(workspace: Workspace, travel: Any) -> None:
    ming, li, wang = people(workspace, 3)
    vip = Tag.objects.create(workspace=workspace, name="VIP")
    for member in (ming, wang):
        MemberTag.objects.create(workspace=workspace, member=member, origin=member, tag=vip)
    for days, member in ((40, ming), (20, ming), (20, li), (3, li)):
        travel.move_to(NOW - dt.timedelta(days=days))
        record(workspace, member, "page_viewed")
    subscribers.drain()
    travel.move_to(NOW)
    graph = drawn(node("wait", "w", seconds=DAY), edges=["e>w"], trigger=VIEWED, entry={"condition": {"kind": "tag", "tag": str(vip.pk)}})
    found = tried(draft(workspace, graph), days=30)
    assert (found["matched"], found["people"], found["refused"]) == (3, 1, {"condition": 2})
    assert taken(found) == [("成员0", "w", "out", NOW - dt.timedelta(days=19))]
    found = tried(draft(workspace, graph, name="五天"), days=5)
    assert (found["matched"], found["people"], found["refused"]) == (1, 0, {"condition": 1})


def test_who_is_still_waiting_and_imported_history(workspace: Workspace, travel: Any) -> None:
    ming, _ = people(workspace, 2)
    travel.move_to(NOW - dt.timedelta(hours=1))
    record(workspace, ming, "page_viewed")
    subscribers.drain()
    travel.move_to(NOW)
    found = tried(draft(workspace, drawn(node("wait", "w", seconds=DAY), edges=["e>w"], trigger=VIEWED)), days=30)
    ((step,),) = [one["steps"] for one in found["examples"]]
    assert (step["node"], step["port"], step["zh"]) == ("w", "", "还在等待")
    assert dt.datetime.fromisoformat(step["at"]) == NOW + dt.timedelta(hours=23)
    assert found["ended"] == {"waiting": 1}


def test_a_trigger_that_is_no_event_has_nothing_to_be_tried_on(workspace: Workspace) -> None:
    people(workspace, 1)
    found = tried(draft(workspace, drawn(node("wait", "w", seconds=60), edges=["e>w"])), days=30)
    assert (found["matched"], found["people"], found["examples"]) == (0, 0, [])


def test_a_storm_is_tried_in_bounded_rounds(workspace: Workspace, travel: Any, django_assert_max_num_queries: Any) -> None:
    """500 events of one person whom the condition keeps out, and of one who is let in once."""
    ming, li = people(workspace, 2)
    vip = Tag.objects.create(workspace=workspace, name="VIP")
    MemberTag.objects.create(workspace=workspace, member=li, origin=li, tag=vip)
    with transaction.atomic():
        for member in (ming, li):
            for number in range(500):
                at = NOW - dt.timedelta(minutes=10) + dt.timedelta(milliseconds=number)
                stream.record(
                    Fact(workspace_id=workspace.pk, name="page_viewed", member_id=member.pk, source="test", occurred_at=at, id=str(uuid.uuid4()))
                )
    subscribers.drain()
    condition = {"kind": "tag", "tag": str(vip.pk)}
    graph = drawn(node("wait", "w", seconds=DAY), edges=["e>w"], trigger=VIEWED, entry={"condition": condition, "reentry": {"kind": "always"}})
    journey = draft(workspace, graph)
    with django_assert_max_num_queries(100):
        found = tried(journey, days=30)
    assert (found["matched"], found["people"], found["refused"]) == (1000, 1, {"condition": 500, "in_flight": 499})


def test_a_try_beside_the_real_one_leaves_it_alone(workspace: Workspace, travel: Any) -> None:
    """The same journey, on and in use."""
    (ming,) = people(workspace, 1)
    journey = publish(workspace, drawn(node("wait", "w", seconds=HOUR), edges=["e>w"]))
    let_in(journey, ming)
    before = written()
    assert taken(tried(journey, member=ming)) == [("成员0", "w", "out", NOW + dt.timedelta(hours=1))]
    assert written() == before
    happen(workspace, ming, "page_viewed")
    assert Enrolment.objects.in_workspace(workspace).count() == 1
