"""The dashboard of one community over 30 days: 8 concurrent readers and one ingesting, p95 over HTTP.

20 million events, 500,000 members, 50 groups. Beside it, as the bound, one reader alone on the same server.
"""

from __future__ import annotations

import itertools
import json
import random
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator

from benchmarks.data import KEY, WORKSPACE_ID, Size, community_id
from benchmarks.load import drive, get
from benchmarks.reading import kept, last_days
from benchmarks.result import Result
from benchmarks.server import serving

READERS = 8
DAYS = 30
EVENTS_PER_SECOND = 500


def run(*, quick: bool) -> Result:
    """p95 milliseconds of a dashboard, median of the rounds."""
    data = kept(quick=quick)
    first, last = last_days(DAYS, quick=quick)
    communities = [community_id(number) for number in range(Size().communities)]
    base = f"/api/workspaces/{WORKSPACE_ID}/reports/overview?from={first}&to={last}&community="
    requests = [get("127.0.0.1", f"{base}{one}", KEY) for one in communities]
    asked = 300 if quick else 1_500
    ours: list[float] = []
    alone: list[float] = []
    with serving(data) as we:
        drive(we.port, iter(requests), connections=1)
        for number in range(3 if quick else 5):
            with Ingesting(we.port):
                ours.append(_p95(we.port, requests, asked, READERS, number))
            alone.append(_p95(we.port, requests, asked // 5, 1, number))
            print(f"round {number + 1}: p95 with {READERS} readers and one ingesting {ours[-1]:.1f} ms, one alone {alone[-1]:.1f} ms", flush=True)
    return Result("dashboard", "ms", "one reader alone, nothing ingested", ours, alone, {"readers": READERS, "ingested_per_s": EVENTS_PER_SECOND})


def _p95(port: int, requests: list[bytes], asked: int, readers: int, seed: int) -> float:
    chance = random.Random(seed)
    _, _, latencies = drive(port, (chance.choice(requests) for _ in range(asked)), connections=readers)
    return statistics.quantiles(latencies, n=20)[18] * 1000


class Ingesting:
    """Sends live messages of the communities' groups at a steady rate until left."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        key = _source(self._port)
        for number in itertools.count():
            if self._stop.wait(0.2):
                return
            _post(self._port, "/v1/batch", key, {"batch": list(_events(number, EVENTS_PER_SECOND // 5))})


def _events(number: int, count: int) -> Iterator[dict[str, object]]:
    for at in range(count):
        yield {
            "type": "track",
            "userId": f"u{(number * count + at) % 2_000}",
            "event": "message_sent",
            "properties": {"text": "大家好"},
            "messageId": f"{time.time_ns()}-{at}",
        }


def _source(port: int) -> str:
    made = _post(port, f"/api/workspaces/{WORKSPACE_ID}/sources", KEY, {"name": "bench", "community_id": str(community_id(0))})
    return str(made["write_key"])


def _post(port: int, path: str, key: str, body: object) -> dict[str, object]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
        return dict(json.load(answer))
