"""The signed webhook, beyond the contract: rotation, what is told and what is refused, files, the other side's answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook

from hutong.channels.contract import Chat, Data, File, Image, Link, LinkCard, Mention, Outgoing, Quote, Refused, RetryLater, Text
from hutong.connectors.webhook import signing
from hutong.connectors.webhook.connector import WebhookConnector
from hutong.foundation import clock
from hutong.foundation.http import Egress, Unanswered
from tests.connectors.webhook.peer import WebhookPeer, start


@pytest.fixture
def peer() -> Iterator[WebhookPeer]:
    with start() as started:
        yield started


def connected(peer: WebhookPeer, **changes: str) -> WebhookConnector:
    egress = Egress(private_hosts=["127.0.0.1"], timeout_seconds=2)
    return WebhookConnector(Link(account_id="a1", settings={**peer.settings, **changes}, http=egress, read=lambda name: name.encode()))


def outgoing(*segments: Any, key: str = "k") -> Outgoing:
    return Outgoing(key=key, chat=Chat(id="room-1"), segments=segments)


def test_a_secret_is_made_where_none_was_given() -> None:
    made = WebhookConnector.prepare({"url": "", "secret": "", "previous_secret": ""})
    assert len(signing.key_of(str(made["secret"]))) == 32
    assert WebhookConnector.prepare(made) == made


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!", "whsec_" + base64.b64encode(b"x" * 23).decode(), base64.b64encode(b"x" * 32).decode()])
def test_a_secret_is_whole(secret: str) -> None:
    with pytest.raises(ValueError):
        signing.key_of(secret)


def test_both_sides_of_a_rotation_are_good(peer: WebhookPeer) -> None:
    new = signing.make_secret()
    one = connected(peer, secret=new, previous_secret=peer.secret)
    one.send(outgoing(Text("一"), key="k1"))
    assert one.receive(peer.callback("x")).events
    peer.secret = new
    one.send(outgoing(Text("二"), key="k2"))
    assert one.receive(peer.callback("x")).events
    assert peer.arrived() == ["一", "二"]


def test_many_signatures_cost_no_more(peer: WebhookPeer) -> None:
    good = peer.callback("x")
    headers = {**good.headers, "webhook-signature": " ".join(["v1,AAAA"] * 50_000) + " " + good.headers["webhook-signature"]}
    with pytest.raises(Refused):
        connected(peer).receive(type(good)("POST", {}, headers, good.body, good.received_at_ms))
    headers = {**good.headers, "webhook-signature": "v1,AAAA v2,é " + good.headers["webhook-signature"]}
    assert connected(peer).receive(type(good)("POST", {}, headers, good.body, good.received_at_ms)).events


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"\xff", b'{"type":"message.new"}', b'{"type":"message.odd","data":{}}', b'{"type":"message.new","data":{"chat":{"id":1}}}', b'{"type":"message.new","timestamp":"soon","data":{}}'],
)  # fmt: skip
def test_what_cannot_be_read_says_where(peer: WebhookPeer, body: bytes) -> None:
    text = body.decode("utf-8", "replace").encode()
    with pytest.raises(Refused) as caught:
        connected(peer).receive(peer.signed(text))
    assert caught.value.reason == "malformed"


def test_a_ping_is_answered(peer: WebhookPeer) -> None:
    assert connected(peer).receive(peer.signed(b'{"type": "ping", "data": {}}')).events == ()


def test_everything_that_can_be_said(peer: WebhookPeer) -> None:
    connected(peer).send(
        outgoing(
            Quote("m1"),
            Mention("u1", "小明"),
            Text("看"),
            LinkCard("https://a.cn", "胡同", "说明"),
            Image(file="abc", name="a.png", content_type="image/png"),
            File(url="https://a.cn/v.mp4", name="v.mp4", type="video"),
        )
    )
    (data,) = peer.shown.values()
    assert data["segments"] == [
        {"kind": "quote", "message_id": "m1"},
        {"kind": "mention", "user_id": "u1", "name": "小明"},
        {"kind": "text", "text": "看"},
        {"kind": "link", "url": "https://a.cn", "title": "胡同", "description": "说明", "image_url": ""},
        {"kind": "image", "name": "a.png", "content_type": "image/png", "content_base64": base64.b64encode(b"abc").decode()},
        {"kind": "file", "name": "v.mp4", "content_type": "", "url": "https://a.cn/v.mp4", "type": "video"},
    ]
    assert (data["text"], data["key"], data["chat"]["id"]) == ("看", "k", "room-1")


def test_a_program_is_told_under_a_type_of_its_own(peer: WebhookPeer) -> None:
    told = {"member": {"id": "m1", "name": "小明"}, "properties": {"gift": "杯子"}, "source": "rule:r1"}
    outcome = connected(peer).send(outgoing(Data("vip", msgspec.Raw(msgspec.json.encode(told))), key="rule/r1/e1"))
    assert (outcome.state, outcome.message_ids) == ("sent", ("w1",))
    assert (peer.types, peer.shown) == (["vip"], {"rule/r1/e1": told})


def test_a_program_that_fails_is_told_again_under_the_same_id(peer: WebhookPeer) -> None:
    peer.meets.append((500, {}))
    message = outgoing(Data("vip", msgspec.Raw(b'{"source": "rule:r1"}')), key="k9")
    with pytest.raises(RetryLater):
        connected(peer).send(message)
    connected(peer).send(message)
    assert (peer.calls, list(peer.shown)) == (["k9", "k9"], ["k9"])


@pytest.mark.parametrize(
    ("status", "headers", "kind", "after"),
    [
        (500, {}, RetryLater, None),
        (503, {"Retry-After": "12"}, RetryLater, 12.0),
        (429, {"Retry-After": "999999999"}, RetryLater, 21_600.0),
        (429, {"Retry-After": "soon"}, RetryLater, None),
        (429, {"Retry-After": "Mon, 02 Nov 2020 00:00:00 GMT"}, RetryLater, 0.0),
        (408, {}, RetryLater, None),
        (400, {}, Refused, None),
        (413, {}, Refused, None),
    ],
)
def test_answers(peer: WebhookPeer, status: int, headers: dict[str, str], kind: type[Exception], after: float | None) -> None:
    peer.meets.append((status, headers))
    with pytest.raises(kind) as caught:
        connected(peer).send(outgoing(Text("x")))
    assert getattr(caught.value, "after_seconds", None) == after
    assert peer.shown == {}


def test_silence_is_told_from_refusal(peer: WebhookPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WebhookPeer, "taken", lambda *args: 1 // 0)
    monkeypatch.setattr(peer.server, "handle_error", lambda *args: None)
    with pytest.raises(Unanswered):
        connected(peer).send(outgoing(Text("x")))


def test_an_account_without_address_only_receives(peer: WebhookPeer) -> None:
    one = connected(peer, url="")
    assert (one.test().self_id, len(one.test().notes)) == ("webhook:a1", 1)
    with pytest.raises(Refused):
        one.send(outgoing(Text("x")))


def test_our_signature_is_theirs() -> None:
    secret = signing.make_secret()
    body = json.dumps({"a": "胡同"}).encode()
    at = clock.now().replace(microsecond=0)
    theirs = Webhook(secret).sign("msg_1", at, body.decode())
    assert signing.sign([signing.key_of(secret)], message_id="msg_1", timestamp=int(at.timestamp()), body=body) == theirs
