"""Starting and stopping `hutong serve` for a measurement, in a data folder of its own, on a free loopback port."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

READY_SECONDS_MAX = 60


@dataclass(slots=True)
class Running:
    """A server under measurement."""

    port: int
    pid: int
    data: Path
    seconds_to_healthy: float

    def resident_mb(self) -> float:
        """Memory of the process and its children, in megabytes (10^6 bytes)."""
        process = psutil.Process(self.pid)
        return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6


def free_port() -> int:
    """A loopback port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """An empty data folder, removed afterwards."""
    made = Path(tempfile.mkdtemp(prefix="hutong-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def prepare(data: Path) -> dict[str, str]:
    """Migrate, and make a workspace with an API key and a write key; their values by name."""
    script = "from benchmarks.server import _prepare; _prepare()"
    done = subprocess.run([sys.executable, "-c", script], env=environment(data), check=True, capture_output=True, text=True)
    return dict(line.split("=", 1) for line in done.stdout.split() if "=" in line)


def environment(data: Path) -> dict[str, str]:
    """The environment of a process that works on that folder."""
    return {**os.environ, "HUTONG_DATA": str(data), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from hutong.config import features
    from hutong.events.models import Source
    from hutong.workspaces import access
    from hutong.workspaces.models import APIKey, Workspace

    call_command("migrate", verbosity=0)
    features.install()
    workspace = Workspace.objects.create(name="Benchmark", time_zone="Asia/Shanghai")
    write_key, api_key = f"htw_{secrets.token_urlsafe(24)}", f"htk_{secrets.token_urlsafe(24)}"
    Source.objects.create(workspace=workspace, name="site", prefix=write_key[:12], key_hash=access.hash_secret(write_key))
    APIKey.objects.create(
        workspace=workspace, name="bench", prefix=api_key[:12], key_hash=access.hash_secret(api_key), scopes=[p.name for p in access.permissions()]
    )
    print(f"workspace={workspace.pk}\nwrite_key={write_key}\napi_key={api_key}")


@contextlib.contextmanager
def serving(data: Path, *, command: list[str] | None = None, path: str = "/healthz") -> Iterator[Running]:
    """A running server; ended by its own pid."""
    port = free_port()
    started = time.perf_counter()
    argv = command or [sys.executable, "-m", "hutong", "serve"]
    process = subprocess.Popen(
        [*argv, "--host", "127.0.0.1", "--port", str(port)], env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, path, process)
        yield Running(port, process.pid, data, time.perf_counter() - started)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.perf_counter() + READY_SECONDS_MAX
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError("the server did not become healthy")
