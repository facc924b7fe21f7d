"""The catalogue of what Click says, compiled. `python -m tests.config.click_words` writes it anew."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

WRITTEN = Path(__file__).resolve().parents[2] / "hutong" / "config" / "cli" / "locale" / "zh" / "LC_MESSAGES" / "messages.po"
COMPILED = WRITTEN.with_suffix(".mo")
# What only a programmer or Windows meets.
NOT_FOR_READERS = ("_winconsole.py", "DeprecationWarning", "Could not determine", "No options defined", "Arguments take", "Name '", "Boolean option")
NOT_FOR_READERS += ("Invalid start character", "Unknown colo", "Choice(", "Unknown standard stream")


def written() -> Catalog:
    """The catalogue as translators write it."""
    with WRITTEN.open("rb") as file:
        return pofile.read_po(file, locale="zh", abort_invalid=True)


def compiled() -> Catalog:
    """The catalogue as programs read it."""
    with COMPILED.open("rb") as file:
        return mofile.read_mo(file)


def said_by_click() -> Iterator[str]:
    """Every text the installed Click shows to readers; of a plural, the singular."""
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"):
                text = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
                if text and not f"{path.name} {text}".startswith(NOT_FOR_READERS) and not text.startswith(NOT_FOR_READERS):
                    yield text


if __name__ == "__main__":
    with COMPILED.open("wb") as file:
        mofile.write_mo(file, written())
