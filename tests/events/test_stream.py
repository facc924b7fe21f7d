"""From a call to the records and the numbers: the writer, the subscribers, the warehouse."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection, transaction

from hutong.communities.models import Community, Group
from hutong.events import actions, log, places, queries, shipping, sources, subscribers
from hutong.events.ingest import calls
from hutong.events.ingest.accepted import split
from hutong.events.ingest.writer import Command, Writer
from hutong.events.models import AcceptedBlock, AcceptedId, Cursor, DeadEvent, EventType, LogEntry, Source
from hutong.events.queries import rows
from hutong.events.row import EventRow, encode
from hutong.events.warehouse import rewrite
from hutong.foundation import clock, ids, stream
from hutong.foundation.stream import Fact
from hutong.members.actions import merges
from hutong.members.models import AttributeValue, Identity, Member, Membership, Participation
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests import mirrors
from tests.conftest import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(workspace: Workspace, community: Community, group: Group) -> places.Place:
    places.forget()
    _, key = sources.create(workspace, actor=SYSTEM, name="官网", community_id=None, group_id=group.pk)
    found = places.place_of(key)
    assert found is not None
    return found


def apply(place: places.Place, *events: dict[str, Any]) -> tuple[int, int]:
    """What the writer's thread does with one request, in this test's transaction."""
    now = clock.now_ms()
    read = [calls.read_raw(msgspec.json.encode(one), place=place, received_ms=now) for one in events]
    loop = asyncio.new_event_loop()
    try:
        with transaction.atomic():
            (result,) = Writer()._apply([Command(place.workspace_id, read, loop, lambda *_: None)], is_named=False)
    finally:
        loop.close()
    return result


def accepted() -> int:
    """Ids remembered, sorted into the index or not yet."""
    return AcceptedId.objects.count() + sum(len(split(keys)) for keys in AcceptedBlock.objects.values_list("keys", flat=True))


def track(number: int, **changes: Any) -> dict[str, Any]:
    return {"type": "track", "userId": "u1", "event": "gift_wrapped", "messageId": f"m{number}", **changes}


def in_warehouse(workspace: Workspace) -> list[tuple[str, str, UUID, UUID]]:
    found = rows("SELECT id, name, member_id, origin_id FROM events WHERE workspace_id = {w:UUID} ORDER BY received_at, id", {"w": str(workspace.pk)})
    return [tuple(row) for row in found]  # type: ignore[misc]


def test_an_event_reaches_records_and_numbers(workspace: Workspace, community: Community, group: Group, place: places.Place) -> None:
    assert apply(place, track(1), track(2)) == (2, 0)
    member = Member.objects.in_workspace(workspace).get()
    assert Identity.objects.in_workspace(workspace).values_list("channel", "external_id", "member_id").get() == ("user_id", "u1", member.pk)
    assert list(LogEntry.objects.order_by("seq").values_list("name", flat=True)) == ["~people", "gift_wrapped", "gift_wrapped"]
    subscribers.drain()
    assert LogEntry.objects.count() == 0
    assert accepted() == 2
    assert in_warehouse(workspace) == [("m1", "gift_wrapped", member.pk, member.pk), ("m2", "gift_wrapped", member.pk, member.pk)]
    (days,) = rows(
        "SELECT group_id, sum(events), sum(activities) FROM member_days WHERE workspace_id = {w:UUID} GROUP BY group_id", {"w": str(workspace.pk)}
    )
    assert tuple(days) == (group.pk, 2, 2)
    stay = Membership.objects.in_workspace(workspace).get()
    assert (stay.group_id, stay.member_id, stay.left_at) == (group.pk, member.pk, None)
    assert rows("SELECT member_id FROM memberships FINAL WHERE workspace_id = {w:UUID}", {"w": str(workspace.pk)}) == [(member.pk,)]
    assert Participation.objects.in_workspace(workspace).get().messages == 0
    seen = EventType.objects.in_workspace(workspace).get()
    assert (seen.name, seen.events, seen.review) == ("gift_wrapped", 2, "unreviewed")


def test_the_same_id_counts_once(workspace: Workspace, place: places.Place) -> None:
    assert apply(place, track(1), track(1), track(2)) == (2, 1)
    assert apply(place, track(2), track(3)) == (1, 1)
    subscribers.drain()
    assert apply(place, track(1), track(2), track(3)) == (0, 3)
    subscribers.drain()
    assert [one[0] for one in in_warehouse(workspace)] == ["m1", "m2", "m3"]


def test_ids_are_unique_within_a_workspace_only(workspace: Workspace, other_workspace: Workspace, place: places.Place) -> None:
    _, key = sources.create(other_workspace, actor=SYSTEM, name="site", community_id=None, group_id=None)
    elsewhere = places.place_of(key)
    assert elsewhere is not None
    assert apply(place, track(1)) == (1, 0)
    assert apply(elsewhere, track(1)) == (1, 0)
    subscribers.drain()
    assert [one[0] for one in in_warehouse(other_workspace)] == ["m1"]


def test_a_batch_sent_again_after_a_crash_is_not_doubled(workspace: Workspace, place: places.Place) -> None:
    apply(place, *[track(number) for number in range(50)])
    shipping.step()
    end = Cursor.objects.get(pk="warehouse").seq
    Cursor.objects.filter(pk="warehouse").update(seq=0, reserved_to=end)  # as if the process died before the cursor moved
    shipping.step()
    assert rows("SELECT count() FROM events WHERE workspace_id = {w:UUID}", {"w": str(workspace.pk)}) == [(50,)]
    assert rows("SELECT sum(events) FROM member_days WHERE workspace_id = {w:UUID}", {"w": str(workspace.pk)}) == [(50,)]


def test_a_row_the_warehouse_cannot_read_is_set_aside(workspace: Workspace, place: places.Place) -> None:
    apply(place, *[track(number) for number in range(10)])
    broken = LogEntry.objects.filter(name="gift_wrapped").order_by("seq")[4]
    LogEntry.objects.filter(pk=broken.pk).update(
        body=bytes(broken.body).replace(b'"properties":{}', b"").replace(b'"local_day":"2', b'"local_day":"x')
    )
    shipping.step()
    assert rows("SELECT count(), countIf(id = 'm4') FROM events WHERE workspace_id = {w:UUID}", {"w": str(workspace.pk)}) == [(9, 0)]
    dead = DeadEvent.objects.get()
    assert (dead.subscriber, dead.seq, dead.name) == ("warehouse", broken.pk, "gift_wrapped")


@pytest.mark.parametrize("chokes_when", ["looking", "writing"])
def test_a_poisonous_event_is_set_aside_after_its_tries(workspace: Workspace, place: places.Place, chokes_when: str) -> None:
    taken: list[int] = []

    def choke(entries: Any) -> None:
        if any(entry.name == "poison" for entry in entries):
            raise ValueError("cannot")

    def prepare(entries: Any) -> Any:
        if chokes_when == "looking":
            choke(entries)

        def write() -> None:
            choke(entries)
            taken.extend(entry.seq for entry in entries)

        return write

    picky = subscribers.Subscriber("picky", prepare)
    apply(place, track(1), track(2, event="poison"), track(3))
    for tries in range(1, subscribers.TRIES_MAX + 1):
        with pytest.raises(ValueError, match="cannot") as caught:
            subscribers.step(picky)
        assert subscribers.note_failure("picky", caught.value) == tries
    assert taken == []
    assert subscribers.step(picky) == 4  # two people are new: their rows are told of in two entries of one
    assert len(taken) == 3
    assert DeadEvent.objects.values_list("subscriber", "name", "error").get() == ("picky", "poison", "ValueError")
    assert subscribers.step(picky) == 0


def test_anonymous_becomes_known(workspace: Workspace, place: places.Place) -> None:
    page = {"type": "page", "anonymousId": "a1", "messageId": "p1"}
    apply(place, page)
    visitor = Member.objects.in_workspace(workspace).get()
    assert visitor.is_anonymous
    apply(place, {"type": "identify", "userId": "u1", "anonymousId": "a1", "messageId": "i1", "traits": {"name": "李雷", "email": "li@example.com"}})
    subscribers.drain()
    (known,) = Member.objects.in_workspace(workspace).filter(merged_into=None)
    assert (known.name, known.is_anonymous) == ("李雷", False)
    value = AttributeValue.objects.in_workspace(workspace).select_related("attribute").get()
    assert (value.attribute.key, value.value, value.source, value.source_name) == ("email", "li@example.com", place.source, "官网")
    assert {one[2] for one in in_warehouse(workspace) if one[0] == "p1"} == {known.pk}
    mirrors.check(workspace)


def test_merge_and_undo_move_the_events(workspace: Workspace, place: places.Place) -> None:
    apply(place, track(1), track(2, userId="u2"), track(3, userId="u2"))
    one, two = (Identity.objects.in_workspace(workspace).get(external_id=name).member_id for name in ("u1", "u2"))
    merge = merges.merge(workspace, actor=SYSTEM, kept_id=one, absorbed_id=two)
    subscribers.drain()
    by_member = "SELECT member_id, count() FROM events WHERE workspace_id = {w:UUID} AND name = 'gift_wrapped' GROUP BY member_id ORDER BY 2"
    days = "SELECT member_id, sum(activities) AS n FROM member_days WHERE workspace_id = {w:UUID} GROUP BY member_id HAVING n > 0 ORDER BY 2"
    bound = {"w": str(workspace.pk)}
    assert rows(by_member, bound) == rows(days, bound) == [(one, 3)]
    apply(place, track(4, userId="u2"))
    mirrors.check(workspace)
    assert rows(by_member, bound) == [(one, 4)]
    merges.undo(workspace, actor=SYSTEM, merge_id=merge.pk)
    mirrors.check(workspace)
    assert rows(by_member, bound) == rows(days, bound) == [(one, 1), (two, 3)]


def test_a_rewrite_that_died_half_way_is_finished(workspace: Workspace, place: places.Place) -> None:
    """The stage holds the new rows and the old ones are gone: the worst moment to die."""
    from hutong.events.warehouse import engine

    apply(place, track(1), track(2, userId="u2"))
    subscribers.drain()
    one, two = (Identity.objects.in_workspace(workspace).get(external_id=name).member_id for name in ("u1", "u2"))
    engine.command("CREATE TABLE IF NOT EXISTS events_staged AS events ENGINE = MergeTree ORDER BY (workspace_id, id)")
    columns = rewrite.COLUMNS
    moved = columns.replace("member_id, origin_id", "{to:UUID} AS member_id, origin_id")
    engine.command(
        f"INSERT INTO events_staged ({columns}) SELECT {moved} FROM (SELECT {columns} FROM events WHERE member_id = {{of:UUID}})",
        {"to": str(one), "of": str(two)},
    )
    engine.command("DELETE FROM events WHERE member_id = {of:UUID} SETTINGS lightweight_deletes_sync = 2", {"of": str(two)})
    rewrite.move_member(str(workspace.pk), member_id=str(two), to_id=str(one))
    bound = {"w": str(workspace.pk)}
    assert rows("SELECT member_id, count() FROM events WHERE workspace_id = {w:UUID} GROUP BY member_id", bound) == [(one, 2)]
    assert rows("SELECT member_id, sum(events) FROM member_days WHERE workspace_id = {w:UUID} GROUP BY member_id", bound) == [(one, 2)]
    assert rows("SELECT count() FROM events_staged") == [(0,)]


def test_days_follow_the_community_when_its_zone_changes(workspace: Workspace, community: Community, place: places.Place) -> None:
    member = ids.new()
    at = dt.datetime(2026, 3, 1, 17, 0, tzinfo=dt.UTC)  # the second of March in Shanghai, nine in the morning of the first in Los Angeles
    stream.record(Fact(workspace_id=workspace.pk, name="message_sent", member_id=member, community_id=community.pk, occurred_at=at, text="早"))
    subscribers.drain()
    bound = {"w": str(workspace.pk)}
    assert rows("SELECT local_day, local_hour FROM events WHERE workspace_id = {w:UUID}", bound) == [(dt.date(2026, 3, 2), 1)]
    stream.record(
        Fact(workspace_id=workspace.pk, name="community_rezoned", community_id=community.pk, properties={"time_zone": "America/Los_Angeles"})
    )
    subscribers.drain()
    where = "WHERE workspace_id = {w:UUID} AND name = 'message_sent'"
    assert rows(f"SELECT local_day, local_hour FROM events {where}", bound) == [(dt.date(2026, 3, 1), 9)]
    assert rows("SELECT local_day, local_hour, messages FROM group_hours WHERE workspace_id = {w:UUID} AND messages > 0", bound) == [
        (dt.date(2026, 3, 1), 9, 1)
    ]


def test_what_is_recorded_is_undone_with_its_transaction(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        stream.record(Fact(workspace_id=workspace.pk, name="group_created", id="x"))
        raise RuntimeError
    assert (LogEntry.objects.count(), accepted()) == (0, 0)
    stream.record(Fact(workspace_id=workspace.pk, name="group_created", id="x"))
    stream.record(Fact(workspace_id=workspace.pk, name="group_created", id="x"))
    assert LogEntry.objects.count() == 1


def test_history_goes_past_the_log_and_is_taken_out_again(workspace: Workspace, community: Community, group: Group) -> None:
    member = str(ids.new())
    row = EventRow(
        workspace_id=str(workspace.pk), id="h1", name="message_sent", occurred_at=1_600_000_000.5, received_at=1_600_000_000.5, local_day="2020-09-13",
        community_id=str(community.pk), group_id=str(group.pk), member_id=member, origin_id=member, source="import:1", is_history=True, is_activity=1,
    )  # fmt: skip
    actions.append_history(workspace.pk, [encode(row)], community_id=community.pk, token="1/1")
    actions.append_history(workspace.pk, [encode(row)], community_id=community.pk, token="1/1")
    assert LogEntry.objects.count() == 0
    assert [one[0] for one in in_warehouse(workspace)] == ["h1"]
    actions.remove_history(workspace.pk, source="import:1")
    assert in_warehouse(workspace) == []
    assert rows("SELECT count() FROM member_days WHERE workspace_id = {w:UUID}", {"w": str(workspace.pk)}) == [(0,)]


def test_sources_over_http(api: Api, other_api: Api, workspace: Workspace, group: Group) -> None:
    made = api.post("/sources", {"name": " 官网 ", "group_id": str(group.pk)})
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["community_id"], body["group_id"]) == ("官网", str(group.community_id), str(group.pk))
    assert body["write_key"].startswith("htw_")
    assert body["write_key"] not in api.get("/sources").content.decode()
    source = Source.objects.in_workspace(workspace).get()
    assert body["write_key"] not in source.key_hash
    assert places.place_of(body["write_key"]) is not None
    assert other_api.get("/sources").json() == {"items": []}
    assert other_api.delete(f"/sources/{source.pk}").status_code == 404
    assert api.delete(f"/sources/{source.pk}").status_code == 204
    assert api.get("/sources").json() == {"items": []}


def test_timeline_pages_newest_first(api: Api, other_api: Api, workspace: Workspace, community: Community) -> None:
    member = Member.objects.create(workspace=workspace, name="m", first_seen_at=clock.now(), last_seen_at=clock.now()).pk
    start = dt.datetime(2026, 5, 1, 8, 0, tzinfo=dt.UTC)
    for number in range(5):
        stream.record(
            Fact(
                workspace_id=workspace.pk, name="message_sent", member_id=member, community_id=community.pk, id=f"t{number}",
                occurred_at=start + dt.timedelta(minutes=number // 2), text=f"<b>{number}</b>", properties={"a.b": {"c": None, "d": [1, "x"]}},
            )
        )  # fmt: skip
    subscribers.drain()
    first = api.get(f"/members/{member}/timeline", limit=2).json()
    second = api.get(f"/members/{member}/timeline", limit=2, cursor=first["next_cursor"]).json()
    third = api.get(f"/members/{member}/timeline", limit=2, cursor=second["next_cursor"]).json()
    assert [one["id"] for page in (first, second, third) for one in page["items"]] == ["t4", "t3", "t2", "t1", "t0"]
    assert third["next_cursor"] is None
    assert (first["items"][0]["text"], first["items"][0]["name_zh"]) == ("<b>4</b>", "发言")
    assert first["items"][0]["properties"]["a.b"]["d"] == [1, "x"]
    assert other_api.get(f"/members/{member}/timeline").status_code == 404
    assert api.get(f"/members/{ids.new()}/timeline").status_code == 404
    assert api.get(f"/members/{member}/timeline", cursor="nonsense").status_code == 422


def test_properties_come_back_as_they_were_sent(api: Api, workspace: Workspace, place: places.Place) -> None:
    sent = {
        "at": "2026-05-01T08:00:00+08:00", "day": "2026-05-01", "moment": "2026-05-01 08:00:00", "digits": "0012", "flag": "true", "空 名": "值 😀",
        "uuid": "01a2033744677038b8613cf67335b3bc", "price": 19.9, "count": 3, "yes": True, "days": ["2026-05-01"], "a.b": {"c.d": "2026-05-01T08:00:00Z"},
    }  # fmt: skip
    apply(place, track(1, properties=sent))
    subscribers.drain()
    (member,) = Member.objects.in_workspace(workspace)
    assert api.get(f"/members/{member.pk}/timeline").json()["items"][0]["properties"] == sent


def test_unknown_events_are_reviewed(api: Api, workspace: Workspace, place: places.Place) -> None:
    apply(place, track(1, properties={"total": 3.5, "sku": "A", "gift": True, "tags": []}))
    subscribers.drain()
    (seen,) = [one for one in api.get("/event-types").json()["items"] if not one["is_declared"]]
    assert (seen["name"], seen["events"], seen["review"]) == ("gift_wrapped", 1, "unreviewed")
    assert {one["name"]: one["type"] for one in seen["properties"]} == {"total": "number", "sku": "text", "gift": "boolean", "tags": "list"}
    reviewed = api.patch("/event-types/gift_wrapped", {"review": "accepted", "description": "下单"})
    assert (reviewed.status_code, reviewed.json()["review"]) == (200, "accepted")
    assert api.patch("/event-types/nothing", {"review": "accepted"}).status_code == 404
    assert api.patch("/event-types/gift_wrapped", {"review": "maybe"}).status_code == 422


def test_the_lane_of_a_member_is_fixed() -> None:
    member = str(ids.new())
    assert log.lane_of(member) == log.lane_of(member) < log.LANES
    assert connection.vendor == "sqlite"


def test_whoever_counts_waits_for_what_was_recorded(workspace: Workspace, place: places.Place) -> None:
    assert queries.await_shipped(seconds_max=0)
    apply(place, track(1))
    assert not queries.await_shipped(seconds_max=0.1)
    subscribers.drain()
    assert queries.await_shipped(seconds_max=0)
