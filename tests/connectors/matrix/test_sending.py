"""What the connector sends, as another person in the room sees it, and what each refusal means."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest

from hutong.channels.contract import (
    Chat,
    File,
    Image,
    LinkCard,
    Mention,
    NeedsReconnect,
    Outcome,
    Outgoing,
    Quote,
    Refused,
    RetryLater,
    Segment,
    Text,
)
from hutong.connectors.matrix.connector import MatrixConnector
from hutong.foundation.http import Unreachable
from tests.connectors.contract import MARKUP, check_sentences
from tests.connectors.matrix.hearing import connector
from tests.connectors.matrix.peer import MatrixPeer, until_limited
from tests.connectors.matrix.synapse import CLIENT, UPLOAD_BYTES_MAX, User

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
KEPT = {"cat": PNG, "doc": b"%PDF-1.7", "big": bytes(UPLOAD_BYTES_MAX + 1)}


def out(room: str, *segments: Segment, key: str = "k-1", **values: Any) -> Outgoing:
    return Outgoing(key=key, chat=Chat(room), segments=segments, **values)


def seen(user: User, room: str) -> list[dict[str, Any]]:
    """Every message without what tests do not care about."""
    return [{name: value for name, value in one.items() if name not in ("sender", "event_id")} for one in user.messages(room)]


def shown(html: str) -> str:
    """What a client shows of HTML."""

    class Reader(HTMLParser):
        text = ""

        def handle_data(self, data: str) -> None:
            self.text += data

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.text += "\n" if tag == "br" else ""

    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.text


def test_text_is_shown_as_written(peer: MatrixPeer, alice: User, room: str) -> None:
    outcome = connector(peer).send(out(room, Text(MARKUP)))
    (one,) = alice.messages(room)
    assert outcome == Outcome("sent", (one["event_id"],))
    assert seen(alice, room) == [{"msgtype": "m.text", "body": MARKUP, "m.mentions": {}}]
    assert one["sender"] == peer.bot.id


def test_people_are_called_by_name_and_markup_stays_text(peer: MatrixPeer, alice: User, room: str) -> None:
    connector(peer).send(out(room, Text("欢迎 "), Mention(alice.id, "<Alice>"), Text(f"\n{MARKUP}"), key="k"))
    (one,) = seen(alice, room)
    assert one["m.mentions"] == {"user_ids": [alice.id]}
    assert one["body"] == f"欢迎 <Alice>\n{MARKUP}"
    assert shown(one["formatted_body"]) == one["body"]
    assert f'<a href="https://matrix.to/#/{alice.id}">&lt;Alice&gt;</a>' in one["formatted_body"]


def test_a_mention_rings_for_who_is_called(peer: MatrixPeer, alice: User, bob: User, room: str) -> None:
    connector(peer).send(out(room, Mention(bob.id, "小波"), Text(" 到你了")))
    joined = bob.call("GET", f"{CLIENT}/sync", timeout=0)["rooms"]["join"][room]
    other = alice.call("GET", f"{CLIENT}/sync", timeout=0)["rooms"]["join"][room]
    assert (joined["unread_notifications"]["highlight_count"], other["unread_notifications"]["highlight_count"]) == (1, 0)


def test_everybody_is_called(peer: MatrixPeer, alice: User, room: str) -> None:
    connector(peer).send(out(room, Mention(""), Text(" 开会")))
    assert seen(alice, room) == [{"msgtype": "m.text", "body": "@room 开会", "m.mentions": {"room": True}}]


def test_pictures_and_files_are_messages_of_their_own(peer: MatrixPeer, alice: User, room: str) -> None:
    one = connector(peer, read=KEPT.__getitem__)
    picture = Image(file="cat", name="猫.png", content_type="image/png", description="一只猫")
    outcome = one.send(out(room, Text("看"), picture, File(file="doc", name="表.pdf", content_type="application/pdf"), Text("完")))
    found = seen(alice, room)
    assert len(outcome.message_ids) == 4
    assert [(one["msgtype"], one["body"]) for one in found] == [("m.text", "看"), ("m.image", "一只猫"), ("m.file", "表.pdf"), ("m.text", "完")]
    assert found[1]["filename"] == "猫.png"
    assert found[1]["info"] == {"mimetype": "image/png", "size": len(PNG)}
    assert [alice.download(one["url"]) for one in found[1:3]] == [PNG, KEPT["doc"]]


def test_what_the_platform_has_is_not_brought_again(peer: MatrixPeer, alice: User, room: str) -> None:
    mxc = alice.upload(PNG, "image/png")
    connector(peer).send(out(room, Image(url=mxc, name="猫.png")))
    assert [one["url"] for one in seen(alice, room)] == [mxc]


def test_link_cards(peer: MatrixPeer, alice: User, room: str) -> None:
    card = LinkCard(url="https://example.com/?a=1&b=<2>", title="活动 <报名>", description="周六\n下午")
    connector(peer).send(out(room, Text("来："), card, LinkCard(url="javascript:alert(1)", title="坏")))
    (one,) = seen(alice, room)
    assert one["body"] == "来：\n活动 <报名>\nhttps://example.com/?a=1&b=<2>\n周六\n下午\n坏\njavascript:alert(1)\n"
    assert '<a href="https://example.com/?a=1&amp;b=&lt;2&gt;">活动 &lt;报名&gt;</a>' in one["formatted_body"]
    assert 'href="javascript' not in one["formatted_body"]


def test_an_answer_quotes_and_calls_who_asked(peer: MatrixPeer, alice: User, room: str) -> None:
    asked = alice.say(room, "几点？")
    connector(peer).send(out(room, Quote(asked), Text("八点")))
    assert seen(alice, room)[-1] == {
        "msgtype": "m.text",
        "body": "八点",
        "m.mentions": {"user_ids": [alice.id]},
        "m.relates_to": {"m.in_reply_to": {"event_id": asked}},
    }


def test_an_answer_in_a_thread(peer: MatrixPeer, alice: User, room: str) -> None:
    root = alice.say(room, "话题")
    one = connector(peer)
    one.send(out(room, Text("里面"), thread=root))
    one.send(out(room, Quote(root), Text("答"), thread=root, key="k-2"))
    relates = [said["m.relates_to"] for said in seen(alice, room)[1:]]
    assert [(said["rel_type"], said["event_id"], said["is_falling_back"]) for said in relates] == [
        ("m.thread", root, True),
        ("m.thread", root, False),
    ]


def test_notices_where_the_setting_says_so(peer: MatrixPeer, alice: User, room: str) -> None:
    connector(peer, style="notice").send(out(room, Text("通知")))
    assert [one["msgtype"] for one in seen(alice, room)] == ["m.notice"]


def test_a_key_is_shown_once_whoever_repeats_it(peer: MatrixPeer, alice: User, room: str) -> None:
    first = connector(peer).send(out(room, Text("一次"), key="键/?# 1"))
    again = connector(peer).send(out(room, Text("一次"), key="键/?# 1"))
    other = connector(peer).send(out(room, Text("一次"), key="键/?# 2"))
    assert first == again
    assert other.message_ids != first.message_ids
    assert [one["body"] for one in seen(alice, room)] == ["一次", "一次"]


def test_it_goes_on_after_the_parts_that_went(peer: MatrixPeer, alice: User, room: str) -> None:
    segments = (Text("一"), Image(file="cat", name="猫.png"), Text("二"))
    one = connector(peer, read=KEPT.__getitem__)
    outcome = one.send(out(room, *segments, done=("$first:hutong.test",)))
    assert outcome.message_ids[0] == "$first:hutong.test"
    assert [said["body"] for said in seen(alice, room)] == ["猫.png", "二"]


def test_a_limit_in_the_middle_says_what_went_and_how_long_to_wait(peer: MatrixPeer, alice: User, room: str) -> None:
    one = connector(peer)
    elsewhere = peer.bot.room()
    peer.server.slow_down(peer.bot, to=1)
    until_limited(peer.bot, elsewhere)
    with pytest.raises(RetryLater) as raised:
        one.send(out(room, Text("慢"), done=()))
    assert raised.value.after_seconds is not None
    assert 0 < raised.value.after_seconds <= 1
    assert (raised.value.scope, raised.value.done) == ("account", ())
    check_sentences(raised.value, [peer.bot.token])
    peer.server.slow_down(peer.bot, to=None)
    one.send(out(room, Text("慢")))
    assert [said["body"] for said in seen(alice, room)] == ["慢"]


def refused(peer: MatrixPeer, room: str, *segments: Segment, **settings: Any) -> Refused:
    before = peer.alice.messages(room)
    with pytest.raises(Refused) as raised:
        connector(peer, read=KEPT.__getitem__, **settings).send(out(room, *(segments or (Text("不会到"),))))
    assert peer.alice.messages(room) == before
    check_sentences(raised.value, [peer.bot.token])
    return raised.value


@pytest.mark.parametrize(("act", "says"), [("kick", "Invite it again."), ("ban", "lift the ban")])
def test_a_bot_that_was_removed(peer: MatrixPeer, alice: User, room: str, act: str, says: str) -> None:
    alice.act(room, act, user_id=peer.bot.id)
    error = refused(peer, room)
    assert error.reason == "removed"
    assert says in error.en


def test_a_bot_that_may_not_speak(peer: MatrixPeer, alice: User, room: str) -> None:
    there = alice.call("GET", f"{CLIENT}/rooms/{quote(room)}/state/m.room.power_levels/")
    alice.state(room, "m.room.power_levels", {**there, "events_default": 50})
    assert refused(peer, room).reason == "muted"


def test_a_room_that_moved(peer: MatrixPeer, alice: User, room: str) -> None:
    successor = alice.call("POST", f"{CLIENT}/rooms/{quote(room)}/upgrade", {"new_version": "11"})["replacement_room"]
    error = refused(peer, room)
    assert error.reason == "chat_moved"
    assert successor in error.zh
    assert successor in error.en


def test_a_room_that_never_was(peer: MatrixPeer) -> None:
    with pytest.raises(Refused) as raised:
        connector(peer).send(out("!nowhere:hutong.test", Text("喂")))
    assert raised.value.reason == "removed"


def test_an_encrypted_room_is_left_alone_unless_somebody_wants_it(peer: MatrixPeer, alice: User, room: str) -> None:
    alice.state(room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    assert "encrypted" in refused(peer, room).en
    connector(peer, send_in_encrypted=True).send(out(room, Text("明文")))
    assert [said["body"] for said in seen(alice, room)] == ["明文"]


def test_somebody_is_written_to_directly_in_one_room_until_they_leave(peer: MatrixPeer, bob: User) -> None:
    assert MatrixConnector.manifest.capabilities.opens_dm
    connector(peer).send(out(bob.id, Text("欢迎"), key="k-1"))
    (room,) = bob.call("GET", f"{CLIENT}/sync", timeout=1)["rooms"]["invite"]
    connector(peer).send(out(bob.id, Text("还没看？"), key="k-2"))
    bob.act(room, "join")
    assert [said["body"] for said in seen(bob, room)] == ["欢迎", "还没看？"]
    assert {chat.id: chat.kind for chat in connector(peer).chats()} == {peer.room_id: "group", room: "dm"}
    bob.act(room, "leave")
    with pytest.raises(Refused) as raised:
        connector(peer).send(out(bob.id, Text("在吗"), key="k-3"))
    assert raised.value.reason == "blocked"
    check_sentences(raised.value, [peer.bot.token])
    assert set(bob.call("GET", f"{CLIENT}/sync", timeout=2)["rooms"].get("invite", {})) == set()


def test_what_is_too_large(peer: MatrixPeer, alice: User, room: str) -> None:
    assert refused(peer, room, Text("字" * 25_000)).reason == "too_large"
    assert refused(peer, room, File(file="big", name="大.bin")).reason == "too_large"
    outcome = connector(peer, read=KEPT.__getitem__).send(out(room, Text("附件"), File(file="big", name="大.bin"), key="k-3"))
    assert (outcome.state, len(outcome.message_ids)) == ("partial", 1)
    assert "大.bin" in outcome.zh
    assert "200,001" in outcome.en
    assert [said["body"] for said in seen(alice, room)] == ["附件"]


def test_a_long_text_with_names_keeps_the_names_without_links(peer: MatrixPeer, alice: User, room: str) -> None:
    connector(peer).send(out(room, Mention(alice.id, "Alice"), Text("字" * 15_000)))
    (one,) = seen(alice, room)
    assert (one["body"], one["m.mentions"]) == ("Alice" + "字" * 15_000, {"user_ids": [alice.id]})
    assert "formatted_body" not in one


def test_nothing_to_say(peer: MatrixPeer, room: str) -> None:
    assert refused(peer, room, Text(" ")).reason == "content"
    assert refused(peer, room, Image(name="空")).reason == "content"


def test_a_token_revoked_calls_a_person(peer: MatrixPeer, room: str) -> None:
    peer.bot.call("POST", f"{CLIENT}/logout", {})
    with pytest.raises(NeedsReconnect, match="M_UNKNOWN_TOKEN"):
        connector(peer).send(out(room, Text("喂")))


def test_an_account_that_was_deactivated_calls_a_person(peer: MatrixPeer, room: str) -> None:
    peer.server.admin.call("POST", f"/_synapse/admin/v1/deactivate/{quote(peer.bot.id)}", {"erase": False})
    with pytest.raises(NeedsReconnect):
        connector(peer).send(out(room, Text("喂")))


def test_a_server_that_is_away_is_tried_again(peer: MatrixPeer, room: str) -> None:
    with pytest.raises(Unreachable):
        connector(peer, homeserver="http://127.0.0.1:9").send(out(room, Text("喂")))
