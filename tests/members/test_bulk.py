"""Many rows in few statements: all of them, in their order, and what is there already left alone."""

from __future__ import annotations

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


@pytest.mark.parametrize("count", [1, 249, 250, 251, 500, 777])
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
        bulk.insert(Identity, NAMES, identities(workspace, ["u1"] * 250))
    assert Identity.objects.in_workspace(workspace).count() == 0
