"""Rules, what became of who met them, and trying them."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.automations.actions import rules
from hutong.automations.api import MANAGE, READ, router
from hutong.automations.queries import rules as queries
from hutong.automations.queries import runs, trials
from hutong.automations.schemas import rules as schemas
from hutong.workspaces.access import Request

ONE = "/automation/rules/{uuid:rule_id}"


@router.get(
    "/automation/rules",
    permission=READ,
    by_alias=True,
    response=schemas.RulePage,
    operation_id="rules_list",
    summary="Rules: those that are on first, then by priority",
)
def rules_list(request: Request, query: Query[schemas.RuleQuery]) -> object:
    return queries.page(request.workspace, **query.dict())


@router.post(
    "/automation/rules",
    permission=MANAGE,
    by_alias=True,
    response={201: schemas.RuleOut},
    operation_id="rules_create",
    summary="Add a rule",
)
def rules_create(request: Request, body: schemas.RuleIn) -> Status[object]:
    made = rules.create(request.workspace, actor=request.actor, values=body.dict(by_alias=True))
    return Status(201, queries.one(request.workspace, made.pk))


@router.get(
    "/automation/rules/presets",
    permission=READ,
    by_alias=True,
    response=schemas.RulePresetList,
    operation_id="rules_presets",
    summary="Rules to begin with",
)
def rules_presets(request: Request) -> object:
    return {"items": queries.presets(request.workspace)}


@router.post(
    "/automation/rules/trial",
    permission=MANAGE,
    response=schemas.RuleTrialOut,
    operation_id="rules_trial",
    summary="What a rule would do to a member, or would have done lately; nothing is written",
)
def rules_trial(request: Request, body: schemas.RuleTrialIn) -> object:
    return trials.tried(request.workspace, actor=request.actor, **body.dict(by_alias=True))


@router.get(ONE, permission=READ, by_alias=True, response=schemas.RuleOut, operation_id="rules_get", summary="One rule")
def rules_get(request: Request, rule_id: uuid.UUID) -> object:
    return queries.one(request.workspace, rule_id)


@router.patch(ONE, permission=MANAGE, by_alias=True, response=schemas.RuleOut, operation_id="rules_change", summary="Change a rule, or switch it")
def rules_change(request: Request, rule_id: uuid.UUID, body: schemas.RuleChange) -> object:
    values = body.dict(by_alias=True, exclude_unset=True, exclude={"version"})
    rules.change(request.workspace, actor=request.actor, rule_id=rule_id, version=body.version, values=values)
    return queries.one(request.workspace, rule_id)


@router.delete(ONE, permission=MANAGE, response={204: None}, operation_id="rules_delete", summary="Delete a rule with its log")
def rules_delete(request: Request, rule_id: uuid.UUID) -> Status[None]:
    rules.delete(request.workspace, actor=request.actor, rule_id=rule_id)
    return Status(204, None)


@router.get(
    f"{ONE}/runs",
    permission=READ,
    response=schemas.RuleRunPage,
    operation_id="rules_runs",
    summary="Who met a rule, what was done, and why nothing was",
)
def rules_runs(request: Request, rule_id: uuid.UUID, query: Query[schemas.RuleRunQuery]) -> object:
    return runs.of_rule(request.workspace, rule_id, **query.dict())


@router.get("/automation/runs", permission=READ, response=schemas.RuleRunPage, operation_id="rules_member_runs", summary="The rules a member met")
def rules_member_runs(request: Request, query: Query[schemas.MemberRunQuery]) -> object:
    return runs.of_member(request.workspace, **query.dict())
