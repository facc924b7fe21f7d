from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
import time_machine

from hutong.automations import dated, firing
from hutong.automations.actions import journeys
from hutong.automations.journeys import entering
from hutong.automations.journeys.dates import day_in
from hutong.automations.journeys.timed import Journeys
from hutong.automations.models import Firing, Rule, Run
from hutong.automations.rules.reasons import REASONS
from hutong.automations.rules.timed import Rules
from hutong.automations.triggers import OnDate
from hutong.events import subscribers
from hutong.foundation import lunar
from hutong.members.actions import attributes, profiles
from hutong.members.models import Member, Membership
from hutong.segments.actions import segments
from hutong.segments.models import Tag
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import boss, drawn, node, publish
from tests.automations.rules.making import adds, has, make_member, make_rule, make_tag, runs, tags_of
from tests.conftest import Api

UTC = dt.UTC
MORNING = dt.datetime(2026, 11, 28, 0, 0, tzinfo=UTC)  # 8:00 in Shanghai


@pytest.fixture
def vip(workspace: Workspace) -> Tag:
    return make_tag(workspace, "VIP")


def person(workspace: Workspace, name: str, **given: Any) -> Member:
    return profiles.create(workspace, actor=SYSTEM, name=name, identities=[("qq", name)], given=given)


def turn() -> int:
    subscribers.drain()
    return firing.turn([Rules()])


def daily(**timing: Any) -> dict[str, Any]:
    return {"kind": "schedule", "timing": {"kind": "daily", "time": "09:00", "zone": "Asia/Shanghai"} | timing}


def birthday(**values: Any) -> dict[str, Any]:
    return {"kind": "date", "attribute": "birthday", "time": "09:00"} | values


def names(rule: Rule, **wanted: Any) -> list[str]:
    rows = Run.objects.in_workspace(rule.workspace_id).filter(rule=rule, **wanted).order_by("pk")
    return list(rows.values_list("member__name", flat=True))


def fired(rule: Rule) -> list[tuple[str, int, bool]]:
    return list(Firing.objects.in_workspace(rule.workspace_id).filter(automation=rule.pk).order_by("at").values_list("key", "seen", "is_done"))


def test_a_schedule_comes_for_everybody_once(workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        for name in ("安娜", "本"):
            person(workspace, name)
        make_member(workspace, "机器人", is_bot=True)
        make_member(workspace, "访客", is_anonymous=True)
        rule = make_rule(workspace, "每天", trigger=daily(), actions=adds(vip))
        assert (turn(), fired(rule)) == (0, [])
        traveller.shift(3600)
        assert (turn(), turn()) == (2, 0)
        assert fired(rule) == [("2026-11-28T01:00:00Z", 2, True)]
        assert names(rule, state="done") == ["安娜", "本"]
        traveller.shift(-1800)  # the clock is set back
        assert turn() == 0
        traveller.shift(1800 + 30 * 86_400 + 3600)  # down for a month: the last moment, which is an hour ago
        assert turn() == 2
        assert [key for key, _, _ in fired(rule)] == ["2026-11-28T01:00:00Z", "2026-12-28T01:00:00Z"]


def test_a_moment_of_more_than_a_day_ago_stays_missed(workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        person(workspace, "安娜")
        timing = {"kind": "at", "at": "2026-11-28T09:00", "zone": "Asia/Shanghai"}
        rule = make_rule(workspace, "一次", trigger={"kind": "schedule", "timing": timing}, actions=adds(vip))
        traveller.shift(3600 + 86_401)
        assert (turn(), fired(rule)) == (0, [])


def test_whom_the_condition_leaves_out_of_a_crowd_is_not_written_down(workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        person(workspace, "安娜")
        rule = make_rule(workspace, "每天", trigger=daily(), actions=adds(make_tag(workspace, "金")), condition=has(vip))
        traveller.shift(3600)
        assert (turn(), runs(rule)) == (1, [])


def test_only_those_of_the_segment_and_the_community(workspace: Workspace, vip: Tag, community, group) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        anna, ben, cleo = (person(workspace, name) for name in ("安娜", "本", "克莱奥"))
        segment = segments.create(workspace, actor=SYSTEM, name="分群", member_ids=[anna.pk, ben.pk])
        for one, left_at in ((anna, None), (ben, MORNING), (cleo, None)):
            Membership.objects.create(workspace=workspace, community=community, group=group, member=one, joined_at=MORNING, left_at=left_at)
        both = make_rule(
            workspace, "都", trigger=daily() | {"segment": str(segment.pk)}, community_id=community.pk, actions=adds(vip)
        )  # fmt: skip
        there = make_rule(workspace, "社群", trigger=daily(), community_id=community.pk, actions=adds(vip))
        inside = make_rule(workspace, "分群", trigger=daily() | {"segment": str(segment.pk)}, actions=adds(vip))
        traveller.shift(3600)
        turn()
    assert (names(both), names(there), names(inside)) == (["安娜"], ["安娜", "克莱奥"], ["安娜", "本"])


@pytest.mark.parametrize(
    ("before", "moment"),
    [
        # 02:30 does not exist on 8 March: it is taken as much later as the clock jumps.
        (dt.datetime(2026, 3, 8, 5, 0, tzinfo=UTC), dt.datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        # 02:30 on 1 November comes after the hour that is there twice.
        (dt.datetime(2026, 11, 1, 4, 0, tzinfo=UTC), dt.datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
    ],
)
def test_once_a_day_where_the_clocks_change(workspace: Workspace, vip: Tag, before: dt.datetime, moment: dt.datetime) -> None:
    with time_machine.travel(before, tick=False) as traveller:
        person(workspace, "安娜")
        rule = make_rule(workspace, "夜里", trigger=daily(time="02:30", zone="America/New_York"), actions=adds(vip))
        for _ in range(20 * 6):
            traveller.shift(600)
            turn()
    assert list(Firing.objects.in_workspace(workspace).values_list("at", flat=True)) == [moment]
    assert len(runs(rule)) == 1


def test_a_birthday_comes_on_each_members_own_clock(workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        person(workspace, "上海", birthday="1990-11-28")
        person(workspace, "纽约", birthday="11-28", time_zone="America/New_York")
        person(workspace, "别的日子", birthday="11-27")
        person(workspace, "没有生日")
        rule = make_rule(workspace, "生日", trigger=birthday(), actions=adds(vip))
        turn()
        assert names(rule) == []
        traveller.move_to(dt.datetime(2026, 11, 28, 1, 0, tzinfo=UTC))
        turn()
        assert names(rule) == ["上海"]
        traveller.move_to(dt.datetime(2026, 11, 28, 14, 0, tzinfo=UTC))
        turn()
        turn()
        assert names(rule) == ["上海", "纽约"]
        assert tags_of(Member.objects.in_workspace(workspace).get(name="纽约")) == {"VIP"}
        traveller.move_to(dt.datetime(2027, 11, 28, 15, 0, tzinfo=UTC))
        turn()
        assert names(rule) == ["上海", "纽约", "上海", "纽约"]


def test_whoever_moves_to_another_zone_on_the_day_is_greeted_once(workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        anna = person(workspace, "安娜", birthday="11-28")
        person(workspace, "别人", time_zone="America/New_York")
        rule = make_rule(workspace, "生日", trigger=birthday(), actions=adds(vip))
        traveller.move_to(dt.datetime(2026, 11, 28, 1, 0, tzinfo=UTC))
        turn()
        attributes.set_value(workspace, actor=SYSTEM, member_id=anna.pk, key="time_zone", value="America/New_York")
        traveller.move_to(dt.datetime(2026, 11, 28, 14, 0, tzinfo=UTC))
        turn()
        assert len(runs(rule)) == 1


def test_days_before_other_dates_and_the_chinese_calendar(workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        attributes.define(workspace, actor=SYSTEM, key="expires", name_zh="到期", name_en="Expires", kind="date")
        person(workspace, "快到期", expires="2026-12-01")
        person(workspace, "周年", expires="2020-12-01")
        month, day = lunar.month_and_day(dt.date(2026, 11, 28))
        person(workspace, "农历", birthday=lunar.day_of(1985, month, day).isoformat())
        person(workspace, "只有农历月日", birthday=f"{month:02}-{day:02}")
        person(workspace, "公历", birthday="1985-11-28")
        trigger = birthday(attribute="expires", offset_days=-3)
        once = make_rule(workspace, "到期前", trigger=trigger, actions=adds(vip))
        yearly = make_rule(workspace, "周年前", trigger=trigger | {"yearly": True}, actions=adds(vip))
        by_moon = make_rule(workspace, "农历生日", trigger=birthday(calendar="lunar"), actions=adds(vip))
        traveller.shift(3600)
        turn()
    assert (names(once), sorted(names(yearly)), sorted(names(by_moon))) == (["快到期"], ["周年", "快到期"], ["农历", "只有农历月日"])


def test_29_february(workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(dt.datetime(2027, 2, 27, tzinfo=UTC), tick=False) as traveller:
        person(workspace, "闰日", birthday="2000-02-29")
        rule = make_rule(workspace, "生日", trigger=birthday(), actions=adds(vip))
        for day in (dt.date(2027, 2, 28), dt.date(2027, 3, 1), dt.date(2028, 2, 28), dt.date(2028, 2, 29)):
            traveller.move_to(dt.datetime.combine(day, dt.time(2), UTC))
            turn()
        keys = [key.partition("/")[2] for key, _, _ in runs(rule)]
    assert keys == ["2027-02-28", "2028-02-29"]


def test_killed_between_pieces_it_goes_on(workspace: Workspace, vip: Tag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firing, "PEOPLE_TOGETHER", 2)

    class Dying(Rules):
        pieces = 0

        def fire(self, fired: Firing, members: Sequence[uuid.UUID]) -> Any:
            self.pieces += 1
            write = super().fire(fired, members)

            def dies() -> None:
                write()
                raise OSError("killed")

            return dies if self.pieces == 2 else write

    with time_machine.travel(MORNING, tick=False) as traveller:
        people = [person(workspace, f"m{number}") for number in range(5)]
        rule = make_rule(workspace, "每天", trigger=daily(), actions=adds(vip))
        traveller.shift(3600)
        assert firing.turn([Dying()]) == 2
        assert (len(runs(rule)), fired(rule)) == (2, [("2026-11-28T01:00:00Z", 2, False)])
        traveller.shift(firing.PAUSE_SECONDS)
        assert firing.turn([Rules()]) == 3
    assert fired(rule) == [("2026-11-28T01:00:00Z", 5, True)]
    assert sorted(names(rule, state="done")) == [one.name for one in people]


class Failing(Rules):
    """Fails at each of these pieces."""

    def __init__(self, *pieces: int) -> None:
        self.tried, self.failing = 0, pieces

    def fire(self, fired: Firing, members: Sequence[uuid.UUID]) -> Any:
        self.tried += 1
        if self.tried in self.failing:
            raise ArithmeticError("not today")
        return super().fire(fired, members)


def state(rule: Rule) -> tuple[int, int, dt.datetime | None, bool, bool]:
    (row,) = Firing.objects.in_workspace(rule.workspace_id).filter(automation=rule.pk)
    return row.seen, row.failures, row.again_at, row.is_done, row.is_given_up


def test_one_that_fails_is_tried_again_later_and_later(workspace: Workspace, vip: Tag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firing, "PEOPLE_TOGETHER", 1)
    with time_machine.travel(MORNING, tick=False) as traveller:
        for name in ("安娜", "本"):
            person(workspace, name)
        rule = make_rule(workspace, "每天", trigger=daily(), actions=adds(vip))
        traveller.shift(3600)
        failing = Failing(1, 2, 4)
        at = MORNING + dt.timedelta(hours=1)
        for seconds, seen, failures, pause in (
            (0, 0, 1, 10),
            (10, 0, 2, 20),
            (20, 1, 1, 10),
        ):  # the third goes well once, then fails: the first in a row
            traveller.shift(seconds)
            at += dt.timedelta(seconds=seconds)
            firing.turn([failing])
            assert state(rule) == (seen, failures, at + dt.timedelta(seconds=pause), False, False)
            tried = failing.tried
            traveller.shift(pause - 1)
            assert (firing.turn([failing]), failing.tried) == (0, tried)
            traveller.shift(1 - pause)
        traveller.shift(10)
        assert firing.turn([failing]) == 1
        assert state(rule) == (2, 0, None, True, False)
    assert names(rule, state="done") == ["安娜", "本"]


def test_one_that_fails_too_often_is_given_up_and_the_rule_says_so(workspace: Workspace, api: Api, vip: Tag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firing, "PEOPLE_TOGETHER", 1)
    with time_machine.travel(MORNING, tick=False) as traveller:
        for name in ("安娜", "本"):
            person(workspace, name)
        rule = make_rule(workspace, "每天", trigger=daily(), actions=adds(vip))
        traveller.shift(3600)
        failing = Failing(*range(2, 100))
        for _ in range(firing.TRIES_MAX + 3):
            firing.turn([failing])
            traveller.shift(firing.PAUSE_SECONDS_MAX)
        assert failing.tried == 1 + firing.TRIES_MAX
        assert [(seen, done, given_up) for seen, _, _, done, given_up in [state(rule)]] == [(1, True, True)]
        shown = api.get(f"/automation/rules/{rule.pk}").json()
        assert (shown["done"], shown["failed"], shown["problems"]) == (1, 1, [])
        log = api.get(f"/automation/rules/{rule.pk}/runs", state="failed").json()["items"]
        assert [(one["member"], one["event_name"]["en"], one["reason"]) for one in log] == [
            (None, "It was time", {"code": "given_up", "zh": REASONS["given_up"][0], "en": REASONS["given_up"][1]})
        ]
        traveller.shift(86_400)
        assert turn() == 2  # the next day is another
    assert names(rule, state="done") == ["安娜", "安娜", "本"]


def test_a_journey_says_at_its_entry_what_was_given_up_until_it_is_set_going_anew(
    workspace: Workspace, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise ArithmeticError("not today")

    with time_machine.travel(MORNING, tick=False) as traveller:
        person(workspace, "安娜")
        journey = publish(workspace, drawn(node("exit", "x"), edges=["e>x"], trigger=daily()))
        traveller.shift(3600)
        monkeypatch.setattr(entering, "admit", fails)
        for _ in range(firing.TRIES_MAX):
            assert api.get(f"/automation/journeys/{journey.pk}").json()["problems"] == []
            firing.turn([Journeys()])
            traveller.shift(firing.PAUSE_SECONDS_MAX)
        problem = {
            "node": "e", "field": "trigger", "is_error": False,
            "zh": "2026-11-28 09:00 到了时间却一再出错，不再重试：还没轮到的成员这一次没有进来。",
            "en": "At 2026-11-28 09:00 it was time, but it failed again and again and is not tried any more: members whose turn had not come were not let in.",
        }  # fmt: skip
        assert api.get(f"/automation/journeys/{journey.pk}").json()["problems"] == [problem]
        assert problem in api.post(f"/automation/journeys/{journey.pk}/check").json()["problems"]
        for to in ("paused", "on"):
            journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state=to)
        assert api.get(f"/automation/journeys/{journey.pk}").json()["problems"] == []


def test_one_that_was_switched_off_meanwhile_fires_no_further(workspace: Workspace, vip: Tag) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        person(workspace, "安娜")
        rule = make_rule(workspace, "每天", trigger=daily(), actions=adds(vip))
        traveller.shift(3600)
        source = Rules()
        firing.begin([("rule", one) for one in source.timed()], dt.datetime(2026, 11, 28, 1, 0, tzinfo=UTC))
        Rule.objects.in_workspace(workspace).filter(pk=rule.pk).update(is_on=False)
        from hutong.automations import definitions

        definitions.changed()
        turn()
    assert (runs(rule), fired(rule)) == ([], [("2026-11-28T01:00:00Z", 0, True)])


def test_everybody_whose_day_it_is_is_found(workspace: Workspace) -> None:
    """The warehouse's first sifting leaves nobody out: against every member looked at by itself."""
    chance = random.Random(5)
    said: dict[uuid.UUID, str] = {}
    for number in range(50):
        born = dt.date(1930, 1, 1) + dt.timedelta(days=chance.randrange(90 * 365))
        if number % 10 == 0:
            born = dt.date(chance.choice([1960, 1984, 2004]), 2, 29)
        text = born.isoformat()[5:] if number % 4 == 0 and born.day < 30 else born.isoformat()
        said[person(workspace, f"m{number}", birthday=text).pk] = text
    subscribers.drain()
    for calendar in ("solar", "lunar"):
        for ahead in range(0, 800, 67):
            day = dt.date(2026, 12, 1) + dt.timedelta(days=ahead)
            trigger = OnDate(attribute="birthday", calendar=calendar, offset_days=chance.choice([-7, 0, 0, 3]))
            target = day - dt.timedelta(days=trigger.offset_days)
            expected = {pk for pk, text in said.items() if target in {day_in(target.year + step, text, calendar=calendar) for step in (-1, 0, 1)}}
            _, found = dated.members(workspace.pk, trigger, day, after="", size=1000)
            assert set(found) == expected, (calendar, day)
