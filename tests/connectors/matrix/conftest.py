"""A room with the bot and Alice in it, on a real Synapse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.matrix.hearing import Ear
from tests.connectors.matrix.peer import MatrixPeer, person, start
from tests.connectors.matrix.synapse import User


@pytest.fixture
def peer() -> Iterator[MatrixPeer]:
    with start() as started:
        yield started


@pytest.fixture
def alice(peer: MatrixPeer) -> User:
    return peer.alice


@pytest.fixture
def bob(peer: MatrixPeer) -> User:
    """Somebody else in the room, with a name."""
    bob = person(peer.server, "小波")
    bob.act(peer.room_id, "join")
    return bob


@pytest.fixture
def room(peer: MatrixPeer) -> str:
    return peer.room_id


@pytest.fixture
def ear(peer: MatrixPeer) -> Ear:
    return Ear(peer)
