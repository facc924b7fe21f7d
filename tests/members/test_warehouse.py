"""Merges, their undoing and a new time zone, followed through the real stream into the warehouse."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hutong.config.api  # noqa: F401  (installs the stream)
from hutong.communities import actions as communities
from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.events.row import EventRow, encode
from hutong.events.warehouse import engine, rewrite, schema
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.actions import identities, merges, origins
from hutong.members.actions.identities import Seen
from hutong.members.models import Membership
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests import mirrors

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


PEOPLE = ("ann", "bo", "chen", "dai")
_serials = itertools.count()


def address(group: Group, to_id: uuid.UUID, *, origin_id: uuid.UUID | None = None) -> str:
    """A row addressed to somebody, as an import writes it; its id."""
    row = EventRow(
        workspace_id=str(group.workspace_id), community_id=str(group.community_id), group_id=str(group.pk), id=f"addressed-{group.pk}-{next(_serials)}",
        name="message_sent", occurred_at=START.timestamp(), received_at=START.timestamp(), local_day="2026-03-08", addressed_id=str(to_id),
    )  # fmt: skip
    if origin_id is not None:
        row.addressed_origin_id = str(origin_id)
    engine.insert("events", [encode(row)], token=row.id)
    return row.id


def addressed(workspace: Workspace) -> dict[str, str]:
    """By id of the row, whom it is addressed to."""
    found = engine.rows(
        "SELECT id, toString(addressed_id) FROM events WHERE workspace_id = {w:UUID} AND id LIKE 'addressed-%'", {"w": str(workspace.pk)}
    )
    return dict(found)


def tables(workspace: Workspace) -> dict[str, list[str]]:
    """What every table of the warehouse holds of communities; that there were merges is told of none."""
    columns = {
        "events": rewrite.COLUMNS.replace("properties", "toString(properties)"),
        "memberships": "* EXCEPT (version)",
        "sampled_events": "* EXCEPT (properties), toString(properties)",
    }
    found = {}
    for table in schema.TABLES:
        final = "" if table in ("events", "sampled_events") else "FINAL"
        rows = engine.rows(
            f"SELECT {columns.get(table, '*')} FROM {table} {final} WHERE workspace_id = {{w:UUID}} AND community_id != toUUID('{schema.NONE}')",
            {"w": str(workspace.pk)},
        )
        found[table] = sorted(map(str, rows))
    return found


def test_whom_a_row_is_addressed_to_is_given_back(workspace: Workspace, group: Group) -> None:
    ann, bo, chen = (identities.resolve(workspace.pk, [Seen("irc", who, who, clock.to_ms(START))])["irc", who] for who in ("ann", "bo", "chen"))
    rows = [address(group, one) for one in (ann, bo, chen)]
    lower = merges.merge(workspace, actor=SYSTEM, kept_id=bo, absorbed_id=chen)
    upper = merges.merge(workspace, actor=SYSTEM, kept_id=ann, absorbed_id=bo)
    subscribers.drain()
    rows.append(address(group, ann, origin_id=chen))  # imported after the merges
    assert addressed(workspace) == dict.fromkeys(rows, str(ann))
    merges.undo(workspace, actor=SYSTEM, merge_id=upper.pk)
    subscribers.drain()
    assert addressed(workspace) == dict(zip(rows, map(str, (ann, bo, bo, bo)), strict=True))
    merges.undo(workspace, actor=SYSTEM, merge_id=lower.pk)
    subscribers.drain()
    assert addressed(workspace) == dict(zip(rows, map(str, (ann, bo, chen, chen)), strict=True))


def test_rows_older_than_the_column_are_given_back_too(workspace: Workspace, group: Group) -> None:
    ann, bo = (identities.resolve(workspace.pk, [Seen("irc", who, who, clock.to_ms(START))])["irc", who] for who in ("ann", "bo"))
    engine.command("ALTER TABLE events DROP COLUMN addressed_origin_id")
    engine.command("ALTER TABLE events_staged DROP COLUMN IF EXISTS addressed_origin_id")
    row = address(group, bo)
    engine.close()  # the next version opens it
    done = merges.merge(workspace, actor=SYSTEM, kept_id=ann, absorbed_id=bo)
    subscribers.drain()
    assert addressed(workspace) == {row: str(ann)}
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    subscribers.drain()
    assert addressed(workspace) == {row: str(bo)}


step = st.one_of(
    st.tuples(st.just("says"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    st.tuples(st.just("merge"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_merges_and_their_undoing_leave_no_trace_in_any_table(
    workspace: Workspace, group: Group, steps: list[tuple[str, str, str]], random: Any
) -> None:
    people = {who: identities.resolve(workspace.pk, [Seen("irc", who, who, clock.to_ms(START))])["irc", who] for who in PEOPLE}
    for minutes, (what, who, to) in enumerate(steps):
        if what == "says":
            say(group, who, minutes)
            address(group, people[to])
    subscribers.drain()
    before = tables(workspace)
    done = []
    for what, who, to in steps:
        kept, absorbed = origins.root(workspace.pk, people[who]), origins.root(workspace.pk, people[to])
        if what == "merge" and kept != absorbed:
            done.append(merges.merge(workspace, actor=SYSTEM, kept_id=kept, absorbed_id=absorbed))
    mirrors.check(workspace)
    random.shuffle(done)
    for one in done:
        merges.undo(workspace, actor=SYSTEM, merge_id=one.pk)
    mirrors.check(workspace)
    assert tables(workspace) == before
