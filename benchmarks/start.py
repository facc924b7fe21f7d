"""`hutong serve` from start to healthy on an existing folder, and its memory when idle; beside importing the same engines and opening both stores bare."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks.result import Result
from benchmarks.server import environment, folder, prepare, serving

IDLE_SECONDS = 5
BARE = (
    "import django, ninja, granian, uvloop, msgspec, pysqlite3, clickhouse_connect, sys;"
    "pysqlite3.connect(sys.argv[1] + '/bare.db').execute('SELECT 1');"
    "clickhouse_connect.get_client(interface='chdb', path=sys.argv[1] + '/bare').command('SELECT 1')"
)


def run(*, quick: bool) -> Result:
    """Seconds to healthy, median of the rounds; memory in the extras."""
    ours: list[float] = []
    theirs: list[float] = []
    memory: list[float] = []
    with folder() as data:
        prepare(data)
        with serving(data):
            pass
        for number in range(3 if quick else 5):
            with serving(data) as we:
                ours.append(we.seconds_to_healthy)
                time.sleep(IDLE_SECONDS)
                memory.append(we.resident_mb())
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", BARE, str(data)], env=environment(data), check=True)
            theirs.append(time.perf_counter() - started)
            print(f"round {number + 1}: ours {ours[-1]:.2f} s, {memory[-1]:.0f} MB idle; bare {theirs[-1]:.2f} s", flush=True)
    return Result("start", "s", "imports and both stores opened bare", ours, theirs, {"idle_mb": round(statistics.median(memory), 1)})
