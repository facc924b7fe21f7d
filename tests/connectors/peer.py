"""What a connector is tried against: the platform, or a stand-in that a client of other people's making has judged.

Each connector has `tests/connectors/<platform>/peer.py` with a context manager `start()` that gives a `Peer`. It listens on loopback.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Literal

from hutong.channels.contract import Callback, Chat, Segment, Settings

Trouble = Literal["slow_down", "revoked", "gone"]


class Peer(ABC):
    """The other side. A way the connector does not offer is not asked for."""

    @property
    @abstractmethod
    def settings(self) -> Settings:
        """Settings that work, as a person would type them and `prepare` completed them."""

    @abstractmethod
    def wrong(self) -> dict[str, Settings]:
        """Settings that a live test has to refuse, by what is wrong with them: another token, an address where nobody answers."""

    @property
    @abstractmethod
    def chat(self) -> Chat:
        """A chat the account is in."""

    def arrived(self) -> list[str]:
        """The text of every message that people in the chat see, in order."""
        raise NotImplementedError

    def meet(self, trouble: Trouble) -> bool:
        """Have the next send meet this. False where the platform knows no such thing."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Somebody writes in the chat; what `listen` is to bring."""
        raise NotImplementedError

    def callback(self, text: str) -> Callback:
        """The request with which the platform tells that somebody wrote; what `receive` is to read."""
        raise NotImplementedError

    def forged(self) -> dict[str, Callback]:
        """Callbacks that did not come from the platform, by what is wrong with them: signature, body, age, secret."""
        raise NotImplementedError

    def leave(self, chat_id: str, key: str, segments: tuple[Segment, ...]) -> str:
        """Keep a message for who comes to fetch it; asked for where we are the platform ourselves."""
        raise NotImplementedError
