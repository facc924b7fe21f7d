"""Journeys at HTTP: every operation, who may do what, and what is answered where something stands in the way."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from hutong.automations.actions import enrolments, journeys
from hutong.automations.journeys import work
from hutong.automations.models import DryRun, Enrolment, Journey, JourneyVersion, NodeCount, Start, Step
from hutong.channels import claiming, outbox
from hutong.channels.actions import sends
from hutong.channels.models import Account, Send
from hutong.events import subscribers
from hutong.events.models import LogEntry
from hutong.foundation import clock
from hutong.foundation.jobs.models import Job
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces import access
from hutong.workspaces.models import AuditEntry, Workspace
from tests.automations.journeys import making
from tests.automations.journeys.making import DAY, act, boss, drawn, forget, let_in, node, publish, send, turn, where
from tests.broadcasts.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.broadcasts.making import people, segment
from tests.conftest import Api, make_key

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)
LIST = "/automation/journeys"
WAIT = node("wait", "w", seconds=DAY)
WAITING = drawn(WAIT, edges=["e>w"])


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def at(journey: Any, end: str = "") -> str:
    pk = journey["id"] if isinstance(journey, dict) else journey.pk
    return f"{LIST}/{pk}{end}"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_from_nothing_to_nothing(api: Api, workspace: Workspace) -> None:
    answer = api.post(LIST, {"name": " 新人 ", "description": "说明"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["description"], made["state"], made["draft_revision"], made["versions"]) == ("新人", "说明", "draft", 1, [])
    assert (made["published_number"], made["has_unpublished_changes"], made["entered"], made["goal_rate"]) == (None, True, 0, None)
    assert [(one["node"], one["field"]) for one in made["problems"]] == [("entry", "out")]
    assert (made["errors"], made["trigger"]) == (1, {"zh": "手动或通过接口加入", "en": "Put in by hand or through the API"})
    changed = api.patch(at(made), {"name": "新人指引", "priority": 5}).json()
    assert (changed["name"], changed["description"], changed["priority"]) == ("新人指引", "说明", 5)
    kept = api.put(at(made, "/draft"), {"graph": WAITING, "revision": 1}).json()
    assert kept == {"revision": 2, "problems": [{"node": "w", "field": "out", "zh": "这个出口没有连接：走到这里的人会离开旅程。", "en": "This way out leads nowhere: whoever comes out here leaves the journey.", "is_error": False}]}  # fmt: skip
    assert api.put(at(made, "/draft"), {"graph": WAITING, "revision": 2}).json()["revision"] == 2  # the same again is no change
    checked = api.post(at(made, "/check")).json()
    assert ([one["field"] for one in checked["problems"]], checked["reach"]) == (["out"], None)
    assert code(api.put(at(made, "/state"), {"state": "on"})) == (409, "journey_state")
    published = api.post(at(made, "/publication"), {"revision": 2}).json()
    assert (published["state"], published["published_number"], published["has_unpublished_changes"]) == ("on", 1, False)
    assert [(one["number"], one["published_by"], one["in_flight"]) for one in published["versions"]] == [(1, "test", 0)]
    version = api.get(at(made, "/versions/1")).json()
    assert (version["number"], [one["id"] for one in version["graph"]["nodes"]]) == (1, ["e", "w"])
    assert api.get(at(made, "/versions/2")).status_code == 404
    assert code(api.delete(at(made))) == (409, "journey_state")
    assert api.put(at(made, "/state"), {"state": "paused"}).json()["state"] == "paused"
    assert code(api.post(at(made, "/enrolments"), {"member_ids": [str(uuid.uuid4())]})) == (409, "journey_state")
    assert api.put(at(made, "/state"), {"state": "stopped"}).json()["state"] == "stopping"
    assert code(api.put(at(made, "/state"), {"state": "on"})) == (409, "journey_state")
    assert code(api.post(at(made, "/publication"), {"revision": 2})) == (409, "journey_state")
    work.stop(uuid.UUID(made["id"]))
    assert api.get(at(made)).json()["state"] == "stopped"
    assert api.delete(at(made)).status_code == 204
    assert api.get(at(made)).status_code == 404
    assert list(AuditEntry.objects.in_workspace(workspace).order_by("pk").values_list("action", flat=True)) == [
        "journey.create", "journey.change", "journey.publish", "journey.pause", "journey.stop", "journey.delete",
    ]  # fmt: skip


def test_a_list_in_pages(api: Api, workspace: Workspace) -> None:
    for name in ("甲", "乙", "丙"):
        api.post(LIST, {"name": name})
    publish(workspace, WAITING, name="在运行")
    page = api.get(LIST, limit=3).json()
    assert [one["name"] for one in page["items"]] == ["在运行", "丙", "乙"]
    rest = api.get(LIST, limit=3, cursor=page["next_cursor"]).json()
    assert ([one["name"] for one in rest["items"]], rest["next_cursor"]) == (["甲"], None)
    assert [one["name"] for one in api.get(LIST, state="on").json()["items"]] == ["在运行"]
    assert [one["name"] for one in api.get(LIST, q=" 丙").json()["items"]] == ["丙"]
    assert api.get(LIST, state="asleep").status_code == 422
    assert api.get(LIST, cursor="x").status_code == 422


def test_names_are_taken_and_given_back(api: Api, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    made = api.post(LIST, {"name": "新人"}).json()
    assert code(api.post(LIST, {"name": "新人"})) == (409, "journey_name_taken")
    other = api.post(LIST, {"name": "老人"}).json()
    assert code(api.patch(at(other), {"name": "新人"})) == (409, "journey_name_taken")
    assert api.patch(at(made), {"name": "新人"}).status_code == 200
    assert [one["field"] for one in api.post(LIST, {"name": " "}).json()["errors"]] == ["name"]
    assert [one["field"] for one in api.post(LIST, {"name": "长" * 101}).json()["errors"]] == ["name"]
    assert [one["field"] for one in api.post(LIST, {"name": "有模板", "preset": "no_such"}).json()["errors"]] == ["preset"]
    api.delete(at(made))
    assert api.post(LIST, {"name": "新人"}).status_code == 201
    monkeypatch.setattr(journeys, "JOURNEYS_MAX", 2)
    assert code(api.post(LIST, {"name": "第三个"})) == (422, "too_many_journeys")
    assert Journey.objects.in_workspace(workspace).filter(deleted_at=None).count() == 2


def test_two_editors_do_not_draw_over_each_other(api: Api, workspace: Workspace) -> None:
    made = api.post(LIST, {"name": "旅程"}).json()
    assert api.put(at(made, "/draft"), {"graph": WAITING, "revision": 1}).json()["revision"] == 2
    second = drawn(node("exit", "x"), edges=["e>x"])
    answer = api.put(at(made, "/draft"), {"graph": second, "revision": 1})
    assert (*code(answer), answer.json()["params"]) == (409, "journey_changed", {"by": "test", "revision": 2})
    answer = api.post(at(made, "/publication"), {"revision": 1})
    assert (*code(answer), answer.json()["params"]) == (409, "journey_changed", {"by": "test", "revision": 2})
    shown = api.get(at(made)).json()
    assert ([one["id"] for one in shown["draft"]["nodes"]], shown["draft_revision"], shown["versions"]) == (["e", "w"], 2, [])
    answer = api.put(at(made, "/draft"), {"graph": second, "revision": 2})  # having looked at the other's
    assert (answer.status_code, answer.json()["revision"]) == (200, 3)


def test_an_idempotency_key_makes_one_journey(api: Api, workspace: Workspace) -> None:
    first = api.post(LIST, {"name": "旅程"}, **{"Idempotency-Key": "k1"})
    again = api.post(LIST, {"name": "旅程"}, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert Journey.objects.in_workspace(workspace).count() == 1


# --- who may what ------------------------------------------------------------------------------------


def with_role(workspace: Workspace, role: str) -> Api:
    return Api(workspace, make_key(workspace, sorted(access.permissions_of_role(role))))


def test_viewers_look_and_change_nothing(api: Api, workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    journey = publish(workspace, WAITING)
    start = let_in(journey, ming)
    enrolment = Enrolment.objects.in_workspace(workspace).get()
    run = enrolments.try_out(workspace, actor=boss(), journey_id=journey.pk, member_id=ming.pk, days=None)
    viewer = with_role(workspace, "viewer")
    for path in (
        LIST, f"{LIST}/presets", f"{LIST}/cap", at(journey), at(journey, "/versions/1"), at(journey, "/numbers"), at(journey, "/people"),
        f"/automation/starts/{start.pk}", f"/automation/dry-runs/{run.pk}", f"/automation/enrolments/{enrolment.pk}",
    ):  # fmt: skip
        assert viewer.get(path).status_code == 200, path
    assert viewer.post(at(journey, "/check")).status_code == 200
    writes = [
        ("POST", LIST, {"name": "别"}), ("PUT", f"{LIST}/cap", {"messages": 1, "days": 1}), ("PATCH", at(journey), {"name": "别"}),
        ("DELETE", at(journey), None), ("PUT", at(journey, "/draft"), {"graph": WAITING, "revision": 2}),
        ("POST", at(journey, "/publication"), {"revision": 2}), ("PUT", at(journey, "/state"), {"state": "paused"}),
        ("POST", at(journey, "/enrolments"), {"member_ids": [str(ming.pk)]}), ("POST", at(journey, "/dry-runs"), {"member_id": str(ming.pk)}),
        ("DELETE", f"/automation/enrolments/{enrolment.pk}", None),
    ]  # fmt: skip
    for method, path, body in writes:
        assert viewer.send(method, path, body).status_code == 403, (method, path)
    journey.refresh_from_db()
    assert (journey.name, journey.state, journey.draft_revision) == ("旅程", "on", 2)
    assert Enrolment.objects.in_workspace(workspace).get().state == "waiting"


def test_whoever_may_not_do_something_does_not_publish_it(api: Api, workspace: Workspace) -> None:
    tag = Tag.objects.create(workspace=workspace, name="VIP")
    weak = Api(workspace, make_key(workspace, ["automations.read", "automations.manage"]))
    made = weak.post(LIST, {"name": "旅程"}).json()
    weak.put(at(made, "/draft"), {"graph": drawn(WAIT, act("t", "tag.add", tag_id=str(tag.pk)), edges=["e>w", "w>t"]), "revision": 1})
    answer = weak.post(at(made, "/publication"), {"revision": 2})
    assert (*code(answer), answer.json()["params"]["permission"]) == (403, "action_not_allowed", "members.tag")
    assert [one["field"] for one in answer.json()["errors"]] == ["graph.nodes.2.action"]
    assert JourneyVersion.objects.in_workspace(workspace).count() == 0
    assert api.post(at(made, "/publication"), {"revision": 2}).status_code == 200
    assert weak.put(at(made, "/state"), {"state": "paused"}).json()["state"] == "paused"
    assert code(weak.put(at(made, "/state"), {"state": "on"})) == (403, "action_not_allowed")
    assert Journey.objects.in_workspace(workspace).get().state == "paused"
    assert api.put(at(made, "/state"), {"state": "on"}).json()["state"] == "on"


def test_another_workspace_sees_nothing(api: Api, other_api: Api, workspace: Workspace, other_workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    journey = publish(workspace, WAITING)
    start = let_in(journey, ming)
    enrolment = Enrolment.objects.in_workspace(workspace).get()
    run = enrolments.try_out(workspace, actor=boss(), journey_id=journey.pk, member_id=ming.pk, days=None)
    calls = [
        ("GET", at(journey), None), ("PATCH", at(journey), {"name": "别"}), ("DELETE", at(journey), None),
        ("PUT", at(journey, "/draft"), {"graph": WAITING, "revision": 2}), ("POST", at(journey, "/check"), {}),
        ("POST", at(journey, "/publication"), {"revision": 2}), ("PUT", at(journey, "/state"), {"state": "paused"}),
        ("GET", at(journey, "/versions/1"), None), ("GET", at(journey, "/numbers"), None), ("GET", at(journey, "/people"), None),
        ("POST", at(journey, "/enrolments"), {"member_ids": [str(ming.pk)]}), ("POST", at(journey, "/dry-runs"), {"days": 3}),
        ("GET", f"/automation/starts/{start.pk}", None), ("GET", f"/automation/dry-runs/{run.pk}", None),
        ("GET", f"/automation/enrolments/{enrolment.pk}", None), ("DELETE", f"/automation/enrolments/{enrolment.pk}", None),
    ]  # fmt: skip
    for method, path, body in calls:
        assert other_api.send(method, path, body).status_code == 404, (method, path)
    assert other_api.get(LIST).json() == {"items": [], "next_cursor": None}
    theirs = publish(other_workspace, WAITING)
    answer = other_api.post(at(theirs, "/enrolments"), {"member_ids": [str(ming.pk)]}).json()
    assert (answer["entered"], answer["refused"]) == (0, {"no_person": 1})
    assert code(other_api.post(at(theirs, "/enrolments"), {"segment_id": str(segment(workspace, [ming]).pk)})) == (404, "not_found")
    assert code(other_api.post(at(theirs, "/dry-runs"), {"member_id": str(ming.pk)})) == (404, "not_found")
    assert Enrolment.objects.in_workspace(other_workspace).count() == 0
    assert Client().get(f"/api/workspaces/{workspace.pk}{LIST}").status_code == 401


# --- letting people in ---------------------------------------------------------------------------------


def test_members_are_let_in_once_by_the_same_key(api: Api, workspace: Workspace) -> None:
    ming, li = people(workspace, 2)
    journey = publish(workspace, WAITING)
    body = {"member_ids": [str(ming.pk), str(ming.pk), str(uuid.uuid4())], "properties": {"coupon": "A1"}, "key": "k"}
    answer = api.post(at(journey, "/enrolments"), body)
    assert answer.status_code == 202
    first = answer.json()
    assert (first["state"], first["people"], first["seen"], first["entered"], first["refused"]) == ("done", 2, 2, 1, {"no_person": 1})
    again = api.post(at(journey, "/enrolments"), body | {"member_ids": [str(li.pk)]}).json()
    assert again == first
    assert api.get(f"/automation/starts/{first['id']}").json() == first
    assert api.get(f"/automation/starts/{uuid.uuid4()}").status_code == 404
    row = Enrolment.objects.in_workspace(workspace).get()
    assert (row.member, '"coupon":"A1"' in row.occasion) == (ming, True)
    answer = api.post(at(journey, "/enrolments"), {"member_ids": [str(ming.pk)]}).json()
    assert (answer["entered"], answer["refused"]) == (0, {"in_flight": 1})
    for wrong in (
        {},
        {"member_ids": [str(ming.pk)], "segment_id": str(uuid.uuid4())},
        {"member_ids": ["x"]},
        {"member_ids": [str(ming.pk)], "more": 1},
    ):
        assert api.post(at(journey, "/enrolments"), wrong).status_code == 422, wrong
    many = {f"p{number}": 1 for number in range(51)}
    answer = api.post(at(journey, "/enrolments"), {"member_ids": [str(ming.pk)], "properties": many})
    assert [one["field"] for one in answer.json()["errors"]] == ["properties"]
    assert Start.objects.in_workspace(workspace).count() == 2


def test_many_are_let_in_by_a_job(api: Api, workspace: Workspace) -> None:
    members = people(workspace, 201)
    journey = publish(workspace, WAITING)
    of = segment(workspace, members)
    of.members_count = len(members)
    of.save()
    answer = api.post(at(journey, "/enrolments"), {"segment_id": str(of.pk)}).json()
    assert (answer["state"], answer["people"], answer["entered"]) == ("running", 201, 0)
    assert list(Job.objects.filter(dedupe_key="journey.start:" + answer["id"]).values_list("state", flat=True)) == ["ready"]
    work.start(uuid.UUID(answer["id"]))
    done = api.get(f"/automation/starts/{answer['id']}").json()
    assert (done["state"], done["seen"], done["entered"], done["refused"]) == ("done", 201, 201, {})
    assert api.get(at(journey)).json()["in_flight"] == 201


def test_a_start_ends_with_the_journey(api: Api, workspace: Workspace) -> None:
    members = people(workspace, 201)
    journey = publish(workspace, WAITING)
    answer = api.post(at(journey, "/enrolments"), {"member_ids": [str(one.pk) for one in members]}).json()
    api.put(at(journey, "/state"), {"state": "stopped"})
    work.start(uuid.UUID(answer["id"]))
    assert api.get(f"/automation/starts/{answer['id']}").json()["state"] == "cancelled"
    assert Enrolment.objects.in_workspace(workspace).count() == 0


def test_one_persons_way_and_taking_them_out(api: Api, workspace: Workspace, travel: Any) -> None:
    (ming,) = people(workspace, 1)
    journey = publish(workspace, drawn(WAIT, node("wait", "v", seconds=DAY), edges=["e>w", "w>v"]))
    let_in(journey, ming)
    travel.shift(dt.timedelta(days=1))
    turn()
    (found,) = api.get(at(journey, "/people")).json()["items"]
    path = f"/automation/enrolments/{found['enrolment']}"
    one = api.get(path).json()
    assert one == {
        "id": found["enrolment"], "journey": {"id": str(journey.pk), "name": "旅程"}, "version": 1, "member": {"id": str(ming.pk), "name": "成员0"},
        "entered_at": "2026-11-02T04:30:00Z", "state": "waiting", "ended_as": "", "ended_at": None, "node": "v", "due_at": "2026-11-04T04:30:00Z",
        "steps": [{"node": "w", "at": "2026-11-03T04:30:00Z", "port": "out", "outcome": "done", "detail": None}],
    }  # fmt: skip
    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 204  # who is out stays so
    one = api.get(path).json()
    assert (one["state"], one["ended_as"], one["due_at"]) == ("ended", "removed", None)
    assert one["steps"][1] == {
        "node": "v", "at": "2026-11-03T04:30:00Z", "port": "", "outcome": "done", "detail": {"zh": "由test移出。", "en": "Taken out by test."},
    }  # fmt: skip
    assert LogEntry.objects.filter(name="journey_ended").count() == 1
    # Ids are text: one that is too large for a row is nobody's, one that is no id is malformed.
    assert [api.get(f"/automation/enrolments/{pk}").status_code for pk in ("1", "9" * 19, "9" * 20, "0", "x")] == [404, 404, 422, 422, 422]
    assert [api.delete(f"/automation/enrolments/{pk}").status_code for pk in ("1", "9" * 19, "9" * 20, "0", "x")] == [404, 404, 422, 422, 422]


def test_people_by_where_they_are(api: Api, workspace: Workspace, travel: Any) -> None:
    members = people(workspace, 5)
    tag = Tag.objects.create(workspace=workspace, name="VIP")
    graph = drawn(act("t", "tag.add", tag_id=str(tag.pk)), WAIT, node("exit", "x"), edges=["e>t", "t>w", "w>x"])
    journey = publish(workspace, graph)
    let_in(journey, *members[:3])
    turn()
    travel.shift(dt.timedelta(days=1))
    turn()
    tag.delete()
    forget()
    let_in(journey, *members[3:])
    turn()

    def names(**query: Any) -> list[str]:
        return [one["member"]["name"] for one in api.get(at(journey, "/people"), **query).json()["items"]]

    assert (names(), names(node="w"), names(node="x")) == (["成员4", "成员3"], ["成员4", "成员3"], [])
    assert names(show="ended") == names(show="ended", node="x") == ["成员2", "成员1", "成员0"]
    assert sorted(names(show="passed", node="t")) == ["成员0", "成员1", "成员2", "成员3", "成员4"]
    assert sorted(names(show="failed")) == ["成员3", "成员4"]
    failed = api.get(at(journey, "/people"), show="failed", node="t").json()["items"][0]
    assert (failed["node"], failed["detail"]["en"]) == ("t", "This tag was deleted.")
    page = api.get(at(journey, "/people"), show="passed", node="w", limit=2).json()
    rest = api.get(at(journey, "/people"), show="passed", node="w", limit=2, cursor=page["next_cursor"]).json()
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    page = api.get(at(journey, "/people"), limit=1).json()
    assert [one["member"]["name"] for one in api.get(at(journey, "/people"), limit=1, cursor=page["next_cursor"]).json()["items"]] == ["成员3"]
    assert names(member_id=str(members[0].pk), show="ended") == ["成员0"]
    assert (names(version=2), api.get(at(journey, "/people"), show="asleep").status_code) == ([], 422)


def test_what_a_pause_held_back_for_too_long_is_a_step_that_failed(api: Api, workspace: Workspace, account: Account, travel: Any) -> None:  # noqa: F811
    """Sent; given up while paused; held less long, and given up when the journey goes on; sent again by hand before that was read."""
    sent, held, late, again = people(workspace, 4)
    journey = publish(workspace, drawn(WAIT, send("m", "你好"), node("wait", "v", seconds=9 * DAY), edges=["e>w", "w>m", "m>v"]))

    def comes(one: Member) -> None:
        let_in(journey, one)
        travel.shift(dt.timedelta(days=1))
        turn()

    comes(sent)
    outbox.drain()
    comes(held)
    comes(again)
    comes(late)
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="paused")
    travel.shift(dt.timedelta(hours=60))  # the first two are past their 72 hours
    with transaction.atomic():
        assert claiming.expire(now=clock.now()) == 2
    of = {row.member_id: row.pk for row in Send.objects.in_workspace(workspace)}
    sends.resend(workspace, actor=boss(), send_id=of[again.pk])
    subscribers.drain()
    travel.shift(dt.timedelta(hours=12))
    journeys.set_state(workspace, actor=boss(), journey_id=journey.pk, state="on")
    outbox.drain()
    subscribers.drain()
    assert {one: row.state for one in (sent, held, again, late) for row in [Send.objects.in_workspace(workspace).get(pk=of[one.pk])]} == {
        sent: "sent", held: "expired", again: "sent", late: "expired",
    }  # fmt: skip
    on_hold = {"zh": "暂停期间过期，没有发出。", "en": "It expired while it was on hold."}
    in_time = {"zh": "到期前没能发出。", "en": "It could not be sent in time."}
    failed = api.get(at(journey, "/people"), show="failed").json()["items"]
    assert [(one["member"]["name"], one["node"], one["detail"]) for one in failed] == [("成员2", "m", in_time), ("成员1", "m", on_hold)]
    assert making.path(journey, sent) == making.path(journey, again) == [("w", "out", "done"), ("m", "out", "done")]
    way = api.get(f"/automation/enrolments/{failed[1]['enrolment']}").json()
    assert [(one["node"], one["port"], one["outcome"], one["detail"]) for one in way["steps"]] == [
        ("w", "out", "done", None), ("m", "out", "failed", on_hold),
    ]  # fmt: skip
    numbers = api.get(at(journey, "/numbers")).json()["nodes"]["m"]
    assert (numbers["done"], numbers["failed"], numbers["sends"]) == (4, 2, {"queued": 0, "sent": 2, "failed": 2, "cancelled": 0})
    assert where(journey)["成员1"][0] == "v"  # they go on


def test_numbers_of_a_version_and_of_all(api: Api, workspace: Workspace, travel: Any) -> None:
    members = people(workspace, 4)
    journey = publish(workspace, drawn(WAIT, node("exit", "x"), edges=["e>w", "w>x"]))
    let_in(journey, *members[:3])
    travel.shift(dt.timedelta(days=1))
    turn()
    drawn_anew = drawn(WAIT, node("goal", "g"), edges=["e>w", "w>g"])
    revision = api.put(at(journey, "/draft"), {"graph": drawn_anew, "revision": 2}).json()["revision"]
    assert api.post(at(journey, "/publication"), {"revision": revision}).json()["published_number"] == 2
    let_in(journey, members[3])
    everything = api.get(at(journey, "/numbers")).json()
    assert (everything["version"], everything["entered"], everything["in_flight"], everything["ended"]) == (None, 4, 1, {"exit": 3})
    assert everything["nodes"]["w"] == {"entered": 4, "waiting": 1, "done": 3, "failed": 0, "ports": {"out": 3}, "sends": None}
    assert everything["nodes"]["x"] == {"entered": 3, "waiting": 0, "done": 3, "failed": 0, "ports": {}, "sends": None}
    first = api.get(at(journey, "/numbers"), version=1).json()
    assert (first["entered"], first["in_flight"], first["goals"]) == (3, 0, [])
    second = api.get(at(journey, "/numbers"), version=2).json()
    assert (second["entered"], second["in_flight"], second["goals"]) == (1, 1, [{"node": "g", "reached": 0, "rate": 0.0, "arms": [], "lifts": []}])
    assert api.get(at(journey, "/numbers"), version=3).status_code == 404
    assert [(one["number"], one["in_flight"]) for one in api.get(at(journey)).json()["versions"]] == [(2, 1), (1, 0)]
    travel.shift(dt.timedelta(days=1))
    turn()
    assert api.get(at(journey, "/numbers"), version=2).json()["goals"][0]["rate"] == 1.0
    assert (api.get(at(journey)).json()["entered"], api.get(at(journey)).json()["goal_rate"]) == (4, 0.25)


# --- the rest ------------------------------------------------------------------------------------------


def test_the_cap(api: Api, other_api: Api) -> None:
    assert api.get(f"{LIST}/cap").json() == {"messages": 0, "days": 1}
    assert api.put(f"{LIST}/cap", {"messages": 2, "days": 7}).json() == {"messages": 2, "days": 7}
    assert (api.get(f"{LIST}/cap").json(), other_api.get(f"{LIST}/cap").json()) == ({"messages": 2, "days": 7}, {"messages": 0, "days": 1})
    for wrong in ({"messages": -1, "days": 1}, {"messages": 101, "days": 1}, {"messages": 1, "days": 0}, {"messages": 1, "days": 91}):
        assert api.put(f"{LIST}/cap", wrong).status_code == 422


def test_a_try_by_request(api: Api, workspace: Workspace) -> None:
    (ming,) = people(workspace, 1)
    made = api.post(LIST, {"name": "旅程"}).json()
    api.put(at(made, "/draft"), {"graph": WAITING, "revision": 1})
    answer = api.post(at(made, "/dry-runs"), {"member_id": str(ming.pk)})
    assert (answer.status_code, answer.json()["state"], answer.json()["nodes"]) == (202, "done", {"e": 1, "w": 1})
    answer = api.post(at(made, "/dry-runs"), {"days": 30}).json()
    assert (answer["state"], answer["people"]) == ("running", 0)
    assert list(Job.objects.filter(dedupe_key="journey.dry_run:" + answer["id"]).values_list("state", flat=True)) == ["ready"]
    for wrong in ({}, {"days": 31}, {"days": 0}, {"member_id": str(ming.pk), "days": 1}):
        assert api.post(at(made, "/dry-runs"), wrong).status_code == 422
    assert api.post(at(made, "/dry-runs"), {"member_id": str(uuid.uuid4())}).status_code == 404
    assert api.get(f"/automation/dry-runs/{uuid.uuid4()}").status_code == 404
    empty = api.post(LIST, {"name": "空"}).json()
    api.put(at(empty, "/draft"), {"graph": {"nodes": []}, "revision": 1})
    failed = api.post(at(empty, "/dry-runs"), {"member_id": str(ming.pk)}).json()
    assert (failed["state"], failed["error"]["en"]) == ("failed", "A journey has one entry.")


def test_the_reach_of_each_trigger(api: Api, workspace: Workspace) -> None:
    members = people(workspace, 3)
    of = segment(workspace, members)
    of.members_count = 3
    of.save()
    made = api.post(LIST, {"name": "旅程"}).json()
    revision = 1
    for trigger, expected in (
        ({"kind": "segment", "segment": str(of.pk)}, (3, True)),
        ({"kind": "event", "event": "page_viewed"}, (0, True)),
        ({"kind": "event", "event": "page_viewed", "where": [{"property": "path", "type": "text", "op": "contains", "value": "x"}]}, (0, False)),
        ({"kind": "schedule", "timing": {"kind": "daily"}}, (3, False)),
    ):
        revision = api.put(at(made, "/draft"), {"graph": drawn(WAIT, edges=["e>w"], trigger=trigger), "revision": revision}).json()["revision"]
        reach = api.post(at(made, "/check")).json()["reach"]
        assert (reach["count"], reach["is_exact"]) == expected, trigger


def test_a_deleted_journey_is_cleared_away(api: Api, workspace: Workspace) -> None:
    members = people(workspace, 3)
    tag = Tag.objects.create(workspace=workspace, name="VIP")
    journey = publish(workspace, drawn(act("t", "tag.add", tag_id=str(tag.pk)), WAIT, edges=["e>t", "t>w"]))
    kept = publish(workspace, WAITING, name="留下")
    start = let_in(journey, *members)
    let_in(kept, members[0])
    turn()
    enrolments.try_out(workspace, actor=boss(), journey_id=journey.pk, member_id=members[0].pk, days=None)
    enrolment = Enrolment.objects.in_workspace(workspace).filter(journey=journey).first()
    assert enrolment is not None
    api.put(at(journey, "/state"), {"state": "stopped"})
    work.stop(journey.pk)
    assert api.delete(at(journey)).status_code == 204
    assert list(Job.objects.filter(dedupe_key=f"journey.delete:{journey.pk}").values_list("state", flat=True)) == ["ready"]
    for path in (at(journey), at(journey, "/people"), at(journey, "/numbers"), f"/automation/enrolments/{enrolment.pk}"):
        assert api.get(path).status_code == 404, path
    work.delete(journey.pk)
    work.delete(journey.pk)  # told again
    assert api.get(f"/automation/starts/{start.pk}").status_code == 404
    assert list(Journey.objects.in_workspace(workspace).values_list("name", flat=True)) == ["留下"]
    counts = [one.objects.in_workspace(workspace).count() for one in (JourneyVersion, Enrolment, Step, Start, DryRun, MemberTag)]
    assert counts == [1, 1, 0, 1, 0, 3]
    assert set(NodeCount.objects.in_workspace(workspace).values_list("version__journey__name", flat=True)) == {"留下"}


def test_presets_in_the_language_of_the_workspace(api: Api, other_api: Api) -> None:
    ours, theirs = api.get(f"{LIST}/presets").json()["items"], other_api.get(f"{LIST}/presets").json()["items"]
    assert [one["key"] for one in ours] == [one["key"] for one in theirs]
    assert (ours[0]["zh"], ours[0]["en"]) == (theirs[0]["zh"], theirs[0]["en"])
    assert ours[0]["graph"]["nodes"][1]["name"] == "欢迎"
    assert theirs[0]["graph"]["nodes"][1]["name"] == "Welcome"
    for one in ours:
        made = api.post(LIST, {"name": one["zh"], "preset": one["key"]}).json()
        assert (made["preset"], len(made["draft"]["nodes"])) == (one["key"], len(one["graph"]["nodes"]))
