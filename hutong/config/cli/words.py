"""What the command line says, in Chinese or English by the terminal's locale."""

from __future__ import annotations

import gettext
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

LOCALE_DIR = Path(__file__).parent / "locale"


@lru_cache(maxsize=1)
def language() -> str:
    """The reader's language: "zh" where the locale is Chinese, else "en"."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def say(zh: str, en: str) -> str:
    """The sentence in the reader's language."""
    return zh if language() == "zh" else en


def tell(zh: str, en: str, *, err: bool = False) -> None:
    """Print a sentence."""
    click.echo(say(zh, en), err=err)


def note(zh: str, en: str) -> None:
    """Print a sentence beside the command's output."""
    tell(zh, en, err=True)


if language() == "zh":
    # Click's own words: usage, bad options, missing files. It asks gettext for them in the domain "messages".
    gettext.bindtextdomain("messages", str(LOCALE_DIR))


class Failure(click.ClickException):
    """Ends the command with a message in the reader's language and exit code 1."""

    exit_code = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(say(zh, en))

    def show(self, file: Any = None) -> None:
        click.echo(say(f"出错：{self.message}", f"Error: {self.message}"), file=file or sys.stderr)


class BadUse(Failure):
    """The command was called wrongly: exit code 2."""

    exit_code = 2
