"""The rules of sending: when and to whom messages go, who is not to be written to, and a look at what would become of one."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
from ninja import Query, Status

from hutong.channels import may_send, queries, rule_schemas, trying
from hutong.channels.actions import opt_outs, rules
from hutong.channels.api import MANAGE, READ, router
from hutong.workspaces.access import Request


@router.get(
    "/channels/rules", permission=READ, response=rule_schemas.RulesOut, operation_id="sending_rules_get", summary="When and to whom messages go"
)
def sending_rules_get(request: Request) -> object:
    return _rules(request)


@router.patch(
    "/channels/rules",
    permission=MANAGE,
    response=rule_schemas.RulesOut,
    operation_id="sending_rules_change",
    summary="Change when and to whom messages go",
)
def sending_rules_change(request: Request, body: rule_schemas.RulesPatch) -> object:
    said = {name: value for name, value in body.dict().items() if value is not None}
    rules.change(request.workspace, actor=request.actor, said=said)
    return _rules(request)


@router.post(
    "/channels/rules/tests",
    permission=READ,
    response=rule_schemas.RulesTestOut,
    operation_id="sending_rules_test",
    summary="Whether a message would go to a member now, and why not; sends nothing",
)
def sending_rules_test(request: Request, body: rule_schemas.RulesTestIn) -> object:
    found = trying.look(request.workspace, account_id=body.account_id, member_id=body.member_id, purpose=body.purpose, text=body.text)
    asked = [{"name": one.name, **{name: getattr(one.verdict, name) for name in ("answer", "until", "zh", "en")}} for one in found.asked]
    names = ("answer", "until", "needs_confirmation", "zone", "at")
    return {**{name: getattr(found, name) for name in names}, "checks": asked}


@router.get(
    "/channels/opt-outs",
    permission=READ,
    response=rule_schemas.OptOutPage,
    operation_id="opt_outs_list",
    summary="Who is not to be written to, the latest first",
)
def opt_outs_list(request: Request, query: Query[rule_schemas.OptOutQuery]) -> object:
    page = queries.opt_outs(request.workspace, **query.dict())
    return {"items": _items(request, page.items), "next_cursor": page.next_cursor}


@router.post(
    "/channels/opt-outs",
    permission=MANAGE,
    response={201: rule_schemas.OptOutList},
    operation_id="opt_outs_add",
    summary="Stop a channel from writing to somebody: by their id there, or all of a member's",
)
def opt_outs_add(request: Request, body: rule_schemas.OptOutIn) -> Status[object]:
    made = opt_outs.add(request.workspace, actor=request.actor, **body.dict())
    return Status(201, {"items": _items(request, made)})


@router.post(
    "/channels/opt-outs/import",
    permission=MANAGE,
    response=rule_schemas.OptOutsImported,
    operation_id="opt_outs_import",
    summary="Take a list of those who want no more marketing",
)
def opt_outs_import(request: Request, body: rule_schemas.OptOutsIn) -> object:
    return opt_outs.add_many(request.workspace, actor=request.actor, channel=body.channel, lines=body.lines, note=body.note)


@router.post(
    "/channels/opt-outs/{uuid:opt_out_id}/lifting",
    permission=MANAGE,
    response={204: None},
    operation_id="opt_outs_lift",
    summary="Let a channel write to somebody again, and say why",
)
def opt_outs_lift(request: Request, opt_out_id: uuid.UUID, body: rule_schemas.OptOutLiftIn) -> Status[None]:
    opt_outs.lift(request.workspace, actor=request.actor, opt_out_id=opt_out_id, note=body.note)
    return Status(204, None)


def _rules(request: Request) -> dict[str, Any]:
    kept = queries.sending_rules(request.workspace)
    return {
        **msgspec.to_builtins(may_send.rules_of(request.workspace.pk)),
        "updated_at": kept.updated_at if kept else None,
        "minor_years": may_send.MINOR_YEARS,
        "child_years": may_send.CHILD_YEARS,
    }


def _items(request: Request, rows: list[Any]) -> list[dict[str, Any]]:
    people = queries.members_of(request.workspace, rows)
    names = ("id", "channel", "user_ref", "stops", "reason", "note", "by", "at")
    return [{**{name: getattr(one, name) for name in names}, "member": people.get((one.channel, one.user_ref))} for one in rows]
