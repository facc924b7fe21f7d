"""The door: it listens on the port, answers plain calls of the hot lane itself, and passes every other connection on to the server.

A call that goes through the server costs the interpreter twice as much as its event: a task, two futures, and the lock handed to and fro
between the server's threads and ours. The door takes only calls whose head it knows to the last byte; whatever is unusual about one
(another method or version, a body of unknown length, a doubtful header) is for the server to judge, and its connection with it.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import re
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import cast

from hutong.events.ingest.calls import CALL_BYTES_MAX
from hutong.events.ingest.lane import Call, Headers
from hutong.foundation import clock

BACKLOG = 1024
HEAD_BYTES_MAX = 16 * 1024
CALL_SECONDS_MAX = 30  # for a call to come in whole
IDLE_SECONDS_MAX = 120  # between two calls
SWEEP_SECONDS = 5
STEP_SECONDS = 0.05

BEGINNING = b"POST /v1/"
_HEAD = re.compile(rb"POST (/v1/[a-z]+)(?:\?([!-~]*))? HTTP/1\.1\r\n((?:[a-zA-Z0-9-]+:[ -~\x80-\xff]*\r\n)+)\r\n")
_LINE = re.compile(rb"([^:\r\n]+): *([^\r\n]*?) *\r\n")
FOR_THE_SERVER = frozenset({"transfer-encoding", "expect", "upgrade", "trailer", "te"})

Loop = asyncio.AbstractEventLoop
logger = logging.getLogger("hutong.door")


class Door:
    """Listens, and knows who is behind each connection it passed on."""

    def __init__(self, take: Callable[[Call], None], *, inner_port: int) -> None:
        """`take` answers a call; the server listens on `inner_port` of loopback."""
        self.take = take
        self.inner_port = inner_port
        self.guests: set[Guest] = set()
        self.is_closing = False
        self._behind: dict[str, str] = {}  # our side of a connection to the server -> whose it is
        self._server: asyncio.Server | None = None
        self._sweeping: asyncio.TimerHandle | None = None

    async def open(self, host: str, port: int) -> None:
        """Listen; raises OSError where it cannot."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Guest(self, loop), host, port, backlog=BACKLOG)
        self._sweep()

    def client_of(self, address: str) -> str:
        """Who is behind a connection that the server sees from that address (`host:port`)."""
        return self._behind.get(address, address)

    def shut(self) -> None:
        """Take nobody new."""
        self.is_closing = True
        if self._server is not None:
            self._server.close()
        if self._sweeping is not None:
            self._sweeping.cancel()

    async def close(self, *, timeout_seconds: float) -> None:
        """The server has ended: give calls under way that long, and end all other connections."""
        self.shut()
        until = clock.monotonic_seconds() + timeout_seconds
        while self.guests and clock.monotonic_seconds() < until:
            for guest in list(self.guests):
                guest.close_if_idle()
            await asyncio.sleep(STEP_SECONDS)
        for guest in list(self.guests):
            guest.abort()

    def _sweep(self) -> None:
        now = clock.monotonic_seconds()
        for guest in list(self.guests):
            guest.close_if_late(now)
        self._sweeping = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)

    def pass_on(self, ours: str, client: str) -> None:
        """Remember whose a connection to the server is."""
        self._behind[ours] = client

    def forget(self, ours: str) -> None:
        """It is over."""
        self._behind.pop(ours, None)


class Guest(asyncio.Protocol):
    """One connection: a caller of the hot lane, until something else comes by it."""

    def __init__(self, door: Door, loop: Loop) -> None:
        self._door = door
        self._loop = loop
        self._transport: asyncio.Transport
        self._buffer = b""
        self._is_answering = False
        self._passage: Passage | None = None
        self._is_passed_on = False
        self._has_ended = False  # they send no more
        self._is_paused = False
        self._since = clock.monotonic_seconds()  # when what is awaited now began

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        self._transport = cast(asyncio.Transport, transport)
        self._door.guests.add(self)

    def data_received(self, data: bytes) -> None:
        """Bytes of theirs."""
        if self._passage is not None:
            self._passage.write(data)
            return
        if not self._buffer:
            self._since = clock.monotonic_seconds()
        self._buffer = self._buffer + data if self._buffer else data
        if self._is_answering or self._is_passed_on:
            if len(self._buffer) > HEAD_BYTES_MAX and not self._is_paused:
                self._is_paused = True
                self._transport.pause_reading()
        else:
            self._read()

    def _read(self) -> None:
        """Take the next call where it is there whole."""
        buffer = self._buffer
        if not buffer.startswith(BEGINNING):
            if BEGINNING.startswith(buffer):
                self._close_if_ended()
            else:
                self._pass_on()
            return
        end = buffer.find(b"\r\n\r\n") + 4
        if end < 4:
            if len(buffer) > HEAD_BYTES_MAX:
                self._pass_on()
            else:
                self._close_if_ended()
            return
        call = _head(buffer[:end], self._answer)
        if call is None:
            self._pass_on()
            return
        size = end + int(call.headers["content-length"])
        if len(buffer) < size:
            self._close_if_ended()
            return
        call.body = buffer[end:size]
        self._buffer = buffer[size:]
        self._is_answering = True
        try:
            self._door.take(call)
        except Exception:
            logger.exception("call failed")
            self._answer(500, [], b"")

    def _answer(self, status: int, headers: Headers, body: bytes) -> None:
        self._is_answering = False
        self._since = clock.monotonic_seconds()
        if self._transport.is_closing():
            return
        self._transport.write(b"%b%b%d\r\n\r\n%b" % (_beginning(status, tuple(headers)), _date(int(clock.now_ms() // 1000)), len(body), body))
        if self._door.is_closing:
            self._transport.close()
        elif self._buffer:
            self._resume_reading()
            self._loop.call_soon(self._go_on)
        else:
            self._close_if_ended()

    def _resume_reading(self) -> None:
        if self._is_paused:
            self._is_paused = False
            self._transport.resume_reading()

    def _close_if_ended(self) -> None:
        if self._has_ended:
            self._transport.close()

    def _go_on(self) -> None:
        if not (self._is_answering or self._is_passed_on or self._transport.is_closing()):
            self._read()

    def _pass_on(self) -> None:
        self._is_passed_on = True
        if not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        host, port = self._transport.get_extra_info("peername")[:2]
        task = self._loop.create_task(self._connect(f"{host}:{port}"))
        task.add_done_callback(_said_why)

    async def _connect(self, client: str) -> None:
        try:
            _, passage = await self._loop.create_connection(lambda: Passage(self._door, self._transport, client), "127.0.0.1", self._door.inner_port)
        except OSError:
            self._transport.abort()
            return
        if self._transport.is_closing():
            passage.close()
            return
        self._passage = passage
        buffer, self._buffer = self._buffer, b""
        passage.write(buffer)
        if self._has_ended:
            passage.end()
        else:
            self._resume_reading()

    def eof_received(self) -> bool:
        """They send no more, and may still read."""
        self._has_ended = True
        if self._passage is not None:
            self._passage.end()
        if self._buffer:  # a last call, or a piece of one
            self._loop.call_soon(self._go_on)
        return self._is_answering or self._is_passed_on or bool(self._buffer)

    def pause_writing(self) -> None:
        """They read slowly."""
        if self._passage is not None:
            self._passage.pause()

    def resume_writing(self) -> None:
        """They have caught up."""
        if self._passage is not None:
            self._passage.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._door.guests.discard(self)
        if self._passage is not None:
            self._passage.close()

    def close_if_idle(self) -> None:
        """End it where nothing is under way; the server hears of the end and has its last word."""
        if self._passage is not None:
            self._passage.end()
        elif not self._is_answering:
            self._transport.close()

    def close_if_late(self, now: float) -> None:
        """End it where a call does not come in whole, or none comes."""
        if not self._is_answering and not self._is_passed_on and now - self._since > (CALL_SECONDS_MAX if self._buffer else IDLE_SECONDS_MAX):
            self._transport.close()

    def abort(self) -> None:
        """End it now."""
        self._transport.abort()


class Passage(asyncio.Protocol):
    """The other half of a connection that was passed on: from us to the server."""

    def __init__(self, door: Door, guest: asyncio.Transport, client: str) -> None:
        self._door = door
        self._guest = guest
        self._client = client
        self._ours = ""
        self._is_ending = self._has_ended = False  # our side, the server's
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The server listens."""
        self._transport = cast(asyncio.Transport, transport)
        host, port = transport.get_extra_info("sockname")[:2]
        self._ours = f"{host}:{port}"
        self._door.pass_on(self._ours, self._client)

    def data_received(self, data: bytes) -> None:
        """An answer."""
        self._guest.write(data)

    def eof_received(self) -> bool:
        """The server sends no more."""
        self._has_ended = True
        if self._is_ending:
            return False
        if not self._guest.is_closing():
            self._guest.write_eof()
        return True

    def pause_writing(self) -> None:
        """The server takes no more for now."""
        self._guest.pause_reading()

    def resume_writing(self) -> None:
        """It does again."""
        self._guest.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server has ended it."""
        self._door.forget(self._ours)
        self._guest.close()

    def write(self, data: bytes) -> None:
        """Bytes for the server."""
        self._transport.write(data)

    def end(self) -> None:
        """No more bytes come."""
        if self._is_ending:
            return
        self._is_ending = True
        if self._has_ended:
            self._transport.close()
        elif not self._transport.is_closing():
            self._transport.write_eof()

    def pause(self) -> None:
        """Read no answers for now."""
        self._transport.pause_reading()

    def resume(self) -> None:
        """Read them again."""
        self._transport.resume_reading()

    def close(self) -> None:
        """End it."""
        self._transport.close()


def _said_why(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("connection not passed on", exc_info=task.exception())


@functools.lru_cache(maxsize=500)
def _known_head(head: bytes) -> tuple[str, str, dict[str, str]] | None:
    """The path, query and headers of a head without any doubt in it. A caller's heads are mostly the same."""
    match = _HEAD.fullmatch(head)
    if match is None:
        return None
    path, query, lines = match.groups()
    headers: dict[str, str] = {}
    for name, value in _LINE.findall(lines):
        said = name.decode("ascii").lower()
        if said in headers or said in FOR_THE_SERVER:
            return None
        headers[said] = value.decode("latin-1")
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 8 and int(length) <= CALL_BYTES_MAX and "host" in headers):
        return None
    if headers.get("connection", "keep-alive").lower() != "keep-alive":
        return None
    return path.decode("ascii"), (query or b"").decode("ascii"), headers


def _head(head: bytes, answer: Callable[[int, Headers, bytes], None]) -> Call | None:
    known = _known_head(head)
    return None if known is None else Call("POST", *known, b"", answer)


@functools.lru_cache(maxsize=200)
def _beginning(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}".encode("latin-1")


@functools.lru_cache(maxsize=4)
def _date(seconds: int) -> bytes:
    return f"date: {formatdate(seconds, usegmt=True)}\r\ncontent-length: ".encode()
