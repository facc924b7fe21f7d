"""The wires to open pages, on a running server: a line when something is new, counted, let go of, and ended when the process stops."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hutong.config import streams
from tests.connectors.widget.peer import SECRET, SITE, VISITOR, token
from tests.console import live
from tests.console.live import Staff

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Staff, str]]:
    with live.serving(tmp_path_factory.mktemp("streams") / "data") as address:
        owner = Staff(address).set_up()
        account = owner.post("/channels/accounts", {"platform": "widget", "name": "官网", "settings": {"origins": SITE, "secret": SECRET}})
        yield owner, account["id"]


def body(**fields: Any) -> str:
    return json.dumps({"visitor": VISITOR, "user_token": "", **fields})


class Wire:
    """One page that listens."""

    def __init__(self, address: str, account: str) -> None:
        self.lines: list[str] = []
        self.at: list[float] = []
        self.ready, self.is_over = threading.Event(), threading.Event()
        self.http = httpx.Client(timeout=60)
        threading.Thread(target=self._run, args=(f"{address}/w/{account}/stream",), daemon=True).start()

    def leave(self) -> None:
        """The page is closed."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def _run(self, url: str) -> None:
        try:
            with self.http.stream("POST", url, content=body(), headers={"origin": SITE, "content-type": "application/json"}) as answer:
                self.status = answer.status_code
                self._socket = answer.extensions["network_stream"].get_extra_info("socket")
                for line in answer.iter_lines():
                    self.lines.append(line)
                    self.at.append(time.monotonic())
                    self.ready.set()
        except httpx.TransportError:
            pass
        finally:
            self.ready.set()
            self.is_over.set()


def until(wanted: Any) -> None:
    end = time.monotonic() + 10
    while not wanted() and time.monotonic() < end:
        time.sleep(0.01)
    assert wanted()


def test_every_page_of_a_visitor_is_told_and_no_more_than_so_many_may_listen(office: tuple[Staff, str]) -> None:
    owner, account = office
    wires = [Wire(owner.address, account) for _ in range(streams.STREAMS_PER_VISITOR_MAX)]
    assert all(one.ready.wait(10) for one in wires)
    beyond = Wire(owner.address, account)
    assert beyond.is_over.wait(10)
    assert beyond.status == 503
    said = httpx.post(f"{owner.address}/w/{account}/messages", content=body(id="abcdefgh-1", text="在吗"), headers={"origin": SITE, "content-type": "application/json"})  # fmt: skip
    assert said.status_code == 201
    until(lambda: all("data: new" in one.lines for one in wires))
    for one in wires:
        one.leave()
    until(lambda: _is_let_in(owner.address, account))  # places of pages that went are free again


def _is_let_in(address: str, account: str) -> bool:
    again = Wire(address, account)
    again.ready.wait(10)
    is_in = again.status == 200
    again.leave()
    return is_in


@pytest.mark.parametrize(
    ("origin", "content", "status"),
    [
        ("https://evil.example", body(), 403),
        ("", body(), 403),
        (SITE, body(visitor="me"), 401),
        (SITE, body(user_token=token(key="another-another-another", sub="u1")), 401),
        (SITE, "{", 422),
        (SITE, "x" * 20_000, 400),
    ],
)
def test_who_is_not_let_in(office: tuple[Staff, str], origin: str, content: str, status: int) -> None:
    owner, account = office
    answer = httpx.post(f"{owner.address}/w/{account}/stream", content=content, headers={"origin": origin})
    assert answer.status_code == status


def test_paths_that_are_no_account(office: tuple[Staff, str]) -> None:
    owner, _ = office
    for path, status in (("nothing", 422), ("01a22053-bc8f-702c-ac08-d1409772e3b5", 404)):
        assert httpx.post(f"{owner.address}/w/{path}/stream", content=body(), headers={"origin": SITE}).status_code == status
    assert httpx.get(f"{owner.address}/w/x/stream").status_code == 400


def test_open_pages_do_not_hold_up_the_end_of_the_process(tmp_path: Path) -> None:
    with live.serving(tmp_path / "data") as address:
        owner = Staff(address).set_up()
        account = owner.post("/channels/accounts", {"platform": "widget", "name": "官网", "settings": {"origins": SITE, "secret": SECRET}})["id"]
        wires = [Wire(address, account) for _ in range(3)]
        assert all(one.ready.wait(10) for one in wires)
        began = time.monotonic()
    assert all(one.is_over.wait(5) for one in wires)
    assert time.monotonic() - began < 10
