"""Many rows in few statements: all of them, in their order, and what is there already left alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from hutong.foundation import clock, ids
from hutong.members import bulk
from hutong.members.models import Identity, Member
from hutong.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
NAMES = ("id", "workspace", "member", "origin", "channel", "external_id", "name", "last_seen_at", "created_at")


def identities(workspace: Workspace, names: list[str]) -> list[tuple[object, ...]]:
    now = clock.now()
    member = Member.objects.create(workspace=workspace, name="成员", first_seen_at=now, last_seen_at=now)
    return [(ids.new(), workspace.pk, member.pk, member.pk, "qq", name, "", now, now) for name in names]


@pytest.mark.parametrize("count", [1, 3, 4, 255, 256, 257, 777])
def test_every_row_is_inserted_whatever_their_number(workspace: Workspace, count: int) -> None:
    names = [f"u{number:03}" for number in range(count)]
    bulk.insert(Identity, NAMES, identities(workspace, names))
    rows = Identity.objects.in_workspace(workspace).order_by("id")
    assert [row.external_id for row in rows] == names
    assert {(row.channel, row.member_id, row.workspace_id) for row in rows} == {("qq", row.origin_id, workspace.pk) for row in rows}


def test_what_is_there_is_skipped_within_a_statement_too(workspace: Workspace) -> None:
    bulk.insert(Identity, NAMES, identities(workspace, ["u5", "u300"]))
    first = set(Identity.objects.in_workspace(workspace).values_list("pk", flat=True))
    rows = identities(workspace, [f"u{number % 290}" for number in range(600)])
    bulk.insert(Identity, NAMES, rows, is_skipping=True, key=("workspace", "channel", "external_id"))
    assert Identity.objects.in_workspace(workspace).count() == 291
    assert Identity.objects.in_workspace(workspace).filter(pk__in=first).count() == 2


def test_a_conflict_is_raised_as_djangos(workspace: Workspace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Identity, NAMES, identities(workspace, ["u1"] * 256))
    assert Identity.objects.in_workspace(workspace).count() == 0


@pytest.mark.parametrize("count", [1, 5, 300])
def test_every_row_is_changed_and_no_other(workspace: Workspace, count: int) -> None:
    names = [f"u{number:03}" for number in range(count)]
    rows = identities(workspace, [*names, "other"])
    bulk.insert(Identity, NAMES, rows)
    later = clock.now()
    changed = [(f"新{row[5]}", later, row[0]) for row in rows[:-1]]
    bulk.update(Identity, ("name", "last_seen_at"), [("旧", later, rows[0][0]), *changed], workspace_id=workspace.pk)
    found = {row.external_id: (row.name, row.last_seen_at) for row in Identity.objects.in_workspace(workspace)}
    assert found == {**{name: (f"新{name}", later) for name in names}, "other": ("", rows[-1][7])}
    bulk.update(Identity, ("name", "last_seen_at"), [("谁", later, rows[0][0])], workspace_id=ids.new())
    assert Identity.objects.in_workspace(workspace).get(pk=rows[0][0]).name == "新u000"


def test_rows_are_widened_from_nothing_and_both_ways(workspace: Workspace) -> None:
    start = clock.now()
    hour = dt.timedelta(hours=1)
    made = [Member.objects.create(workspace=workspace, name=str(at), first_seen_at=start, last_seen_at=start) for at in range(40)]
    change = bulk.Widening(least=("first_seen_at",), greatest=("last_active_at",), plus=("messages",))
    for moved, said in ((hour, 2), (-hour, 3)):
        bulk.widen(Member, change, [(start + moved, start + moved, said, one.pk) for one in made], workspace_id=workspace.pk)
    rows = set(Member.objects.in_workspace(workspace).values_list("first_seen_at", "last_active_at", "messages"))
    assert (rows, Member.objects.in_workspace(workspace).count()) == ({(start - hour, start + hour, 5)}, 40)
