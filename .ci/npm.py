"""Runs npm in the console's folder with the Node that builds it: `python .ci/npm.py run check`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import hatch_build  # noqa: E402 - the build hook at the root knows where Node is


def npm(*arguments: str) -> int:
    """Run it with its output shown; gives the exit code."""
    console = ROOT / "console"
    hatch_build.install_packages(console)
    node, script = hatch_build.node_command()
    return subprocess.run([str(node), str(script), *arguments], cwd=console, env=hatch_build.npm_environment(node), check=False).returncode


if __name__ == "__main__":
    sys.exit(npm(*sys.argv[1:]))
