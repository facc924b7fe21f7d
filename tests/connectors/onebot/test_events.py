"""What events become: both forms of a message, who did what to whom, and that nothing hostile gets further than a refusal."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nonebot.adapters.onebot.v11 import Message as TheirMessage

from hutong.channels.contract import File, Image, Link, LinkCard, Mention, Quote, Refused, Text
from hutong.connectors.onebot import reading, wire
from hutong.connectors.onebot.connector import OneBotConnector
from hutong.foundation.http import Egress
from tests.connectors.onebot.peer import SECRET, callback
from tests.connectors.onebot.world import GROUP, ME, XIAOHONG, World

SETTINGS = {"way": "http", "url": "http://127.0.0.1:1", "access_token": "t", "secret": SECRET}


def connector() -> OneBotConnector:
    return OneBotConnector(Link(account_id="a", settings=SETTINGS, http=Egress(), self_id=str(ME)))


def read(event: dict[str, Any]) -> Any:
    return connector().receive(callback(event)).events


PIECES = st.one_of(
    st.builds(lambda text: {"type": "text", "data": {"text": text}}, st.text(min_size=1, max_size=20)),
    st.builds(lambda n: {"type": "at", "data": {"qq": str(n)}}, st.integers(1, 10**10)),
    st.builds(lambda name: {"type": "image", "data": {"file": name}}, st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)),
)


@given(st.lists(PIECES, max_size=8))
def test_both_forms_of_a_message_are_the_same_message(pieces: list[dict[str, Any]]) -> None:
    joined: list[dict[str, Any]] = []
    for piece in pieces:  # a text with CQ codes cannot tell two texts side by side apart
        if joined and piece["type"] == joined[-1]["type"] == "text":
            joined[-1] = {"type": "text", "data": {"text": joined[-1]["data"]["text"] + piece["data"]["text"]}}
        else:
            joined.append(piece)
    text = "".join(
        wire.escaped(one["data"]["text"])
        if one["type"] == "text"
        else f"[CQ:{one['type']},{','.join(f'{name}={wire.escaped(value, is_value=True)}' for name, value in one['data'].items())}]"
        for one in joined
    )
    assert wire.parts(text) == wire.parts(joined)


@given(st.text(alphabet="[]CQ:at,=&amp;#91 qq图\n", max_size=60))
def test_text_with_codes_reads_as_in_nonebot(text: str) -> None:
    theirs = [(one.type, dict(one.data)) for one in TheirMessage(text)]
    ours = [(one.type, one.data) for one in wire.parts(text)]
    assert [one for one in ours if one[0] == "text"] == [one for one in theirs if one[0] == "text"]
    assert [kind for kind, _ in ours] == [kind for kind, _ in theirs]


def test_a_message_with_everything_in_it() -> None:
    world = World()
    pieces = [
        {"type": "reply", "data": {"id": "-17"}},
        {"type": "at", "data": {"qq": str(ME), "name": "早餐机器人"}},
        {"type": "text", "data": {"text": " 看这个"}},
        {"type": "image", "data": {"file": "a.png", "url": "https://example.com/a.png", "file_size": "12"}},
        {"type": "record", "data": {"file": "b.amr"}},
        {"type": "share", "data": {"url": "https://example.com", "title": "菜单"}},
        {"type": "face", "data": {"id": "14", "raw": {"faceText": "/微笑"}}},
        {"type": "hologram", "data": {}},
    ]
    (event,) = read(world.message(message=pieces))
    assert event.message.segments == (
        Quote("-17"),
        Mention(str(ME), "早餐机器人"),
        Text(" 看这个"),
        Image(url="https://example.com/a.png", name="a.png", size_bytes=12),
        File(name="b.amr", type="audio"),
        LinkCard("https://example.com", "菜单"),
        Text("/微笑"),
    )
    assert (event.message.text, event.message.reply_to, event.message.mentions_bot) == ("@早餐机器人 看这个菜单/微笑", "-17", True)
    assert (event.chat.id, event.actor.id, event.actor.name) == (str(GROUP), str(XIAOHONG), "红姐")


def test_repeated_and_reordered_is_the_same_and_two_pokes_are_two() -> None:
    world = World()
    poke = {"notice_type": "notify", "sub_type": "poke", "group_id": GROUP, "target_id": ME}
    told = [
        world.message("一"),
        world.message("二"),
        world.event("notice", **poke, user_id=XIAOHONG),
        world.event("notice", **poke, user_id=XIAOHONG + 1),
        world.event("notice", notice_type="group_increase", sub_type="approve", group_id=GROUP, user_id=XIAOHONG, operator_id=0),
        world.event("notice", notice_type="group_decrease", sub_type="leave", group_id=GROUP, user_id=XIAOHONG, operator_id=XIAOHONG),
    ]
    keys = [read(one)[0].dedupe_key for one in told]
    assert len(set(keys)) == 6
    assert [read(one)[0].dedupe_key for one in reversed(told)] == keys[::-1]


def test_a_friend_or_group_that_only_asks_is_no_chat_yet() -> None:
    world = World()
    for asked in ({"request_type": "friend"}, {"request_type": "group", "sub_type": "invite", "group_id": GROUP}):
        (event,) = read(world.event("request", user_id=XIAOHONG, flag="f", comment="", **asked))
        assert (event.type, event.chat) == ("interaction", None)


def test_another_accounts_callback_is_forged() -> None:
    with pytest.raises(Refused) as refused:
        connector().receive(callback(World().message("x"), number="999"))
    assert refused.value.reason == "forged"


def test_a_callback_of_10_mb_is_not_read() -> None:
    with pytest.raises(Refused) as refused:
        connector().receive(callback(json.dumps(World().message("长" * 4_000_000)).encode()))
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"post_type":5}', b'{"post_type":"tea"}', b'{"post_type":"message","message":[{"type":7}],"message_type":"group","group_id":1,"user_id":2,"message_id":3}',
     b'{"post_type":"notice","time":1e400}', b"[" * 100_000, b"\xff\xfe"],
)  # fmt: skip
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        connector().receive(callback(body))
    assert refused.value.reason == "malformed"


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=6), one, max_size=3), max_leaves=8)  # fmt: skip


FIELDS = ("message", "message_type", "notice_type", "sub_type", "user_id", "group_id", "sender", "message_id", "time", "likes", "file", "status")
KINDS = st.sampled_from(["message", "notice", "request", "meta_event"])


@given(st.fixed_dictionaries({"post_type": KINDS}, optional=dict.fromkeys(FIELDS, JSON)))
def test_whatever_comes_is_read_or_refused(event: dict[str, Any]) -> None:
    with contextlib.suppress(reading.NoEvent, reading.Offline):
        reading.read(reading.decoded(json.dumps(event)))
