"""Each preset, from the gallery to what people then receive, on a clock that stands still between moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from hutong.alerts.models import Alert
from hutong.automations import firing
from hutong.automations.actions import journeys
from hutong.automations.journeys import checking
from hutong.automations.journeys.timed import Journeys
from hutong.automations.models import Enrolment, Journey, NodeCount
from hutong.automations.presets.journeys import PRESETS
from hutong.channels.models import Account, Send
from hutong.events import subscribers
from hutong.foundation import clock, lunar
from hutong.members.actions import profiles
from hutong.members.models import Member
from hutong.segments import vocabulary
from hutong.todos.models import Todo
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import boss, forget, happen, turn, where
from tests.broadcasts.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.broadcasts.making import people

pytestmark = pytest.mark.django_db(transaction=True)
UTC = dt.UTC
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=UTC)  # Monday, 12:30 in Shanghai
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def connected(account: Account) -> Account:  # noqa: F811
    """A message needs an account to go through."""
    return account


def begun(workspace: Workspace, key: str, **changed: Any) -> Journey:
    """The preset, published as it is; or with fields of its nodes changed, `<node>` = {field: value}."""
    forget()
    made = journeys.create(workspace, actor=boss(), name=key, preset=key)
    drawn = made.draft
    for node in drawn["nodes"]:
        for field, value in changed.get(node["id"], {}).items():
            node[field] = value
    revision, wrong = journeys.draw(workspace, actor=boss(), journey_id=made.pk, drawn=drawn, revision=1)
    assert [one for one in wrong if one.is_error] == []
    return journeys.publish(workspace, actor=boss(), journey_id=made.pk, revision=revision, moves=False, starts=True)


def sent(workspace: Workspace) -> list[tuple[str, str, dt.datetime]]:
    """To whom, what it begins with, and when."""
    rows = Send.objects.in_workspace(workspace).order_by("created_at", "member__name")
    return [(name, text[:12], at) for name, text, at in rows.values_list("member__name", "excerpt", "created_at")]


def to_do(workspace: Workspace) -> list[tuple[str, dt.datetime]]:
    return list(Todo.objects.in_workspace(workspace).order_by("created_at").values_list("title", "created_at"))


def go_on(travel: Any, until: dt.datetime, *, step: dt.timedelta = 6 * HOUR) -> None:
    """Time passes, and whoever is due goes on at their moment."""
    while True:
        due = Enrolment.objects.across_workspaces().filter(due_at__lte=until).order_by("due_at").values_list("due_at", flat=True).first()
        if due is None:
            break
        travel.move_to(max(due, clock.now()))
        turn()
    travel.move_to(until)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_preset_is_right_as_it_stands(workspace: Workspace, language: str) -> None:
    for preset in PRESETS:
        drawn = checking.read(preset.graph(language=language, zone="Europe/Berlin"))
        assert checking.problems(workspace.pk, drawn, vocabulary.of(workspace)) == [], preset.key
        kept = preset.graph(language=language, zone="Europe/Berlin")
        assert kept == preset.graph(language=language, zone="Europe/Berlin")  # what one workspace gets is not another's
        begun(workspace, preset.key)
    assert Journey.objects.in_workspace(workspace).filter(state="on").count() == len(PRESETS)


def test_a_newcomers_week(workspace: Workspace, travel: Any) -> None:
    ming, li, wang = people(workspace, 3)
    begun(workspace, "newcomer_week")
    for one in (ming, li, wang):
        happen(workspace, one, "member_joined")
    assert sent(workspace) == [(name, f"{name}，欢迎加入我们！先", NOW) for name in ("成员0", "成员1", "成员2")]
    go_on(travel, NOW + 12 * HOUR)
    happen(workspace, wang, "member_left")
    morning = dt.datetime(2026, 11, 3, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
    go_on(travel, morning + DAY)
    assert sent(workspace)[3:] == [(name, f"{name}，这里每周有话题讨", morning) for name in ("成员0", "成员1")]
    happen(workspace, ming, "message_sent", text="大家好")
    go_on(travel, morning + 3 * DAY)
    assert to_do(workspace) == [("关照还没发言的新成员 成员1", morning + 3 * DAY)]
    go_on(travel, NOW + 20 * DAY)
    seventh = dt.datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
    assert sent(workspace)[5:] == [(name, f"{name}，来这里一周了，感", seventh) for name in ("成员0", "成员1")]
    assert len(to_do(workspace)) == 1
    ended = Enrolment.objects.in_workspace(workspace).order_by("member__name").values_list("member__name", "ended_as")
    assert list(ended) == [("成员0", "exit"), ("成员1", "exit"), ("成员2", "left")]


def test_browsed_and_did_not_buy(workspace: Workspace, travel: Any) -> None:
    members = people(workspace, 60)
    journey = begun(workspace, "browsed_not_bought")
    for one in members:
        happen(workspace, one, "page_viewed", path="/product/7")
    happen(workspace, members[0], "page_viewed", path="/about")
    rows = Enrolment.objects.in_workspace(workspace).select_related("member")
    held = {row.member for row in rows if row.arms == "split:hold"}
    shown = [one for one in members if one not in held]
    assert (len(held) + len(shown), 0 < len(held) < 20, rows.filter(state="ended").count()) == (60, True, len(held))
    early, late, never = shown[0], shown[1], shown[2:]
    travel.shift(HOUR)
    happen(workspace, early, "order_paid", amount=10)
    go_on(travel, NOW + 3 * HOUR)
    reminded = {name for name, text, at in sent(workspace) if "刚才看的商品还在" in text or text.endswith("还在。") or at == NOW + 2 * HOUR}
    assert reminded == {one.name for one in shown[1:]}
    assert {at for _, _, at in sent(workspace)} == {NOW + 2 * HOUR}
    happen(workspace, late, "order_paid", amount=10)
    happen(workspace, next(iter(held)), "order_paid", amount=10)
    go_on(travel, NOW + 5 * DAY)
    offers = [(name, at) for name, text, at in sent(workspace) if "优惠券" in text]
    assert sorted(offers) == sorted((one.name, NOW + DAY + 2 * HOUR) for one in never)
    assert not {name for name, _, _ in sent(workspace)} & {one.name for one in held}
    counts = dict(NodeCount.objects.in_workspace(workspace).filter(node="goal", what__startswith="goal").values_list("what", "number"))
    assert counts == {"goal": 3, "goal:split:send": 2, "goal:split:hold": 1}
    assert dict(NodeCount.objects.in_workspace(workspace).filter(what="end:goal").values_list("node", "number")) == {"goal": 2}
    assert {at for at, how, _ in where(journey).values() if how == "exit"} == {"end", "held"}
    assert set(Send.objects.in_workspace(workspace).values_list("purpose", flat=True)) == {"marketing"}


def test_who_became_silent_is_called_back(workspace: Workspace, travel: Any) -> None:
    ming, li, wang = people(workspace, 3)
    journey = begun(workspace, "silent_call_back")
    quiet = {"kind": "activity", "from": "active", "to": "quiet"}
    for one in (ming, li):
        happen(workspace, one, "stage_changed", **quiet)
    happen(workspace, wang, "stage_changed", **quiet | {"to": "gone"})
    evening = dt.datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
    go_on(travel, evening + DAY)
    assert sent(workspace) == [(name, f"{name}，好久不见。最近群", evening) for name in ("成员0", "成员1")]
    happen(workspace, ming, "page_viewed", path="/")
    go_on(travel, evening + 10 * DAY)
    assert where(journey) == {"成员0": ("goal", "goal", None), "成员1": ("end", "exit", None)}
    assert to_do(workspace) == [("联系沉默的成员 成员1", evening + 3 * DAY)]
    happen(workspace, li, "stage_changed", **quiet)  # within a month
    assert Enrolment.objects.in_workspace(workspace).count() == 2
    travel.move_to(NOW + 30 * DAY)
    happen(workspace, li, "stage_changed", **quiet)
    assert Enrolment.objects.in_workspace(workspace).count() == 3


def person(workspace: Workspace, name: str, **given: Any) -> Member:
    return profiles.create(workspace, actor=SYSTEM, name=name, identities=[("pretend", name)], given=given)


def days(travel: Any, first: dt.date, last: dt.date) -> None:
    """Twice an hour what time sets off is looked at, on each day between 8 and 10 o'clock in Shanghai."""
    day = first
    while day <= last:
        for half in range(4):
            moment = dt.datetime.combine(day, dt.time(0), UTC) + half * HOUR / 2
            if moment > clock.now():
                travel.move_to(moment)
            subscribers.drain()
            firing.turn([Journeys()])
            turn()
        day += DAY


@pytest.mark.parametrize("born", ["1990-11-28", "11-28"])
def test_birthdays(workspace: Workspace, travel: Any, born: str) -> None:
    travel.move_to(dt.datetime(2026, 11, 23, 12, tzinfo=UTC))
    person(workspace, "小明", birthday=born)
    person(workspace, "小李", birthday="1990-12-28")
    begun(workspace, "birthday")
    days(travel, dt.date(2026, 11, 24), dt.date(2026, 11, 29))
    assert to_do(workspace) == [("为 小明 准备三天后的生日", dt.datetime(2026, 11, 25, 1, 0, tzinfo=UTC))]
    assert sent(workspace) == [("小明", "小明，生日快乐！愿新的一", dt.datetime(2026, 11, 28, 1, 0, tzinfo=UTC))]
    days(travel, dt.date(2027, 11, 24), dt.date(2027, 11, 28))
    assert [at for name, _, at in sent(workspace) if name == "小明"] == [dt.datetime(year, 11, 28, 1, 0, tzinfo=UTC) for year in (2026, 2027)]


def test_a_birthday_on_29_february(workspace: Workspace, travel: Any) -> None:
    travel.move_to(dt.datetime(2027, 2, 23, 12, tzinfo=UTC))
    person(workspace, "小明", birthday="2000-02-29")
    begun(workspace, "birthday")
    days(travel, dt.date(2027, 2, 24), dt.date(2027, 3, 2))
    days(travel, dt.date(2028, 2, 24), dt.date(2028, 3, 2))
    assert [at.date() for _, _, at in sent(workspace)] == [dt.date(2027, 2, 28), dt.date(2028, 2, 29)]
    assert [at.date() for _, at in to_do(workspace)] == [dt.date(2027, 2, 25), dt.date(2028, 2, 26)]


def test_a_birthday_by_the_chinese_calendar(workspace: Workspace, travel: Any) -> None:
    day = lunar.day_of(2026, 10, 21)
    travel.move_to(dt.datetime.combine(day - 5 * DAY, dt.time(12), UTC))
    person(workspace, "小明", birthday=lunar.day_of(1985, 10, 21).isoformat())
    trigger = {"kind": "date", "attribute": "birthday", "offset_days": -3, "time": "09:00", "calendar": "lunar"}
    begun(workspace, "birthday", entry={"trigger": trigger}, day={"calendar": "lunar"})
    days(travel, day - 4 * DAY, day + 2 * DAY)
    assert sent(workspace) == [("小明", "小明，生日快乐！愿新的一", dt.datetime.combine(day, dt.time(1), UTC))]


def test_mid_autumn(workspace: Workspace, travel: Any) -> None:
    day = lunar.day_of(2027, 8, 15)
    assert day == dt.date(2027, 9, 15)
    travel.move_to(dt.datetime(2027, 9, 14, 12, tzinfo=UTC))
    people(workspace, 3)
    begun(workspace, "mid_autumn")
    ten = dt.datetime(2027, 9, 15, 2, 0, tzinfo=UTC)
    for moment in (ten - HOUR, ten, ten + HOUR):
        travel.move_to(moment)
        firing.turn([Journeys()])
        go_on(travel, moment + HOUR / 2)
    apart = dt.timedelta(seconds=7.2)  # 500 an hour
    assert [at for _, _, at in sent(workspace)] == [ten, ten + apart, ten + 2 * apart]
    assert {name for name, _, _ in sent(workspace)} == {"成员0", "成员1", "成员2"}
    travel.move_to(dt.datetime.combine(lunar.day_of(2028, 8, 15), dt.time(2), UTC))
    firing.turn([Journeys()])
    go_on(travel, clock.now() + HOUR)
    assert len(sent(workspace)) == 6


def test_the_first_order_is_asked_about(workspace: Workspace, travel: Any) -> None:
    ming, li, wang, zhao = people(workspace, 4)
    happen(workspace, zhao, "order_paid", order_id="0", amount=10)  # has bought before
    travel.shift(HOUR)
    journey = begun(workspace, "first_order_review")
    travel.shift(HOUR)
    for number, one in enumerate((ming, li, wang, zhao)):
        happen(workspace, one, "order_paid", order_id=f"o{number}", amount=10, product="茶壶")
    assert set(where(journey)) == {"成员0", "成员1", "成员2"}
    travel.shift(DAY)
    happen(workspace, wang, "order_refunded", order_id="o2", amount=10)
    evening = dt.datetime(2026, 11, 9, 11, 30, tzinfo=UTC)  # 19:30
    go_on(travel, evening + DAY)
    asked = Send.objects.in_workspace(workspace).order_by("member__name").values_list("member__name", "excerpt", "created_at")
    text = "，上周买的茶壶用得怎么样？说两句感受吧，对大家很有帮助。"
    assert list(asked) == [(name, name + text, evening) for name in ("成员0", "成员1")]
    happen(workspace, ming, "message_sent", text="很好用")
    go_on(travel, evening + 10 * DAY)
    assert sent(workspace)[2:] == [("成员0", "谢谢分享，成员0！", evening + DAY)]
    assert where(journey) == {"成员0": ("goal", "goal", None), "成员1": ("silent", "exit", None), "成员2": ("week", "left", None)}


def test_a_question_nobody_answers(workspace: Workspace, travel: Any) -> None:
    ming, li, wang, zhao = people(workspace, 4)
    journey = begun(workspace, "question_unanswered")
    for one in (ming, li, wang):
        happen(workspace, one, "message_sent", text="请问怎么报名？")
    happen(workspace, zhao, "message_sent", text="我报名了")
    assert set(where(journey)) == {"成员0", "成员1", "成员2"}
    travel.shift(HOUR)
    happen(workspace, zhao, "message_sent", text="点链接就行", addressed=li)
    happen(workspace, wang, "conversation_answered", seconds=60)
    happen(workspace, ming, "message_sent", text="自己再说一句")  # no answer
    go_on(travel, NOW + 3 * HOUR)
    assert to_do(workspace) == [("回答 成员0 的提问", NOW + 2 * HOUR)]
    assert Todo.objects.in_workspace(workspace).get().due_at == NOW + 4 * HOUR
    (alert,) = Alert.objects.in_workspace(workspace)
    assert (alert.state, alert.facts["text"], alert.raised_at) == ("open", "成员0 的提问两小时没人回答：请问怎么报名？", NOW + 2 * HOUR)
    assert where(journey) == {"成员0": ("end", "exit", None), "成员1": ("answered", "exit", None), "成员2": ("answered", "exit", None)}
    happen(workspace, li, "message_sent", text="还有，几点开始？")  # asks again, and this time nobody answers
    go_on(travel, NOW + 6 * HOUR)
    assert [title for title, _ in to_do(workspace)] == ["回答 成员0 的提问", "回答 成员1 的提问"]
