"""Log lines are JSON with ids and codes; what people wrote or are called stays out."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from hutong.foundation import logs
from hutong.foundation.errors import Invalid
from hutong.foundation.jobs.worker import drain
from tests.conftest import Api
from tests.foundation.jobs import samples

CANARY = "canary-7f3a-小红"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure(stream=stream, level="DEBUG")
    yield stream
    root.handlers = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_and_facts(written: io.StringIO) -> None:
    logs.get("hutong.test").info("thing done", things=3)
    logging.getLogger("hutong.plain").warning("thing failed", extra={"things": 4})
    first, second = lines(written)
    assert {key: first[key] for key in ("event", "level", "logger", "things")} == {
        "event": "thing done",
        "level": "info",
        "logger": "hutong.test",
        "things": 3,
    }
    assert {key: second[key] for key in ("event", "level", "logger", "things")} == {
        "event": "thing failed",
        "level": "warning",
        "logger": "hutong.plain",
        "things": 4,
    }
    assert first["at"].endswith("Z")


def test_an_error_is_logged_by_class_code_and_place_without_its_words(written: io.StringIO) -> None:
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as cause:
            raise Invalid.field("name", CANARY, CANARY) from cause
    except Invalid as error:
        logs.get("hutong.test").error("failed", exc_info=error)
        logging.getLogger("hutong.plain").exception("failed")
    for line in lines(written):
        assert line["exception"]["error"] == "hutong.foundation.errors.Invalid"
        assert line["exception"]["code"] == "invalid"
        assert line["exception"]["cause"]["error"] == "builtins.ValueError"
        assert "test_logs.py" in line["exception"]["at"][0]
    assert CANARY not in written.getvalue()


def test_bound_facts_follow_until_cleared(written: io.StringIO) -> None:
    logs.bind({"job": "j1"})
    logs.get("hutong.test").info("a")
    logs.clear()
    logs.get("hutong.test").info("b")
    assert [line.get("job") for line in lines(written)] == ["j1", None]


@pytest.mark.django_db
def test_no_name_address_or_message_reaches_the_log(written: io.StringIO, api: Api) -> None:
    email = f"{CANARY}@example.com"
    api.get("/members", q=CANARY)
    api.get(f"/members/{CANARY}")
    api.post("/communities", {"name": CANARY, "description": CANARY, "unknown": CANARY})
    api.post("/communities", {"name": CANARY})
    Client().post("/api/session", {"email": email, "password": CANARY}, content_type="application/json")
    Client().get(f"/{CANARY}?q={CANARY}")
    samples.broken.enqueue()
    drain()
    text = written.getvalue()
    assert "job failed" in text
    for secret in (CANARY, "canary-7f3a", "13800138000", "%E5%B0%8F"):
        assert secret not in text
