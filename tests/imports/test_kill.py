"""kill -9 in the middle of an import: it goes on to the same counts."""

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

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 4
MESSAGES = 12_000


def _table(path: Path) -> None:
    dice = random.Random(7)
    with path.open("w") as out:
        out.write("ts,sender,kind,text\n")
        at = 1_700_000_000
        for number in range(MESSAGES):
            at += dice.choice((0, 0, 1, 30, 4000))
            kind = dice.choice(("message",) * 12 + ("join", "quit"))
            out.write(f"{at},u{dice.randrange(200)},{kind},message {number % 97}\n")


def _start(folder: Path, table: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"HUTONG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}
    environment.pop("HUTONG_TEST_DB", None)
    return subprocess.Popen([sys.executable, "-m", "tests.imports.killed", str(table)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def _end(process: subprocess.Popen[str]) -> dict[str, object]:
    out, _ = process.communicate(timeout=240)
    return json.loads(out.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.mark.slow
def test_killed_at_random_it_resumes_to_the_same_counts(tmp_path: Path) -> None:
    table = tmp_path / "irc.csv"
    _table(table)
    whole = _end(_start(tmp_path / "whole", table))
    assert (whole["state"], whole["added"], whole["already_there"]) == ("done", MESSAGES, 0)
    dice = random.Random(3)
    killed = 0
    for _ in range(KILLS):
        process = _start(tmp_path / "killed", table)
        assert process.stdout is not None
        if process.stdout.readline() == "begun\n":
            time.sleep(dice.uniform(0.05, 1.2))
        if process.poll() is None:
            killed += 1
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert killed >= 1
    assert _end(_start(tmp_path / "killed", table)) == whole
