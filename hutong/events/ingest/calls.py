"""Reading Segment calls (segment.com/docs/connections/spec) into events, each accepted or refused with its reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from hutong.events import catalogue
from hutong.events.places import Place
from hutong.events.row import EventRow
from hutong.foundation import clock, ids
from hutong.foundation.localdays import local_days

CALL_BYTES_MAX = 500 * 1024
EVENT_BYTES_MAX = 32 * 1024
EVENTS_PER_CALL_MAX = 5_000
EVENT_AGE_DAYS_MAX = 400
FUTURE_MS_MAX = 24 * 3600 * 1000
NAME_LENGTH_MAX = 200
PERSON_LENGTH_MAX = 255
MESSAGE_ID_LENGTH_MAX = 100
TYPES = frozenset({"identify", "track", "page", "screen", "group", "alias"})
DAY_MS = 86_400_000
RESERVED = frozenset({"members_merged", "members_unmerged", "community_rezoned", "attributes_changed", "community_created", "group_created"})

JSON_ESCAPE_BYTES_MAX = 6
DEPTH_MAX = 32
SPECIAL = RESERVED | {"message_sent"}  # names whose properties are looked into

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Refused(Exception):
    """One event cannot be taken; `code` names a sentence of `reasons.EVENT_REASONS`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Tracked(msgspec.Struct, gc=False):
    """One accepted call: its row, and the people it names for the writer to find."""

    row: EventRow
    user_id: str
    anonymous_id: str
    previous_id: str = ""
    kind: str = "track"
    name: str = ""  # the person's name where traits give it


class _Track(msgspec.Struct, rename="camel", gc=False):
    """A track call of the usual shape. Whatever does not fit is read the slow way, which says what is wrong."""

    type: str = ""
    event: str = ""
    user_id: str | int | None = None
    anonymous_id: str | int | None = None
    message_id: str = ""
    timestamp: dt.datetime | None = None
    original_timestamp: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    properties: msgspec.Raw = msgspec.Raw(b"{}")


class Envelope(msgspec.Struct, rename="camel"):
    """A batch call with its events unread."""

    batch: list[msgspec.Raw]
    sent_at: Any = None
    write_key: Any = None


_decode_track = msgspec.json.Decoder(_Track).decode
_decode_envelope = msgspec.json.Decoder(Envelope).decode
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=clock.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


def envelope(raw: bytes) -> Envelope:
    """A batch call; raises ValueError."""
    try:
        raw.decode()
        return _decode_envelope(raw)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not a batch") from error


def sent_moment(value: Any) -> Any:
    """A batch's sentAt, read once for all its events; what cannot be read is left for each event to refuse."""
    if type(value) is str:
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.UTC)
    return value


def read_raw(raw: bytes | memoryview, *, place: Place, received_ms: int, sent_at: Any = None, kind: str | None = None) -> Tracked:
    """One call from its bytes (valid UTF-8): the quick way for a usual track call, else through `read`. Raises Refused."""
    raw = bytes(raw)
    if len(raw) > EVENT_BYTES_MAX:
        raise Refused("event_too_large")
    tracked = _read_track(raw, place, received_ms, sent_at, kind)
    if tracked is not None:
        return tracked
    try:
        event = parse(raw)
    except ValueError as error:
        raise Refused("not_an_object") from error
    return read(event, place=place, received_ms=received_ms, sent_at=sent_at, kind=kind, raw_bytes=len(raw))


def _read_track(raw: bytes, place: Place, received_ms: int, sent_at: Any, kind: str | None) -> Tracked | None:
    if raw.count(b"{") + raw.count(b"[") > DEPTH_MAX:
        return None
    try:
        call = _decode_track(raw)
        properties = _decode(call.properties)  # half a surrogate or a number beyond a double, which the warehouse may not read, fails here
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    name, user_id, anonymous_id = call.event, call.user_id, call.anonymous_id
    if (kind or call.type) != "track" or not name or name in SPECIAL or len(name) > NAME_LENGTH_MAX or name[0] in "$ \t\n":
        return None
    user_id = "" if user_id is None else str(user_id)
    anonymous_id = "" if anonymous_id is None else str(anonymous_id)
    person = user_id or anonymous_id
    if not person or len(user_id) > PERSON_LENGTH_MAX or len(anonymous_id) > PERSON_LENGTH_MAX or not person.strip():
        return None
    if type(properties) is not dict or len(call.message_id) > MESSAGE_ID_LENGTH_MAX:
        return None
    stamp = call.original_timestamp or call.timestamp
    sent = call.sent_at or sent_at
    at_ms = received_ms
    if stamp is not None:
        if stamp.tzinfo is None:
            return None
        at_ms = (stamp - _EPOCH) // _MILLISECOND
        if sent is not None:
            if type(sent) is not dt.datetime or sent.tzinfo is None:
                return None
            at_ms = received_ms - ((sent - _EPOCH) // _MILLISECOND - at_ms)
        if at_ms > received_ms or at_ms < received_ms - EVENT_AGE_DAYS_MAX * DAY_MS:
            return None
    day, hour = local_days(place.zone)(at_ms)
    row = EventRow(
        workspace_id=place.workspace_id,
        id=call.message_id or str(ids.new()),
        name=name,
        occurred_at=at_ms / 1000,
        received_at=received_ms / 1000,
        local_day=day,
        local_hour=hour,
        community_id=place.community_id,
        group_id=place.group_id,
        channel=place.channel,
        source=place.source,
        is_activity=int(catalogue.is_activity(name)),
        properties=call.properties,
    )
    return Tracked(row, user_id, anonymous_id)


def parse(raw: bytes) -> Any:
    """The JSON value of a body; raises ValueError."""
    try:
        return _decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error


def read(event: Any, *, place: Place, received_ms: int, sent_at: Any = None, kind: str | None = None, raw_bytes: int | None = None) -> Tracked:
    """One call as an event row. `kind` is the call's own path when it was not part of a batch; raises Refused."""
    if type(event) is not dict:
        raise Refused("not_an_object")
    weight = _weight(event, 0)
    if raw_bytes is None and weight * JSON_ESCAPE_BYTES_MAX > EVENT_BYTES_MAX:  # only what may be over is measured exactly
        raw_bytes = len(_encode(event))
    if raw_bytes is not None and raw_bytes > EVENT_BYTES_MAX:
        raise Refused("event_too_large")
    kind = kind or event.get("type")
    if type(kind) is not str or kind not in TYPES:
        raise Refused("unknown_type")
    user_id = _person(event, "userId")
    anonymous_id = _person(event, "anonymousId")
    if not user_id and not anonymous_id:
        raise Refused("no_person")
    message_id = event.get("messageId")
    if message_id is None or message_id == "":
        message_id = str(ids.new())
    elif type(message_id) is not str or len(message_id) > MESSAGE_ID_LENGTH_MAX:
        raise Refused("bad_message_id")
    at_ms = _occurred(event, received_ms, event.get("sentAt") or sent_at)
    properties = _object(event, "properties")
    traits = _object(event, "traits")
    day, hour = local_days(place.zone)(at_ms)
    row = EventRow(
        workspace_id=place.workspace_id,
        id=message_id,
        name="",
        occurred_at=at_ms / 1000,
        received_at=received_ms / 1000,
        local_day=day,
        local_hour=hour,
        community_id=place.community_id,
        group_id=place.group_id,
        channel=place.channel,
        source=place.source,
        properties=properties,
    )
    tracked = Tracked(row, user_id, anonymous_id, kind=kind)
    if kind == "track":
        row.name = _name(event)
        if row.name == "message_sent":
            text = properties.get("text")
            if type(text) is str:
                row.text, row.characters = text, len(text)
    elif kind in ("page", "screen"):
        row.name = "page_viewed"
        page_name = event.get("name")
        if type(page_name) is str and page_name:
            properties["name"] = page_name[:NAME_LENGTH_MAX]
    elif kind == "identify":
        row.name = "member_identified"
        row.properties = {"traits": traits}
        tracked.name = _own_name(traits)
    elif kind == "alias":
        row.name = "member_identified"
        tracked.previous_id = _person(event, "previousId")
        if not tracked.previous_id or not user_id:
            raise Refused("no_previous")
        row.properties = {"previous_id": tracked.previous_id}
    else:
        group_id = _person(event, "groupId")
        if not group_id:
            raise Refused("no_group")
        row.name = "account_joined"
        row.properties = {"group_id": group_id, "traits": traits}
    row.is_activity = int(kind != "group" and catalogue.is_activity(row.name))
    return tracked


def _weight(value: Any, depth: int) -> int:
    """The characters of a value, which times the longest escape bounds its bytes; raises Refused when nested too deep."""
    if depth > DEPTH_MAX:
        raise Refused("too_deep", levels=DEPTH_MAX)
    kind = type(value)
    if kind is str:
        return len(value) + 1
    if kind is dict:
        return sum(len(key) + 2 + _weight(one, depth + 1) for key, one in value.items())
    if kind is list:
        return 1 + sum(_weight(one, depth + 1) for one in value)
    return 4


def _person(event: dict[str, Any], field: str) -> str:
    value = event.get(field)
    if value is None or value == "":
        return ""
    if type(value) is int:
        value = str(value)
    if type(value) is not str or len(value) > PERSON_LENGTH_MAX or not value.strip():
        raise Refused("bad_person", field=field)
    return value


def _name(event: dict[str, Any]) -> str:
    name = event.get("event")
    if name is None or name == "":
        raise Refused("no_name")
    if type(name) is not str or len(name) > NAME_LENGTH_MAX or name[0] == "$" or not name.strip():
        raise Refused("bad_name")
    if name in RESERVED:
        raise Refused("reserved_name", name=name)
    return name


def _object(event: dict[str, Any], field: str) -> dict[str, Any]:
    value = event.get(field)
    if value is None:
        return {}
    if type(value) is not dict:
        raise Refused("bad_object", field=field)
    return value


def _own_name(traits: dict[str, Any]) -> str:
    name = traits.get("name")
    if type(name) is not str or not name.strip():
        name = " ".join(part for part in (traits.get("firstName"), traits.get("lastName")) if type(part) is str and part)
    return name[:NAME_LENGTH_MAX]


def _occurred(event: dict[str, Any], received_ms: int, sent_at: Any) -> int:
    """The event's time on our clock: receivedAt - (sentAt - timestamp), as the Segment spec has it."""
    stamp = event.get("originalTimestamp") or event.get("timestamp")
    if stamp is None:
        return received_ms
    at_ms = _moment(stamp, "timestamp")
    if sent_at is not None:
        at_ms = received_ms - (_moment(sent_at, "sentAt") - at_ms)
    if at_ms > received_ms:
        if at_ms > received_ms + FUTURE_MS_MAX:
            raise Refused("in_future")
        return received_ms
    if at_ms < received_ms - EVENT_AGE_DAYS_MAX * DAY_MS:
        raise Refused("too_old", days=EVENT_AGE_DAYS_MAX)
    return at_ms


def _moment(value: Any, field: str) -> int:
    if type(value) is dt.datetime:
        return clock.to_ms(value)
    if type(value) is not str or len(value) > 40:
        raise Refused("bad_time", field=field)
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise Refused("bad_time", field=field) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.UTC)
    return clock.to_ms(moment)
