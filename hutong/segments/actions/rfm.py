"""Writes of RFM: the bands of a community, and everybody's scores as of yesterday."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from hutong.communities.models import Community
from hutong.foundation import clock, stream
from hutong.foundation.jobs.running import checkpoint
from hutong.foundation.stream import Changed
from hutong.members import bulk
from hutong.members.models import Member
from hutong.members.projection import VALUES
from hutong.segments import bands
from hutong.segments.models import LifeCycle, MemberRFM
from hutong.segments.queries import life_cycle, rfm
from hutong.segments.queries.life_cycle import SCORES
from hutong.segments.stages import Thresholds
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

SCORED_TOGETHER = 2_000  # members in one transaction, so that ingest never waits long
_NAMES = ("workspace", "community", "member", *SCORES)


def change_bands(
    workspace: Workspace, *, actor: Actor, community_id: uuid.UUID, names: dict[str, dict[str, str]], cells: dict[str, str]
) -> Community:
    """Other names, or other bands for some cells; the defaults given are a reset. Raises Invalid, NotFound."""
    kept = bands.kept(names, cells)
    with transaction.atomic():
        community = life_cycle.community(workspace, community_id)
        cycle, _ = LifeCycle.objects.in_workspace(workspace).get_or_create(community=community, defaults={"workspace_id": workspace.pk})
        was, cycle.bands = cycle.bands, kept
        cycle.changed_by_name, cycle.updated_at = actor.name, clock.now()
        cycle.save(update_fields=["bands", "changed_by_name", "updated_at"])
        details = {"is_default": [was is None, kept is None]}
        audit.write(workspace, actor=actor, action="rfm.change_bands", target=community, target_kind="community", details=details)
    return community


def keys(community_id: uuid.UUID) -> list[str]:
    """Under which keys the warehouse keeps the scores of a community."""
    return [f"score:rfm.{name}.{community_id}" for name in SCORES]


def count_all(community: Community, cycle: LifeCycle, *, day: dt.date) -> None:
    """Score everybody as of a day."""
    basis = rfm.basis_of(community, day)
    currency = Thresholds.read(cycle.thresholds).currency
    shares = life_cycle.shares(community)
    for share in range(shares):
        found = rfm.differing(community, day, basis, currency, share=share, shares=shares)
        for members in bulk.chunks(found, size=SCORED_TOGETHER):
            checkpoint()
            with transaction.atomic():
                _keep(community, {member: found[member] for member in members})
    LifeCycle.objects.in_workspace(community.workspace_id).filter(pk=cycle.pk).update(rfm_day=day, rfm_basis=basis)


def _keep(community: Community, found: Mapping[uuid.UUID, tuple[int, int, int]]) -> None:
    known = bulk.present(Member, "id", found, workspace_id=community.workspace_id)
    rows: list[list[Any]] = []
    for member, scores in found.items():
        if scores[0] and member in known:
            rows.append([community.workspace_id, community.pk, member, *scores])
    bulk.upsert(MemberRFM, _NAMES, rows, key=("community", "member"))
    for chunk in bulk.chunks([member for member, scores in found.items() if not scores[0]]):
        MemberRFM.objects.in_workspace(community.workspace_id).filter(community=community, member_id__in=chunk).delete()
    named = list(found)
    stream.record(*(Changed(workspace_id=community.workspace_id, table=VALUES, key=key, member_ids=named) for key in keys(community.pk)))
