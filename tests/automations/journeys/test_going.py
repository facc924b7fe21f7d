"""People on their way through journeys: what they pass, where they rest, what is done for them, and once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from hutong.automations.actions import enrolments, journeys
from hutong.automations.journeys import turning
from hutong.automations.models import Enrolment, NodeCount, Step
from hutong.channels.models import Account, Lane, Send
from hutong.events import subscribers
from hutong.events.models import LogEntry
from hutong.members.actions import merges
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import DAY, act, boss, drawn, happen, let_in, node, path, publish, send, turn, where
from tests.broadcasts.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.broadcasts.making import people

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)  # 12:30 in Shanghai
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def tag(workspace: Workspace, name: str = "已欢迎") -> Tag:
    return Tag.objects.create(workspace=workspace, name=name)


def tagged(workspace: Workspace, one: Tag) -> set[str]:
    return set(MemberTag.objects.in_workspace(workspace).filter(tag=one).values_list("member__name", flat=True))


def counts(journey: Any) -> dict[tuple[str, str], int]:
    rows = NodeCount.objects.in_workspace(journey.workspace_id).filter(version=journey.published).exclude(what="slot")
    return {(at, what): number for at, what, number in rows.values_list("node", "what", "number")}


def test_a_wait_an_action_and_the_end(workspace: Workspace, travel: Any) -> None:
    one, (ming,) = tag(workspace), people(workspace, 1)
    journey = publish(workspace, drawn(node("wait", "w", seconds=DAY), act("t", "tag.add", tag_id=str(one.pk)), edges=["e>w", "w>t"]))
    start = let_in(journey, ming)
    assert (start.state, start.entered, start.refused) == ("done", 1, {})
    assert where(journey) == {"成员0": ("w", "", NOW + dt.timedelta(days=1))}
    turn()
    assert path(journey, ming) == []
    travel.shift(dt.timedelta(days=1) - dt.timedelta(seconds=1))
    turn()
    assert tagged(workspace, one) == set()
    travel.shift(dt.timedelta(seconds=1))
    turn()
    assert tagged(workspace, one) == {"成员0"}
    assert where(journey) == {"成员0": ("t", "finished", None)}
    assert path(journey, ming) == [("w", "out", "done"), ("t", "out", "done")]
    assert counts(journey) == {
        ("e", "in"): 1, ("e", "out:out"): 1, ("w", "in"): 1, ("w", "out:out"): 1, ("t", "in"): 1, ("t", "out:out"): 1, ("t", "end:finished"): 1,
    }  # fmt: skip
    names = [name for name in LogEntry.objects.order_by("seq").values_list("name", flat=True) if name.startswith(("journey", "tag"))]
    assert names == ["journey_entered", "tag_added", "journey_ended"]


def test_nobody_comes_in_twice_and_the_same_key_is_one_start(workspace: Workspace, travel: Any) -> None:
    (ming,) = people(workspace, 1)
    journey = publish(workspace, drawn(node("wait", "w", seconds=DAY), edges=["e>w"]))
    assert let_in(journey, ming, key="k").entered == 1
    assert let_in(journey, ming, key="k").entered == 1  # the same start, asked for again
    again = let_in(journey, ming)
    assert (again.entered, again.refused) == (0, {"in_flight": 1})
    travel.shift(dt.timedelta(days=2))
    turn()
    again = let_in(journey, ming)
    assert (again.entered, again.refused) == (0, {"before": 1})
    assert Enrolment.objects.in_workspace(workspace).count() == 1


def test_who_may_come_again_after_some_days(workspace: Workspace, travel: Any) -> None:
    (ming,) = people(workspace, 1)
    graph = drawn(node("wait", "w", seconds=3600), edges=["e>w"], entry={"reentry": {"kind": "after", "days": 7}})
    journey = publish(workspace, graph)
    let_in(journey, ming)
    travel.shift(dt.timedelta(days=6, hours=23))
    turn()
    assert let_in(journey, ming).refused == {"before": 1}
    travel.shift(HOUR)
    assert let_in(journey, ming).entered == 1


def test_an_event_lets_in_wakes_and_times_out(workspace: Workspace, travel: Any) -> None:
    one, two = tag(workspace, "回来了"), tag(workspace, "没回来")
    ming, li = people(workspace, 2)
    graph = drawn(
        node("wait_event", "w", events=[{"id": "came", "event": "page_viewed"}], timeout_seconds=2 * 3600),
        act("a", "tag.add", tag_id=str(one.pk)),
        act("b", "tag.add", tag_id=str(two.pk)),
        trigger={"kind": "event", "event": "member_joined"},
        edges=["e>w", "w.came>a", "w.timeout>b"],
    )
    journey = publish(workspace, graph)
    happen(workspace, ming, "member_joined", pk="1")
    happen(workspace, li, "member_joined", pk="2")
    happen(workspace, ming, "member_joined", pk="1")  # told again
    assert where(journey) == {"成员0": ("w", "", NOW + 2 * HOUR), "成员1": ("w", "", NOW + 2 * HOUR)}
    travel.shift(HOUR)
    happen(workspace, ming, "page_viewed")
    assert (tagged(workspace, one), tagged(workspace, two)) == ({"成员0"}, set())
    travel.shift(HOUR)
    turn()
    happen(workspace, li, "page_viewed")  # too late
    assert (tagged(workspace, one), tagged(workspace, two)) == ({"成员0"}, {"成员1"})
    assert path(journey, li) == [("w", "timeout", "done"), ("b", "out", "done")]


def test_what_happened_before_the_journey_was_set_going_lets_nobody_in(workspace: Workspace, travel: Any) -> None:
    (ming,) = people(workspace, 1)
    graph = drawn(node("wait", "w", seconds=3600), trigger={"kind": "event", "event": "member_joined"}, edges=["e>w"])
    from django.db import transaction

    from hutong.foundation import stream
    from hutong.foundation.stream import Fact

    with transaction.atomic():
        stream.record(Fact(workspace_id=workspace.pk, name="member_joined", member_id=ming.pk))
    travel.shift(dt.timedelta(seconds=1))
    journey = publish(workspace, graph)
    subscribers.drain()
    assert where(journey) == {}


def test_branches_see_what_was_done_just_before(workspace: Workspace) -> None:
    one, two = tag(workspace, "甲"), tag(workspace, "乙")
    (ming,) = people(workspace, 1)
    has = {"kind": "tag", "tag": str(one.pk)}
    graph = drawn(
        act("t", "tag.add", tag_id=str(one.pk)),
        node("branch", "b", cases=[{"id": "yes", "condition": has}]),
        act("y", "tag.add", tag_id=str(two.pk)),
        edges=["e>t", "t>b", "b.yes>y"],
    )
    journey = publish(workspace, graph)
    let_in(journey, ming)
    turn()
    assert tagged(workspace, two) == {"成员0"}
    assert path(journey, ming) == [("t", "out", "done"), ("b", "yes", "done"), ("y", "out", "done")]


def test_a_branch_on_a_deleted_tag_goes_otherwise_with_the_reason(workspace: Workspace, travel: Any) -> None:
    one = tag(workspace)
    (ming,) = people(workspace, 1)
    graph = drawn(
        node("wait", "w", seconds=60),
        node("branch", "b", cases=[{"id": "yes", "condition": {"kind": "tag", "tag": str(one.pk)}}]),
        edges=["e>w", "w>b"],
    )
    journey = publish(workspace, graph)
    let_in(journey, ming)
    one.delete()
    from tests.automations.journeys.making import forget

    forget()
    travel.shift(dt.timedelta(seconds=60))
    turn()
    step = Step.objects.in_workspace(workspace).get(node="b")
    assert (step.port, step.outcome) == ("otherwise", "refused")
    assert "已被删除" in step.detail


def test_a_split_shares_people_out_and_counts_goals_against_the_holdout(workspace: Workspace) -> None:
    members = people(workspace, 400)
    graph = drawn(
        node("split", "s", arms=[{"id": "a", "weight": 3}, {"id": "hold", "weight": 1, "is_holdout": True}]),
        node("wait", "w", seconds=DAY),
        node("exit", "x"),
        node("goal", "g", event="order_paid", within_days=7),
        edges=["e>s", "s.a>w", "s.hold>x"],
    )
    journey = publish(workspace, graph)
    let_in(journey, *members)
    turn()
    found = counts(journey)
    held = found["s", "out:hold"]
    assert found["s", "out:a"] + held == 400
    assert 70 <= held <= 130
    by_arm: dict[str, list[Member]] = {"a": [], "hold": []}
    for row in Enrolment.objects.in_workspace(workspace).select_related("member"):
        by_arm[row.arms.partition(":")[2]].append(row.member)
    for buyer in [*by_arm["a"][:30], *by_arm["hold"][:2]]:  # who is held out has left already, and counts all the same
        happen(workspace, buyer, "order_paid", order_id="o", amount=10)
        happen(workspace, buyer, "order_paid", order_id="p", amount=10)  # once is enough
    found = counts(journey)
    assert (found["g", "goal"], found["g", "goal:s:a"], found["g", "goal:s:hold"]) == (32, 30, 2)
    assert found["w", "end:goal"] == 30
    again = publish(workspace, graph, name="另一个")
    let_in(again, *members)
    assert counts(again)["s", "out:hold"] != held or {
        r.member_id for r in Enrolment.objects.in_workspace(workspace).filter(journey=again, node="x")
    } != {one.pk for one in by_arm["hold"]}  # another journey draws anew


def test_any_number_of_goals_and_splits_is_kept(workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    goals, splits = ([f"{kind}{number:019}" for number in range(40)] for kind in "gs")
    nodes = [node("goal", pk, ends=False) for pk in goals] + [node("split", pk, arms=[{"id": "all", "weight": 1}]) for pk in splits]
    order = [*goals, *splits]
    edges = [f"e>{order[0]}", *(f"{a}{'.all' if a[0] == 's' else ''}>{b}" for a, b in pairwise(order))]
    journey = publish(workspace, drawn(*nodes, edges=edges))
    let_in(journey, ming)
    turn()
    row = Enrolment.objects.in_workspace(workspace).get(journey=journey)
    assert (row.goals.split(","), row.arms.split(",")) == (goals, [f"{pk}:all" for pk in splits])
    assert [Enrolment._meta.get_field(name).clean(getattr(row, name), row) for name in ("goals", "arms")] == [row.goals, row.arms]  # in any store


def test_messages_go_in_the_nodes_lane_and_a_pause_holds_them(workspace: Workspace, account: Account) -> None:  # noqa: F811
    ming, li = people(workspace, 2)
    journey = publish(workspace, drawn(send("m", "{{name}}，你好"), edges=["e>m"]))
    let_in(journey, ming)
    turn()
    (sent,) = Send.objects.in_workspace(workspace)
    assert (sent.member, sent.excerpt, sent.source, sent.state) == (ming, "成员0，你好", f"journey:{journey.pk}", "queued")
    (lane,) = Lane.objects.in_workspace(workspace)
    assert (lane.pk.hex, lane.sends, lane.state) == (sent.lane, 1, "open")
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="paused")
    lane.refresh_from_db()
    assert lane.state == "held"
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="on")
    let_in(journey, li)
    turn()
    assert Send.objects.in_workspace(workspace).count() == 2
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="stopped")
    from hutong.automations.journeys import work

    work.stop(journey.pk)
    assert set(Send.objects.in_workspace(workspace).values_list("state", flat=True)) == {"cancelled"}
    journey.refresh_from_db()
    assert journey.state == "stopped"


def test_who_is_paused_goes_on_where_they_were(workspace: Workspace, travel: Any) -> None:
    one, (ming,) = tag(workspace), people(workspace, 1)
    journey = publish(workspace, drawn(node("wait", "w", seconds=3600), act("t", "tag.add", tag_id=str(one.pk)), edges=["e>w", "w>t"]))
    let_in(journey, ming)
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="paused")
    travel.shift(dt.timedelta(days=1))
    turn()
    assert tagged(workspace, one) == set()
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="on")
    turn()
    assert tagged(workspace, one) == {"成员0"}


def test_quiet_hours_hold_a_message_back_until_they_end_where_the_member_is(workspace: Workspace, account: Account, travel: Any) -> None:  # noqa: F811
    (ming,) = people(workspace, 1)
    travel.move_to(dt.datetime(2026, 11, 2, 15, 0, tzinfo=dt.UTC))  # 23:00 in Shanghai
    journey = publish(workspace, drawn(send("m", "你好"), edges=["e>m"]))
    let_in(journey, ming)
    turn()
    assert where(journey) == {"成员0": ("m", "", dt.datetime(2026, 11, 3, 0, 0, tzinfo=dt.UTC))}
    travel.move_to(dt.datetime(2026, 11, 3, 0, 0, tzinfo=dt.UTC))
    turn()
    assert Send.objects.in_workspace(workspace).count() == 1


def test_a_cap_over_all_journeys_lets_the_higher_priority_go_first(workspace: Workspace, account: Account, travel: Any) -> None:  # noqa: F811
    (ming,) = people(workspace, 1)
    journeys.set_cap(workspace, actor=boss(), messages=1, days=1)
    low = publish(workspace, drawn(send("m", "低"), edges=["e>m"]), name="低")
    high = publish(workspace, drawn(send("m", "高"), edges=["e>m"]), name="高", priority=5)
    let_in(low, ming)
    let_in(high, ming)
    turn()
    assert list(Send.objects.in_workspace(workspace).values_list("excerpt", flat=True)) == ["高"]
    assert where(low) == {"成员0": ("m", "", NOW + dt.timedelta(days=1))}
    travel.shift(dt.timedelta(days=1))
    turn()
    assert set(Send.objects.in_workspace(workspace).values_list("excerpt", flat=True)) == {"高", "低"}


def test_a_limit_spreads_people_evenly(workspace: Workspace, travel: Any) -> None:
    one, members = tag(workspace), people(workspace, 5)
    journey = publish(workspace, drawn(node("limit", "l", people=2, per="hour"), act("t", "tag.add", tag_id=str(one.pk)), edges=["e>l", "l>t"]))
    let_in(journey, *members)
    turn()
    assert len(tagged(workspace, one)) == 1
    for expected in (2, 3, 4, 5):
        travel.shift(HOUR / 2)
        turn()
        assert len(tagged(workspace, one)) == expected


def test_going_round_ends_somewhere(workspace: Workspace, travel: Any) -> None:
    (ming,) = people(workspace, 1)
    journey = publish(workspace, drawn(node("wait", "w", seconds=3600), node("go_to", "g", node="w"), edges=["e>w", "w>g"]))
    let_in(journey, ming)
    for _ in range(600):
        travel.shift(HOUR)
        turn()
    assert where(journey)["成员0"][1] == "failed"
    assert Step.objects.in_workspace(workspace).filter(outcome="failed").count() == 1


def test_an_exit_event_and_an_exit_condition_take_people_out(workspace: Workspace, travel: Any) -> None:
    one, (ming, li) = tag(workspace), people(workspace, 2)
    graph = drawn(
        node("wait", "w", seconds=3600), act("t", "tag.add", tag_id=str(tag(workspace, "别").pk)), edges=["e>w", "w>t"],
        rules={"exit_events": [{"event": "member_left"}], "exit_condition": {"kind": "tag", "tag": str(one.pk)}},
    )  # fmt: skip
    journey = publish(workspace, graph)
    let_in(journey, ming, li)
    happen(workspace, ming, "member_left")
    assert where(journey)["成员0"][1] == "left"
    from hutong.segments.actions import tags

    tags.put(workspace, actor=SYSTEM, member_id=li.pk, tag_id=one.pk)
    travel.shift(HOUR)
    turn()
    assert where(journey)["成员1"][:2] == ("w", "left")


def test_wait_until_a_time_on_the_members_clock(workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    journey = publish(workspace, drawn(node("wait_time", "w", time="09:00", weekdays=[5]), edges=["e>w"]))
    let_in(journey, ming)
    assert where(journey)["成员0"][2] == dt.datetime(2026, 11, 6, 1, 0, tzinfo=dt.UTC)


def test_whoever_is_merged_goes_on_as_whom_they_show(workspace: Workspace, travel: Any) -> None:
    one, (ming, li) = tag(workspace), people(workspace, 2)
    journey = publish(workspace, drawn(node("wait", "w", seconds=3600), act("t", "tag.add", tag_id=str(one.pk)), edges=["e>w", "w>t"]))
    let_in(journey, ming, li)
    merges.merge(workspace, actor=boss(), kept_id=ming.pk, absorbed_id=li.pk)
    subscribers.drain()
    rows = Enrolment.objects.in_workspace(workspace).order_by("pk").values_list("member__name", "state", "ended_as")
    assert list(rows) == [("成员0", "waiting", ""), ("成员0", "ended", "merged")]
    travel.shift(HOUR)
    turn()
    assert tagged(workspace, one) == {"成员0"}


def test_a_new_version_is_for_new_people_unless_they_move(workspace: Workspace, travel: Any) -> None:
    from hutong.automations.journeys import work

    old, new = tag(workspace, "旧"), tag(workspace, "新")
    ming, li = people(workspace, 2)
    journey = publish(workspace, drawn(node("wait", "w", seconds=3600), act("t", "tag.add", tag_id=str(old.pk)), edges=["e>w", "w>t"]))
    let_in(journey, ming)
    graph = drawn(node("wait", "w", seconds=3600), act("t", "tag.add", tag_id=str(new.pk)), edges=["e>w", "w>t"])
    revision, _ = journeys.draw(workspace, actor=boss(), journey_id=journey.pk, drawn=graph, revision=2)
    journeys.publish(workspace, actor=boss(), journey_id=journey.pk, revision=revision, moves=False, starts=True)
    let_in(journey, li)
    travel.shift(HOUR)
    turn()
    assert (tagged(workspace, old), tagged(workspace, new)) == ({"成员0"}, {"成员1"})
    (han,) = people(workspace, 1, channel="other")
    let_in(journey, han)
    graph = drawn(node("wait", "w", seconds=3600), act("u", "tag.add", tag_id=str(old.pk)), edges=["e>w", "w>u"])
    revision, _ = journeys.draw(workspace, actor=boss(), journey_id=journey.pk, drawn=graph, revision=revision)
    published = journeys.publish(workspace, actor=boss(), journey_id=journey.pk, revision=revision, moves=True, starts=True)
    assert published.published is not None
    work.move(journey.pk, published.published.pk)
    travel.shift(HOUR)
    turn()
    assert len(MemberTag.objects.in_workspace(workspace).filter(tag=old)) == 2


def test_whose_row_changes_while_a_turn_is_planned_is_left_out_of_it(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    one, (ming, li) = tag(workspace), people(workspace, 2)
    journey = publish(workspace, drawn(act("t", "tag.add", tag_id=str(one.pk)), edges=["e>t"]))
    let_in(journey, ming, li)
    real = turning.advance
    removed: list[int] = []

    def remove_one(*args: Any, **more: Any) -> None:
        real(*args, **more)
        if not removed:
            pk = Enrolment.objects.in_workspace(workspace).get(member=ming).pk
            removed.append(pk)
            enrolments.remove(workspace, actor=boss(), enrolment_id=pk)

    monkeypatch.setattr(turning, "advance", remove_one)
    turn()
    assert tagged(workspace, one) == {"成员1"}
    assert where(journey)["成员0"][1] == "removed"


def test_one_person_for_whom_an_action_fails_to_be_written_does_not_stop_the_others(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    from hutong.automations import registry
    from hutong.foundation.acting import Plan

    one, members = tag(workspace), people(workspace, 5)
    journey = publish(workspace, drawn(act("t", "tag.add", tag_id=str(one.pk)), edges=["e>t"]))
    let_in(journey, *members)
    real = registry._actions["tag.add"]

    def poisoned(doer: Any, settings: Any, some: Any) -> Plan:
        plan = real.plan(doer, settings, some)

        def write() -> None:
            if any(person.member_id == members[2].pk for person in some):
                raise ValueError("poison")
            plan.write()

        return Plan(plan.outcomes, write)

    monkeypatch.setitem(registry._actions, "tag.add", dataclasses.replace(real, plan=poisoned))
    turn()
    assert tagged(workspace, one) == {"成员0", "成员1", "成员3", "成员4"}
    assert where(journey)["成员2"][1] == "failed"


def test_a_warehouse_that_does_not_answer_costs_nobody_their_way(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from hutong.events import queries
    from hutong.events.warehouse.engine import WarehouseBusy

    one, (ming,) = tag(workspace), people(workspace, 1)
    did = {"kind": "event", "event": "page_viewed", "op": "at_most", "value": 0, "window": {"kind": "ever"}}
    asking = drawn(
        node("branch", "b", cases=[{"id": "yes", "condition": did}]), act("t", "tag.add", tag_id=str(one.pk)), edges=["e>b", "b.yes>t"]
    )  # fmt: skip
    other = tag(workspace, "不问的")
    high = publish(workspace, asking, name="问", priority=5)
    low = publish(workspace, drawn(act("t", "tag.add", tag_id=str(other.pk)), edges=["e>t"]), name="不问")
    let_in(high, ming)
    let_in(low, ming)

    def down(*_: Any, **__: Any) -> Any:
        raise WarehouseBusy

    with monkeypatch.context() as patch:
        patch.setattr(queries, "rows", down)
        assert turning.turn() == 1  # the other journey's
        with pytest.raises(turning.TurnFailed):
            turning.turn()
    assert (tagged(workspace, one), tagged(workspace, other)) == (set(), {"成员0"})
    assert where(high) == {"成员0": ("b", "", NOW)}
    turn()
    assert tagged(workspace, one) == {"成员0"}
    assert path(high, ming) == [("b", "yes", "done"), ("t", "out", "done")]


@pytest.mark.parametrize("when", ["planned", "written"])
def test_a_store_that_does_not_answer_fails_nobody(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    import dataclasses

    from django.db import OperationalError

    from hutong.automations import registry
    from hutong.foundation.acting import DONE, Plan

    one, members = tag(workspace), people(workspace, 3)
    journey = publish(workspace, drawn(act("t", "tag.add", tag_id=str(one.pk)), edges=["e>t"]))
    let_in(journey, *members)

    def down(*_: Any) -> Any:
        raise OperationalError("disk I/O error")

    def planned(doer: Any, settings: Any, some: Any) -> Plan:
        return down() if when == "planned" else Plan([DONE] * len(some), down)

    with monkeypatch.context() as patch:
        patch.setitem(registry._actions, "tag.add", dataclasses.replace(registry._actions["tag.add"], plan=planned))
        with pytest.raises(OperationalError):
            turning.turn()
    assert {at for at, *_ in where(journey).values()} == {"t"}
    assert not Step.objects.in_workspace(workspace).exists()
    turn()
    assert tagged(workspace, one) == {"成员0", "成员1", "成员2"}
