"""The connection: polling and its place, the webhook and its keeping, and what a live test finds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hutong.channels.contract import STOP_SECONDS_MAX, Batch, Callback, Connector, Inbound, Link, NeedsReconnect, Refused, RetryLater
from hutong.connectors.telegram import connector as module
from hutong.connectors.telegram.connector import TelegramConnector
from hutong.connectors.telegram.wire import ALLOWED_UPDATES
from hutong.foundation import clock
from hutong.foundation.http import Egress, Unanswered
from tests.connectors.contract import check_sentences
from tests.connectors.telegram.peer import SECRET, TOKEN, XIAOHONG, Peer, start
from tests.connectors.telegram.server import Api, deliver
from tests.connectors.telegram.world import Fault

AMING = 6


@pytest.fixture
def peer() -> Iterator[Peer]:
    with start() as started:
        started.world.person(AMING, "阿明")
        yield started


def made(peer: Peer, *, callback_url: str = "", **changes: Any) -> Connector:
    settings = {**peer.settings, **changes}
    return TelegramConnector(Link(account_id="a", settings=settings, http=Egress(timeout_seconds=5), callback_url=callback_url))


def texts(batches: list[Batch]) -> list[str]:
    return [event.message.text for batch in batches for event in batch.events if event.message and event.type == "message.new"]


def taken(peer: Peer, cursor: str, count: int, **changes: Any) -> list[Batch]:
    """The first batches of a connection."""
    listening = made(peer, **changes).listen(cursor, threading.Event())
    try:
        return [next(listening) for _ in range(count)]
    finally:
        listening.close()  # type: ignore[attr-defined]


# --- polling ------------------------------------------------------------------------


def test_the_first_connection_begins_now(peer: Peer) -> None:
    peer.say("从前")
    listening = made(peer).listen("", threading.Event())
    assert next(listening).events == ()
    peer.say("现在")
    assert texts([next(listening)]) == ["现在"]


def test_what_came_before_the_first_batch_was_asked_for_is_not_lost(peer: Peer) -> None:
    (first,) = taken(peer, "", 1)
    peer.say("断线时")
    _, second = taken(peer, first.cursor, 2)
    assert texts([second]) == ["断线时"]


def test_what_was_not_kept_comes_again(peer: Peer) -> None:
    (first,) = taken(peer, "", 1)
    peer.say("一")
    _, lost = taken(peer, first.cursor, 2)  # and the process dies before it is stored
    _, again = taken(peer, first.cursor, 2)
    assert again.events == lost.events != ()
    peer.say("二")
    assert texts(taken(peer, again.cursor, 2)) == ["二"]
    assert len(peer.world.updates) == 1


def test_more_than_a_hundred_come_in_their_order(peer: Peer) -> None:
    (first,) = taken(peer, "", 1)
    expected = [f"第 {index} 条" for index in range(230)]
    for text in expected:
        peer.say(text)
    assert texts(taken(peer, first.cursor, 4)) == expected


def test_after_a_quiet_week_the_new_numbering_is_taken(peer: Peer) -> None:
    (first,) = taken(peer, "", 1)
    peer.say("上周")
    _, before = taken(peer, first.cursor, 2)
    peer.world.updates.clear()
    peer.world.next_update = 7  # chosen at random after a week, and lower
    peer.say("这周")
    at, seen_at = before.cursor.split("@")
    week_ago = f"{at}@{int(seen_at) - 7 * 86_400}"
    assert texts(taken(peer, week_ago, 2)) == ["这周"]


def test_members_and_reactions_are_asked_for(peer: Peer) -> None:
    taken(peer, "", 1)
    assert peer.world.allowed == set(ALLOWED_UPDATES)
    assert {"chat_member", "message_reaction", "chat_join_request"} < set(ALLOWED_UPDATES)


def test_a_coming_told_twice_at_once_keeps_the_way_and_historys_id(peer: Peer) -> None:
    (first,) = taken(peer, "", 1)
    link = {"invite_link": "https://t.me/+Ab…", "name": "海报"}
    peer.world.change(peer.group, AMING, AMING, peer.world.standing(AMING, "member"), has_line=True, invite_link=link)
    _, batch = taken(peer, first.cursor, 2)
    (event,) = batch.events
    assert event.message is not None
    assert event.source is not None
    assert (event.type, event.message.id, event.source.state) == ("member.joined", "1", "海报")


def test_pressed_buttons_are_acknowledged_once_they_are_kept(peer: Peer) -> None:
    listening = made(peer).listen("", threading.Event())
    next(listening)
    said = peer.world._message(peer.group, 42, None, {"text": "报名？"})
    peer.world.pressed.append("late")
    for query in ("late", "q1"):
        peer.world.press(peer.group, AMING, said["message_id"], "signup", query=query)
    events: list[Inbound] = []
    while len(events) < 2:
        events += next(listening).events
    assert peer.world.pressed == ["late"]
    assert next(listening).events == ()
    assert peer.world.pressed == ["late", "q1"]


def test_an_update_nobody_can_read_holds_up_nothing(peer: Peer) -> None:
    (first,) = taken(peer, "", 1)
    peer.say("一")
    peer.world.tell("message", {"message_id": "x"})
    peer.say("二")
    assert texts(taken(peer, first.cursor, 2)) == ["一", "二"]


def test_a_stop_is_heard_in_time(peer: Peer) -> None:
    stopping, ready = threading.Event(), threading.Event()

    def hold() -> None:
        for _ in made(peer).listen("", stopping):
            ready.set()

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    assert ready.wait(5)
    began = time.monotonic()
    stopping.set()
    thread.join(STOP_SECONDS_MAX)
    assert not thread.is_alive()
    assert time.monotonic() - began < STOP_SECONDS_MAX


def test_polling_takes_over_from_a_webhook(peer: Peer) -> None:
    peer.world.webhook["url"] = "https://example.com/hook"
    (first,) = taken(peer, "", 1)
    assert (first.events, peer.world.webhook["url"]) == ((), "")


def test_another_program_with_the_same_token_is_named(peer: Peer) -> None:
    listening = made(peer).listen("", threading.Event())
    next(listening)
    before = peer.world.pollings

    def other() -> None:
        while peer.world.pollings == before:
            time.sleep(0.01)
        made(peer)._polled(0, 0)  # type: ignore[attr-defined]

    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    with pytest.raises(RetryLater, match="Another program") as caught:
        next(listening)
    thread.join(5)
    assert caught.value.after_seconds == 30.0
    check_sentences(caught.value, [TOKEN])


def test_a_token_revoked_while_listening_ends_the_connection(peer: Peer) -> None:
    listening = made(peer).listen("", threading.Event())
    next(listening)
    peer.world.is_revoked = True
    with pytest.raises(NeedsReconnect) as caught:
        next(listening)
    check_sentences(caught.value, [TOKEN])


def test_a_server_that_hangs_is_left_in_time(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    listening = made(peer).listen("", threading.Event())
    next(listening)
    monkeypatch.setattr(module, "POLL_SECONDS", 8)  # the server keeps the line longer than was agreed
    monkeypatch.setattr(module, "POLL_ANSWER_SECONDS_MAX", 0.3)
    with pytest.raises(Unanswered):
        next(listening)


# --- webhook ------------------------------------------------------------------------


@contextmanager
def site(receive: Any) -> Iterator[str]:
    """An address that hands what comes to the connector, as the product does."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            _, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            pairs = dict(one.split("=") for one in query.split("&") if one)
            try:
                answer = receive(Callback(method="POST", query=pairs, headers=headers, body=body, received_at_ms=clock.now_ms()))
                status, content = answer.status, answer.body
            except Refused:
                status, content = 403, b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hooks/0190"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_webhook_is_set_and_brings_what_people_do(peer: Peer) -> None:
    heard: list[Inbound] = []

    def receive(request: Callback) -> Any:
        answer = made(peer).receive(request)  # a process that never asked who the bot is
        heard.extend(answer.events)
        return answer

    with site(receive) as url:
        listening = made(peer, callback_url=url, delivery="webhook").listen("17@5", threading.Event())
        assert next(listening) == Batch(cursor="17@5")
        assert (peer.world.webhook["url"], peer.world.webhook["secret"]) == (f"{url}?bot=HutongBot", SECRET)
        assert peer.world.allowed == set(ALLOWED_UPDATES)
        said = peer.world.say(peer.group, XIAOHONG, "@HutongBot 早", entities=[{"type": "mention", "offset": 0, "length": 10}])
        peer.world.press(peer.group, AMING, said["message_id"], "x", query="q1")
        assert deliver(peer.world) == [200, 200]
        assert [(event.type, event.message.mentions_bot if event.message else None) for event in heard] == [
            ("message.new", True),
            ("interaction", None),
        ]
        assert peer.world.pressed == ["q1"]
        peer.say("密钥换了")
        peer.world.webhook["secret"] = "another-secret-of-somebody"
        assert (deliver(peer.world), len(heard), len(peer.world.updates)) == ([403], 2, 1)


@pytest.mark.parametrize(("trouble", "words"), [("moved", "Another program moved"), ("failing", "Wrong response from the webhook: 403")])
def test_a_webhook_is_looked_after(peer: Peer, monkeypatch: pytest.MonkeyPatch, trouble: str, words: str) -> None:
    monkeypatch.setattr(module, "WATCH_SECONDS", 0.01)
    listening = made(peer, callback_url="http://127.0.0.1:9/hooks/0190", delivery="webhook").listen("", threading.Event())
    next(listening)
    next(listening)
    if trouble == "moved":
        peer.world.webhook["url"] = "https://example.com/other"
    else:
        peer.say("等着")
        peer.world.webhook |= {"error_at": int(time.time()), "error": "Wrong response from the webhook: 403"}
    with pytest.raises(RetryLater, match=words) as caught:
        next(listening)
    check_sentences(caught.value, [TOKEN, SECRET])


def test_a_webhook_that_is_kept_stops_in_time(peer: Peer) -> None:
    stopping = threading.Event()
    listening = made(peer, callback_url="http://127.0.0.1:9/hooks/0190", delivery="webhook").listen("", stopping)
    next(listening)
    threading.Timer(0.1, stopping.set).start()
    began = time.monotonic()
    assert list(listening) == []
    assert time.monotonic() - began < STOP_SECONDS_MAX


# --- the live test ----------------------------------------------------------------


def test_a_live_test_says_who_the_bot_is_and_what_keeps_it_from_hearing(peer: Peer) -> None:
    found = made(peer).test()
    assert (found.self_id, found.name, found.notes) == ("user42", "胡同", ())
    peer.world.reads_all = False
    peer.world.webhook["url"] = "https://other.example.com/hook/secret-path"
    privacy, webhook = made(peer, callback_url="https://hutong.example.com/hooks/0190").test().notes
    assert "隐私模式" in privacy[0]
    assert "Privacy mode" in privacy[1]
    assert webhook[1] == "Updates of this bot go to other.example.com now. Once connected they come here, and no longer there."
    assert "secret-path" not in webhook[0] + webhook[1]
    peer.world.webhook["url"] = "https://hutong.example.com/hooks/0190?bot=HutongBot"
    assert len(made(peer, callback_url="https://hutong.example.com/hooks/0190").test().notes) == 1
    assert peer.world.calls.count("setWebhook") == 0


def test_in_privacy_mode_only_what_is_meant_for_the_bot_comes(peer: Peer) -> None:
    peer.world.reads_all = False
    peer.group.members[42] = peer.world.standing(42, "member")
    (first,) = taken(peer, "", 1)
    for text in ("闲聊", "/help", "@HutongBot 在吗"):
        peer.say(text)
    assert texts(taken(peer, first.cursor, 2)) == ["/help", "@HutongBot 在吗"]


@pytest.mark.parametrize("url", ["", "http://hutong.example.com/hooks/1", "https://hutong.example.com:8000/hooks/1", "/hooks/1"])
def test_an_address_telegram_would_not_call_is_refused(url: str) -> None:
    settings = {"token": TOKEN, "api_url": "", "delivery": "webhook", "webhook_secret": SECRET}
    with pytest.raises(Refused, match="ports 443, 80, 88 and 8443") as caught:
        TelegramConnector(Link(account_id="a", settings=settings, http=Egress(), callback_url=url)).test()
    check_sentences(caught.value, [TOKEN, SECRET])


def test_a_secret_is_made_up_once_and_kept() -> None:
    first, second = (TelegramConnector.prepare({"token": TOKEN, "webhook_secret": ""}) for _ in range(2))
    assert module.SECRET.fullmatch(str(first["webhook_secret"]))
    assert first["webhook_secret"] != second["webhook_secret"]
    assert TelegramConnector.prepare(first) == first


@pytest.mark.parametrize("me", [{"id": "42"}, {}, None, []])
def test_an_answer_that_is_none_names_the_address(peer: Peer, monkeypatch: pytest.MonkeyPatch, me: Any) -> None:
    monkeypatch.setattr(Api, "get_me", lambda *_: me)
    with pytest.raises(RetryLater, match="not that of a Bot API") as caught:
        made(peer).test()
    check_sentences(caught.value, [TOKEN, SECRET])


def test_an_outage_means_later(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise Fault(500, "Internal Server Error")

    listening = made(peer).listen("", threading.Event())
    next(listening)
    monkeypatch.setattr(Api, "get_updates", fails)
    with pytest.raises(RetryLater) as caught:
        next(listening)
    check_sentences(caught.value, [TOKEN, SECRET])
