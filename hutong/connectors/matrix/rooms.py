"""What a process has learnt of rooms: names, kinds, encryption, what people are called, who wrote what. Asked anew wherever it is missing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote

from hutong.channels.contract import Chat, Refused
from hutong.connectors.matrix.api import CLIENT, Api, Denied, room_path
from hutong.connectors.matrix.shapes import Event, content, mapping, relation, text, texts, whole
from hutong.foundation import clock

ROOMS_MAX = 5_000
NAMES_MAX = 50_000
WRITTEN_MAX = 20_000
FRESH_SECONDS = 600.0  # how long a sender trusts that a room is not encrypted, where no sync would have told

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The last so many things put in."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: K) -> V | None:
        """What was put in under that key, while it is kept."""
        with self._guard:
            return self._kept.get(key)

    def put(self, key: K, value: V) -> V:
        """Keep it; the oldest goes."""
        with self._guard:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value

    def all(self) -> list[tuple[K, V]]:
        """Everything kept, the oldest first."""
        with self._guard:
            return list(self._kept.items())


@dataclass(slots=True)
class Room:
    """One room as far as it is known."""

    name: str = ""
    alias: str = ""
    is_encrypted: bool = False
    members: int | None = None
    heroes: tuple[str, ...] = ()
    asked_seconds: float | None = None  # when all of it was known, on the monotonic clock


@dataclass(frozen=True, slots=True)
class Written:
    """An event that later ones speak of. `kind`: message, reaction, edit, or empty for what nobody is told of."""

    kind: str
    sender: str
    target: str = ""
    emoji: str = ""


@dataclass(slots=True)
class Rooms:
    """The rooms of one account."""

    api: Api
    direct: dict[str, str] = field(default_factory=dict)  # the other person of each direct chat, by room
    synced_seconds: float = float("-inf")  # until when syncs told every change, on the monotonic clock
    _rooms: Kept[str, Room] = field(default_factory=lambda: Kept(ROOMS_MAX))
    _names: Kept[tuple[str, str], str] = field(default_factory=lambda: Kept(NAMES_MAX))
    _written: Kept[tuple[str, str], Written] = field(default_factory=lambda: Kept(WRITTEN_MAX))

    def learn(self, room_id: str, event: Event) -> None:
        """Take note of state."""
        kind, said = event.get("type"), content(event)
        if kind == "m.room.member":
            if text(said, "displayname"):
                self._names.put((room_id, text(event, "state_key")), text(said, "displayname"))
            return
        room = self._room(room_id)
        if kind == "m.room.name":
            room.name = text(said, "name")
        elif kind == "m.room.canonical_alias":
            room.alias = text(said, "alias")
        elif kind == "m.room.encryption":
            room.is_encrypted = True

    def learn_whole(self, room_id: str, events: list[Event], summary: Event) -> None:
        """Take note of all the state there is."""
        for event in events:
            self.learn(room_id, event)
        self.learn_summary(room_id, summary)
        self._room(room_id).asked_seconds = clock.monotonic_seconds()

    def learn_summary(self, room_id: str, summary: Event) -> None:
        """How many are there, and some of them."""
        room = self._room(room_id)
        room.members = whole(summary, "m.joined_member_count", room.members)
        room.heroes = tuple(texts(summary, "m.heroes")) or room.heroes

    def learn_direct(self, said: Event) -> None:
        """The account's list of direct chats."""
        self.direct = {room_id: user_id for user_id in said for room_id in texts(said, user_id)}

    def direct_with(self, user_id: str) -> str:
        """The latest direct chat with somebody; empty where there is none."""
        return next((room_id for room_id, other in reversed(self.direct.items()) if other == user_id), "")

    def ask_direct(self, user_id: str) -> None:
        """Fetch that list."""
        try:
            self.learn_direct(self.api.get(f"{CLIENT}/user/{quote(user_id, safe='')}/account_data/m.direct"))
        except Denied:  # none was ever made
            self.direct = {}

    def add_direct(self, user_id: str, *, room_id: str, other_id: str) -> None:
        """Put a room on that list, as a client does that accepts such an invitation."""
        self.direct[room_id] = other_id
        listed: dict[str, list[str]] = {}
        for room, person in self.direct.items():
            listed.setdefault(person, []).append(room)
        self.api.call("PUT", f"{CLIENT}/user/{quote(user_id, safe='')}/account_data/m.direct", json=listed)

    def chat(self, room_id: str, *, members: bool = False) -> Chat:
        """The room in the words of the contract."""
        room = self._known(room_id)
        other = self.direct.get(room_id)
        name = room.name or room.alias
        if not name and other is not None:
            name = self.name_of(room_id, other) or other
        if not name:
            name = ", ".join(self.name_of(room_id, one) or one for one in room.heroes)
        return Chat(id=room_id, kind="group" if other is None else "dm", name=name, members=room.members if members else None)

    def name_of(self, room_id: str, user_id: str) -> str:
        """What somebody is called in a room; empty where that was never seen."""
        return self._names.get((room_id, user_id)) or ""

    def note_synced(self) -> None:
        """Every change until now was told."""
        self.synced_seconds = clock.monotonic_seconds()

    def is_encrypted(self, room_id: str) -> bool:
        """Whether what is written there is for the eyes of its members alone."""
        return self._known(room_id, fresh_seconds=FRESH_SECONDS).is_encrypted

    def encrypted(self) -> list[str]:
        """The rooms known to be encrypted."""
        return [room_id for room_id, room in self._rooms.all() if room.is_encrypted]

    def note(self, room_id: str, event: Event) -> Written:
        """Remember what later events may speak of."""
        return self._written.put((room_id, text(event, "event_id")), written(event))

    def look_up(self, room_id: str, event_id: str) -> Written | None:
        """What an earlier event was; None where the server shows it no more."""
        found = self._written.get((room_id, event_id))
        if found is None and event_id:
            try:
                return self.note(room_id, self.api.get(room_path(room_id, "event", event_id)))
            except Refused:
                return None
        return found

    def _room(self, room_id: str) -> Room:
        return self._rooms.get(room_id) or self._rooms.put(room_id, Room())

    def _known(self, room_id: str, *, fresh_seconds: float | None = None) -> Room:
        room, now = self._room(room_id), clock.monotonic_seconds()
        is_stale = fresh_seconds is not None and room.asked_seconds is not None and now - max(room.asked_seconds, self.synced_seconds) > fresh_seconds
        if room.asked_seconds is None or (is_stale and not room.is_encrypted):
            for kind in ("m.room.name", "m.room.canonical_alias", "m.room.encryption"):
                try:
                    self.learn(room_id, {"type": kind, "content": self.api.get(room_path(room_id, "state", kind))})
                except Denied:  # there is none, or we may not see it
                    continue
            room.asked_seconds = now
        return room


def written(event: Event) -> Written:
    """What an event is to those that speak of it later. One that was emptied tells its kind and sender still."""
    kind, sender, said = event.get("type"), text(event, "sender"), content(event)
    if kind == "m.reaction":
        _, target = relation(said)
        emoji = text(mapping(said, "m.relates_to"), "key")
        return Written("reaction" if target else "", sender, target, emoji)
    if kind in SPOKEN:
        how, target = relation(said)
        return Written("edit", sender, target) if how == "m.replace" and target else Written("message", sender)
    return Written("", sender)


SPOKEN = frozenset({"m.room.message", "m.sticker", "m.room.encrypted", "m.poll.start", "org.matrix.msc3381.poll.start"})
