"""What `hutong doctor` finds, each fault staged for real where it can be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.test import override_settings

from hutong.config.operations import checks
from tests.config.installation import Installation


@pytest.mark.parametrize(
    ("version", "state"), [("3.40.1", "fail"), ("3.7.0", "fail"), ("3.51.2", "fail"), ("3.51.3", "ok"), ("3.53.4", "ok"), ("3.6.23", "ok")]
)
def test_sqlite_within_the_unsound_range_is_a_fault(version: str, state: str) -> None:
    assert checks.sqlite(version).state == state


def test_the_sqlite_in_use_is_sound() -> None:
    assert checks.sqlite().state == "ok"


def test_folders_and_keys_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("x")
    with override_settings(DATA_DIR=tmp_path):
        tmp_path.chmod(0o755)
        (tmp_path / "secret.key").chmod(0o644)
        assert (checks.data_dir().state, [one.state for one in checks.secrets()]) == ("warn", ["fail"])
        tmp_path.chmod(0o700)
        (tmp_path / "secret.key").chmod(0o600)
        assert (checks.data_dir().state, [one.state for one in checks.secrets()]) == ("ok", ["ok"])


def test_a_clock_that_jumps_or_is_far_off() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), tick=False) as moment:
        assert checks.clocks(lambda seconds: moment.shift(seconds + 10)).state == "warn"
    with time_machine.travel(dt.datetime(2019, 1, 1, tzinfo=dt.UTC)):
        assert checks.clocks(lambda _: None).state == "fail"
    assert checks.clocks().state == "ok"


def test_zones_are_whole() -> None:
    assert checks.zones().state == "ok"


@pytest.mark.parametrize(
    ("url", "state"),
    [("http://127.0.0.1:8000", "ok"), ("http://localhost", "ok"), ("https://hutong.example", "ok"), ("http://hutong.example", "warn")],
)
def test_passwords_in_the_clear(url: str, state: str) -> None:
    with override_settings(PUBLIC_URL=url):
        assert checks.public_url().state == state


@pytest.mark.parametrize(
    ("url", "count", "state"),
    [
        ("http://127.0.0.1:8000", 0, "ok"),
        ("http://127.0.0.1:8000", 1, "warn"),
        ("https://hutong.example", 0, "warn"),
        ("https://hutong.example", 1, "ok"),
        ("http://hutong.example", 2, "ok"),
    ],
)
def test_proxies_and_the_public_address_agree(url: str, count: int, state: str) -> None:
    with override_settings(PUBLIC_URL=url, PROXIES_IN_FRONT=count):
        assert checks.proxies().state == state


def test_a_damaged_database_is_found(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "hutong.db"
    with sqlite3.connect(path) as store:
        store.execute("CREATE TABLE t (a TEXT)")
        store.executemany("INSERT INTO t VALUES (?)", [("x" * 500,) for _ in range(200)])
    store.close()
    assert checks.records(path).state == "ok"
    spoiled = bytearray(path.read_bytes())
    spoiled[8192:12288] = b"\xff" * 4096
    path.write_bytes(spoiled)
    assert checks.records(path).state == "fail"
    assert checks.records(tmp_path / "none.db").state == "fail"


def test_doctor_reports_and_exits_by_the_worst(installed: Installation) -> None:
    whole = installed.command("doctor", "--json", HUTONG_SECRET_KEY="do-not-show-me", HUTONG_PORT="0")
    report = whole.json()
    assert {one["key"] for one in report["findings"]} >= {
        "python",
        "sqlite",
        "disk",
        "data_dir",
        "clocks",
        "zones",
        "records",
        "server",
        "warehouse",
        "migrations",
    }
    assert [one["key"] for one in report["findings"] if one["state"] == "fail"] == []
    assert report["settings"]["HUTONG_PROXIES_IN_FRONT"] == "0"
    assert report["settings"]["HUTONG_SECRET_KEY"] == "••••••"
    assert "do-not-show-me" not in whole.out + whole.err

    (installed.folder / "secret.key").chmod(0o644)
    ill = installed.command("doctor", HUTONG_PORT="0", LANG="zh_CN.UTF-8")
    assert ill.code == 1
    assert f"✗ {installed.folder / 'secret.key'} 可被其他用户读取（644）。请运行：chmod 600 {installed.folder / 'secret.key'}" in ill.out


def test_doctor_before_there_is_anything(bare: Installation) -> None:
    outcome = bare.command("doctor", HUTONG_PORT="0", HUTONG_PROXIES_IN_FRONT="2")
    assert (outcome.code, "! There is no data yet; the first `hutong serve` makes it." in outcome.out) == (0, True)
    assert "! HUTONG_PROXIES_IN_FRONT is 2, but there is no proxy in front of http://127.0.0.1:0" in outcome.out
    assert "\n  HUTONG_PROXIES_IN_FRONT = 2\n" in outcome.out
