"""The hot lane's HTTP: `POST /v1/{batch,identify,track,page,screen,group,alias}`."""

from __future__ import annotations

import asyncio
import base64
import binascii
import gzip
import io
import json
import logging
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

logger = logging.getLogger("hutong.ingest")

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


Answer = Callable[[int, Headers, bytes], None]


@dataclass(slots=True)
class Call:
    """One request under /v1/, whole. `answer` is called once, on the loop; names of headers are lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    answer: Answer


class Lane:
    """Reads a call, hands its events to the writer, answers after the commit. On the loop, without a task for each call."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.rejected = 0

    async def __call__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """One request under /v1/ that came by the server; the door (config.door) takes plain ones itself."""
        answered: asyncio.Future[tuple[int, Headers, bytes]] = asyncio.get_running_loop().create_future()
        headers = dict(scope.headers.items())

        def answer(status: int, headers: Headers, body: bytes) -> None:
            if not answered.done():
                answered.set_result((status, headers, body))

        call = Call(scope.method, scope.path, scope.query_string, headers, b"", answer)
        try:
            if scope.method == "POST":
                call.body = await _body(headers, proto)
        except HutongError as error:
            _refuse(call, error)
        else:
            self.take(call)
        status, said, body = await answered
        if body:
            proto.response_bytes(status, said, body)
        else:
            proto.response_empty(status, said)

    def take(self, call: Call) -> None:
        """Answer a call, at once or when its events are on disk."""
        try:
            self._take(call)
        except HutongError as error:
            _refuse(call, error)

    def _take(self, call: Call) -> None:
        kind = KINDS.get(call.path.rstrip("/"))
        if call.method == "OPTIONS":
            call.answer(204, _CORS, b"")
            return
        if kind is None:
            raise _NoSuchCall()
        if call.method != "POST":
            raise _PostOnly(headers={"Allow": "POST, OPTIONS"})
        encoding = call.headers.get("content-encoding")
        if encoding is not None and encoding != "identity":
            call.body = _inflate(call.body, encoding.strip().lower())
        key: Any = _key_of(call.headers.get("authorization") or "") or _key_of_query(call.query)
        batch = _envelope(call.body) if kind == "batch" else None
        if not key:
            key = batch.write_key if batch else _write_key(call.body)
        if type(key) is not str or not key:
            raise reasons.BadWriteKey()
        known, place = places.fresh_place_of(key)
        if known:
            self._placed(call, kind, batch, place)
            return
        looking = asyncio.get_running_loop().run_in_executor(None, places.place_of, key)
        looking.add_done_callback(lambda found: self._looked_up(call, kind, batch, found))

    def _looked_up(self, call: Call, kind: str, batch: calls.Envelope | None, found: asyncio.Future[places.Place | None]) -> None:
        try:
            self._placed(call, kind, batch, found.result())
        except HutongError as error:
            _refuse(call, error)
        except Exception:  # nobody above this callback would answer
            logger.exception("call failed")
            _refuse(call, reasons.StoreFailed())

    def _placed(self, call: Call, kind: str, batch: calls.Envelope | None, place: places.Place | None) -> None:
        if place is None:
            raise reasons.BadWriteKey()
        if batch is not None:
            self._batch(call, batch, place)
            return
        try:
            event = calls.read_raw(call.body, place=place, received_ms=clock.now_ms(), kind=kind)
        except calls.Refused as refused:
            self.rejected += 1
            raise reasons.EventRefused(reason=refused.code, **refused.params) from refused
        self._write(call, place, [event], [])

    def _batch(self, call: Call, batch: calls.Envelope, place: places.Place) -> None:
        if len(batch.batch) > calls.EVENTS_PER_CALL_MAX:
            raise reasons.CallTooLarge()
        received_ms = clock.now_ms()
        sent_at = calls.sent_moment(batch.sent_at)
        language = _language(call)
        events: list[calls.Tracked] = []
        rejected: list[dict[str, Any]] = []
        for index, raw in enumerate(batch.batch):
            try:
                events.append(calls.read_raw(raw, place=place, received_ms=received_ms, sent_at=sent_at))
            except calls.Refused as refused:
                rejected.append(_rejection(index, raw, refused, language))
        self.rejected += len(rejected)
        if events:
            self._write(call, place, events, rejected)
        else:
            call.answer(200, _JSON, _said(0, 0, rejected))

    def _write(self, call: Call, place: places.Place, events: list[calls.Tracked], rejected: list[dict[str, Any]]) -> None:
        def written(result: tuple[int, int] | None, error: HutongError | None) -> None:
            if result is None:
                _refuse(call, error or reasons.StoreFailed())
            elif result == (1, 0) and not rejected:
                call.answer(200, _JSON, _ONE)
            else:
                call.answer(200, _JSON, _said(*result, rejected))

        self.writer.put(Command(place.workspace_id, events, asyncio.get_running_loop(), written))


def _said(accepted: int, duplicates: int, rejected: list[dict[str, Any]]) -> bytes:
    return _encode({"success": not rejected, "accepted": accepted, "duplicates": duplicates, "rejected": rejected[:REJECTED_LISTED_MAX]})


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


async def _body(headers: Mapping[str, str], proto: HTTPProtocol) -> bytes:
    """The body as it came, within its limit."""
    length = headers.get("content-length")
    if length is not None and length.isdigit():
        if int(length) > calls.CALL_BYTES_MAX:
            raise reasons.CallTooLarge()
        whole: bytes = await proto()
        return whole
    parts, size = [], 0
    async for part in proto:
        size += len(part)
        if size > calls.CALL_BYTES_MAX:
            raise reasons.CallTooLarge()
        parts.append(part)
    return b"".join(parts)


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


def _language(call: Call) -> str:
    return "en" if (call.headers.get("accept-language") or "")[:2].lower() == "en" else "zh"


def _refuse(call: Call, error: HutongError) -> None:
    language = _language(call)
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
    call.answer(error.status, headers, json.dumps(body, ensure_ascii=False).encode())


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
