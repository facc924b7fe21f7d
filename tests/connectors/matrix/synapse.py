"""A real Synapse for the tests: installed once into an environment of its own, started on loopback over SQLite, shared by a run."""

from __future__ import annotations

import atexit
import base64
import fcntl
import hashlib
import hmac
import itertools
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

VERSION = "1.163.2"
SERVER_NAME = "hutong.test"
SECRET = "only for tests"
INSTALL_SECONDS_MAX = 240
START_SECONDS_MAX = 60
CLIENT = "/_matrix/client/v3"
UPLOAD_BYTES_MAX = 200_000
_UNLIMITED = {"per_second": 100_000, "burst_count": 100_000}
_numbers = itertools.count(1)


class User:
    """Somebody on the server, acting over the client API."""

    def __init__(self, server: Synapse, name: str, *, admin: bool = False) -> None:
        self.server = server
        nonce = server.call("GET", "/_synapse/admin/v1/register")["nonce"]
        words = "\0".join((nonce, name, "password", "admin" if admin else "notadmin"))
        mac = hmac.new(SECRET.encode(), words.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": "password", "admin": admin, "mac": mac}
        made = server.call("POST", "/_synapse/admin/v1/register", body)
        self.id: str = made["user_id"]
        self.token: str = made["access_token"]
        self._keys = itertools.count(1)

    def call(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        return self.server.call(method, path, body, token=self.token, **params)

    def room(self, **options: Any) -> str:
        """A new room, public unless said otherwise."""
        return str(self.call("POST", f"{CLIENT}/createRoom", {"preset": "public_chat", **options})["room_id"])

    def act(self, room_id: str, what: str, **body: Any) -> None:
        """join, leave, invite, kick, ban, unban."""
        self.call("POST", f"{CLIENT}/rooms/{quote(room_id)}/{what}", body)

    def emit(self, room_id: str, kind: str, content: Any) -> str:
        return str(self.call("PUT", f"{CLIENT}/rooms/{quote(room_id)}/send/{kind}/t{next(self._keys)}", content)["event_id"])

    def say(self, room_id: str, body: str, **content: Any) -> str:
        return self.emit(room_id, "m.room.message", {"msgtype": "m.text", "body": body, **content})

    def redact(self, room_id: str, event_id: str, **body: Any) -> str:
        path = f"{CLIENT}/rooms/{quote(room_id)}/redact/{quote(event_id)}/t{next(self._keys)}"
        return str(self.call("PUT", path, body)["event_id"])

    def state(self, room_id: str, kind: str, content: Any, key: str = "") -> str:
        return str(self.call("PUT", f"{CLIENT}/rooms/{quote(room_id)}/state/{kind}/{key}", content)["event_id"])

    def messages(self, room_id: str) -> list[dict[str, Any]]:
        """The content of every message in the room as this person sees it, in order."""
        page = self.call("GET", f"{CLIENT}/rooms/{quote(room_id)}/messages", dir="b", limit=500, filter='{"types":["m.room.message"]}')
        return [{**one["content"], "sender": one["sender"], "event_id": one["event_id"]} for one in reversed(page["chunk"]) if one["content"]]

    def upload(self, content: bytes, content_type: str) -> str:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        answer = self.server.http.post("/_matrix/media/v3/upload", content=content, headers=headers)
        return str(answer.raise_for_status().json()["content_uri"])

    def download(self, mxc: str) -> bytes:
        answer = self.server.http.get(f"/_matrix/client/v1/media/download/{mxc[6:]}", headers={"Authorization": f"Bearer {self.token}"})
        return answer.raise_for_status().content


class Synapse:
    """The server while it runs."""

    def __init__(self, python: Path) -> None:
        shm = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
        self.folder = Path(tempfile.mkdtemp(prefix="hutong-synapse-", dir=shm if os.access(shm, os.W_OK) else None))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False)
        (self.folder / "homeserver.yaml").write_text(json.dumps(_settings(port)))  # JSON is YAML
        with (self.folder / "log").open("wb") as log:
            command = [str(python), "-m", "synapse.app.homeserver", "--config-path", "homeserver.yaml"]
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        atexit.register(self.stop)
        self._wait()
        self.admin = User(self, "root", admin=True)

    def call(self, method: str, path: str, body: Any = None, *, token: str = "", **params: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.http.request(method, path, json=body, headers=headers, params=params or None)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def user(self, name: str = "user") -> User:
        """Somebody new."""
        return User(self, f"{name}{next(_numbers)}")

    def slow_down(self, user: User, *, to: int | None) -> None:
        """Let an account send only so many messages a second; None: any number."""
        path = f"/_synapse/admin/v1/users/{quote(user.id)}/override_ratelimit"
        if to is None:
            self.admin.call("DELETE", path)
        else:
            self.admin.call("POST", path, {"messages_per_second": to, "burst_count": 1})

    def stop(self) -> None:
        self.http.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until:
            try:
                if self.http.get("/_matrix/client/versions").status_code == 200:
                    return
            except httpx.TransportError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        said = (self.folder / "log").read_text(errors="replace")[-2_000:]
        self.stop()
        raise AssertionError(f"Synapse did not start: {said}")


@cache
def running() -> Synapse:
    """The server of this run. Skips with the reason where it cannot be installed."""
    reason, python = installed()
    if python is None:
        pytest.skip(f"Synapse {VERSION} cannot be installed: {reason}")
    return Synapse(python)


@cache
def installed() -> tuple[str, Path | None]:
    """The environment's Python, made on first use and kept for later runs; else why not."""
    cached = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hutong-tests"
    folder = cached / f"synapse-{VERSION}-py{sys.version_info.major}.{sys.version_info.minor}"
    python, whole = folder / "bin" / "python", folder / "whole"
    try:
        cached.mkdir(parents=True, exist_ok=True)
        with (cached / f"{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                _run([sys.executable, "-m", "venv", str(folder)])
                _run([str(python), "-m", "pip", "install", "-q", "--no-input", f"matrix-synapse=={VERSION}"])
                whole.touch()
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or b""
        return f"{error} {said[-500:].decode(errors='replace')}", None
    return "", python


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS_MAX, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})


def _settings(port: int) -> dict[str, Any]:
    return {
        "server_name": SERVER_NAME,
        "signing_key": f"ed25519 a_test {base64.b64encode(secrets.token_bytes(32)).decode().rstrip('=')}",
        "macaroon_secret_key": secrets.token_hex(),
        "form_secret": secrets.token_hex(),
        "registration_shared_secret": SECRET,
        "report_stats": False,
        "presence": {"enabled": False},
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "bcrypt_rounds": 4,
        "max_upload_size": UPLOAD_BYTES_MAX,
        "allow_guest_access": True,
        "media_store_path": "media",
        "database": {"name": "sqlite3", "args": {"database": "homeserver.db"}},
        "listeners": [
            {
                "port": port,
                "bind_addresses": ["127.0.0.1"],
                "type": "http",
                "tls": False,
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        **dict.fromkeys(
            ("rc_message", "rc_registration", "rc_admin_redaction", "rc_joins_per_room", "rc_room_creation", "rc_third_party_invite"), _UNLIMITED
        ),
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), _UNLIMITED),
        "rc_joins": dict.fromkeys(("local", "remote"), _UNLIMITED),
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _UNLIMITED),
    }
