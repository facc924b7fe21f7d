"""Stays counted from history equal those of live events in the same order."""

from __future__ import annotations

import csv
import io
import random

import pytest

from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.foundation import clock
from hutong.members.actions import identities, merges, presence
from hutong.members.actions.history import Signs, stays_of
from hutong.members.models import Identity, Member, Membership, Participation
from hutong.workspaces.access import SYSTEM
from tests.imports.conftest import Importing

KINDS = ("message", "message", "join", "leave", "leave", "rename")
START_MS = 1_700_000_000_000


def _history(seed: int) -> list[tuple[int, str, str, str]]:
    """(at, group, who, kind), sorted, with moments that repeat."""
    dice = random.Random(seed)
    at = START_MS
    found = []
    for _ in range(160):
        at += dice.choice((0, 0, 1000, 60_000, 86_400_000))
        found.append((at, dice.choice(("#a", "#b")), f"u{dice.randrange(6)}", dice.choice(KINDS)))
    return found


def _table(history: list[tuple[int, str, str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("ts", "channel", "sender", "kind", "text"))
    for number, (at, group, who, kind) in enumerate(history):
        text = {"rename": f"new{number}", "message": f"message {number}"}.get(kind, "")
        writer.writerow((clock.from_ms(at).isoformat(), group, who, {"rename": "nick"}.get(kind, kind), text))
    return out.getvalue().encode()


def _shown(importing: Importing) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[object, ...]]]:
    workspace = importing.api.workspace
    nick = {
        row.member_id: row.external_id
        for row in Identity.objects.in_workspace(workspace).filter(external_id__startswith="u")
        if len(row.external_id) == 2
    }
    stays = [
        (nick[row.member_id], row.group.name, row.joined_at, row.left_at, row.last_in_at, row.last_out_at)
        for row in Membership.objects.in_workspace(workspace).select_related("group")
    ]
    parts = [
        (
            nick[row.member_id],
            row.first_seen_at,
            row.first_active_at,
            row.last_active_at,
            row.last_message_at,
            row.messages,
            row.joined_at,
            row.left_at,
        )
        for row in Participation.objects.in_workspace(workspace)
    ]
    members = [
        (nick[row.pk], row.first_seen_at, row.last_seen_at, row.joined_at, row.left_at, row.last_active_at, row.messages)
        for row in Member.objects.in_workspace(workspace)
    ]
    return sorted(stays, key=str), sorted(parts, key=str), sorted(members, key=str)


def _live(importing: Importing, history: list[tuple[int, str, str, str]]) -> None:
    workspace = importing.api.workspace
    community = Community.objects.create(workspace=workspace, name="live", time_zone="UTC")
    groups = {name: Group.objects.create(workspace=workspace, community=community, name=name, channel="irc") for name in ("#a", "#b")}
    facts = []
    for at, group, who, kind in history:
        key = ("irc", who)
        member_id = identities.resolve(workspace.pk, [identities.Seen(*key, name=who, at_ms=at)])[key]
        name = {"message": "message_sent", "join": "member_joined", "leave": "member_left", "rename": "member_renamed"}[kind]
        facts.append(
            presence.PresenceFact(
                workspace_id=workspace.pk,
                community_id=community.pk,
                group_id=groups[group].pk,
                origin_id=member_id,
                name=name,
                at_ms=at,
                is_activity=kind == "message",
                is_message=kind == "message",
            )
        )
    presence.apply(facts)


@pytest.mark.parametrize("seed", range(4))
def test_equal_to_live_events_in_order(importing: Importing, other_importing: Importing, seed: int) -> None:
    history = _history(seed)
    importing.whole(("irc.csv", _table(history)), group_name=None)
    _live(other_importing, history)
    assert _shown(importing) == _shown(other_importing)


@pytest.mark.parametrize("seed", range(4))
def test_imports_in_any_order_come_to_the_same(importing: Importing, other_importing: Importing, seed: int) -> None:
    history = [entry for entry in _history(seed + 10) if entry[3] != "rename"]
    parts = [history[:70], history[60:120], history[110:]]
    random.Random(seed).shuffle(parts)
    for number, part in enumerate(parts):
        importing.whole((f"irc{number}.csv", _sliced(history, part)), group_name=None)
    other_importing.whole(("irc.csv", _table(history)), group_name=None)
    assert _shown(importing) == _shown(other_importing)


def _sliced(history: list[tuple[int, str, str, str]], part: list[tuple[int, str, str, str]]) -> bytes:
    """The rows of the whole table that the part holds, whole moments only, so that texts and their numbers stay the same."""
    lines = _table(history).decode().split("\r\n")
    first, last = part[0][0], part[-1][0]
    return "\r\n".join([lines[0], *(line for line, entry in zip(lines[1:], history, strict=False) if first <= entry[0] <= last)]).encode()


def test_history_of_a_merged_member_goes_to_its_origin(importing: Importing) -> None:
    history = [(START_MS, "#a", "u1", "message"), (START_MS + 1000, "#a", "u2", "message"), (START_MS + 2000, "#a", "u2", "leave")]
    importing.whole(("irc.csv", _table(history)), group_name=None)
    workspace = importing.api.workspace
    one, two = (Identity.objects.in_workspace(workspace).get(external_id=nick).member_id for nick in ("u1", "u2"))
    done = merges.merge(workspace, actor=SYSTEM, kept_id=one, absorbed_id=two)
    subscribers.drain()
    later = [*history, (START_MS + 3000, "#a", "u2", "message"), (START_MS + 4000, "#b", "u1", "message")]
    second = importing.whole(("irc2.csv", _table(later)), group_name=None)
    assert second["progress"]["added"] == 2
    assert Participation.objects.in_workspace(workspace).get(member_id=one).messages == 4
    assert importing.rows("count()", f"member_id = toUUID('{one}')") == [(5,)]
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    subscribers.drain()
    counts = {row.member_id: row.messages for row in Participation.objects.in_workspace(workspace)}
    assert counts == {one: 2, two: 2}
    stays = Membership.objects.in_workspace(workspace).filter(member_id=two).order_by("joined_at")
    assert [(clock.to_ms(s.joined_at) - START_MS, s.left_at and clock.to_ms(s.left_at) - START_MS) for s in stays] == [(1000, 2000), (3000, None)]
    importing.step(second, "undo")
    assert {row.member_id: row.messages for row in Participation.objects.in_workspace(workspace)} == {one: 1, two: 1}


def test_signs_to_stays() -> None:
    found = stays_of([Signs(True, 1, 3), Signs(False, 5, 7), Signs(True, 8, 8), Signs(False, 9, 12)])
    assert [(stay.joined, stay.left, stay.last_in, stay.last_out) for stay in found] == [(1, 1, None, 3), (5, 8, 7, None), (9, None, 12, None)]
