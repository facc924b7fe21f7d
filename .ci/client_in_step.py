"""The console's copy of the OpenAPI document and the client made from it must be those of this code. `--write` makes them so."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "console" / "openapi.json"
CLIENT = ROOT / "console" / "src" / "api" / "schema.gen.ts"
sys.path.insert(0, str(Path(__file__).resolve().parent))

import npm  # noqa: E402


def exported() -> str:
    """The document of this code."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"HUTONG_DATA": folder, "HUTONG_SECRET_KEY": "check"}
        command = [sys.executable, "-m", "hutong", "openapi"]
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def generated(folder: Path) -> str:
    """The client made from the console's copy of the document."""
    target = folder / "schema.gen.ts"
    if npm.npm("exec", "--", "openapi-typescript", "openapi.json", "--output", str(target)):
        sys.exit(1)
    return target.read_text()


def main() -> None:
    """Compare, or write."""
    document = exported()
    if "--write" in sys.argv:
        DOCUMENT.write_text(document)
        sys.exit(npm.npm("run", "generate"))
    stale = []
    if DOCUMENT.read_text() != document:
        stale.append(DOCUMENT)
    with tempfile.TemporaryDirectory() as folder:
        if CLIENT.read_text() != generated(Path(folder)):
            stale.append(CLIENT)
    if stale:
        sys.exit("\n".join([*(f"out of step: {path.relative_to(ROOT)}" for path in stale), "run: make openapi"]))


if __name__ == "__main__":
    main()
