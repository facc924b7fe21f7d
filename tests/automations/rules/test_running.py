from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from hutong.automations.actions import rules
from hutong.automations.models import DailyRuns, Rule, Run
from hutong.automations.rules import pruning, ready, waiting
from hutong.automations.rules.history import STORM_RUNS_MAX
from hutong.events.models import LogEntry
from hutong.events.responders import Happening
from hutong.foundation import clock
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces.models import Workspace
from tests.automations.rules.making import adds, anew, event, happen, has, lacks, make_member, make_rule, make_tag, removes, runs, staff, tags_of

NOON = dt.datetime(2026, 11, 28, 4, 0, tzinfo=dt.UTC)  # 12:00 in Shanghai, a Saturday
NIGHT = dt.datetime(2026, 11, 28, 15, 0, tzinfo=dt.UTC)  # 23:00 there
DAYTIME = {"days": [1, 2, 3, 4, 5, 6, 7], "from": "09:00", "to": "21:00"}


@pytest.fixture
def anna(workspace: Workspace) -> Member:
    return make_member(workspace, "安娜")


@pytest.fixture
def vip(workspace: Workspace) -> Tag:
    return make_tag(workspace, "VIP")


def numbers(rule: Rule) -> list[tuple[dt.date, int, int, int]]:
    return list(DailyRuns.objects.in_workspace(rule.workspace_id).filter(rule=rule).values_list("day", "done", "skipped", "failed"))


def test_acts_once_and_says_what_it_did(workspace: Workspace, anna: Member, vip: Tag) -> None:
    with time_machine.travel(NOON, tick=False):
        rule = make_rule(workspace, "VIP", actions=adds(vip))
        happen(event(anna, "e1"))
        happen(event(anna, "e1"))
    (run,) = Run.objects.in_workspace(workspace)
    assert (run.key, run.member_id, run.event, run.at, run.state, run.reason) == ("e1", anna.pk, "order_paid", NOON, "done", "")
    assert run.outcomes == [{"id": "a0", "state": "done", "zh": "", "en": "", "reason": ""}]
    assert tags_of(anna) == {"VIP"}
    assert numbers(rule) == [(dt.date(2026, 11, 28), 1, 0, 0)]
    (entry,) = LogEntry.objects.filter(name="tag_added")
    assert f'"source":"rule:{rule.pk}"'.encode() in bytes(entry.body)


def test_the_same_batch_again_acts_once(workspace: Workspace, anna: Member, vip: Tag) -> None:
    rule = make_rule(workspace, "VIP", actions=[*adds(vip)], condition=lacks(vip))
    batch = [event(anna, "e1"), event(anna, "e2")]
    for _ in range(2):
        happen(*batch)
        anew()
    assert runs(rule) == [("e1", "done", ""), ("e2", "skipped", "condition")]
    assert LogEntry.objects.filter(name="tag_added").count() == 1


def test_what_happened_before_it_was_switched_on_is_none_of_its_business(workspace: Workspace, anna: Member, vip: Tag) -> None:
    rule = make_rule(workspace, "VIP", actions=adds(vip))
    happen(event(anna, "before", after=-1))
    assert runs(rule) == []
    changed = rules.change(workspace, actor=staff(), rule_id=rule.pk, version=1, values={"is_on": False})
    happen(event(anna, "off", after=1))
    assert (runs(rule), changed.version) == ([], 2)


def test_with_another_trigger_it_begins_anew(workspace: Workspace, anna: Member, vip: Tag) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        rule = make_rule(workspace, "VIP", actions=adds(vip))
        traveller.shift(60)
        renamed = rules.change(workspace, actor=staff(), rule_id=rule.pk, version=1, values={"name": "改名"})
        assert renamed.started_at == NOON
        changed = rules.change(workspace, actor=staff(), rule_id=rule.pk, version=2, values={"trigger": {"kind": "event", "event": "page_viewed"}})
        assert changed.started_at == NOON + dt.timedelta(seconds=60)
        happen(event(anna, "before", "page_viewed", after=-1), event(anna, "order"), event(anna, "after", "page_viewed"))
    assert runs(rule) == [("after", "done", "")]


def test_properties_and_communities(workspace: Workspace, anna: Member, vip: Tag, community) -> None:
    where = [{"property": "amount", "type": "number", "op": "at_least", "value": 100}]
    rule = make_rule(
        workspace, "大单", trigger={"kind": "event", "event": "order_paid", "where": where}, community_id=community.pk, actions=adds(vip)
    )
    there = {"community_id": str(community.pk)}
    happen(
        event(anna, "small", properties={"amount": 99}, **there), event(anna, "elsewhere", properties={"amount": 100}),
        event(anna, "text", properties={"amount": "100"}, **there), event(anna, "large", properties={"amount": 100}, **there),
    )  # fmt: skip
    assert runs(rule) == [("large", "done", "")]


def test_cooldown_and_cap_count_what_was_done(workspace: Workspace, anna: Member, vip: Tag) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        cool = make_rule(workspace, "冷却", actions=adds(vip), cooldown_seconds=60)
        capped = make_rule(workspace, "上限", actions=adds(vip), cap_times=2, cap_days=1)
        happen(event(anna, "e1"), event(anna, "e2"), event(anna, "e3"))
        traveller.shift(60)
        happen(event(anna, "e4"))
        traveller.shift(86_400)
        happen(event(anna, "e5"))
    assert runs(cool) == [("e1", "done", ""), ("e2", "skipped", "cooldown"), ("e3", "skipped", "cooldown"), ("e4", "done", ""), ("e5", "done", "")]
    assert runs(capped) == [("e1", "done", ""), ("e2", "done", ""), ("e3", "skipped", "cap"), ("e4", "skipped", "cap"), ("e5", "done", "")]


def test_the_last_rule_closes_the_event_where_it_acted(workspace: Workspace, anna: Member, vip: Tag) -> None:
    ben = make_member(workspace, "本")
    gold = make_tag(workspace, "金")
    MemberTag.objects.create(workspace=workspace, member=anna, origin=anna, tag=gold)
    MemberTag.objects.create(workspace=workspace, member=ben, origin=ben, tag=make_tag(workspace, "银"))
    first = make_rule(workspace, "先", actions=adds(vip), condition=has(gold), priority=5, is_last=True)
    second = make_rule(workspace, "后", actions=adds(vip))
    happen(event(anna, "e1"), event(ben, "e2"))
    assert runs(first) == [("e1", "done", ""), ("e2", "skipped", "condition")]
    assert sorted(runs(second)) == [("e1", "skipped", "last"), ("e2", "done", "")]


def test_a_chain_of_two_rules_stops(workspace: Workspace, anna: Member, vip: Tag) -> None:
    """Each has a cooldown of a second, so that nobody refuses them; the depth of the event ends the chain."""
    on = make_rule(
        workspace, "来", trigger={"kind": "event", "event": "tag_removed"}, actions=adds(vip), cooldown_seconds=1,
    )  # fmt: skip
    off = make_rule(workspace, "去", trigger={"kind": "event", "event": "tag_added"}, actions=removes(vip), cooldown_seconds=1)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        events = [event(anna, "first", "tag_removed")]
        seen = 0
        while events:
            happen(*events)
            traveller.shift(2)
            entries = LogEntry.objects.filter(seq__gt=seen, name__in=["tag_added", "tag_removed"]).order_by("seq")
            events = []
            for entry in entries:
                said = clockless(bytes(entry.body))
                events.append(event(anna, said.id, said.name, source=said.source))
                seen = entry.seq
    assert [(state, reason) for _, state, reason in runs(on)] == [("done", "")] * 3
    assert [(state, reason) for _, state, reason in runs(off)] == [("done", ""), ("done", ""), ("skipped", "chain")]


def clockless(body: bytes) -> Happening:
    import msgspec

    return msgspec.json.decode(body, type=Happening)


def test_a_storm_is_noted_once_a_minute(workspace: Workspace, anna: Member, vip: Tag) -> None:
    ben = make_member(workspace, "本")
    with time_machine.travel(NOON, tick=False) as traveller:
        rule = make_rule(workspace, "VIP", actions=adds(vip), cooldown_seconds=3600)
        happen(*[event(anna, f"e{number}") for number in range(200)], event(ben, "ben"))
        happen(*[event(anna, f"f{number}") for number in range(200)])
        rows = runs(rule)
        assert [row for row in rows if row[1:] == ("skipped", "storm")] == [(f"e{STORM_RUNS_MAX}", "skipped", "storm")]
        assert len(rows) == STORM_RUNS_MAX + 2
        assert ("ben", "done", "") in rows
        assert numbers(rule) == [(dt.date(2026, 11, 28), 2, STORM_RUNS_MAX, 0)]
        traveller.shift(61)
        happen(event(anna, "later"))
        assert runs(rule)[-1] == ("later", "skipped", "cooldown")


def test_bots_are_passed_over_and_the_merged_are_who_they_are_now(workspace: Workspace, anna: Member, vip: Tag) -> None:
    bot, old = make_member(workspace, "机器人", is_bot=True), make_member(workspace, "旧", merged_into=anna)
    rule = make_rule(workspace, "VIP", actions=adds(vip), cooldown_seconds=60)
    happen(event(bot, "b"), event(old, "o"), event(anna, "a"))
    assert runs(rule) == [("o", "done", ""), ("a", "skipped", "cooldown")]
    assert (tags_of(anna), tags_of(old), tags_of(bot)) == ({"VIP"}, set(), set())


def test_outside_its_hours_it_passes_over(workspace: Workspace, anna: Member, vip: Tag) -> None:
    with time_machine.travel(NIGHT, tick=False):
        rule = make_rule(workspace, "白天", actions=adds(vip), hours=DAYTIME | {"otherwise": "skip"})
        happen(event(anna, "e1"))
    assert runs(rule) == [("e1", "skipped", "hours")]


def test_what_waits_is_judged_anew_in_the_morning(workspace: Workspace, anna: Member, vip: Tag) -> None:
    ben, late = make_member(workspace, "本"), make_tag(workspace, "晚")
    with time_machine.travel(NIGHT, tick=False) as traveller:
        rule = make_rule(
            workspace, "白天", actions=adds(vip), hours=DAYTIME | {"otherwise": "wait"}, condition=lacks(late), cooldown_seconds=60
        )  # fmt: skip
        happen(event(anna, "e1"), event(anna, "e2"), event(ben, "e3", properties={"amount": 5}))
        assert runs(rule) == [("e1", "waiting", "hours"), ("e2", "waiting", "hours"), ("e3", "waiting", "hours")]
        assert set(Run.objects.in_workspace(workspace).values_list("due_at", flat=True)) == {dt.datetime(2026, 11, 29, 1, 0, tzinfo=dt.UTC)}
        assert waiting.perform() == 0
        MemberTag.objects.create(workspace=workspace, member=ben, origin=ben, tag=late)
        traveller.move_to(dt.datetime(2026, 11, 29, 1, 0, tzinfo=dt.UTC))
        assert (waiting.perform(), waiting.perform()) == (3, 0)
    assert runs(rule) == [("e1", "done", ""), ("e2", "skipped", "cooldown"), ("e3", "skipped", "condition")]
    assert set(Run.objects.in_workspace(workspace).values_list("due_at", "occasion")) == {(None, None)}
    assert numbers(rule) == [(dt.date(2026, 11, 29), 1, 2, 0)]


def test_what_waits_for_a_rule_that_is_off_by_then_is_passed_over(workspace: Workspace, anna: Member, vip: Tag) -> None:
    with time_machine.travel(NIGHT, tick=False) as traveller:
        rule = make_rule(workspace, "白天", actions=adds(vip), hours=DAYTIME | {"otherwise": "wait"})
        happen(event(anna, "e1"))
        rules.change(workspace, actor=staff(), rule_id=rule.pk, version=1, values={"is_on": False})
        traveller.shift(12 * 3600)
        waiting.perform()
    assert runs(rule) == [("e1", "skipped", "off")]
    assert tags_of(anna) == set()


def test_a_rule_whose_tag_is_gone_does_nothing_and_says_why(workspace: Workspace, anna: Member, vip: Tag) -> None:
    rule = make_rule(workspace, "VIP", actions=adds(vip), condition=lacks(make_tag(workspace, "金")))
    happen(event(anna, "e1"))
    vip.delete()
    happen(event(anna, "e2"))
    assert runs(rule) == [("e1", "done", ""), ("e2", "failed", "refused")]
    ready.review()
    happen(event(anna, "e3"))
    anew()
    happen(event(anna, "e4"))
    rule.refresh_from_db()
    assert (len(runs(rule)), [one["field"] for one in rule.problems]) == (2, ["actions.0.settings.tag_id"])
    Tag.objects.create(workspace=workspace, pk=rule.actions[0]["settings"]["tag_id"], name="VIP")
    ready.review()
    happen(event(anna, "e5"))
    rule.refresh_from_db()
    assert (runs(rule)[2:], rule.problems) == ([("e5", "done", "")], [])


def test_one_person_who_makes_a_plan_fail_is_alone_with_it(workspace: Workspace, vip: Tag, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from hutong.automations import registry

    anna, ben = make_member(workspace, "安娜"), make_member(workspace, "本")
    real = registry.find("tag.add")

    def plan(doer, settings, people):
        if any(one.member_id == ben.pk for one in people):
            raise KeyError("broken")
        return real.plan(doer, settings, people)

    rule = make_rule(workspace, "VIP", actions=adds(vip))
    monkeypatch.setitem(registry._actions, "tag.add", replace(real, plan=plan))
    happen(event(anna, "e1"), event(ben, "e2"))
    assert runs(rule) == [("e1", "done", ""), ("e2", "failed", "error")]
    (outcome,) = Run.objects.in_workspace(workspace).get(key="e2").outcomes
    assert (outcome["state"], outcome["zh"], outcome["en"]) == ("failed", "出错了，没有做成。", "It went wrong and was not done.")
    assert tags_of(anna) == {"VIP"}


def test_long_ids_of_events_fit_into_keys(workspace: Workspace, anna: Member, vip: Tag) -> None:
    rule = make_rule(workspace, "VIP", actions=adds(vip))
    happen(event(anna, "x" * 200))
    happen(event(anna, "x" * 200))
    ((key, state, _),) = runs(rule)
    assert (len(key), state) == (48, "done")


def test_old_runs_go_but_those_a_cap_counts_stay(workspace: Workspace, anna: Member, vip: Tag) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        for_ever = make_rule(workspace, "一次", actions=adds(vip), cap_times=1)
        plain = make_rule(workspace, "每次", actions=adds(vip))
        happen(event(anna, "e1"), event(anna, "e2"))
        traveller.shift(91 * 86_400)
        happen(event(anna, "e3"))
        pruning.prune()
    assert runs(for_ever) == [("e1", "done", ""), ("e3", "skipped", "cap")]
    assert runs(plain) == [("e3", "done", "")]
