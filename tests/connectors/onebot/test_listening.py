"""Coming in over a WebSocket: what ends a connection, what was missed meanwhile, and a program that connects to us through the real front."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from hutong.channels.contract import Batch, ConnectorError, Link, NeedsReconnect, RetryLater
from hutong.connectors.onebot import connector as module
from hutong.connectors.onebot.connector import OneBotConnector
from hutong.foundation.http import Egress
from tests.connectors.onebot.server import forward, http, reverse
from tests.connectors.onebot.world import GROUP, ME, XIAOHONG, World
from tests.console import live
from tests.console.live import Staff


@pytest.fixture
def world(settings: Any) -> World:
    settings.EGRESS_LOOPBACK = True
    return World()


class Hearing:
    """A thread that listens, as the gateway's does."""

    def __init__(self, one: OneBotConnector, cursor: str = "") -> None:
        self.one, self.cursor = one, cursor
        self.batches: list[Batch] = []
        self.error: BaseException | None = None
        self.stopping, self.stands = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            for batch in self.one.listen(self.cursor, self.stopping):
                self.batches.append(batch)
                self.cursor = batch.cursor
                self.stands.set()
        except ConnectorError as error:
            self.error = error

    @property
    def texts(self) -> list[str]:
        return [event.message.text for batch in self.batches for event in batch.events if event.message]

    def until(self, texts: list[str]) -> None:
        end = time.monotonic() + 10
        while self.texts != texts and time.monotonic() < end:
            time.sleep(0.02)
        assert self.texts == texts

    def ended(self) -> BaseException | None:
        self.thread.join(10)
        assert not self.thread.is_alive()
        return self.error

    def stop(self) -> None:
        self.stopping.set()
        assert self.ended() is None


def made(way: str, url: str, token: str) -> OneBotConnector:
    given = {"way": way, "url": url, "access_token": token, "secret": "s"}
    return OneBotConnector(Link(account_id="a", settings=given, http=Egress(timeout_seconds=5), self_id=str(ME)))


def test_qq_signed_out_is_told(world: World) -> None:
    with forward(world) as url:
        hearing = Hearing(made("forward", url, world.token))
        assert hearing.stands.wait(5)
        assert world.is_heard()
        world.is_online = False
        world.tell(world.heartbeat())
        error = hearing.ended()
    assert isinstance(error, RetryLater)
    assert error.en.startswith("QQ is signed out")


def test_a_token_refused_after_the_handshake_needs_a_person(world: World) -> None:
    with forward(world, is_late=True) as url:
        assert isinstance(Hearing(made("forward", url, "wrong")).ended(), NeedsReconnect)


def test_a_program_that_falls_silent_is_left(world: World) -> None:
    with forward(world) as url:
        hearing = Hearing(made("forward", url, world.token))
        assert hearing.stands.wait(5)
        assert world.is_heard()
        world.tell(world.heartbeat(interval=300))
        assert isinstance(hearing.ended(), RetryLater)


def test_a_program_without_heartbeats_is_asked_and_left_when_it_is_silent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT_SECONDS_MAX", 0.2)
    monkeypatch.setattr(module, "QUESTION_SECONDS_MAX", 0.5)
    monkeypatch.setattr(module, "QUIET_SECONDS", 0.1)
    with forward(world) as url:
        hearing = Hearing(made("forward", url, world.token))
        assert hearing.stands.wait(5)
        assert world.is_heard()
        time.sleep(1)
        assert hearing.thread.is_alive()  # it answers: it lives
        assert [action for action, _ in world.asked].count("get_status") >= 2
        world.is_frozen = True
        began = time.monotonic()
        error = hearing.ended()
    assert isinstance(error, RetryLater)
    assert error.en.startswith("The program says nothing")
    assert time.monotonic() - began < 2


def test_heartbeats_tell_the_lag(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.0)
    with forward(world) as url:
        hearing = Hearing(made("forward", url, world.token))
        assert hearing.stands.wait(5)
        assert world.is_heard()
        beat = world.tell(world.heartbeat())
        end = time.monotonic() + 5
        while len(hearing.batches) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        assert [one.beat_at_ms for one in hearing.batches] == [None, beat["time"] * 1000]
        hearing.stop()


def test_what_was_said_meanwhile_is_read_from_history_and_counted_once(world: World) -> None:
    with forward(world) as url:
        first = Hearing(made("forward", url, world.token))
        assert first.stands.wait(5)
        assert world.is_heard()
        world.say("一")
        first.until(["一"])
        first.stop()
        world.say("二")
        world.say("三")
        world.say("悄悄话", group=None)  # no history of private talks
        later = Hearing(made("forward", url, world.token), first.cursor)
        later.until(["二", "三"])
        assert world.is_heard()
        world.say("四")
        later.until(["二", "三", "四"])
        later.stop()
        again = Hearing(made("forward", url, world.token), later.cursor)
        assert again.stands.wait(5)
        time.sleep(0.3)
        again.stop()
    assert again.texts == []


def test_a_program_without_history_goes_on_from_now(world: World) -> None:
    world.has_history = False
    with forward(world) as url:
        world.say("没听到")
        hearing = Hearing(made("forward", url, world.token), "1")
        assert hearing.stands.wait(5)
        time.sleep(0.3)
        world.say("听到")
        hearing.until(["听到"])
        hearing.stop()


def test_over_http_the_program_is_asked_how_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.05)
    with http(world) as url:
        hearing = Hearing(made("http", url, world.token))
        assert hearing.stands.wait(5)
        world.is_online = False
        assert isinstance(hearing.ended(), RetryLater)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    with live.serving(tmp_path_factory.mktemp("onebot") / "data") as address:
        owner = Staff(address).set_up()
        owner.post("/communities", {"name": "早餐铺子"})
        yield owner


def _until(call: Any, wanted: Any) -> None:
    end = time.monotonic() + 20
    found = None
    while time.monotonic() < end:
        found = call()
        if found == wanted:
            return
        time.sleep(0.1)
    raise AssertionError(found)


@pytest.mark.slow
def test_a_program_that_connects_to_us_talks_both_ways(office: Staff, tmp_path: Path) -> None:
    world = World()
    settings = {"way": "reverse", "self_id": str(ME), "access_token": world.token}
    account = office.post("/channels/accounts", {"platform": "onebot", "name": "QQ", "settings": settings})
    url = account["callback_url"].replace("http", "ws", 1)
    url = office.address.replace("http", "ws", 1) + url[url.index("/hooks/") :]
    for token, number, path, status in (("wrong", ME, url, 401), (world.token, 1, url, 401), (world.token, ME, url[:-4] + "0000", 404), (world.token, ME, office.address.replace("http", "ws") + "/v1/batch", 403)):  # fmt: skip
        with pytest.raises(InvalidStatus) as refused:
            reverse(world, path, token=token, number=number)
        assert refused.value.response.status_code == status
    reverse(world, url)
    assert world.is_heard()
    world.say("悄悄问一句", group=None)
    _until(lambda: [(one["external_id"], one["kind"]) for one in office.get(f"/channels/accounts/{account['id']}/chats")["items"]], [(str(XIAOHONG), "dm")])  # fmt: skip
    chat = office.get(f"/channels/accounts/{account['id']}/chats")["items"][0]["id"]
    office.post("/channels/sends", {"account_id": account["id"], "chat_id": chat, "text": "在的", "key": "k1"})
    _until(lambda: [one["state"] for one in office.get("/channels/sends", account_id=account["id"])["items"]], ["sent"])
    assert world.shown == [{"user_id": XIAOHONG, "message": [{"type": "text", "data": {"text": "在的"}}]}]
    reverse(world, url)  # connected anew without having left: the newer one holds
    assert world.is_heard(2)
    _until(lambda: len(world.emitters), 1)  # the older one was closed
    world.say("又来了", group=GROUP)
    _until(lambda: sorted(one["external_id"] for one in office.get(f"/channels/accounts/{account['id']}/chats")["items"]), sorted([str(XIAOHONG), str(GROUP)]))  # fmt: skip
