"""Actions, and sentences of actions and triggers."""

from __future__ import annotations

from hutong.automations.api import READ, router
from hutong.automations.queries import offered
from hutong.automations.schemas import shared as schemas
from hutong.workspaces.access import Request


@router.get(
    "/automation/actions",
    permission=READ,
    response=schemas.AutomationActionList,
    operation_id="automation_actions",
    summary="Everything that can be done, with its form",
)
def automation_actions(request: Request) -> object:
    return {"items": offered.actions(request.actor)}


@router.post(
    "/automation/actions/sentence",
    permission=READ,
    response=schemas.AutomationSaid,
    operation_id="automation_action_sentence",
    summary="An action in words",
)
def automation_action_sentence(request: Request, body: schemas.ActionSentenceIn) -> object:
    return offered.action_said(request.workspace, body.action, body.settings)


@router.post(
    "/automation/triggers/sentence",
    permission=READ,
    response=schemas.TriggerSaidOut,
    operation_id="automation_trigger_sentence",
    summary="A trigger in words, and the next moments of a schedule",
)
def automation_trigger_sentence(request: Request, body: schemas.TriggerSentenceIn) -> object:
    return offered.trigger_said(request.workspace, body.trigger)
