"""The life cycle kept: counted daily and followed live, the same either way, each transition told once."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import time_machine

from hutong.communities import actions as communities
from hutong.communities.models import Community, Group
from hutong.events import queries as warehouse
from hutong.events import subscribers
from hutong.events.models import Cursor, DeadEvent, LogEntry
from hutong.foundation import clock, stream
from hutong.foundation.jobs import worker
from hutong.foundation.stream import Fact
from hutong.members.actions import merges, profiles
from hutong.members.models import Member
from hutong.segments import life_cycle_live, projection, stages, turns
from hutong.segments.actions import life_cycle as actions
from hutong.segments.actions import rfm as rfm_actions
from hutong.segments.actions import segments
from hutong.segments.models import LifeCycle, MemberRFM, MemberStage, Segment, SegmentMember
from hutong.segments.queries import life_cycle as queries
from hutong.segments.queries import rfm
from hutong.segments.stages import Point, Thresholds
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import AuditEntry, Workspace
from tests.conftest import Api

pytestmark = pytest.mark.django_db
ZONE = "Europe/Berlin"
NOON = dt.datetime(2026, 3, 1, 11, 0, tzinfo=dt.UTC)  # the clocks there change on the 29th


@pytest.fixture
def community(workspace: Workspace) -> Community:
    return Community.objects.create(workspace=workspace, name="胡同读书会", time_zone=ZONE)


@pytest.fixture
def travel() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def person(workspace: Workspace, name: str) -> uuid.UUID:
    return profiles.create(workspace, actor=SYSTEM, name=name, identities=[("qq", name)], given={}).pk


def does(group: Group, member_id: uuid.UUID, name: str = "message_sent", at: dt.datetime | None = None, **properties: Any) -> None:
    stream.record(
        Fact(
            workspace_id=group.workspace_id, name=name, member_id=member_id, community_id=group.community_id, group_id=group.pk, channel="qq",
            occurred_at=at or clock.now(), properties=properties,
        )
    )  # fmt: skip


def catch_up() -> None:
    """What happens within a second or two: readers, followers, jobs, and the readers of what these wrote."""
    subscribers.drain()
    while worker.drain():
        subscribers.drain()
    subscribers.drain()
    assert not DeadEvent.objects.exists()


def midnight() -> None:
    """What the schedule does twice a minute."""
    actions.start_due()
    catch_up()


def kept(community: Community) -> dict[uuid.UUID, tuple[str, str]]:
    rows = MemberStage.objects.in_workspace(community.workspace_id).filter(community=community)
    return {row.member_id: (row.activity, row.purchase) for row in rows}


def counted(community: Community) -> dict[uuid.UUID, tuple[str, str]]:
    """Everybody by the statement, now."""
    point = Point(queries.today(community), Thresholds.read(queries.settings(community).thresholds))
    asked = stages.statement(community.workspace_id, community.pk, [point])
    return {member: (activity[0], purchase[0]) for member, activity, purchase, _ in warehouse.rows(asked.text, asked.parameters)}


def mirrored(community: Community) -> dict[uuid.UUID, tuple[str, str]]:
    found: dict[uuid.UUID, dict[str, str]] = {}
    for member, key, text in warehouse.rows(
        "SELECT member_id, key, text FROM member_values FINAL WHERE workspace_id = {w:UUID} AND startsWith(key, 'life.')",
        {"w": str(community.workspace_id)},
    ):
        found.setdefault(member, {})[key] = text
    return {member: (own[queries.key("activity", community.pk)], own[queries.key("purchase", community.pk)]) for member, own in found.items()}


def told(workspace: Workspace) -> list[tuple[uuid.UUID, str, str, str, str]]:
    """Every transition there was, in order: member, kind, from, to, because."""
    rows = warehouse.rows(
        "SELECT member_id, toString(properties.kind), toString(properties.from), toString(properties.to), toString(properties.because) FROM events"
        " WHERE workspace_id = {w:UUID} AND name = 'stage_changed' ORDER BY received_at, properties.kind::String, member_id",
        {"w": str(workspace.pk)},
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def test_a_member_through_the_year(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    ann = person(workspace, "ann")
    does(group, ann, "member_joined")
    catch_up()
    assert kept(community) == {ann: ("new", "potential")}
    assert told(workspace) == []  # everybody begins so
    seen: list[tuple[int, str]] = []
    for day in (1, 10, 13, 14, 23, 24, 69, 70, 100, 113, 114):
        travel.move_to(NOON + dt.timedelta(days=day))
        midnight()
        if day in (10, 100):
            does(group, ann)
            catch_up()
        stage = kept(community)[ann][0]
        if not seen or seen[-1][1] != stage:
            seen.append((day, stage))
            assert counted(community) == kept(community) == mirrored(community)
    # Joined on day 0, spoke on 10 and 100: new for 14 days, active until 23, quiet until 69; back on 100, active for 14 days.
    assert seen == [(1, "new"), (14, "active"), (24, "quiet"), (70, "lapsed"), (100, "returned"), (114, "quiet")]
    assert told(workspace) == [
        (ann, "activity", "new", "active", "time"), (ann, "activity", "active", "quiet", "time"), (ann, "activity", "quiet", "lapsed", "time"),
        (ann, "activity", "lapsed", "returned", "events"), (ann, "activity", "returned", "quiet", "time"),
    ]  # fmt: skip
    row = MemberStage.objects.in_workspace(workspace).get(member_id=ann)
    assert row.activity_since == queries.today(community)
    assert Member.objects.in_workspace(workspace).get(pk=ann).last_seen_at == NOON + dt.timedelta(days=100)  # being noted is not being seen


def test_orders(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    ann = person(workspace, "ann")
    does(group, ann)
    catch_up()
    steps = [
        ("order_paid", {"order_id": "a", "amount": 100, "currency": "CNY"}, "first"),
        ("order_paid", {"order_id": "a", "amount": 100, "currency": "CNY"}, "first"),  # the same order, told twice
        ("order_paid", {"order_id": "b", "amount": 2000, "currency": "USD"}, "repeat"),
        ("order_refunded", {"order_id": "b"}, "first"),
        ("order_refunded", {"order_id": "a", "amount": 40}, "first"),
        ("order_refunded", {"order_id": "a", "amount": 60}, "potential"),
        ("order_paid", {"order_id": "c", "amount": 999.99, "currency": "CNY"}, "first"),
        ("order_paid", {"order_id": "d", "amount": 0.01}, "high_value"),
        ("order_refunded", {"order_id": "d", "amount": 0.005}, "repeat"),
    ]
    for name, properties, stage in steps:
        travel.shift(dt.timedelta(seconds=1))
        does(group, ann, name, **properties)
        catch_up()
        assert kept(community)[ann][1] == stage, properties
        assert counted(community) == kept(community) == mirrored(community)
    assert [(was, becomes) for _, kind, was, becomes, because in told(workspace) if kind == "purchase" and because == "events"] == [
        ("potential", "first"), ("first", "repeat"), ("repeat", "first"), ("first", "potential"), ("potential", "first"), ("first", "high_value"),
        ("high_value", "repeat"),
    ]  # fmt: skip


def test_an_order_without_a_community_counts_in_each(
    workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates
) -> None:
    other = Community.objects.create(workspace=workspace, name="第二个", time_zone="Asia/Shanghai")
    second = Group.objects.create(workspace=workspace, community=other, name="二群", channel="irc")
    ann = person(workspace, "ann")
    does(group, ann)
    does(second, ann)
    catch_up()
    stream.record(Fact(workspace_id=workspace.pk, name="order_paid", member_id=ann, properties={"order_id": "x", "amount": 5}))
    catch_up()
    assert (kept(community), kept(other)) == ({ann: ("new", "first")}, {ann: ("new", "first")})


def test_who_buys_on_arrival_is_told(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    midnight()
    ann = person(workspace, "ann")
    does(group, ann, "order_paid", order_id="a", amount=2000)
    catch_up()
    assert kept(community) == {ann: ("new", "high_value")}
    assert told(workspace) == [(ann, "purchase", "potential", "high_value", "events")]


def test_live_is_bulk(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    """Members do this and that over weeks, some of it late; whatever the followers keep is what everybody counted anew would be."""
    chance = random.Random(7)
    actions.change(
        workspace, actor=SYSTEM, community_id=community.pk,
        thresholds=Thresholds(new_days=3, active_days=2, lapsed_days=5, returned_days=4, high_value_amount=300, value_days=9),
    )  # fmt: skip
    catch_up()
    members = [person(workspace, f"m{number}") for number in range(8)]
    profiles.change(workspace, actor=SYSTEM, member_id=members[0], is_bot=True)
    acted: set[uuid.UUID] = set()
    last: dict[uuid.UUID, tuple[str, str]] = {}
    transitions: list[tuple[uuid.UUID, str, str, str]] = []

    def note() -> None:
        now = kept(community)
        for member, stages_now in now.items():
            for kind, was, becomes in zip(stages.KINDS, last.get(member, ("new", "potential")), stages_now, strict=True):
                if was != becomes and (member in last or kind == "purchase"):
                    transitions.append((member, kind, was, becomes))
        last.clear()
        last.update(now)

    for _ in range(14):
        travel.shift(dt.timedelta(days=1))
        midnight()
        note()
        for _ in range(chance.choice([1, 1, 2])):
            for _ in range(chance.choice([1, 2, 3])):
                name = chance.choice(["message_sent", "message_sent", "message_sent", "member_left", "order_paid", "order_refunded"])
                late = dt.timedelta(days=chance.choice([0, 0, 0, 0, 1, 4, 9]))
                properties = {"order_id": chance.choice("abcdef"), "amount": chance.choice([20, 150, 280])} if name.startswith("order") else {}
                travel.shift(dt.timedelta(seconds=1))
                actor = chance.choice(members)
                acted.add(actor)
                does(group, actor, name, at=clock.now() - late, **properties)
            catch_up()
            assert kept(community) == counted(community) == mirrored(community)
            note()
    assert set(last) == acted - {members[0]}
    assert members[0] in acted
    assert sorted(one[:4] for one in told(workspace)) == sorted(transitions)
    assert len(transitions) > 20


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
    entries = [subscribers.Entry(row.seq, row.name, bytes(row.body)) for row in LogEntry.objects.order_by("seq")]
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


def test_merges_and_bots(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    ann, bo = person(workspace, "ann"), person(workspace, "bo")
    does(group, ann, at=NOON - dt.timedelta(days=20))
    does(group, bo, "order_paid", order_id="a", amount=5)
    catch_up()
    assert kept(community) == {ann: ("quiet", "potential"), bo: ("new", "first")}
    merge = merges.merge(workspace, actor=SYSTEM, kept_id=ann, absorbed_id=bo)
    catch_up()
    assert kept(community) == counted(community) == mirrored(community) == {ann: ("active", "first")}
    assert set(MemberRFM.objects.in_workspace(workspace).values_list("member_id", flat=True)) <= {ann}
    merges.undo(workspace, actor=SYSTEM, merge_id=merge.pk)
    catch_up()
    assert kept(community) == counted(community) == mirrored(community) == {ann: ("quiet", "potential"), bo: ("new", "first")}
    profiles.change(workspace, actor=SYSTEM, member_id=bo, is_bot=True)
    catch_up()
    assert kept(community) == counted(community) == mirrored(community) == {ann: ("quiet", "potential")}
    profiles.change(workspace, actor=SYSTEM, member_id=bo, is_bot=False)
    catch_up()
    assert kept(community) == counted(community) == {ann: ("quiet", "potential"), bo: ("new", "first")}


def test_days_are_the_communitys(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    """In Berlin midnight of the 30th comes an hour earlier than that of the 29th, for the clocks went forward; each day is counted once."""
    travel.move_to(dt.datetime(2026, 3, 28, 22, 59, tzinfo=dt.UTC))
    ann = person(workspace, "ann")
    does(group, ann, at=clock.now() - dt.timedelta(days=13))
    catch_up()
    days = []
    for minutes in (0, 2, 1380, 2, 1440):
        travel.shift(dt.timedelta(minutes=minutes))
        midnight()
        days.append((clock.now().strftime("%d %H:%M"), str(queries.settings(community).computed_day), kept(community)[ann][0]))
    assert days == [
        ("28 22:59", "2026-03-28", "new"), ("28 23:01", "2026-03-29", "quiet"), ("29 22:01", "2026-03-30", "quiet"),
        ("29 22:03", "2026-03-30", "quiet"), ("30 22:03", "2026-03-31", "quiet"),
    ]  # fmt: skip
    communities.change_community(workspace, actor=SYSTEM, community_id=community.pk, time_zone="Pacific/Honolulu", is_rezone_confirmed=True)
    catch_up()
    assert str(queries.settings(Community.objects.in_workspace(workspace).get(pk=community.pk)).computed_day) == "2026-03-30"
    assert len(told(workspace)) == 1


def test_flow(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    ann, bo, cat = (person(workspace, name) for name in ("ann", "bo", "cat"))
    does(group, ann, at=dt.datetime(2026, 1, 30, 12, tzinfo=dt.UTC))
    does(group, bo, at=dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC))
    does(group, bo, at=dt.datetime(2026, 2, 28, 12, tzinfo=dt.UTC))
    does(group, cat, at=NOON)
    catch_up()
    found = queries.flow(community, "activity", 3)
    assert found.days == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 1)]
    nodes = [(str(one["month"])[5:], one["stage"], one["members"]) for one in found.nodes]
    assert nodes == [
        ("01-31", "new", 1),
        ("01-31", "", 2),
        ("02-28", "active", 1),
        ("02-28", "quiet", 1),
        ("02-28", "", 1),
        ("03-01", "new", 1),
        ("03-01", "active", 1),
        ("03-01", "quiet", 1),
    ]
    links = [(str(one["month"])[5:], one["from"], one["to"], one["members"]) for one in found.links]
    assert links == [
        ("01-31", "new", "quiet", 1),
        ("01-31", "", "active", 1),
        ("01-31", "", "", 1),
        ("02-28", "active", "active", 1),
        ("02-28", "quiet", "quiet", 1),
        ("02-28", "", "new", 1),
    ]


def test_scores_are_kept_as_of_yesterday(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    members = [person(workspace, f"m{number}") for number in range(5)]
    for number, member in enumerate(members):
        for order in range(number + 1):
            does(group, member, "order_paid", at=NOON - dt.timedelta(days=10 - number), order_id=f"{number}{order}", amount=10 + number)
    does(group, members[0], "order_paid", order_id="today", amount=9)
    catch_up()
    rows = MemberRFM.objects.in_workspace(workspace).filter(community=community)
    expected = {member: (number + 1, number + 1, number + 1) for number, member in enumerate(members)}
    assert {row.member_id: (row.recency, row.frequency, row.monetary) for row in rows} == expected
    cycle = queries.settings(community)
    assert (cycle.rfm_day, cycle.rfm_basis) == (dt.date(2026, 2, 28), "orders")
    assert set(rfm.in_cells(workspace, f"{community.pk}:5-5").values_list("member_id", flat=True)) == {members[4]}
    assert set(rfm.in_cells(workspace, f"{community.pk}:hibernating").values_list("member_id", flat=True)) == {members[1]}
    keys = [f"rfm.recency.{community.pk}", f"score:rfm.monetary.{community.pk}", queries.key("purchase", community.pk), "city"]
    assert queries.values(workspace.pk, keys, members[:1]) == {
        members[0]: {f"rfm.recency.{community.pk}": 1, f"score:rfm.monetary.{community.pk}": 1, queries.key("purchase", community.pk): "repeat"}
    }
    told_of = projection.value_rows(str(workspace.pk), rfm_actions.keys(community.pk)[0], [str(members[3])])
    assert told_of == [
        {"workspace_id": str(workspace.pk), "key": f"score:rfm.recency.{community.pk}", "member_id": str(members[3]), "is_deleted": 0, "number": 4}
    ]
    travel.shift(dt.timedelta(days=1))
    midnight()
    rows = MemberRFM.objects.in_workspace(workspace).filter(community=community)
    assert {row.member_id: row.recency for row in rows} == {members[0]: 5, members[1]: 1, members[2]: 2, members[3]: 3, members[4]: 4}
    mirrors = warehouse.rows(
        "SELECT member_id, toInt32(number) FROM member_values FINAL WHERE workspace_id = {w:UUID} AND key = {k:String}",
        {"w": str(workspace.pk), "k": f"score:rfm.recency.{community.pk}"},
    )
    assert dict(mirrors) == {row.member_id: row.recency for row in rows}  # type: ignore[arg-type]


def test_over_http(api: Api, other_api: Api, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    ann, bo = person(api.workspace, "ann"), person(api.workspace, "bo")
    does(group, ann)
    does(group, bo, "order_paid", at=NOON - dt.timedelta(days=20), order_id="a", amount=1200)
    catch_up()
    own = {"community_id": str(community.pk)}
    body = api.get("/life-cycle", **own).json()
    assert {stage["stage"]: (stage["members"], stage["before"]) for kind in body["kinds"].values() for stage in kind} == {
        "new": (1, 0), "returned": (0, 0), "active": (0, 0), "quiet": (1, 0), "lapsed": (0, 0),
        "high_value": (1, 0), "repeat": (0, 0), "first": (0, 0), "potential": (1, 0),
    }  # fmt: skip
    assert (body["state"], body["members"], body["computed_day"], body["before_day"]) == ("ready", 2, "2026-03-01", "2026-01-30")
    assert body["thresholds"] == body["defaults"]
    assert body["kinds"]["activity"][2]["meaning"] == {"zh": "最近 14 天内活跃。", "en": "Active within the last 14 days."}
    refused = api.put("/life-cycle", own | {"thresholds": {"lapsed_days": 14}})
    assert (refused.status_code, [one["field"] for one in refused.json()["errors"]]) == (422, ["lapsed_days"])
    moves = api.post("/life-cycle/preview", own | {"thresholds": {"active_days": 30}}).json()
    assert moves == {"moves": [{"kind": "activity", "from": "quiet", "to": "active", "members": 1}], "members": 1}
    changed = api.put("/life-cycle", own | {"thresholds": {"active_days": 30}}).json()
    assert (changed["state"], changed["thresholds"]["active_days"], changed["kinds"]["activity"][2]["members"]) == ("counting", 30, 0)
    catch_up()
    body = api.get("/life-cycle", **own).json()
    assert (body["state"], body["kinds"]["activity"][2]["members"], body["changed_by_name"]) == ("ready", 1, "test")
    flow = api.get("/life-cycle/flow", **own, kind="purchase", months=2).json()
    assert flow["links"] == [
        {"month": "2026-02-28", "from": "high_value", "to": "high_value", "members": 1},
        {"month": "2026-02-28", "from": "", "to": "potential", "members": 1},
    ]
    assert api.get("/life-cycle/flow", **own, months=25).status_code == 422
    assert [one["name"] for one in api.get("/members", among=f"stage:{community.pk}:activity:new").json()["items"]] == ["ann"]
    assert [one["name"] for one in api.get("/members", among=f"rfm:{community.pk}:5-1").json()["items"]] == ["bo"]
    assert api.get("/members", among=f"stage:{community.pk}:activity:gone").status_code == 422
    assert api.get("/members", among=f"rfm:{community.pk}:6-1").status_code == 422
    assert api.get("/members", among="stage:x:activity:new").status_code == 404
    assert other_api.get("/life-cycle", **own).status_code == 404
    assert other_api.get("/members", among=f"rfm:{community.pk}:new").status_code == 404

    found = api.get("/rfm", **own).json()
    assert (found["date"], found["basis"], found["is_kept"], found["members"], len(found["cells"]), len(found["bands"])) == (
        "2026-02-28",
        "orders",
        True,
        1,
        25,
        11,
    )
    assert [cell for cell in found["cells"] if cell["members"]] == [
        {"r": 5, "f": 1, "band": "new", "members": 1, "monetary": 1200.0, "monetary_average": 1200.0}
    ]
    assert found["edges"]["recency"] == [{"score": 5, "from": "2026-02-09", "to": "2026-02-09"}]
    by_activity = api.get("/rfm", **own, basis="activity", date="2026-03-01").json()
    assert (by_activity["members"], by_activity["is_kept"]) == (2, False)
    assert api.get("/rfm", **own, date="2026-03-02").status_code == 422
    bands = api.get("/rfm/bands", **own).json()
    assert bands["is_default"]
    cells = bands["cells"] | {"5-1": "champions"}
    changed_bands = api.put("/rfm/bands", own | {"names": {"champions": {"zh": "铁杆", "en": "Fans"}}, "cells": cells}).json()
    assert (changed_bands["is_default"], changed_bands["bands"][0]["zh"], changed_bands["cells"]["5-1"]) == (False, "铁杆", "champions")
    assert [one["name"] for one in api.get("/members", among=f"rfm:{community.pk}:champions").json()["items"]] == ["bo"]
    reset = {"names": bands["default_names"], "cells": bands["default_cells"]}
    assert api.put("/rfm/bands", own | reset).json()["is_default"]
    assert api.put("/rfm/bands", own | {"cells": {}}).status_code == 422
    assert msgspec.json.decode(api.get("/rfm", **own).content)["bands"][0]["members"] == 0


def test_conditions_know_stages_and_scores(api: Api, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    """A live segment follows a stage as it follows an attribute, and a score on the next day; the member's page says both."""
    workspace = api.workspace
    ann, bo = person(workspace, "ann"), person(workspace, "bo")
    does(group, ann, at=NOON - dt.timedelta(days=20))
    does(group, bo, "order_paid", at=NOON - dt.timedelta(days=1), order_id="a", amount=5)
    catch_up()
    key, score = queries.key("activity", community.pk), f"rfm.recency.{community.pk}"
    vocabulary = api.get("/conditions/vocabulary").json()
    (attribute,) = [one for one in vocabulary["attributes"] if one["key"] == key]
    assert (attribute["zh"], attribute["type"], attribute["options"]) == (
        "活跃阶段（胡同读书会）",
        "text",
        ["new", "returned", "active", "quiet", "lapsed"],
    )
    assert [one["en"] for one in vocabulary["scores"] if one["name"] == score] == ["RFM recency score (胡同读书会)"]
    conditions = [{"kind": "attribute", "key": key, "op": "is", "value": "quiet"}, {"kind": "score", "score": score, "op": "at_least", "value": 5}]
    made = [segments.create(workspace, actor=SYSTEM, name=str(number), condition=one) for number, one in enumerate(conditions)]
    catch_up()
    assert [inside(one) for one in made] == [{ann}, {bo}]
    does(group, ann)
    does(group, ann, "order_paid", order_id="b", amount=7)
    catch_up()
    catch_up()
    assert [inside(one) for one in made] == [set(), {bo}]
    travel.shift(dt.timedelta(days=1))
    midnight()
    catch_up()
    assert [inside(one) for one in made] == [set(), {ann}]
    belonging = api.get(f"/members/{ann}/belonging").json()
    assert [(one["kind"], one["stage"], one["since"]) for one in belonging["stages"]] == [
        ("activity", "active", "2026-03-01"),
        ("purchase", "first", "2026-03-01"),
    ]
    assert [(one["recency"], one["frequency"], one["monetary"], one["band"]) for one in belonging["rfm"]] == [(5, 1, 3, "new")]
    assert [one["name"] for one in belonging["segments"]] == ["1"]


def inside(segment: Segment) -> set[uuid.UUID]:
    return set(SegmentMember.objects.in_workspace(segment.workspace_id).filter(segment=segment).values_list("member_id", flat=True))
