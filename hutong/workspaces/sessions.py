"""The console's sessions: a cookie names the person, and every write proves it comes from the console's own pages.

The proof is twofold: `Origin` (else `Referer`) must be ours, and `X-CSRFToken` must be the token derived from the session.
"""

from __future__ import annotations

import ipaddress
import uuid
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from hutong.workspaces import errors
from hutong.workspaces.models import User

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
CSRF_HEADER = "X-CSRFToken"
_USER = "user"
_PROOF = "proof"
_UNREAD = object()


def start(request: HttpRequest, user: User) -> None:
    """Begin a session under a fresh key, whatever came before."""
    request.session.flush()
    request.session[_USER] = str(user.pk)
    request.session[_PROOF] = user.get_session_auth_hash()
    request.session.save()
    request.hutong_user = user  # type: ignore[attr-defined]


def end(request: HttpRequest) -> None:
    """End the session here and in the store."""
    request.session.flush()
    request.hutong_user = None  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> User | None:
    """The person of the request's session. A new password or a closed account ends every earlier session."""
    known = getattr(request, "hutong_user", _UNREAD)
    if known is _UNREAD:
        known = _read(request)
        request.hutong_user = known  # type: ignore[attr-defined]
    return cast("User | None", known)


def signed_in(request: HttpRequest) -> User:
    """The person of the session, where there must be one."""
    user = user_of(request)
    if user is None:
        raise errors.NotSignedIn()
    return user


def _read(request: HttpRequest) -> User | None:
    named = request.session.get(_USER)
    proof = request.session.get(_PROOF)
    if not isinstance(named, str) or not isinstance(proof, str):
        return None
    user = User.objects.filter(pk=uuid.UUID(named), is_active=True).first()
    if user is None or not constant_time_compare(proof, user.get_session_auth_hash()):
        return None
    return user


def give_token(request: HttpRequest, response: HttpResponse) -> None:
    """Put the session's write token where the console's script can read it."""
    response.set_cookie(
        settings.CSRF_COOKIE_NAME,
        _token(request),
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.CSRF_COOKIE_SECURE,
        samesite="Lax",
        path="/",
    )


def take_token(response: HttpResponse) -> None:
    """Remove the write token at the end of a session."""
    response.set_cookie(
        settings.CSRF_COOKIE_NAME, "", max_age=0, expires="Thu, 01 Jan 1970 00:00:00 GMT", secure=settings.CSRF_COOKIE_SECURE, samesite="Lax"
    )


def _token(request: HttpRequest) -> str:
    return salted_hmac("hutong.workspaces.sessions.token", request.session.session_key or "", algorithm="sha256").hexdigest()


def check_write(request: HttpRequest) -> None:
    """A session's write must carry the token and come from our own pages."""
    if request.method in SAFE_METHODS:
        return
    if not _is_ours(request, needed=True):
        raise errors.BadOrigin()
    given = request.headers.get(CSRF_HEADER, "")
    if not given.isascii() or not constant_time_compare(given, _token(request)):
        raise errors.BadOrigin()


def check_origin(request: HttpRequest) -> None:
    """A write open to everybody may come without an origin (a program), never from another site's page."""
    if request.method not in SAFE_METHODS and not _is_ours(request, needed=False):
        raise errors.BadOrigin()


def _is_ours(request: HttpRequest, *, needed: bool) -> bool:
    claimed = request.headers.get("Origin")
    if claimed is None:
        claimed = _origin_of(request.headers.get("Referer", "")) if "Referer" in request.headers else None
    if claimed is None:
        return not needed
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    scheme = "https" if settings.HTTPS else request.scheme
    return claimed.lower() in (settings.PUBLIC_URL.lower(), f"{scheme}://{host}".lower(), _origin_of(settings.PUBLIC_URL))


def _origin_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "null"
    return f"{parts.scheme}://{parts.netloc}".lower()


def address_of(request: HttpRequest) -> str:
    """Where the request comes from, as far as the proxies in front of us can be believed; of IPv6 the network of 64 bits."""
    address = request.META.get("REMOTE_ADDR", "")
    proxies = settings.PROXIES_IN_FRONT
    if proxies:
        passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(passed) >= proxies:
            address = passed[-proxies]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
