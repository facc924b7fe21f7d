"""WebSockets that platforms open to us, at the callback address of an account: admitted by its connector and handed over to it."""

from __future__ import annotations

import asyncio
import queue
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from django.db import connection

from hutong.channels import hooks
from hutong.channels.contract import Callback, Connector, WireClosed
from hutong.foundation import clock

if TYPE_CHECKING:
    from granian.rsgi import Scope, WebsocketProtocol

SOCKETS_MAX = 200
FRAME_BYTES_MAX = 8 * 1024 * 1024
FRAMES_WAITING_MAX = 1_000  # beyond that the sender waits
FULL_PAUSE_SECONDS = 0.05
SEND_SECONDS_MAX = 30.0
PREFIX = "/hooks/"
GOING_AWAY, TOO_LARGE = 1001, 1009
CLOSE, BYTES = 0, 1  # granian.rsgi.WebsocketMessageType


class Sockets:
    """Takes them in, one task each."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="sockets")
        self._held: set[Held] = set()

    async def __call__(self, scope: Scope, proto: WebsocketProtocol) -> None:
        """One WebSocket, from its first request to its end."""
        loop = asyncio.get_running_loop()
        found: Connector | int = 503
        if len(self._held) < SOCKETS_MAX:
            found = await loop.run_in_executor(self._pool, _admitted, scope.path, _request(scope))
        if isinstance(found, int):
            proto.close(found)
            return
        transport = await proto.accept()
        held = Held(loop, proto, transport)
        self._held.add(held)
        try:
            found.join(held)
            await held.take_in()
        finally:
            held.end()
            self._held.discard(held)

    def stop(self) -> None:
        """End them all."""
        for held in list(self._held):
            held.close()
        self._pool.shutdown(wait=False)


class Held:
    """One WebSocket, as connectors know it (`contract.Wire`)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, proto: Any, transport: Any) -> None:
        self._loop = loop
        self._proto = proto
        self._transport = transport
        self._frames: queue.Queue[str | bytes | None] = queue.Queue(FRAMES_WAITING_MAX)
        self._is_over = False

    async def take_in(self) -> None:
        """Read until the other side ends it. Where nobody takes the frames, the other side waits."""
        while not self._is_over:
            message = await self._transport.receive()
            if message.kind == CLOSE:
                return
            if len(message.data) > FRAME_BYTES_MAX:
                self._proto.close(TOO_LARGE)
                return
            while self._frames.full() and not self._is_over:  # noqa: ASYNC110 - threads take them, and ring no bell of the loop
                await asyncio.sleep(FULL_PAUSE_SECONDS)
            if not self._is_over:
                self._frames.put_nowait(bytes(message.data) if message.kind == BYTES else message.data)

    def end(self) -> None:
        """It is gone: whoever waits hears of it, after what had come."""
        self._is_over = True
        try:
            self._frames.put_nowait(None)
        except queue.Full:  # found empty later, and over
            return

    def receive(self, timeout_seconds: float) -> str | bytes | None:
        """The next frame; None when nothing came in that time. Raises WireClosed."""
        try:
            found = self._frames.get(timeout=timeout_seconds)
        except queue.Empty:
            if self._is_over:
                raise WireClosed("ended") from None
            return None
        if found is None:
            raise WireClosed("ended")
        return found

    def send(self, text: str) -> None:
        """Raises WireClosed."""
        if self._is_over:
            raise WireClosed("ended")
        try:
            asyncio.run_coroutine_threadsafe(self._sent(text), self._loop).result(SEND_SECONDS_MAX)
        except Exception as error:  # whatever the server says of a connection that is gone
            raise WireClosed(str(error)) from error

    def close(self) -> None:
        """End it."""
        if not self._is_over:
            self._is_over = True
            self._loop.call_soon_threadsafe(self._proto.close, GOING_AWAY)

    async def _sent(self, text: str) -> None:
        await self._transport.send_str(text)


def _admitted(path: str, request: Callback) -> Connector | int:
    try:
        account_id = uuid.UUID(path.removeprefix(PREFIX).strip("/"))
    except ValueError:
        return 404
    try:
        return hooks.admit(account_id, request)
    finally:
        connection.close()


def _request(scope: Scope) -> Callback:
    return Callback(
        method="GET",
        query=dict(parse_qsl(scope.query_string)),
        headers={name.lower(): value for name, value in scope.headers.items()},
        body=b"",
        received_at_ms=clock.now_ms(),
    )
