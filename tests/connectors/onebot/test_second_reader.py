"""nonebot's OneBot adapter as second reader: it understands what our stand-in tells, and would send what our connector sends."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from nonebot.adapters.onebot.v11 import Adapter, Bot, Message, MessageSegment
from nonebot.adapters.onebot.v11.event import Event, GroupMessageEvent, PrivateMessageEvent

from hutong.channels.contract import Chat, Image, Mention, Outgoing, Quote, Segment, Text
from hutong.connectors.onebot import reading, writing
from tests.connectors.contract import FOLDER
from tests.connectors.onebot.world import GROUP, ME, XIAOHONG, World

PICTURE = b"\x89PNG not really"


def theirs(event: dict[str, Any]) -> Event:
    found = Adapter.json_to_event(event)
    assert found is not None, event
    return found


def test_every_event_of_the_stand_in_is_one_of_theirs() -> None:
    world = World()
    told = [
        world.message("早"),
        world.message("早", group=None),
        world.message(message="[CQ:at,qq=1] 早&#91;"),
        world.heartbeat(),
        world.lifecycle(),
    ]
    assert [type(theirs(one)).__name__ for one in told] == [
        "GroupMessageEvent", "PrivateMessageEvent", "GroupMessageEvent", "HeartbeatMetaEvent", "LifecycleMetaEvent",
    ]  # fmt: skip


@pytest.mark.parametrize("path", sorted((FOLDER / "onebot" / "fixtures").glob("*.json")), ids=lambda path: path.stem)
def test_fixtures_are_read_alike(path: Any) -> None:
    event = json.loads(json.loads(path.read_text())["callback"]["body"])
    if event["post_type"] == "message_sent":
        return  # their adapter knows none
    found = theirs(event)
    ours = reading.read(reading.decoded(json.dumps(event)))
    if isinstance(found, (GroupMessageEvent, PrivateMessageEvent)):
        (one,) = ours
        assert one.message is not None
        assert one.actor is not None
        assert one.message.id == str(found.message_id)
        assert one.actor.id == str(found.user_id)
        assert "".join(part.text for part in one.message.segments if isinstance(part, Text) and part.text != "[表情]") == found.original_message.extract_plain_text()  # fmt: skip
    for one in ours:
        assert one.occurred_at_ms == found.time * 1000


class Recorder(Bot):
    """Their bot, noting what it would call."""

    def __init__(self) -> None:
        self.self_id = str(ME)
        self.called: list[dict[str, Any]] = []

    async def send_msg(self, **params: Any) -> Any:
        self.called.append(params)
        return {"message_id": 1}


def as_sent(message: Message) -> list[dict[str, Any]]:
    """Their segments on the wire, without the options they write out although they are the defaults."""
    options = ("cache", "proxy", "timeout", "type")
    return [{"type": one.type, "data": {name: value for name, value in one.data.items() if value is not None and name not in options}} for one in message]  # fmt: skip


@pytest.mark.parametrize("is_private", [False, True])
@pytest.mark.parametrize(
    ("segments", "message"),
    [
        ((Text("早[1] & 豆浆,油条"),), Message(MessageSegment.text("早[1] & 豆浆,油条"))),
        ((Text("看"), Image(file="f")), Message([MessageSegment.text("看"), MessageSegment.image(PICTURE)])),
    ],
)
def test_what_we_send_is_what_their_bot_sends(segments: tuple[Segment, ...], message: Message, is_private: bool) -> None:
    world = World()
    event = theirs(world.message("问", group=None if is_private else GROUP))
    bot = Recorder()
    asyncio.run(bot.send(event, message, at_sender=True, reply_message=True))
    chat = Chat(str(XIAOHONG), "dm") if is_private else Chat(str(GROUP))
    called = () if is_private else (Mention(str(XIAOHONG)),)
    outgoing = Outgoing(key="k", chat=chat, segments=(Quote(str(event.message_id)), *called, *segments))  # type: ignore[attr-defined]
    (ours,) = writing.calls(outgoing, lambda _: PICTURE)
    (params,) = bot.called
    assert ours.params["message"] == as_sent(params["message"])
    assert ours.params.get("group_id") == params.get("group_id")
    assert is_private == (ours.action == "send_private_msg")
    if is_private:
        assert ours.params["user_id"] == params["user_id"]


def test_everybody_is_called_as_they_do() -> None:
    outgoing = Outgoing(key="k", chat=Chat(str(GROUP)), segments=(Mention(""),))
    (ours,) = writing.calls(outgoing, lambda _: b"")
    assert ours.params["message"][0] == as_sent(Message(MessageSegment.at("all")))[0]
