"""Every connector of the table, tried against the contract. A check for a way it does not offer skips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hutong.channels.contract import Connector
from hutong.config.connectors import CONNECTORS
from tests.connectors import contract
from tests.connectors.peer import Peer


@pytest.fixture(params=CONNECTORS, ids=lambda one: one.manifest.platform)
def connector(request: pytest.FixtureRequest) -> type[Connector]:
    found: type[Connector] = request.param
    return found


@pytest.fixture
def peer(connector: type[Connector], settings: Any) -> Iterator[Peer]:
    settings.EGRESS_LOOPBACK = True
    with contract.peer_of(connector.manifest.platform) as started:
        yield started


def offering(connector: type[Connector], way: str) -> None:
    if way not in connector.manifest.ways:
        pytest.skip(f"{connector.manifest.platform} does not {way}")


def test_the_folder_is_whole_and_knows_nothing_else_of_ours(connector: type[Connector]) -> None:
    contract.check_folder(connector)


def test_the_manifest_says_what_the_connector_does(connector: type[Connector]) -> None:
    contract.check_manifest(connector)


def test_right_settings_pass_the_live_test_and_wrong_ones_say_what_to_do(connector: type[Connector], peer: Peer) -> None:
    contract.check_test(connector, peer)


def test_what_is_sent_is_seen_as_written_and_once(connector: type[Connector], peer: Peer) -> None:
    offering(connector, "send")
    contract.check_send(connector, peer)


def test_each_trouble_is_told_by_its_kind(connector: type[Connector], peer: Peer) -> None:
    offering(connector, "send")
    contract.check_troubles(connector, peer)


def test_chats_are_listed(connector: type[Connector], peer: Peer) -> None:
    offering(connector, "chats")
    contract.check_chats(connector, peer)


def test_callbacks_are_verified_and_read(connector: type[Connector], peer: Peer) -> None:
    offering(connector, "receive")
    contract.check_receive(connector, peer)


def test_recorded_callbacks_give_the_same_events(connector: type[Connector]) -> None:
    offering(connector, "receive")
    contract.check_fixtures(connector)


def test_a_connection_goes_on_where_it_stopped(connector: type[Connector], peer: Peer) -> None:
    offering(connector, "listen")
    contract.check_listen(connector, peer)
