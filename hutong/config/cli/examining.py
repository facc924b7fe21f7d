"""How `hutong doctor` goes about it."""

from __future__ import annotations

import json
import os
import socket
import sys

import click
import httpx
from django.conf import settings

from hutong.config.cli.client import is_hutong
from hutong.config.cli.words import language, say
from hutong.config.operations import checks, facts, status
from hutong.config.operations.checks import Finding
from hutong.foundation import datalock

MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}
SECRET_WORDS = ("SECRET", "KEY", "PASSWORD", "TOKEN")
SETTINGS = (
    "HUTONG_DATA",
    "HUTONG_HOST",
    "HUTONG_PORT",
    "HUTONG_PUBLIC_URL",
    "HUTONG_ALLOWED_HOSTS",
    "HUTONG_PROXIES_IN_FRONT",
    "HUTONG_SECRET_KEY",
    "HUTONG_WAREHOUSE_MEMORY_BYTES",
    "HUTONG_UPLOAD_BYTES_MAX",
    "HUTONG_LOG_LEVEL",
)


def run(*, as_json: bool) -> None:
    """Look at everything; the exit code is 1 when something is wrong."""
    findings = examine()
    state = status.worst(findings)
    if as_json:
        report = {
            "state": state,
            "findings": [{"key": one.key, "state": one.state, "message": one.text(language())} for one in findings],
            "versions": facts.versions(),
            "settings": settings_in_force(),
        }
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        for one in findings:
            click.echo(f"{MARKS[one.state]} {one.text(language())}")
        click.echo(say("设置", "Settings"))
        for name, value in settings_in_force().items():
            click.echo(f"  {name} = {value}")
    sys.exit(1 if state == "fail" else 0)


def examine() -> list[Finding]:
    """Every check, the stores' own included."""
    store = facts.records_path()
    found = [checks.clocks()]
    if not store.exists():
        nothing = Finding("records", "warn", "还没有数据，首次 hutong serve 时创建。", "There is no data yet; the first `hutong serve` makes it.")
        return [*checks.of_machine(), *found, nothing, server()]
    import hutong.config.api  # noqa: F401 - installs the subscribers

    return [*checks.of_process(), *found, checks.records(store), server(), _warehouse()]


def server() -> Finding:
    """Whether one runs, or could."""
    place = datalock.announced(settings.DATA_DIR)
    if place is not None:
        if is_hutong(place):
            return Finding("server", "ok", f"服务正在运行：{place.url}（进程 {place.pid}）", f"The server runs at {place.url} (process {place.pid})")
        return Finding(
            "server", "fail", f"{place.url} 的服务（进程 {place.pid}）没有回答。", f"The server at {place.url} (process {place.pid}) does not answer."
        )
    host, port = settings.HOST, settings.PORT
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return Finding(
                "server",
                "warn",
                f"服务未运行，而 {host}:{port} 不可用（{error.strerror}）。",
                f"No server runs, and {host}:{port} is not available ({error.strerror}).",
            )
    return Finding("server", "ok", f"服务未运行，{host}:{port} 空闲", f"No server runs; {host}:{port} is free")


def _warehouse() -> Finding:
    """Ask the server that owns it, or open it here."""
    from hutong.events import queries as events
    from hutong.events.warehouse import engine

    place = datalock.announced(settings.DATA_DIR)
    if place is not None:
        try:
            answer = httpx.get(f"{place.url}/healthz", timeout=10.0, trust_env=False).json()
            return checks.warehouse(answers=bool(answer["warehouse"]))
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return checks.warehouse(answers=False)
    try:
        with datalock.hold(settings.DATA_DIR, wait_seconds=5.0):
            found = checks.warehouse(answers=events.answers())
            engine.close()
    except datalock.DataInUse as error:
        return Finding("warehouse", "warn", error.detail("zh"), error.detail("en"))
    return found


def settings_in_force() -> dict[str, str]:
    """What the environment sets, and what holds where it does not; secrets are masked."""
    defaults = {
        "HUTONG_DATA": str(settings.DATA_DIR),
        "HUTONG_HOST": settings.HOST,
        "HUTONG_PORT": str(settings.PORT),
        "HUTONG_PUBLIC_URL": settings.PUBLIC_URL,
        "HUTONG_PROXIES_IN_FRONT": str(settings.PROXIES_IN_FRONT),
        "HUTONG_WAREHOUSE_MEMORY_BYTES": str(settings.WAREHOUSE_MEMORY_BYTES),
        "HUTONG_UPLOAD_BYTES_MAX": str(settings.UPLOAD_FILE_BYTES_MAX),
        "HUTONG_LOG_LEVEL": "INFO",
    }
    names = dict.fromkeys([*SETTINGS, *sorted(name for name in os.environ if name.startswith("HUTONG_"))])
    found = {}
    for name in names:
        value = os.environ.get(name, defaults.get(name, ""))
        found[name] = "••••••" if value and any(word in name for word in SECRET_WORDS) else value
    return found
