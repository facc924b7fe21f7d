"""What the dashboard and explorer scenarios share: the synthetic workspace and the statements the product runs on it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.data import Size, ensure

QUICK = Size(events=1_000_000, members=50_000)


def size(*, quick: bool) -> Size:
    """20 million events and 500,000 members; a twentieth of the events when quick."""
    return QUICK if quick else Size()


def kept(*, quick: bool) -> Path:
    """The data folder, made once and kept under the machine's temporary folder (HUTONG_BENCH_DATA names another)."""
    root = Path(os.environ.get("HUTONG_BENCH_DATA") or Path(tempfile.gettempdir()) / "hutong-bench-data")
    root.mkdir(parents=True, exist_ok=True)
    return ensure(root, size(quick=quick))


def last_days(count: int, *, quick: bool) -> tuple[dt.date, dt.date]:
    """The last `count` days with data."""
    end = size(quick=quick).end
    return end - dt.timedelta(days=count - 1), end


@contextmanager
def _environment(data: Path) -> Iterator[dict[str, str]]:
    yield {**os.environ, "HUTONG_DATA": str(data), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}


def on_the_engine(data: Path, module: str, *arguments: str) -> str:
    """Run a module of ours in a process that opens the engine itself; what it prints."""
    with _environment(data) as environment:
        done = subprocess.run([sys.executable, "-m", module, *arguments], env=environment, check=True, capture_output=True, text=True)
    return done.stdout
