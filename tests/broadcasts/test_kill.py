"""kill -9 while recipients are put into the outbox, while they are sent, after a pause and after a cancellation: nobody twice, nobody missed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.broadcasts.killed import MEMBERS
from tests.connectors.webhook.peer import WebhookPeer, start

ROOT = Path(__file__).resolve().parents[2]
KILLS = 4
SECONDS_MAX = 240


def begin(folder: Path, peer: WebhookPeer, act: str) -> subprocess.Popen[str]:
    environment = os.environ | {"HUTONG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "hutong.config.settings", "HUTONG_EGRESS_LOOPBACK": "1"}
    environment.pop("HUTONG_TEST_DB", None)
    command = [sys.executable, "-m", "tests.broadcasts.killed", peer.url, peer.secret, *([act] if act else [])]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def ended(folder: Path, peer: WebhookPeer, act: str = "") -> dict[str, Any]:
    out, _ = begin(folder, peer, act).communicate(timeout=SECONDS_MAX)
    said: dict[str, Any] = json.loads(out.splitlines()[-1])
    return said


@pytest.mark.slow
def test_killed_while_it_is_enqueued_and_sent(tmp_path: Path) -> None:
    dice = random.Random(11)
    with start() as peer:
        for _ in range(KILLS):
            process = begin(tmp_path / "data", peer, "")
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            before, until = len(peer.calls), time.monotonic() + 60
            wanted = before + dice.randint(1, MEMBERS // KILLS // 2)
            while len(peer.calls) < wanted and time.monotonic() < until:
                time.sleep(0.001)
            killed(process)
        said = ended(tmp_path / "data", peer)
        assert set(said.pop("keys")["sent"]) == set(peer.shown)
        assert said == {
            "state": "done", "run": "done", "states": {"sent": MEMBERS}, "sends": MEMBERS, "counted": {"sent": MEMBERS, "cancelled": 0, "unknown": 0},
            "rows": MEMBERS, "members": MEMBERS, "seen": MEMBERS,
        }  # fmt: skip
        assert len(peer.shown) == MEMBERS
        assert len({data["chat"]["id"] for data in peer.shown.values()}) == MEMBERS


@pytest.mark.slow
@pytest.mark.parametrize("act", ["pause", "cancel"])
def test_killed_at_the_moment_somebody_acts(tmp_path: Path, act: str) -> None:
    with start() as peer:
        process = begin(tmp_path / "data", peer, act)
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["begun\n", f"{act}\n"]
        killed(process)
        time.sleep(0.3)  # what was on the wire arrives
        at_kill = len(peer.shown)
        said = ended(tmp_path / "data", peer)
        if act == "pause":
            assert (said["state"], said["states"], said["members"]) == ("done", {"sent": MEMBERS}, MEMBERS)
            assert len(peer.shown) == MEMBERS
        else:
            counted = {"sent": 0, "cancelled": 0, "unknown": 0} | said["states"]
            assert (said["state"], said["run"], said["counted"]) == ("cancelled", "cancelled", counted)
            assert counted["sent"] + counted["cancelled"] + counted["unknown"] == said["rows"] == said["members"] == said["sends"]
            assert len(peer.shown) == at_kill
            assert set(said["keys"]["sent"]) <= set(peer.shown)
            assert not set(said["keys"]["cancelled"]) & set(peer.shown)
