"""What people write in a room, as the connector tells it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hutong.channels.contract import Chat, File, Image, Inbound, Mention, Message, Person, Quote, Text
from hutong.connectors.matrix.events import read
from hutong.connectors.matrix.rooms import Rooms
from hutong.foundation import clock
from tests.connectors.matrix.hearing import Ear
from tests.connectors.matrix.synapse import User

IMAGE = {"msgtype": "m.image", "url": "mxc://hutong.test/abc", "info": {"mimetype": "image/png", "size": 9}}


def said(event: Inbound) -> Message:
    assert event.message is not None
    return event.message


def test_a_message_names_room_person_and_ids_as_history_does(ear: Ear, bob: User, room: str) -> None:
    ear.hear(1)  # bob came
    event_id = bob.say(room, "大家好\n<b>第二行</b>")
    (event,) = ear.hear(1)
    assert (event.type, event.dedupe_key, event.chat) == ("message.new", event_id, Chat(id=room, kind="group", name="胡同口"))
    assert event.actor == Person(id=bob.id, name="小波")
    assert said(event) == Message(id=event_id, text="大家好\n<b>第二行</b>", segments=(Text("大家好\n<b>第二行</b>"),))
    assert event.raw["event_id"] == event_id


@pytest.mark.parametrize(
    ("content", "segments", "text"),
    [
        ({**IMAGE, "body": "猫.png"}, (Image(url="mxc://hutong.test/abc", name="猫.png", content_type="image/png", size_bytes=9),), ""),
        (
            {**IMAGE, "body": "我的猫", "filename": "猫.png"},
            (Image(url="mxc://hutong.test/abc", name="猫.png", content_type="image/png", size_bytes=9), Text("我的猫")),
            "我的猫",
        ),
        ({"msgtype": "m.file", "body": "表.xlsx", "url": "mxc://hutong.test/f"}, (File(url="mxc://hutong.test/f", name="表.xlsx"),), ""),
        ({"msgtype": "m.video", "body": "v", "url": "mxc://hutong.test/v"}, (File(url="mxc://hutong.test/v", name="v", type="video"),), ""),
        ({"msgtype": "m.audio", "body": "a", "url": "mxc://hutong.test/a"}, (File(url="mxc://hutong.test/a", name="a", type="audio"),), ""),
        ({"msgtype": "m.location", "body": "门口", "geo_uri": "geo:1,2"}, (File(url="geo:1,2", name="门口", type="location"),), ""),
        ({"msgtype": "m.emote", "body": "挥手"}, (Text("挥手"),), "挥手"),
        ({"msgtype": "m.future", "body": "看得懂的话"}, (Text("看得懂的话"),), "看得懂的话"),
    ],
)
def test_kinds_of_messages(ear: Ear, alice: User, room: str, content: dict[str, Any], segments: tuple[object, ...], text: str) -> None:
    alice.emit(room, "m.room.message", content)
    (event,) = ear.hear(1)
    assert (event.type, said(event).segments, said(event).text) == ("message.new", segments, text)


def test_stickers_and_polls(ear: Ear, alice: User, room: str) -> None:
    alice.emit(room, "m.sticker", {"body": "笑", "url": "mxc://hutong.test/s", "info": {"mimetype": "image/webp"}})
    alice.emit(room, "m.poll.start", {"m.poll": {"question": {"m.text": [{"body": "周六来吗？"}]}, "answers": []}})
    sticker, poll = ear.hear(2)
    assert said(sticker).segments == (File(url="mxc://hutong.test/s", name="笑", content_type="image/webp", type="sticker"),)
    assert (said(poll).text, said(poll).segments[0]) == ("周六来吗？", File(name="周六来吗？", type="poll"))


def test_notices_are_of_bots(ear: Ear, alice: User, room: str) -> None:
    alice.emit(room, "m.room.message", {"msgtype": "m.notice", "body": "构建完成"})
    (event,) = ear.hear(1)
    assert event.actor is not None
    assert (event.type, event.actor.is_bot, event.actor.is_self) == ("message.new", True, False)


def test_own_messages_are_marked(ear: Ear, room: str) -> None:
    ear.peer.bot.say(room, "我说的")
    (event,) = ear.hear(1)
    assert event.actor is not None
    assert (event.actor.id, event.actor.is_self, said(event).text) == (ear.peer.bot.id, True, "我说的")


def test_answers_quote_and_fallbacks_are_left_out(ear: Ear, alice: User, room: str) -> None:
    first = alice.say(room, "几点？")
    alice.say(room, "> <@x:y> 几点？\n> 第二行\n\n八点", **{"m.relates_to": {"m.in_reply_to": {"event_id": first}}})
    _, event = ear.hear(2)
    assert (said(event).reply_to, said(event).text, said(event).segments) == (first, "八点", (Quote(first), Text("八点")))


def test_threads(ear: Ear, alice: User, room: str) -> None:
    root = alice.say(room, "话题")
    relates = {"rel_type": "m.thread", "event_id": root, "is_falling_back": True, "m.in_reply_to": {"event_id": root}}
    inside = alice.say(room, "里面", **{"m.relates_to": relates})
    alice.say(room, "回里面", **{"m.relates_to": {**relates, "is_falling_back": False, "m.in_reply_to": {"event_id": inside}}})
    told = ear.hear(3)
    assert [(one.thread, said(one).reply_to) for one in told] == [("", ""), (root, ""), (root, inside)]


def test_who_is_called(ear: Ear, alice: User, bob: User, room: str) -> None:
    ear.hear(1)
    me = ear.peer.bot.id
    alice.say(
        room,
        "小波: 你和 机器人 来",
        format="org.matrix.custom.html",
        formatted_body=f'<a href="https://matrix.to/#/{bob.id}">小波</a>: 你和 <a href="https://matrix.to/#/{me}">机器人</a> 来',
        **{"m.mentions": {"user_ids": [bob.id, me]}},
    )
    alice.say(room, f"{bob.id} 来", **{"m.mentions": {"user_ids": [bob.id]}})
    alice.say(room, "@room 开会", **{"m.mentions": {"room": True}})
    alice.say(room, "机器人", format="org.matrix.custom.html", formatted_body=f'<a href="https://matrix.to/#/{me.replace("@", "%40")}">机器人</a>')
    alice.say(room, "提到名字而已", format="org.matrix.custom.html", formatted_body=f'<a href="https://matrix.to/#/{me}">x</a>', **{"m.mentions": {}})
    told = [said(one) for one in ear.hear(5)]
    assert [one.mentions_bot for one in told] == [True, False, False, True, False]
    assert told[0].segments == (Mention(bob.id, "小波"), Text(": 你和 "), Mention(me, "机器人"), Text(" 来"))
    assert told[0].text == "小波: 你和 机器人 来"
    assert told[1].segments == (Mention(bob.id, bob.id), Text(" 来"))
    assert told[2].segments == (Mention("", "@room"), Text(" 开会"))


def test_edits_replace_and_only_by_who_wrote(ear: Ear, alice: User, bob: User, room: str) -> None:
    ear.hear(1)
    first = alice.say(room, "八点见")
    ear.hear(1)
    ear.restart()
    change = {"m.relates_to": {"rel_type": "m.replace", "event_id": first}, "m.new_content": {"msgtype": "m.text", "body": "九点见"}}
    edit = alice.say(room, "* 九点见", **change)
    bob.say(room, "* 冒充", **change)
    bob.say(room, "完")
    told = ear.hear(2)
    assert [one.type for one in told] == ["message.edited", "message.new"]
    assert said(told[0]) == Message(id=edit, text="九点见", segments=(Text("九点见"),), edit_of=first)


def test_recalls_tell_which_and_by_whom(ear: Ear, alice: User, bob: User, room: str) -> None:
    ear.hear(1)
    own, other = bob.say(room, "说错了"), bob.say(room, "广告")
    ear.hear(2)
    ear.restart()
    bob.redact(room, own)
    alice.redact(room, other, reason="广告")
    told = ear.hear(2)
    assert [(one.type, one.target_id, one.reason) for one in told] == [("message.deleted", own, ""), ("message.deleted", other, "广告")]
    assert [(one.actor.id, one.subject.id) for one in told if one.actor and one.subject] == [(bob.id, bob.id), (alice.id, bob.id)]


def test_what_is_recalled_before_we_see_it_was_said_and_recalled(ear: Ear, alice: User, room: str) -> None:
    event_id = alice.say(room, "手滑")
    alice.redact(room, event_id)
    new, gone = ear.hear(2)
    assert (new.type, said(new).id, said(new).text, gone.type, gone.target_id) == ("message.new", event_id, "", "message.deleted", event_id)


def test_reactions_come_and_go(ear: Ear, alice: User, bob: User, room: str) -> None:
    ear.hear(1)
    event_id = alice.say(room, "好消息")
    reaction = bob.emit(room, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": event_id, "key": "👍"}})
    ear.hear(2)
    bob.redact(room, reaction)
    (gone,) = ear.hear(1)
    assert (gone.type, gone.target_id, gone.reaction, gone.actor, gone.operator) == ("reaction.removed", event_id, "👍", Person(bob.id, "小波"), None)


def test_a_reaction_added(ear: Ear, alice: User, room: str) -> None:
    event_id = alice.say(room, "好消息")
    alice.emit(room, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": event_id, "key": "🎉"}})
    _, event = ear.hear(2)
    assert (event.type, event.target_id, event.reaction) == ("reaction.added", event_id, "🎉")


def test_encrypted_rooms_tell_who_and_when_but_not_what(ear: Ear, alice: User, room: str) -> None:
    alice.state(room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    alice.emit(
        room,
        "m.room.encrypted",
        {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEn", "session_id": "s", "sender_key": "k", "device_id": "D"},
    )
    on, event = ear.hear(2)
    assert (on.type, on.reason) == ("chat.updated", "encrypted")
    assert (event.type, event.reason, said(event).text, said(event).segments) == ("message.new", "encrypted", "", ())


ODD: list[Any] = [
    None,
    7,
    "?",
    [],
    [1],
    {},
    {"event_id": {"a": 1}, "rel_type": "m.replace"},
    {"rel_type": ["m.thread"]},
    {"user_ids": [None, 5], "room": "yes"},
]
FIELDS = (
    "msgtype",
    "body",
    "filename",
    "info",
    "url",
    "file",
    "m.relates_to",
    "m.mentions",
    "m.new_content",
    "format",
    "formatted_body",
    "users",
    "membership",
)
KINDS = ("m.room.message", "m.sticker", "m.poll.start", "m.room.encrypted", "m.reaction", "m.room.redaction", "m.room.member", "m.room.name", "m.room.tombstone",
         "m.room.power_levels", "m.room.encryption", "m.unknown")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_other_servers_let_through_does_no_harm(ear: Ear, room: str, kind: str) -> None:
    """Synapse refuses most of these from its own people; those of other servers reach a room by federation."""
    rooms = Rooms(ear.one._api)
    rooms.learn_whole(room, [], {})
    plain = {"msgtype": "m.text", "body": "x", "format": "org.matrix.custom.html", "formatted_body": "<a href=x>"}
    contents: list[Any] = [*ODD, *({**plain, name: odd} for name in FIELDS for odd in ODD)]
    for content in contents:
        event = {
            "event_id": "$1",
            "sender": "@m:x",
            "type": kind,
            "state_key": "@m:x",
            "origin_server_ts": content,
            "content": content,
            "unsigned": content,
        }
        for told in read(room, event, rooms=rooms, me=ear.peer.bot.id):
            assert 0 < told.occurred_at_ms <= clock.now_ms()
            assert msgspec.json.decode(msgspec.json.encode(told), type=Inbound) == told
    for odd in ODD:
        if odd != "?":
            assert read(room, {"event_id": odd, "sender": odd, "type": kind, "content": plain}, rooms=rooms, me="@me:x") == []


def test_an_edit_of_nothing_is_a_message(ear: Ear, alice: User, room: str) -> None:
    alice.say(room, "* x", **{"m.relates_to": {"rel_type": "m.replace", "event_id": 5}, "m.new_content": 4})
    alice.say(room, "完")
    assert [(one.type, said(one).text) for one in ear.hear(2)] == [("message.new", "* x"), ("message.new", "完")]
