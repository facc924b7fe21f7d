"""RFM: the heat map of a day, and the bands of a community."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from ninja import Query

from hutong.segments.actions import rfm as actions
from hutong.segments.api import router
from hutong.segments.bands import BANDS, CELLS, Bands, Name
from hutong.segments.queries import life_cycle
from hutong.segments.queries import rfm as queries
from hutong.segments.schemas import life_cycle as shared
from hutong.segments.schemas import rfm as schemas
from hutong.segments.stages import Thresholds
from hutong.workspaces.access import Request


@router.get(
    "/rfm",
    permission="segments.read",
    response=schemas.RFMOut,
    by_alias=True,
    operation_id="rfm_get",
    summary="Members by recency and frequency on a day",
)
def rfm_get(request: Request, query: Query[schemas.RFMQuery]) -> object:
    community = life_cycle.community(request.workspace, query.community_id)
    cycle = life_cycle.settings(community)
    day = queries.chosen_day(community, query.date)
    table = queries.table(community, day, query.basis or queries.basis_of(community, day))
    own = Bands.read(cycle.bands)
    cells = [cell | {"band": own.cells[f"{cell['r']}-{cell['f']}"]} for cell in table.cells]
    amount = sum(cell["monetary"] for cell in cells)
    bands = []
    for key in BANDS:
        inside = [cell for cell in cells if cell["band"] == key]
        members, monetary = sum(cell["members"] for cell in inside), sum(cell["monetary"] for cell in inside)
        counted = {"members": members, "monetary": monetary, "share": members / table.members if table.members else None}
        bands.append(_band(key, own.names[key]) | counted | {"monetary_share": monetary / amount if amount else None})
    return {
        "community": _named(community),
        "date": day,
        "basis": table.basis,
        "currency": Thresholds.read(cycle.thresholds).currency,
        "is_kept": (day, table.basis) == (cycle.rfm_day, cycle.rfm_basis),
        "kept_date": cycle.rfm_day,
        "kept_basis": cycle.rfm_basis,
        "members": table.members,
        "cells": cells,
        "bands": bands,
        "edges": table.edges,
    }


@router.get(
    "/rfm/bands", permission="segments.read", response=schemas.RFMBandsOut, operation_id="rfm_bands_get", summary="Names and cells of the bands"
)
def rfm_bands_get(request: Request, query: Query[shared.CommunityQuery]) -> object:
    return _bands(request, query.community_id)


@router.put(
    "/rfm/bands",
    permission="segments.manage",
    response=schemas.RFMBandsOut,
    operation_id="rfm_bands_change",
    summary="Rename bands or give cells to other bands",
)
def rfm_bands_change(request: Request, body: schemas.RFMBandsBody) -> object:
    names = {key: name.dict() for key, name in body.names.items()}
    actions.change_bands(request.workspace, actor=request.actor, community_id=body.community_id, names=names, cells=body.cells)
    return _bands(request, body.community_id)


def _bands(request: Request, community_id: UUID) -> object:
    community = life_cycle.community(request.workspace, community_id)
    own = queries.bands(community)
    return {
        "community": _named(community),
        "bands": [_band(key, own.names[key]) for key in BANDS],
        "cells": own.cells,
        "default_names": {key: {"zh": band.zh, "en": band.en} for key, band in BANDS.items()},
        "default_cells": CELLS,
        "is_default": own.is_default,
    }


def _band(key: str, name: Name) -> dict[str, Any]:
    plain = BANDS[key]
    return {"band": key, **asdict(name), "color": plain.color, "advice": {"zh": plain.advice_zh, "en": plain.advice_en}}


def _named(community: Any) -> dict[str, object]:
    return {"id": community.pk, "name": community.name}
