"""Columns that sum up others, so that lists sort and filter by an index: recomputed for the members that changed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from hutong.members import bulk
from hutong.members.models import Member, Membership, Participation

_Span = tuple[dt.datetime | None, dt.datetime | None]  # first joined; left, or none while in


def refresh(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> None:
    """After memberships or participations of these members were rewritten: every summary of theirs."""
    for chunk in bulk.chunks(set(member_ids)):
        pairs = Participation.objects.in_workspace(workspace_id).filter(member_id__in=chunk).values_list("community_id", "member_id")
        _participations(workspace_id, set(pairs))
        _members(workspace_id, chunk)


def refresh_stays(workspace_id: uuid.UUID, pairs: set[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """After stays of these (community, member) pairs changed, and nothing else."""
    _participations(workspace_id, pairs)
    for chunk in bulk.chunks({member_id for _, member_id in pairs}):
        _members(workspace_id, chunk)


def _participations(workspace_id: uuid.UUID, pairs: set[tuple[uuid.UUID, uuid.UUID]]) -> None:
    by_community: dict[uuid.UUID, list[uuid.UUID]] = {}
    for community_id, member_id in pairs:
        by_community.setdefault(community_id, []).append(member_id)
    for community_id, member_ids in by_community.items():
        for chunk in bulk.chunks(member_ids):
            spans: dict[uuid.UUID, _Span] = {
                row["member_id"]: (row["joined"], None if row["open"] else row["left"])
                for row in Membership.objects.in_workspace(workspace_id)
                .filter(community_id=community_id, member_id__in=chunk)
                .order_by()
                .values("member_id")
                .annotate(joined=Min("joined_at"), left=Max("left_at"), open=Count("pk", filter=Q(left_at=None)))
            }
            rows = Participation.objects.in_workspace(workspace_id).filter(community_id=community_id, member_id__in=chunk)
            changed = []
            for pk, member_id, *had in rows.values_list("pk", "member_id", "joined_at", "left_at"):
                span = spans.get(member_id, (None, None))
                if span != tuple(had):
                    changed.append((*span, pk))
            bulk.update(Participation, ("joined_at", "left_at"), changed, workspace_id=workspace_id)


def _members(workspace_id: uuid.UUID, member_ids: list[uuid.UUID]) -> None:
    sums: dict[uuid.UUID, tuple[Any, ...]] = {
        row["member_id"]: (row["joined"], None if row["open"] else row["left"], row["active"], row["said"])
        for row in Participation.objects.in_workspace(workspace_id)
        .filter(member_id__in=member_ids)
        .order_by()
        .values("member_id")
        .annotate(
            joined=Min("joined_at"),
            left=Max("left_at"),
            open=Count("pk", filter=Q(left_at=None) & ~Q(joined_at=None)),
            active=Max("last_active_at"),
            said=Sum("messages"),
        )
    }
    rows = Member.objects.in_workspace(workspace_id).filter(pk__in=member_ids)
    changed = []
    for pk, *had in rows.values_list("pk", "joined_at", "left_at", "last_active_at", "messages"):
        after = sums.get(pk, (None, None, None, 0))
        if after != tuple(had):
            changed.append((*after, pk))
    bulk.update(Member, ("joined_at", "left_at", "last_active_at", "messages"), changed, workspace_id=workspace_id)
