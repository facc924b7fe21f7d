"""Who two or three segments have in common: how many members are in each region of their Venn picture."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from hutong.events import queries
from hutong.foundation.errors import Invalid, NotFound
from hutong.segments.models import Segment
from hutong.workspaces.models import Workspace

SEGMENTS_MIN, SEGMENTS_MAX = 2, 3


def overlap(workspace: Workspace, segment_ids: Sequence[uuid.UUID]) -> dict[str, Any]:
    """Every region, empty ones too: those in one segment only first, those in all last. Raises NotFound, Invalid."""
    asked = list(dict.fromkeys(segment_ids))
    if not SEGMENTS_MIN <= len(asked) <= SEGMENTS_MAX:
        raise Invalid.field("ids", "请选 2 个或 3 个不同的分群。", "Choose two or three different segments.")
    known = {one.pk: one for one in Segment.objects.in_workspace(workspace).filter(pk__in=asked)}
    if len(known) < len(asked):
        raise NotFound("segment")
    found = queries.rows(
        """
        SELECT places, count() FROM (
            SELECT member_id, groupBitOr(bitShiftLeft(toUInt8(1), indexOf({segments:Array(UUID)}, segment_id) - 1)) AS places
            FROM segment_members FINAL WHERE workspace_id = {workspace:UUID} AND segment_id IN {segments:Array(UUID)}
            GROUP BY member_id
        ) GROUP BY places
        """,
        {"workspace": str(workspace.pk), "segments": [str(one) for one in asked]},
    )
    counts = {int(places): int(members) for places, members in found}
    regions = []
    for size in range(1, len(asked) + 1):
        for chosen in combinations(range(len(asked)), size):
            regions.append({"ids": [asked[at] for at in chosen], "members": counts.get(sum(1 << at for at in chosen), 0)})
    return {
        "segments": [
            {"id": one, "name": known[one].name, "members": sum(members for places, members in counts.items() if places >> at & 1)}
            for at, one in enumerate(asked)
        ],
        "regions": regions,
        "members": sum(counts.values()),
    }
