"""kill -9 while people go through a journey and meet a rule: every step's effect is there once, nobody is lost, nobody stuck."""

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

from tests.automations.killed import PEOPLE
from tests.connectors.webhook.peer import WebhookPeer, start

ROOT = Path(__file__).resolve().parents[2]
KILLS = 25


def begin(folder: Path, peer: WebhookPeer) -> subprocess.Popen[str]:
    environment = os.environ | {"HUTONG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "hutong.config.settings", "HUTONG_EGRESS_LOOPBACK": "1"}
    environment.pop("HUTONG_TEST_DB", None)
    command = [sys.executable, "-m", "tests.automations.killed", peer.url, peer.secret]
    with (folder.parent / "errors").open("a") as errors:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_anywhere_everything_is_done_once(tmp_path: Path) -> None:
    dice = random.Random(25)
    with start() as peer:
        for _ in range(KILLS):
            process = begin(tmp_path / "data", peer)
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(dice.uniform(0.01, 0.6))
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
        process = begin(tmp_path / "data", peer)
        out, _ = process.communicate(timeout=300)
    assert process.returncode == 0, (tmp_path / "errors").read_text()[-4_000:]
    found = json.loads(out.splitlines()[-1])
    assert found["ended"] == {"goal": PEOPLE}
    assert found["start"] == [["done", PEOPLE, PEOPLE]]
    assert found["steps"] == {"wait": [], "tag": [], "hello": [], "viewed": [], "call": []}
    assert found["passed"] == dict.fromkeys(["wait", "tag", "hello", "viewed", "call", "goal"], PEOPLE)
    assert found["refused"] == 0
    assert found["counts"] == {
        f"{node} {what}": PEOPLE
        for node, each in {
            "e": ["in", "out:out"], "wait": ["in", "out:out"], "tag": ["in", "out:out"], "hello": ["in", "out:out"], "viewed": ["in", "out:came"],
            "call": ["in", "out:out"], "goal": ["end:goal", "goal", "in"],
        }.items()
        for what in each
    }  # fmt: skip
    assert found["tags"] == {"旅程": PEOPLE, "规则": PEOPLE}
    assert (found["sends"], found["states"]) == (2 * PEOPLE, ["sent"])
    assert found["lanes"] == [[PEOPLE, PEOPLE], [PEOPLE, PEOPLE]]
    assert (found["runs"], found["days"], found["todos"], found["dead"]) == ({"done": PEOPLE}, PEOPLE, PEOPLE, 0)
    assert len(peer.shown) == 2 * PEOPLE  # by the id under which the other side takes a call once
