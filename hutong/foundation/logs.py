"""Structured logs: one JSON object a line on stderr, text on a terminal. Ids and codes only, never what a person wrote or is called."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

TEXT_LENGTH_MAX = 500
FRAMES_MAX = 12
# Third parties that would log addresses, bodies or every statement.
QUIET = (
    "httpx",
    "httpcore",
    "urllib3",
    "asyncio",
    "watchfiles",
    "clickhouse_connect",
    "django.db.backends",
    "django.request",
    "django.server",
    "asgi_client",
)
RECORD_KEYS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def where(error: BaseException) -> dict[str, Any]:
    """An error without its words (they may quote a person): its class, its code if it has one, and the places it passed."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    facts: dict[str, Any] = {"error": f"{type(error).__module__}.{type(error).__qualname__}"}
    code = getattr(error, "code", None)
    if isinstance(code, str):
        facts["code"] = code
    facts["at"] = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    if error.__cause__ is not None:
        facts["cause"] = where(error.__cause__)
    return facts


def _error_without_words(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    info: Any = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = where(error)
    return event


def _extra(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """What a standard logger was given as `extra=`."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        for key, value in vars(record).items():
            if key not in RECORD_KEYS and not key.startswith("_"):
                event.setdefault(key, value)
    return event


def _without_path(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Django names the path of a failed request, which may name a person; the request log names its route."""
    if event.get("logger") == "django.request":
        event["event"] = "request failed"
        event.pop("request", None)
    return event


def _short(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str) and len(value) > TEXT_LENGTH_MAX:
            event[key] = value[:TEXT_LENGTH_MAX] + "…"
    return event


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    _error_without_words,
    _without_path,
    _short,
]

structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def get(name: str) -> FilteringBoundLogger:
    """A logger: `log.info("job done", job=..., seconds=...)`."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


def configure(*, stream: TextIO | None = None, level: str | None = None) -> None:
    """Send every log line of this process to `stream` (stderr), once. `HUTONG_LOG_LEVEL` sets how much, INFO when unset."""
    stream = stream or sys.stderr
    wanted = (level or os.environ.get("HUTONG_LOG_LEVEL", "INFO")).upper()
    renderer: Processor
    if stream.isatty():
        renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_extra, *_SHARED],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(wanted if wanted in logging.getLevelNamesMapping() else "INFO")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def bind(facts: Mapping[str, Any]) -> None:
    """Add facts to every later line of this thread: a request id, a job id."""
    structlog.contextvars.bind_contextvars(**facts)


def clear() -> None:
    """Forget what `bind` added."""
    structlog.contextvars.clear_contextvars()
