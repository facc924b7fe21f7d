"""A platform within the test: what it does and how it fails is chosen. Its connector keeps the contract (`test_pretend.py`)."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hutong.channels import connections
from hutong.channels.contract import (
    Answer,
    Batch,
    Callback,
    Capabilities,
    Chat,
    Connector,
    ConnectorError,
    Field,
    Inbound,
    InDoubt,
    Limits,
    Manifest,
    Message,
    NeedsReconnect,
    Outcome,
    Outgoing,
    Person,
    Refused,
    RetryLater,
    Settings,
    Tested,
)
from hutong.channels.fitting import plain
from hutong.channels.models import Account, AccountHealth
from hutong.foundation import clock, ids
from hutong.workspaces.models import Workspace

CHAT = Chat(id="c1", kind="group", name="一群")
ME = "bot-1"


@dataclass
class World:
    """What is on the platform, and what meets the next calls."""

    shown: list[tuple[str, str, str]] = field(default_factory=list)  # chat, key, text
    calls: int = 0
    answered: dict[str, str] = field(default_factory=dict)  # key -> message id
    token: str = "right"
    meets: deque[Callable[[], None]] = field(default_factory=deque)  # each raises, or passes
    says: list[Inbound] = field(default_factory=list)
    told: threading.Condition = field(default_factory=threading.Condition)
    held: int = 0  # connections now
    most_held: int = 0
    doubt_rate: float = 0.0  # of calls that are shown, and whose answer is lost
    fail_rate: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    before_showing: Callable[[Outgoing], None] = lambda outgoing: None
    times: list[tuple[int, str]] = field(default_factory=list)  # when what was shown in which chat

    def texts(self) -> list[str]:
        return [text for _, _, text in self.shown]

    def say(self, event: Inbound) -> None:
        with self.told:
            self.says.append(event)
            self.told.notify_all()


def message(text: str, number: int, *, chat: Chat = CHAT, who: str = "u1", name: str = "小明", **more: Any) -> Inbound:
    """Somebody wrote."""
    return Inbound(
        type="message.new",
        dedupe_key=f"m{number}",
        occurred_at_ms=more.pop("at_ms", clock.now_ms()),
        chat=chat,
        actor=more.pop("actor", Person(id=who, name=name)),
        message=Message(id=f"m{number}", text=text, **more),
    )


def make(platform: str = "pretend", *, capabilities: Capabilities | None = None, limits: Limits | None = None) -> tuple[World, type[Connector]]:
    """A world and the connector to it."""
    world = World()

    class PretendConnector(Connector):
        manifest = Manifest(
            platform=platform,
            channel=platform,
            zh="假平台",
            en="Pretend",
            about_zh="测试用",
            about_en="For tests",
            ways=frozenset({"listen", "receive", "send", "chats"}),
            capabilities=capabilities or Capabilities(has_send_key=True, sends=frozenset({"text", "image", "quote"})),
            limits=limits or Limits(),
            fields=(
                Field(name="token", kind="secret", zh="令牌", en="Token"),
                Field(name="url", kind="url", zh="地址", en="Address", required=False),
                Field(name="size", kind="number", zh="大小", en="Size", required=False, default=3),
            ),
        )

        @classmethod
        def prepare(cls, settings: Settings) -> Settings:
            return {**settings, "url": settings.get("url") or "made-up"}

        def test(self) -> Tested:
            self._enter()
            return Tested(self_id=ME, name="胡同小助手")

        def send(self, outgoing: Outgoing) -> Outcome:
            self._enter()
            world.calls += 1
            if world.meets:
                world.meets.popleft()()
            chance = world.dice.random()
            if chance < world.fail_rate:
                raise RetryLater("平台出错，稍后会再试。", "The platform failed; it is tried again later.")
            if self.manifest.capabilities.has_send_key and outgoing.key in world.answered:
                return Outcome("sent", (world.answered[outgoing.key],))
            world.before_showing(outgoing)
            world.shown.append((outgoing.chat.id, outgoing.key, plain(outgoing.segments)))
            world.times.append((clock.now_ms(), outgoing.chat.id))
            name = f"p{len(world.shown)}"
            world.answered[outgoing.key] = name
            if chance < world.fail_rate + world.doubt_rate:
                raise InDoubt("平台没有回应。", "The platform did not answer.")
            return Outcome("sent", (name,))

        def chats(self) -> Iterable[Chat]:
            self._enter()
            return [CHAT]

        def receive(self, request: Callback) -> Answer:
            if request.headers.get("x-token") != world.token:
                raise Refused("forged", "签名不对。", "The signature is wrong.")
            return Answer(events=(msgspec.json.decode(request.body, type=Inbound),), body=b"ok")

        def listen(self, cursor: str, stopping: threading.Event) -> Iterator[Batch]:
            self._enter()
            with world.told:
                world.held += 1
                world.most_held = max(world.most_held, world.held)
            at = int(cursor or len(world.says))
            try:
                yield Batch(cursor=str(at))
                while not stopping.is_set():
                    if world.meets:
                        world.meets.popleft()()
                    with world.told:
                        world.told.wait_for(lambda at=at: len(world.says) > at, 0.05)  # type: ignore[misc]
                        some = tuple(world.says[at:])
                    if some:
                        at += len(some)
                        yield Batch(some, str(at))
            finally:
                with world.told:
                    world.held -= 1

        def _enter(self) -> None:
            if self.link.settings["token"] != world.token:
                raise NeedsReconnect("令牌不对，请重新填写。", "The token is wrong. Enter it again.")

    return world, PretendConnector


def raising(error: ConnectorError) -> Callable[[], None]:
    def meet() -> None:
        raise error

    return meet


def passing() -> None:
    """Nothing happens."""


def account(workspace: Workspace, platform: str = "pretend", *, name: str = "小助手", settings: Mapping[str, Any] | None = None) -> Account:
    """A connected account, without a live test."""
    pk = ids.new()
    made = Account.objects.create(
        id=pk,
        workspace=workspace,
        platform=platform,
        channel=platform,
        name=name,
        self_id=ME,
        self_name="胡同小助手",
        settings={"url": "made-up", "size": 3},
        secrets=connections.seal(pk, {"token": "right", **(settings or {})}),
    )
    AccountHealth.objects.create(workspace=workspace, account=made)
    return made
