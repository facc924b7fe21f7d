"""Who waits for an answer, and what counts as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from hutong.alerts.models import Alert, AlertRules, Waiting
from hutong.communities.models import Group
from hutong.events.models import DeadEvent
from hutong.foundation.stream import Fact
from hutong.members.models import Member
from hutong.workspaces.models import Workspace
from tests.alerts.conftest import NOW, look, says

pytestmark = pytest.mark.django_db
Person = Callable[..., Member]
ASKS = "请问几点开门？"


def waiting(workspace: Workspace) -> list[tuple[str, str]]:
    rows = Waiting.objects.in_workspace(workspace).order_by("since", "kind")
    return [(row.kind, row.origin.name if row.origin else "") for row in rows]


@pytest.fixture
def old(workspace: Workspace, group: Group, person: Person) -> Callable[[str], Member]:
    """People who have written before, so that their messages are no newcomer's."""

    def make(name: str) -> Member:
        made = person(name)
        says(group, made, "早", at=NOW - dt.timedelta(days=30))
        return made

    return make


def test_a_question_waits_until_somebody_else_speaks_soon(frozen: Any, workspace: Workspace, group: Group, old: Callable[[str], Member]) -> None:
    ming, hong = old("小明"), old("小红")
    says(group, ming, ASKS)
    assert waiting(workspace) == [("question", "小明")]
    frozen.shift(dt.timedelta(minutes=5))
    says(group, ming, "有人吗？")
    assert waiting(workspace) == [("question", "小明")]
    frozen.shift(dt.timedelta(minutes=9))
    says(group, hong, "九点")
    assert (waiting(workspace), DeadEvent.objects.count()) == ([], 0)


def test_later_only_a_reply_or_an_address_is_an_answer(frozen: Any, workspace: Workspace, group: Group, old: Callable[[str], Member]) -> None:
    ming, hong = old("小明"), old("小红")
    says(group, ming, ASKS, properties={"message_id": "m1"})
    frozen.shift(dt.timedelta(minutes=16))
    says(group, hong, "天气真好")
    assert waiting(workspace) == [("question", "小明")]
    says(group, hong, "九点", reply_to="m2")
    assert waiting(workspace) == [("question", "小明")]
    says(group, hong, "九点", reply_to="m1")
    assert waiting(workspace) == []
    says(group, ming, ASKS, properties={"message_id": "m3"})
    frozen.shift(dt.timedelta(hours=3))
    says(group, hong, "小明：九点", addressed_id=ming.pk)
    assert waiting(workspace) == []


def test_a_bot_answers_only_whom_it_speaks_to_and_we_answer_whom_it_is_for(
    frozen: Any, workspace: Workspace, group: Group, old: Callable[[str], Member], person: Person
) -> None:
    ming, bot = old("小明"), person("机器人", is_bot=True)
    says(group, ming, ASKS, properties={"message_id": "m1"})
    says(group, bot, "整点报时", properties={"bot": True})
    assert waiting(workspace) == [("question", "小明")]
    says(group, None, name="message_delivered", text="")
    assert waiting(workspace) == [("question", "小明")]
    says(group, ming, name="message_delivered", text="")
    assert waiting(workspace) == []


def test_a_newcomers_first_message_waits_and_a_reaction_is_enough(
    frozen: Any, workspace: Workspace, group: Group, person: Person, old: Callable[[str], Member]
) -> None:
    ming, hong = person("小明"), old("小红")
    says(group, ming, "大家好", properties={"message_id": "m1"})
    assert waiting(workspace) == [("newcomer", "小明")]
    says(group, hong, name="reaction_added", text="", properties={"message_id": "m0", "emoji": "👍"})
    assert waiting(workspace) == [("newcomer", "小明")]
    says(group, hong, name="reaction_added", text="", properties={"message_id": "m1", "emoji": "👍"})
    assert waiting(workspace) == []
    frozen.shift(1)
    says(group, ming, "再来一句")
    assert waiting(workspace) == []


def test_muted_groups_and_kinds_that_are_off_are_not_listened_to(workspace: Workspace, group: Group, person: Person) -> None:
    rules = AlertRules.objects.create(workspace=workspace, community=group.community, kinds=["question"], muted_group_ids=[])
    says(group, person("小明"), ASKS)
    assert waiting(workspace) == [("question", "小明")]
    rules.muted_group_ids = [str(group.pk)]
    rules.save()
    says(group, person("小刚"), ASKS, at=NOW - dt.timedelta(seconds=1))
    assert waiting(workspace) == [("question", "小明")]


def test_bots_old_news_and_places_outside_groups_wait_for_nothing(workspace: Workspace, group: Group, person: Person) -> None:
    says(group, person("机器人"), ASKS, properties={"bot": True})
    says(group, person("小明"), ASKS, at=NOW - dt.timedelta(hours=3))
    assert waiting(workspace) == []
    assert Fact(workspace_id=workspace.pk, name="message_sent").group_id is None


def test_an_alert_names_who_waits_and_ends_with_the_answer(frozen: Any, workspace: Workspace, group: Group, old: Callable[[str], Member]) -> None:
    ming, hong = old("小明"), old("小红")
    says(group, ming, ASKS, id="asked-1", properties={"message_id": "m1"})
    frozen.shift(dt.timedelta(minutes=59))
    assert look(workspace) == []
    frozen.shift(dt.timedelta(minutes=1))
    assert look(workspace) == [("question", "open")]
    alert = Alert.objects.in_workspace(workspace).get()
    assert alert.facts == {
        "count": 1,
        "items": [{"member_id": str(ming.pk), "name": "小明", "text": ASKS, "at": NOW.isoformat(), "event_id": "asked-1"}],
    }
    assert (alert.group, alert.community, alert.cause) == (group, group.community, f"question:{group.pk}")
    says(group, hong, "九点", reply_to="m1")
    assert look(workspace) == [("question", "resolved")]


def test_who_waits_a_whole_day_waits_no_longer(frozen: Any, workspace: Workspace, group: Group, old: Callable[[str], Member]) -> None:
    says(group, old("小明"), ASKS)
    frozen.shift(dt.timedelta(hours=2))
    assert look(workspace) == [("question", "open")]
    frozen.shift(dt.timedelta(hours=23))
    assert (look(workspace), waiting(workspace)) == ([("question", "resolved")], [])


def test_the_more_alerts_this_week_the_more_must_wait(frozen: Any, workspace: Workspace, group: Group, old: Callable[[str], Member]) -> None:
    people = [old(name) for name in "甲乙丙丁戊"]
    says(group, people[0], ASKS)
    frozen.shift(dt.timedelta(hours=2))
    assert look(workspace) == [("question", "open")]
    frozen.shift(dt.timedelta(days=4))
    assert look(workspace) == [("question", "resolved")]
    for one in people[:2]:
        says(group, one, ASKS)
        frozen.shift(dt.timedelta(minutes=20))
    frozen.shift(dt.timedelta(hours=1))
    assert look(workspace) == [("question", "resolved")]
    says(group, people[2], ASKS)
    frozen.shift(dt.timedelta(minutes=61))
    assert look(workspace) == [("question", "resolved"), ("question", "open")]
