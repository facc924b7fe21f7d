"""Records to rows of the warehouse: names of events, ids that stay the same however often a file comes, facts about the text.

Composing has two steps, since members are looked up for many records at once: `scan` says whom a batch mentions and gives every
record its id; `compose` writes the lines once the members are known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from hutong.events import catalogue
from hutong.events.questions import is_question
from hutong.events.row import EventRow, encode_lines
from hutong.events.told import told_about, told_digest
from hutong.foundation.localdays import local_days
from hutong.foundation.text import storable
from hutong.imports.people import Directory, addressed_name, external_id, folded
from hutong.imports.records import Record
from hutong.members.actions.identities import Key, Seen

EVENTS = {
    "message": "message_sent",
    "join": "member_joined",
    "leave": "member_left",
    "rename": "member_renamed",
    "recall": "message_recalled",
    "reaction": "reaction_added",
    "system": "group_notice",
}
REMEMBERED_MAX = 100_000
# Where no message can refer to another, calling somebody by name is the reply.
CALLED_BY_NAME = frozenset({"irc", "other"})


class Remembered(dict[Any, Any]):
    """A mapping of bounded size that forgets what was set longest ago, half at a time."""

    def __init__(self, size_max: int = REMEMBERED_MAX) -> None:
        super().__init__()
        self._size_max = size_max
        self._old: dict[Any, Any] = {}

    def __missing__(self, key: Any) -> Any:
        return self._old.get(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        if len(self) >= self._size_max:
            self._old = dict(self)
            self.clear()
        super().__setitem__(key, value)


class Occurrences:
    """How often each thing was met, forgetting what was met longest ago."""

    def __init__(self, size_max: int = REMEMBERED_MAX) -> None:
        self._size_max = size_max
        self._young: dict[bytes, int] = {}
        self._old: dict[bytes, int] = {}

    def before(self, key: bytes) -> int:
        """How often it was met before now."""
        young = self._young
        count = young.get(key)
        if count is None:
            count = self._old.get(key, 0)
            if len(young) >= self._size_max:
                self._old, self._young = young, {}
                young = self._young
        young[key] = count + 1
        return count


class Place:
    """The group that records go to, with what every row of it has in common."""

    def __init__(self, *, workspace_id: str, community_id: str, group_id: str, channel: str, time_zone: str, is_new: bool) -> None:
        self.workspace_id = workspace_id
        self.community_id = community_id
        self.group_id = group_id
        self.channel = channel
        self.days = local_days(time_zone)
        self.is_new = is_new  # holds no event of another source
        self.is_called_by_name = channel in CALLED_BY_NAME
        self._occurrences = Occurrences()
        self._moment = (-1, 0)
        self.authors = Remembered()  # message id -> who wrote it
        self.present: dict[str, Key] = {}  # folded name -> who bears it here
        self._external = Remembered()

    def part_began(self) -> None:
        """Another file: what is the same in both is one."""
        self._occurrences = Occurrences()

    def key(self, person_id: str, person_name: str) -> Key:
        """The identity of a person of the file."""
        found: Key | None = self._external[person_id]
        if found is None:
            external = external_id(
                channel=self.channel, community_id=self.community_id, group_id=self.group_id, sender_id=person_id, sender_name=person_name
            )
            found = self._external[person_id] = (self.channel, external)
        return found

    def ordinal(self, at_ms: int) -> int:
        """Place among the records of one moment."""
        moment, count = self._moment
        count = count + 1 if moment == at_ms else 0
        self._moment = (at_ms, count)
        return count

    def record_id(self, record: Record) -> str:
        """The same fact of the same group has the same id, whichever file tells it."""
        about = told_about(
            self.group_id,
            record.kind,
            message_id=record.message_id,
            at_ms=record.at_ms,
            sender_id=record.sender_id,
            subject_id=record.subject_id,
            target_id=record.target_id,
            text=record.text,
        )
        repeats = not record.message_id or (record.kind == "reaction" and not record.sender_id)
        found = told_digest(about)
        if repeats:
            count = self._occurrences.before(found)
            if count:
                found = told_digest(about, repeat=count)
        return found.hex()


class Pending(msgspec.Struct, gc=False):
    """A record with its id, waiting for its members."""

    record: Record
    place: Place
    id: str
    ordinal: int
    day: str
    hour: int
    sender: Key | None
    addressed: Key | None
    subject: Key | None


def scan(record: Record, place: Place) -> Pending:
    """Give a record its id and say whom it is about; the place learns who is there."""
    kind = record.kind
    day, hour = place.days(record.at_ms)
    sender = place.key(record.sender_id, record.sender_name) if record.sender_id else None
    subject = addressed = None
    if kind == "message":
        if record.reply_to:
            addressed = place.authors[record.reply_to]
        elif place.is_called_by_name and (name := addressed_name(record.text)):
            addressed = place.present.get(name)
        if addressed == sender:
            addressed = None
        if record.message_id and sender is not None:
            place.authors[record.message_id] = sender
    elif kind == "rename" and record.subject_id:
        subject = place.key(record.subject_id, record.subject_name)
        place.present[folded(record.subject_name)] = subject
    elif kind in ("reaction", "recall"):
        addressed = place.authors[record.target_id]
    if sender is not None and kind != "system" and place.is_called_by_name:
        place.present[folded(record.sender_name)] = sender
    return Pending(record, place, place.record_id(record), place.ordinal(record.at_ms), day, hour, sender, addressed, subject)


def people(pending: Iterable[Pending]) -> list[Seen]:
    """Everybody who did something: who is made a member if nobody knows them. Two sightings each: the first and the last."""
    first: dict[Key, Pending] = {}
    last: dict[Key, Pending] = {}
    for one in pending:
        key = one.sender
        if key is None or one.record.kind == "system":
            continue
        known = first.get(key)
        if known is None:
            first[key] = last[key] = one
        elif one.record.at_ms >= last[key].record.at_ms:
            last[key] = one
        elif one.record.at_ms < known.record.at_ms:
            first[key] = one
    found = [_seen(key, one) for key, one in first.items()]
    found += [_seen(key, one) for key, one in last.items() if one is not first[key]]
    return found


def _seen(key: Key, one: Pending) -> Seen:
    return Seen(channel=key[0], external_id=key[1], name=one.record.sender_name, at_ms=one.record.at_ms, is_bot=one.record.bot)


def compose(pending: Iterable[Pending], directory: Directory, *, source: str, received_at: float) -> bytes:
    """The lines to insert."""
    activities = {kind: int(catalogue.is_activity(name)) for kind, name in EVENTS.items()}
    rows = [_row(one, directory, source, received_at, activities) for one in pending]
    try:
        return encode_lines(rows)
    except UnicodeEncodeError:
        return encode_lines([msgspec.convert(_storable(msgspec.to_builtins(row)), EventRow) for row in rows])


def _row(one: Pending, directory: Directory, source: str, received_at: float, activities: dict[str, int]) -> EventRow:
    record, place = one.record, one.place
    kind = record.kind
    row = EventRow(
        workspace_id=place.workspace_id,
        community_id=place.community_id,
        group_id=place.group_id,
        id=one.id,
        name=EVENTS[kind],
        occurred_at=record.at_ms / 1000,
        received_at=received_at,
        ordinal=one.ordinal,
        local_day=one.day,
        local_hour=one.hour,
        channel=place.channel,
        source=source,
        is_history=True,
    )
    member = directory.get(one.sender) if one.sender is not None else None
    if member is not None:
        row.member_id, row.origin_id = member
        row.is_activity = activities[kind]
    if one.addressed is not None:
        addressed = directory.get(one.addressed)
        if addressed is not None:
            row.addressed_id, row.addressed_origin_id = addressed
    if kind == "message":
        row.text = record.text
        row.characters = len(record.text)
        row.reply_to = record.reply_to
        row.is_reply = int(bool(record.reply_to) or one.addressed is not None)
        row.is_question = int(is_question(record.text))
    elif kind == "system":
        row.text = record.text
    row.properties = _properties(record)
    return row


def _properties(record: Record) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    kind = record.kind
    if record.message_id:
        properties["message_id"] = record.message_id
    if record.bot:
        properties["bot"] = True
    if kind == "message":
        if record.reply_to:
            properties["reply_to"] = record.reply_to
        if record.attachments:
            properties["attachments"] = [
                {"kind": one.kind, "name": one.name} | ({} if one.size is None else {"size": one.size}) for one in record.attachments
            ]
        if record.edited:
            properties["edited"] = True
    elif kind == "rename":
        properties["from"], properties["to"] = record.sender_name, record.subject_name or record.text
    elif kind == "reaction":
        properties["emoji"] = record.text
        properties["message_id"] = record.target_id
    elif kind == "recall":
        properties["message_id"] = record.target_id
    else:
        if record.subject_name and kind in ("join", "leave"):
            properties["by"] = record.subject_name
        if record.text and kind in ("join", "leave"):
            properties["reason"] = record.text
    return properties


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
