"""One process owns the data folder; the others learn who and where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hutong.foundation import datalock

OTHER = """
import sys
from pathlib import Path
from hutong.foundation import datalock
try:
    datalock.take(Path(sys.argv[1]))
except datalock.DataInUse as error:
    print("in use by", error.params["pid"])
else:
    print("taken")
"""


def other(folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", OTHER, str(folder)], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    ).stdout


def test_a_second_process_is_refused_and_told_by_whom(tmp_path: Path) -> None:
    with datalock.hold(tmp_path), datalock.hold(tmp_path):
        assert other(tmp_path) == f"in use by {os.getpid()}\n"
    assert other(tmp_path) == "taken\n"


def test_a_killed_owner_leaves_nothing_behind(tmp_path: Path) -> None:
    code = OTHER + "\nimport os; os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False, cwd=Path(__file__).parents[2])
    with datalock.hold(tmp_path):
        pass


def test_what_is_announced_counts_only_while_the_process_lives(tmp_path: Path) -> None:
    assert datalock.announced(tmp_path) is None
    datalock.announce(tmp_path, host="0.0.0.0", port=8123)
    assert datalock.announced(tmp_path) == datalock.Place(os.getpid(), "0.0.0.0", 8123)
    assert datalock.Place(1, "0.0.0.0", 8123).url == "http://127.0.0.1:8123"
    assert datalock.Place(1, "::1", 80).url == "http://[::1]:80"
    datalock.withdraw(tmp_path)
    assert datalock.announced(tmp_path) is None
    (tmp_path / datalock.PLACE_NAME).write_text('{"pid": 999999999, "host": "127.0.0.1", "port": 1}')
    assert datalock.announced(tmp_path) is None
    (tmp_path / datalock.PLACE_NAME).write_text("not json")
    assert datalock.announced(tmp_path) is None


def test_the_refusal_speaks_both_languages(tmp_path: Path) -> None:
    error = datalock.DataInUse(folder="/d", pid="7")
    assert error.detail("zh") == "另一个 Hutong 进程（7）正在使用数据目录 /d。请先停止它，或用 HUTONG_DATA 指定别的目录。"
    with pytest.raises(KeyError):
        error.detail("fr")
