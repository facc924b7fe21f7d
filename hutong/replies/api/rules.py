"""Rules and the words that mean the same."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.channels import messages
from hutong.replies import schemas
from hutong.replies.actions import rules
from hutong.replies.api import MANAGE, READ, router
from hutong.replies.queries import rules as queries
from hutong.workspaces.access import Request

_FIELDS = (
    "id", "name", "is_enabled", "priority", "keywords", "variants", "place", "community_ids", "group_ids", "needs_mention", "hours",
    "group_cooldown_seconds", "member_cooldown_seconds", "is_private", "quotes", "hands_over", "version", "created_at", "updated_at", "changed_by_name",
)  # fmt: skip


@router.get("/keyword-replies", permission=READ, response=schemas.ReplyRulePage, operation_id="replies_list", summary="Rules, highest priority first")
def replies_list(request: Request, query: Query[schemas.ReplyRuleQuery]) -> object:
    found = queries.page(request.workspace, **query.dict())
    return {"items": [_out(one) for one in found.items], "next_cursor": found.next_cursor, "total": found.total}


@router.post("/keyword-replies", permission=MANAGE, response={201: schemas.ReplyRuleOut}, operation_id="replies_create", summary="Add a rule")
def replies_create(request: Request, body: schemas.ReplyRuleIn) -> Status[object]:
    made = rules.create(request.workspace, actor=request.actor, given=body)
    return Status(201, _out(queries.one(request.workspace, made.pk)))


@router.get("/keyword-replies/{uuid:reply_id}", permission=READ, response=schemas.ReplyRuleOut, operation_id="replies_get", summary="One rule")
def replies_get(request: Request, reply_id: uuid.UUID) -> object:
    return _out(queries.one(request.workspace, reply_id))


@router.put(
    "/keyword-replies/{uuid:reply_id}", permission=MANAGE, response=schemas.ReplyRuleOut, operation_id="replies_change", summary="Change a rule"
)
def replies_change(request: Request, reply_id: uuid.UUID, body: schemas.ReplyRuleChange) -> object:
    rules.change(request.workspace, actor=request.actor, rule_id=reply_id, given=body, version=body.version)
    return _out(queries.one(request.workspace, reply_id))


@router.patch(
    "/keyword-replies/{uuid:reply_id}",
    permission=MANAGE,
    response=schemas.ReplyRuleOut,
    operation_id="replies_switch",
    summary="Turn a rule on or off",
)
def replies_switch(request: Request, reply_id: uuid.UUID, body: schemas.ReplyRuleSwitch) -> object:
    rules.switch(request.workspace, actor=request.actor, rule_id=reply_id, is_enabled=body.is_enabled)
    return _out(queries.one(request.workspace, reply_id))


@router.delete("/keyword-replies/{uuid:reply_id}", permission=MANAGE, response={204: None}, operation_id="replies_delete", summary="Delete a rule")
def replies_delete(request: Request, reply_id: uuid.UUID) -> Status[None]:
    rules.delete(request.workspace, actor=request.actor, rule_id=reply_id)
    return Status(204, None)


@router.get(
    "/keyword-replies/{uuid:reply_id}/hits", permission=READ, response=schemas.ReplyHitsOut, operation_id="replies_hits", summary="Its answers by day"
)
def replies_hits(request: Request, reply_id: uuid.UUID) -> object:
    return {"items": [{"day": day, "hits": hits} for day, hits in queries.hits(request.workspace, reply_id)]}


@router.get(
    "/keyword-replies/synonyms", permission=READ, response=schemas.ReplySynonyms, operation_id="synonyms_list", summary="Words that mean the same"
)
def synonyms_list(request: Request) -> object:
    return {"groups": queries.synonyms(request.workspace)}


@router.put(
    "/keyword-replies/synonyms",
    permission=MANAGE,
    response=schemas.ReplySynonyms,
    operation_id="synonyms_set",
    summary="Say which words mean the same",
)
def synonyms_set(request: Request, body: schemas.ReplySynonyms) -> object:
    rules.set_synonyms(request.workspace, actor=request.actor, groups=body.groups)
    return {"groups": queries.synonyms(request.workspace)}


def _out(shown: queries.Shown) -> dict[str, object]:
    rule = shown.rule
    answers = [{"weight": one["weight"], "parts": messages.said(messages.kept(one["parts"]))} for one in rule.answers]
    return {name: getattr(rule, name) for name in _FIELDS} | {
        "answers": answers, "following": shown.following, "hits": shown.hits, "last_hit_at": shown.last_hit_at,
    }  # fmt: skip
