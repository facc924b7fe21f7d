"""From RSGI to WSGI: Django on a pool of threads. RSGI rather than ASGI because the hot lane is a third dearer there.

A body goes to Django whole: in memory while small, in a temporary file when large, so that a slow sender holds no thread.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from hutong.foundation import gate

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope

THREADS = 4
BODY_IN_MEMORY_BYTES_MAX = 1024 * 1024
STREAM_TIMEOUT_SECONDS = 120

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]


class Bridge:
    """A WSGI application for an RSGI server."""

    def __init__(self, application: Application, *, client_of: Callable[[str], str], body_bytes_max: int) -> None:
        """`client_of` says who is behind the address a connection comes from."""
        self._application = application
        self._client_of = client_of
        self._body_bytes_max = body_bytes_max
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="web")

    async def __call__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """One request."""
        length = scope.headers.get("content-length")
        body: IO[bytes]
        if length is None and scope.method in ("GET", "HEAD", "DELETE", "OPTIONS") and "transfer-encoding" not in scope.headers:
            body, size = io.BytesIO(), 0
        elif length is not None and length.isdigit() and int(length) <= BODY_IN_MEMORY_BYTES_MAX:
            data = await proto()
            body, size = io.BytesIO(data), len(data)
        else:
            body = tempfile.SpooledTemporaryFile(BODY_IN_MEMORY_BYTES_MAX)  # noqa: SIM115 (closed below)
            size = await self._spool(proto, body)
            if size > self._body_bytes_max:
                body.close()
                proto.response_bytes(413, [("content-type", "application/problem+json")], TOO_LARGE)
                return
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._pool, self._respond, loop, proto, _environ(scope, self._client_of(scope.client), body, size))
        finally:
            body.close()

    async def _spool(self, proto: HTTPProtocol, body: IO[bytes]) -> int:
        size = 0
        loop = asyncio.get_running_loop()
        async for part in proto:
            size += len(part)
            if size > self._body_bytes_max:
                break
            if size > BODY_IN_MEMORY_BYTES_MAX:
                await loop.run_in_executor(None, body.write, bytes(part))
            else:
                body.write(bytes(part))
        body.seek(0)
        return size

    def _respond(self, loop: asyncio.AbstractEventLoop, proto: HTTPProtocol, environ: dict[str, Any]) -> None:
        started: list[Any] = []

        def start_response(status: str, headers: Headers, _: Any = None) -> Callable[[bytes], None]:
            started[:] = [int(status[:3]), [(name.lower(), value) for name, value in headers]]
            return _no_write

        with gate.computing():
            parts = self._application(environ, start_response)
        try:
            if getattr(parts, "streaming", False):
                _stream(loop, proto, parts, started)
            else:
                proto.response_bytes(started[0], started[1], b"" if environ["REQUEST_METHOD"] == "HEAD" else b"".join(parts))
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    def stop(self) -> None:
        """Let the requests that run end; take no more."""
        self._pool.shutdown(wait=True)


TOO_LARGE = (
    '{"type":"/problems/too_large","title":"内容过大 / Too large","status":413,"code":"too_large",'
    '"detail":"文件超过上限。/ The body is over the limit.","params":{},"errors":[],"request_id":""}'
).encode()


def _stream(loop: asyncio.AbstractEventLoop, proto: HTTPProtocol, parts: Iterable[bytes], started: list[Any]) -> None:
    transport = proto.response_stream(started[0], started[1])
    for part in parts:
        if part:
            asyncio.run_coroutine_threadsafe(_send(transport, bytes(part)), loop).result(STREAM_TIMEOUT_SECONDS)


async def _send(transport: Any, part: bytes) -> None:
    await transport.send_bytes(part)


def _no_write(_: bytes) -> None:
    raise NotImplementedError("write() of PEP 3333 is not offered")


def _environ(scope: Scope, client: str, body: IO[bytes], size: int) -> dict[str, Any]:
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name != "content-length":
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}" if key in environ and name != "host" else value
    environ["CONTENT_LENGTH"] = str(size)
    return environ
