"""What the script on the brand's pages asks for. Open to the world, so every answer checks origin, visitor and how often.

Nothing personal is in an address: the visitor's secret and what they say are in the body.
"""

from __future__ import annotations

import functools
import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header

from hutong.channels import connections, files, platforms
from hutong.channels.actions import attachments, inbound
from hutong.channels.contract import Callback, NeedsReconnect, Refused, SiteConnector, Visitor
from hutong.channels.models import Account
from hutong.channels.site import flood, talks
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.members.actions import attributes, identities
from hutong.members.actions.identities import Seen
from hutong.workspaces.sessions import address_of

FILE_BYTES_MAX = 5 * 1024 * 1024
BODY_BYTES_MAX = 64 * 1024
NAME_LENGTH_MAX = 200
SCRIPT_SECONDS = 300
PREFLIGHT_SECONDS = 86_400
USER = "user_id"  # the channel of identities that sites vouch for, the same as of events from sites
EMAIL = re.compile(r"[^@\s<>]{1,64}@[^@\s<>.]+(\.[^@\s<>.]+)+")
EMAIL_LENGTH_MAX = 254
SCRIPT = Path(__file__).with_name("script.js")
STATUS_OF = {"forged": 403, "malformed": 422, "too_large": 413}


class Asked(msgspec.Struct, frozen=True):
    """What every request of the script says. `visitor`: what only this browser knows."""

    visitor: str = ""
    user_token: str = ""
    after: str = ""
    email: str = ""


decode = msgspec.json.Decoder(Asked).decode
View = Callable[[HttpRequest, Account, SiteConnector], HttpResponse]


def found(account_id: uuid.UUID) -> tuple[Account, SiteConnector] | None:
    """An account that is a site's, at work, and its connector."""
    account = Account.objects.across_workspaces().filter(pk=account_id, state="active").first()
    if account is None:
        return None
    try:
        if not issubclass(platforms.connector(account.platform), SiteConnector):
            return None
        made = connections.of(account)
    except (NotFound, NeedsReconnect):
        return None
    return (account, made) if isinstance(made, SiteConnector) else None


def script(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """The script, with how it shall look. The same for everybody."""
    known = found(account_id)
    if known is None:
        return HttpResponse("// no such account\n", status=404, content_type="text/javascript; charset=utf-8")
    account, made = known
    look = json.dumps({**made.look(), "id": str(account.pk), "fileBytes": FILE_BYTES_MAX}, ensure_ascii=False).replace("<", "\\u003c")
    response = HttpResponse(_script().replace("__HUTONG_LOOK__", look, 1), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={SCRIPT_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@functools.lru_cache(maxsize=1)
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def _open(view: View) -> Callable[[HttpRequest, uuid.UUID], HttpResponse]:
    """A POST from a page of an allowed origin, and the preflight before it."""

    def answer(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
        known = found(account_id)
        if known is None:
            return said(404, "no such account")
        account, made = known
        origin = request.headers.get("Origin", "")
        if not made.allows(origin):
            return said(403, "this origin is not allowed")
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        elif request.method != "POST":
            response = said(405, "POST only")
        else:
            try:
                response = view(request, account, made)
            except Refused as error:
                response = said(STATUS_OF.get(error.reason, 400), error.en)
            except (RequestDataTooBig, UnreadablePostError):
                response = said(413, "too large")
            except (msgspec.DecodeError, UnicodeDecodeError):
                response = said(422, "malformed")
        for name, value in cors(origin):
            response.headers[name] = value
        return response

    return answer


def cors(origin: str) -> list[tuple[str, str]]:
    """The headers by which a browser lets that origin read the answer."""
    return [
        ("access-control-allow-origin", origin),
        ("access-control-allow-methods", "POST"),
        ("access-control-allow-headers", "content-type, x-file-name, x-visitor, x-user-token"),
        ("access-control-max-age", str(PREFLIGHT_SECONDS)),
        ("vary", "origin"),
    ]


def said(status: int, text: str) -> HttpResponse:
    """A short answer in words."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _shown(status: int, content: Any) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), status=status, content_type="application/json")


def _limited(what: str, request: HttpRequest, visitor: Visitor, *, visitor_max: int, address_max: int) -> HttpResponse | None:
    is_ok = flood.allows(what, f"visitor {visitor.person.id}", visitor_max) & flood.allows(what, f"address {address_of(request)}", address_max)
    if is_ok:
        return None
    response = said(429, "too many, wait a minute")
    response.headers["Retry-After"] = str(flood.WINDOW_SECONDS)
    return response


def _asked(request: HttpRequest) -> tuple[bytes, Asked]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        raise RequestDataTooBig
    body = request.body
    return body, decode(body)


@_open
def talk(request: HttpRequest, account: Account, made: SiteConnector) -> HttpResponse:
    """What was said, from a message on."""
    _, asked = _asked(request)
    visitor = made.visitor(asked.visitor, asked.user_token)
    limited = _limited("read", request, visitor, visitor_max=flood.READS_PER_VISITOR, address_max=flood.READS_PER_ADDRESS)
    if limited is not None:
        return limited
    return _shown(200, {"messages": talks.read(account, visitor.person.id, after=_uuid(asked.after))})


@_open
def messages(request: HttpRequest, account: Account, made: SiteConnector) -> HttpResponse:
    """Something a visitor says: kept for them, and told as any platform tells a message."""
    body, asked = _asked(request)
    visitor = made.visitor(asked.visitor, asked.user_token)
    limited = _limited("message", request, visitor, visitor_max=flood.MESSAGES_PER_VISITOR, address_max=flood.MESSAGES_PER_ADDRESS)
    if limited is not None:
        return limited
    answer = made.receive(Callback("POST", {}, {"origin": request.headers.get("Origin", "")}, body, clock.now_ms()))
    with transaction.atomic():
        for event in answer.events:
            if event.message is None or event.chat is None:
                continue
            _known(account, visitor)
            talks.heard(account, event.chat.id, key=event.message.id, segments=event.message.segments)
        inbound.receive(account, answer.events)
    return _shown(201, {"messages": talks.read(account, visitor.person.id, after=_uuid(asked.after))})


@_open
def upload(request: HttpRequest, account: Account, made: SiteConnector) -> HttpResponse:
    """A picture or file, before the message it belongs to."""
    visitor = made.visitor(request.headers.get("X-Visitor", ""), request.headers.get("X-User-Token", ""))
    limited = _limited("file", request, visitor, visitor_max=flood.FILES_PER_VISITOR, address_max=flood.FILES_PER_ADDRESS)
    if limited is not None:
        return limited
    if int(request.META.get("CONTENT_LENGTH") or 0) > FILE_BYTES_MAX:
        raise RequestDataTooBig
    body = request.read(FILE_BYTES_MAX + 1)
    if not body or len(body) > FILE_BYTES_MAX:
        raise RequestDataTooBig
    name = _name(request.headers.get("X-File-Name", ""))
    kind = attachments.content_type_of(name, body)
    with transaction.atomic():
        sha256 = files.keep(account.workspace_id, body, content_type=kind)
        talks.offer(account, sha256, name)
    return _shown(201, {"file": sha256, "name": name, "content_type": kind, "size_bytes": len(body), "image": kind.startswith("image/")})


@_open
def address(request: HttpRequest, account: Account, made: SiteConnector) -> HttpResponse:
    """An e-mail address that a visitor leaves, so that they can be answered when they are gone."""
    _, asked = _asked(request)
    visitor = made.visitor(asked.visitor, asked.user_token)
    limited = _limited("message", request, visitor, visitor_max=flood.MESSAGES_PER_VISITOR, address_max=flood.MESSAGES_PER_ADDRESS)
    if limited is not None:
        return limited
    email = asked.email.strip()
    if EMAIL.fullmatch(email) is None or len(email) > EMAIL_LENGTH_MAX:
        return said(422, "no e-mail address")
    with transaction.atomic():
        origin_id = _known(account, visitor)
        _take_email(account, origin_id, email)
    return _shown(200, {})


def _known(account: Account, visitor: Visitor) -> uuid.UUID:
    """The visitor as an identity; the same person as the site's user, where the site vouched for that. Within a transaction."""
    now_ms = clock.now_ms()
    key = (account.channel, visitor.person.id)
    if visitor.user_id:
        identities.link(account.workspace_id, known=(USER, visitor.user_id), new=key, at_ms=now_ms)
    seen = Seen(*key, name=visitor.person.name, at_ms=now_ms)
    origin_id = identities.recognise(account.workspace_id, [seen])[key].origin_id
    if visitor.email:
        _take_email(account, origin_id, visitor.email)
    return origin_id


def _take_email(account: Account, origin_id: uuid.UUID, email: str) -> None:
    source = f"account:{account.pk}"
    attributes.take_traits(account.workspace_id, member_id=origin_id, traits={"email": email}, source=source, source_name=account.name)


def file(request: HttpRequest, account_id: uuid.UUID, sha256: str) -> HttpResponse:
    """A file of a talk. Pictures may be shown anywhere, everything else is only downloaded; nothing of it runs."""
    known = found(account_id)
    kept = talks.file(known[0], sha256) if known and request.method in ("GET", "HEAD") else None
    if kept is None:
        return said(404, "no such file")
    body, kind, name = kept
    response = HttpResponse(body, content_type=kind or attachments.UNKNOWN)
    is_picture = kind.startswith("image/")
    response.headers["Content-Disposition"] = content_disposition_header(not is_picture, name or "file") or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _name(header: str) -> str:
    shown = unquote(header).replace("\\", "/").rpartition("/")[2]
    return "".join(mark for mark in shown if mark.isprintable()).strip()[:NAME_LENGTH_MAX] or "file"


urlpatterns: list[URLPattern] = [
    path("w/<uuid:account_id>.js", script),
    path("w/<uuid:account_id>/talk", talk),
    path("w/<uuid:account_id>/messages", messages),
    path("w/<uuid:account_id>/uploads", upload),
    path("w/<uuid:account_id>/address", address),
    path("w/<uuid:account_id>/files/<str:sha256>", file),
]
