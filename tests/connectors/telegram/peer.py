"""What the Telegram connector is tried against: the small Telegram of `world.py`, on loopback."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from django.test import override_settings

from hutong.channels.contract import Callback, Chat, Settings
from hutong.connectors.telegram import wire
from hutong.foundation import clock
from tests.connectors import peer
from tests.connectors.peer import Trouble
from tests.connectors.telegram.server import serve
from tests.connectors.telegram.world import ChatState, Fault, World

TOKEN = "42:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "s3cret_s3cret_s3cret"
GROUP, XIAOHONG = -1_000_000_000_007, 5


class Peer(peer.Peer):
    """A world with one supergroup in which the bot and 小红 are."""

    def __init__(self, world: World, base: str) -> None:
        self.world, self.base = world, base
        world.person(XIAOHONG, "小红")
        self.group: ChatState = world.chat(GROUP, "supergroup", "早餐铺子", people=(XIAOHONG,), bot="administrator")

    @property
    def settings(self) -> Settings:
        return {"token": TOKEN, "api_url": self.base, "delivery": "poll", "webhook_secret": SECRET}

    def wrong(self) -> dict[str, Settings]:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
        return {
            "another token": {**self.settings, "token": "43:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"},
            "half a token": {**self.settings, "token": "42:AAHdq"},
            "a token with a way out": {**self.settings, "token": "42:AAHdqTcvCH1vGWJxfSeof/../../getMe"},
            "nobody there": {**self.settings, "api_url": nobody},
            "something else there": {**self.settings, "api_url": f"{self.base}/elsewhere"},
            "a secret Telegram does not take": {**self.settings, "webhook_secret": "太短"},
            "a webhook without an address": {**self.settings, "delivery": "webhook"},
        }

    @property
    def chat(self) -> Chat:
        return Chat(id="7", kind="group", name="早餐铺子")

    def arrived(self) -> list[str]:
        return self.world.seen(self.group)

    def meet(self, trouble: Trouble) -> bool:
        if trouble == "slow_down":
            self.world.faults.append(Fault(429, "Too Many Requests: retry after 7", retry_after=7))
        elif trouble == "gone":
            self.world.faults.append(Fault(403, "Forbidden: bot was kicked from the supergroup chat"))
        else:
            self.world.is_revoked = True
        return True

    def say(self, text: str) -> None:
        self.world.say(self.group, XIAOHONG, text)

    def callback(self, text: str) -> Callback:
        self.world.allowed = set(wire.ALLOWED_UPDATES)
        self.say(text)
        return callback(json.dumps(self.world.updates.pop()).encode())

    def forged(self) -> dict[str, Callback]:
        body = self.callback("假的").body
        return {
            "no secret": callback(body, secret=None),
            "another secret": callback(body, secret="guess"),
            "a secret in other letters": callback(body, secret="s3cret_s3cret_s3creť"),
            "10 MB without the secret": callback(b"x" * 10_000_000, secret="guess"),
            "asked for": callback(b"", method="GET"),
        }


def callback(body: bytes, *, secret: str | None = SECRET, method: str = "POST", query: dict[str, str] | None = None) -> Callback:
    """A request to the webhook."""
    headers = {"content-type": "application/json"} | ({} if secret is None else {"x-telegram-bot-api-secret-token": secret})
    return Callback(method=method, query=query or {}, headers=headers, body=body, received_at_ms=clock.now_ms())


@contextmanager
def start() -> Iterator[Peer]:
    """A world of its own for each test."""
    world = World(token=TOKEN)
    with serve(world) as base, override_settings(EGRESS_LOOPBACK=True):
        yield Peer(world, base)
