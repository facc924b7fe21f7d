"""The first run, the session, one's own account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Status

from hutong import __version__
from hutong.workspaces import queries, schemas, sessions
from hutong.workspaces.access import PUBLIC, SIGNED_IN, Request
from hutong.workspaces.actions import accounts, settings
from hutong.workspaces.api.routing import account


def session_view(request: HttpRequest, response: HttpResponse) -> dict[str, object]:
    """Who is signed in, as the answer of everything that touches the session; hands out the write token."""
    user = sessions.user_of(request)
    if user is None:
        return {"user": None, "staff": []}
    sessions.give_token(request, response)
    return {"user": user, "staff": queries.places(user)}


@account.get("/setup", permission=PUBLIC, response=schemas.SetupState, operation_id="setup_get", summary="Is the first run still to be done?")
def setup_get(request: Request) -> dict[str, object]:
    return {"needed": not queries.is_set_up(), "version": __version__}


@account.post(
    "/setup", permission=PUBLIC, response={201: schemas.SessionOut}, operation_id="setup_create", summary="Make the first workspace and its owner"
)
def setup_create(request: Request, response: HttpResponse, body: schemas.SetupBody) -> Status[dict[str, object]]:
    user, _ = settings.set_up(**body.dict())
    sessions.start(request, user)
    return Status(201, session_view(request, response))


@account.get(
    "/session", permission=PUBLIC, response=schemas.SessionOut, operation_id="session_get", summary="Who is signed in, and the token for writes"
)
def session_get(request: Request, response: HttpResponse) -> dict[str, object]:
    return session_view(request, response)


@account.post("/session", permission=PUBLIC, response=schemas.SessionOut, operation_id="session_create", summary="Sign in")
def session_create(request: Request, response: HttpResponse, body: schemas.SignInBody) -> dict[str, object]:
    user = accounts.sign_in(email=body.email, password=body.password, address=sessions.address_of(request))
    sessions.start(request, user)
    return session_view(request, response)


@account.delete("/session", permission=SIGNED_IN, response={204: None}, operation_id="session_delete", summary="Sign out")
def session_delete(request: Request, response: HttpResponse) -> Status[None]:
    sessions.end(request)
    sessions.take_token(response)
    return Status(204, None)


@account.patch("/account", permission=SIGNED_IN, response=schemas.UserOut, operation_id="account_change", summary="Change one's own name or language")
def account_change(request: Request, body: schemas.AccountBody) -> object:
    return accounts.change(sessions.signed_in(request), name=body.name, language=body.language)


@account.post(
    "/account/password",
    permission=SIGNED_IN,
    response=schemas.SessionOut,
    operation_id="password_change",
    summary="Change one's own password; other sessions end",
)
def password_change(request: Request, response: HttpResponse, body: schemas.PasswordBody) -> dict[str, object]:
    user = accounts.change_password(sessions.signed_in(request), old=body.old_password, new=body.new_password, address=sessions.address_of(request))
    sessions.start(request, user)
    return session_view(request, response)


@account.post(
    "/workspaces", permission=SIGNED_IN, response={201: schemas.WorkspaceOut}, operation_id="workspaces_create", summary="Open a further workspace"
)
def workspaces_create(request: Request, body: schemas.WorkspaceBody) -> Status[object]:
    return Status(201, settings.create(user=sessions.signed_in(request), **body.dict()))
