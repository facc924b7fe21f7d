"""Stages of the life cycle: how many are where, what other thresholds would do, how people move."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ninja import Query

from hutong.segments.actions import life_cycle as actions
from hutong.segments.api import router
from hutong.segments.queries import life_cycle as queries
from hutong.segments.schemas import life_cycle as schemas
from hutong.segments.stages import KINDS, STAGES, Thresholds, meaning
from hutong.workspaces.access import Request


@router.get(
    "/life-cycle",
    permission="segments.read",
    response=schemas.LifeCycleOut,
    by_alias=True,
    operation_id="life_cycle_get",
    summary="How many members are at which stage",
)
def life_cycle_get(request: Request, query: Query[schemas.CommunityQuery]) -> object:
    return _shown(queries.community(request.workspace, query.community_id))


@router.put(
    "/life-cycle",
    permission="segments.manage",
    response=schemas.LifeCycleOut,
    by_alias=True,
    operation_id="life_cycle_change",
    summary="Change thresholds; everybody is counted anew, without events",
)
def life_cycle_change(request: Request, body: schemas.LifeCycleBody) -> object:
    thresholds = Thresholds(**body.thresholds.dict())
    return _shown(actions.change(request.workspace, actor=request.actor, community_id=body.community_id, thresholds=thresholds))


@router.post(
    "/life-cycle/preview",
    permission="segments.read",
    response=schemas.StageMovesOut,
    by_alias=True,
    operation_id="life_cycle_preview",
    summary="Whom other thresholds would move",
)
def life_cycle_preview(request: Request, body: schemas.LifeCycleBody) -> object:
    thresholds = Thresholds(**body.thresholds.dict())
    thresholds.check()
    community = queries.community(request.workspace, body.community_id)
    found = queries.moves(community, Thresholds.read(queries.settings(community).thresholds), thresholds)
    return {"moves": found, "members": sum(one["members"] for one in found)}


@router.get(
    "/life-cycle/flow",
    permission="segments.read",
    response=schemas.StageFlowOut,
    by_alias=True,
    operation_id="life_cycle_flow",
    summary="How members moved between stages, by month",
)
def life_cycle_flow(request: Request, query: Query[schemas.FlowQuery]) -> object:
    community = queries.community(request.workspace, query.community_id)
    found = queries.flow(community, query.kind, query.months)
    return {"community": _named(community), "kind": query.kind, "months": found.days, "nodes": found.nodes, "links": found.links}


def _shown(community: Any) -> object:
    cycle = queries.settings(community)
    counts = queries.counts(community)
    by = Thresholds.read(cycle.thresholds)
    before = cycle.before or {}
    members = sum(counts["activity"].values())
    kinds = {
        kind: [
            {
                "stage": stage,
                "zh": word.zh,
                "en": word.en,
                "meaning": asdict(meaning(stage, by)),
                "members": counts[kind][stage],
                "share": counts[kind][stage] / members if members else None,
                "before": before[kind][stage] if before else None,
            }
            for stage, word in STAGES[kind].items()
        ]
        for kind in KINDS
    }
    return {
        "community": _named(community),
        "thresholds": asdict(by),
        "defaults": asdict(Thresholds()),
        "state": "counting" if cycle.asked != cycle.answered else "ready",
        "kinds": kinds,
        "members": members,
        "before_day": before.get("day"),
        "computed_day": cycle.computed_day,
        "computed_at": cycle.computed_at,
        "changed_by_name": cycle.changed_by_name,
        "updated_at": cycle.updated_at,
    }


def _named(community: Any) -> dict[str, object]:
    return {"id": community.pk, "name": community.name}
