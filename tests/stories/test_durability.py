"""Acknowledged means durable: kill -9 under eight writers, and a full disk. Quick sizes of docs' reliability table."""

from __future__ import annotations

import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.config.installation import Installation

KILLS = 25
WRITERS = 8
BATCH = 20
TMPFS_BYTES = 96 * 1024 * 1024

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

COUNTS = """
from hutong.events import subscribers
from hutong.config import features
from hutong.events.queries import rows
from hutong.events.ingest.accepted import split
from hutong.events.models import AcceptedBlock, AcceptedId, DeadEvent
features.install()
subscribers.drain()
found = rows("SELECT id, count() FROM events WHERE name = 'probe' GROUP BY id")
days = rows("SELECT sum(events) FROM member_days")[0][0]
total = rows("SELECT count() FROM events")[0][0]
sorted_in = {bytes(key) for key in AcceptedId.objects.values_list("key", flat=True)}
waiting = {key for block in AcceptedBlock.objects.values_list("keys", flat=True) for key in split(block)}  # some may be in both after a kill
print(json.dumps({"ids": {i: n for i, n in found}, "accepted": len(sorted_in | waiting), "dead": DeadEvent.objects.count(), "days": days, "total": total}))
"""


@dataclass
class Writers:
    """Eight threads that send batches, each tried again with the same ids until it is acknowledged."""

    installation: Installation
    key: str
    stopping: threading.Event = field(default_factory=threading.Event)
    acknowledged: set[str] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, number: int) -> None:
        sent = 0
        with httpx.Client(timeout=5) as client:
            while not self.stopping.is_set():
                names = [f"w{number}-{sent + at}" for at in range(BATCH)]
                batch = [{"type": "track", "userId": f"u{number}", "event": "probe", "messageId": name} for name in names]
                while True:
                    try:
                        answer = client.post(
                            f"{self.installation.url}/v1/batch", json={"batch": batch}, headers={"Authorization": f"Bearer {self.key}"}
                        )
                    except httpx.TransportError:
                        if self.stopping.is_set():
                            return
                        time.sleep(0.02)
                        continue
                    if answer.status_code == 200:
                        break
                    if answer.status_code != 503:
                        with self.lock:
                            self.odd.append(answer.text)
                        return
                body = answer.json()
                with self.lock:
                    self.acknowledged.update(names)
                    if body["accepted"] + body["duplicates"] != BATCH:
                        self.odd.append(answer.text)
                sent += BATCH


def test_kill_9_loses_and_doubles_nothing(installed: Installation) -> None:
    key = installed.write_key()
    chance = random.Random(7)
    writers = Writers(installed, key)
    threads = [threading.Thread(target=writers.run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            with installed.served() as process:
                time.sleep(chance.uniform(0.1, 0.9))
                process.kill()
                process.wait(10)
        with installed.served():
            writers.stopping.set()
            for thread in threads:
                thread.join(30)
    finally:
        writers.stopping.set()
    assert writers.odd == []
    found = installed.script(COUNTS)
    assert {name for name in writers.acknowledged if found["ids"].get(name) != 1} == set()
    assert {name: count for name, count in found["ids"].items() if count != 1} == {}
    assert found["dead"] == 0
    assert found["accepted"] == found["total"] == found["days"]
    assert len(writers.acknowledged) >= KILLS * BATCH


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, small enough to be filled."""
    where = tmp_path / "disk"
    where.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(where)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"cannot mount a small file system here: {done.stderr.strip()}")
    yield where
    subprocess.run(["umount", "-l", str(where)], check=True)


def test_a_full_disk_stops_acknowledging_and_recovers(small_disk: Path) -> None:
    installed = Installation(small_disk / "data")
    installed.set_up()
    key = installed.write_key()
    number = 0
    acknowledged: list[str] = []

    def send(client: httpx.Client) -> httpx.Response:
        nonlocal number
        number += 1
        event = {"userId": "u", "event": "probe", "messageId": f"d{number}", "properties": {"pad": "x" * 20_000}}
        answer = client.post(f"{installed.url}/v1/track", json=event, headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"})
        if answer.status_code == 200:
            acknowledged.append(f"d{number}")
        return answer

    with installed.served(), httpx.Client(timeout=20) as client:
        assert send(client).status_code == 200
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 65536)
            except OSError:
                pass
        refused = None
        for _ in range(400):
            answer = send(client)
            if answer.status_code != 200:
                refused = answer
                break
        assert refused is not None
        assert (refused.status_code, refused.json()["code"]) == (507, "store_full"), refused.text
        assert client.get(f"{installed.url}/api/session").status_code == 200
        ballast.unlink()
        deadline = time.monotonic() + 30
        while send(client).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        for _ in range(5):
            assert send(client).status_code == 200
    found = installed.script(COUNTS)
    assert {name for name in acknowledged if found["ids"].get(name) != 1} == set()
    assert max(found["ids"].values()) == 1
