"""Who owns the data folder: one process at a time opens the stores, and says where it serves."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from hutong.foundation import clock
from hutong.foundation.errors import HutongError

LOCK_NAME = "server.lock"
PLACE_NAME = "server.json"
RETRY_SECONDS = 0.1


class DataInUse(HutongError):
    """Another process holds the data folder."""

    code = "data_in_use"
    status = 409
    title = {"zh": "数据目录正在使用", "en": "The data folder is in use"}
    message = {
        "zh": "另一个 Hutong 进程（{pid}）正在使用数据目录 {folder}。请先停止它，或用 HUTONG_DATA 指定别的目录。",
        "en": "Another Hutong process ({pid}) uses the data folder {folder}. Stop it first, or name another folder with HUTONG_DATA.",
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server answers."""

    pid: int
    host: str
    port: int

    @property
    def url(self) -> str:
        """Its address as seen from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{self.port}"


_guard = threading.Lock()
_held: dict[Path, tuple[int, int]] = {}  # folder -> (file descriptor, how many times taken)


def take(folder: Path, *, wait_seconds: float = 0.0) -> None:
    """Own the folder until `leave`; the same process may take it again. Raises DataInUse."""
    with _guard:
        if folder in _held:
            handle, times = _held[folder]
            _held[folder] = (handle, times + 1)
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        until = clock.monotonic_seconds() + wait_seconds
        pause = threading.Event()
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if clock.monotonic_seconds() >= until:
                    holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "?"
                    os.close(handle)
                    raise DataInUse(folder=str(folder), pid=holder) from None
                pause.wait(RETRY_SECONDS)
            else:
                break
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        _held[folder] = (handle, 1)


def leave(folder: Path) -> None:
    """Undo one `take`."""
    with _guard:
        handle, times = _held[folder]
        if times > 1:
            _held[folder] = (handle, times - 1)
            return
        del _held[folder]
        os.ftruncate(handle, 0)
        os.close(handle)


@contextmanager
def hold(folder: Path, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Own the folder for the length of a block."""
    take(folder, wait_seconds=wait_seconds)
    try:
        yield
    finally:
        leave(folder)


def announce(folder: Path, *, host: str, port: int) -> None:
    """Write down where this process serves; the command line looks there."""
    path = folder / PLACE_NAME
    fresh = path.with_suffix(".json.new")
    fresh.write_text(json.dumps(asdict(Place(os.getpid(), host, port))))
    fresh.replace(path)


def withdraw(folder: Path) -> None:
    """Take back what this process announced."""
    found = announced(folder)
    if found is not None and found.pid == os.getpid():
        (folder / PLACE_NAME).unlink(missing_ok=True)


def announced(folder: Path) -> Place | None:
    """What the last server wrote down, if its process still lives. Whether it answers is for the caller to try."""
    try:
        facts = json.loads((folder / PLACE_NAME).read_text())
        place = Place(int(facts["pid"]), str(facts["host"]), int(facts["port"]))
        os.kill(place.pid, 0)
    except (FileNotFoundError, ProcessLookupError, ValueError, KeyError, TypeError):
        return None
    except PermissionError:
        return place
    return place
