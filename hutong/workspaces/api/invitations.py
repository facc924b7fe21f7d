"""Invitations: made by staff, opened by whoever holds the link."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from ninja import Path, Query, Status

from hutong.workspaces import queries, roles, schemas, sessions
from hutong.workspaces.access import PUBLIC, Request
from hutong.workspaces.actions import invitations
from hutong.workspaces.api.accounts import session_view
from hutong.workspaces.api.routing import account, router


@router.get("/invitations", permission="staff.read", response=schemas.InvitationPage, operation_id="invitations_list", summary="Invitations")
def invitations_list(request: Request, page: Query[schemas.PageQuery]) -> object:
    return queries.invitations(request.workspace, cursor=page.cursor, limit=page.limit)


@router.post(
    "/invitations",
    permission="staff.manage",
    response={201: schemas.InvitationMade},
    operation_id="invitations_create",
    summary="Invite someone by link",
)
def invitations_create(request: Request, body: schemas.InvitationBody) -> Status[object]:
    invitation, link = invitations.create(request.workspace, actor=request.actor, role=body.role, email=body.email, days=body.days)
    return Status(201, {"invitation": invitation, "link": link})


@router.delete(
    "/invitations/{uuid:invitation_id}",
    permission="staff.manage",
    response={204: None},
    operation_id="invitations_withdraw",
    summary="Withdraw an invitation",
)
def invitations_withdraw(request: Request, invitation_id: uuid.UUID) -> Status[None]:
    invitations.withdraw(request.workspace, actor=request.actor, invitation_id=invitation_id)
    return Status(204, None)


@account.get(
    "/invitations/{token}", permission=PUBLIC, response=schemas.InvitationView, operation_id="invitation_view", summary="What a link invites to"
)
def invitation_view(request: Request, token: Path[schemas.Token]) -> dict[str, object]:
    found = queries.invitation_behind(token)
    return {
        "workspace_name": found.workspace.name,
        "role": found.role,
        "role_label": roles.WORDS[found.role].label,
        "invited_by": found.created_by.name if found.created_by else None,
        "email": found.email,
        "has_account": queries.has_account(found.email),
        "expires_at": found.expires_at,
    }


@account.post(
    "/invitations/{token}",
    permission=PUBLIC,
    response=schemas.Accepted,
    operation_id="invitation_accept",
    summary="Accept, with a new account or as the signed-in person",
)
def invitation_accept(request: Request, response: HttpResponse, body: schemas.AcceptBody, token: Path[schemas.Token]) -> dict[str, object]:
    if body.account is not None:
        user, workspace = invitations.accept_as_new(token=token, **body.account.dict())
        sessions.start(request, user)
    else:
        user = sessions.signed_in(request)
        sessions.check_write(request)
        workspace = invitations.accept_as(user, token=token)
    return {"session": session_view(request, response), "workspace_id": workspace.pk}
