"""`hutong import` of zig_irc (303,896 messages) from the start of the command to the numbers; beside reading the same CSV and
putting bare rows into the engine. Needs ../shared/data; memory is also measured on a file ten times as long."""

from __future__ import annotations

import csv
import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks.result import Result
from benchmarks.server import environment, folder, prepare

FILE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "chat" / "zig_irc.csv.gz"
TIMES = 10
YEARS_APART_SECONDS = 4 * 365 * 86_400
BARE = """
import csv, gzip, json, sys, clickhouse_connect
client = clickhouse_connect.get_client(interface='chdb', path=sys.argv[1] + '/bare')
client.command("CREATE TABLE t (at DateTime64(3), who String, text String) ENGINE = MergeTree ORDER BY at SETTINGS fsync_after_insert = 1")
def put(lines):
    client.raw_insert("t", insert_block=b"\\n".join(lines), fmt="JSONEachRow")
lines = []
for row in csv.DictReader(gzip.open(sys.argv[2], "rt", encoding="utf-8", newline="")):
    lines.append(json.dumps({"at": int(row["ts"]), "who": row["sender"], "text": row["text"]}).encode())
    if len(lines) == 20000:
        put(lines); lines = []
put(lines)
"""


class NoData(RuntimeError):
    """The real log is not beside the project."""


def run(*, quick: bool) -> Result:
    """Messages a second, median of the rounds."""
    if not FILE.exists():
        raise NoData("../shared/data/chat/zig_irc.csv.gz is not there")
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        messages = sum(1 for _ in csv.reader(file)) - 1
    ours: list[float] = []
    theirs: list[float] = []
    peaks: list[float] = []
    for number in range(3 if quick else 5):
        with folder() as data:
            prepare(data)
            seconds, peak = _import(data, FILE)
            ours.append(messages / seconds)
            peaks.append(peak)
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", BARE, str(data), str(FILE)], check=True)
            theirs.append(messages / (time.perf_counter() - started))
        print(f"round {number + 1}: ours {ours[-1]:,.0f}/s, {peaks[-1]:.0f} MB; bare {theirs[-1]:,.0f}/s", flush=True)
    extra: dict[str, object] = {"messages": messages, "peak_mb": round(max(peaks))}
    if not quick:
        with folder() as data:
            prepare(data)
            long = _longer(data)
            seconds, peak = _import(data, long)
            extra |= {f"peak_mb_{TIMES}x": round(peak), f"messages_per_s_{TIMES}x": round(messages * TIMES / seconds)}
    return Result("import_chat", "messages/s", "csv reader + bare engine rows", ours, theirs, extra)


def _import(data: Path, file: Path) -> tuple[float, float]:
    """(seconds of the whole command, peak resident memory in MB)."""
    command = [
        sys.executable,
        "-m",
        "hutong",
        "import",
        str(file),
        "--community",
        "Zig",
        "--group",
        "zig",
        "--time-zone",
        "UTC",
        "--channel",
        "irc",
        "--json",
    ]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watched = psutil.Process(process.pid)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    _, errors = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(errors.decode())
    return time.perf_counter() - started, peak / 1e6


def _longer(data: Path) -> Path:
    """The log ten times, each copy years after the one before."""
    path = data / "zig-long.csv"
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["ts", "sender", "text"])
        for copy in range(TIMES):
            back = (TIMES - 1 - copy) * YEARS_APART_SECONDS
            writer.writerows((int(row["ts"]) - back, row["sender"], row["text"]) for row in rows)
    os.sync()
    return path
