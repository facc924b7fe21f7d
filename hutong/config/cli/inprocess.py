"""The stores opened by the command itself: the same application, answered without a socket, with jobs and subscribers running."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from hutong.config.cli.words import note
from hutong.foundation import datalock

LOCK_WAIT_SECONDS = 10.0
STOP_SECONDS = 20.0


class _Body(io.RawIOBase):
    """A request's body as a file, read as it is made, so that a large upload does not grow the process."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            try:
                self._rest = next(self._chunks)
            except StopIteration:
                return 0
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


class InProcess(httpx.BaseTransport):
    """Hands requests to a WSGI application."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, its body streamed."""
        length = request.headers.get("Content-Length", "0")
        environ: dict[str, Any] = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BufferedReader(_Body(request.stream)),  # type: ignore[arg-type]
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": httpx.URL(request.url).path,
            "QUERY_STRING": request.url.query.decode("ascii"),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": length,
        }
        for name, value in request.headers.items():
            if name.lower() not in ("content-type", "content-length"):
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        environ["HTTP_HOST"] = "127.0.0.1"
        started: list[Any] = []
        answer = self._application(environ, lambda status, headers, *_error: started.extend((status, headers)))
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return httpx.Response(int(started[0].split()[0]), headers=started[1], content=body)


@contextmanager
def stores(folder: Path) -> Iterator[InProcess]:
    """Own the data folder, serve the application within, and leave with nothing undone."""
    with datalock.hold(folder, wait_seconds=LOCK_WAIT_SECONDS):
        from hutong.config import migrating

        if not (folder / "hutong.db").exists():
            note(f"新建数据目录：{folder}", f"Making a new data folder: {folder}")
        migrating.bring_up_to_date()
        import hutong.config.api  # noqa: F401 - installs permissions, events, subscribers and the schedule
        from hutong.config.wsgi import application
        from hutong.events import subscribers
        from hutong.events.warehouse import engine
        from hutong.foundation.jobs.worker import Worker

        runner = subscribers.Runner(pressure=lambda: 0.0)
        jobs = Worker(threads=2)
        gc.freeze()  # the code stays: the collector need not walk over it again and again
        runner.start()
        jobs.start()
        try:
            yield InProcess(application)
        finally:
            jobs.stop(STOP_SECONDS)
            runner.stop(timeout_seconds=STOP_SECONDS)
            subscribers.drain()
            engine.close()
