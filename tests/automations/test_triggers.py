from __future__ import annotations

import uuid
from typing import Any

import pytest

from hutong.automations import triggers
from hutong.events.responders import Happening
from hutong.foundation.errors import Invalid
from hutong.segments import vocabulary
from hutong.segments.actions import segments
from hutong.segments.models import Segment
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace

AMOUNT = {"property": "amount", "type": "number", "op": "at_least", "value": 100}
DAILY = {"kind": "daily", "time": "09:00", "zone": "Asia/Shanghai"}


@pytest.fixture
def segment(workspace: Workspace) -> Segment:
    return segments.create(workspace, actor=SYSTEM, name="老客")


def read(workspace: Workspace, raw: Any, **values: Any) -> triggers.AnyTrigger:
    return triggers.read(raw, vocabulary.of(workspace), where="trigger", **values)


def happening(**values: Any) -> Happening:
    return Happening(id="e1", workspace_id=str(uuid.uuid4()), name="order_paid", occurred_at=0.0, **values)


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        ({"kind": "event", "event": "no_such"}, ["trigger.event"]),
        ({"kind": "event"}, ["trigger.event"]),
        ({"kind": "nothing"}, ["trigger.kind"]),
        ({"kind": "event", "event": "order_paid", "wherever": []}, ["trigger"]),
        ({"kind": "event", "event": "order_paid", "where": [AMOUNT, AMOUNT | {"value": "viel"}]}, ["trigger.where.1.value"]),
        ({"kind": "event", "event": "order_paid", "where": [AMOUNT | {"op": "contains"}]}, ["trigger.where.0.op"]),
        ({"kind": "event", "event": "order_paid", "groups": [str(uuid.uuid4())]}, ["trigger.groups"]),
        ({"kind": "segment", "segment": str(uuid.uuid4())}, ["trigger.segment"]),
        ({"kind": "segment", "segment": ""}, ["trigger.segment"]),
        ({"kind": "schedule", "timing": {"kind": "now"}}, ["trigger.timing.kind"]),
        ({"kind": "schedule", "timing": DAILY | {"zone": "Mars/Base"}}, ["trigger.timing.zone"]),
        ({"kind": "schedule", "timing": {"kind": "lunar", "month": 13, "day": 1}}, ["trigger.timing.day"]),
        ({"kind": "schedule", "timing": {"kind": "cron", "cron": "never"}}, ["trigger.timing.cron"]),
        ({"kind": "date", "attribute": "city"}, ["trigger.attribute"]),
        ({"kind": "date", "attribute": "birthday", "offset_days": 367, "time": "9 Uhr"}, ["trigger.offset_days", "trigger.time"]),
        ({"kind": "manual"}, ["trigger.kind"]),
    ],
)
def test_refused_at_the_field(workspace: Workspace, raw: Any, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read(workspace, raw)
    assert [one["field"] for one in refused.value.errors] == fields


def test_by_hand_only_where_it_fits(workspace: Workspace) -> None:
    assert read(workspace, {"kind": "manual"}, kinds=("manual",)) == triggers.ByHand()


def test_properties_groups_and_built_ins_decide(workspace: Workspace, group) -> None:
    where = [AMOUNT, {"property": "$text", "type": "text", "op": "contains", "value": "红"}]
    found = triggers.wanted(read(workspace, {"kind": "event", "event": "order_paid", "where": where, "groups": [str(group.pk)]}))
    there = {"group_id": str(group.pk), "text": "要红色的"}
    assert found is not None
    assert found.passes(happening(properties={"amount": 100}, **there))
    assert not found.passes(happening(properties={"amount": 99.99}, **there))
    assert not found.passes(happening(properties={"amount": "100"}, **there))
    assert not found.passes(happening(properties={}, **there))
    assert not found.passes(happening(properties={"amount": 100}, **there | {"text": "蓝"}))
    assert not found.passes(happening(properties={"amount": 100}, text="红"))


def test_a_segment_is_waited_for_by_its_id(workspace: Workspace, segment: Segment) -> None:
    found = triggers.wanted(read(workspace, {"kind": "segment", "segment": str(segment.pk), "way": "left"}))
    assert found is not None
    assert (found.event, found.equals) == ("segment_left", ("segment_id", str(segment.pk)))
    assert found.passes(happening(properties={"segment_id": str(segment.pk)}))
    assert not found.passes(happening(properties={"segment_id": str(uuid.uuid4())}))


def test_time_waits_for_no_event(workspace: Workspace) -> None:
    assert triggers.wanted(read(workspace, {"kind": "schedule", "timing": DAILY})) is None
    assert triggers.wanted(read(workspace, {"kind": "date", "attribute": "birthday"})) is None


def test_in_words(workspace: Workspace, segment: Segment) -> None:
    words = vocabulary.of(workspace)
    said = [
        triggers.sentence(read(workspace, raw), words)
        for raw in (
            {"kind": "event", "event": "order_paid", "where": [AMOUNT]},
            {"kind": "segment", "segment": str(segment.pk)},
            {
                "kind": "schedule",
                "timing": {"kind": "weekly", "weekdays": [1, 5], "time": "18:30", "only_workdays": True},
                "segment": str(segment.pk),
            },
            {"kind": "schedule", "timing": {"kind": "lunar", "month": 8, "day": 15}},
            {"kind": "date", "attribute": "birthday", "offset_days": -3},
            {"kind": "date", "attribute": "birthday", "calendar": "lunar", "time": "08:00"},
        )
    ]
    assert said == [
        ("有人下单付款（金额至少 100）", "Somebody: “Order paid” where Amount is at least 100"),
        ("有人进入分群“老客”", "Somebody enters the segment “老客”"),
        ("每周一、五 18:30（仅工作日），对分群“老客”", "Every Mon, Fri at 18:30 (working days only), for the segment “老客”"),
        ("每年农历 8 月 15 日 09:00，对所有成员", "Every year on day 15 of month 8 of the Chinese calendar at 09:00, for all members"),
        ("生日前 3 天 09:00", "3 days before Birthday, 09:00"),
        ("生日（农历）当天 08:00", "On Birthday (Chinese calendar), 08:00"),
    ]
