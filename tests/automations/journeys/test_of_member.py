"""The journeys of one member: where they are in words, how those ended that are over, and whose they are after a merge."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from hutong.automations.actions import journeys
from hutong.automations.journeys import graph, naming, work
from hutong.automations.models import Enrolment, Journey
from hutong.events import subscribers
from hutong.members.actions import merges
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.models import Tag
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import DAY, act, boss, drawn, happen, let_in, node, publish, turn
from tests.broadcasts.making import people
from tests.conftest import Api, make_key

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LIST = "/automation/enrolments"
WAITING = drawn(node("wait", "w", seconds=DAY), edges=["e>w"])


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def shown(api: Api, member: Any, **query: Any) -> list[dict[str, Any]]:
    answer = api.get(LIST, member_id=str(member.pk), **query)
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def names(api: Api, member: Any, **query: Any) -> list[str]:
    return [one["journey"]["name"] for one in shown(api, member, **query)]


def enrolment(journey: Journey) -> str:
    return str(Enrolment.objects.in_workspace(journey.workspace_id).get(journey=journey).pk)


def test_where_they_are_and_what_they_wait_for(api: Api, workspace: Workspace, travel: Any) -> None:
    (ming,) = people(workspace, 1)
    awaits = node(
        "wait_event", "w", name="等回音", timeout_seconds=DAY,
        events=[{"id": "a", "event": "page_viewed"}, {"id": "b", "event": "order_paid", "name": "下了单"}],
    )  # fmt: skip
    goal = node("goal", "g", name="看过首页", event="page_viewed", ends=False)
    journey = publish(workspace, drawn(node("wait", "v", seconds=3_600), awaits, goal, edges=["e>v", "v>w"]))
    let_in(journey, ming)
    happen(workspace, ming, "page_viewed")
    travel.shift(HOUR)
    turn()
    assert shown(api, ming) == [
        {
            "enrolment": enrolment(journey), "journey": {"id": str(journey.pk), "name": "旅程"}, "journey_state": "on", "version": 1,
            "state": "waiting", "node": {"id": "w", "zh": "等回音", "en": "等回音"}, "entered_at": "2026-11-02T04:30:00Z",
            "since": "2026-11-02T05:30:00Z", "due_at": "2026-11-03T05:30:00Z",
            "waits_for": [{"zh": "浏览页面", "en": "Page viewed"}, {"zh": "下了单", "en": "下了单"}],
            "ended_at": None, "ended_as": "", "detail": None, "goals": [{"id": "g", "zh": "看过首页", "en": "看过首页"}],
        }
    ]  # fmt: skip
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="paused")
    assert [(one["journey_state"], one["state"]) for one in shown(api, ming)] == [("paused", "waiting")]
    assert api.delete(f"{LIST}/{enrolment(journey)}").status_code == 204
    assert [(one["node"]["id"], one["state"], one["waits_for"]) for one in shown(api, ming)] == [("w", "ended", [])]


def test_how_it_ended_and_why(api: Api, workspace: Workspace, travel: Any) -> None:
    ming, li = people(workspace, 2)
    tag = Tag.objects.create(workspace=workspace, name="VIP")
    finished = publish(workspace, drawn(act("t", "tag.add", tag_id=str(tag.pk)), edges=["e>t"]), name="打标签")
    waiting = publish(workspace, WAITING)
    let_in(finished, ming)
    turn()
    let_in(waiting, ming, li)
    first = next(one["enrolment"] for one in shown(api, ming) if one["state"] == "waiting")
    travel.shift(HOUR)
    assert api.delete(f"{LIST}/{first}").status_code == 204
    removed, done = shown(api, ming)
    assert removed == {
        "enrolment": first, "journey": {"id": str(waiting.pk), "name": "旅程"}, "journey_state": "on", "version": 1, "state": "ended",
        "node": {"id": "w", "zh": "等一段时间", "en": "Wait a while"}, "entered_at": "2026-11-02T04:30:00Z", "since": "2026-11-02T04:30:00Z",
        "due_at": None, "waits_for": [], "ended_at": "2026-11-02T05:30:00Z", "ended_as": "removed",
        "detail": {"zh": "由test移出。", "en": "Taken out by test."}, "goals": [],
    }  # fmt: skip
    assert (done["node"], done["ended_as"], done["ended_at"], done["detail"]) == (
        {"id": "t", "zh": "打标签", "en": "Add a tag"}, "finished", "2026-11-02T04:30:00Z", None,
    )  # fmt: skip
    assert (names(api, ming, state="waiting"), names(api, ming, state="ended"), names(api, li)) == ([], ["旅程", "打标签"], ["旅程"])


def test_a_node_is_named_by_the_version_they_go_by(api: Api, workspace: Workspace) -> None:
    ming, li = people(workspace, 2)
    journey = publish(workspace, drawn(node("wait", "w", name="等一天", seconds=DAY), edges=["e>w"]))
    let_in(journey, ming)
    revision, _ = journeys.draw(
        workspace, actor=boss(), journey_id=journey.pk, drawn=drawn(node("wait", "w", name="等两天", seconds=2 * DAY), edges=["e>w"]), revision=2
    )
    journeys.publish(workspace, actor=boss(), journey_id=journey.pk, revision=revision, moves=False, starts=True)
    let_in(journey, li)
    said = [(one["version"], one["node"]["zh"]) for member in (ming, li) for one in shown(api, member)]
    assert said == [(1, "等一天"), (2, "等两天")]


def test_the_newest_first_in_pages(api: Api, workspace: Workspace, travel: Any) -> None:
    ming, li = people(workspace, 2)
    for number in range(5):
        let_in(publish(workspace, WAITING, name=f"旅程{number}"), ming, li)
        travel.shift(HOUR)
    first = api.get(LIST, member_id=str(ming.pk), limit=2).json()
    second = api.get(LIST, member_id=str(ming.pk), limit=2, cursor=first["next_cursor"]).json()
    third = api.get(LIST, member_id=str(ming.pk), limit=2, cursor=second["next_cursor"]).json()
    assert [one["journey"]["name"] for page in (first, second, third) for one in page["items"]] == ["旅程4", "旅程3", "旅程2", "旅程1", "旅程0"]
    assert third["next_cursor"] is None
    for wrong in ({"cursor": "x"}, {"limit": 0}, {"limit": 201}, {"state": "asleep"}, {"member_id": "x"}):
        assert api.get(LIST, **{"member_id": str(ming.pk)} | wrong).status_code == 422, wrong
    assert api.get(LIST).status_code == 422


def test_after_merges_they_are_those_of_the_member_kept(api: Api, workspace: Workspace) -> None:
    ming, li, wang = people(workspace, 3)
    let_in(publish(workspace, WAITING, name="小明的"), ming)
    let_in(publish(workspace, WAITING, name="小李的"), li)
    let_in(publish(workspace, WAITING, name="小王的"), wang)
    merges.merge(workspace, actor=boss(), kept_id=li.pk, absorbed_id=wang.pk)
    last = merges.merge(workspace, actor=boss(), kept_id=ming.pk, absorbed_id=li.pk)
    every = ["小王的", "小李的", "小明的"]
    assert [names(api, one) for one in (ming, li, wang)] == [every, every, every]
    subscribers.drain()
    assert [names(api, one) for one in (ming, li, wang)] == [every, every, every]
    merges.undo(workspace, actor=boss(), merge_id=last.pk)
    subscribers.drain()
    assert [names(api, one) for one in (ming, li, wang)] == [["小明的"], every[:2], every[:2]]


def test_of_the_same_journey_one_goes_on_and_one_ended_by_the_merge(api: Api, workspace: Workspace, travel: Any) -> None:
    ming, li = people(workspace, 2)
    journey = publish(workspace, WAITING)
    let_in(journey, li)
    travel.shift(HOUR)
    let_in(journey, ming)
    merges.merge(workspace, actor=boss(), kept_id=ming.pk, absorbed_id=li.pk)
    subscribers.drain()
    assert [(one["entered_at"], one["state"], one["ended_as"], one["detail"]) for one in shown(api, ming)] == [
        (
            "2026-11-02T05:30:00Z",
            "ended",
            "merged",
            {"zh": "与另一位成员合并，对方已在旅程中。", "en": "Merged with a member who is on the same way."},
        ),
        ("2026-11-02T04:30:00Z", "waiting", "", None),
    ]


def test_nobody_sees_another_workspace_and_who_may_not_read_sees_nothing(api: Api, other_api: Api, workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    let_in(publish(workspace, WAITING), ming)
    assert other_api.get(LIST, member_id=str(ming.pk)).status_code == 404
    assert api.get(LIST, member_id=str(uuid.uuid4())).status_code == 404
    weak = Api(workspace, make_key(workspace, ["members.read"]))
    assert weak.get(LIST, member_id=str(ming.pk)).status_code == 403
    assert names(Api(workspace, make_key(workspace, ["automations.read"])), ming) == ["旅程"]


def test_a_deleted_journey_is_told_of_no_more(api: Api, workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    journey = publish(workspace, WAITING)
    let_in(journey, ming)
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="stopped")
    work.stop(journey.pk)
    assert [one["ended_as"] for one in shown(api, ming)] == ["stopped"]
    journeys.delete(workspace, actor=boss(), journey_id=journey.pk)
    assert shown(api, ming) == []


def test_nodes_are_called_as_in_the_console() -> None:
    texts = Path(__file__).parents[3] / "console/src/i18n"
    zh, en = (json.loads((texts / language / "journeys.json").read_text("utf-8"))["kind"] for language in ("zh", "en"))
    kinds = {str(kind.__struct_config__.tag): said for kind, said in naming.KINDS.items()}
    assert kinds == {kind: (zh[kind], en[kind]) for kind in zh}
    assert naming.name(None) == {"zh": "已删除的节点", "en": "A node that is gone"}
    gone = graph.WaitEvent(id="w", events=[graph.Awaited(id="a", event="its.gone")])
    assert naming.awaited(gone, Vocabulary()) == [{"zh": "its.gone", "en": "its.gone"}]
    assert naming.name(graph.Do(id="a", action="no.such")) == {"zh": "动作", "en": "Action"}
