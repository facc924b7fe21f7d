"""The hot lane's HTTP: `POST /v1/{batch,identify,track,page,screen,group,alias}` as a raw RSGI application."""

from __future__ import annotations

import asyncio
import base64
import binascii
import gzip
import io
import json
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec

from hutong.events import places
from hutong.events.ingest import calls, reasons
from hutong.events.ingest.writer import Command, Writer
from hutong.foundation import clock, ids
from hutong.foundation.errors import HutongError

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope

Headers = list[tuple[str, str]]

KINDS = {f"/v1/{kind}": kind for kind in ("identify", "track", "page", "screen", "group", "alias")} | {"/v1/batch": "batch"}
REJECTED_LISTED_MAX = 1_000

_encode = msgspec.json.Encoder().encode
_ONE = b'{"success":true,"accepted":1,"duplicates":0,"rejected":[]}'
_ANY_ORIGIN = ("access-control-allow-origin", "*")
_CORS: Headers = [
    _ANY_ORIGIN,
    ("access-control-allow-headers", "authorization, content-type, content-encoding"),
    ("access-control-allow-methods", "POST, OPTIONS"),
    ("access-control-max-age", "86400"),
]
_JSON: Headers = [("content-type", "application/json"), _ANY_ORIGIN]
_PROBLEM: Headers = [("content-type", "application/problem+json"), _ANY_ORIGIN]


class Lane:
    """Reads a call, hands its events to the writer, answers after the commit."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.rejected = 0

    async def __call__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """One request under /v1/."""
        try:
            if scope.method == "OPTIONS":
                proto.response_empty(204, _CORS)
            else:
                proto.response_bytes(200, _JSON, await self._answer(scope, proto))
        except HutongError as error:
            _refuse(scope, proto, error)

    async def _answer(self, scope: Scope, proto: HTTPProtocol) -> bytes:
        kind = KINDS.get(scope.path.rstrip("/"))
        if kind is None:
            raise _NoSuchCall()
        if scope.method != "POST":
            raise _PostOnly(headers={"Allow": "POST, OPTIONS"})
        headers = scope.headers
        raw = await _body(headers, proto)
        key: Any = _key_of(headers.get("authorization") or "") or _key_of_query(scope.query_string)
        batch = _envelope(raw) if kind == "batch" else None
        if not key:
            key = batch.write_key if batch else _write_key(raw)
        if type(key) is not str or not key:
            raise reasons.BadWriteKey()
        known, place = places.fresh_place_of(key)
        if not known:
            place = await asyncio.get_running_loop().run_in_executor(None, places.place_of, key)
        if place is None:
            raise reasons.BadWriteKey()
        if batch is not None:
            return await self._batch(batch, place, _language(scope))
        return await self._single(raw, kind, place)

    async def _single(self, raw: bytes, kind: str, place: places.Place) -> bytes:
        try:
            event = calls.read_raw(raw, place=place, received_ms=clock.now_ms(), kind=kind)
        except calls.Refused as refused:
            self.rejected += 1
            raise reasons.EventRefused(reason=refused.code, **refused.params) from refused
        accepted, duplicates = await self._write(place, [event])
        if accepted:
            return _ONE
        return _encode({"success": True, "accepted": accepted, "duplicates": duplicates, "rejected": []})

    async def _batch(self, call: calls.Envelope, place: places.Place, language: str) -> bytes:
        if len(call.batch) > calls.EVENTS_PER_CALL_MAX:
            raise reasons.CallTooLarge()
        received_ms = clock.now_ms()
        sent_at = calls.sent_moment(call.sent_at)
        events: list[calls.Tracked] = []
        rejected: list[dict[str, Any]] = []
        for index, raw in enumerate(call.batch):
            try:
                events.append(calls.read_raw(raw, place=place, received_ms=received_ms, sent_at=sent_at))
            except calls.Refused as refused:
                rejected.append(_rejection(index, raw, refused, language))
        self.rejected += len(rejected)
        accepted, duplicates = await self._write(place, events) if events else (0, 0)
        return _encode({"success": not rejected, "accepted": accepted, "duplicates": duplicates, "rejected": rejected[:REJECTED_LISTED_MAX]})

    def _write(self, place: places.Place, events: list[calls.Tracked]) -> asyncio.Future[tuple[int, int]]:
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[tuple[int, int]] = loop.create_future()
        self.writer.put(Command(place.workspace_id, events, loop, reply))
        return reply


def _envelope(raw: bytes) -> calls.Envelope:
    try:
        return calls.envelope(raw)
    except ValueError as error:
        raise reasons.BadCall() from error


def _write_key(raw: bytes) -> Any:
    try:
        call = calls.parse(raw)
    except ValueError as error:
        raise reasons.BadCall() from error
    return call.get("writeKey") if type(call) is dict else None


def _rejection(index: int, raw: bytes, refused: calls.Refused, language: str) -> dict[str, Any]:
    try:
        one = calls.parse(bytes(raw))
    except ValueError:
        one = None
    message_id = one.get("messageId") if isinstance(one, dict) else None
    return {
        "index": index,
        "messageId": message_id if isinstance(message_id, str) else None,
        "code": refused.code,
        "message": reasons.EVENT_REASONS[refused.code][language].format_map(refused.params),
    }


async def _body(headers: Any, proto: HTTPProtocol) -> bytes:
    """The body, unpacked, within its limit."""
    length = headers.get("content-length")
    if length is not None and length.isdigit():
        if int(length) > calls.CALL_BYTES_MAX:
            raise reasons.CallTooLarge()
        body = await proto()
    else:
        parts, size = [], 0
        async for part in proto:
            size += len(part)
            if size > calls.CALL_BYTES_MAX:
                raise reasons.CallTooLarge()
            parts.append(part)
        body = b"".join(parts)
    encoding = headers.get("content-encoding")
    return body if encoding is None or encoding == "identity" else _inflate(body, encoding.strip().lower())


def _key_of(header: str) -> str:
    scheme, _, value = header.partition(" ")
    scheme = scheme.lower()
    if scheme == "bearer":
        return value.strip()
    if scheme != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _key_of_query(query: str) -> str:
    return parse_qs(query).get("writeKey", [""])[0] if query else ""


def _inflate(raw: bytes, encoding: str) -> bytes:
    """A gzip body, read no further than the limit."""
    if encoding != "gzip":
        raise reasons.BadCall()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            body = packed.read(calls.CALL_BYTES_MAX + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise reasons.BadCall() from error
    if len(body) > calls.CALL_BYTES_MAX:
        raise reasons.CallTooLarge()
    return body


def _language(scope: Scope) -> str:
    return "en" if (scope.headers.get("accept-language") or "")[:2].lower() == "en" else "zh"


def _refuse(scope: Scope, proto: HTTPProtocol, error: HutongError) -> None:
    language = _language(scope)
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.title[language],
        "status": error.status,
        "code": error.params["reason"] if isinstance(error, reasons.EventRefused) else error.code,
        "detail": error.detail(language),
        "params": error.params,
        "errors": [],
        "request_id": ids.new().hex,
    }
    headers = [*_PROBLEM, *((name.lower(), value) for name, value in error.headers.items())]
    proto.response_bytes(error.status, headers, json.dumps(body, ensure_ascii=False).encode())


class _NoSuchCall(HutongError):
    code = "no_such_call"
    status = 404
    title = {"zh": "没有这个调用", "en": "No such call"}
    message = {"zh": "可用的调用：{calls}。", "en": "The calls are {calls}."}

    def __init__(self) -> None:
        super().__init__(calls=", ".join(sorted(KINDS)))


class _PostOnly(HutongError):
    code = "post_only"
    status = 405
    title = {"zh": "请使用 POST", "en": "Use POST"}
    message = {"zh": "这个地址只接受 POST。", "en": "This address takes POST only."}
