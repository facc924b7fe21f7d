"""Merging two members and taking it back, in any order, with life going on meanwhile."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.communities.models import Community, Group
from hutong.foundation.errors import NotFound
from hutong.members.actions import attributes, merges, origins
from hutong.members.errors import AlreadyMerged, AlreadyUndone, MemberGone, SameMember
from hutong.members.models import AttributeValue, Identity, Member, Merge, OriginState
from hutong.workspaces.access import SYSTEM, Actor
from hutong.workspaces.models import AuditEntry, Workspace
from tests.members.conftest import Recorded
from tests.members.world import START_MS, does, dump, projected, see, stays_of, stored

pytestmark = pytest.mark.django_db
PEOPLE = ("ann", "bo", "chen", "dai", "eva")


@pytest.fixture
def second(community: Community) -> Group:
    return Group.objects.create(workspace=community.workspace, community=community, name="二群", channel="irc")


def merge(workspace: Workspace, kept: uuid.UUID, absorbed: uuid.UUID) -> Merge:
    return merges.merge(workspace, actor=SYSTEM, kept_id=kept, absorbed_id=absorbed, reason="同一个人")


def member(workspace: Workspace, pk: uuid.UUID) -> Member:
    return Member.objects.in_workspace(workspace).get(pk=pk)


def test_a_merge_moves_everything_to_the_member_kept(workspace: Workspace, group: Group, recorded: Recorded) -> None:
    ann, bo = see(workspace, "ann", "bo")
    does(group, "ann", "member_joined", START_MS + 1_000)
    does(group, "ann", "member_left", START_MS + 5_000)
    does(group, "bo", "message_sent", START_MS + 4_000)
    does(group, "bo", "message_sent", START_MS + 9_000)
    recorded.clear()
    done = merge(workspace, ann, bo)
    assert stays_of(ann, group) == [(START_MS + 1_000, None)]
    assert stays_of(bo, group) == []
    kept = member(workspace, ann)
    assert (kept.messages, kept.left_at, kept.merged_into_id) == (2, None, None)
    assert member(workspace, bo).merged_into_id == ann
    owners = Identity.objects.in_workspace(workspace).order_by("external_id").values_list("external_id", "member_id", "origin_id")
    assert list(owners) == [("ann", ann, ann), ("bo", ann, bo)]
    (told,) = recorded.facts("members_merged")
    assert (told.member_id, told.properties) == (ann, {"absorbed_id": str(bo), "origin_ids": str(bo)})
    assert (done.snapshot["kept"]["name"], done.snapshot["absorbed"]["messages"]) == ("ann", 2)
    (entry,) = AuditEntry.objects.in_workspace(workspace)
    assert (entry.action, entry.target_id, entry.details["absorbed_id"]) == ("member.merge", str(ann), str(bo))


def test_undoing_gives_back_every_row_with_its_id(workspace: Workspace, group: Group, second: Group, recorded: Recorded) -> None:
    ann, bo = see(workspace, "ann", "bo")
    for at, who, what, where in (
        (1, "ann", "message_sent", group), (2, "bo", "member_joined", group), (3, "bo", "member_left", group),
        (4, "bo", "message_sent", second), (5, "ann", "member_left", group), (6, "bo", "reaction_added", group),
    ):  # fmt: skip
        does(where, who, what, START_MS + at * 1_000)
    attributes.set_value(workspace, actor=SYSTEM, member_id=ann, key="city", value="北京")
    attributes.set_value(workspace, actor=SYSTEM, member_id=bo, key="city", value="上海")
    attributes.set_value(workspace, actor=SYSTEM, member_id=bo, key="company", value="胡同书店")
    before = dump(workspace, with_ids=True)
    done = merge(workspace, ann, bo)
    values = AttributeValue.objects.in_workspace(workspace).filter(member_id=ann).order_by("attribute__key")
    assert list(values.values_list("attribute__key", "value")) == [("city", "北京"), ("company", "胡同书店")]
    assert {one["key"]: one["value"] for one in done.snapshot["absorbed"]["attributes"]} == {"city": "上海", "company": "胡同书店"}
    recorded.clear()
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    assert dump(workspace, with_ids=True) == before
    assert OriginState.objects.in_workspace(workspace).count() == 0
    (told,) = recorded.facts("members_unmerged")
    assert (told.member_id, told.properties) == (ann, {"restored_id": str(bo), "origin_ids": str(bo)})


def test_facts_seen_after_the_merge_stay_with_the_origin_of_their_identity(workspace: Workspace, group: Group, recorded: Recorded) -> None:
    ann, bo = see(workspace, "ann", "bo")
    does(group, "ann", "message_sent", START_MS + 1_000)
    done = merge(workspace, ann, bo)
    does(group, "bo", "message_sent", START_MS + 2_000)
    does(group, "bo", "message_sent", START_MS + 3_000)
    does(group, "ann", "member_left", START_MS + 4_000)
    assert member(workspace, ann).messages == 3
    assert stays_of(ann, group) == [(START_MS + 1_000, None)]
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    assert (member(workspace, ann).messages, member(workspace, bo).messages) == (1, 2)
    assert stays_of(ann, group) == [(START_MS + 1_000, START_MS + 4_000)]
    assert stays_of(bo, group) == [(START_MS + 2_000, None)]
    assert projected(recorded) == stored(workspace)


def test_refusals_change_nothing(workspace: Workspace, other_workspace: Workspace, group: Group, recorded: Recorded) -> None:
    ann, bo, chen = see(workspace, "ann", "bo", "chen")
    (stranger,) = see(other_workspace, "ann")
    done = merge(workspace, ann, bo)
    before, entries = dump(workspace), AuditEntry.objects.in_workspace(workspace).count()
    recorded.clear()
    for kept, absorbed, error in (
        (ann, ann, SameMember), (chen, bo, AlreadyMerged), (bo, chen, AlreadyMerged), (ann, bo, AlreadyMerged),
        (ann, stranger, NotFound), (stranger, ann, NotFound), (ann, uuid.uuid4(), NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            merge(workspace, kept, absorbed)
    with pytest.raises(NotFound):
        merges.undo(other_workspace, actor=SYSTEM, merge_id=done.pk)
    with pytest.raises(MemberGone):
        attributes.set_value(workspace, actor=SYSTEM, member_id=bo, key="city", value="北京")
    assert dump(workspace) == before
    assert (AuditEntry.objects.in_workspace(workspace).count(), list(recorded)) == (entries, [])
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    with pytest.raises(AlreadyUndone):
        merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)


def test_a_value_set_after_the_merge_beats_the_older_one_and_clearing_clears_all(workspace: Workspace, recorded: Recorded) -> None:
    ann, bo = see(workspace, "ann", "bo")
    attributes.set_value(workspace, actor=SYSTEM, member_id=ann, key="city", value="北京")
    attributes.set_value(workspace, actor=SYSTEM, member_id=bo, key="city", value="上海")
    done = merge(workspace, ann, bo)

    def city(pk: uuid.UUID) -> list[Any]:
        return list(AttributeValue.objects.in_workspace(workspace).filter(member_id=pk).values_list("value", flat=True))

    assert city(ann) == ["北京"]
    kept = attributes.take_traits(workspace.pk, member_id=bo, traits={"city": "杭州", "shoe": 42}, source="tracker:1", source_name="官网")
    assert (kept, city(ann)) == (["city"], ["杭州"])
    attributes.clear_value(workspace, actor=SYSTEM, member_id=ann, key="city")
    assert city(ann) == []
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    assert (city(ann), city(bo)) == ([], [])


def test_a_merge_below_another_can_be_undone_first(workspace: Workspace, group: Group, recorded: Recorded) -> None:
    ann, bo, chen = see(workspace, "ann", "bo", "chen")
    for at, who in enumerate(("ann", "bo", "chen")):
        does(group, who, "message_sent", START_MS + at * 1_000)
    before = dump(workspace, with_ids=True)
    lower = merge(workspace, bo, chen)
    upper = merge(workspace, ann, bo)
    assert member(workspace, ann).messages == 3
    recorded.clear()
    merges.undo(workspace, actor=SYSTEM, merge_id=lower.pk)
    assert recorded.facts("members_unmerged")[0].member_id == ann  # who shows for the member that was kept
    assert (member(workspace, ann).messages, member(workspace, chen).messages) == (2, 1)
    merges.undo(workspace, actor=SYSTEM, merge_id=upper.pk)
    assert dump(workspace, with_ids=True) == before


def test_a_group_removed_meanwhile_does_not_come_back(workspace: Workspace, group: Group, second: Group, recorded: Recorded) -> None:
    ann, bo = see(workspace, "ann", "bo")
    does(group, "bo", "message_sent", START_MS)
    does(second, "bo", "message_sent", START_MS)
    done = merge(workspace, ann, bo)
    second.delete()
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    assert stays_of(bo, group) == [(START_MS, None)]


step = st.one_of(
    st.tuples(
        st.just("does"),
        st.sampled_from(PEOPLE),
        st.sampled_from(["message_sent", "member_joined", "member_left", "reaction_added"]),
        st.integers(0, 1),
    ),
    st.tuples(st.just("merge"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("value"), st.sampled_from(PEOPLE), st.sampled_from(["北京", "上海", "广州"])),
)


class Undone(Exception):
    """Leaves a transaction."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, max_size=24))
def test_whatever_was_merged_and_undone_the_end_is_as_without_merges(
    workspace: Workspace, group: Group, second: Group, recorded: Recorded, steps: list[tuple[Any, ...]]
) -> None:
    places = (group, second)
    actor = Actor("key", uuid.UUID(int=1), "试", "owner", frozenset())
    outcomes = []
    with transaction.atomic():
        people = dict(zip(PEOPLE, see(workspace, *PEOPLE), strict=True))
        plain: list[tuple[Any, ...]] = []  # the same life without merges
        for is_merging in (True, False):
            recorded.clear()
            try:
                with transaction.atomic():
                    live(workspace, places, people, steps if is_merging else plain, actor, plain if is_merging else [], recorded)
                    outcomes.append(dump(workspace))
                    raise Undone
            except Undone:
                pass
        transaction.set_rollback(True)
    assert outcomes[0] == outcomes[1]


def live(
    workspace: Workspace,
    places: tuple[Group, Group],
    people: dict[str, uuid.UUID],
    steps: list[tuple[Any, ...]],
    actor: Actor,
    plain: list[tuple[Any, ...]],
    recorded: Recorded,
) -> None:
    at = START_MS
    open_merges: list[Merge] = []
    for one in steps:
        at += 1_000
        if one[0] == "does":
            _, who, what, where = one
            does(places[where], who, what, at)
            plain.append(one)
        elif one[0] == "value":
            # Said of whoever shows, so it is theirs.
            shown = origins.root(workspace.pk, people[one[1]])
            attributes.set_value(workspace, actor=actor, member_id=shown, key="city", value=one[2])
            name = next(name for name, pk in people.items() if pk == shown)
            plain.append(("value", name, one[2]))
        elif one[0] == "merge":
            kept, absorbed = (origins.root(workspace.pk, people[name]) for name in one[1:])
            if kept != absorbed:
                open_merges.append(merges.merge(workspace, actor=actor, kept_id=kept, absorbed_id=absorbed))
            plain.append(("pause",))
        else:
            if open_merges:
                merges.undo(workspace, actor=actor, merge_id=open_merges.pop(one[1] % len(open_merges)).pk)
            plain.append(("pause",)) if one[0] == "undo" else None
        assert projected(recorded) == stored(workspace)
        assert sum(Member.objects.in_workspace(workspace).filter(merged_into=None).values_list("messages", flat=True)) == sum(
            1 for earlier in plain if earlier[:1] == ("does",) and earlier[2] == "message_sent"
        )
    for left in open_merges:
        merges.undo(workspace, actor=actor, merge_id=left.pk)
    assert OriginState.objects.in_workspace(workspace).count() == 0
    assert projected(recorded) == stored(workspace)
