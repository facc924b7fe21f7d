"""What the OneBot connector is tried against: the small QQ of `world.py`, judged by nonebot's adapter in `test_second_reader.py`.

The contract is tried over a forward WebSocket; callbacks, which come over HTTP alone, with an account of that way.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from hutong.channels.contract import Callback, Chat, Settings
from hutong.foundation import clock
from tests.connectors import peer
from tests.connectors.onebot.server import forward, http, signed
from tests.connectors.onebot.world import GROUP, ME, REMOVED, World
from tests.connectors.peer import Trouble

SECRET = "s3cret-s3cret-s3cret"


class Peer(peer.Peer):
    """A program with one group in which the account and 小红 are."""

    def __init__(self, world: World, ws: str, http_url: str) -> None:
        self.world, self.ws, self.http = world, ws, http_url
        self.way = "forward"

    @property
    def settings(self) -> Settings:
        url = self.ws if self.way == "forward" else self.http
        return {"way": self.way, "url": url, "self_id": "", "access_token": self.world.token, "secret": SECRET}

    def wrong(self) -> dict[str, Settings]:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            nobody = f"ws://127.0.0.1:{closed.getsockname()[1]}"
        over_http: dict[str, Any] = {**self.settings, "way": "http", "url": self.http}
        return {
            "another token": {**self.settings, "access_token": "wrong-wrong-wrong"},
            "nobody there": {**self.settings, "url": nobody},
            "something else there": {**self.settings, "url": self.http.replace("http", "ws")},
            "the wrong way": {**self.settings, "url": self.http},
            "no address": {**self.settings, "url": ""},
            "another number": {**self.settings, "self_id": "123456"},
            "another token over HTTP": {**over_http, "access_token": "wrong-wrong-wrong"},
            "something else over HTTP": {**over_http, "url": self.ws.replace("ws", "http")},
            "a reverse connection of nobody": {**self.settings, "way": "reverse"},
        }

    @property
    def chat(self) -> Chat:
        return Chat(id=str(GROUP), kind="group", name="早餐铺子")

    def arrived(self) -> list[str]:
        return [texts(params) for params in self.world.shown]

    def meet(self, trouble: Trouble) -> bool:
        if trouble == "slow_down":
            return False  # QQ says nothing of the kind
        if trouble == "gone":
            self.world.faults.append(REMOVED)
        else:
            self.world.is_revoked = True
        return True

    def say(self, text: str) -> None:
        self.world.say(text)

    def callback(self, text: str) -> Callback:
        self.way = "http"
        return callback(self.world.message(text))

    def forged(self) -> dict[str, Callback]:
        good = callback(self.world.message("假的"))
        return {
            "another secret": callback(self.world.message("假的"), secret="guess"),
            "another body": msgspec.structs.replace(good, body=good.body.replace(b"20002000", b"20002001")),
            "unsigned": msgspec.structs.replace(good, headers={"x-self-id": str(ME)}),
            "no secret at all": callback(self.world.message("假的"), secret=""),
            "in other letters": msgspec.structs.replace(good, headers={**good.headers, "x-signature": "sha1=ü"}),
            "10 MB": Callback("POST", {}, {"x-self-id": str(ME), "x-signature": "sha1=00"}, b"x" * 10_000_000, clock.now_ms()),
            "get": msgspec.structs.replace(good, method="GET"),
        }


def texts(params: dict[str, Any]) -> str:
    """What people read of a message that was sent."""
    return "".join(part["data"]["text"] for part in params.get("message", []) if part["type"] == "text")


def callback(event: dict[str, Any] | bytes, *, secret: str = SECRET, number: str = str(ME)) -> Callback:
    """A request of the program."""
    body, headers = signed(event, secret, number=number)
    return Callback(method="POST", query={}, headers=headers, body=body, received_at_ms=clock.now_ms())


@contextmanager
def start() -> Iterator[Peer]:
    """A world of its own for each test."""
    world = World()
    with forward(world) as ws, http(world) as over_http:
        yield Peer(world, ws, over_http)
