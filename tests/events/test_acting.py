"""Events that automations record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from hutong.communities.models import Group
from hutong.events import subscribers
from hutong.events.acting import ACTIONS
from hutong.events.models import LogEntry
from hutong.foundation.acting import Occasion
from hutong.foundation.errors import Invalid
from hutong.members.models import Member
from hutong.workspaces.models import Workspace
from tests.acting import TOLD_BY, do, persons, states

pytestmark = pytest.mark.django_db
(RECORD,) = ACTIONS
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def ming(workspace: Workspace) -> Member:
    return Member.objects.create(workspace=workspace, name="小明", first_seen_at=LONG_AGO, last_seen_at=LONG_AGO)


def recorded() -> list[dict[str, Any]]:
    return [msgspec.json.decode(bytes(row.body)) for row in LogEntry.objects.filter(name="gift_promised").order_by("seq")]


def test_it_is_recorded_once_where_it_happened(workspace: Workspace, group: Group, ming: Member) -> None:
    happened = Occasion(
        event="order_paid",
        group_id=group.pk,
        community_id=group.community_id,
        channel="irc",
        text="谢谢",
        properties={"amount": 30, "Product Name": "杯子"},
    )
    given = {
        "event": "gift_promised",
        "properties": {"gift": "送{{event.Product Name}}", "paid": "{{event.amount}}", "said": "{{event.text}}", "code": "{{event.code|无}}"},
    }
    for _ in range(2):
        assert states(do(RECORD, workspace, given, persons(ming, occasion=happened))) == ["done"]
    (one,) = recorded()
    assert one["properties"] == {"gift": "送杯子", "paid": 30, "said": "谢谢", "code": "无"}
    assert (one["source"], one["member_id"], one["group_id"], one["community_id"], one["channel"]) == (
        TOLD_BY, str(ming.pk), str(group.pk), str(group.community_id), "irc"
    )  # fmt: skip


def test_it_is_no_sign_of_life(workspace: Workspace, ming: Member) -> None:
    do(RECORD, workspace, {"event": "gift_promised"}, persons(ming))
    assert [one.get("is_activity", 0) for one in recorded()] == [0]
    subscribers.drain()
    assert Member.objects.in_workspace(workspace).get().last_seen_at == LONG_AGO


def test_who_lacks_a_property_is_refused_alone(workspace: Workspace, ming: Member) -> None:
    given = {"event": "gift_promised", "properties": {"paid": "{{event.amount}}元"}}
    people = [*persons(ming, key="a", occasion=Occasion(event="x", properties={"amount": {"of": 1}})), *persons(ming, key="b")]
    paid = persons(ming, key="c", occasion=Occasion(event="x", properties={"amount": 2.5}))
    assert states(do(RECORD, workspace, given, [*people, *paid])) == ["missing_field", "missing_field", "done"]
    assert [one["properties"] for one in recorded()] == [{"paid": "2.5元"}]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "event"),
        ({"event": "order_paid"}, "event"),
        ({"event": "group_created"}, "event"),
        ({"event": "$x"}, "event"),
        ({"event": "x" * 201}, "event"),
        ({"event": "ok", "properties": {"a": "{{name}}"}}, "properties.a"),
        ({"event": "ok", "properties": {"a": None}}, "properties.a"),
        ({"event": "ok", "properties": {f"p{n}": "" for n in range(51)}}, "properties"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(workspace: Workspace, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        RECORD.check(workspace.pk, given)
    assert [one["field"] for one in caught.value.errors] == [field]


def test_what_it_brings_about_is_known_as_far_as_it_is(workspace: Workspace) -> None:
    kept = RECORD.check(workspace.pk, {"event": "ok", "properties": {"a": "1", "b": "{{event.x}}"}})
    (cause,) = RECORD.causes(kept)
    assert (cause.event, cause.properties) == ("ok", {"a": "1"})
    assert RECORD.say(workspace.pk, kept) == ("记录事件 ok", "Record the event ok")
