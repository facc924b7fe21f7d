"""Recorded answers of a Synapse, told the same wherever there is none: `fixtures/sync.json` holds a first answer, and two that followed."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from hutong.channels.contract import Inbound, Link
from hutong.connectors import matrix
from hutong.connectors.matrix.api import Api
from hutong.connectors.matrix.rooms import Rooms
from hutong.connectors.matrix.syncing import Listening
from hutong.foundation.http import Egress

RECORDED = json.loads((Path(matrix.__file__).parent / "fixtures" / "sync.json").read_text())
NOWHERE = {"homeserver": "http://192.0.2.1", "access_token": ""}


def told() -> list[Inbound]:
    """The events of the answers, with what the first has taught; nothing is asked of a server."""
    api = Api(Link(account_id="0190-account", settings=NOWHERE, http=Egress()))
    rooms = Rooms(api)
    whole, *following = RECORDED["answers"]
    for room_id, room in whole["rooms"]["join"].items():
        rooms.learn_whole(room_id, room["state"]["events"] + room["timeline"]["events"], room["summary"])
    listening = Listening(api, rooms, me=RECORDED["self_id"], joins="never", stopping=threading.Event())
    found: list[Inbound] = []
    for answer in following:
        (batch,) = listening._told(answer, "")
        assert batch.cursor == answer["next_batch"]
        found += batch.events
    return found


def brief(event: Inbound) -> tuple[Any, ...]:
    message = event.message
    return (
        event.type,
        event.actor.name if event.actor else "",
        event.subject.name if event.subject else "",
        message.text if message else "",
        event.target_id or (message.reply_to if message else ""),
        event.reaction or event.reason,
    )


def test_recorded_answers_give_the_same_events() -> None:
    events = told()
    first, wrong = events[0].dedupe_key, events[5].dedupe_key
    assert [brief(one) for one in events] == [
        ("message.new", "小艾", "", "周六 14:00 见", "", ""),
        ("message.new", "小波", "", "小艾 好的", first, ""),
        ("reaction.added", "小波", "", "", first, "👍"),
        ("message.edited", "小艾", "", "周六 15:00 见", first, ""),
        ("message.new", "小艾", "", "", "", ""),
        ("message.new", "小波", "", "加微信领红包", "", ""),
        ("message.deleted", "小艾", "小波", "", wrong, "广告"),
        ("member.kicked", "小艾", "小波", "", "", "广告"),
    ]
    assert {(one.chat.id, one.chat.name) for one in events if one.chat} == {(next(iter(RECORDED["answers"][0]["rooms"]["join"])), "胡同口")}


def test_the_same_answers_twice_have_the_same_keys() -> None:
    assert [one.dedupe_key for one in told()] == [one.dedupe_key for one in told()]
    assert len({one.dedupe_key for one in told()}) == 8
