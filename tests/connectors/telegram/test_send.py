"""Sending: what people see, each refusal by its kind, and what goes on in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hutong.channels.contract import (
    Chat,
    Connector,
    ConnectorError,
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
)  # fmt: skip
from hutong.connectors.telegram import writing
from hutong.connectors.telegram.connector import TelegramConnector
from hutong.connectors.telegram.manifest import TEXT_UNITS_MAX
from hutong.foundation.http import Egress, Unanswered, Unreachable
from tests.connectors.contract import check_sentences
from tests.connectors.telegram.peer import TOKEN, XIAOHONG, Peer, start
from tests.connectors.telegram.server import Api
from tests.connectors.telegram.world import Fault

FILES = {"png": b"\x89PNG", "pdf": b"%PDF", "wide": b"WIDE", "empty": b"", "large": b"x" * (11 * 1024 * 1024), "huge": b"x" * (51 * 1024 * 1024)}


@pytest.fixture
def peer() -> Iterator[Peer]:
    with start() as started:
        yield started


def made(peer: Peer, **changes: Any) -> Connector:
    return TelegramConnector(Link(account_id="a", settings={**peer.settings, **changes}, http=Egress(timeout_seconds=5), read=FILES.__getitem__))


def outgoing(peer: Peer, *segments: Segment, chat: Chat | None = None, **more: Any) -> Outgoing:
    return Outgoing(key="k", chat=chat or peer.chat, segments=segments, **more)


def refused(peer: Peer, *segments: Segment, **more: Any) -> ConnectorError:
    before = peer.arrived()
    with pytest.raises(ConnectorError) as caught:
        made(peer).send(outgoing(peer, *(segments or (Text("x"),)), **more))
    check_sentences(caught.value, [TOKEN])
    assert peer.arrived() == before
    return caught.value


def shown(peer: Peer) -> list[dict[str, Any]]:
    return list(peer.group.messages.values())


# --- what people see -----------------------------------------------------------------


def test_people_are_called_by_their_id_wherever_their_name_stands(peer: Peer) -> None:
    outcome = made(peer).send(outgoing(peer, Text("👩‍👩‍👧 早，"), Mention("user5", "小红"), Text("！"), Mention("name:阿明", "阿明")))
    (message,) = shown(peer)
    assert (outcome.state, outcome.message_ids) == ("sent", ("1",))
    assert message["text"] == "👩‍👩‍👧 早，@小红 ！@阿明"
    assert message["entities"] == [{"type": "text_mention", "offset": 11, "length": 3, "user": peer.world.people[XIAOHONG]}]


def test_calling_everybody_is_said_to_be_only_words(peer: Peer) -> None:
    outcome = made(peer).send(outgoing(peer, Mention(""), Text("开饭")))
    assert (outcome.state, outcome.zh, peer.arrived()) == ("partial", "Telegram 不能@所有人，只写出了文字。", ["@所有人 开饭"])


def test_a_link_shows_its_card_and_an_answer_what_it_answers(peer: Peer) -> None:
    said = peer.world.say(peer.group, XIAOHONG, "菜单呢")
    made(peer).send(outgoing(peer, Quote(str(said["message_id"])), Text("这里："), LinkCard("https://example.com/m", "菜单", "今天的")))
    message = shown(peer)[-1]
    assert message["text"] == "这里：\n菜单\n今天的\nhttps://example.com/m"
    assert message["link_preview_options"] == {"url": "https://example.com/m"}
    assert message["reply_to_message"]["text"] == "菜单呢"


@pytest.mark.parametrize("quoted", ["999", "$abc", "-5", ""])
def test_an_answer_to_what_is_gone_is_sent_all_the_same(peer: Peer, quoted: str) -> None:
    assert made(peer).send(outgoing(peer, Quote(quoted), Text("好"))).state == "sent"
    assert ("reply_to_message" in shown(peer)[0], peer.arrived()) == (False, ["好"])


def test_a_picture_carries_the_words_beside_it(peer: Peer) -> None:
    one = made(peer)
    one.send(outgoing(peer, Image(file="png", name="图.png"), Mention("user5", "小红")))
    one.send(outgoing(peer, Text("先看字"), Image(file="png")))
    after, before = shown(peer)
    assert (after["caption"], after["caption_entities"][0]["length"], "show_caption_above_media" in after) == ("@小红", 3, False)
    assert (before["caption"], before["show_caption_above_media"], peer.world.files) == ("先看字", True, {1: FILES["png"], 2: FILES["png"]})


def test_files_and_several_pictures_go_one_by_one_in_order(peer: Peer) -> None:
    outcome = made(peer).send(
        outgoing(peer, Text("看"), Image(file="png"), File(file="pdf", name="菜单.pdf", content_type="application/pdf"), Text("完"))
    )
    assert outcome.message_ids == ("1", "2", "3", "4")
    text, photo, document, end = shown(peer)
    assert (text["text"], photo["photo"][0]["file_size"], document["document"]["file_name"], end["text"]) == ("看", 4, "菜单.pdf", "完")


@pytest.mark.parametrize("file", ["wide", "large"])
def test_a_picture_telegram_cannot_show_goes_as_a_file(peer: Peer, file: str) -> None:
    assert made(peer).send(outgoing(peer, Image(file=file, name="长图.png"), Text("看"))).state == "sent"
    (message,) = shown(peer)
    assert (message["document"]["file_name"], message["document"]["file_size"], message["caption"]) == ("长图.png", len(FILES[file]), "看")


def test_a_picture_on_the_web_is_fetched_by_telegram(peer: Peer) -> None:
    made(peer).send(outgoing(peer, Image(url="https://example.com/a.png")))
    assert shown(peer)[0]["photo"][0]["file_size"] == 0


def test_topics_and_people_are_written_to(peer: Peer) -> None:
    peer.group.topics.add(77)
    private = peer.world.private(XIAOHONG)
    one = made(peer)
    one.send(outgoing(peer, Text("话题里"), thread="77"))
    one.send(outgoing(peer, Text("私下"), chat=Chat("user5", "dm")))
    assert shown(peer)[0]["message_thread_id"] == 77
    assert peer.world.seen(private) == ["私下"]


# --- long texts -----------------------------------------------------------------------


def test_a_long_text_comes_in_whole_parts(peer: Peer) -> None:
    lines = "".join(f"第 {index} 行，👩‍👩‍👧\n" for index in range(700))
    outcome = made(peer).send(outgoing(peer, Text(lines)))
    assert len(outcome.message_ids) == len(peer.arrived()) == 3
    assert "\n".join(peer.arrived()) == lines.rstrip()


@pytest.mark.parametrize("text", ["字" * 9000, "👩‍👩‍👧" * 1500, "e\u0301" * 5000, "👍🏽" * 3000, "a b " * 3000, "\n" * 5000 + "尾", "x" * 4096])
def test_cuts_are_between_characters_and_lose_nothing(text: str) -> None:
    parts = list(writing.split(writing.Words(text)))
    assert "".join(part.text for part in parts).strip() == text.strip()
    for part in parts:
        assert 0 < part.units() <= TEXT_UNITS_MAX
        assert part.text[0] not in "\u200d\u0301\U0001f3fd"
        assert not part.text.endswith("\u200d")


def test_a_name_is_never_cut_in_two() -> None:
    words = writing.Words("字" * 4094).plus("@小红和阿明", number=5).plus("早" * 4000)
    first, second, *_ = writing.split(words)
    assert (first.text, first.called) == ("字" * 4094, ())
    assert (second.text[:6], second.called) == ("@小红和阿明", ((0, 6, 5),))


def test_a_stop_in_the_middle_goes_on_behind_what_went(peer: Peer) -> None:
    text = Text("\n".join("甲乙丙丁"[index] * 4000 for index in range(4)))
    peer.world.limits = {"chat": (2, 5.0)}
    now = peer.world.now = lambda: 1000.0
    with pytest.raises(RetryLater) as caught:
        made(peer).send(outgoing(peer, text))
    assert (caught.value.after_seconds, caught.value.scope, caught.value.done) == (5.0, "chat", ("1", "2"))
    peer.world.now = lambda: now() + 5
    outcome = made(peer).send(outgoing(peer, text, done=caught.value.done))
    assert (outcome.state, outcome.message_ids) == ("sent", ("1", "2", "3", "4"))
    assert [part[0] for part in peer.arrived()] == ["甲", "乙", "丙", "丁"]


@pytest.mark.parametrize("fault", [Fault(401, "Unauthorized"), "page"])
def test_what_needs_a_person_in_the_middle_keeps_what_went(peer: Peer, fault: Fault | str) -> None:
    peer.world.faults.extend([None, None, fault])
    with pytest.raises(RetryLater) as caught:
        made(peer).send(outgoing(peer, Text("一"), File(file="pdf"), Text("二")))
    assert (caught.value.done, peer.arrived()) == (("1", "2"), ["一", ""])


def test_nobody_there_in_the_middle_keeps_what_went(peer: Peer) -> None:
    one = made(peer)
    away = Egress(timeout_seconds=5)

    class Leaving(Egress):
        """The line is there for one request."""

        def request(self, method: str, url: str, **more: Any) -> Any:
            if peer.arrived():
                url = str(peer.wrong()["nobody there"]["api_url"])
            return away.request(method, url, **more)

    one.link = replace(one.link, http=Leaving())
    with pytest.raises(RetryLater) as caught:
        one.send(outgoing(peer, Text("一"), File(file="pdf")))
    assert (caught.value.done, peer.arrived()) == (("1",), ["一"])


def test_what_can_never_go_in_the_middle_ends_as_part(peer: Peer) -> None:
    outcome = made(peer).send(outgoing(peer, Text("一"), File(file="huge"), Text("三")))
    assert (outcome.state, outcome.message_ids, peer.arrived()) == ("partial", ("1",), ["一"])
    assert outcome.zh == "剩下 2 部分没有发出。文件超过 50 MB，Telegram 不收。请缩小后重发。"


# --- refusals -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "said", "reason"),
    [
        (403, "Forbidden: bot was kicked from the supergroup chat", "removed"),
        (403, "Forbidden: bot is not a member of the channel chat", "removed"),
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: bot can't initiate conversation with a user", "blocked"),
        (403, "Forbidden: bots can't send messages to bots", "blocked"),
        (403, "Forbidden: user is deactivated", "chat_gone"),
        (403, "Forbidden: the group chat was deleted", "chat_gone"),
        (400, "Bad Request: chat not found", "chat_gone"),
        (400, "Bad Request: message thread not found", "chat_gone"),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", "chat_moved"),
        (400, "Bad Request: not enough rights to send photos to the chat", "muted"),
        (400, "Bad Request: have no rights to send a message", "muted"),
        (400, "Bad Request: need administrator rights in the channel chat", "muted"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "muted"),
        (400, "Bad Request: TOPIC_CLOSED", "muted"),
        (400, "Bad Request: message is too long", "too_large"),
        (413, "Request Entity Too Large", "too_large"),
        (400, "Bad Request: message text is empty", "content"),
        (400, "Bad Request: failed to get HTTP URL content", "content"),
        (400, "Bad Request: something new。", "other"),
    ],
)
def test_a_refusal_has_its_reason(peer: Peer, code: int, said: str, reason: str) -> None:
    peer.world.faults.append(Fault(code, said))
    error = refused(peer)
    assert (type(error), getattr(error, "reason", "")) == (Refused, reason)


def test_the_state_of_the_chat_is_what_refuses(peer: Peer) -> None:
    world, group = peer.world, peer.group
    reasons = []
    for status in ("restricted", "kicked", "left"):
        group.members[42] = world.standing(42, status)
        reasons.append(getattr(refused(peer), "reason", ""))
    group.members[42] = world.standing(42, "member")
    group.is_gone = True
    reasons.append(getattr(refused(peer), "reason", ""))
    reasons.append(getattr(refused(peer, chat=Chat("12345")), "reason", ""))
    reasons.append(getattr(refused(peer, chat=Chat("user5", "dm")), "reason", ""))
    world.private(XIAOHONG)
    world.blocked.add(XIAOHONG)
    reasons.append(getattr(refused(peer, chat=Chat("user5", "dm")), "reason", ""))
    assert reasons == ["muted", "removed", "removed", "chat_gone", "chat_gone", "blocked", "blocked"]


@pytest.mark.parametrize("segments", [(Text(" \n "),), (Text(""),), (Quote("1"),)])
def test_a_blank_message_is_not_sent(peer: Peer, segments: tuple[Segment, ...]) -> None:
    error = refused(peer, *segments)
    assert (type(error), getattr(error, "reason", ""), peer.world.calls) == (Refused, "content", [])


def test_a_file_over_the_limit_never_leaves(peer: Peer) -> None:
    error = refused(peer, File(file="huge", name="电影.mp4"))
    assert (getattr(error, "reason", ""), peer.world.calls) == ("too_large", [])


@pytest.mark.parametrize(
    ("kind", "seconds", "scope"), [("group", 7, "chat"), ("group", 60, "chat"), ("group", 61, "account"), ("channel", 7, "chat"), ("dm", 3, "account")]
)  # fmt: skip
def test_a_limit_is_the_chats_or_the_accounts(peer: Peer, kind: Any, seconds: int, scope: str) -> None:
    peer.world.private(XIAOHONG)
    peer.world.faults.append(Fault(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds))
    error = refused(peer, chat=Chat("user5" if kind == "dm" else "7", kind))
    assert isinstance(error, RetryLater)
    assert (error.after_seconds, error.scope, error.done) == (float(seconds), scope, ())


def test_a_revoked_token_stops_the_account(peer: Peer) -> None:
    peer.world.is_revoked = True
    assert type(refused(peer)) is NeedsReconnect


def test_a_group_that_moved_gets_it_under_its_new_number(peer: Peer) -> None:
    small = peer.world.chat(-9, "group", "早餐", people=(XIAOHONG,))
    new = peer.world.migrate(small, XIAOHONG)
    outcome = made(peer).send(outgoing(peer, Quote("1"), Text("一"), File(file="pdf"), chat=Chat("chat9")))
    assert (outcome.state, outcome.message_ids) == ("sent", ("2", "3"))
    assert [peer.world.seen(new), peer.world.seen(small)] == [["一", ""], []]


# --- in doubt -----------------------------------------------------------------------


def test_what_was_handed_over_without_an_answer_is_in_doubt_and_not_repeated(peer: Peer) -> None:
    peer.world.faults.append("cut")
    with pytest.raises(Unanswered) as unanswered:
        made(peer).send(outgoing(peer, Text("也许")))
    assert TOKEN not in unanswered.value.zh + unanswered.value.en
    assert peer.arrived() == ["也许"]
    assert peer.world.calls == ["sendMessage"]
    for fault in ("gateway", Fault(500, "Internal Server Error")):
        peer.world.faults.append(fault)
        with pytest.raises(InDoubt) as caught:
            made(peer).send(outgoing(peer, Text("也许")))
        check_sentences(caught.value, [TOKEN])


def test_an_answer_that_names_no_message_is_in_doubt(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Api, "send_message", lambda *_: True)
    with pytest.raises(InDoubt) as caught:
        made(peer).send(outgoing(peer, Text("也许")))
    check_sentences(caught.value, [TOKEN])


def test_a_proxys_page_and_nobody_there_mean_later(peer: Peer) -> None:
    peer.world.faults.append("page")
    assert type(refused(peer)) is RetryLater
    with pytest.raises(Unreachable):
        made(peer, api_url=peer.wrong()["nobody there"]["api_url"]).send(outgoing(peer, Text("x")))


def test_no_send_key_is_claimed() -> None:
    assert TelegramConnector.manifest.capabilities.has_send_key is False
