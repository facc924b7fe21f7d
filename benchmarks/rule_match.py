"""How soon rules react: 500 that are on, 2,000 events a second; from the acknowledgement of an event to the row of what was done.

Half of the rules wait for what everybody does and look at one of its properties, the others each for an event of their own. Ten times a second
somebody does what one of them waits for; nobody else meets any. Rows are looked for in the records from outside the server. Beside it the
acknowledgement of the same events. `cpu_us_per_event`: of the server's process, with 50 rules and with 500, at the same load and without the ten.
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

import psutil

from benchmarks.result import Result
from benchmarks.server import folder, prepare, serving

RULES, FEW = 500, 50
EVENTS_PER_SECOND = 2_000
BATCH = 100
PEOPLE = 20_000
PROBES_PER_SECOND = 10
LOOK_EVERY_SECONDS = 0.005
LATE_SECONDS_MAX = 10.0
ROUNDS = 3


def run(*, quick: bool) -> Result:
    """p99 milliseconds, median of the rounds."""
    ours: list[float] = []
    acknowledged: list[float] = []
    medians: list[float] = []
    cpu: dict[str, float] = {}
    seconds = 5 if quick else 20
    with folder() as data:
        keys = prepare(data)
        with serving(data) as we:
            place = f"http://127.0.0.1:{we.port}"
            _warm(place, keys)
            tag = str(_post(place, f"/api/workspaces/{keys['workspace']}/tags", keys["api_key"], {"name": "t", "color": "blue"})["id"])
            for number in range(FEW):
                _rule(place, keys, number, tag)
            cpu[str(FEW)] = _cost(place, keys, we.pid, seconds)
            for number in range(FEW, RULES):
                _rule(place, keys, number, tag)
            cpu[str(RULES)] = _cost(place, keys, we.pid, seconds)
            for number in range(ROUNDS):
                taken, answered = _round(place, keys, data, seconds, number)
                ours.append(statistics.quantiles(taken, n=100)[98] * 1000)
                medians.append(statistics.median(taken) * 1000)
                acknowledged.append(statistics.quantiles(answered, n=100)[98] * 1000)
                print(
                    f"round {number + 1}: p99 {ours[-1]:,.0f} ms, median {medians[-1]:,.0f} ms; acknowledged {acknowledged[-1]:,.0f} ms", flush=True
                )
    extra: dict[str, object] = {
        "median_ms": round(statistics.median(medians), 1), "rules": RULES, "events_per_s": EVENTS_PER_SECOND,
        "cpu_us_per_event": {count: round(each, 1) for count, each in cpu.items()},
    }  # fmt: skip
    return Result("rule_match", "ms", "the acknowledgement of the event, p99", ours, acknowledged, extra)


def _warm(place: str, keys: dict[str, str]) -> None:
    """Everybody is known, and so is every event."""
    for start in range(0, PEOPLE, 500):
        _post(place, "/v1/batch", keys["write_key"], {"batch": [_view(f"u{one}", "/x") for one in range(start, start + 500)]})
    claims = [{"type": "track", "userId": "first", "event": f"claimed_{number}", "messageId": str(uuid.uuid4())} for number in range(RULES)]
    for start in range(0, RULES, 100):
        _post(place, "/v1/batch", keys["write_key"], {"batch": claims[start : start + 100]})
    until = time.perf_counter() + 60
    wanted = {f"claimed_{number}" for number in range(RULES)}
    while not wanted <= {one["name"] for one in _get(place, keys, "conditions/vocabulary")["events"]}:
        if time.perf_counter() > until:
            raise RuntimeError("the events are not known in time")
        time.sleep(0.2)


def _view(user: str, path: str) -> dict[str, Any]:
    return {"type": "track", "userId": user, "event": "page_viewed", "properties": {"path": path}, "messageId": str(uuid.uuid4())}


def _rule(place: str, keys: dict[str, str], number: int, tag: str) -> None:
    trigger: dict[str, Any] = {"kind": "event", "event": f"claimed_{number}", "where": []}
    if number % 2:
        trigger = {"kind": "event", "event": "page_viewed", "where": [{"property": "path", "type": "text", "op": "is", "value": f"/offer/{number}"}]}
    actions = [{"id": "a", "action": "tag.add", "settings": {"tag_id": tag}}]
    body = {"name": f"rule {number}", "trigger": trigger, "actions": actions, "is_on": True}
    _post(place, f"/api/workspaces/{keys['workspace']}/automation/rules", keys["api_key"], body)


def _cost(place: str, keys: dict[str, str], pid: int, seconds: int) -> float:
    """CPU microseconds an event, of the server, while nobody meets a rule."""
    stop = threading.Event()
    sent = [0]
    crowd = threading.Thread(target=_crowd, args=(place, keys, stop, sent))
    before = _cpu(pid)
    crowd.start()
    time.sleep(seconds)
    stop.set()
    crowd.join()
    return (_cpu(pid) - before) / max(1, sent[0]) * 1e6


def _cpu(pid: int) -> float:
    spent = psutil.Process(pid).cpu_times()
    return float(spent.user + spent.system)


def _round(place: str, keys: dict[str, str], data: Path, seconds: int, number: int) -> tuple[list[float], list[float]]:
    stop = threading.Event()
    sent = [0]
    crowd = threading.Thread(target=_crowd, args=(place, keys, stop, sent))
    watcher = _Watcher(data / "hutong.db")
    crowd.start()
    watcher.start()
    time.sleep(1)
    acknowledged: list[tuple[str, float]] = []
    answered: list[float] = []
    for at in range(seconds * PROBES_PER_SECOND):
        which, user = (at * 37) % RULES, f"probe-{number}-{at}"
        began = time.perf_counter()
        event = _view(user, f"/offer/{which}") if which % 2 else {**_view(user, ""), "event": f"claimed_{which}"}
        _post(place, "/v1/batch", keys["write_key"], {"batch": [event]})
        acknowledged.append((user, time.perf_counter()))
        answered.append(acknowledged[-1][1] - began)
        time.sleep(max(0.0, 1 / PROBES_PER_SECOND - (time.perf_counter() - began)))
    stop.set()
    crowd.join()
    watcher.stop({user for user, _ in acknowledged})
    missing = [user for user, _ in acknowledged if user not in watcher.seen]
    if missing:
        raise RuntimeError(f"{len(missing)} of {len(acknowledged)} were never acted for")
    return [max(0.0, watcher.seen[user] - at) for user, at in acknowledged], answered


def _crowd(place: str, keys: dict[str, str], stop: threading.Event, sent: list[int]) -> None:
    started = time.perf_counter()
    while not stop.is_set():
        _post(place, "/v1/batch", keys["write_key"], {"batch": [_view(f"u{(sent[0] * 7 + one * 13) % PEOPLE}", "/x") for one in range(BATCH)]})
        sent[0] += BATCH
        stop.wait(max(0.0, started + sent[0] / EVENTS_PER_SECOND - time.perf_counter()))


class _Watcher(threading.Thread):
    """Looks at the records, as any other reader of them could, and notes when a probe's run is there."""

    def __init__(self, database: Path) -> None:
        super().__init__()
        self._database = database
        self._ended = threading.Event()
        self.seen: dict[str, float] = {}

    def run(self) -> None:
        reader = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        last = 0
        statement = (
            "SELECT r.id, i.external_id FROM automations_run r JOIN members_identity i ON i.member_id = r.member_id"
            " WHERE r.id > ? AND i.channel = 'user_id' AND r.state = 'done'"
        )
        while not self._ended.wait(LOOK_EVERY_SECONDS):
            rows = reader.execute(statement, [last]).fetchall()
            now = time.perf_counter()
            for pk, user in rows:
                last = max(last, pk)
                self.seen.setdefault(user, now)
        reader.close()

    def stop(self, wanted: set[str]) -> None:
        """Until all of them are seen, or it is too late."""
        until = time.perf_counter() + LATE_SECONDS_MAX
        while not wanted <= set(self.seen) and time.perf_counter() < until:
            time.sleep(0.05)
        self._ended.set()
        self.join()


def _get(place: str, keys: dict[str, str], path: str) -> dict[str, Any]:
    return _ask(urllib.request.Request(f"{place}/api/workspaces/{keys['workspace']}/{path}", headers={"Authorization": f"Bearer {keys['api_key']}"}))  # noqa: S310


def _post(place: str, path: str, key: str, body: object) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return _ask(urllib.request.Request(place + path, data=json.dumps(body).encode(), headers=headers, method="POST"))  # noqa: S310


def _ask(request: urllib.request.Request) -> dict[str, Any]:
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own server
        return dict(json.load(answer))
