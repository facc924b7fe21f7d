"""`hutong sample` on an empty installation, the whole process; beside the engine taking as many rows in one bare insert a round."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.result import Result
from benchmarks.server import environment, folder

ROWS = 200_000
BARE = f"""
import sys, json, clickhouse_connect
client = clickhouse_connect.get_client(interface='chdb', path=sys.argv[1] + '/bare')
client.command("CREATE TABLE t (id String, at DateTime64(3), who String, text String) ENGINE = MergeTree ORDER BY at SETTINGS fsync_after_insert = 1")
for start in range(0, {ROWS}, 20000):
    lines = [json.dumps(dict(id=str(n), at=1700000000 + n, who=str(n % 3000), text="大家早上好")).encode() for n in range(start, start + 20000)]
    client.raw_insert("t", insert_block=b"\\n".join(lines), fmt="JSONEachRow")
"""


def run(*, quick: bool) -> Result:
    """Seconds of the whole process, median of the rounds."""
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(3 if quick else 5):
        with folder() as data:
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "hutong", "sample"], env=environment(data), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            ours.append(time.perf_counter() - started)
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", BARE, str(data)], check=True)
            theirs.append(time.perf_counter() - started)
        print(f"round {number + 1}: ours {ours[-1]:.2f} s, bare {theirs[-1]:.2f} s", flush=True)
    return Result("sample", "s", f"{ROWS:,} rows into a bare engine", ours, theirs)
