"""kill -9 in the middle of a list: it goes on to the same counts."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.imports.test_kill import ROOT

KILLS = 3
ROWS = 4_000


def _list(path: Path, kind: str) -> None:
    dice = random.Random(5)
    with path.open("w") as out:
        out.write("order id,time,amount,phone\n" if kind == "orders" else "user id,name,phone,city\n")
        for number in range(ROWS):
            phone = f"138{dice.randrange(1500):08}" if number % 50 else "?"
            if kind == "orders":
                out.write(f"A{dice.randrange(ROWS)},2024-05-{number % 28 + 1:02} 12:00,{number / 4},{phone}\n")
            else:
                out.write(f"u{dice.randrange(ROWS)},n{number},{phone},{dice.choice('ab')}\n")


def _start(folder: Path, table: Path, kind: str) -> subprocess.Popen[str]:
    environment = os.environ | {"HUTONG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}
    environment.pop("HUTONG_TEST_DB", None)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.imports.tables.killed", str(table), kind], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def _end(process: subprocess.Popen[str]) -> dict[str, object]:
    out, _ = process.communicate(timeout=240)
    return json.loads(out.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["members", "orders"])
def test_killed_at_random_it_resumes_to_the_same_counts(tmp_path: Path, kind: str) -> None:
    table = tmp_path / "list.csv"
    _list(table, kind)
    whole = _end(_start(tmp_path / "whole", table, kind))
    assert (whole["state"], whole["tally"]) == ("done", whole["checked"])
    dice = random.Random(3)
    killed = 0
    for _ in range(KILLS):
        process = _start(tmp_path / "killed", table, kind)
        assert process.stdout is not None
        if process.stdout.readline() == "begun\n":
            time.sleep(dice.uniform(0.05, 0.8))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert killed >= 1
    assert _end(_start(tmp_path / "killed", table, kind)) == whole
