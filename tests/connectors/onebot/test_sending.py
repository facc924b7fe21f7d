"""Going out, over each way: what arrives, what each refusal means, and that nothing is ever sent twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from hutong.channels.contract import (  # fmt: skip
    Chat,
    Connector,
    File,
    Image,
    InDoubt,
    Link,
    LinkCard,
    Mention,
    NeedsReconnect,
    Outgoing,
    Quote,
    Refused,
    RetryLater,
    Segment,
    Text,
)
from hutong.connectors.onebot import calls
from hutong.connectors.onebot.connector import OneBotConnector
from hutong.foundation.http import Egress, Unanswered, Unreachable
from tests.connectors.onebot.server import forward, http
from tests.connectors.onebot.world import GROUP, MUTED, REMOVED, TIMED_OUT, XIAOHONG, World, failed

HERE = Chat(str(GROUP), "group")
PICTURE = b"\x89PNG not really"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=["forward", "http"])
def one(request: pytest.FixtureRequest, world: World, settings: Any) -> Iterator[OneBotConnector]:
    settings.EGRESS_LOOPBACK = True
    with (forward if request.param == "forward" else http)(world) as url:
        yield made(request.param, url, world.token)


def made(way: str, url: str, token: str) -> OneBotConnector:
    given = {"way": way, "url": url, "access_token": token, "secret": "s"}
    return OneBotConnector(Link(account_id="a", settings=given, http=Egress(timeout_seconds=5), read=lambda _: PICTURE))


def said(*segments: Segment, chat: Chat = HERE, done: tuple[str, ...] = ()) -> Outgoing:
    return Outgoing(key="k-1", chat=chat, segments=segments, done=done)


def test_all_of_a_message_in_one_bubble_and_each_file_by_itself(one: Connector, world: World) -> None:
    outcome = one.send(said(Quote("41"), Mention("20002000", "小红"), Text("早"), Image(file="f1"), LinkCard("https://x.cn", "菜单"), File(file="f2", name="价.pdf")))  # fmt: skip
    assert outcome.state == "sent"
    assert outcome.message_ids == ("4001", "file//f2")
    assert world.asked[-2:] == [
        (
            "send_group_msg",
            {
                "group_id": GROUP,
                "message": [
                    {"type": "reply", "data": {"id": "41"}},
                    {"type": "at", "data": {"qq": "20002000"}},
                    {"type": "text", "data": {"text": " "}},
                    {"type": "text", "data": {"text": "早"}},
                    {"type": "image", "data": {"file": "base64://iVBORyBub3QgcmVhbGx5"}},
                    {"type": "text", "data": {"text": "菜单\nhttps://x.cn"}},
                ],
            },
        ),
        ("upload_group_file", {"group_id": GROUP, "file": "base64://iVBORyBub3QgcmVhbGx5", "name": "价.pdf"}),
    ]


def test_a_private_talk_calls_nobody(one: Connector, world: World) -> None:
    one.send(said(Mention("", ""), Text("在吗"), chat=Chat(str(XIAOHONG), "dm")))
    assert world.asked[-1] == ("send_private_msg", {"user_id": XIAOHONG, "message": [{"type": "text", "data": {"text": "@ "}}, {"type": "text", "data": {"text": "在吗"}}]})  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (REMOVED, Refused, "removed"),
        (MUTED, Refused, "muted"),
        (TIMED_OUT, InDoubt, ""),
        (failed("请先添加对方为好友"), Refused, "blocked"),
        (failed("账号离线", retcode=1200), RetryLater, ""),
        (failed("", retcode=1403), NeedsReconnect, ""),
        (failed("", retcode=1404), Refused, "other"),
        (failed("消息体无法解析", retcode=1400), Refused, "other"),
    ],
)
def test_each_answer_has_its_meaning(one: Connector, world: World, answer: dict[str, Any], kind: type[Exception], reason: str) -> None:
    world.faults.append(answer)
    with pytest.raises(kind) as raised:
        one.send(said(Text("不会到")))
    assert getattr(raised.value, "reason", "") == reason
    assert world.shown == []


def test_a_busy_program_over_http_is_waited_for(world: World, settings: Any) -> None:
    settings.EGRESS_LOOPBACK = True
    world.faults.append({"http": 429})
    with http(world) as url, pytest.raises(RetryLater) as later:
        made("http", url, world.token).send(said(Text("慢点")))
    assert later.value.after_seconds == 10.0


def test_a_lost_answer_is_in_doubt(one: OneBotConnector, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "ANSWER_SECONDS_MAX", 0.3)
    world.is_mute = True
    with pytest.raises((InDoubt, Unanswered)):
        one.send(said(Text("发了没")))
    assert len(world.shown) == 1


def test_a_text_that_went_is_not_sent_again_when_the_file_did_not(one: Connector, world: World) -> None:
    outcome = one.send(said(Text("先"), File(file="f1", name="一"), File(file="f2", name="二")))
    assert outcome.message_ids == ("4001", "file//f2", "file//f3")
    world.shown.clear()
    again = one.send(said(Text("先"), File(file="f1", name="一"), File(file="f2", name="二"), done=("4001", "file//f2")))
    assert [params.get("name") for params in world.shown] == ["二"]
    assert again.message_ids == ("4001", "file//f2", "file//f1")
    world.shown.clear()
    world.faults += [{"status": "ok", "retcode": 0, "data": {"message_id": 9}}, TIMED_OUT]
    partly = one.send(said(Text("先"), File(file="f1", name="一")))
    assert (partly.state, partly.message_ids) == ("partial", ("9",))


def test_what_stops_in_the_middle_says_what_went(one: Connector, world: World) -> None:
    world.faults += [{"status": "ok", "retcode": 0, "data": {"message_id": 9}}, failed("", retcode=1403)]
    with pytest.raises(RetryLater) as later:
        one.send(said(Text("先"), File(file="f1", name="一")))
    assert later.value.done == ("9",)


def test_no_id_in_the_answer_is_still_sent(one: Connector, world: World) -> None:
    world.faults.append({"status": "async", "retcode": 1, "data": None})
    outcome = one.send(said(Text("稍后")))
    assert (outcome.state, outcome.message_ids) == ("sent", ("k-1/0",))


def test_a_chat_of_another_platform_is_gone(one: Connector, world: World) -> None:
    with pytest.raises(Refused) as refused:
        one.send(said(Text("x"), chat=Chat("!room:example.org")))
    assert (refused.value.reason, world.shown) == ("chat_gone", [])


def test_nobody_there_waits(settings: Any) -> None:
    settings.EGRESS_LOOPBACK = True
    with pytest.raises(Unreachable):
        made("forward", "ws://127.0.0.1:9", "t").send(said(Text("x")))
    with pytest.raises(RetryLater):
        made("reverse", "", "t").send(said(Text("x")))


def test_calls_go_over_the_connection_that_is_held(world: World, settings: Any) -> None:
    settings.EGRESS_LOOPBACK = True
    with forward(world) as url:
        one = made("forward", url, world.token)
        stopping, ready = threading.Event(), threading.Event()

        def hold() -> None:
            for _ in one.listen("", stopping):
                ready.set()

        thread = threading.Thread(target=hold, daemon=True)
        thread.start()
        assert ready.wait(5)
        outcomes: list[str] = []
        senders = [threading.Thread(target=lambda n=n: outcomes.append(one.send(said(Text(str(n)))).message_ids[0])) for n in range(8)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(10)
        assert len(set(outcomes)) == 8
        assert len(world.emitters) == 1  # no second connection was opened
        stopping.set()
        thread.join(5)
        assert not thread.is_alive()
