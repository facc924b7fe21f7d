"""The live test of an account's settings, and what errors of servers mean that a Synapse of ours does not give."""

from __future__ import annotations

import json

import pytest

from hutong.channels.contract import ConnectorError, InDoubt, NeedsReconnect, Refused, RetryLater
from hutong.connectors.matrix.api import Denied, meaning
from hutong.foundation.http import Response
from tests.connectors.contract import check_sentences
from tests.connectors.matrix.hearing import connector
from tests.connectors.matrix.peer import MatrixPeer
from tests.connectors.matrix.synapse import CLIENT, User


def test_the_live_test_says_who_we_are_and_what_cannot_be_read(peer: MatrixPeer, alice: User) -> None:
    peer.bot.call("PUT", f"{CLIENT}/profile/{peer.bot.id}/displayname", {"displayname": "胡同助手"})
    secret = alice.room(name="密室", initial_state=[{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}])
    peer.bot.act(secret, "join")
    found = connector(peer).test()
    device = peer.bot.call("GET", f"{CLIENT}/account/whoami")["device_id"]
    assert (found.self_id, found.name) == (peer.bot.id, "胡同助手")
    said = "\n".join(f"{zh}\n{en}" for zh, en in found.notes)
    assert f"device {device}" in said
    assert "The server speaks Matrix v1." in said
    assert "1 个房间已加密，胡同读不到其中的文字，只知道谁在何时发了消息：密室。" in said
    assert "Hutong cannot read what is said there, only who wrote and when: 密室." in said


def test_an_address_as_people_copy_it(peer: MatrixPeer) -> None:
    for address in (f" {peer.server.url}/ ", f"{peer.server.url}/_matrix/client/v3/"):
        assert connector(peer, homeserver=address).test().self_id == peer.bot.id


@pytest.mark.parametrize(
    ("status", "body", "kind", "after_seconds"),
    [
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}, RetryLater, 1.5),
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 10**9}, RetryLater, 3600.0),
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": "soon"}, RetryLater, 7.0),
        (429, None, RetryLater, 7.0),
        (403, {"errcode": "M_RESOURCE_LIMIT_EXCEEDED"}, RetryLater, 3600.0),
        (502, None, RetryLater, 10.0),
        (401, {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": True}, NeedsReconnect, None),
        (401, None, NeedsReconnect, None),
        (401, {"errcode": "M_USER_LOCKED"}, NeedsReconnect, None),
        (403, {"errcode": "M_USER_SUSPENDED"}, NeedsReconnect, None),
        (403, {"errcode": "M_GUEST_ACCESS_FORBIDDEN"}, NeedsReconnect, None),
        (403, {"errcode": "M_CONSENT_NOT_GIVEN"}, NeedsReconnect, None),
        (413, None, Refused, None),
        (400, {"errcode": "M_TOO_LARGE"}, Refused, None),
        (403, {"errcode": "M_FORBIDDEN"}, Denied, None),
        (404, {"errcode": ["odd"]}, Denied, None),
        (200, None, Denied, None),
    ],
)
def test_what_an_answer_means(status: int, body: dict[str, object] | None, kind: type[ConnectorError], after_seconds: float | None) -> None:
    answer = Response(status, {"retry-after": "7"}, b"<html>" if body is None else json.dumps(body).encode())
    error = meaning(answer, body or {})
    assert type(error) is kind
    assert isinstance(error, ConnectorError)
    check_sentences(error, [])
    if isinstance(error, RetryLater):
        assert error.after_seconds == after_seconds


def test_a_server_that_fails_in_the_middle_of_a_send_leaves_doubt() -> None:
    error = meaning(Response(504, {}, b""), {}, may_be_done=True)
    assert type(error) is InDoubt
    check_sentences(error, [])
