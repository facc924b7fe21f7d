"""Live segments: whoever does something is asked again; a full count says the same; only what happens now is told of."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine

from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.events.models import DeadEvent
from hutong.foundation import clock, stream
from hutong.foundation.jobs.models import Job
from hutong.foundation.stream import Fact
from hutong.members.actions import attributes, identities, merges, profiles
from hutong.members.actions.identities import Seen
from hutong.segments import live, turning
from hutong.segments.actions import segments
from hutong.segments.errors import SegmentInUse
from hutong.segments.models import Segment, SegmentDay, SegmentMember, SegmentVersion
from hutong.segments.work import building
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests import mirrors

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 6, 10, 4, 0, tzinfo=dt.UTC)  # noon in Shanghai
SPOKE = {"kind": "event", "event": "message_sent", "op": "at_least", "value": 2, "window": {"kind": "last_days", "days": 7}}
SILENT = {"kind": "event", "event": "message_sent", "op": "exactly", "value": 0, "window": {"kind": "last_days", "days": 3}}
CITY = {"kind": "attribute", "key": "city", "op": "is", "value": "北京"}


def person(workspace: Workspace, name: str, **given: Any) -> uuid.UUID:
    return profiles.create(workspace, actor=SYSTEM, name=name, identities=[("qq", name)], given=given).pk


def says(group: Group, member_id: uuid.UUID, at: dt.datetime | None = None) -> None:
    stream.record(
        Fact(
            workspace_id=group.workspace_id, name="message_sent", member_id=member_id, community_id=group.community_id, group_id=group.pk, channel="qq",
            occurred_at=at or clock.now(), text="在吗",
        )
    )  # fmt: skip


def make(workspace: Workspace, name: str, condition: Any) -> Segment:
    made = segments.create(workspace, actor=SYSTEM, name=name, condition=condition)
    count(made)
    return made


def count(segment: Segment, because: str = "edit") -> None:
    """What the job does."""
    subscribers.drain()
    building.perform(segment.pk, because=because, asked_ms=clock.now_ms() + 1)
    subscribers.drain()


def inside(segment: Segment) -> set[uuid.UUID]:
    found = set(SegmentMember.objects.in_workspace(segment.workspace_id).filter(segment=segment).values_list("member_id", flat=True))
    segment.refresh_from_db()
    assert segment.members_count == len(found)
    return found


def told(workspace: Workspace) -> list[tuple[str, str]]:
    from hutong.events import queries

    subscribers.drain()
    rows = queries.rows(
        "SELECT name, toString(member_id) FROM events WHERE workspace_id = {w:UUID} AND name LIKE 'segment_%' ORDER BY occurred_at, id",
        {"w": str(workspace.pk)},
    )
    return [(name, member_id) for name, member_id in rows]


def test_an_event_moves_a_member_in(workspace: Workspace, group: Group) -> None:
    with time_machine.travel(NOON, tick=False):
        ann, bo = person(workspace, "ann"), person(workspace, "bo")
        says(group, ann)
        spoke = make(workspace, "话多", SPOKE)
        assert (inside(spoke), spoke.state, spoke.built_version) == (set(), "ready", 1)
        says(group, ann)
        says(group, bo)
        subscribers.drain()
        assert inside(spoke) == {ann}
        assert told(workspace) == [("segment_entered", str(ann))]
        says(group, bo)
        says(group, ann)
        subscribers.drain()
        assert inside(spoke) == {ann, bo}
        assert told(workspace) == [("segment_entered", str(ann)), ("segment_entered", str(bo))]
        day = SegmentDay.objects.in_workspace(workspace).get(segment=spoke)
        assert (day.day, day.members, day.entered, day.left) == (dt.date(2026, 6, 10), 2, 2, 0)
        count(spoke)
        assert inside(spoke) == {ann, bo}
        mirrors.check_segments(workspace)


def test_attributes_tags_and_other_segments(workspace: Workspace, group: Group) -> None:
    with time_machine.travel(NOON, tick=False):
        ann, bo = person(workspace, "ann"), person(workspace, "bo", city="北京")
        spoke = make(workspace, "话多", SPOKE)
        here = make(workspace, "北京", CITY)
        both = make(
            workspace, "都是", {"kind": "all", "of": [{"kind": "segment", "segment": str(spoke.pk)}, {"kind": "segment", "segment": str(here.pk)}]}
        )
        neither = make(workspace, "都不是", {"kind": "not", "of": {"kind": "any", "of": [SPOKE, CITY]}})
        assert [inside(one) for one in (spoke, here, both, neither)] == [set(), {bo}, set(), {ann}]
        for _ in range(2):
            says(group, bo)
        attributes.set_value(workspace, actor=SYSTEM, member_id=ann, key="city", value="北京")
        subscribers.drain()
        assert [inside(one) for one in (spoke, here, both, neither)] == [{bo}, {ann, bo}, {bo}, set()]
        attributes.clear_value(workspace, actor=SYSTEM, member_id=bo, key="city")
        subscribers.drain()
        assert [inside(one) for one in (spoke, here, both, neither)] == [{bo}, {ann}, set(), set()]
        cat = person(workspace, "cat")
        subscribers.drain()
        assert inside(neither) == {cat}
        for one in (spoke, here, both, neither):
            before = inside(one)
            count(one, "check")
            assert inside(one) == before
        mirrors.check_segments(workspace)


def test_time_alone_moves_members_and_is_told(workspace: Workspace, group: Group) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        ann = person(workspace, "ann")
        says(group, ann)
        silent = make(workspace, "安静", SILENT)
        assert inside(silent) == set()
        turning.forget()
        for days in range(1, 4):
            travel.shift(dt.timedelta(days=1))
            turning.look()
            count(silent, "time")
            assert inside(silent) == ({ann} if days == 3 else set())
        assert told(workspace) == [("segment_entered", str(ann))]
        says(group, ann)
        subscribers.drain()
        assert inside(silent) == set()
        assert told(workspace) == [("segment_entered", str(ann)), ("segment_left", str(ann))]
        assert list(SegmentDay.objects.in_workspace(workspace).order_by("day").values_list("day", "members", "entered", "left")) == [
            (dt.date(2026, 6, 10), 0, 0, 0), (dt.date(2026, 6, 11), 0, 0, 0), (dt.date(2026, 6, 12), 0, 0, 0), (dt.date(2026, 6, 13), 0, 1, 1),
        ]  # fmt: skip


def test_the_turn_of_the_day_asks_once(workspace: Workspace) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        silent = make(workspace, "安静", SILENT)
        Job.objects.all().delete()
        turning.forget()
        turning.look()
        assert Job.objects.count() == 0
        travel.move_to(dt.datetime(2026, 6, 10, 15, 59, 59, tzinfo=dt.UTC))
        turning.look()
        assert Job.objects.count() == 0
        travel.move_to(dt.datetime(2026, 6, 10, 16, 0, 0, tzinfo=dt.UTC))  # midnight in Shanghai
        turning.look()
        turning.look()
        (job,) = Job.objects.all()
        assert job.dedupe_key == f"segment.build:{silent.pk}:time:{clock.now_ms()}"


def test_history_and_definitions_tell_nobody(workspace: Workspace, community: Community, group: Group) -> None:
    with time_machine.travel(NOON, tick=False):
        ann = person(workspace, "ann")
        for _ in range(2):
            says(group, ann)
        spoke = make(workspace, "话多", SPOKE)
        assert inside(spoke) == {ann}
        found = identities.recognise(workspace.pk, [Seen("irc", "old", "old", clock.now_ms() - 9 * 86_400_000)])["irc", "old"]
        quiet = make(workspace, "安静", SILENT)
        assert inside(quiet) == {found.member_id}
        segments.change(workspace, actor=SYSTEM, segment_id=spoke.pk, condition=SPOKE | {"value": 3})
        count(spoke)
        assert (inside(spoke), spoke.version, spoke.built_version) == (set(), 2, 2)
        assert told(workspace) == []
        assert list(SegmentVersion.objects.in_workspace(workspace).filter(segment=spoke).order_by("version").values_list("version", "members_count")) == [
            (1, 1), (2, 0),
        ]  # fmt: skip


def test_a_merge_moves_the_member(workspace: Workspace, group: Group) -> None:
    with time_machine.travel(NOON, tick=False):
        ann, bo = person(workspace, "ann"), person(workspace, "bo")
        spoke = make(workspace, "话多", SPOKE)
        says(group, ann)
        says(group, bo)
        subscribers.drain()
        assert inside(spoke) == set()
        done = merges.merge(workspace, actor=SYSTEM, kept_id=ann, absorbed_id=bo)
        subscribers.drain()
        assert inside(spoke) == {ann}
        merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
        subscribers.drain()
        assert inside(spoke) == set()


def test_a_missing_attribute_makes_it_stale_and_keeps_its_members(workspace: Workspace) -> None:
    with time_machine.travel(NOON, tick=False):
        attributes.define(workspace, actor=SYSTEM, key="skin", name_zh="肤质", name_en="Skin", kind="text")
        ann = person(workspace, "ann", skin="干")
        dry = make(workspace, "干皮", {"kind": "attribute", "key": "skin", "op": "is", "value": "干"})
        assert inside(dry) == {ann}
        attributes.remove(workspace, actor=SYSTEM, key="skin")
        subscribers.drain()
        count(dry, "check")
        assert (inside(dry), dry.state) == ({ann}, "stale")
        assert dry.problems == [{"field": "/key", "message": {"zh": "没有“skin”这个属性。", "en": "There is no attribute “skin”."}}]


def test_who_is_asked_while_all_are_counted_keeps_the_newer_answer(workspace: Workspace, group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(NOON, tick=False):
        ann = person(workspace, "ann")
        says(group, ann)
        spoke = make(workspace, "话多", SPOKE)
        present = building._present

        def meanwhile(row: Segment) -> set[str]:
            found = present(row)
            says(group, ann)
            subscribers.drain()
            return found

        monkeypatch.setattr(building, "_present", meanwhile)
        building.perform(spoke.pk, because="history", asked_ms=clock.now_ms() + 1)
        assert inside(spoke) == {ann}
        assert not DeadEvent.objects.exists()


def test_one_in_use_stays(workspace: Workspace) -> None:
    with time_machine.travel(NOON, tick=False):
        here = make(workspace, "北京", CITY)
        make(workspace, "不在北京", {"kind": "not", "of": {"kind": "segment", "segment": str(here.pk)}})
        with pytest.raises(SegmentInUse) as caught:
            segments.remove(workspace, actor=SYSTEM, segment_id=here.pk)
        assert [one["name"] for one in caught.value.params["uses"]] == ["不在北京"]
        assert Segment.objects.in_workspace(workspace).count() == 2


def test_a_flood_is_counted_in_full(workspace: Workspace, group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a list of members comes in: nobody is asked one by one but those who did something."""
    with time_machine.travel(NOON, tick=False):
        here = make(workspace, "北京", CITY)
        spoke = make(workspace, "话多", SPOKE)
        Job.objects.all().delete()
        monkeypatch.setattr(live, "FLOOD", 3)
        found = [person(workspace, f"m{number}", city="北京") for number in range(5)]
        for _ in range(2):
            says(group, found[0])
        subscribers.drain()
        assert (inside(here), inside(spoke)) == ({found[0]}, {found[0]})
        assert sorted(Job.objects.filter(task__contains="build").values_list("args", flat=True)) == sorted(
            [[str(one.pk), "history", clock.now_ms()] for one in (here, spoke)]
        )
        count(here, "history")
        assert inside(here) == set(found)
        assert told(workspace) == [("segment_entered", str(found[0]))] * 2
