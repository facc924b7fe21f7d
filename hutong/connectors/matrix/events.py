"""Events of a room, told in the words of the contract."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from hutong.channels.contract import ID_LENGTH_MAX, EventType, Inbound, Origin, Person
from hutong.connectors.matrix import reading
from hutong.connectors.matrix.rooms import SPOKEN, Rooms
from hutong.connectors.matrix.shapes import Event, before, content, mapping, membership_before, text, whole
from hutong.foundation import clock

AHEAD_MS_MAX = 5 * 60 * 1000  # times are what the sender's server says; none is of the future
ROLES_MAX = 500
NAMED = {"m.room.name": "name", "m.room.topic": "topic", "m.room.canonical_alias": "alias", "m.room.avatar": "avatar"}


def read(room_id: str, event: Event, *, rooms: Rooms, me: str) -> list[Inbound]:
    """What an event means; nothing for most kinds. State it carries is learnt."""
    kind = text(event, "type")
    if not text(event, "event_id") or not text(event, "sender"):
        return []
    if kind == "m.room.member":
        rooms.learn(room_id, event)
        return _membership(_Told(room_id, event, rooms, me))
    told = _Told(room_id, event, rooms, me)
    if kind in SPOKEN:
        return _spoken(told)
    if kind == "m.reaction":
        return _reaction(told)
    if kind == "m.room.redaction":
        return _redaction(told)
    if "state_key" not in event:
        return []
    if kind in NAMED:
        rooms.learn(room_id, event)
        return [told.make("chat.updated", reason=NAMED[kind])] if before(event) != content(event) else []
    if kind == "m.room.encryption":
        rooms.learn(room_id, event)
        return [told.make("chat.updated", reason="encrypted")]
    if kind == "m.room.tombstone":
        return _tombstone(told)
    return _powers(told) if kind == "m.room.power_levels" else []


class _Told:
    """An event, and how to speak of it."""

    def __init__(self, room_id: str, event: Event, rooms: Rooms, me: str) -> None:
        self.room_id = room_id
        self.event = event
        self.rooms = rooms
        self.me = me
        self.id = text(event, "event_id")
        self.sender = text(event, "sender")
        self.said = content(event)

    def person(self, user_id: str, *, is_bot: bool = False) -> Person:
        return Person(id=user_id, name=self.rooms.name_of(self.room_id, user_id), is_bot=is_bot, is_self=user_id == self.me)

    def make(self, kind: EventType, *, part: str = "", is_bot: bool = False, **values: Any) -> Inbound:
        key = f"{self.id}/{part}" if part else self.id
        if len(key) > ID_LENGTH_MAX:
            key = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        values.setdefault("actor", self.person(self.sender, is_bot=is_bot))
        return Inbound(type=kind, dedupe_key=key, occurred_at_ms=self._at_ms(), chat=self.rooms.chat(self.room_id), raw=dict(self.event), **values)

    def _at_ms(self) -> int:
        now, at = clock.now_ms(), whole(self.event, "origin_server_ts", 0) or 0
        return at if 0 < at <= now + AHEAD_MS_MAX else now


def _spoken(told: _Told) -> list[Inbound]:
    known = told.rooms.note(told.room_id, told.event)
    message = reading.message(told.event, me=told.me)
    is_bot = text(told.said, "msgtype") == "m.notice"
    thread = reading.thread(told.event)
    if known.kind == "edit":
        earlier = told.rooms.look_up(told.room_id, known.target)
        # Nobody edits what another wrote, whatever a server lets through.
        if earlier is None or earlier.sender != told.sender:
            return []
        return [told.make("message.edited", message=message, is_bot=is_bot, target_id=known.target)]
    reason = "encrypted" if told.event.get("type") == "m.room.encrypted" else ""
    return [told.make("message.new", message=message, thread=thread, is_bot=is_bot, reason=reason)]


def _reaction(told: _Told) -> list[Inbound]:
    known = told.rooms.note(told.room_id, told.event)
    if known.kind != "reaction":  # taken back before we saw it
        return []
    return [told.make("reaction.added", target_id=known.target, reaction=known.emoji)]


def _redaction(told: _Told) -> list[Inbound]:
    target = text(told.event, "redacts") or text(told.said, "redacts")
    known = told.rooms.look_up(told.room_id, target)
    if known is None or known.kind not in ("message", "reaction"):
        return []
    if known.kind == "reaction":
        return [
            told.make(
                "reaction.removed", target_id=known.target, reaction=known.emoji, actor=told.person(known.sender), operator=_other(told, known.sender)
            )
        ]
    return [told.make("message.deleted", target_id=target, subject=told.person(known.sender), reason=text(told.said, "reason"))]


def _other(told: _Told, user_id: str) -> Person | None:
    return told.person(told.sender) if told.sender != user_id else None


def _membership(told: _Told) -> list[Inbound]:
    whom = text(told.event, "state_key")
    now, was = text(told.said, "membership"), membership_before(told.event)
    reason = text(told.said, "reason")
    subject = told.person(whom)
    if now == was:  # another name or picture
        return []
    if whom == told.me:
        return _ourselves(told, now=now, was=was, reason=reason)
    if now == "join":
        inviter = _inviter(told) if was == "invite" else None
        source = Origin(scene="invite") if inviter else None
        return [told.make("member.joined", subject=subject, operator=inviter, source=source, reason=reason)]
    if now == "ban":
        return [told.make("member.banned", subject=subject, reason=reason)]
    if now == "knock":
        return [told.make("join.requested", subject=subject, reason=reason)]
    if now == "leave" and was == "join":
        return [told.make("member.left" if told.sender == whom else "member.kicked", subject=subject, reason=reason)]
    if now == "leave" and was == "ban":
        return [told.make("member.unbanned", subject=subject, reason=reason)]
    return []


def _ourselves(told: _Told, *, now: str, was: str, reason: str) -> list[Inbound]:
    me = told.person(told.me)
    if now == "join":
        return [told.make("bot.added", subject=me, operator=_inviter(told) if was == "invite" else None)]
    if now == "ban" or (now == "leave" and was == "join"):
        return [told.make("bot.removed", subject=me, reason=reason or ("banned" if now == "ban" else ""))]
    return []


def _inviter(told: _Told) -> Person | None:
    sender = text(mapping(told.event, "unsigned"), "prev_sender")
    return told.person(sender) if sender and sender != text(told.event, "state_key") else None


def _tombstone(told: _Told) -> list[Inbound]:
    successor = text(told.said, "replacement_room")
    if not successor:
        return [told.make("chat.dissolved", reason=text(told.said, "body"))]
    return [told.make("chat.updated", target_id=successor, reason="moved")]


def _powers(told: _Told) -> list[Inbound]:
    was, now = before(told.event), told.said
    if not was:  # the first ones of a room
        return []
    people = [one for one in {**mapping(was, "users"), **mapping(now, "users")} if one != told.me and _level(was, one) != _level(now, one)]
    found = [
        told.make("member.role_changed", part=one, subject=told.person(one), reason=f"{_level(was, one)} → {_level(now, one)}")
        for one in people[:ROLES_MAX]
    ]
    could, can = _may_speak(was, told.me), _may_speak(now, told.me)
    if could != can:
        found.append(told.make("bot.added" if can else "bot.muted", part="self", subject=told.person(told.me), reason="" if can else "power_levels"))
    return found


def _level(powers: Mapping[str, Any], user_id: str) -> int:
    level = whole(mapping(powers, "users"), user_id)
    return (whole(powers, "users_default", 0) or 0) if level is None else level


def _may_speak(powers: Mapping[str, Any], user_id: str) -> bool:
    needed = whole(mapping(powers, "events"), "m.room.message")
    return _level(powers, user_id) >= ((whole(powers, "events_default", 0) or 0) if needed is None else needed)
