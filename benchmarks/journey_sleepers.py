"""1,000,000 people let into a journey that has them wait three days: started a second, what each costs in memory, and how soon a new process is ready.

Beside it DBOS on SQLite, where it is installed: workflows of one durable sleep of three days, started from as many threads as it likes best.
Memory is what the process has for itself, at the end over what it was when a tenth had come in. `ready_ms`: a new process over the same store,
from its first look at who is due until it has found that nobody is.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from typing import Any

from benchmarks import journeys
from benchmarks.result import Result

PEOPLE, PEOPLE_QUICK = 1_000_000, 50_000
ROUNDS = 3
THEIRS = 400  # workflows of a round
THREE_DAYS = 3 * 86_400


def run(*, quick: bool) -> Result:
    """Starts a second."""
    count = PEOPLE_QUICK if quick else PEOPLE
    ours: list[float] = []
    theirs: list[float] = []
    extra: dict[str, object] = {"people": count}
    has_peer = importlib.util.find_spec("dbos") is not None
    with tempfile.TemporaryDirectory() as folder:
        with journeys.process("benchmarks.journey_sleepers", "ours", count, ROUNDS, folder=folder) as child:
            journeys.line_of(child)
            for number in range(ROUNDS):
                if has_peer:
                    theirs.append(_theirs())
                journeys.tell(child)
                told = json.loads(journeys.line_of(child))
                ours.append(told["per_second"])
                extra |= {"kib_each": told["kib_each"], "cpu_us_each": told["cpu_us_each"]}
                print(f"round {number + 1}: {ours[-1]:,.0f}/s", f"DBOS {theirs[-1]:,.0f}/s" if theirs else "DBOS absent", flush=True)
        with journeys.process("benchmarks.journey_sleepers", "ready", count, 0, folder=folder) as child:
            journeys.line_of(child)
            journeys.tell(child)
            extra["ready_ms"] = json.loads(journeys.line_of(child))["ready_ms"]
    return Result("journey_sleepers", "starts/s", "DBOS on SQLite, one durable sleep", ours, theirs, extra)


def _theirs() -> float:
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run(
            [sys.executable, "-m", "benchmarks.journey_sleepers", "theirs", folder],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ).stdout
    return float(said.splitlines()[-1])


# --- within the processes ---------------------------------------------------------


def _ours(count: int, rounds: int) -> None:
    journeys.prepare()
    from hutong.automations.journeys import turning, work

    workspace = journeys.workspace()
    segment = journeys.people(workspace, count)
    print("ready", flush=True)
    for number in range(rounds):
        if not sys.stdin.readline():
            return
        journey = journeys.publish(workspace, [{"kind": "wait", "id": "wait", "seconds": THREE_DAYS}], name=f"j{number}")
        start = journeys.let_in(journey, segment)
        early = 0.0
        began, worked, pieces = time.perf_counter(), time.process_time(), 0
        while work.one_piece(start.pk):
            pieces += 1
            if pieces == max(1, count // work.LET_IN_TOGETHER // 10):
                early = journeys.own_mb()
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        grown = max(0.0, journeys.own_mb() - early) * 1024
        if turning.turn():
            raise RuntimeError("somebody is due who should sleep")
        told = {"per_second": count / seconds, "kib_each": round(grown / (count * 0.9), 4), "cpu_us_each": round(cpu / count * 1e6, 1)}
        print(json.dumps(told), flush=True)


def _ready() -> None:
    journeys.prepare()
    from hutong.automations.journeys import turning

    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    turning.turn()
    print(json.dumps({"ready_ms": round((time.perf_counter() - began) * 1000, 1)}), flush=True)


def _dbos(folder: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    dbos: Any = importlib.import_module("dbos")
    engine = dbos.DBOS
    engine(config={"name": "sleepers", "system_database_url": f"sqlite:///{folder}/dbos.sqlite", "run_admin_server": False})

    @engine.workflow()  # type: ignore[untyped-decorator]
    def sleeper() -> None:
        engine.sleep(THREE_DAYS)

    engine.launch()
    began = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: engine.start_workflow(sleeper), range(THEIRS)))
    print(THEIRS / (time.perf_counter() - began), flush=True)
    import os

    os._exit(0)  # the sleepers' threads would hold it for three days


if __name__ == "__main__":
    if sys.argv[1] == "ours":
        _ours(int(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "ready":
        _ready()
    else:
        _dbos(sys.argv[2])
