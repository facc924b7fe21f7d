"""Live events applied to memberships, participations and members, against counting by hand."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.members.actions import presence
from hutong.members.models import Member, Membership, Participation
from hutong.workspaces.models import Workspace
from tests.members.conftest import Recorded
from tests.members.test_stays import oracle
from tests.members.world import START_MS, fact, projected, see, stays_of, stored

pytestmark = pytest.mark.django_db
NAMES = ("message_sent", "reaction_added", "member_joined", "member_left", "member_renamed")
SECOND = 1_000


class Undone(Exception):
    """Leaves a transaction."""


@pytest.fixture
def second(community: Community) -> Group:
    return Group.objects.create(workspace=community.workspace, community=community, name="二群", channel="irc")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 2), st.integers(0, 1), st.sampled_from(NAMES)), max_size=40),
    st.lists(st.integers(1, 8), min_size=1, max_size=6),
)
def test_batches_of_any_size_give_what_sorting_and_counting_gives(
    workspace: Workspace, group: Group, second: Group, recorded: Recorded, events: list[tuple[int, int, int, str]], sizes: list[int]
) -> None:
    places = (group, second)
    events = sorted(events, key=lambda event: event[0])
    recorded.clear()
    try:
        with transaction.atomic():
            people = see(workspace, "ann", "bo", "chen")
            facts = [fact(places[where], people[who], name, START_MS + at * SECOND) for at, who, where, name in events]
            turn = 0
            while facts:
                size = sizes[turn % len(sizes)]
                presence.apply(facts[:size])
                facts, turn = facts[size:], turn + 1
            for who, member_id in enumerate(people):
                mine = [(START_MS + at * SECOND, name) for at, one, _, name in events if one == who]
                for where, place in enumerate(places):
                    signs = [
                        (START_MS + at * SECOND, name != "member_left")
                        for at, one, there, name in events
                        if (one, there) == (who, where) and name != "member_renamed"
                    ]
                    assert stays_of(member_id, place) == oracle(signs)
                check_sums(workspace, group.community_id, member_id, mine)
            assert projected(recorded) == stored(workspace)
            raise Undone
    except Undone:
        pass


def check_sums(workspace: Workspace, community_id: uuid.UUID, member_id: uuid.UUID, mine: list[tuple[int, str]]) -> None:
    active = [at for at, name in mine if name in ("message_sent", "reaction_added")]
    said = [at for at, name in mine if name == "message_sent"]
    part = Participation.objects.in_workspace(workspace).filter(member_id=member_id, community_id=community_id).first()
    assert (part is None) == (mine == [])
    if part is None:
        return
    stays = Membership.objects.in_workspace(workspace).filter(member_id=member_id)
    joined = min((stay.joined_at for stay in stays), default=None)
    left = None if any(stay.left_at is None for stay in stays) else max((stay.left_at for stay in stays if stay.left_at), default=None)
    assert (part.first_seen_at, part.messages, part.joined_at, part.left_at) == (clock.from_ms(mine[0][0]), len(said), joined, left)
    assert (part.first_active_at, part.last_active_at, part.last_message_at) == (
        clock.from_ms(active[0]) if active else None,
        clock.from_ms(active[-1]) if active else None,
        clock.from_ms(said[-1]) if said else None,
    )
    member = Member.objects.in_workspace(workspace).get(pk=member_id)
    assert (member.messages, member.last_active_at, member.joined_at, member.left_at) == (len(said), part.last_active_at, joined, left)
    assert member.last_seen_at == clock.from_ms(max(START_MS, mine[-1][0]))


def test_days_of_a_stay_are_those_of_the_communitys_zone(workspace: Workspace, community: Community, group: Group, recorded: Recorded) -> None:
    Community.objects.in_workspace(workspace).filter(pk=community.pk).update(time_zone="America/New_York")
    (ann,) = see(workspace, "ann")
    late = clock.to_ms(dt.datetime(2026, 3, 8, 4, 59, 59, tzinfo=dt.UTC))  # still the 7th in New York
    presence.apply([fact(group, ann, "member_joined", late), fact(group, ann, "member_left", late + 86_400_000)])
    (entry,) = recorded.projections()
    row = entry.row
    assert (row["joined_day"], row["left_day"]) == ("2026-03-07", "2026-03-09")  # the clocks went forward on the 8th
    assert (row["joined_at"], row["left_at"], row["is_deleted"], row["channel"]) == (late / 1000, late / 1000 + 86_400, 0, "irc")
    presence.apply([fact(group, ann, "message_sent", late + 2 * 86_400_000)])
    assert recorded.projections()[-1].row["left_day"] == "2149-06-06"
    assert recorded.projections()[-1].row["left_at"] == 5_662_224_000.0
    assert dt.datetime.fromtimestamp(5_662_224_000, dt.UTC).date().isoformat() == "2149-06-06"


def test_facts_of_two_workspaces_stay_apart(workspace: Workspace, other_workspace: Workspace, group: Group, recorded: Recorded) -> None:
    (ann,) = see(workspace, "ann")
    (stranger,) = see(other_workspace, "ann")
    foreign = Community.objects.create(workspace=other_workspace, name="别处")
    theirs = Group.objects.create(workspace=other_workspace, community=foreign, name="别群", channel="irc")
    presence.apply(
        [
            fact(theirs, stranger, "message_sent", START_MS),
            fact(group, ann, "message_sent", START_MS + 1),
            fact(group, stranger, "message_sent", START_MS + 2),  # nobody of this workspace
            fact(theirs, stranger, "member_left", START_MS + 3),
        ]
    )
    assert stays_of(ann, group) == [(START_MS + 1, None)]
    assert stays_of(stranger, group) == []
    assert stays_of(stranger, theirs) == [(START_MS, START_MS + 3)]
    assert Participation.objects.in_workspace(workspace).count() == 1


def test_what_was_removed_meanwhile_is_passed_over(workspace: Workspace, community: Community, group: Group, recorded: Recorded) -> None:
    ann, bo = see(workspace, "ann", "bo")
    facts = [fact(group, ann, "message_sent", START_MS + 5), fact(group, bo, "message_sent", START_MS + 5)]
    Member.objects.in_workspace(workspace).filter(pk=bo).delete()
    group_id = group.pk
    group.delete()
    presence.apply(facts)
    assert Membership.objects.in_workspace(workspace).filter(group_id=group_id).count() == 0
    part = Participation.objects.in_workspace(workspace).get()
    assert (part.member_id, part.messages) == (ann, 1)
    community.delete()
    presence.apply(facts)
    assert Member.objects.in_workspace(workspace).get(pk=ann).last_seen_at == clock.from_ms(START_MS + 5)


def test_activity_outside_every_community_is_only_a_sighting(workspace: Workspace, recorded: Recorded) -> None:
    (ann,) = see(workspace, "ann")
    seen = presence.PresenceFact(workspace.pk, None, None, ann, "page_viewed", START_MS + 9, is_activity=True, is_message=False)
    presence.apply([seen])
    member = Member.objects.in_workspace(workspace).get(pk=ann)
    assert (member.last_seen_at, member.last_active_at, member.messages) == (clock.from_ms(START_MS + 9), None, 0)
    assert recorded.facts_and_stays() == []


def test_of_a_thousand_stays_only_the_last_ones_are_read(workspace: Workspace, group: Group, recorded: Recorded) -> None:
    (ann,) = see(workspace, "ann")
    with transaction.atomic():
        presence.apply([fact(group, ann, ("member_joined", "member_left")[step % 2], START_MS + step) for step in range(2_000)])
    assert len(stays_of(ann, group)) == 1_000
    assert Membership.objects.in_workspace(workspace).filter(last_out_at__isnull=False).count() == 0
    loaded = presence._load(workspace.pk, group.pk, {ann: [(START_MS + 5_000, True)]})
    assert [stay.left for stay in loaded[ann]] == [START_MS + 1_999]
    presence.apply([fact(group, ann, "member_left", START_MS + 5_000)])
    assert len(stays_of(ann, group)) == 1_000
    presence.apply([fact(group, ann, "message_sent", START_MS + 4_000)])
    assert stays_of(ann, group)[-1] == (START_MS + 4_000, START_MS + 5_000)
