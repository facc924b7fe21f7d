"""The count beside the editor while a condition is being changed: p95 over HTTP on 1,000,000 members and 20 million events.

The first answer may come from a sample, and says so; the exact one is asked for afterwards. Beside it the bare exact question on the engine.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import urllib.request
from typing import Any

from benchmarks.data import KEY, WORKSPACE_ID
from benchmarks.reading import on_the_engine
from benchmarks.result import Result
from benchmarks.segments import condition, kept
from benchmarks.server import serving

ASKED_PER_ROUND = 20


def run(*, quick: bool) -> Result:
    """p95 milliseconds of the first answer, median of the rounds; the exact answers' median beside it."""
    data = kept(quick=quick)
    ours: list[float] = []
    exact: list[float] = []
    bare: list[float] = []
    off: list[float] = []
    for number in range(3):
        with serving(data) as we:
            _ask(we.port, 1, is_exact=False)
            first = [_ask(we.port, least, is_exact=False) for least in range(1, ASKED_PER_ROUND + 1)]
            then = [_ask(we.port, least, is_exact=True) for least in range(1, 6)]
        ours.append(statistics.quantiles([taken for taken, _ in first], n=20)[18] * 1000)
        exact.append(statistics.median(taken for taken, _ in then) * 1000)
        off += [abs(one["count"] - two["count"]) / max(1, two["count"]) for (_, one), (_, two) in zip(first, then, strict=False)]
        bare.append(float(on_the_engine(data, "benchmarks.segment_preview").split()[-1]))
        print(f"round {number + 1}: first answer p95 {ours[-1]:,.0f} ms, exact {exact[-1]:,.0f} ms, bare {bare[-1]:,.0f} ms", flush=True)
    extra: dict[str, object] = {"exact_ms": round(statistics.median(exact), 1), "off_by_at_most": round(max(off), 4)}
    return Result("segment_preview", "ms", "the bare exact question on the engine", ours, bare, extra)


def _ask(port: int, least: int, *, is_exact: bool) -> tuple[float, dict[str, Any]]:
    body = json.dumps({"condition": condition(least=least), "exact": is_exact}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/workspaces/{WORKSPACE_ID}/conditions/preview",
        data=body,
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
        method="POST",
    )
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - our own server
        found = json.load(answer)
    return time.perf_counter() - began, found


def _bare() -> float:
    import django

    django.setup()
    from hutong.config import features

    features.install()
    from hutong.events.warehouse import engine
    from hutong.foundation import clock
    from hutong.segments import vocabulary
    from hutong.segments.conditions import every, reading
    from hutong.segments.conditions.values import Today
    from hutong.workspaces.models import Workspace

    workspace = Workspace.objects.get()
    words = vocabulary.of(workspace)
    today = Today(clock.local_date(clock.now(), workspace.time_zone))
    taken = []
    for least in range(1, 5):
        read = reading.read(condition(least=least), words)
        statement = every.members(read, words, workspace_id=str(workspace.pk), time_zone=workspace.time_zone, today=today, among=every.PEOPLE)
        began = time.perf_counter()
        engine.rows(f"SELECT count() FROM ({statement.text})", statement.parameters)
        taken.append(time.perf_counter() - began)
    engine.close()
    return statistics.median(taken[1:]) * 1000


if __name__ == "__main__":
    print(_bare(), file=sys.stdout)
