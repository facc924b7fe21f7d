"""Listening in a test: one round after another, without a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from hutong.channels.contract import Batch, Inbound, Link, Settings
from hutong.connectors.matrix.connector import MatrixConnector
from hutong.foundation.http import Egress
from tests.connectors.matrix.peer import MatrixPeer

SECONDS_MAX = 30


def connector(peer: MatrixPeer, *, read: Callable[[str], bytes] = lambda _: b"", **settings: str | bool) -> MatrixConnector:
    """The connector as the runtime makes it, other settings in place of the peer's."""
    mine: Settings = {**peer.settings, **settings}
    return MatrixConnector(Link(account_id="0190-account", settings=mine, http=Egress(timeout_seconds=10), self_id=peer.bot.id, read=read))


class Ear:
    """A connection that is opened anew for each stretch, as after a restart: only the cursor goes over."""

    def __init__(self, peer: MatrixPeer, **settings: str | bool) -> None:
        self.peer = peer
        self.settings = settings
        self.cursor = ""
        self.sizes: list[int] = []
        self.one = connector(peer, **settings)
        self.hear(0)

    def restart(self) -> None:
        """A new process, which has learnt nothing yet."""
        self.one = connector(self.peer, **self.settings)

    def hear(self, count: int) -> list[Inbound]:
        """Listen until so many events came, and look once more; gives exactly what came."""
        until = time.monotonic() + SECONDS_MAX
        found: list[Inbound] = []
        while True:
            is_last = len(found) >= count
            for batch in self._round():
                found += batch.events
            if is_last:
                return found
            assert time.monotonic() < until, found

    def _round(self) -> Iterator[Batch]:
        """One answer of the server, in as many batches as it takes."""
        stopping = threading.Event()
        for batch in self.one.listen(self.cursor, stopping):
            self.sizes.append(len(batch.events))
            if batch.cursor != self.cursor or not batch.events:
                stopping.set()
            self.cursor = batch.cursor
            yield batch

    def types(self, count: int) -> list[str]:
        return [one.type for one in self.hear(count)]
