"""Events and calls over one WebSocket, whichever side opened it: an answer is known by its `echo`, everything else is an event."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

import msgspec
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.uri import parse_uri

from hutong.channels.contract import RetryLater, Wire, WireClosed
from hutong.connectors.onebot import calls, wire
from hutong.foundation import clock, ids
from hutong.foundation.http import Egress, Forbidden, tls_context

FRAME_BYTES_MAX = 8 * 1024 * 1024
OPEN_SECONDS_MAX = 10.0
WAITING_MAX = 5_000  # events that came while a call was answered


class Client:
    """A WebSocket that we opened, as a `Wire`."""

    def __init__(self, made: ClientConnection) -> None:
        self._made = made

    def receive(self, timeout_seconds: float) -> str | bytes | None:
        """The next frame; None when nothing came in that time. Raises WireClosed."""
        try:
            return self._made.recv(timeout=timeout_seconds)
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            raise WireClosed(str(error)) from error

    def send(self, text: str) -> None:
        """Raises WireClosed."""
        try:
            self._made.send(text)
        except ConnectionClosed as error:
            raise WireClosed(str(error)) from error

    def close(self) -> None:
        """Close it."""
        self._made.close()


def opened(http: Egress, url: str, token: str) -> Wire:
    """A connection to the program. Raises what the runtime acts on."""
    try:
        uri = parse_uri(url)
        if uri.username:
            raise InvalidURI(url, "it holds a user name")
    except (InvalidURI, ValueError) as error:
        raise Forbidden(
            "OneBot 地址要形如 ws://192.168.1.5:3001，不含用户名和密码。",
            "The address must look like ws://192.168.1.5:3001 and hold no user name or password.",
        ) from error
    plain = http.open_socket(uri.host, uri.port)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        made = connect(
            url,
            sock=plain,
            ssl=tls_context() if uri.secure else None,
            server_hostname=uri.host if uri.secure else None,
            additional_headers=headers,
            open_timeout=OPEN_SECONDS_MAX,
            max_size=FRAME_BYTES_MAX,
            compression=None,
            proxy=None,
            close_timeout=1,
            legacy=True,
        )
    except InvalidStatus as error:
        plain.close()
        status = error.response.status_code
        raise calls.refused_token() if status in (401, 403) else calls.not_there(status) from error
    except (InvalidHandshake, WebSocketException, OSError, EOFError, TimeoutError) as error:
        plain.close()
        raise calls.not_there() from error
    return Client(made)


class Talk:
    """One connection. The thread that reads it takes answers to its own calls from the stream; others wait for theirs."""

    def __init__(self, made: Wire) -> None:
        self._wire = made
        self._reader: int | None = None  # the thread that reads; None: whoever calls
        self._events: deque[str | bytes] = deque(maxlen=WAITING_MAX)
        self._waiting: dict[str, threading.Event] = {}
        self._answers: dict[str, wire.Reply] = {}
        self.is_over = False

    def read_here(self) -> None:
        """From now on this thread reads."""
        self._reader = threading.get_ident()

    def next(self, timeout_seconds: float) -> str | bytes | None:
        """The next event; None when none came in that time. Raises WireClosed, NeedsReconnect."""
        if self._events:
            return self._events.popleft()
        self._pump(timeout_seconds)
        return self._events.popleft() if self._events else None

    def call(self, action: str, params: dict[str, Any], *, timeout_seconds: float) -> wire.Reply:
        """The answer to a call. Raises RetryLater where it did not go out, InDoubt where no answer came."""
        echo = ids.new().hex
        done = threading.Event()
        self._waiting[echo] = done
        try:
            try:
                self._wire.send(msgspec.json.encode({"action": action, "params": params, "echo": echo}).decode())
            except WireClosed as error:
                self.over()
                raise broken() from error
            self._wait(done, action, until=clock.monotonic_seconds() + timeout_seconds)
            found = self._answers.pop(echo, None)
            if found is None:
                raise calls.lost(action)
            return found
        finally:
            self._waiting.pop(echo, None)

    def over(self) -> None:
        """The connection is gone: nobody waits any longer."""
        self.is_over = True
        for one in list(self._waiting.values()):
            one.set()
        self._wire.close()

    def _wait(self, done: threading.Event, action: str, *, until: float) -> None:
        if self._reader not in (None, threading.get_ident()):
            done.wait(max(0.0, until - clock.monotonic_seconds()))
            return
        while not done.is_set() and (left := until - clock.monotonic_seconds()) > 0:
            try:
                self._pump(min(left, 1.0))
            except WireClosed as error:
                self.over()
                raise calls.lost(action) from error

    def _pump(self, timeout_seconds: float) -> None:
        frame = self._wire.receive(timeout_seconds)
        if frame is None:
            return
        found = _answer(frame)
        if found is None:
            self._events.append(frame)
            return
        waiting = self._waiting.get(found.echo) if isinstance(found.echo, str) else None
        if waiting is not None:
            self._answers[found.echo] = found
            waiting.set()
        elif found.retcode in (1401, 1403):  # said on a connection that was let in before its token was looked at
            raise calls.refused_token()


def broken() -> RetryLater:
    """The connection ended."""
    return RetryLater("与 OneBot 程序的连接断开了，会自动重连。", "The connection to the program ended. It is opened again by itself.")


def silent() -> RetryLater:
    """The connection is open, and nothing comes by it, not even an answer."""
    return RetryLater(
        "OneBot 程序没有任何动静，也不回答询问，已断开重连。请检查程序是否还在运行。",
        "The program says nothing and answers no question; the connection is opened again. Check that the program still runs.",
    )


def _answer(frame: str | bytes) -> wire.Reply | None:
    """An answer to a call; None for an event or something else."""
    if (b'"retcode"' if isinstance(frame, bytes) else '"retcode"') not in frame:  # type: ignore[operator]
        return None
    try:
        found = wire.reply(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.status else None
