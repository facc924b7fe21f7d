"""What every request passes: a request id, a language, security headers, and replay of idempotent writes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import salted_hmac

from hutong.config.problems import problem
from hutong.foundation import clock, ids, seals
from hutong.workspaces import access
from hutong.workspaces.errors import KeyInFlight, KeyReused
from hutong.workspaces.models import IdempotentReply

Next = Callable[[HttpRequest], HttpResponseBase]
IDEMPOTENCY_KEY_LENGTH_MAX = 200
IDEMPOTENT_BODY_BYTES_MAX = 1024 * 1024
IN_FLIGHT_MAX = dt.timedelta(minutes=5)  # longer, and the process that was answering is gone
NOT_KEPT = (401, 403, 429)  # nothing happened: the same request may succeed later
KEPT_HEADERS = ("Content-Type", "Location", "ETag")


class RequestContext:
    """Gives the request an id and a language, and the answer its headers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = ids.new().hex  # type: ignore[attr-defined]
        request.language = _language(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


def _language(request: HttpRequest) -> str:
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"


class Idempotency:
    """Writes with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the same answer again, never a second effect.

    Kept answers may hold a new key or link, so they are sealed under what the caller alone sends.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key", "")
        streamed = request.content_type == "multipart/form-data"
        if not key or streamed or request.method not in ("POST", "PUT", "PATCH", "DELETE") or not request.path.startswith("/api/"):
            return self.get_response(request)
        try:
            body = request.body
        except RequestDataTooBig:
            return self.get_response(request)  # refused there
        caller = request.headers.get("Authorization", "") or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        secret = f"{caller}\0{key[:IDEMPOTENCY_KEY_LENGTH_MAX]}"
        key_hash = salted_hmac("hutong.config.middleware.Idempotency", secret, algorithm="sha256").hexdigest()
        request_hash = hashlib.sha256(f"{request.method}\0{request.get_full_path()}\0".encode() + body).hexdigest()
        try:
            with transaction.atomic():
                IdempotentReply.objects.create(key_hash=key_hash, request_hash=request_hash, created_at=clock.now())
        except IntegrityError:
            before = self._before(request, key_hash, request_hash, secret)
            if before is not None:
                return before
        return self._first(request, key_hash, secret)

    def _first(self, request: HttpRequest, key_hash: str, secret: str) -> HttpResponseBase:
        try:
            response = self.get_response(request)
        except BaseException:
            IdempotentReply.objects.filter(pk=key_hash).delete()
            raise
        content = None if response.streaming else cast(HttpResponse, response).content
        if (
            response.status_code in NOT_KEPT
            or response.status_code >= 500
            or response.cookies
            or content is None
            or len(content) > IDEMPOTENT_BODY_BYTES_MAX
        ):
            IdempotentReply.objects.filter(pk=key_hash).delete()
            return response
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        sealed = seals.seal(content, purpose="idempotent_reply", secret=secret)
        IdempotentReply.objects.filter(pk=key_hash).update(status=response.status_code, headers=headers, body=sealed)
        return response

    def _before(self, request: HttpRequest, key_hash: str, request_hash: str, secret: str) -> HttpResponseBase | None:
        """The answer given before, or None when this request may go on in its place."""
        first = IdempotentReply.objects.filter(pk=key_hash).first()
        if first is None:
            return problem(request, KeyInFlight())
        if first.request_hash != request_hash:
            return problem(request, KeyReused())
        if first.status is None:
            moment = clock.now()
            lost = IdempotentReply.objects.filter(pk=key_hash, status=None, created_at__lte=moment - IN_FLIGHT_MAX)
            return None if lost.update(created_at=moment) else problem(request, KeyInFlight())
        if not access.credentials_hold(request):
            return self.get_response(request)  # refused there
        response = HttpResponse(seals.unseal(bytes(first.body), purpose="idempotent_reply", secret=secret), status=first.status)
        for name, value in first.headers.items():
            response.headers[name] = value
        response.headers["Idempotent-Replayed"] = "true"
        return response
