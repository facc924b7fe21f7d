"""Getting Django ready inside a command: settings, logs, errors as sentences."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from hutong.config.cli.words import Failure, language

P = ParamSpec("P")
T = TypeVar("T")


def start() -> Path:
    """Load Django; gives the data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
    import django
    from django.conf import settings

    from hutong.foundation import logs

    try:
        folder: Path = settings.DATA_DIR
    except (PermissionError, FileNotFoundError, NotADirectoryError) as error:
        raise Failure(
            f"不能使用数据目录：{error.filename}（{error.strerror}）。请检查权限，或用 HUTONG_DATA 指定别的目录。",
            f"The data folder cannot be used: {error.filename} ({error.strerror}). Check its permissions, or name another folder with HUTONG_DATA.",
        ) from error
    except ValueError as error:
        raise Failure(f"设置无效：{error}", f"A setting is not valid: {error}") from error
    logs.configure(level=os.environ.get("HUTONG_LOG_LEVEL", "WARNING"))
    django.setup()
    return folder


def with_django(command: Callable[P, T]) -> Callable[P, T]:
    """A command that needs Django; known errors end it with their message."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> T:
        start()
        from django.db import OperationalError

        from hutong.foundation.errors import HutongError

        try:
            return command(*args, **kwargs)
        except HutongError as error:
            raise Failure(sentence(error, "zh"), sentence(error, "en")) from error
        except OperationalError as error:
            raise Failure(f"数据库不可用：{error}", f"The database cannot be used: {error}") from error

    return run


def sentence(error: Any, wanted: str) -> str:
    """An error of ours as one line, with the fields it names."""
    parts = [error.detail(wanted)]
    for one in error.errors:
        message = one.get("message", "")
        parts.append(f"{one.get('field', '')}: {message[wanted] if isinstance(message, dict) else message}")
    return " ".join(parts)


__all__ = ["language", "sentence", "start", "with_django"]
