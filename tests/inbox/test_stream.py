"""The stream of the inbox over a real server: who is let in, what it tells, how it goes on, and that it ends with the session."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from hutong.inbox import live as hub
from tests.console import live
from tests.console.live import Staff

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    with live.serving(tmp_path_factory.mktemp("stream") / "data") as address:
        yield Staff(address).set_up()


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """One event after another, as its fields."""
    found: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line == "" and found:
            yield found
            found = {}
        elif name:
            found[name] = value


def add_script(shop: Staff, title: str) -> None:
    shop.post("/scripts", {"title": title, "parts": [{"kind": "text", "text": "好"}]})


def test_only_staff_of_the_workspace_are_let_in(shop: Staff) -> None:
    path = f"/api/workspaces/{shop.workspace}/inbox/stream"
    assert httpx.get(shop.address + path).json()["code"] == "not_signed_in"
    assert shop.http.get("/api/workspaces/00000000-0000-7000-8000-000000000000/inbox/stream").status_code == 404
    assert shop.http.post(path).status_code == 405


def test_a_change_is_told_and_a_broken_connection_goes_on_where_it_was(shop: Staff) -> None:
    path = f"/api/workspaces/{shop.workspace}/inbox/stream"
    with shop.http.stream("GET", path) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        told = events(answer.iter_lines())
        assert next(told)["event"] == "hello"
        add_script(shop, "一")
        one = next(told)
        assert (one["event"], json.loads(one["data"])) == ("change", {"kind": "scripts", "conversation_id": ""})
    add_script(shop, "二")
    with shop.http.stream("GET", path, headers={"Last-Event-ID": one["id"]}) as answer:
        told = events(answer.iter_lines())
        assert next(told)["event"] == "hello"
        assert json.loads(next(told)["data"])["kind"] == "scripts"
    with shop.http.stream("GET", path, headers={"Last-Event-ID": "elsewhere-7"}) as answer:
        told = events(answer.iter_lines())
        next(told)
        assert json.loads(next(told)["data"])["kind"] == hub.EVERYTHING


def test_it_ends_within_seconds_of_the_log_out(shop: Staff) -> None:
    other = Staff(shop.address).sign_in()
    with other.http.stream("GET", f"/api/workspaces/{other.workspace}/inbox/stream") as answer:
        lines = answer.iter_lines()
        next(lines)
        begun = time.monotonic()
        other.http.delete("/api/session").raise_for_status()
        for _ in lines:
            pass
        assert time.monotonic() - begun < 10
