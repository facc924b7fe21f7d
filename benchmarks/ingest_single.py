"""16 connections, one event a request, acknowledged after fsync; beside a bare ASGI + SQLite writer."""

from __future__ import annotations

import statistics

from benchmarks.ingest import rounds
from benchmarks.result import Result


def run(*, quick: bool) -> Result:
    """Events a second, median of the rounds."""
    ours, theirs, slowest = rounds(count=3 if quick else 5, requests=20_000 if quick else 60_000, batch=1, connections=16)
    return Result("ingest_single", "events/s", "bare ASGI + SQLite writer", ours, theirs, {"p99_ms": round(statistics.median(slowest), 2)})
