from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine

from hutong.automations import registry
from hutong.automations.models import Rule, Run
from hutong.automations.presets.rules import RULES
from hutong.members.models import Member
from hutong.segments.actions import segments
from hutong.segments.models import Tag
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import AuditEntry, Workspace
from tests.automations.rules.making import adds, event, happen, has, make_member, make_rule, make_tag
from tests.conftest import Api, make_key

NOON = dt.datetime(2026, 11, 28, 4, 0, tzinfo=dt.UTC)
ONE = {"id": "a1", "action": "tag.add"}


@pytest.fixture
def anna(workspace: Workspace) -> Member:
    return make_member(workspace, "安娜")


@pytest.fixture
def vip(workspace: Workspace) -> Tag:
    return make_tag(workspace, "VIP")


def asked(vip: Tag, **values: Any) -> dict[str, Any]:
    return {
        "name": "大单打标签",
        "trigger": {"kind": "event", "event": "order_paid", "where": [{"property": "amount", "type": "number", "op": "at_least", "value": 100}]},
        "actions": [ONE | {"settings": {"tag_id": str(vip.pk)}}],
    } | values  # fmt: skip


def errors(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content
    return [one["field"] for one in answer.json()["errors"]]


def test_every_action_has_its_form(api: Api, workspace: Workspace) -> None:
    found = {one["name"]: one for one in api.get("/automation/actions").json()["items"]}
    assert list(found) == [one.name for one in registry.every()]
    assert found["tag.add"]["fields"] == [
        {
            "name": "tag_id", "kind": "tag", "zh": "标签", "en": "Tag", "hint_zh": "", "hint_en": "", "is_required": True, "default": None,
            "choices": [], "takes_fields": False, "mentions_all": False, "sends": "", "of": "", "only_if": None,
        }
    ]  # fmt: skip
    accounts = {(name, one["name"]): one["sends"] for name, each in found.items() for one in each["fields"] if one["kind"] in ("account", "accounts")}
    assert accounts == {("message.send", "accounts"): "text", ("webhook.call", "account"): "data"}
    assert [name for name, each in found.items() if any(one["mentions_all"] for one in each["fields"])] == ["message.group"]
    assert {one["is_allowed"] for one in found.values()} == {True}
    weak = Api(workspace, make_key(workspace, ["automations.read", "members.tag"]))
    assert {one["name"] for one in weak.get("/automation/actions").json()["items"] if one["is_allowed"]} == {"tag.add", "tag.remove"}


def test_sentences(api: Api, vip: Tag) -> None:
    said = api.post("/automation/actions/sentence", {"action": "tag.add", "settings": {"tag_id": str(vip.pk)}}).json()
    assert said == {"zh": "打上标签「VIP」", "en": "Add the tag “VIP”"}
    assert errors(api.post("/automation/actions/sentence", {"action": "tag.add", "settings": {"tag_id": str(uuid.uuid4())}})) == ["settings.tag_id"]
    assert errors(api.post("/automation/actions/sentence", {"action": "nothing.do"})) == ["action"]
    with time_machine.travel(NOON, tick=False):
        timing = {"kind": "daily", "time": "09:30", "zone": "Asia/Shanghai"}
        said = api.post("/automation/triggers/sentence", {"trigger": {"kind": "schedule", "timing": timing}}).json()
    assert (said["zh"], said["en"]) == ("每天 09:30，对所有成员", "Every day at 09:30, for all members")
    assert (len(said["dates"]), said["dates"][0], said["unknown_years"]) == (10, "2026-11-29T01:30:00Z", [])
    assert errors(api.post("/automation/triggers/sentence", {"trigger": {"kind": "schedule", "timing": timing | {"time": "25:00"}}})) == [
        "trigger.timing.time"
    ]


def test_a_rule_from_draft_to_deletion(api: Api, workspace: Workspace, anna: Member, vip: Tag) -> None:
    hours = {"days": [1, 2, 3], "from": "22:00", "to": "06:00", "otherwise": "wait"}
    answer = api.post("/automation/rules", asked(vip, hours=hours, condition=has(vip), priority=3, description="说明"))
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["sentences"] == {
        "trigger": {"zh": "有人下单付款（金额至少 100）", "en": "Somebody: “Order paid” where Amount is at least 100"},
        "condition": {"zh": "有标签“VIP”", "en": "has the tag “VIP”"},
        "actions": [{"id": "a1", "zh": "打上标签「VIP」", "en": "Add the tag “VIP”"}],
    }
    assert (made["hours"], made["is_on"], made["version"], made["problems"], made["started_at"]) == (hours, False, 1, [], None)
    assert (len(made["days"]), made["done"], made["last_run"], made["created_by"]) == (7, 0, None, "test")
    path = f"/automation/rules/{made['id']}"
    changed = api.patch(path, {"version": 1, "hours": None, "condition": None, "is_on": True}).json()
    assert (changed["hours"], changed["condition"], changed["is_on"], changed["version"], changed["priority"]) == (None, None, True, 2, 3)
    happen(event(anna, "e1", properties={"amount": 100}))
    shown = api.get(path).json()
    assert (shown["done"], shown["days"][-1]["done"], shown["last_run"]["state"]) == (1, 1, "done")
    assert api.get("/automation/rules", state="on").json()["total"] == 1
    assert api.get("/automation/rules", state="off").json()["items"] == []
    assert [one["name"] for one in api.get("/automation/rules", q="大单", trigger="event").json()["items"]] == ["大单打标签"]
    assert api.get("/automation/rules", trigger="date").json()["items"] == []
    assert api.delete(path).status_code == 204
    assert (api.get(path).status_code, Run.objects.in_workspace(workspace).count()) == (404, 0)
    assert list(AuditEntry.objects.in_workspace(workspace).order_by("pk").values_list("action", flat=True)) == [
        "rule.create", "rule.change", "rule.delete",
    ]  # fmt: skip


def test_refusals_say_where(api: Api, workspace: Workspace, vip: Tag) -> None:
    where = [{"property": "amount", "type": "number", "op": "at_least", "value": "viel"}]
    wrong = asked(
        vip, trigger={"kind": "event", "event": "order_paid", "where": where},
        condition={"kind": "all", "of": [has(vip), {"kind": "tag", "tag": str(uuid.uuid4())}]},
        actions=[ONE | {"settings": {"tag_id": str(vip.pk)}}, {"id": "a2", "action": "tag.add", "settings": {"tag_id": ""}}, ONE | {"action": "no.such"}],
    )  # fmt: skip
    assert errors(api.post("/automation/rules", wrong)) == [
        "trigger.where.0.value", "condition/of/1/tag", "actions.1.settings.tag_id", "actions.2.id",
    ]  # fmt: skip
    assert errors(api.post("/automation/rules", asked(vip, trigger={"kind": "manual"}))) == ["trigger.kind"]
    assert errors(api.post("/automation/rules", asked(vip, actions=[], is_on=True))) == ["actions"]
    assert api.post("/automation/rules", asked(vip, actions=[])).status_code == 201
    assert api.post("/automation/rules", asked(vip)).json()["code"] == "rule_name_taken"
    assert api.post("/automation/rules", asked(vip, name="别处", community_id=str(uuid.uuid4()))).status_code == 404
    assert Rule.objects.in_workspace(workspace).count() == 1


def test_two_editors_do_not_write_over_each_other(api: Api, vip: Tag) -> None:
    path = f"/automation/rules/{api.post('/automation/rules', asked(vip)).json()['id']}"
    assert api.patch(path, {"version": 1, "name": "甲"}).json()["version"] == 2
    answer = api.patch(path, {"version": 1, "name": "乙"})
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]) == (409, "rule_changed", {"by": "test"})
    assert api.get(path).json()["name"] == "甲"
    assert errors(api.patch(path, {"version": 2, "name": None})) == ["name"]


def test_whoever_automates_an_action_must_be_allowed_to_do_it(api: Api, workspace: Workspace, vip: Tag) -> None:
    weak = Api(workspace, make_key(workspace, ["automations.read", "automations.manage"]))
    answer = weak.post("/automation/rules", asked(vip))
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]["permission"]) == (403, "action_not_allowed", "members.tag")
    assert (answer.json()["errors"][0]["field"], Rule.objects.in_workspace(workspace).count()) == ("actions.0.action", 0)
    path = f"/automation/rules/{api.post('/automation/rules', asked(vip, is_on=True)).json()['id']}"
    assert weak.patch(path, {"version": 1, "priority": 3}).status_code == 403
    assert weak.patch(path, {"version": 1, "name": "改名"}).json()["name"] == "改名"
    assert weak.patch(path, {"version": 2, "is_on": False}).json()["is_on"] is False
    assert weak.patch(path, {"version": 3, "is_on": True}).status_code == 403


def test_circles_are_refused_where_they_can_be_seen(api: Api, vip: Tag) -> None:
    gold = asked(vip, name="循环", trigger={"kind": "event", "event": "tag_added"}, is_on=True)
    assert errors(api.post("/automation/rules", gold)) == ["actions.0"]
    only = [{"property": "tag_id", "type": "text", "op": "is", "value": str(uuid.uuid4())}]
    assert (
        api.post("/automation/rules", gold | {"name": "别的标签", "trigger": {"kind": "event", "event": "tag_added", "where": only}}).status_code
        == 201
    )
    assert api.post("/automation/rules", gold | {"name": "有上限", "cap_times": 1}).status_code == 201
    there = asked(vip, name="去", trigger={"kind": "event", "event": "tag_removed"}, is_on=True)
    back = there | {
        "name": "来",
        "trigger": {"kind": "event", "event": "tag_added"},
        "actions": [ONE | {"action": "tag.remove"} | {"settings": {"tag_id": str(vip.pk)}}],
    }
    assert api.post("/automation/rules", there).status_code == 201
    answer = api.post("/automation/rules", back)
    assert errors(answer) == ["actions.0"]
    assert "去" in answer.json()["errors"][0]["message"]
    assert api.post("/automation/rules", back | {"is_on": False}).status_code == 201


def test_the_log_says_why(api: Api, workspace: Workspace, anna: Member, vip: Tag) -> None:
    rule = make_rule(workspace, "VIP", actions=adds(vip), cap_times=1)
    old = make_member(workspace, "旧", merged_into=anna)
    happen(event(old, "e1"), event(anna, "e2"))
    Run.objects.in_workspace(workspace).filter(key="e1").update(member=old)
    found = api.get(f"/automation/rules/{rule.pk}/runs").json()["items"]
    assert [(one["member"]["name"], one["state"], one["reason"], one["event_name"]["zh"]) for one in found] == [
        ("安娜", "skipped", {"code": "cap", "zh": "对这位成员已达到次数上限。", "en": "The cap for this member was reached."}, "下单付款"),
        ("安娜", "done", None, "下单付款"),
    ]
    assert found[1]["outcomes"] == [{"id": "a0", "state": "done", "reason": "", "zh": "", "en": ""}]
    assert len(api.get(f"/automation/rules/{rule.pk}/runs", state="done", member_id=str(anna.pk)).json()["items"]) == 1
    page = api.get("/automation/runs", member_id=str(anna.pk), limit=1).json()
    assert (len(page["items"]), page["items"][0]["rule"]["name"]) == (1, "VIP")
    assert len(api.get("/automation/runs", member_id=str(anna.pk), cursor=page["next_cursor"]).json()["items"]) == 1
    assert api.get(f"/automation/rules/{uuid.uuid4()}/runs").status_code == 404


def test_every_preset_can_be_switched_on_once_its_needs_are_filled(api: Api, workspace: Workspace, vip: Tag) -> None:
    segment = segments.create(workspace, actor=SYSTEM, name="分群")
    fills = {"tag_id": str(vip.pk), "segment": str(segment.pk)}
    found = api.get("/automation/rules/presets").json()["items"]
    assert (len({one["key"] for one in found}), len(found)) == (len(RULES), len(RULES))
    for one in found:
        body = one["rule"] | {"name": one["rule"]["name"]["zh"], "preset": one["key"], "is_on": True}
        if one["needs"]:
            assert sorted(errors(api.post("/automation/rules", body))) == sorted(one["needs"]), one["key"]
        for need in one["needs"]:
            *way, last = need.split(".")
            at: Any = body
            for part in way:
                at = at[int(part) if part.isdigit() else part]
            at[last] = fills.get(last, "")
        if "actions.0.settings.account" not in one["needs"]:  # which needs a connected account
            answer = api.post("/automation/rules", body)
            assert (answer.status_code, answer.json().get("preset")) == (201, one["key"]), answer.content


def test_another_workspace_sees_nothing(api: Api, other_api: Api, vip: Tag) -> None:
    made = api.post("/automation/rules", asked(vip)).json()["id"]
    assert other_api.get(f"/automation/rules/{made}").status_code == 404
    assert other_api.patch(f"/automation/rules/{made}", {"version": 1, "is_on": True}).status_code == 404
    assert other_api.delete(f"/automation/rules/{made}").status_code == 404
    assert other_api.get("/automation/rules").json()["total"] == 0
    assert errors(other_api.post("/automation/rules", asked(vip))) == ["actions.0.settings.tag_id"]
