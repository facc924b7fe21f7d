"""kill -9 in mid-send: every message arrives, none is shown twice, each chat in its order."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.channels.killed import SENDS
from tests.connectors.webhook.peer import WebhookPeer, start

ROOT = Path(__file__).resolve().parents[2]
KILLS = 4


def begin(folder: Path, peer: WebhookPeer) -> subprocess.Popen[str]:
    environment = os.environ | {"HUTONG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "hutong.config.settings", "HUTONG_EGRESS_LOOPBACK": "1"}
    environment.pop("HUTONG_TEST_DB", None)
    command = [sys.executable, "-m", "tests.channels.killed", peer.url, peer.secret]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_killed_in_mid_send(tmp_path: Path) -> None:
    dice = random.Random(5)
    with start() as peer:
        for _ in range(KILLS):
            before = len(peer.calls)
            process = begin(tmp_path / "data", peer)
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            wanted = before + dice.randint(1, SENDS // KILLS // 2)
            until = time.monotonic() + 60
            while len(peer.calls) < wanted and time.monotonic() < until:
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
        out, _ = begin(tmp_path / "data", peer).communicate(timeout=240)
        assert json.loads(out.splitlines()[-1]) == {"states": ["sent"], "sends": SENDS}
        assert set(peer.shown) == {f"k{n}" for n in range(SENDS)}
        repeated = Counter(peer.calls)
        assert sum(times - 1 for key, times in repeated.items() if key.startswith("k")) > 0, "no kill fell into a call: nothing was tried"
        for chat in ("c0", "c17", "c39"):
            texts = [int(data["text"][1:]) for data in peer.shown.values() if data["chat"]["id"] == chat]
            assert texts == sorted(texts)
