"""The world on the wire: a WebSocket server, a WebSocket client that connects to us, and HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.server import Request, Response, ServerConnection, serve

from tests.connectors.onebot.world import World


def _hold(world: World, link: Any, *, is_counted: bool = False) -> None:
    """Events out, calls in, until the connection ends."""

    def emit(event: dict[str, Any]) -> None:
        try:
            link.send(json.dumps(event, ensure_ascii=False))
        except ConnectionClosed:
            if emit in world.emitters:
                world.emitters.remove(emit)

    emit(world.lifecycle())
    world.emitters.append(emit)
    world.coming -= is_counted
    try:
        for frame in link:
            call = json.loads(frame)
            answer = world.answer(call["action"], call["params"])
            if not world.is_frozen and (not world.is_mute or call["action"].startswith("get_")):
                link.send(json.dumps({**answer, "echo": call["echo"]}, ensure_ascii=False))
    except ConnectionClosed:
        pass
    finally:
        if emit in world.emitters:
            world.emitters.remove(emit)


@contextmanager
def forward(world: World, *, is_late: bool = False) -> Iterator[str]:
    """The program's WebSocket server. `is_late`: lets anybody in and says only then that the token is wrong, as NapCat does."""

    def let_in(connection: ServerConnection, request: Request) -> Response | None:
        if is_late or request.headers.get("Authorization") == f"Bearer {world.token}":
            world.coming += not is_late
            return None
        return connection.respond(HTTPStatus.UNAUTHORIZED, "")

    def handle(connection: ServerConnection) -> None:
        assert connection.request is not None
        if connection.request.headers.get("Authorization") != f"Bearer {world.token}":
            connection.send(json.dumps({"status": "failed", "retcode": 1403, "data": None, "message": "token验证失败", "echo": None}))
            return
        _hold(world, connection, is_counted=not is_late)

    with serve(handle, "127.0.0.1", 0, process_request=let_in, max_size=64 * 1024 * 1024) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()


def reverse(world: World, url: str, *, token: str | None = None, number: int | None = None) -> threading.Thread:
    """The program's WebSocket client, in a thread of its own; ends when the connection does."""
    headers = {
        "Authorization": f"Bearer {world.token if token is None else token}",
        "X-Self-ID": str(number or world.me),
        "X-Client-Role": "Universal",
    }
    link = connect(url, additional_headers=headers, proxy=None, max_size=64 * 1024 * 1024, legacy=True)
    thread = threading.Thread(target=_hold, args=(world, link), daemon=True)
    thread.start()
    return thread


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        world: World = self.server.world  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = 200, b""
        if self.headers.get("Authorization") != f"Bearer {world.token}":
            status = 403
        elif world.faults and world.faults[0].get("http"):
            status = world.faults.pop(0)["http"]
        else:
            answer = json.dumps(world.answer(self.path.strip("/"), json.loads(body))).encode()
        if world.is_mute and not self.path.startswith("/get_"):
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@contextmanager
def http(world: World) -> Iterator[str]:
    """The program's HTTP API."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.world = world  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def signed(event: dict[str, Any] | bytes, secret: str, *, number: str) -> tuple[bytes, dict[str, str]]:
    """A callback: body and headers."""
    body = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return body, {"content-type": "application/json", "x-self-id": number, "x-signature": f"sha1={signature}"}
