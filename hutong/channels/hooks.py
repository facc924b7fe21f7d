"""Where platforms call us: `/hooks/<account>`. The connector verifies and reads; what it read is kept before the platform is answered.

A platform that keeps a WebSocket open to us opens it at the same address (`hutong/config/sockets.py`).
"""

from __future__ import annotations

import uuid

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import URLPattern, path

from hutong.channels import connections
from hutong.channels.actions import accounts, inbound
from hutong.channels.contract import CALLBACK_BYTES_MAX, Callback, Connector, NeedsReconnect, Refused
from hutong.channels.models import Account
from hutong.channels.platforms import connector, is_site, manifest
from hutong.foundation import clock, logs
from hutong.foundation.errors import NotFound

METHODS = ("GET", "POST", "PUT")
STATUS_OF = {"forged": 401, "malformed": 422}
RETRY_AFTER_SECONDS = 60
ANSWER = "text/plain; charset=utf-8"

log = logs.get("hutong.hooks")


def hook(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """One callback."""
    if request.method not in METHODS:
        return _said(405, "")
    account = Account.objects.across_workspaces().filter(pk=account_id).exclude(state="removed").first()
    if account is None or not _receives(account):
        return _said(404, "")
    if int(request.META.get("CONTENT_LENGTH") or 0) > CALLBACK_BYTES_MAX:
        return _too_large()
    try:
        body = request.body
    except RequestDataTooBig:
        return _too_large()
    except UnreadablePostError:
        return _said(400, "")
    if len(body) > CALLBACK_BYTES_MAX:
        return _too_large()
    callback = Callback(
        method=str(request.method),
        query={name: str(request.GET[name]) for name in request.GET},
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        received_at_ms=clock.now_ms(),
    )
    return _taken(account, callback)


def _taken(account: Account, callback: Callback) -> HttpResponse:
    if account.state == "paused":  # the platform keeps it and comes again
        response = _said(503, "paused")
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    try:
        answer = connections.of(account).receive(callback)
    except Refused as error:
        log.info("callback refused", account=str(account.pk), reason=error.reason)
        return _said(STATUS_OF.get(error.reason, 400), error.en)
    except NeedsReconnect as error:
        accounts.needs_reconnect(account, zh=error.zh, en=error.en)
        return _said(503, "")
    if answer.events:
        inbound.receive(account, answer.events)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


def admit(account_id: uuid.UUID, request: Callback) -> Connector | int:
    """Whose WebSocket it is that a platform asks to open at an account's callback address; a status where it may not. Not for the loop's thread."""
    account = Account.objects.across_workspaces().filter(pk=account_id).exclude(state="removed").first()
    if account is None or not _admits(account):
        return 404
    if account.state != "active":
        return 503
    try:
        found = connections.of(account)
        found.admit(request)
    except Refused as error:
        log.info("connection refused", account=str(account.pk), reason=error.reason)
        return STATUS_OF.get(error.reason, 400)
    except NeedsReconnect as error:
        accounts.needs_reconnect(account, zh=error.zh, en=error.en)
        return 503
    return found


def _admits(account: Account) -> bool:
    try:
        return connector(account.platform).admit is not Connector.admit
    except NotFound:
        return False


def _receives(account: Account) -> bool:
    try:
        return "receive" in manifest(account.platform).ways and not is_site(account.platform)
    except NotFound:
        return False


def _too_large() -> HttpResponse:
    return _said(413, f"at most {CALLBACK_BYTES_MAX} bytes")


def _said(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type=ANSWER)


urlpatterns: list[URLPattern] = [path("hooks/<uuid:account_id>", hook)]
