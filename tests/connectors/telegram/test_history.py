"""A group whose history was imported and the same group live: people, messages, joins and reactions go by the same ids."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from hutong.channels.contract import Inbound
from hutong.connectors.telegram.connector import TelegramConnector
from hutong.imports.formats.contract import Options
from hutong.imports.formats.telegram import parse
from hutong.imports.records import Record
from hutong.imports.source import Source
from tests.connectors.contract import made
from tests.connectors.telegram.peer import XIAOHONG, Peer, start

AMING = 6
AT = 1_764_201_600
KINDS = {"message.new": "message", "member.joined": "join", "member.kicked": "leave", "reaction.added": "reaction"}


def live(peer: Peer) -> list[Inbound]:
    """The morning of the export, while a bot that administers the group listens."""
    world, group = peer.world, peer.group
    world.now = lambda: AT
    world.person(AMING, "阿明")
    world.person(8, "小刚")
    listening = made(TelegramConnector, peer).listen("", threading.Event())
    next(listening)
    world.change(group, AMING, AMING, world.standing(AMING, "member"), has_line=True)
    said = world.say(group, XIAOHONG, "早 https://example.org", entities=[{"type": "url", "offset": 2, "length": 19}])
    world.say(group, AMING, "早上好", reply_to_message=said)
    world.say(group, AMING, sticker={"emoji": "🐱"})
    world.react(group, AMING, said["message_id"], [], [{"type": "emoji", "emoji": "👍"}])
    world.say(group, None, "匿名", as_chat=group)
    world.change(group, XIAOHONG, 8, world.standing(8, "member"), has_line=True)
    return list(next(listening).events)


def export() -> dict[str, Any]:
    """What Telegram Desktop writes of it."""
    stamp = {"date": "2025-11-27T08:00:00", "date_unixtime": str(AT)}
    hong, ming = {"from": "小红", "from_id": "user5"}, {"from": "阿明", "from_id": "user6"}
    link = {"type": "link", "text": "https://example.org"}
    thumb = {"type": "emoji", "count": 1, "emoji": "👍", "recent": [{**ming, "date": "2025-11-27T08:00:00"}]}
    return {
        "name": "早餐铺子", "type": "private_supergroup", "id": 7,
        "messages": [
            {"id": 1, "type": "service", **stamp, "actor": "阿明", "actor_id": "user6", "action": "join_group_by_link", "inviter": "Group", "text": ""},
            {"id": 2, "type": "message", **stamp, **hong, "text": ["早 ", link], "text_entities": [{"type": "plain", "text": "早 "}, link], "reactions": [thumb]},
            {"id": 3, "type": "message", **stamp, **ming, "reply_to_message_id": 2, "text": "早上好", "text_entities": []},
            {"id": 4, "type": "message", **stamp, **ming, "text": "", "media_type": "sticker", "sticker_emoji": "🐱", "file": "(File not included.)"},
            {"id": 5, "type": "message", **stamp, "from": "早餐铺子", "from_id": "channel7", "text": "匿名", "text_entities": []},
            {"id": 6, "type": "service", **stamp, "actor": "小红", "actor_id": "user5", "action": "invite_members", "members": ["小刚"], "text": ""},
        ],
    }  # fmt: skip


def test_history_and_the_live_group_name_everything_alike(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(export()))
    records = [one for one in parse(Source.open(path), Options()) if isinstance(one, Record)]
    told = {
        (one.kind, one.message_id, one.at_ms, one.sender_id, one.text, one.reply_to, one.target_id) for one in records if one.sender_name != "小刚"
    }
    with start() as peer:
        events = live(peer)
    heard = set()
    for event in events:
        person = event.subject if event.type == "member.joined" else event.actor
        assert event.chat is not None
        assert person is not None
        assert event.chat.id == str(export()["id"])
        if person.name == "小刚":
            continue  # an export says only the name of somebody who was added
        text = event.reaction or (event.message.text if event.message else "")
        ids = (event.message.id, event.message.reply_to) if event.message else ("", "")
        heard.add((KINDS[event.type], ids[0], event.occurred_at_ms, person.id, text, ids[1], event.target_id))
    assert heard == told
    assert len(told) == 6
    assert [one.message_id for one in records if one.sender_name == "小刚"] == ["6"]
    assert [event.message.id for event in events if event.message and event.subject and event.subject.name == "小刚"] == ["6"]


def test_attachments_are_called_what_history_calls_them(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(export()))
    told = {
        one.message_id: [(item.kind, item.name) for item in one.attachments] for one in parse(Source.open(path), Options()) if isinstance(one, Record)
    }
    with start() as peer:
        segments = {event.message.id: event.message.segments for event in live(peer) if event.message}
    assert told["2"] == [("link", "https://example.org")]
    assert [getattr(one, "url", "") for one in segments["2"]] == ["", "https://example.org"]
    assert told["4"] == [("sticker", "🐱")]
    assert [(getattr(one, "type", ""), getattr(one, "name", "")) for one in segments["4"]] == [("sticker", "🐱")]
