"""What is told of and what is silent: other thresholds, history, a redo, and who was overtaken by somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.events.models import Cursor, LogEntry
from hutong.foundation.jobs import worker
from hutong.segments import life_cycle_live, stages, turns
from hutong.segments.actions import life_cycle as actions
from hutong.segments.models import LifeCycle, MemberStage
from hutong.segments.queries import life_cycle as queries
from hutong.segments.stages import Point, Thresholds
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import AuditEntry, Workspace
from tests.segments.life_cycle.living import NOON, catch_up, counted, does, kept, midnight, mirrored, person, told

pytestmark = pytest.mark.django_db


def test_other_thresholds_move_silently_as_foretold(
    workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates
) -> None:
    members = [person(workspace, f"m{number}") for number in range(6)]
    for number, member in enumerate(members):
        does(group, member, at=NOON - dt.timedelta(days=10 * number))
        does(group, member, "order_paid", at=NOON - dt.timedelta(days=10 * number), order_id=str(number), amount=100 * number)
    catch_up()
    before = kept(community)
    assert [before[one] for one in members] == [("new", "first"), ("new", "first"), *[("quiet", "first")] * 4]
    other = Thresholds(new_days=5, active_days=25, lapsed_days=40, high_value_amount=300)
    moves = queries.moves(community, Thresholds(), other)
    assert moves == [
        {"kind": "activity", "from": "new", "to": "active", "members": 1}, {"kind": "activity", "from": "quiet", "to": "active", "members": 1},
        {"kind": "activity", "from": "quiet", "to": "lapsed", "members": 2}, {"kind": "purchase", "from": "first", "to": "high_value", "members": 3},
    ]  # fmt: skip
    assert kept(community) == before
    actions.change(workspace, actor=SYSTEM, community_id=community.pk, thresholds=other)
    catch_up()
    after = kept(community)
    assert after == counted(community) == mirrored(community)
    found: dict[tuple[str, str, str], int] = {}
    for member in members:
        for kind, was, becomes in zip(stages.KINDS, before[member], after[member], strict=True):
            if was != becomes:
                found[kind, was, becomes] = found.get((kind, was, becomes), 0) + 1
    assert found == {(one["kind"], one["from"], one["to"]): one["members"] for one in moves}
    assert told(workspace) == []
    entry = AuditEntry.objects.in_workspace(workspace).get(action="life_cycle.change")
    assert entry.details == {"changes": {"new_days": [14, 5], "active_days": [14, 25], "lapsed_days": [60, 40], "high_value_amount": [1000, 300]}}
    assert MemberStage.objects.in_workspace(workspace).filter(activity_since__isnull=False).count() == 0


def test_what_time_moved_is_told_though_thresholds_changed_too(
    workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates
) -> None:
    """What was asked for is done as of the day counted last, and only then the new day is counted."""
    ann, bo = person(workspace, "ann"), person(workspace, "bo")
    does(group, ann)
    does(group, bo, at=NOON - dt.timedelta(days=20))
    catch_up()
    assert kept(community) == {ann: ("new", "potential"), bo: ("quiet", "potential")}
    travel.shift(dt.timedelta(days=14))
    actions.change(workspace, actor=SYSTEM, community_id=community.pk, thresholds=Thresholds(lapsed_days=30, returned_days=30))
    midnight()
    assert kept(community) == {ann: ("quiet", "potential"), bo: ("lapsed", "potential")}
    assert sorted(one[1:] for one in told(workspace)) == [("activity", "new", "quiet", "time"), ("activity", "quiet", "lapsed", "time")]


def test_history_changes_silently(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    ann = person(workspace, "ann")
    does(group, ann)
    catch_up()
    travel.shift(dt.timedelta(days=1))
    midnight()
    Cursor.objects.filter(pk=life_cycle_live.NAME).update(seq=10**9)  # history comes past the log: nobody follows it
    does(group, ann, at=NOON - dt.timedelta(days=90))
    subscribers.drain()
    assert kept(community) == {ann: ("new", "potential")}
    actions.recompute(workspace.pk)
    worker.drain()
    assert kept(community) == {ann: ("returned", "potential")}
    assert told(workspace) == []


def test_a_redo_tells_nothing_twice(
    workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the members were moved and before the cursor: all of it is undone, and done again once."""
    ann = person(workspace, "ann")
    does(group, ann, at=NOON - dt.timedelta(days=40))
    catch_up()
    assert kept(community) == {ann: ("quiet", "potential")}

    class Killed(BaseException):
        pass

    does(group, ann)
    does(group, ann, "order_paid", order_id="a", amount=1)
    real = actions.move

    def die(*args: Any) -> None:
        real(*args)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(actions, "move", die)
        subscribers.drain()
    assert kept(community) == {ann: ("quiet", "potential")}
    catch_up()
    position = Cursor.objects.get(pk=life_cycle_live.NAME).seq
    assert kept(community) == {ann: ("active", "first")}
    once = [(ann, "activity", "quiet", "active", "events"), (ann, "purchase", "potential", "first", "events")]
    assert told(workspace) == once
    # The same entries once more, and everybody counted once more.
    does(group, ann)
    subscribers.drain()
    Cursor.objects.filter(pk=life_cycle_live.NAME).update(seq=position)
    catch_up()
    LifeCycle.objects.in_workspace(workspace).update(computed_day=dt.date(2026, 2, 28))
    midnight()
    assert told(workspace) == once


def test_a_follower_that_was_overtaken_reads_again(
    workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates
) -> None:
    ann = person(workspace, "ann")
    does(group, ann, at=NOON - dt.timedelta(days=40))
    catch_up()
    does(group, ann)
    while subscribers.shipping.step():
        pass
    entries = subscribers.entries_of((row.seq, row.name, bytes(row.body)) for row in LogEntry.objects.order_by("seq"))
    write = life_cycle_live.prepare(entries)
    actions.sweep(community, Point(queries.today(community), Thresholds()), is_silent=False)
    with pytest.raises(life_cycle_live.OvertakenError):
        write()
    catch_up()
    assert kept(community) == {ann: ("active", "potential")}
    assert told(workspace) == [(ann, "activity", "quiet", "active", "events")]


def test_a_sweep_that_was_overtaken_reads_again(
    workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann would lapse today, but speaks between the reading and the writing of the count."""
    ann, bo = person(workspace, "ann"), person(workspace, "bo")
    for one in (ann, bo):
        does(group, one, at=NOON - dt.timedelta(days=59))
    catch_up()
    travel.shift(dt.timedelta(days=1))
    real = queries.differing

    def meanwhile(*args: Any, **options: Any) -> Any:
        found = real(*args, **options)
        assert {member: one.activity for member, one in found.items()} == {ann: "lapsed", bo: "lapsed"}
        does(group, ann)
        subscribers.drain()
        return found

    monkeypatch.setattr(queries, "differing", meanwhile)
    actions.count_all(community)
    assert kept(community) == {ann: ("active", "potential"), bo: ("lapsed", "potential")}
    catch_up()
    assert sorted(one[2:] for one in told(workspace)) == [("quiet", "active", "events"), ("quiet", "lapsed", "time")]
    assert turns.live.last(community.pk) > 0
