"""Rules through the stream itself: the responder at once, the follower once the warehouse has what happened."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from hutong.automations import answering, definitions
from hutong.automations.listening import Kept
from hutong.channels import outbox
from hutong.channels.models import Account, Send
from hutong.events import queries, subscribers
from hutong.events.models import DeadEvent
from hutong.foundation import clock
from hutong.segments.actions import segments
from hutong.segments.work import building
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.automations.rules.making import adds, has, make_rule, make_tag, removes, runs, tags_of
from tests.automations.rules.test_firing import person
from tests.automations.rules.test_trials import pays
from tests.broadcasts.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.broadcasts.making import people

NOON = dt.datetime(2026, 11, 28, 4, 0, tzinfo=dt.UTC)
ORDERS = {"kind": "event", "event": "order_paid", "op": "at_least", "value": 2, "window": {"kind": "ever"}}


@pytest.fixture(autouse=True)
def _index(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_kept", "_kept_late"):
        monkeypatch.setattr(answering, name, Kept(definitions.stamp, lambda: list(answering._listeners())))


def test_what_somebody_did_before_is_asked_once_the_warehouse_has_it(workspace: Workspace) -> None:
    vip, loyal = make_tag(workspace, "VIP"), make_tag(workspace, "回头客")
    with time_machine.travel(NOON, tick=False):
        anna = person(workspace, "安娜")
        subscribers.drain()
        early = make_rule(workspace, "打标签", actions=adds(vip), cap_times=1)
        late = make_rule(workspace, "第二单", actions=adds(loyal), condition=ORDERS, cap_times=1)
        chained = make_rule(
            workspace, "有了标签", trigger={"kind": "event", "event": "tag_added"}, condition=has(loyal), actions=adds(vip), cap_times=1
        )
        pays(anna, 10, key="o1")
        subscribers.drain()
        assert (runs(early), runs(late)) == ([("o1", "done", "")], [("o1", "skipped", "condition")])
        pays(anna, 10, key="o2")
        subscribers.drain()
        subscribers.drain()
    assert (runs(early)[1:], runs(late)[1:]) == ([("o2", "skipped", "cap")], [("o2", "done", "")])
    assert [row[1:] for row in runs(chained)] == [("skipped", "condition"), ("done", "")]
    assert tags_of(anna) == {"VIP", "回头客"}
    assert DeadEvent.objects.count() == 0


def test_rules_that_set_each_other_off_by_what_they_send_stop(workspace: Workspace, account: Account) -> None:  # noqa: F811
    """Each has a cooldown, so that nobody refuses them; what became of a message says how many automations led to it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        (ming,) = people(workspace, 1)
        sends = [{"id": "s", "action": "message.send", "settings": {"parts": [{"kind": "text", "text": "你好"}], "purpose": "service"}}]
        arrived = {"kind": "event", "event": "message_delivered"}
        first = make_rule(workspace, "付款后发消息", actions=sends)
        again = make_rule(workspace, "送达后再发", trigger=arrived, actions=sends, cooldown_seconds=1)
        pays(ming, 10, key="o1")
        for _ in range(10):
            subscribers.drain()
            outbox.drain()
            traveller.shift(2)
    assert runs(first) == [("o1", "done", "")]
    assert [row[1:] for row in runs(again)] == [("done", "")] * 4 + [("skipped", "chain")]
    by_again = [f"rule:{again.pk}:{depth}" for depth in (2, 3, 4, 5)]
    assert list(Send.objects.in_workspace(workspace).order_by("id").values_list("source", flat=True)) == [f"rule:{first.pk}", *by_again]


def test_rules_that_move_somebody_in_and_out_of_a_live_segment_stop(workspace: Workspace) -> None:
    """The segment says who moved them, and how deep the chain was."""
    vip = make_tag(workspace, "VIP")
    with time_machine.travel(NOON, tick=False):
        anna = person(workspace, "安娜")
        segment = segments.create(workspace, actor=SYSTEM, name="有标签", condition=has(vip))
        building.perform(segment.pk, because="edit", asked_ms=clock.now_ms() + 1)
        subscribers.drain()
        inside = {"kind": "segment", "segment": str(segment.pk)}
        first = make_rule(workspace, "付款", actions=adds(vip))
        off = make_rule(workspace, "进了分群就去掉", trigger=inside | {"way": "entered"}, actions=removes(vip), cap_times=50)
        on = make_rule(workspace, "出了分群就打上", trigger=inside | {"way": "left"}, actions=adds(vip), cap_times=50)
        pays(anna, 10, key="o1")
        subscribers.drain()
        told = queries.rows(
            "SELECT name, source FROM events WHERE workspace_id = {w:UUID} AND name LIKE 'segment_%' ORDER BY occurred_at, id",
            {"w": str(workspace.pk)},
        )
    assert [row[1:] for row in runs(off)] == [("done", ""), ("done", ""), ("skipped", "chain")]
    assert [row[1:] for row in runs(on)] == [("done", "")] * 2
    assert told == [
        ("segment_entered", f"rule:{first.pk}"),
        ("segment_left", f"rule:{off.pk}:2"),
        ("segment_entered", f"rule:{on.pk}:3"),
        ("segment_left", f"rule:{off.pk}:4"),
        ("segment_entered", f"rule:{on.pk}:5"),
    ]
    assert DeadEvent.objects.count() == 0
