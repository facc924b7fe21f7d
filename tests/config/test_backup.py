"""Backup while eight writers write; restore; every event acknowledged before it is there, none twice."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Self

import httpx

from tests.config.installation import Installation

WRITERS = 8
COUNT = """
from collections import Counter
from hutong.events import subscribers
from hutong.events.models import Cursor, LogEntry
from hutong.events.warehouse import engine
subscribers.drain()
rows = engine.rows("SELECT id, count() FROM events WHERE name = 'test_written' GROUP BY id")
sums = engine.rows("SELECT sum(events) FROM member_days")
print(json.dumps({"ids": dict(rows), "member_days": sums[0][0], "events": engine.rows("SELECT count() FROM events")[0][0], "left": LogEntry.objects.count()}))
engine.close()
"""


class Writers:
    """Threads that track events one by one and note what was acknowledged."""

    def __init__(self, url: str, write_key: str) -> None:
        self.url, self.write_key = url, write_key
        self.acknowledged: list[str] = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._write, args=(n,)) for n in range(WRITERS)]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _write(self, writer: int) -> None:
        with httpx.Client(base_url=self.url, auth=(self.write_key, "")) as http:
            n = 0
            while not self.stopping.is_set():
                event = {"messageId": f"w{writer}-{n}", "userId": f"person-{n % 40}", "event": "test_written"}
                if http.post("/v1/track", json=event).status_code == 200:
                    self.acknowledged.append(f"w{writer}-{n}")
                n += 1


def test_hot_backup_and_restore_keep_every_acknowledged_event_once(installed: Installation, tmp_path: Path) -> None:
    write_key = installed.write_key()
    backup = tmp_path / "backup.tar"
    with installed.served(), Writers(installed.url, write_key) as writers:
        while len(writers.acknowledged) < 400:
            time.sleep(0.01)
        before = set(writers.acknowledged)
        report = installed.command("backup", str(backup), "--json").json()
        after = set(writers.acknowledged)
        time.sleep(0.5)
    assert len(after) > len(before), "the writers stood still during the backup"

    verified = installed.command("backup", str(backup), "--verify", "--json").json()
    assert verified["warehouse"] == report["warehouse"]
    restored = Installation(tmp_path / "restored")
    assert installed.command("restore", str(backup), "--to", str(restored.folder), "--json").json()["records"] == report["records"]

    found = restored.script(COUNT)
    ids = found["ids"]
    assert before - set(ids) == set()
    assert {key: times for key, times in ids.items() if times != 1} == {}
    assert set(ids) <= set(writers.acknowledged)
    # Nobody is doubled or lost in the daily states either, and the log is read to its end.
    assert (found["member_days"], found["left"]) == (found["events"], 0)

    source = installed.script(COUNT)
    assert set(source["ids"]) == set(writers.acknowledged)


def test_a_batch_sent_again_after_a_restore_counts_once(installed: Installation, tmp_path: Path) -> None:
    send = """
    from hutong.events.warehouse import engine
    row = {"workspace_id": "01a201db-9ee0-7036-9440-f23f5d3bf5b2", "id": "one", "name": "x", "occurred_at": 1760000000, "received_at": 1760000000, "local_day": "2025-10-09"}
    engine.insert("events", [json.dumps(row).encode()], token="batch-1")
    print(engine.rows("SELECT count() FROM events")[0][0])
    engine.close()
    """
    assert installed.script(send) == 1
    folder = tmp_path / "backup"
    assert installed.command("backup", str(folder)).code == 0
    restored = Installation(tmp_path / "restored")
    assert installed.command("restore", str(folder), "--to", str(restored.folder)).code == 0
    assert restored.script(send) == 1


def test_refusals_leave_things_as_they_were(installed: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    assert installed.command("backup", str(folder)).code == 0
    again = installed.command("backup", str(folder))
    assert (again.code, "is not empty" in again.err) == (1, True)

    into_data = installed.command("restore", str(folder), "--to", str(installed.folder))
    assert (into_data.code, "is not empty" in into_data.err) == (1, True)

    manifest = json.loads((folder / "manifest.json").read_text())
    victim = folder / "hutong.db"
    spoiled = bytearray(victim.read_bytes())
    spoiled[5000] ^= 1
    victim.write_bytes(spoiled)
    target = tmp_path / "target"
    damaged = installed.command("restore", str(folder), "--to", str(target), LANG="zh_CN.UTF-8")
    assert (damaged.code, damaged.err.strip()) == (1, "出错：备份不完整：hutong.db。请改用另一份备份。")
    assert not target.exists()

    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 99, "hutong": "9.9"}))
    assert "Hutong 9.9 made this backup" in installed.command("backup", str(folder), "--verify").err
    (folder / "manifest.json").unlink()
    assert "was not made by" in installed.command("backup", str(folder), "--verify").err
    (tmp_path / "text.tar").write_text("hello")
    assert "was not made by" in installed.command("restore", str(tmp_path / "text.tar"), "--to", str(target)).err
    assert "There is no" in installed.command("backup", str(tmp_path / "missing"), "--verify").err


def test_only_the_operator_on_this_machine_may_make_one(installed: Installation, tmp_path: Path) -> None:
    with installed.served():
        for headers in ({}, {"Authorization": "Bearer hto_wrong"}, {"Authorization": "Bearer é"}):
            raw = [(name.encode(), value.encode()) for name, value in headers.items()]
            answer = httpx.post(f"{installed.url}/api/operator/backup", json={"folder": str(tmp_path / "b")}, headers=raw)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert installed.command("backup", str(tmp_path / "ok")).code == 0
    assert not (tmp_path / "b").exists()
    assert not (installed.folder / "warehouse" / "shadow" / "ok").exists()
    assert list((installed.folder / "warehouse").glob("shadow/backup_*")) == []
