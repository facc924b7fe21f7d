"""Exact daily actives over 180 days and the retention triangle, uncached, over HTTP; beside the same SQL straight on the engine."""

from __future__ import annotations

import json
import statistics
import sys
import time
import urllib.parse
import urllib.request
from typing import Any

from benchmarks.data import KEY, WORKSPACE_ID, community_id
from benchmarks.reading import kept, last_days, on_the_engine
from benchmarks.result import Result
from benchmarks.server import serving

DAYS = 180
ASKED_PER_ROUND = 4


def run(*, quick: bool) -> Result:
    """Milliseconds for both questions together, median of the rounds."""
    data = kept(quick=quick)
    first, last = last_days(DAYS, quick=quick)
    ours: list[float] = []
    theirs: list[float] = []
    apart: dict[str, list[float]] = {"active_days_ms": [], "retention_ms": []}
    for number in range(3 if quick else 5):
        with serving(data) as we:
            _ask(we.port, "active-days", first, last)
            _ask(we.port, "retention", first, last)
            asked = [(_ask(we.port, "active-days", first, last), _ask(we.port, "retention", first, last)) for _ in range(ASKED_PER_ROUND)]
        ours.append(statistics.median(sum(pair) for pair in asked) * 1000)
        apart["active_days_ms"].append(statistics.median(pair[0] for pair in asked) * 1000)
        apart["retention_ms"].append(statistics.median(pair[1] for pair in asked) * 1000)
        theirs.append(float(on_the_engine(data, "benchmarks.explorer", first.isoformat(), last.isoformat()).split()[-1]))
        print(f"round {number + 1}: over HTTP {ours[-1]:,.0f} ms, on the engine {theirs[-1]:,.0f} ms", flush=True)
    extra: dict[str, object] = {name: round(statistics.median(values), 1) for name, values in apart.items()}
    return Result("explorer", "ms", "the same SQL on the engine", ours, theirs, extra)


def _ask(port: int, what: str, first: Any, last: Any) -> float:
    query = {"from": first.isoformat(), "to": last.isoformat(), "community": str(community_id(0))}
    if what == "retention":
        query["unit"] = "week"
    url = f"http://127.0.0.1:{port}/api/workspaces/{WORKSPACE_ID}/reports/{what}?{urllib.parse.urlencode(query)}"
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": f"Bearer {KEY}"}), timeout=120) as answer:
        json.load(answer)
    return time.perf_counter() - started


def _on_engine(first: str, last: str) -> None:
    """Learn the statements by asking the product in this process, then time them bare on a client."""
    import django

    django.setup()
    from hutong.config import features
    from hutong.events.warehouse import engine

    features.install()
    statements: list[tuple[str, dict[str, Any] | None]] = []
    asked = engine.rows

    def noted(statement: str, parameters: dict[str, Any] | None = None, **more: Any) -> Any:
        statements.append((statement, parameters))
        return asked(statement, parameters, **more)

    engine.rows = noted
    from django.test import Client

    client = Client(headers={"authorization": f"Bearer {KEY}"})
    for what in ("active-days", "retention"):
        query = {"from": first, "to": last, "community": str(community_id(0))} | ({"unit": "week"} if what == "retention" else {})
        answer = client.get(f"/api/workspaces/{WORKSPACE_ID}/reports/{what}", query)
        if answer.status_code != 200:
            raise RuntimeError(answer.content.decode())
    bare = engine.client()
    taken = []
    for _ in range(ASKED_PER_ROUND + 1):
        started = time.perf_counter()
        for statement, parameters in statements:
            bare.query(statement, parameters=parameters)
        taken.append(time.perf_counter() - started)
    print(statistics.median(taken[1:]) * 1000)
    engine.close()


if __name__ == "__main__":
    _on_engine(sys.argv[1], sys.argv[2])
