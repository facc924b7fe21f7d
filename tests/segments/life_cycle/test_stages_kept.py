"""Stages counted daily and followed live: the same either way, each transition told once."""

from __future__ import annotations

import datetime as dt
import random
import uuid

import pytest
import time_machine

from hutong.communities import actions as communities
from hutong.communities.models import Community, Group
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.actions import merges, profiles
from hutong.members.models import Member
from hutong.segments import stages
from hutong.segments.actions import life_cycle as actions
from hutong.segments.models import MemberRFM, MemberStage
from hutong.segments.queries import life_cycle as queries
from hutong.segments.stages import Thresholds
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.segments.life_cycle.living import NOON, catch_up, counted, does, kept, midnight, mirrored, person, told

pytestmark = pytest.mark.django_db


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
