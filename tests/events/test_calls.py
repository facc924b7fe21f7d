"""Segment calls read into events, each accepted or refused with its reason."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hutong.config import features
from hutong.events.ingest import calls, reasons
from hutong.events.places import Place
from hutong.events.row import decode, encode
from hutong.events.warehouse.schema import NONE

features.install()

PLACE = Place("tracker:01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002", NONE, NONE, "web", "Asia/Shanghai")
RECEIVED = 1_795_000_000_000  # 2026-11-18T11:06:40Z, 19:06 in Shanghai


def read(call: Any, **more: Any) -> calls.Tracked:
    return calls.read(call, place=PLACE, received_ms=RECEIVED, **more)


def read_both(call: Any, **more: Any) -> calls.Tracked:
    """The quick way and the slow way must give the same."""
    raw = msgspec.json.encode(call)
    quick, slow = calls.read_raw(raw, place=PLACE, received_ms=RECEIVED, **more), read(msgspec.json.decode(raw), **more)
    assert decode(encode(quick.row)) == decode(encode(slow.row))
    assert (quick.user_id, quick.anonymous_id, quick.kind, quick.name) == (slow.user_id, slow.anonymous_id, slow.kind, slow.name)
    return quick


def track(**changes: Any) -> dict[str, Any]:
    return {"type": "track", "userId": "u1", "event": "order_paid", "messageId": "m1", **changes}


def refusal(call: Any, **more: Any) -> str:
    with pytest.raises(calls.Refused) as caught:
        read(call, **more)
    sentence = reasons.EVENT_REASONS[caught.value.code]
    for language in ("zh", "en"):
        assert "{" not in sentence[language].format_map(caught.value.params)
    return caught.value.code


def test_track_becomes_a_row() -> None:
    tracked = read(track(properties={"sku": "A1"}, timestamp="2026-11-18T11:00:00Z"))
    assert (tracked.user_id, tracked.anonymous_id, tracked.kind) == ("u1", "", "track")
    assert msgspec.to_builtins(tracked.row) == {
        "workspace_id": PLACE.workspace_id,
        "id": "m1",
        "name": "order_paid",
        "occurred_at": 1794999600.0,
        "received_at": 1795000000.0,
        "local_day": "2026-11-18",
        "local_hour": 19,
        "channel": "web",
        "source": PLACE.source,
        "is_activity": 1,
        "properties": {"sku": "A1"},
    }


def test_late_evening_utc_is_the_next_local_day() -> None:
    row = read(track(timestamp="2026-11-17T16:00:00Z")).row
    assert (row.local_day, row.local_hour) == ("2026-11-18", 0)


def test_device_clock_is_corrected_by_sent_at() -> None:
    """time = receivedAt - (sentAt - timestamp): a device ten minutes ahead sent at once what happened a minute before."""
    row = read(track(timestamp="2026-11-18T11:15:40Z", sentAt="2026-11-18T11:16:40Z")).row
    assert row.occurred_at == 1795000000.0 - 60


def test_batch_sent_at_counts_for_each_event() -> None:
    row = read(track(timestamp="2026-11-18T11:15:40Z"), sent_at="2026-11-18T11:16:40Z").row
    assert row.occurred_at == 1795000000.0 - 60


def test_a_little_in_the_future_is_now() -> None:
    assert read(track(timestamp="2026-11-18T12:00:00Z")).row.occurred_at == 1795000000.0


def test_without_a_message_id_one_is_made() -> None:
    call = track()
    del call["messageId"]
    first, second = read(call).row.id, read(call).row.id
    assert len(first) == 36
    assert first != second


@pytest.mark.parametrize("kind", ["page", "screen"])
def test_page_and_screen_are_page_views(kind: str) -> None:
    row = read({"type": kind, "anonymousId": "a1", "name": "首页", "properties": {"path": "/"}}).row
    assert (row.name, row.properties, row.is_activity) == ("page_viewed", {"path": "/", "name": "首页"}, 1)


def test_identify_carries_traits_and_a_name() -> None:
    tracked = read({"type": "identify", "userId": 42, "traits": {"firstName": "芳", "lastName": "王"}})
    assert (tracked.user_id, tracked.name, tracked.row.name, tracked.row.is_activity) == ("42", "芳 王", "member_identified", 0)
    assert tracked.row.properties == {"traits": {"firstName": "芳", "lastName": "王"}}


def test_alias_and_group() -> None:
    alias = read({"type": "alias", "userId": "u1", "previousId": "a1"})
    assert (alias.previous_id, alias.row.name) == ("a1", "member_identified")
    group = read({"type": "group", "userId": "u1", "groupId": "g1", "traits": {"name": "公司"}})
    assert (group.row.name, group.row.properties, group.row.is_activity) == ("account_joined", {"group_id": "g1", "traits": {"name": "公司"}}, 0)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("text", "not_an_object"),
        (None, "not_an_object"),
        ([], "not_an_object"),
        ({"userId": "u"}, "unknown_type"),
        (track(type="delete"), "unknown_type"),
        (track(type=["track"]), "unknown_type"),
        (track(userId=None), "no_person"),
        (track(userId=""), "no_person"),
        (track(userId="  "), "bad_person"),
        (track(userId="x" * 256), "bad_person"),
        (track(userId={"id": 1}), "bad_person"),
        (track(userId=True), "bad_person"),
        (track(anonymousId=1.5), "bad_person"),
        (track(event=None), "no_name"),
        (track(event=""), "no_name"),
        (track(event=7), "bad_name"),
        (track(event="x" * 201), "bad_name"),
        (track(event="$memberships"), "bad_name"),
        (track(event="members_merged"), "reserved_name"),
        (track(messageId=5), "bad_message_id"),
        (track(messageId="x" * 101), "bad_message_id"),
        (track(properties=[]), "bad_object"),
        (track(properties="x"), "bad_object"),
        ({"type": "identify", "userId": "u", "traits": 3}, "bad_object"),
        (track(timestamp="yesterday"), "bad_time"),
        (track(timestamp="2026-02-31T00:00:00Z"), "bad_time"),
        (track(timestamp=1_795_000_000), "bad_time"),
        (track(timestamp="2026-11-18T00:00:00Z", sentAt="x"), "bad_time"),
        (track(timestamp="2025-01-01T00:00:00Z"), "too_old"),
        (track(timestamp="2026-11-20T00:00:00Z"), "in_future"),
        ({"type": "group", "userId": "u"}, "no_group"),
        ({"type": "alias", "userId": "u"}, "no_previous"),
        ({"type": "alias", "anonymousId": "a", "previousId": "b"}, "no_previous"),
    ],
)
def test_refusals_say_why(call: Any, code: str) -> None:
    assert refusal(call) == code


def test_the_size_limit_is_on_encoded_bytes() -> None:
    fits = track(properties={"text": "x" * (calls.EVENT_BYTES_MAX - 200)})
    assert read(fits).row.properties["text"] == "x" * (calls.EVENT_BYTES_MAX - 200)
    assert refusal(track(properties={"text": "字" * (calls.EVENT_BYTES_MAX // 3)})) == "event_too_large"
    assert refusal(track(), raw_bytes=calls.EVENT_BYTES_MAX + 1) == "event_too_large"


@pytest.mark.parametrize(
    "call",
    [
        track(),
        track(properties={"a": {"b": [1, 2.5, None, "字", True]}, "c": "x\\y\n"}, timestamp="2026-11-18T11:00:00.123Z"),
        track(userId=7, anonymousId="a-1", timestamp="2026-11-18T19:00:00.5+08:00", sentAt="2026-11-18T11:06:00Z"),
        track(timestamp="2026-11-18T12:00:00Z"),
        track(originalTimestamp="2026-11-18T10:00:00Z", timestamp="2026-11-18T11:00:00Z"),
        track(timestamp="2026-11-18"),
        track(event="message_sent", properties={"text": "早"}),
        track(context={"ip": "1.2.3.4"}, integrations={}),
        {"type": "identify", "userId": "u", "messageId": "i", "traits": {"name": "N"}},
    ],
)
def test_the_quick_way_reads_the_same(call: Any) -> None:
    read_both(call)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"type":"track","userId":"u","event":"e","properties":{"a":1e400}}',
        b'{"type":"track","userId":"u","event":"e","properties":{"a":"\\ud800"}}',
        b'{"type":"track","userId":"u","event":"e","properties":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
        b"7",
    ],
)
def test_what_the_warehouse_could_not_read_is_refused(raw: bytes) -> None:
    with pytest.raises(calls.Refused):
        calls.read_raw(raw, place=PLACE, received_ms=RECEIVED)


def test_properties_too_deep_are_refused() -> None:
    deep: Any = 1
    for _ in range(calls.DEPTH_MAX + 1):
        deep = [deep]
    raw = msgspec.json.encode(track(properties={"a": deep}))
    with pytest.raises(calls.Refused) as caught:
        calls.read_raw(raw, place=PLACE, received_ms=RECEIVED)
    assert caught.value.code == "too_deep"


def test_names_of_declared_events_keep_their_meaning() -> None:
    message = read(track(event="message_sent", properties={"text": "早上好"})).row
    assert (message.text, message.characters, message.is_activity) == ("早上好", 3, 1)
    assert read(track(event="member_left")).row.is_activity == 0
