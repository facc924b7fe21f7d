"""What people do, as events: through the webhook's door, with what it refuses."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from hutong.channels.contract import CALLBACK_BYTES_MAX, Chat, File, Image, Inbound, LinkCard, Mention, Person, Quote, Refused, Text
from hutong.connectors.telegram.connector import TelegramConnector
from hutong.connectors.telegram.names import chat_number
from hutong.connectors.telegram.wire import ALLOWED_UPDATES
from tests.connectors.contract import check_sentences, made
from tests.connectors.telegram.peer import SECRET, XIAOHONG, Peer, callback, start

AMING, BOT = 6, 42
XIAO, MING = Person("user5", "小红"), Person("user6", "阿明")


@pytest.fixture
def peer() -> Iterator[Peer]:
    with start() as started:
        started.world.allowed = set(ALLOWED_UPDATES)
        started.world.person(AMING, "阿明")
        started.world.now = lambda: 1_764_201_600.5
        yield started


def heard(peer: Peer) -> list[Inbound]:
    """The events of all that waits, each update by the webhook."""
    one = made(TelegramConnector, peer)
    requests = [callback(json.dumps(update).encode(), query={"bot": "HutongBot"}) for update in peer.world.updates]
    peer.world.updates.clear()
    return [msgspec.structs.replace(event, raw={}) for request in requests for event in one.receive(request).events]


def only(peer: Peer) -> Inbound:
    (event,) = heard(peer)
    return event


# --- messages -----------------------------------------------------------------------


def test_a_message_names_people_chats_and_itself_as_an_export_does(peer: Peer) -> None:
    peer.world.say(peer.group, XIAOHONG, "早")
    event = only(peer)
    assert (event.chat, event.actor, event.occurred_at_ms) == (Chat("7", "group", "早餐铺子"), XIAO, 1_764_201_600_000)
    assert event.message is not None
    assert (event.message.id, event.message.text, event.message.segments) == ("1", "早", (Text("早"),))


@pytest.mark.parametrize(
    ("number", "kind", "name"), [(-1_000_000_000_007, "supergroup", "7"), (-9, "group", "chat9"), (5, "private", "user5"), (-1_001_234_567_890, "channel", "1234567890")]
)  # fmt: skip
def test_the_name_of_a_chat_leads_back_to_it(peer: Peer, number: int, kind: str, name: str) -> None:
    chat = peer.world.private(5) if kind == "private" else peer.world.chat(number, kind, "群")
    peer.world.say(chat, XIAOHONG, "早")
    event = only(peer)
    assert event.chat is not None
    assert event.chat.id == name
    assert event.chat.kind == {"private": "dm", "channel": "channel"}.get(kind, "group")
    assert chat_number(event.chat) == number


@pytest.mark.parametrize("name", ["", "早餐", "user", "-", "user0", "chat-9", "7 8", "９", "1" * 30, "room!abc:example.org"])
def test_a_name_of_another_platform_is_refused(name: str) -> None:
    with pytest.raises(Refused) as caught:
        chat_number(Chat(name))
    assert caught.value.reason == "chat_gone"
    check_sentences(caught.value, [])


def test_numbers_as_the_bot_api_and_the_export_write_them_are_taken() -> None:
    assert [chat_number(chat) for chat in (Chat("-1000000000007"), Chat("-9"), Chat("7"), Chat("channel7"), Chat("5", "dm"), Chat("user5"))] == [
        -1_000_000_000_007, -9, -1_000_000_000_007, -1_000_000_000_007, 5, 5,
    ]  # fmt: skip


MEDIA: list[tuple[dict[str, Any], list[Any], str]] = [
    ({"photo": [{"file_size": 1}, {"file_size": 9}], "caption": "图"}, [Image(size_bytes=9, content_type="image/jpeg"), Text("图")], "图"),
    ({"document": {"file_name": "a.pdf", "mime_type": "application/pdf", "file_size": 4}}, [File(name="a.pdf", content_type="application/pdf", size_bytes=4)], ""),
    ({"document": {"file_name": "a.png", "mime_type": "image/png"}}, [Image(name="a.png", content_type="image/png")], ""),
    ({"document": {"file_name": "a.mp4", "mime_type": "video/mp4"}}, [File(type="video", name="a.mp4", content_type="video/mp4")], ""),
    ({"animation": {"file_name": "x.mp4"}, "document": {"file_name": "x.mp4"}}, [File(type="video", name="x.mp4")], ""),
    ({"voice": {"mime_type": "audio/ogg", "file_size": 7}}, [File(type="audio", content_type="audio/ogg", size_bytes=7)], ""),
    ({"audio": {"title": "歌"}}, [File(type="audio", name="歌")], ""),
    ({"video": {"file_name": "v.mp4"}}, [File(type="video", name="v.mp4")], ""),
    ({"video_note": {}}, [File(type="video")], ""),
    ({"sticker": {"emoji": "🐱"}}, [File(type="sticker", name="🐱")], ""),
    ({"location": {"latitude": 1.5, "longitude": 2.5}}, [File(type="location")], ""),
    ({"venue": {"title": "早餐铺"}, "location": {"latitude": 1.5, "longitude": 2.5}}, [File(type="location", name="早餐铺")], ""),
    ({"contact": {"first_name": "小", "last_name": "刚", "phone_number": "1"}}, [File(type="contact", name="小 刚")], ""),
    ({"poll": {"question": "几点？"}}, [File(type="poll", name="几点？")], ""),
    ({"dice": {"emoji": "🎲", "value": 3}}, [Text("🎲")], "🎲"),
    ({"story": {"id": 3}}, [File(type="card", name="story")], ""),
    ({"text": "@all 早"}, [Text("@all 早")], "@all 早"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "segments", "text"), MEDIA, ids=lambda one: next(iter(one)) if isinstance(one, dict) else "")
def test_whatever_is_posted_is_shown(peer: Peer, what: dict[str, Any], segments: list[Any], text: str) -> None:
    peer.world.say(peer.group, XIAOHONG, **what)
    event = only(peer)
    assert event.message is not None
    assert (event.type, list(event.message.segments), event.message.text) == ("message.new", segments, text)


def test_people_called_and_links_stand_where_they_are_said(peer: Peer) -> None:
    text = "👩‍👩‍👧问阿明，看菜单 https://example.org 吧"
    units = lambda until: len(text[: text.index(until)].encode("utf-16-le")) // 2  # noqa: E731
    entities = [
        {"type": "text_mention", "offset": units("阿明"), "length": 2, "user": peer.world.people[AMING]},
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "text_link", "offset": units("菜单"), "length": 2, "url": "https://example.com/m"},
        {"type": "url", "offset": units("https"), "length": 19},
        {"type": "url", "offset": 9_000, "length": 3},
    ]
    peer.world.say(peer.group, XIAOHONG, text, entities=entities)
    event = only(peer)
    assert event.message is not None
    assert event.message.text == text
    assert event.message.segments == (
        Text("👩‍👩‍👧问"), Mention("user6", "阿明"), Text("，看"), LinkCard("https://example.com/m", "菜单"), Text(" "),
        LinkCard("https://example.org"), Text(" 吧"),
    )  # fmt: skip


def test_the_bot_knows_when_it_is_spoken_to(peer: Peer) -> None:
    world, group = peer.world, peer.group
    called = {"type": "text_mention", "offset": 0, "length": 2, "user": world.me}
    mine = world._message(group, BOT, None, {"text": "我在"})
    hers = world._message(group, XIAOHONG, None, {"text": "早"})
    cases = [
        ("@hutongbot 早", {"entities": [{"type": "mention", "offset": 0, "length": 10}]}, True),
        ("/help@HutongBot", {"entities": [{"type": "bot_command", "offset": 0, "length": 15}]}, True),
        ("胡同早", {"entities": [called]}, True),
        ("好", {"reply_to_message": mine}, True),
        ("@HutongBotto 早", {"entities": [{"type": "mention", "offset": 0, "length": 12}]}, False),
        ("好", {"reply_to_message": hers}, False),
        ("/help", {"entities": [{"type": "bot_command", "offset": 0, "length": 5}]}, False),
    ]
    for text, more, _ in cases:
        world.say(group, AMING, text, **more)
    assert [(event.message.text, event.message.mentions_bot) for event in heard(peer) if event.message] == [(text, is_to) for text, _, is_to in cases]


def test_answers_and_topics_are_told_apart(peer: Peer) -> None:
    opened = peer.world._message(peer.group, XIAOHONG, None, {"forum_topic_created": {"name": "菜单", "icon_color": 1}})
    topic = {"message_thread_id": opened["message_id"], "is_topic_message": True}
    first = peer.world.say(peer.group, XIAOHONG, "在话题里", reply_to_message=opened, **topic)
    peer.world.say(peer.group, AMING, "回她", reply_to_message=first, **topic)
    peer.world.say(peer.group, AMING, "不在话题里", reply_to_message=first, message_thread_id=first["message_id"])
    found = [(event.thread, event.message.reply_to, event.message.segments[0]) for event in heard(peer) if event.message]
    assert found == [("1", "", Text("在话题里")), ("1", "2", Quote("2")), ("", "2", Quote("2"))]


def test_an_edit_says_what_it_replaces_and_each_edit_is_one(peer: Peer) -> None:
    said = peer.world.say(peer.group, XIAOHONG, "早")
    peer.world.edit(peer.group, said["message_id"], "早上好")
    peer.world.edit(peer.group, said["message_id"], "晚上好")
    _, first, second = heard(peer)
    assert [(one.type, one.message.id, one.message.edit_of, one.message.text) for one in (first, second) if one.message] == [
        ("message.edited", "1", "1", "早上好"), ("message.edited", "1", "1", "晚上好"),
    ]  # fmt: skip
    assert first.dedupe_key != second.dedupe_key


def test_a_deletion_is_never_told_and_the_manifest_says_so(peer: Peer) -> None:
    said = peer.world.say(peer.group, XIAOHONG, "早")
    heard(peer)
    peer.world.delete(peer.group, said["message_id"])
    assert heard(peer) == []
    assert TelegramConnector.manifest.capabilities.sees_recall is False


def test_unnamed_administrators_channels_and_bots_are_not_mistaken_for_people(peer: Peer) -> None:
    world = peer.world
    world.say(peer.group, None, "匿名", as_chat=peer.group)
    channel = world.chat(-1_000_000_000_008, "channel", "日报", bot="administrator")
    world.say(channel, None, "早报")
    world.say(peer.group, None, "频道身份", as_chat=channel)
    world.person(77, "天气", is_bot=True)
    world.say(peer.group, 77, "晴")
    world.say(peer.group, BOT, "我说的")
    assert [event.actor for event in heard(peer)] == [
        Person("channel7", "早餐铺子"), Person("channel8", "日报"), Person("channel8", "日报"), Person("user77", "天气", is_bot=True),
        Person("user42", "胡同", is_bot=True, is_self=True),
    ]  # fmt: skip


def test_reactions_put_and_taken_are_told_one_by_one(peer: Peer) -> None:
    heart, cat = {"type": "emoji", "emoji": "❤"}, {"type": "custom_emoji", "custom_emoji_id": "99"}
    peer.world.react(peer.group, AMING, 3, [heart], [cat, {"type": "paid"}])
    found = [(event.type, event.actor, event.target_id, event.reaction) for event in heard(peer)]
    assert found == [("reaction.added", MING, "3", "99"), ("reaction.added", MING, "3", "paid"), ("reaction.removed", MING, "3", "❤")]


def test_a_pressed_button_is_told_and_acknowledged_in_the_answer(peer: Peer) -> None:
    said = peer.world._message(peer.group, BOT, None, {"text": "报名？"})
    peer.world.press(peer.group, AMING, said["message_id"], "signup:1", query="q9")
    answer = made(TelegramConnector, peer).receive(callback(json.dumps(peer.world.updates[0]).encode()))
    (event,) = answer.events
    assert (event.type, event.actor, event.target_id, event.reason, event.dedupe_key) == ("interaction", MING, "1", "signup:1", "interaction/q9")
    assert (json.loads(answer.body), answer.content_type) == ({"method": "answerCallbackQuery", "callback_query_id": "q9"}, "application/json")


# --- who comes and goes ------------------------------------------------------------


def test_members_come_change_and_go(peer: Peer) -> None:
    world, group = peer.world, peer.group
    link = {
        "invite_link": "https://t.me/+Ab…",
        "name": "海报",
        "creator": world.me,
        "creates_join_request": False,
        "is_primary": False,
        "is_revoked": False,
    }
    steps: list[tuple[int, str, dict[str, Any], dict[str, Any]]] = [
        (AMING, "member", {}, {"invite_link": link}),
        (XIAOHONG, "administrator", {"custom_title": "店长"}, {}),
        (XIAOHONG, "restricted", {}, {}),
        (XIAOHONG, "restricted", {}, {}),  # the same again, with another end
        (AMING, "left", {}, {}),
        (XIAOHONG, "member", {}, {}),
        (XIAOHONG, "left", {}, {}),
        (XIAOHONG, "kicked", {}, {}),
        (XIAOHONG, "left", {}, {}),
        (XIAOHONG, "restricted", {}, {}),
        (XIAOHONG, "kicked", {}, {}),
        (XIAOHONG, "restricted", {"is_member": False}, {}),
    ]
    for by, status, more, told in steps:
        world.change(group, by, AMING, world.standing(AMING, status, **more), **told)
    found = [
        (event.type, event.reason, event.operator.id if event.operator else "", event.source.scene if event.source else "") for event in heard(peer)
    ]
    assert found == [
        ("member.joined", "", "", "link"),
        ("member.role_changed", "administrator: 店长", "user5", ""),
        ("member.role_changed", "muted", "user5", ""),
        ("member.left", "", "", ""),
        ("member.joined", "", "user5", "invite"),
        ("member.kicked", "", "user5", ""),
        ("member.banned", "", "user5", ""),
        ("member.unbanned", "", "user5", ""),
        ("member.joined", "", "user5", "invite"),
        ("member.banned", "", "user5", ""),
        ("member.unbanned", "", "user5", ""),
    ]


def test_where_the_bot_is_no_administrator_the_lines_of_the_chat_tell(peer: Peer) -> None:
    world = peer.world
    small = world.chat(-9, "group", "早餐", people=(XIAOHONG,))
    world.change(small, AMING, AMING, world.standing(AMING, "member"), has_line=True)
    world.change(small, XIAOHONG, AMING, world.standing(AMING, "kicked"), has_line=True)
    world.change(small, XIAOHONG, XIAOHONG, world.standing(XIAOHONG, "left"), has_line=True)
    joined, kicked, left = heard(peer)
    assert [(one.type, one.subject, one.operator, one.message.id if one.message else "") for one in (joined, kicked, left)] == [
        ("member.joined", MING, None, "1"), ("member.kicked", MING, XIAO, "2"), ("member.left", XIAO, None, "3"),
    ]  # fmt: skip


def test_coming_and_going_told_twice_has_one_key(peer: Peer) -> None:
    world = peer.world
    world.change(peer.group, AMING, AMING, world.standing(AMING, "member"), has_line=True)
    world.change(peer.group, XIAOHONG, AMING, world.standing(AMING, "kicked"), has_line=True)
    keys = [event.dedupe_key for event in heard(peer)]
    assert keys == ["joined/7/user6/1764201600"] * 2 + ["gone/7/user6/1764201600"] * 2


def test_several_who_were_added_are_each_told_with_historys_ids(peer: Peer) -> None:
    peer.world.line(peer.group, XIAOHONG, new_chat_members=[peer.world.people[AMING], peer.world.person(8, "小刚"), peer.world.me])
    first, second, me = heard(peer)
    assert [(one.message.id, one.subject.id) for one in (first, second) if one.message and one.subject] == [("1:0", "user6"), ("1:1", "user8")]
    assert (me.type, me.subject) == ("bot.added", Person("user42", "胡同", is_bot=True, is_self=True))


def test_requests_to_join_carry_the_way(peer: Peer) -> None:
    peer.world.ask_in(peer.group, AMING)
    event = only(peer)
    assert (event.type, event.actor, event.source.state if event.source else "") == ("join.requested", MING, "海报")


def test_the_bots_own_place_in_groups_and_with_people(peer: Peer) -> None:
    world, group, private = peer.world, peer.group, peer.world.private(XIAOHONG)
    for status, more in (("restricted", {}), ("member", {}), ("administrator", {}), ("left", {}), ("member", {}), ("kicked", {})):
        world.change(group, AMING, BOT, world.standing(BOT, status, **more))
    channel = world.chat(-1_000_000_000_008, "channel", "日报", bot="")
    world.change(channel, AMING, BOT, world.standing(BOT, "administrator", can_post_messages=False))
    world.change(private, XIAOHONG, BOT, world.standing(BOT, "kicked"))
    world.change(private, XIAOHONG, BOT, world.standing(BOT, "member"))
    assert [(event.type, event.chat.id, event.reason) for event in heard(peer) if event.chat] == [
        ("bot.muted", "7", ""), ("bot.added", "7", ""), ("member.role_changed", "7", "administrator"), ("bot.removed", "7", "left"),
        ("bot.added", "7", ""), ("bot.removed", "7", "kicked"), ("bot.muted", "8", ""), ("contact.removed", "user5", ""), ("contact.added", "user5", ""),
    ]  # fmt: skip


def test_a_group_that_moved_is_told_once_and_a_new_title_is_heard(peer: Peer) -> None:
    small = peer.world.chat(-9, "group", "早餐", people=(AMING,))
    peer.world.line(small, AMING, group_chat_created=True)
    peer.world.line(small, AMING, new_chat_title="早餐铺")
    new = peer.world.migrate(small, AMING)
    peer.world.line(new, AMING, pinned_message={"message_id": 1, "chat": new.shown(), "date": 0})
    created, titled, before, after = heard(peer)
    assert (created.type, titled.type) == ("chat.created", "chat.updated")
    assert (before.type, before.chat, before.target_id) == ("chat.updated", Chat("chat9", "group", "早餐"), "5000009")
    assert (after.chat, after.target_id, after.dedupe_key) == (before.chat, before.target_id, before.dedupe_key)


# --- at the door ------------------------------------------------------------------


def test_repeated_and_reordered_callbacks_give_the_same_events(peer: Peer) -> None:
    world = peer.world
    for index in range(5):
        said = world.say(peer.group, XIAOHONG, f"第 {index} 条")
        world.edit(peer.group, said["message_id"], "改")
        world.react(peer.group, AMING, said["message_id"], [], [{"type": "emoji", "emoji": "👍"}])
    requests = [callback(json.dumps(update).encode()) for update in world.updates]
    expected = {event.dedupe_key: event for request in requests for event in made(TelegramConnector, peer).receive(request).events}
    assert len(expected) == 15
    order = random.Random(7)
    for repeats in range(1, 6):
        mixed = requests * repeats
        order.shuffle(mixed)
        found: dict[str, Inbound] = {}
        for event in itertools.chain.from_iterable(made(TelegramConnector, peer).receive(request).events for request in mixed):
            assert found.setdefault(event.dedupe_key, event) == event
        assert found == expected


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"message": {}}', b'{"update_id": "1"}', b"\xff\xfe", b"[" * 100_000, b'{"update_id": true}']
)
def test_what_is_no_update_is_refused(peer: Peer, body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        made(TelegramConnector, peer).receive(callback(body))
    assert caught.value.reason == "malformed"
    check_sentences(caught.value, [SECRET])


def test_ten_megabytes_are_refused_unread(peer: Peer) -> None:
    one = made(TelegramConnector, peer)
    for body in (b"x" * 10_000_000, json.dumps({"update_id": 1, "message": {"text": "长" * CALLBACK_BYTES_MAX}}).encode()):
        with pytest.raises(Refused) as caught:
            one.receive(callback(body))
        assert caught.value.reason == "too_large"
        check_sentences(caught.value, [SECRET])


@pytest.mark.parametrize(
    "update",
    [{"message": {"text": 5}}, {"message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "from": "me"}}, {"purchased_paid_media": {}}, {}],
)
def test_an_update_nobody_can_read_holds_up_nothing(peer: Peer, update: dict[str, Any]) -> None:
    answer = made(TelegramConnector, peer).receive(callback(json.dumps({"update_id": 1, **update}).encode()))
    assert (answer.status, answer.events) == (200, ())


def test_without_a_secret_nothing_is_taken(peer: Peer) -> None:
    one = made(TelegramConnector, peer, {**peer.settings, "webhook_secret": ""})
    with pytest.raises(Refused) as caught:
        one.receive(callback(peer.callback("早").body, secret=""))
    assert caught.value.reason == "forged"
