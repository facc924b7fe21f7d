"""One member over HTTP with an API key, 16 connections; beside a bare server that reads one SQLite row on the same number of threads."""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import urllib.request

from benchmarks.load import drive, get
from benchmarks.result import Result
from benchmarks.server import folder, prepare, serving

MEMBERS = 200


def run(*, quick: bool) -> Result:
    """Requests a second, median of the rounds."""
    count, requests = (3, 3_000) if quick else (5, 12_000)
    ours: list[float] = []
    theirs: list[float] = []
    slowest: list[float] = []
    with folder() as data, folder() as bare:
        keys = prepare(data)
        command = [sys.executable, "-m", "benchmarks.bare", "--store", str(bare / "bare.db")]
        with serving(data) as we, serving(bare, command=command, path="/") as they:
            base = f"/api/workspaces/{keys['workspace']}/members"
            members = [_create(we.port, base, keys["api_key"], number) for number in range(MEMBERS)]
            paths = [get("127.0.0.1", f"{base}/{member}", keys["api_key"]) for member in members]
            rows = [get("127.0.0.1", f"/row/{number}", "x") for number in range(MEMBERS)]
            drive(we.port, itertools.islice(itertools.cycle(paths), 500), connections=16)
            drive(they.port, itertools.islice(itertools.cycle(rows), 500), connections=16)
            for number in range(count):
                answered, seconds, latencies = drive(we.port, itertools.islice(itertools.cycle(paths), requests), connections=16)
                ours.append(answered / seconds)
                slowest.append(sorted(latencies)[int(len(latencies) * 0.99)] * 1000)
                answered, seconds, _ = drive(they.port, itertools.islice(itertools.cycle(rows), requests), connections=16)
                theirs.append(answered / seconds)
                print(f"round {number + 1}: ours {ours[-1]:,.0f}/s, bare {theirs[-1]:,.0f}/s", flush=True)
    return Result("api_read", "requests/s", "bare server, one SQLite row", ours, theirs, {"p99_ms": round(statistics.median(slowest), 1)})


def _create(port: int, base: str, key: str, number: int) -> str:
    body = json.dumps({"name": f"成员 {number}"}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{base}", data=body, headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
        return str(json.load(answer)["id"])
