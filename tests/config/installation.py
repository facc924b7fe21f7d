"""A whole installation in a folder of its own, worked through the real command line and a real server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS_MAX = 60.0
PASSWORD = "correct horse battery"

SEED = """
from hutong.events import sources
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
workspace = Workspace.objects.get()
source, secret = sources.create(workspace, actor=SYSTEM, name="test", community_id=None, group_id=None)
print(json.dumps({"workspace": str(workspace.pk), "write_key": secret}))
"""


@dataclass(slots=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


class Installation:
    """Commands, scripts and servers on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUTONG_", "LC_", "LANG"))}
        return kept | {"HUTONG_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": "hutong.config.settings", "LANG": "en_US.UTF-8"} | more

    def command(self, *arguments: str, stdin: str = "", **environment: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "hutong", *arguments],
            env=self.environment(**environment),
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def script(self, body: str) -> Any:
        """Run Python inside the installation; what it prints last is JSON."""
        head = "import json, django\ndjango.setup()\nimport hutong.config.api\n"
        done = subprocess.run(
            [sys.executable, "-c", head + textwrap.dedent(body)],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def set_up(self) -> None:
        """A workspace with an owner."""
        made = self.command("create-owner", "--email", "owner@example.com", "--workspace", "测试工作区", "--password-stdin", stdin=f"{PASSWORD}\n")
        assert made.code == 0, made.err

    def write_key(self) -> str:
        """The key of a new data source."""
        return str(self.script(SEED)["write_key"])

    @contextmanager
    def served(self, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A server, stopped in an orderly way at the end unless it is gone."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        log = self.folder.parent / f"{self.folder.name}.log"
        with log.open("a") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "hutong", "serve", "--port", str(port)],
                env=self.environment(**environment),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        try:
            self._wait(process, log)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            assert process.stdout is not None
            process.stdout.close()

    def _wait(self, process: subprocess.Popen[str], log: Path) -> None:
        end = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < end:
            assert process.poll() is None, log.read_text()
            try:
                if httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(log.read_text())

    def log_lines(self) -> list[dict[str, Any]]:
        """What the servers logged, line by line."""
        text = (self.folder.parent / f"{self.folder.name}.log").read_text()
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
