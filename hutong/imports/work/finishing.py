"""The end of an import: stays and participations of everybody it names, counted anew from all their events."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import transaction

from hutong.events import queries as events
from hutong.events.queries import history as warehouse
from hutong.foundation.jobs.running import checkpoint
from hutong.imports.models import Import
from hutong.members.actions import history
from hutong.members.actions.history import Past, Signs
from hutong.members.doings import Doings

STILL_TRIES = 20
STILL_PAUSE_SECONDS = 0.1


def perform(batch: Import, *, without: bool = False, sights: bool = True) -> None:
    """Write the stays and participations of everybody the import names; `without`: as if the import had not been.

    `sights`: then first and last sight too are those of the other events; a list takes its own back.
    """
    source = f"import:{batch.pk}"
    for community_id, shares in warehouse.communities_of(str(batch.workspace_id), source=source):
        for share in range(shares):
            checkpoint()
            _recount(batch.workspace_id, community_id, source, share, shares, without, sights)


def _recount(workspace_id: UUID, community_id: str, source: str, share: int, shares: int, without: bool, sights: bool) -> None:
    """Live events must not slip between reading the warehouse and writing the records: it is tried until none came."""
    for attempt in range(STILL_TRIES + 1):
        position = events.still_position()
        if position is None and attempt < STILL_TRIES:
            time.sleep(STILL_PAUSE_SECONDS)
            continue
        pasts = _pasts(str(workspace_id), community_id, source, share, shares, without, sights)
        with transaction.atomic():
            if events.still_position() != position and attempt < STILL_TRIES:
                continue
            history.recount(workspace_id, community_id=UUID(community_id), pasts=pasts)
            return


def _pasts(workspace_id: str, community_id: str, source: str, share: int, shares: int, without: bool, sights: bool) -> list[Past]:
    where = {"community_id": community_id, "source": source, "share": share, "shares": shares}
    pasts = {origin_id: Past(origin_id) for origin_id in warehouse.origins_of(workspace_id, **where)}  # type: ignore[arg-type]
    for span in warehouse.spans(workspace_id, without=without, **where):  # type: ignore[arg-type]
        pasts[span.origin_id].doings = Doings(*span[1:])
    for run in warehouse.runs(workspace_id, without=without, **where):  # type: ignore[arg-type]
        pasts[run.origin_id].signs.setdefault(run.group_id, []).append(Signs(run.is_out, run.first, run.last))
    if without and sights:
        for origin_id, seen in warehouse.seen(workspace_id, **where).items():  # type: ignore[arg-type]
            pasts[origin_id].seen = seen
    return list(pasts.values())
