"""Due steps of journeys: 20,000 people who come out of a wait, take a tag, and wait again, each step durable and with its effect once.

Beside it Huey on SQLite and Celery on Redis, where they are installed: as many tasks that write one row each into SQLite, run by workers of two
threads, until the last row is there. Neither takes a task again after a kill -9 as they are set up here.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import journeys
from benchmarks.result import Result

PEOPLE, PEOPLE_QUICK = 20_000, 5_000
ROUNDS, ROUNDS_QUICK = 5, 3
STEPS = 2  # of each: out of the wait, and the action
TASKS = 4_000


def run(*, quick: bool) -> Result:
    """Steps a second."""
    count, rounds = (PEOPLE_QUICK, ROUNDS_QUICK) if quick else (PEOPLE, ROUNDS)
    ours: list[float] = []
    theirs: list[float] = []
    extra: dict[str, object] = {"people": count, "steps_each": STEPS}
    has_peer = importlib.util.find_spec("huey") is not None
    celery: list[float] = []
    with journeys.process("benchmarks.journey_steps", "ours", count, rounds) as child:
        journeys.line_of(child)
        for number in range(rounds):
            if has_peer:
                theirs.append(_theirs("huey"))
            if importlib.util.find_spec("celery") is not None and not celery:
                celery.append(_theirs("celery"))
            journeys.tell(child)
            told = json.loads(journeys.line_of(child))
            ours.append(told["per_second"])
            extra["cpu_us_a_step"] = told["cpu_us_a_step"]
            print(f"round {number + 1}: {ours[-1]:,.0f}/s", f"Huey {theirs[-1]:,.0f}/s" if theirs else "Huey absent", flush=True)
    if celery and celery[0] > 0:
        extra["celery_redis"] = round(celery[0])
    return Result("journey_steps", "steps/s", "Huey on SQLite, two threads", ours, theirs, extra)


def _theirs(kind: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.journey_steps", kind, folder], check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            timeout=300,
        )  # fmt: skip
    return float(done.stdout.splitlines()[-1]) if done.returncode == 0 and done.stdout else float("nan")


# --- within the processes ---------------------------------------------------------


def _ours(count: int, rounds: int) -> None:
    journeys.prepare()
    import datetime as dt

    from hutong.automations.journeys import turning, work
    from hutong.automations.models import Enrolment, Step
    from hutong.foundation import clock
    from hutong.segments.models import MemberTag, Tag

    workspace = journeys.workspace()
    segment = journeys.people(workspace, count)
    print("ready", flush=True)
    for number in range(rounds):
        tag = Tag.objects.create(workspace=workspace, name=f"t{number}")
        nodes: list[dict[str, Any]] = [
            {"kind": "wait", "id": "first", "seconds": 86_400},
            {"kind": "action", "id": "tag", "action": "tag.add", "settings": {"tag_id": str(tag.pk)}},
            {"kind": "wait", "id": "second", "seconds": 86_400},
        ]
        journey = journeys.publish(workspace, nodes, name=f"j{number}")
        start = journeys.let_in(journey, segment)
        while work.one_piece(start.pk):
            pass
        now = clock.now()
        Enrolment.objects.in_workspace(workspace).filter(journey=journey).update(due_at=now, since=now - dt.timedelta(days=1))
        if not sys.stdin.readline():
            return
        began, worked = time.perf_counter(), time.process_time()
        while turning.turn():
            pass
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        steps = Step.objects.in_workspace(workspace).filter(version=journey.published).count()
        tagged = MemberTag.objects.in_workspace(workspace).filter(tag=tag).count()
        if (steps, tagged) != (count * STEPS, count):
            raise RuntimeError(f"{steps} steps and {tagged} tags of {count} people")
        print(json.dumps({"per_second": steps / seconds, "cpu_us_a_step": round(cpu / steps * 1e6, 1)}), flush=True)


def _rows(path: Path) -> Any:
    import sqlite3

    store = sqlite3.connect(path, isolation_level=None, timeout=60)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE IF NOT EXISTS done (id INTEGER PRIMARY KEY)")
    return store


def _huey(folder: str) -> None:
    huey: Any = importlib.import_module("huey")
    import threading

    rows = Path(folder) / "rows.sqlite"
    _rows(rows)
    local = threading.local()
    queue = huey.SqliteHuey(filename=f"{folder}/huey.sqlite", fsync=True)

    @queue.task()  # type: ignore[untyped-decorator]
    def step(number: int) -> None:
        store = getattr(local, "store", None) or _rows(rows)
        local.store = store
        store.execute("INSERT OR IGNORE INTO done VALUES (?)", [number])

    for number in range(TASKS):
        step(number)
    consumer = queue.create_consumer(workers=2, periodic=False, initial_delay=0.001, max_delay=0.01)
    began = time.perf_counter()
    consumer.start()
    _wait(rows)
    print(TASKS / (time.perf_counter() - began), flush=True)
    import os

    os._exit(0)


def _celery(folder: str) -> None:
    celery: Any = importlib.import_module("celery")
    import threading

    rows = Path(folder) / "rows.sqlite"
    _rows(rows)
    local = threading.local()
    app = celery.Celery("steps", broker="redis://127.0.0.1:6379/9")
    app.conf.update(
        task_ignore_result=True,
        broker_connection_retry_on_startup=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        task_default_queue=folder,
    )

    @app.task(name="step")  # type: ignore[untyped-decorator]
    def step(number: int) -> None:
        store = getattr(local, "store", None) or _rows(rows)
        local.store = store
        store.execute("INSERT OR IGNORE INTO done VALUES (?)", [number])

    for number in range(TASKS):
        step.delay(number)
    worker = app.Worker(pool="threads", concurrency=2, loglevel="ERROR", quiet=True, queues=[folder])
    began = time.perf_counter()

    def watch() -> None:
        import os

        _wait(rows)
        print(TASKS / (time.perf_counter() - began), flush=True)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    worker.start()  # it wants the main thread


def _wait(rows: Path) -> None:
    store = _rows(rows)
    until = time.perf_counter() + 240
    while time.perf_counter() < until:
        if store.execute("SELECT count(*) FROM done").fetchone()[0] == TASKS:
            return
        time.sleep(0.02)
    raise RuntimeError("not done in time")


if __name__ == "__main__":
    if sys.argv[1] == "ours":
        _ours(int(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "huey":
        _huey(sys.argv[2])
    else:
        _celery(sys.argv[2])
