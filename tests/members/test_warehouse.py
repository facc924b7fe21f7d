"""Merges, their undoing and a new time zone, followed through the real stream into the warehouse."""

from __future__ import annotations

import datetime as dt

import pytest

import hutong.config.api  # noqa: F401  (installs the stream)
from hutong.communities import actions as communities
from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.events.warehouse import engine
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.actions import identities, merges
from hutong.members.actions.identities import Seen
from hutong.members.models import Membership
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
START = dt.datetime(2026, 3, 7, 17, 30, tzinfo=dt.UTC)  # the 8th in Shanghai, the 7th in London


def say(group: Group, who: str, minutes: int) -> None:
    at = START + dt.timedelta(minutes=minutes)
    found = identities.recognise(group.workspace_id, [Seen("irc", who, who, clock.to_ms(at))])["irc", who]
    stream.record(
        Fact(
            workspace_id=group.workspace_id,
            name="message_sent",
            member_id=found.origin_id,
            community_id=group.community_id,
            group_id=group.pk,
            channel="irc",
            occurred_at=at,
            text=who,
        )
    )


def held(workspace: Workspace) -> dict[str, set[str]]:
    """By text of the message, the members the warehouse gives it to."""
    rows = engine.rows(
        "SELECT text, toString(member_id) FROM events WHERE workspace_id = {w:UUID} AND name = 'message_sent'", {"w": str(workspace.pk)}
    )
    found: dict[str, set[str]] = {}
    for text, member_id in rows:
        found.setdefault(text, set()).add(member_id)
    return found


def stays(workspace: Workspace) -> set[tuple[str, str, str]]:
    rows = engine.rows(
        "SELECT toString(member_id), toString(joined_day), toString(left_day) FROM memberships FINAL WHERE workspace_id = {w:UUID}",
        {"w": str(workspace.pk)},
    )
    return {(member, joined, left) for member, joined, left in rows}


def test_a_merge_of_merges_is_taken_back_whole(workspace: Workspace, group: Group) -> None:
    for minutes, who in enumerate(("ann", "bo", "chen")):
        say(group, who, minutes)
    subscribers.drain()
    ann, bo, chen = (identities.resolve(workspace.pk, [Seen("irc", who, "", clock.to_ms(START))])["irc", who] for who in ("ann", "bo", "chen"))
    merges.merge(workspace, actor=SYSTEM, kept_id=bo, absorbed_id=chen)
    upper = merges.merge(workspace, actor=SYSTEM, kept_id=ann, absorbed_id=bo)
    subscribers.drain()
    assert held(workspace) == {who: {str(ann)} for who in ("ann", "bo", "chen")}
    assert stays(workspace) == {(str(ann), "2026-03-08", "2149-06-06")}
    merges.undo(workspace, actor=SYSTEM, merge_id=upper.pk)
    subscribers.drain()
    assert held(workspace) == {"ann": {str(ann)}, "bo": {str(bo)}, "chen": {str(bo)}}
    assert {member for member, _, _ in stays(workspace)} == {str(ann), str(bo)}
    assert Membership.objects.in_workspace(workspace).count() == 2


def test_a_new_zone_moves_the_days_of_stays(workspace: Workspace, community: Community, group: Group) -> None:
    say(group, "ann", 0)
    subscribers.drain()
    ((member, joined, _),) = stays(workspace)
    assert joined == "2026-03-08"
    communities.change_community(workspace, actor=SYSTEM, community_id=community.pk, time_zone="Europe/London", is_rezone_confirmed=True)
    subscribers.drain()
    assert stays(workspace) == {(member, "2026-03-07", "2149-06-06")}
