"""The bound of ingest: a bare ASGI application and one SQLite writer with group commit, synchronous=FULL. No checks, no people."""

from __future__ import annotations

import argparse
import asyncio
import signal
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pysqlite3
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

COMMIT_ROWS_MAX = 4_000
READERS = 4


class Bare:
    """Takes `{"batch": [...]}` or one event; stores (id, body) under a unique id; replies after the commit."""

    def __init__(self, path: Path) -> None:
        self._queue: deque[tuple[list[Any], asyncio.AbstractEventLoop, asyncio.Future[None]]] = deque()
        self._wake = threading.Condition()
        self._path = path
        self._readers = ThreadPoolExecutor(READERS)
        self._local = threading.local()
        threading.Thread(target=self._run, daemon=True).start()

    def _read(self, number: int) -> bytes:
        db = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = pysqlite3.connect(str(self._path))
        row = db.execute("SELECT id, name, body FROM member WHERE id = ?", (number,)).fetchone()
        return msgspec.json.encode({"id": row[0], "name": row[1], "body": row[2]})

    def _run(self) -> None:
        db = pysqlite3.connect(str(self._path), isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, body BLOB)")
        db.execute("CREATE TABLE IF NOT EXISTS member (id INTEGER PRIMARY KEY, name TEXT, body TEXT)")
        db.executemany("INSERT OR IGNORE INTO member VALUES (?, ?, ?)", [(number, f"成员 {number}", "x" * 800) for number in range(1_000)])
        encode = msgspec.json.Encoder().encode
        while True:
            with self._wake:
                while not self._queue:
                    self._wake.wait()
                taken, rows = [], 0
                while self._queue and rows < COMMIT_ROWS_MAX:
                    one = self._queue.popleft()
                    taken.append(one)
                    rows += len(one[0])
            db.execute("BEGIN IMMEDIATE")
            db.executemany(
                "INSERT OR IGNORE INTO log (id, body) VALUES (?, ?)", [(e["messageId"], encode(e)) for events, _, _ in taken for e in events]
            )
            db.execute("COMMIT")
            taken[0][1].call_soon_threadsafe(_reply, [future for _, _, future in taken])

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            message = await receive()
            body = message.get("body", b"")
            while message.get("more_body"):
                message = await receive()
                body += message.get("body", b"")
            call = msgspec.json.decode(body)
            loop = asyncio.get_running_loop()
            future: asyncio.Future[None] = loop.create_future()
            with self._wake:
                self._queue.append((call.get("batch", [call]), loop, future))
                self._wake.notify()
            await future
        elif scope["path"].startswith("/row/"):
            body = await asyncio.get_running_loop().run_in_executor(self._readers, self._read, int(scope["path"][5:]))
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
            await send({"type": "http.response.body", "body": body})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b'{"success":true}'})


def _reply(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


async def _serve(host: str, port: int, path: Path) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    server = Server(Bare(path), address=host, port=port, interface=Interfaces.ASGINL, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    await stopping.wait()
    server.stop()
    await asyncio.wait({serving}, timeout=5)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--store", type=Path)
    chosen = parser.parse_args()
    uvloop.run(_serve(chosen.host, chosen.port, chosen.store))
