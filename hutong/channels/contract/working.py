"""How a connector works: what it is given, and the ways it offers."""

from __future__ import annotations

import threading
from abc import ABC
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import msgspec

from hutong.channels.contract.arriving import Answer, Batch, Callback
from hutong.channels.contract.leaving import Outcome, Outgoing
from hutong.channels.contract.manifests import Manifest
from hutong.channels.contract.saying import Chat, Person, Segment
from hutong.foundation.http import Egress

Settings = Mapping[str, str | int | bool]


def _nothing(_name: str) -> bytes:
    return b""


def _nowhere(_chat_id: str, _key: str, _segments: tuple[Segment, ...]) -> str:
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Link:
    """What a connector is given: the settings, secrets opened, and the ways out it may use."""

    account_id: str
    settings: Settings
    http: Egress
    self_id: str = ""  # what `test` said
    callback_url: str = ""  # where the platform calls us, for connectors that `receive`
    read: Callable[[str], bytes] = _nothing  # the content of `Image.file` and `File.file`
    leave: Callable[[str, str, tuple[Segment, ...]], str] = _nowhere  # chat, key, content: kept for who comes to fetch it; gives its id


class Tested(msgspec.Struct, frozen=True):
    """What a live test found: who the account is on the platform, and what is worth saying before it is connected."""

    self_id: str
    name: str
    notes: tuple[tuple[str, str], ...] = ()  # zh, en


class WireClosed(Exception):
    """A `Wire` ended, from either side."""


class Wire(Protocol):
    """A WebSocket that a platform opened to us. One thread receives; any thread may send."""

    def receive(self, timeout_seconds: float) -> str | bytes | None:
        """The next frame; None when nothing came in that time. Raises WireClosed."""

    def send(self, text: str) -> None:
        """Raises WireClosed."""

    def close(self) -> None:
        """End it."""


class Connector(ABC):
    """One account of one platform. A connector offers the ways its manifest names and no other."""

    manifest: ClassVar[Manifest]

    def __init__(self, link: Link) -> None:
        """Keep the settings. Reaches nothing yet."""
        self.link = link

    @classmethod
    def prepare(cls, settings: Settings) -> Settings:
        """The settings with what can be made up for the person, such as a secret both sides shall know. Before the first test."""
        return settings

    def test(self) -> Tested:
        """Prove against the platform that the settings work. Raises NeedsReconnect, Refused or RetryLater with what to do."""
        raise NotImplementedError

    def listen(self, cursor: str, stopping: threading.Event) -> Iterator[Batch]:
        """Hold the connection and yield what comes, from `cursor` on (empty: from now). The next batch is asked for once this one is kept.

        Waits with `stopping.wait(seconds)`. Raising ends the connection; the runtime opens it again after a growing pause.
        """
        raise NotImplementedError

    def receive(self, request: Callback) -> Answer:
        """Verify a callback, then read it. Raises `Refused("forged", …)` for one that did not come from the platform. Reaches nothing."""
        raise NotImplementedError

    def admit(self, request: Callback) -> None:
        """Verify a WebSocket that a platform asks to open at the account's callback address. Raises `Refused("forged", …)`. Reaches nothing."""
        raise NotImplementedError

    def join(self, wire: Wire) -> None:
        """Take a WebSocket that was admitted. `listen` reads it; a newer one takes the place of an older. Returns at once."""
        raise NotImplementedError

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hand one message over. What was not raised was done."""
        raise NotImplementedError

    def chats(self) -> Iterable[Chat]:
        """The chats the account is in."""
        raise NotImplementedError


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on a page of the brand's. `user_id`: who they are there, where the site vouched for it."""

    person: Person
    user_id: str = ""
    email: str = ""


class SiteConnector(Connector):
    """A connector whose platform we are ourselves: people talk on pages of the brand's, through a script that we serve.

    `hutong/channels/site/` keeps what was said and carries it both ways; `receive` reads what a visitor posted, and `send` leaves an answer
    (`Link.leave`). Callbacks at `/hooks/` are not taken.
    """

    def allows(self, origin: str) -> bool:
        """Whether pages of that origin may show the talk."""
        raise NotImplementedError

    def look(self) -> dict[str, Any]:
        """What the script needs to show it: words and colours, nothing secret."""
        raise NotImplementedError

    def visitor(self, secret: str, user_token: str) -> Visitor:
        """Who that is, by what only their browser knows, or by what the site signed. Raises `Refused("forged", …)`."""
        raise NotImplementedError
