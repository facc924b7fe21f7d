"""`make connector NAME=x`: the folder of a new connector, its line in the table, and a contract test that fails until it works."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / ".ci" / "connector"
TABLE = "hutong/config/connectors.py"
NAME = re.compile(r"[a-z][a-z0-9]{1,29}")


def make(name: str, *, root: Path) -> list[Path]:
    """Write the files. Raises SystemExit with what to do when that cannot be."""
    if not NAME.fullmatch(name):
        raise SystemExit(f"名称只能用小写字母和数字，例如 NAME=discord。/ A name is lower-case letters and digits, as in NAME=discord: {name!r}")
    folder, tests = root / "hutong" / "connectors" / name, root / "tests" / "connectors" / name
    if folder.exists() or tests.exists():
        raise SystemExit(f"已有同名连接器。/ There is one already: {folder.relative_to(root)}")
    made = []
    for source in sorted(TEMPLATE.rglob("*.in")):
        relative = source.relative_to(TEMPLATE)
        target = (tests if relative.parts[0] == "tests" else folder) / Path(*relative.parts[1:]).with_suffix("")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text().replace("{{name}}", name).replace("{{Name}}", name.capitalize()))
        made.append(target)
    table = root / TABLE
    table.write_text(with_line(table.read_text(), name))
    return [*made, table]


def with_line(text: str, name: str) -> str:
    """The table of connectors with one more at its end."""
    kind = f"{name.capitalize()}Connector"
    line = f"from hutong.connectors.{name}.connector import {kind}\n"
    imports = sorted({*re.findall(r"^from hutong\..* import .*\n", text, re.MULTILINE), line})
    head, _, rest = text.partition("from hutong.")
    body = re.sub(r"^from hutong\..* import .*\n", "", "from hutong." + rest, flags=re.MULTILINE)
    return (
        head
        + "".join(imports)
        + re.sub(r"= \((.*?),?\)$", lambda found: f"= ({found[1]}{', ' if found[1] else ''}{kind},)", body, flags=re.MULTILINE)
    )


if __name__ == "__main__":
    for path in make(sys.argv[1] if len(sys.argv) > 1 else "", root=ROOT):
        print(path.relative_to(ROOT))
    print(f"接下来 / next: .venv/bin/python -m pytest tests/connectors -k {sys.argv[1]}")
