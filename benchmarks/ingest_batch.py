"""100 events a request over 16 connections, acknowledged after fsync; beside a bare ASGI + SQLite writer."""

from __future__ import annotations

import statistics

from benchmarks.ingest import rounds
from benchmarks.result import Result


def run(*, quick: bool) -> Result:
    """Events a second, median of the rounds."""
    ours, theirs, slowest = rounds(count=3 if quick else 5, requests=1_500 if quick else 5_000, batch=100, connections=16)
    return Result("ingest_batch", "events/s", "bare ASGI + SQLite writer", ours, theirs, {"p99_ms": round(statistics.median(slowest), 2)})
