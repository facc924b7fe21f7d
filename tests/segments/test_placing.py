"""Members of static segments while they are merged and set apart: each shows where they, or somebody merged into them, were put."""

from __future__ import annotations

import datetime as dt
import importlib
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.events import subscribers
from hutong.foundation import clock
from hutong.members.actions import merges, origins
from hutong.members.models import Member, Merge
from hutong.segments.actions import placing, segments, tag_kinds
from hutong.segments.models import MemberTag, PlacedMember, Segment, SegmentDay, SegmentMember
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests import mirrors
from tests.segments.test_live import NOON, inside, person, told

pytestmark = pytest.mark.django_db


def listed(workspace: Workspace, name: str, *member_ids: uuid.UUID) -> Segment:
    return segments.create(workspace, actor=SYSTEM, name=name, member_ids=member_ids)


def merge(workspace: Workspace, kept: uuid.UUID, absorbed: uuid.UUID) -> uuid.UUID:
    done = merges.merge(workspace, actor=SYSTEM, kept_id=kept, absorbed_id=absorbed).pk
    subscribers.drain()
    return done


def undo(workspace: Workspace, merge_id: uuid.UUID) -> None:
    merges.undo(workspace, actor=SYSTEM, merge_id=merge_id)
    subscribers.drain()


def facts(workspace: Workspace, names: dict[uuid.UUID, str]) -> list[tuple[str, str]]:
    return [(name.removeprefix("segment_"), names[uuid.UUID(member_id)]) for name, member_id in told(workspace)]


def test_a_merge_shows_the_member_kept_and_its_undoing_takes_them_out(workspace: Workspace) -> None:
    with time_machine.travel(NOON, tick=False) as now:
        ann, bo = person(workspace, "ann"), person(workspace, "bo")
        names = {ann: "ann", bo: "bo"}
        fixed = listed(workspace, "名单", bo)
        expected = [("entered", "bo")]
        for _ in range(2):
            now.shift(60)
            done = merge(workspace, ann, bo)
            assert inside(fixed) == {ann}
            assert SegmentMember.objects.in_workspace(workspace).get().entered_at == NOON  # since the first of them was put in
            now.shift(60)
            undo(workspace, done)
            assert inside(fixed) == {bo}
            assert SegmentMember.objects.in_workspace(workspace).get().entered_at == NOON
            mirrors.check_segments(workspace)
            expected += [("entered", "ann"), ("left", "ann")]
        assert facts(workspace, names) == expected
        # One came and went each time, as with live segments.
        day = SegmentDay.objects.in_workspace(workspace).get(segment=fixed)
        assert (day.members, day.entered, day.left) == (1, 5, 4)


@pytest.mark.parametrize("is_first_undone_first", [True, False])
def test_two_merges_undone_in_both_orders_twice(workspace: Workspace, is_first_undone_first: bool) -> None:
    with time_machine.travel(NOON, tick=False) as now:
        ann, bo, chen = (person(workspace, name) for name in ("ann", "bo", "chen"))
        both, only = listed(workspace, "两位", bo, chen), listed(workspace, "一位", chen)
        for _ in range(2):
            now.shift(60)
            done = [merge(workspace, bo, chen)]
            assert (inside(both), inside(only)) == ({bo}, {bo})
            now.shift(60)
            done.append(merge(workspace, ann, bo))
            assert (inside(both), inside(only)) == ({ann}, {ann})
            now.shift(60)
            undo(workspace, done.pop(0 if is_first_undone_first else 1))
            between = ({ann, chen}, {chen}) if is_first_undone_first else ({bo}, {bo})
            assert (inside(both), inside(only)) == between
            now.shift(60)
            undo(workspace, done.pop())
            assert (inside(both), inside(only)) == ({bo, chen}, {chen})
            mirrors.check_segments(workspace)


def test_whoever_is_in_by_their_own_right_stays(workspace: Workspace) -> None:
    ann, bo = person(workspace, "ann"), person(workspace, "bo")
    before, after, out = listed(workspace, "先在", ann, bo), listed(workspace, "后放", bo), listed(workspace, "拿出", ann, bo)
    for _ in range(2):
        done = merge(workspace, ann, bo)
        assert segments.put_in(workspace, actor=SYSTEM, segment_id=after.pk, member_ids=[ann]) == 0
        assert segments.take_out(workspace, actor=SYSTEM, segment_id=out.pk, member_ids=[bo]) == 0  # nobody is that any more
        assert (inside(before), inside(after), inside(out)) == ({ann}, {ann}, {ann})
        assert segments.take_out(workspace, actor=SYSTEM, segment_id=out.pk, member_ids=[ann]) == 1
        assert inside(out) == set()
        undo(workspace, done)
        assert (inside(before), inside(after), inside(out)) == ({ann, bo}, {ann, bo}, set())
        segments.put_in(workspace, actor=SYSTEM, segment_id=out.pk, member_ids=[ann, bo])
        segments.take_out(workspace, actor=SYSTEM, segment_id=after.pk, member_ids=[ann])
    mirrors.check_segments(workspace)


def test_what_rests_on_the_segment_follows(workspace: Workspace) -> None:
    ann, bo = person(workspace, "ann"), person(workspace, "bo")
    fixed = listed(workspace, "名单", bo)
    mark = tag_kinds.create(workspace, actor=SYSTEM, name="在名单里", segment_id=fixed.pk)
    resting = segments.create(workspace, actor=SYSTEM, name="其中", condition={"kind": "segment", "segment": str(fixed.pk)})
    subscribers.drain()

    def tagged() -> set[tuple[uuid.UUID, uuid.UUID]]:
        return set(MemberTag.objects.in_workspace(workspace).filter(tag=mark).values_list("member_id", "origin_id"))

    done = merge(workspace, ann, bo)
    assert (inside(resting), tagged()) == ({ann}, {(ann, ann)})
    copied = segments.copy(workspace, actor=SYSTEM, segment_id=fixed.pk)
    undo(workspace, done)
    assert (inside(resting), tagged()) == ({bo}, {(bo, bo)})
    assert inside(copied) == {ann}
    mirrors.check(workspace)
    mirrors.check_segments(workspace)
    segments.remove(workspace, actor=SYSTEM, segment_id=copied.pk)
    assert set(PlacedMember.objects.in_workspace(workspace).values_list("segment_id", "member_id")) == {(fixed.pk, bo)}


def test_a_copy_made_before_the_merge_is_read_has_whom_it_shows(workspace: Workspace) -> None:
    ann, bo = person(workspace, "ann"), person(workspace, "bo")
    fixed = listed(workspace, "名单", bo)
    merges.merge(workspace, actor=SYSTEM, kept_id=ann, absorbed_id=bo)
    copied = segments.copy(workspace, actor=SYSTEM, segment_id=fixed.pk)
    subscribers.drain()
    assert (inside(fixed), inside(copied)) == ({ann}, {ann})


NAMES = ("ann", "bo", "chen", "dai")
LISTS = ("一", "二")
step = st.one_of(
    st.tuples(st.sampled_from(["put", "take"]), st.sampled_from(NAMES), st.sampled_from(LISTS)),
    st.tuples(st.just("merge"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("read")),
)


class Undone(Exception):
    """Leaves a transaction."""


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, max_size=20))
def test_whatever_is_merged_and_undone_each_is_where_a_naive_model_says(workspace: Workspace, steps: list[tuple[Any, ...]]) -> None:
    try:
        with transaction.atomic():
            live(workspace, steps)
            raise Undone
    except Undone:
        pass


def live(workspace: Workspace, steps: list[tuple[Any, ...]]) -> None:
    """The naive model: the lists each person was put on; whoever shows is on those of everybody under them."""
    moment = clock.now()
    by_name = {name: Member.objects.create(workspace=workspace, name=name, first_seen_at=moment, last_seen_at=moment).pk for name in NAMES}
    known = {name: listed(workspace, name) for name in LISTS}
    own: set[tuple[str, uuid.UUID]] = set()
    open_merges: list[Merge] = []
    unread: list[tuple[uuid.UUID, list[uuid.UUID]]] = []  # as the log has them: who is spoken of, who moved
    for one in [*steps, *[("undo", 0)] * len(steps), ("read",)]:
        if one[0] == "merge":
            kept, absorbed = (origins.root(workspace.pk, by_name[name]) for name in one[1:])
            if kept != absorbed:
                unread.append((kept, origins.subtree(workspace.pk, absorbed)))
                open_merges.append(merges.merge(workspace, actor=SYSTEM, kept_id=kept, absorbed_id=absorbed))
        elif one[0] == "undo" and open_merges:
            found = open_merges.pop(one[1] % len(open_merges))
            unread.append((origins.root(workspace.pk, found.absorbed_id), origins.subtree(workspace.pk, found.absorbed_id)))
            merges.undo(workspace, actor=SYSTEM, merge_id=found.pk)
        elif one[0] in ("put", "take"):
            shown = origins.root(workspace.pk, by_name[one[1]])
            act = segments.put_in if one[0] == "put" else segments.take_out
            act(workspace, actor=SYSTEM, segment_id=known[one[2]].pk, member_ids=[shown])
            some = {(one[2], shown)} if one[0] == "put" else {(one[2], member_id) for member_id in origins.subtree(workspace.pk, shown)}
            own = own | some if one[0] == "put" else own - some
        elif one[0] == "read":
            for spoken_of, moved in unread:
                placing.follow_merges(workspace.pk, [spoken_of, *moved], told={spoken_of})
            unread.clear()
            there = SegmentMember.objects.in_workspace(workspace).values_list("segment__name", "member_id")
            assert set(there) == {(name, origins.root(workspace.pk, member_id)) for name, member_id in own}
        placed = PlacedMember.objects.in_workspace(workspace).values_list("segment__name", "member_id")
        assert set(placed) == own
        for segment in known.values():
            inside(segment)


def test_an_older_store_learns_who_was_put_in(workspace: Workspace) -> None:
    """As it was kept before: whoever was merged away stayed in the segment, and the merge put in the member kept."""
    hour = dt.timedelta(hours=1)
    with time_machine.travel(NOON, tick=False) as now:
        ann, bo, chen, dai = (person(workspace, name) for name in ("ann", "bo", "chen", "dai"))
        now.move_to(NOON + hour)
        for kept, absorbed in ((ann, bo), (chen, dai)):
            merges.merge(workspace, actor=SYSTEM, kept_id=kept, absorbed_id=absorbed)
        fixed = listed(workspace, "名单")
    rows = [(ann, hour), (bo, -hour), (chen, -hour), (dai, -hour)]
    SegmentMember.objects.bulk_create(SegmentMember(workspace=workspace, segment=fixed, member_id=one, entered_at=NOON + at) for one, at in rows)
    Segment.objects.in_workspace(workspace).update(members_count=4)
    older = MigrationLoader(connection).project_state(("segments", "0005_placed_members")).apps
    importlib.import_module("hutong.segments.migrations.0005_placed_members").place(older, connection.schema_editor())
    assert inside(fixed) == {ann, chen}
    placed = PlacedMember.objects.in_workspace(workspace).values_list("member_id", "placed_at")
    assert set(placed) == {(one, NOON - hour) for one in (bo, chen, dai)}
