"""Serves a built console on a port of loopback, with the real headers, and refuses every call of the API."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from hutong.config.static import Console

NO_SESSION = b'{"type":"about:blank","title":"","status":401,"detail":"","code":"no_session","params":{},"request_id":"r-1","errors":[]}'


@dataclass(frozen=True)
class Asked:
    """What the console looks at in a request."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def serving(dist: Path) -> Iterator[str]:
    console = Console(dist)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            return

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith("/api/"):
                self._answer(401, [("content-type", "application/problem+json")], NO_SESSION)
                return
            console(Asked(path), self)

        def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self._answer(status, headers, body)

        def response_str(self, status: int, headers: list[tuple[str, str]], body: str) -> None:
            self._answer(status, headers, body.encode())

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
