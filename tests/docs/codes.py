"""The tables of error codes in the guides, made from the code. `python -m tests.docs.codes` writes them anew."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

GUIDE = Path(__file__).resolve().parent.parent.parent / "docs" / "guide"
HEADS = {"zh": ("代码", "状态", "意思和办法"), "en": ("code", "status", "meaning and remedy")}
# Errors whose sentence is put together when they happen.
SENTENCES = {
    "file_refused": {"zh": "整个文件读不了，原因见下一节。", "en": "The file as a whole cannot be read; the next section lists the reasons."},
    "import_state": {
        "zh": "这次导入正处在别的阶段，例如已完成的不能再修改。",
        "en": "The import is at another stage; one that is done cannot be changed, say.",
    },
    "event_refused": {"zh": "单个事件未被接受，原因见最后一节。", "en": "The one event was not accepted; the last section lists the reasons."},
}
_BRACES = re.compile(r"\{[^{}]*\}")


def _errors() -> dict[str, type]:
    import hutong
    from hutong.foundation.errors import HutongError

    for module in pkgutil.walk_packages(hutong.__path__, "hutong."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: dict[str, type] = {}
    waiting: list[type] = [HutongError]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("hutong."):
            found.setdefault(one.code, one)  # type: ignore[attr-defined]
    return found


def _plain(text: str) -> str:
    return _BRACES.sub("…", text).replace("|", "\\|")


def _rows(language: str, messages: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    code, _, meaning = HEADS[language]
    yield f"| {code} | {meaning} |"
    yield "| --- | --- |"
    for name in sorted(messages):
        yield f"| `{name}` | {_plain(messages[name][language])} |"


def tables(language: str) -> dict[str, str]:
    """The text between the marks of each table, by its name."""
    from hutong.events.ingest.reasons import EVENT_REASONS
    from hutong.imports.messages import MESSAGES
    from hutong.imports.wording import JOB_MESSAGES

    code, status, meaning = HEADS[language]
    lines = [f"| {code} | {status} | {meaning} |", "| --- | --- | --- |"]
    for name, error in sorted(_errors().items()):
        sentence = SENTENCES.get(name, error.message)[language]  # type: ignore[attr-defined]
        colon = "：" if language == "zh" else ": "
        lines.append(f"| `{name}` | {error.status} | {error.title[language]}{colon}{_plain(sentence)} |")  # type: ignore[attr-defined]
    return {
        "errors": "\n".join(lines),
        "files": "\n".join(_rows(language, {**MESSAGES, **JOB_MESSAGES})),
        "events": "\n".join(_rows(language, EVENT_REASONS)),
    }


def with_tables(text: str, language: str) -> str:
    """The page with its tables as the code has them now."""
    for name, table in tables(language).items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}\n{table}\n{end}{tail}"
    return text


def page(language: str) -> Path:
    """The page that holds the tables."""
    return GUIDE / language / "troubleshooting.md"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
    os.environ.setdefault("HUTONG_DATA", tempfile.mkdtemp())
    import django

    django.setup()
    for one in ("zh", "en"):
        page(one).write_text(with_tables(page(one).read_text(), one))
