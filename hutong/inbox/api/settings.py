"""How new conversations are assigned."""

from __future__ import annotations

from typing import Any

from hutong.inbox import schemas
from hutong.inbox.actions import turns
from hutong.inbox.api import MANAGE, READ, router
from hutong.inbox.queries import settings as queries
from hutong.workspaces.access import Request


@router.get(
    "/inbox/settings",
    permission=READ,
    response=schemas.InboxSettingsOut,
    operation_id="inbox_settings_get",
    summary="How new conversations are assigned",
)
def inbox_settings_get(request: Request) -> object:
    return _settings(request)


@router.put(
    "/inbox/settings",
    permission=MANAGE,
    response=schemas.InboxSettingsOut,
    operation_id="inbox_settings_change",
    summary="Give new conversations to staff in turn, or to nobody",
)
def inbox_settings_change(request: Request, body: schemas.InboxSettingsBody) -> object:
    turns.change(request.workspace, actor=request.actor, gives_in_turn=body.gives_in_turn, takers=body.takers)
    return _settings(request)


def _settings(request: Request) -> dict[str, Any]:
    found = queries.settings(request.workspace)
    return {"gives_in_turn": found.gives_in_turn, "takers": found.takers, "turns": found.turns, "away": found.away, "next": found.next}
