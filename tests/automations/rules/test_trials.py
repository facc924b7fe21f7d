from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from hutong.automations.models import Run
from hutong.events import subscribers
from hutong.events.models import LogEntry
from hutong.events.warehouse import engine
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces.models import Workspace
from tests.automations.rules.making import adds, event, happen, has, make_member, make_rule, make_tag, tags_of
from tests.automations.rules.test_firing import person
from tests.conftest import Api

NOON = dt.datetime(2026, 11, 28, 4, 0, tzinfo=dt.UTC)
SPENT = {"kind": "event", "event": "order_paid", "where": [{"property": "amount", "type": "number", "op": "at_least", "value": 100}]}


@pytest.fixture
def vip(workspace: Workspace) -> Tag:
    return make_tag(workspace, "VIP")


def pays(member: Member, amount: float, *, key: str, ago: dt.timedelta = dt.timedelta(0)) -> None:
    stream.record(
        Fact(
            workspace_id=member.workspace_id, name="order_paid", member_id=member.pk, occurred_at=clock.now() - ago, id=key,
            properties={"order_id": key, "amount": amount, "currency": "CNY"},
        )
    )  # fmt: skip


def rule(vip: Tag, **values: Any) -> dict[str, Any]:
    return {"name": "大单", "trigger": SPENT, "actions": adds(vip)} | values


def test_on_a_member_every_check_is_said_and_nothing_is_written(api: Api, workspace: Workspace, vip: Tag) -> None:
    gold = make_tag(workspace, "金")
    condition = {"kind": "all", "of": [has(gold), {"kind": "event", "event": "order_paid", "op": "at_least", "value": 1, "window": {"kind": "ever"}}]}
    hours = {"days": [1, 2, 3, 4, 5, 6, 7], "from": "13:00", "to": "14:00", "otherwise": "wait"}
    with time_machine.travel(NOON, tick=False):
        anna = person(workspace, "安娜")
        pays(anna, 150, key="o1")
        subscribers.drain()
        before = LogEntry.objects.count()
        body = {"rule": rule(vip, condition=condition, hours=hours, cooldown_seconds=60, cap_times=1), "member_id": str(anna.pk)}
        found = api.post("/automation/rules/trial", body).json()["member"]
    assert (found["member"]["name"], found["event"], found["occurred_at"], found["acts"]) == ("安娜", "order_paid", "2026-11-28T04:00:00Z", False)
    assert [(one["check"], one["passes"], one["zh"]) for one in found["steps"]] == [
        ("trigger", True, "事件符合。"), ("hours", False, "现在不是生效时段，会等到 2026-11-28 13:00。"), ("cooldown", True, "不在冷却时间内。"),
        ("cap", True, "已执行 0 次，上限 1 次。"), ("condition", False, "条件不成立。"),
    ]  # fmt: skip
    assert [(one["holds"], one["zh"]) for one in found["steps"][-1]["parts"]] == [(False, "有标签“金”"), (True, "有过下单付款")]
    assert found["outcomes"] == [{"id": "a0", "state": "done", "zh": "", "en": "", "reason": ""}]
    assert (Run.objects.in_workspace(workspace).count(), tags_of(anna), LogEntry.objects.count()) == (0, set(), before)


def test_with_a_saved_rule_its_cooldown_counts(api: Api, workspace: Workspace, vip: Tag) -> None:
    anna = make_member(workspace, "安娜")
    saved = make_rule(workspace, "大单", actions=adds(vip), cooldown_seconds=3600)
    happen(event(anna, "e1"))
    body = {"rule": rule(vip, cooldown_seconds=3600, cap_times=1), "member_id": str(anna.pk), "occasion": {"properties": {"amount": 100}}}
    steps = api.post("/automation/rules/trial", body | {"rule_id": str(saved.pk)}).json()["member"]["steps"]
    assert [(one["check"], one["passes"]) for one in steps] == [("trigger", True), ("cooldown", False), ("cap", False)]
    assert api.post("/automation/rules/trial", body).json()["member"]["acts"] is True
    small = api.post("/automation/rules/trial", body | {"occasion": {"properties": {"amount": 99}}}).json()["member"]
    assert (small["acts"], small["steps"][0]["passes"], small["outcomes"][0]["state"]) == (False, False, "unchanged")


def test_on_the_last_days(api: Api, workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(NOON, tick=False):
        anna, ben, bot = (person(workspace, name) for name in ("安娜", "本", "机器人"))
        Member.objects.in_workspace(workspace).filter(pk=bot.pk).update(is_bot=True)
        gold = make_tag(workspace, "金")
        MemberTag.objects.create(workspace=workspace, member=anna, origin=anna, tag=gold)
        for hours, who, amount in ((1, anna, 100), (2, anna, 200), (30, anna, 300), (3, ben, 500), (4, ben, 20), (5, bot, 900), (24 * 9, anna, 900)):
            pays(who, amount, key=f"o{hours}", ago=dt.timedelta(hours=hours))
        subscribers.drain()
        body = {"rule": rule(vip, condition=has(gold), cooldown_seconds=86_400), "days": 7}
        found = api.post("/automation/rules/trial", body).json()["days"]
    assert (found["since"], found["events"], found["people"], found["acts"], found["acts_people"], found["is_cut"]) == (
        "2026-11-21T04:00:00Z", 4, 2, 2, 1, False,
    )  # fmt: skip
    assert {one["code"]: one["count"] for one in found["reasons"]} == {"condition": 1, "cooldown": 1}
    assert [(one["at"], one["member"]["name"]) for one in found["examples"]] == [("2026-11-28T02:00:00Z", "安娜"), ("2026-11-26T22:00:00Z", "安娜")]


def test_imported_history_sets_nothing_off_in_a_try_either(api: Api, workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(NOON, tick=False):
        pays(person(workspace, "安娜"), 150, key="o1", ago=dt.timedelta(hours=1))
        subscribers.drain()
        engine.command(
            "INSERT INTO events SELECT * REPLACE (concat(id, '-imported') AS id, true AS is_history) FROM events WHERE name = 'order_paid'"
        )
        found = api.post("/automation/rules/trial", {"rule": rule(vip), "days": 7}).json()["days"]
    assert (found["events"], found["people"], found["acts"]) == (1, 1, 1)


def test_of_schedules_and_dates_the_moments_are_counted(api: Api, workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(NOON, tick=False):
        person(workspace, "安娜", birthday="11-26")
        person(workspace, "本", birthday="11-29")
        subscribers.drain()
        timing = {"kind": "daily", "time": "09:00", "zone": "Asia/Shanghai"}
        daily = api.post("/automation/rules/trial", {"rule": rule(vip, trigger={"kind": "schedule", "timing": timing}), "days": 3}).json()["days"]
        birthdays = {"kind": "date", "attribute": "birthday", "time": "09:00"}
        dates = api.post("/automation/rules/trial", {"rule": rule(vip, trigger=birthdays), "days": 3}).json()["days"]
        ben = Member.objects.in_workspace(workspace).get(name="本")
        one = api.post("/automation/rules/trial", {"rule": rule(vip, trigger=birthdays), "member_id": str(ben.pk)}).json()["member"]
    assert (daily["events"], daily["people"], daily["acts"]) == (6, 2, 6)
    assert [(each["at"], each["member"]["name"]) for each in dates["examples"]] == [("2026-11-26T01:00:00Z", "安娜")]
    assert (one["event"], one["steps"][0]["zh"], one["acts"]) == ("", "下一次在 2026-11-29 09:00。", True)


def test_what_cannot_be_tried(api: Api, workspace: Workspace, vip: Tag) -> None:
    anna = make_member(workspace, "安娜")
    bot = make_member(workspace, "机器人", is_bot=True)
    path = "/automation/rules/trial"
    assert api.post(path, {"rule": rule(vip)}).json()["errors"][0]["field"] == "member_id"
    assert api.post(path, {"rule": rule(vip), "member_id": str(bot.pk)}).json()["errors"][0]["field"] == "member_id"
    assert api.post(path, {"rule": rule(vip), "member_id": str(vip.pk)}).status_code == 404
    assert api.post(path, {"rule": rule(vip), "member_id": str(anna.pk), "event_id": "none"}).status_code == 404
    assert api.post(path, {"rule": rule(vip), "days": 31}).status_code == 422
    assert api.post(path, {"rule": rule(vip, trigger=SPENT | {"event": "no_such"}), "days": 1}).json()["errors"][0]["field"] == "trigger.event"
    never = api.post(path, {"rule": rule(vip), "member_id": str(anna.pk)}).json()["member"]
    assert (never["steps"][0]["passes"], never["steps"][0]["en"]) == (False, "Nothing of that kind has happened to them yet.")
