"""The HTTP operations of alerts."""

from __future__ import annotations

import uuid
from typing import Any

from ninja import Query, Schema, Status

from hutong.alerts import queries, schemas
from hutong.alerts.actions import handling
from hutong.workspaces.access import Request, Router

router = Router(tags=["alerts"])
READ, HANDLE, MANAGE = "alerts.read", "alerts.handle", "alerts.manage"


@router.get("/alerts", permission=READ, response=schemas.AlertPage, operation_id="alerts_list", summary="Alerts, the latest first")
def alerts_list(request: Request, query: Query[schemas.AlertQuery]) -> object:
    return queries.alerts(
        request.workspace,
        show=query.show,
        kinds=list(query.kind),
        community_id=query.community,
        user=request.actor.user if query.mine else None,
        cursor=query.cursor,
        limit=query.limit,
    )


@router.get("/alerts/summary", permission=READ, response=schemas.AlertSummary, operation_id="alerts_summary", summary="How many alerts are open")
def alerts_summary(request: Request) -> object:
    return queries.summary(request.workspace, request.actor.user)


@router.put(
    "/alerts/{uuid:alert_id}/acknowledgement",
    permission=HANDLE,
    response=schemas.AlertOut,
    operation_id="alerts_acknowledge",
    summary="Say that somebody is on it",
)
def alerts_acknowledge(request: Request, alert_id: uuid.UUID) -> object:
    return queries.told(handling.acknowledge(request.workspace, actor=request.actor, alert_id=alert_id))


@router.put(
    "/alerts/{uuid:alert_id}/snooze",
    permission=HANDLE,
    response=schemas.AlertOut,
    operation_id="alerts_snooze",
    summary="Hear no more of it until then",
)
def alerts_snooze(request: Request, alert_id: uuid.UUID, body: schemas.AlertSnooze) -> object:
    return queries.told(handling.snooze(request.workspace, actor=request.actor, alert_id=alert_id, until=body.until))


@router.delete(
    "/alerts/{uuid:alert_id}/acknowledgement",
    permission=HANDLE,
    response=schemas.AlertOut,
    operation_id="alerts_reopen",
    summary="Take an acknowledgement or a snooze back",
)
def alerts_reopen(request: Request, alert_id: uuid.UUID) -> object:
    return queries.told(handling.reopen(request.workspace, actor=request.actor, alert_id=alert_id))


@router.put(
    "/alerts/{uuid:alert_id}/resolution",
    permission=HANDLE,
    response=schemas.AlertOut,
    operation_id="alerts_resolve",
    summary="Say that it is done, of what an automation told",
)
def alerts_resolve(request: Request, alert_id: uuid.UUID) -> object:
    return queries.told(handling.resolve(request.workspace, actor=request.actor, alert_id=alert_id))


@router.get(
    "/alert-rules", permission=READ, response=schemas.AlertRulesList, operation_id="alert_rules_list", summary="What is watched for in each community"
)
def alert_rules_list(request: Request) -> object:
    return {"items": queries.rules(request.workspace)}


@router.patch(
    "/alert-rules/{uuid:community_id}",
    permission=MANAGE,
    response=schemas.AlertRulesOut,
    operation_id="alert_rules_change",
    summary="Change what is watched for in a community",
)
def alert_rules_change(request: Request, community_id: uuid.UUID, body: schemas.AlertRulesIn) -> object:
    handling.change_rules(request.workspace, actor=request.actor, community_id=community_id, given=_given(body), version=body.version)
    return queries.rules_of_one(request.workspace, community_id)


@router.get(
    "/alert-subscriptions",
    permission=READ,
    response=schemas.AlertSubscriptionList,
    operation_id="alert_subscriptions_list",
    summary="The team's chats that are told",
)
def alert_subscriptions_list(request: Request) -> object:
    return {"items": queries.subscriptions(request.workspace)}


@router.post(
    "/alert-subscriptions",
    permission=MANAGE,
    response={201: schemas.AlertSubscriptionOut},
    operation_id="alert_subscriptions_create",
    summary="Tell a chat of the team",
)
def alert_subscriptions_create(request: Request, body: schemas.AlertSubscriptionIn) -> Status[object]:
    return Status(201, queries.subscription(handling.subscribe_chat(request.workspace, actor=request.actor, given=_given(body))))


@router.get(
    "/alert-subscriptions/mine",
    permission=READ,
    response=schemas.AlertSubscriptionOut,
    operation_id="alert_subscriptions_mine",
    summary="What the caller is told, and how",
)
def alert_subscriptions_mine(request: Request) -> object:
    return queries.subscription_of(request.workspace, request.actor.user)


@router.patch(
    "/alert-subscriptions/mine",
    permission=READ,
    response=schemas.AlertSubscriptionOut,
    operation_id="alert_subscriptions_change_mine",
    summary="Change what the caller is told, and how",
)
def alert_subscriptions_change_mine(request: Request, body: schemas.AlertSubscriptionIn) -> object:
    return queries.subscription(handling.subscribe_self(request.workspace, actor=request.actor, user=request.actor.user, given=_given(body)))


@router.patch(
    "/alert-subscriptions/{uuid:subscription_id}",
    permission=MANAGE,
    response=schemas.AlertSubscriptionOut,
    operation_id="alert_subscriptions_change",
    summary="Change what a chat of the team is told",
)
def alert_subscriptions_change(request: Request, subscription_id: uuid.UUID, body: schemas.AlertSubscriptionIn) -> object:
    return queries.subscription(handling.change_chat(request.workspace, actor=request.actor, subscription_id=subscription_id, given=_given(body)))


@router.delete(
    "/alert-subscriptions/{uuid:subscription_id}",
    permission=MANAGE,
    response={204: None},
    operation_id="alert_subscriptions_delete",
    summary="Tell a chat of the team nothing more",
)
def alert_subscriptions_delete(request: Request, subscription_id: uuid.UUID) -> Status[None]:
    handling.unsubscribe_chat(request.workspace, actor=request.actor, subscription_id=subscription_id)
    return Status(204, None)


def _given(body: Schema) -> dict[str, Any]:
    """What the body says; null says nothing."""
    return {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
