"""How soon a live segment follows an event: 2,000 events a second, 50 live segments; from the acknowledgement to the row.

Ten times a second, somebody who is in none of them does what puts them into one; the rest of the events are of people known already, and all
50 segments have to be asked about each. Rows are looked for in the records from outside the server. Beside it the server's own beat: how
long an event takes to be in the numbers.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import threading
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from benchmarks.result import Result
from benchmarks.segments import MONTH, WEEK
from benchmarks.server import folder, prepare, serving

SEGMENTS = 50
EVENTS_PER_SECOND = 2_000
BATCH = 100
PEOPLE = 20_000
PROBES_PER_SECOND = 10
LOOK_EVERY_SECONDS = 0.01
LATE_SECONDS_MAX = 10.0


def run(*, quick: bool) -> Result:
    """p99 milliseconds, median of the rounds."""
    ours: list[float] = []
    numbers: list[float] = []
    medians: list[float] = []
    seconds = 6 if quick else 30
    with folder() as data:
        keys = prepare(data)
        with serving(data) as we:
            place = f"http://127.0.0.1:{we.port}"
            _warm(place, keys)
            segments = [_segment(place, keys, number) for number in range(SEGMENTS)]
            _until_counted(place, keys)
            for number in range(3):
                taken = _round(place, keys, data, segments, seconds, number)
                ours.append(statistics.quantiles(taken, n=100)[98] * 1000)
                medians.append(statistics.median(taken) * 1000)
                numbers.append(_beat(place, keys, number) * 1000)
                print(
                    f"round {number + 1}: p99 {ours[-1]:,.0f} ms, median {medians[-1]:,.0f} ms; in the numbers after {numbers[-1]:,.0f} ms",
                    flush=True,
                )
    extra: dict[str, object] = {"median_ms": round(statistics.median(medians), 1), "segments": SEGMENTS, "events_per_s": EVENTS_PER_SECOND}
    return Result("segment_latency", "ms", "an event until it is in the numbers", ours, numbers, extra)


def _condition(number: int) -> dict[str, Any]:
    """Each asks about what everybody does, and about one thing of its own; one in five looks into properties."""
    own: dict[str, Any] = {"kind": "event", "event": f"claimed_{number}", "op": "at_least", "value": 1, "window": WEEK}
    if number % 5 == 0:
        own["where"] = [{"property": "code", "type": "text", "op": "is", "value": f"c{number}"}]
    viewed = {"kind": "event", "event": "page_viewed", "op": "at_least", "value": 1_000_000 - number, "window": MONTH}
    return {"kind": "all", "of": [{"kind": "any", "of": [own, viewed]}, {"kind": "attribute", "key": "city", "op": "is_not", "value": f"c{number}"}]}


def _warm(place: str, keys: dict[str, str]) -> None:
    """Everybody is known, and so is every event."""
    for start in range(0, PEOPLE, 500):
        _post(place, "/v1/batch", keys["write_key"], {"batch": [_view(f"u{one}", 0) for one in range(start, start + 500)]})
    claims = [{"type": "track", "userId": "first", "event": f"claimed_{number}", "messageId": str(uuid.uuid4())} for number in range(SEGMENTS)]
    _post(place, "/v1/batch", keys["write_key"], {"batch": claims})
    until = time.perf_counter() + 60
    wanted = {f"claimed_{number}" for number in range(SEGMENTS)}
    while not wanted <= {one["name"] for one in _get(place, keys, "conditions/vocabulary")["events"]}:
        if time.perf_counter() > until:
            raise RuntimeError("the events are not known in time")
        time.sleep(0.2)


def _view(user: str, at: int) -> dict[str, Any]:
    return {"type": "track", "userId": user, "event": "page_viewed", "properties": {"path": f"/{at}"}, "messageId": str(uuid.uuid4())}


def _segment(place: str, keys: dict[str, str], number: int) -> str:
    body = {"name": f"segment {number}", "condition": _condition(number)}
    return str(_post(place, f"/api/workspaces/{keys['workspace']}/segments", keys["api_key"], body)["id"])


def _until_counted(place: str, keys: dict[str, str]) -> None:
    until = time.perf_counter() + 120
    while time.perf_counter() < until:
        states = [one["state"] for one in _get(place, keys, "segments")["items"]]
        if states == ["ready"] * SEGMENTS:
            return
        time.sleep(0.5)
    raise RuntimeError(f"not counted in time: {states}")


def _round(place: str, keys: dict[str, str], data: Path, segments: list[str], seconds: int, number: int) -> list[float]:
    stop = threading.Event()
    crowd = threading.Thread(target=_crowd, args=(place, keys, stop))
    watcher = _Watcher(data / "hutong.db", segments)
    crowd.start()
    watcher.start()
    time.sleep(1)
    acknowledged: list[tuple[str, float]] = []
    for at in range(seconds * PROBES_PER_SECOND):
        which, user = at % SEGMENTS, f"probe-{number}-{at}"
        began = time.perf_counter()
        claim = {"type": "track", "userId": user, "event": f"claimed_{which}", "properties": {"code": f"c{which}"}, "messageId": str(uuid.uuid4())}
        _post(place, "/v1/batch", keys["write_key"], {"batch": [claim]})
        acknowledged.append((user, time.perf_counter()))
        time.sleep(max(0.0, 1 / PROBES_PER_SECOND - (time.perf_counter() - began)))
    time.sleep(2)
    stop.set()
    crowd.join()
    watcher.stop({user for user, _ in acknowledged})
    seen = watcher.seen
    missing = [user for user, _ in acknowledged if user not in seen]
    if missing:
        raise RuntimeError(f"{len(missing)} of {len(acknowledged)} never came into their segment")
    return [max(0.0, seen[user] - at) for user, at in acknowledged]


def _crowd(place: str, keys: dict[str, str], stop: threading.Event) -> None:
    started, sent = time.perf_counter(), 0
    while not stop.is_set():
        _post(place, "/v1/batch", keys["write_key"], {"batch": [_view(f"u{(sent * 7 + one * 13) % PEOPLE}", sent) for one in range(BATCH)]})
        sent += BATCH
        stop.wait(max(0.0, started + sent / EVENTS_PER_SECOND - time.perf_counter()))


class _Watcher(threading.Thread):
    """Looks at the records, as any other reader of them could, and notes when a probe's row is there."""

    def __init__(self, database: Path, segments: list[str]) -> None:
        super().__init__()
        self._database = database
        self._segments = [segment.replace("-", "") for segment in segments]
        self._ended = threading.Event()
        self.seen: dict[str, float] = {}

    def run(self) -> None:
        reader = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        marks = ",".join("?" * len(self._segments))
        statement = (
            f"SELECT i.external_id FROM segments_segmentmember m JOIN members_identity i ON i.member_id = m.member_id WHERE m.segment_id IN ({marks})"
            " AND i.channel = 'user_id'"
        )
        while not self._ended.wait(LOOK_EVERY_SECONDS):
            rows = reader.execute(statement, self._segments).fetchall()
            now = time.perf_counter()
            for (user,) in rows:
                self.seen.setdefault(user, now)
        reader.close()

    def stop(self, wanted: set[str]) -> None:
        """Until all of them are seen, or it is too late."""
        until = time.perf_counter() + LATE_SECONDS_MAX
        while not wanted <= set(self.seen) and time.perf_counter() < until:
            time.sleep(0.05)
        self._ended.set()
        self.join()


def _beat(place: str, keys: dict[str, str], number: int) -> float:
    """From the acknowledgement of an event until its member's timeline shows it."""
    event = f"noted_{number}"
    _post(place, "/v1/batch", keys["write_key"], {"batch": [{"type": "track", "userId": "u1", "event": event, "messageId": str(uuid.uuid4())}]})
    began = time.perf_counter()
    while time.perf_counter() < began + LATE_SECONDS_MAX:
        if _get(place, keys, f"events?name={event}&limit=1")["items"]:
            return time.perf_counter() - began
        time.sleep(0.01)
    raise RuntimeError("the event never came into the numbers")


def _get(place: str, keys: dict[str, str], path: str) -> dict[str, Any]:
    return _ask(urllib.request.Request(f"{place}/api/workspaces/{keys['workspace']}/{path}", headers={"Authorization": f"Bearer {keys['api_key']}"}))  # noqa: S310


def _post(place: str, path: str, key: str, body: object) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return _ask(urllib.request.Request(place + path, data=json.dumps(body).encode(), headers=headers, method="POST"))  # noqa: S310


def _ask(request: urllib.request.Request) -> dict[str, Any]:
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own server
        return dict(json.load(answer))
