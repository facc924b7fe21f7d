"""Wires to pages with a talk open (`POST /w/<account>/stream`): one line whenever there is something new, on the loop, without a thread each."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import msgspec
from django.conf import settings
from django.db import connection

from hutong.channels.contract import Refused
from hutong.channels.site import views, waking

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope

STREAMS_MAX = 2_000
STREAMS_PER_VISITOR_MAX = 10  # tabs
STREAMS_PER_ADDRESS_MAX = 200  # an office shares one
BEAT_SECONDS = 20.0
LASTS_SECONDS = 600.0  # then the page opens another
BODY_BYTES_MAX = 16 * 1024
PREFIX, SUFFIX = "/w/", "/stream"
HEADERS = [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no")]
NEW, BEAT = b"data: new\n\n", b": \n\n"

Headers = list[tuple[str, str]]
T = TypeVar("T")


class Streams:
    """Holds them open."""

    def __init__(self, client_of: Callable[[str], str]) -> None:
        """`client_of` says who is behind the address a connection comes from."""
        self._client_of = client_of
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="streams")
        self._open: dict[waking.Place, int] = {}
        self._addresses: dict[str, int] = {}
        self._stopping = asyncio.Event()

    def takes(self, path: str) -> bool:
        """Whether that path is one of these."""
        return path.startswith(PREFIX) and path.endswith(SUFFIX)

    async def __call__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """One page."""
        length = scope.headers.get("content-length") or ""
        if scope.method not in ("POST", "OPTIONS") or (scope.method == "POST" and (not length.isdigit() or int(length) > BODY_BYTES_MAX)):
            proto.response_empty(400, [])
            return
        body = await proto() if scope.method == "POST" else b""
        origin = scope.headers.get("origin") or ""
        loop = asyncio.get_running_loop()
        status, place = await loop.run_in_executor(self._pool, _let_in, scope.path, origin, bytes(body), scope.method)
        headers: Headers = views.cors(origin) if status != 403 else []
        if place is None:
            proto.response_empty(status, headers)
        elif self._is_full(place, address := _address(scope, self._client_of(scope.client))):
            proto.response_empty(503, [*headers, ("retry-after", "30")])
        else:
            _add(self._open, place, 1)
            _add(self._addresses, address, 1)
            try:
                await self._hold(place, proto, headers)
            finally:
                _add(self._open, place, -1)
                _add(self._addresses, address, -1)

    def _is_full(self, place: waking.Place, address: str) -> bool:
        return (
            sum(self._addresses.values()) >= STREAMS_MAX
            or self._open.get(place, 0) >= STREAMS_PER_VISITOR_MAX
            or self._addresses.get(address, 0) >= STREAMS_PER_ADDRESS_MAX
        )

    async def _hold(self, place: waking.Place, proto: HTTPProtocol, headers: Headers) -> None:
        try:
            with waking.waiting(place) as news:
                transport = proto.response_stream(200, [*HEADERS, *headers])
                gone = asyncio.ensure_future(proto.client_disconnect())
                until = asyncio.get_running_loop().time() + LASTS_SECONDS
                try:
                    await transport.send_bytes(BEAT)
                    while not gone.done() and not self._stopping.is_set() and asyncio.get_running_loop().time() < until:
                        rung = asyncio.ensure_future(news.wait())
                        await asyncio.wait({rung, gone}, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                        rung.cancel()
                        is_new = news.is_set()
                        news.clear()
                        if not gone.done():
                            await transport.send_bytes(NEW if is_new else BEAT)
                finally:
                    gone.cancel()
        except RuntimeError:  # the page went away between two lines
            return

    def stop(self) -> None:
        """End them; on the loop."""
        self._stopping.set()
        for place in list(self._open):
            waking.ring(*place)


def _add(counts: dict[T, int], key: T, by: int) -> None:
    counts[key] = counts.get(key, 0) + by
    if not counts[key]:
        del counts[key]


def _address(scope: Scope, client: str) -> str:
    """Where it comes from, as far as the proxies in front of us can be believed."""
    proxies: int = settings.PROXIES_IN_FRONT
    passed = [part.strip() for part in (scope.headers.get("x-forwarded-for") or "").split(",") if part.strip()]
    return passed[-proxies] if proxies and len(passed) >= proxies else client.rpartition(":")[0]


def _let_in(path: str, origin: str, body: bytes, method: str) -> tuple[int, waking.Place | None]:
    try:
        account_id = uuid.UUID(path.removeprefix(PREFIX).removesuffix(SUFFIX))
        asked = views.decode(body) if method == "POST" else None
        known = views.found(account_id)
        if known is None:
            return 404, None
        account, made = known
        if not made.allows(origin):
            return 403, None
        if asked is None:
            return 204, None
        return 200, (account.pk, made.visitor(asked.visitor, asked.user_token).person.id)
    except (ValueError, msgspec.DecodeError):
        return 422, None
    except Refused:
        return 401, None
    finally:
        connection.close()
