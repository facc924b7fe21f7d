"""A program of somebody's own: an HTTP server that checks signatures with the standardwebhooks package and shows each message once."""

from __future__ import annotations

import datetime as dt
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from standardwebhooks import Webhook, WebhookVerificationError

from hutong.channels.contract import Callback, Chat, Settings
from hutong.connectors.webhook import signing
from hutong.foundation import clock
from tests.connectors.peer import Peer, Trouble

ANSWERS: dict[str, tuple[int, dict[str, str]]] = {"slow_down": (429, {"Retry-After": "7"}), "revoked": (410, {}), "gone": (404, {})}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        peer: WebhookPeer = self.server.peer  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, headers, answer = peer.taken(dict(self.headers.items()), body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # the other side was killed
            super().handle_error(request, client_address)


class WebhookPeer(Peer):
    def __init__(self) -> None:
        self.secret = signing.make_secret()
        self.shown: dict[str, dict[str, Any]] = {}  # by webhook-id, in order
        self.calls: list[str] = []
        self.types: list[str] = []
        self.meets: list[tuple[int, dict[str, str]]] = []
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.peer = self  # type: ignore[attr-defined]
        self._lock = threading.Lock()

    def taken(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], Any]:
        try:
            told = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            return 401, {}, {}
        with self._lock:
            webhook_id = {name.lower(): value for name, value in headers.items()}["webhook-id"]
            self.calls.append(webhook_id)
            if told["type"] == "ping":
                return 200, {}, {}
            if self.meets:
                return (*self.meets.pop(0), {})
            self.types.append(told["type"])
            self.shown.setdefault(webhook_id, told["data"])
            return 200, {}, {"message_id": f"w{list(self.shown).index(webhook_id) + 1}"}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    @property
    def settings(self) -> Settings:
        return {"url": self.url, "secret": self.secret, "previous_secret": ""}

    def wrong(self) -> dict[str, Settings]:
        return {
            "another secret": {**self.settings, "secret": signing.make_secret()},
            "no secret": {**self.settings, "secret": "swordfish-swordfish"},
            "nobody there": {**self.settings, "url": "http://127.0.0.1:9/"},
            "no such host": {**self.settings, "url": "http://no-such-host.invalid/"},
        }

    @property
    def chat(self) -> Chat:
        return Chat(id="room-1", kind="group", name="一群")

    def arrived(self) -> list[str]:
        return [data["text"] for data in self.shown.values()]

    def meet(self, trouble: Trouble) -> bool:
        self.meets.append(ANSWERS[trouble])
        return True

    def signed(self, body: bytes, *, webhook_id: str = "msg_1", at: float | None = None, secret: str = "") -> Callback:
        timestamp = int(time.time() if at is None else at)
        signature = Webhook(secret or self.secret).sign(webhook_id, dt.datetime.fromtimestamp(timestamp, dt.UTC), body.decode())
        headers = {"webhook-id": webhook_id, "webhook-timestamp": str(timestamp), "webhook-signature": signature}
        return Callback("POST", {}, headers, body, clock.now_ms())

    def callback(self, text: str) -> Callback:
        data = {
            "chat": {"id": "room-1", "kind": "group", "name": "一群"},
            "actor": {"id": "u1", "name": "小明"},
            "message": {"id": "m1", "text": text},
        }
        return self.signed(json.dumps({"type": "message.new", "timestamp": clock.now().isoformat(), "data": data}).encode())

    def forged(self) -> dict[str, Callback]:
        good = self.callback("x")
        headers = dict(good.headers)
        return {
            "another secret": self.signed(good.body, secret=signing.make_secret()),
            "another body": msgspec.structs.replace(good, body=good.body.replace(b"u1", b"u2")),
            "another id": msgspec.structs.replace(good, headers={**headers, "webhook-id": "msg_2"}),
            "too old": self.signed(good.body, at=time.time() - 301),
            "too new": self.signed(good.body, at=time.time() + 301),
            "unsigned": msgspec.structs.replace(good, headers={}),
            "asymmetric": msgspec.structs.replace(
                good, headers={**headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v1a,")}
            ),
            "odd time": msgspec.structs.replace(good, headers={**headers, "webhook-timestamp": "1e9"}),
            "get": msgspec.structs.replace(good, method="GET"),
        }


@contextmanager
def start() -> Iterator[WebhookPeer]:
    """The program, listening."""
    made = WebhookPeer()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
