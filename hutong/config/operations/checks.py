"""What `hutong doctor` and the system page look at; each check says what it found and, where needed, what to do."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from hutong.config import migrating
from hutong.config.operations import facts
from hutong.events import queries as events
from hutong.foundation import clock
from hutong.foundation.jobs import queries as jobs
from hutong.foundation.text import counted

FREE_BYTES_WARN = 2 * 1024**3
FREE_BYTES_FAIL = 256 * 1024**2
LAG_SECONDS_WARN = 60.0
WAITED_SECONDS_WARN = 300.0
CLOCK_STEP_SECONDS = 0.2
CLOCK_DRIFT_SECONDS_MAX = 0.05
ZONES_MIN = 400
# A WAL database two connections write and checkpoint at once can be corrupted by these (sqlite.org, "WAL-reset bug").
SQLITE_UNSOUND = ((3, 7, 0), (3, 51, 2))
PAGE_FILE = "index.html"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome."""

    key: str
    state: State
    zh: str
    en: str

    def text(self, language: str) -> str:
        """The sentence in that language."""
        return self.zh if language == "zh" else self.en


def python() -> Finding:
    """Which one runs; an older one than 3.11 cannot read this code."""
    version = facts.versions()["python"]
    return Finding("python", "ok", f"Python {version}", f"Python {version}")


def sqlite(version: str | None = None) -> Finding:
    """The library in use is sound."""
    version = version or facts.sqlite_version()
    parts = tuple(int(part) for part in version.split("."))
    if SQLITE_UNSOUND[0] <= parts <= SQLITE_UNSOUND[1]:
        return Finding(
            "sqlite",
            "fail",
            f"SQLite {version} 在 WAL 重置缺陷的范围内（3.7.0 至 3.51.2），可能损坏数据库。请运行 pip install pysqlite3。",
            f"SQLite {version} lies within the WAL-reset fault's range (3.7.0 to 3.51.2) and may corrupt the database. Run: pip install pysqlite3",
        )
    return Finding("sqlite", "ok", f"SQLite {version}", f"SQLite {version}")


def engines() -> Finding:
    """Versions of what else matters."""
    text = ", ".join(f"{name} {version}" for name, version in facts.versions().items() if name not in ("python", "sqlite"))
    return Finding("versions", "ok", text, text)


def disk() -> Finding:
    """Room for more."""
    free = shutil.disk_usage(facts.existing(settings.DATA_DIR)).free
    state: State = "fail" if free < FREE_BYTES_FAIL else "warn" if free < FREE_BYTES_WARN else "ok"
    amount = f"{free / 1024**3:.1f} GB"
    if state == "ok":
        return Finding("disk", state, f"磁盘剩余 {amount}", f"{amount} free on the disk")
    return Finding("disk", state, f"磁盘只剩 {amount}，请尽快清理。", f"Only {amount} left on the disk. Free some space soon.")


def data_dir() -> Finding:
    """Readable by its owner only, and writable."""
    folder: Path = settings.DATA_DIR
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding("data_dir", "fail", f"不能写入数据目录 {folder}。", f"The data folder {folder} cannot be written.")
    if mode & 0o077:
        return Finding(
            "data_dir",
            "warn",
            f"数据目录 {folder} 可被其他用户访问（{mode:o}）。请运行：chmod 700 {folder}",
            f"Other users may enter the data folder {folder} ({mode:o}). Run: chmod 700 {folder}",
        )
    return Finding("data_dir", "ok", f"数据目录 {folder}（{mode:o}）", f"Data folder {folder} ({mode:o})")


def secrets() -> list[Finding]:
    """The keys kept in the data folder are for its owner's eyes only."""
    found = []
    for name in ("secret.key", "operator.key", "demo-login.json"):
        path: Path = settings.DATA_DIR / name
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            found.append(
                Finding(
                    name,
                    "fail",
                    f"{path} 可被其他用户读取（{mode:o}）。请运行：chmod 600 {path}",
                    f"Other users may read {path} ({mode:o}). Run: chmod 600 {path}",
                )
            )
        else:
            found.append(Finding(name, "ok", f"{name}（{mode:o}）", f"{name} ({mode:o})"))
    return found


def clocks(sleep: Callable[[float], None] = time.sleep) -> Finding:
    """Wall and monotonic time run alike, and the year is believable."""
    wall, steady = clock.now(), clock.monotonic_seconds()
    sleep(CLOCK_STEP_SECONDS)
    drift = (clock.now() - wall).total_seconds() - (clock.monotonic_seconds() - steady)
    if clock.now() < dt.datetime(2026, 1, 1, tzinfo=dt.UTC):
        return Finding(
            "clocks", "fail", f"系统时间是 {clock.now():%Y-%m-%d}，明显不对。", f"The system's date is {clock.now():%Y-%m-%d}, which cannot be."
        )
    if abs(drift) > CLOCK_DRIFT_SECONDS_MAX:
        return Finding(
            "clocks", "warn", f"系统时钟正在跳动（{drift:+.3f} 秒）。请检查 NTP。", f"The system clock is jumping ({drift:+.3f} s). Check NTP."
        )
    return Finding("clocks", "ok", f"时钟正常（UTC {clock.now():%Y-%m-%d %H:%M:%S}）", f"Clocks run alike (UTC {clock.now():%Y-%m-%d %H:%M:%S})")


def zones() -> Finding:
    """The zone data is there and right."""
    names = clock.zone_names()
    sample = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    sound = len(names) >= ZONES_MIN and all(
        sample.astimezone(clock.zone(name)).utcoffset() == dt.timedelta(hours=hours) for name, hours in (("Asia/Shanghai", 8), ("Europe/Berlin", 2))
    )
    if not sound:
        return Finding("zones", "fail", "时区数据不完整。请运行：pip install tzdata", "The time zone data is not whole. Run: pip install tzdata")
    return Finding("zones", "ok", f"{len(names)} 个时区", f"{len(names)} time zones")


def public_url() -> Finding:
    """What leaves this machine goes over HTTPS."""
    url: str = settings.PUBLIC_URL
    host = urlsplit(url).hostname or ""
    if url.startswith("http:") and host not in LOCAL_HOSTS:
        return Finding(
            "public_url",
            "warn",
            f"公开地址 {url} 没有使用 HTTPS，密码会明文传输。请在前面放一个 HTTPS 代理并设置 HUTONG_PUBLIC_URL。",
            f"The public address {url} is not HTTPS: passwords travel in the clear. Put an HTTPS proxy in front and set HUTONG_PUBLIC_URL.",
        )
    return Finding("public_url", "ok", f"公开地址 {url}", f"Public address {url}")


def proxies() -> Finding:
    """Visitors are told apart by their own addresses, and cannot make one up."""
    count: int = settings.PROXIES_IN_FRONT
    url: str = settings.PUBLIC_URL
    if url.startswith("https:") and count == 0:
        return Finding(
            "proxies",
            "warn",
            f"公开地址 {url} 由 HTTPS 代理提供，而 HUTONG_PROXIES_IN_FRONT 是 0：所有访客都算作代理的地址，一个人输错密码会连累所有人。请设为代理的层数，通常是 1。",
            f"A proxy serves {url}, but HUTONG_PROXIES_IN_FRONT is 0: all visitors seem to come from the proxy, and one who mistypes a password holds up"
            " everybody. Set it to the number of proxies, usually 1.",
        )
    if count and url.startswith("http:") and urlsplit(url).hostname in LOCAL_HOSTS:
        return Finding(
            "proxies",
            "warn",
            f"HUTONG_PROXIES_IN_FRONT 是 {count}，而公开地址 {url} 前面没有代理：访客可以伪造自己的地址。请设为 0，有代理时设置 HUTONG_PUBLIC_URL。",
            f"HUTONG_PROXIES_IN_FRONT is {count}, but there is no proxy in front of {url}: visitors can make up their address. Set it to 0, or set"
            " HUTONG_PUBLIC_URL where there is a proxy.",
        )
    return Finding("proxies", "ok", f"前面有 {count} 层反向代理", f"{counted(count, 'proxy', 'proxies')} in front")


def console() -> Finding:
    """The pages are built."""
    if not (settings.PACKAGE_DIR / "console_dist" / PAGE_FILE).exists():
        return Finding("console", "warn", "控制台尚未构建。请运行：make console", "The console is not built. Run: make console")
    return Finding("console", "ok", "控制台已构建", "The console is built")


def migrations() -> Finding:
    """The store is at this version."""
    pending = migrating.pending()
    if pending:
        names = ", ".join(pending)
        return Finding(
            "migrations",
            "warn",
            f"有 {len(pending)} 项迁移未执行，下次 serve 时执行：{names}",
            f"{counted(len(pending), 'migration')} pending until the next serve: {names}",
        )
    return Finding("migrations", "ok", "数据库结构是最新的", "The database is at this version")


def subscribers() -> list[Finding]:
    """Every reader keeps up."""
    found = []
    for one in events.standings():
        key = f"subscriber.{one.name}"
        if one.failures:
            found.append(
                Finding(
                    key,
                    "fail",
                    f"订阅者 {one.name} 连续失败 {one.failures} 次（{one.last_error}），落后 {one.behind_entries:,} 条。",
                    f"Subscriber {one.name} failed {counted(one.failures, 'time')} in a row ({one.last_error}) and is"
                    f" {counted(one.behind_entries, 'entry', 'entries')} behind.",
                )
            )
        elif one.lag_seconds > LAG_SECONDS_WARN:
            found.append(
                Finding(
                    key,
                    "warn",
                    f"订阅者 {one.name} 落后 {one.lag_seconds:.0f} 秒（{one.behind_entries:,} 条）。",
                    f"Subscriber {one.name} is {one.lag_seconds:.0f} s behind ({counted(one.behind_entries, 'entry', 'entries')}).",
                )
            )
        elif one.dead_events:
            found.append(
                Finding(
                    key,
                    "warn",
                    f"订阅者 {one.name} 搁置了 {one.dead_events} 条事件。",
                    f"Subscriber {one.name} set {counted(one.dead_events, 'event')} aside.",
                )
            )
        else:
            found.append(Finding(key, "ok", f"订阅者 {one.name} 已跟上", f"Subscriber {one.name} keeps up"))
    return found


def background_jobs() -> Finding:
    """Jobs run and none is dead."""
    counts, waited = jobs.counts(), jobs.waited_seconds()
    if counts["dead"]:
        return Finding(
            "jobs", "warn", f"{counts['dead']} 个后台任务多次失败后已放弃。", f"{counted(counts['dead'], 'job')} gave up after the last attempt."
        )
    if waited > WAITED_SECONDS_WARN:
        return Finding("jobs", "warn", f"最早的后台任务已等待 {waited:.0f} 秒。", f"The oldest due job has waited {waited:.0f} s.")
    return Finding(
        "jobs",
        "ok",
        f"后台任务：{counts['running']} 个在运行，{counts['ready']} 个在等待",
        f"Jobs: {counts['running']} running, {counts['ready']} waiting",
    )


def records(path: Path) -> Finding:
    """SQLite's own check of every page."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
            found = store.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        return Finding(
            "records", "fail", f"数据库损坏：{found}。请用最近的备份恢复。", f"The database is damaged: {found}. Restore the latest backup."
        )
    return Finding("records", "ok", "数据库完整", "The database is whole")


def warehouse(*, answers: bool) -> Finding:
    """The analytics engine answers."""
    if answers:
        return Finding("warehouse", "ok", "分析库正常", "The warehouse answers")
    return Finding("warehouse", "fail", "分析库没有回答。请查看服务的日志。", "The warehouse does not answer. See the server's log.")


def of_machine() -> list[Finding]:
    """Everything that can be told before there is a store."""
    return [python(), sqlite(), engines(), disk(), data_dir(), *secrets(), zones(), public_url(), proxies(), console()]


def of_process() -> list[Finding]:
    """Everything that needs no more than this process and its stores; never raises for a store that is out of order."""
    found = of_machine()
    try:
        found += [migrations(), *subscribers(), background_jobs()]
    except DatabaseError as error:
        kind = type(error).__name__
        found.append(Finding("records", "fail", f"数据库没有回答（{kind}）。", f"The database does not answer ({kind})."))
    return found
