"""What is wrong with a drawing: said at its node while somebody draws, kept all the same, and refused when it is published."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.automations import registry
from hutong.automations.actions import journeys
from hutong.automations.journeys import checking, graph
from hutong.automations.models import Journey, JourneyVersion
from hutong.foundation.acting import Action
from hutong.foundation.errors import Invalid
from hutong.members.actions import attributes
from hutong.segments import vocabulary
from hutong.segments.models import Tag
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import act, boss, drawn, forget, node, publish, send
from tests.automations.rules.making import make_rule
from tests.conftest import Api

pytestmark = pytest.mark.django_db
GONE = str(uuid.UUID(int=7))
HAS_GONE = {"kind": "tag", "tag": GONE}
CAME = {"id": "came", "event": "page_viewed"}
WAIT = node("wait", "w", seconds=60)


def wrong(workspace: Workspace, one: Any) -> list[tuple[str, str, bool]]:
    """(node, field, whether it cannot be published) of everything there is to say."""
    found = checking.problems(workspace.pk, checking.read(one), vocabulary.of(workspace))
    return [(each.node, each.field, each.is_error) for each in found]


def errors(workspace: Workspace, one: Any) -> list[tuple[str, str]]:
    return [(at, field) for at, field, is_error in wrong(workspace, one) if is_error]


def alone(one: dict[str, Any], *more: dict[str, Any], **given_: Any) -> Any:
    """A node right behind the entry."""
    return drawn(one, *more, edges=["e>" + one["id"]], **given_)


def entered_by(trigger: dict[str, Any], **entry: Any) -> Any:
    return drawn(WAIT, edges=["e>w"], trigger=trigger, entry=entry)


def event(name: str = "page_viewed", *where: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "event", "event": name, "where": list(where)}


WRONG_TEST = {"property": "amount", "type": "number", "op": "at_least", "value": "viel"}

BAD: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    # the whole
    "no entry": ({"nodes": [{"kind": "join", "id": "j"}], "edges": []}, [("", ""), ("j", "")]),
    "two entries": (drawn(WAIT, {"kind": "entry", "id": "f"}, edges=["e>w", "f>w"]), [("", "")]),
    "nothing behind the entry": (drawn(), [("e", "out")]),
    "a community that is gone": (alone(WAIT, community=GONE), [("", "community")]),
    "an exit condition on a deleted tag": (alone(WAIT, rules={"exit_condition": HAS_GONE}), [("", "rules.exit_condition/tag")]),
    "an exit event that is none": (alone(WAIT, rules={"exit_events": [{"event": "no_such"}]}), [("", "rules.exit_events.0.event")]),
    # lines
    "a line to nowhere": (drawn(WAIT, edges=["e>w", "w>nowhere"]), [("w", "")]),
    "a line from nowhere": (drawn(WAIT, edges=["e>w", "nowhere>w"]), [("nowhere", "")]),
    "a line from no port": (drawn(WAIT, node("exit", "x"), edges=["e>w", "w>x", "w.other>x"]), [("w", "")]),
    "a line out of an exit": (drawn(node("exit", "x"), WAIT, edges=["e>x", "x>w"]), [("x", "")]),
    "two lines from one port": (drawn(WAIT, node("exit", "x"), node("exit", "y"), edges=["e>w", "w>x", "w>y"]), [("w", "out")]),
    "the same line twice": (drawn(WAIT, node("exit", "x"), edges=["e>w", "w>x", "w>x"]), [("w", "out")]),
    "back to the entry": (drawn(WAIT, edges=["e>w", "w>e"]), [("w", "out")]),
    "nobody comes here": (drawn(WAIT, node("join", "j"), edges=["e>w"]), [("j", "")]),
    "nobody comes to an island": (drawn(WAIT, node("join", "j"), node("join", "k"), edges=["e>w", "j>k"]), [("j", ""), ("k", "")]),
    # circles
    "a loop without a wait": (drawn(node("join", "j"), node("join", "k"), edges=["e>j", "j>k", "k>j"]), [("k", "")]),
    "a loop through go to": (drawn(node("join", "j"), node("go_to", "g", node="j"), edges=["e>j", "j>g"]), [("g", "")]),
    "a loop past a limit, which lets go at once": (
        drawn(node("limit", "l"), node("go_to", "g", node="l"), edges=["e>l", "l>g"]),
        [("g", "")],
    ),
    "a loop past a day that may be behind": (
        drawn(node("wait_date", "d", attribute="birthday"), node("go_to", "g", node="d"), edges=["e>d", "d>g", "d.otherwise>g"]),
        [("g", "")],
    ),
    "one way round waits, the other does not": (
        drawn(
            node("branch", "b", cases=[{"id": "yes", "condition": {"kind": "attribute", "key": "birthday", "op": "empty_not"}}]),
            WAIT,
            node("join", "j"),
            edges=["e>b", "b.yes>w", "b.otherwise>j", "w>j", "j>b"],
        ),
        [("j", "")],
    ),
    # entry
    "an event that is none": (entered_by(event("no_such")), [("e", "trigger.event")]),
    "a property test that cannot be": (entered_by(event("order_paid", WRONG_TEST)), [("e", "trigger.where.0.value")]),
    "a group that is gone": (entered_by(event() | {"groups": [GONE]}), [("e", "trigger.groups")]),
    "a segment that is gone": (entered_by({"kind": "segment", "segment": GONE}), [("e", "trigger.segment")]),
    "a schedule for a segment that is gone": (
        entered_by({"kind": "schedule", "timing": {"kind": "daily"}, "segment": GONE}),
        [("e", "trigger.segment")],
    ),
    "a schedule without a time": (entered_by({"kind": "schedule", "timing": {"kind": "now"}}), [("e", "trigger.timing.kind")]),
    "a schedule at no time of day": (entered_by({"kind": "schedule", "timing": {"kind": "daily", "time": "25:00"}}), [("e", "trigger.timing.time")]),
    "a date that is none": (entered_by({"kind": "date", "attribute": "no_such"}), [("e", "trigger.attribute")]),
    "an entry condition on a deleted tag": (entered_by({"kind": "manual"}, condition=HAS_GONE), [("e", "condition/tag")]),
    "again after no days": (entered_by({"kind": "manual"}, reentry={"kind": "after"}), [("e", "reentry.days")]),
    "again after too many days": (entered_by({"kind": "manual"}, reentry={"kind": "after", "days": 367}), [("e", "reentry.days")]),
    # each kind of node
    "too short a wait": (alone(node("wait", "w", seconds=59)), [("w", "seconds")]),
    "too long a wait": (alone(node("wait", "w", seconds=366 * 86_400 + 1)), [("w", "seconds")]),
    "no time of day": (alone(node("wait_time", "w", time="9 Uhr")), [("w", "time")]),
    "no day of the week": (alone(node("wait_time", "w", weekdays=[0, 8])), [("w", "weekdays")]),
    "no attribute": (alone(node("wait_date", "w")), [("w", "attribute")]),
    "an attribute that is no day": (alone(node("wait_date", "w", attribute="time_zone")), [("w", "attribute")]),
    "too many days off": (alone(node("wait_date", "w", attribute="birthday", offset_days=367)), [("w", "offset_days")]),
    "no time on the day": (alone(node("wait_date", "w", attribute="birthday", time="")), [("w", "time")]),
    "waiting for nothing": (alone(node("wait_event", "w")), [("w", "events")]),
    "waiting for no event": (alone(node("wait_event", "w", events=[{"id": "a", "event": "no_such"}])), [("w", "events.0.event")]),
    "waiting with a test that cannot be": (
        alone(node("wait_event", "w", events=[{"id": "a", "event": "order_paid", "where": [WRONG_TEST]}])),
        [("w", "events.0.where.0.value")],
    ),
    "two ways of the same name": (alone(node("wait_event", "w", events=[CAME, CAME])), [("w", "events")]),
    "a way of a reserved name": (alone(node("wait_event", "w", events=[CAME | {"id": "timeout"}])), [("w", "events")]),
    "no end of waiting": (alone(node("wait_event", "w", events=[CAME], timeout_seconds=0)), [("w", "timeout_seconds")]),
    "a branch without ways": (alone(node("branch", "b")), [("b", "cases")]),
    "a branch of too many ways": (
        alone(node("branch", "b", cases=[{"id": f"c{n}", "condition": {"kind": "attribute", "key": "birthday", "op": "empty"}} for n in range(21)])),
        [("b", "cases")],
    ),
    "a branch without a condition": (alone(node("branch", "b", cases=[{"id": "yes"}])), [("b", "cases.0.condition")]),
    "a branch on a deleted tag": (alone(node("branch", "b", cases=[{"id": "yes", "condition": HAS_GONE}])), [("b", "cases.0.condition/tag")]),
    "a branch on a deleted attribute": (
        alone(node("branch", "b", cases=[{"id": "yes", "condition": {"kind": "attribute", "key": "was_there", "op": "empty"}}])),
        [("b", "cases.0.condition/key")],
    ),
    "a branch on no condition": (
        alone(node("branch", "b", cases=[{"id": "yes", "condition": {"kind": "guess"}}])),
        [("b", "cases.0.condition/kind")],
    ),
    "an event branch without ways": (alone(node("event_branch", "b")), [("b", "cases")]),
    "an event branch without a test": (alone(node("event_branch", "b", cases=[{"id": "yes"}])), [("b", "cases.0.where")]),
    "an event branch on a test that cannot be": (
        alone(node("event_branch", "b", cases=[{"id": "yes", "where": [WRONG_TEST]}])),
        [("b", "cases.0.where.0.value")],
    ),
    "a split without arms": (alone(node("split", "s")), [("s", "arms"), ("s", "arms")]),
    "a split without weights": (alone(node("split", "s", arms=[{"id": "a", "weight": 0}, {"id": "b", "weight": 0}])), [("s", "arms")]),
    "a split of less than nothing": (alone(node("split", "s", arms=[{"id": "a", "weight": -1}, {"id": "b"}])), [("s", "arms")]),
    "two holdouts": (
        alone(node("split", "s", arms=[{"id": "a"}, {"id": "b", "is_holdout": True}, {"id": "c", "is_holdout": True}])),
        [("s", "arms")],
    ),
    "no action": (alone(node("action", "a")), [("a", "action")]),
    "no such action": (alone(act("a", "nothing.do")), [("a", "action")]),
    "an action on a deleted tag": (alone(act("a", "tag.add", tag_id=GONE)), [("a", "settings.tag_id")]),
    "a message without words": (alone(act("a", "message.send", parts=[])), [("a", "settings.parts")]),
    "a to-do without a title": (alone(act("a", "todo.create")), [("a", "settings.title")]),
    "a journey that is gone": (alone(act("a", "journey.start", journey_id=GONE)), [("a", "settings.journey_id")]),
    "an event of the product's own": (alone(act("a", "event.record", event="order_paid")), [("a", "settings.event")]),
    "a limit of nobody": (alone(node("limit", "l", people=0)), [("l", "people")]),
    "to nowhere": (alone(node("go_to", "g")), [("g", "node")]),
    "to itself": (alone(node("go_to", "g", node="g")), [("g", "node"), ("g", "")]),
    "to the entry": (alone(node("go_to", "g", node="e")), [("g", "node"), ("g", "")]),
    "a goal that never happens": (drawn(WAIT, node("goal", "g", event="no_such"), edges=["e>w"]), [("g", "event")]),
    "a goal within no days": (drawn(WAIT, node("goal", "g", event="order_paid", within_days=0), edges=["e>w"]), [("g", "within_days")]),
    "too long a name": (alone(node("exit", "x", name="长" * 61)), [("x", "name")]),
    "too long a note": (alone(node("join", "j", note="长" * 2_001)), [("j", "note")]),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_at_its_node(workspace: Workspace, name: str) -> None:
    one, expected = BAD[name]
    assert errors(workspace, one) == expected


def test_what_is_wrong_is_kept_and_not_published(api: Api, workspace: Workspace) -> None:
    made = api.post("/automation/journeys", {"name": "旅程"}).json()
    path, revision = f"/automation/journeys/{made['id']}", made["draft_revision"]
    for name, (one, expected) in BAD.items():
        answer = api.put(f"{path}/draft", {"graph": one, "revision": revision})
        assert answer.status_code == 200, (name, answer.content)
        revision = answer.json()["revision"]
        said = [(each["node"], each["field"]) for each in answer.json()["problems"] if each["is_error"]]
        assert said == expected, name
        kept = Journey.objects.in_workspace(workspace).get()
        assert [each["id"] for each in kept.draft["nodes"]] == [each["id"] for each in one["nodes"]], name
        answer = api.post(f"{path}/publication", {"revision": revision})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), (name, answer.content)
        at = {each["id"]: number for number, each in enumerate(one["nodes"])}
        fields = [".".join(filter(None, ["graph", f"nodes.{at[node_]}" if node_ in at else "", field])) for node_, field in expected]
        assert [each["field"] for each in answer.json()["errors"]] == fields, name
    assert JourneyVersion.objects.in_workspace(workspace).count() == 0
    assert Journey.objects.in_workspace(workspace).get().state == "draft"


@pytest.mark.parametrize(
    ("one", "field"),
    [
        ({"nodes": [{"kind": "guess", "id": "a"}]}, "graph.nodes.0.kind"),
        ({"nodes": [{"id": "a"}]}, "graph.nodes.0.kind"),
        ({"nodes": [{"kind": "wait"}]}, "graph.nodes.0.id"),
        ({"nodes": [{"kind": "wait", "id": "a", "seconds": "60"}]}, "graph.nodes.0.seconds"),
        ({"nodes": [{"kind": "wait", "id": "a", "hours": 1}]}, "graph.nodes.0"),
        ({"nodes": [{"kind": "entry", "id": "a", "trigger": {"kind": "guess"}}]}, "graph.nodes.0.trigger.kind"),
        ({"nodes": [{"kind": "entry", "id": "a", "trigger": {"kind": "segment", "segment": "x"}}]}, "graph.nodes.0.trigger.segment"),
        ({"nodes": [{"kind": "entry", "id": "a", "reentry": {"kind": "sometimes"}}]}, "graph.nodes.0.reentry.kind"),
        ({"nodes": [{"kind": "limit", "id": "a", "per": "week"}]}, "graph.nodes.0.per"),
        ({"nodes": [{"kind": "join", "id": "a"}, {"kind": "join", "id": "a"}]}, "graph.nodes"),
        ({"nodes": [{"kind": "join", "id": "a b"}]}, "graph.nodes"),
        ({"nodes": [{"kind": "join", "id": "a" * 21}]}, "graph.nodes"),
        ({"nodes": [{"kind": "join", "id": f"n{number}"} for number in range(201)]}, "graph.nodes"),
        ({"edges": [{"source": "a", "target": "b"}] * 601}, "graph.edges"),
        ({"comments": [{"id": "a"}] * 101}, "graph.comments"),
        ({"edges": [{"source": "a"}]}, "graph.edges.0.target"),
        ({"nodes": [], "colour": "red"}, "graph"),
        ({"community": "here"}, "graph.community"),
    ],
)
def test_what_is_no_drawing_at_all_is_not_kept(api: Api, workspace: Workspace, one: Any, field: str) -> None:
    made = api.post("/automation/journeys", {"name": "旅程"}).json()
    answer = api.put(f"/automation/journeys/{made['id']}/draft", {"graph": one, "revision": 1})
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (422, [field]), answer.content
    message = answer.json()["errors"][0]["message"]
    assert "stage" not in message  # nothing of the words of conditions
    assert Journey.objects.in_workspace(workspace).get().draft == made["draft"]


def test_a_way_that_ends_is_something_to_know(workspace: Workspace) -> None:
    one = drawn(
        node("wait_event", "w", events=[CAME], timeout_seconds=60),
        node("split", "s", arms=[{"id": "a"}, {"id": "b"}]),
        act("n", "event.record", event="asked"),
        node("goal", "g"),
        node("exit", "x"),
        edges=["e>w", "w.came>s", "s.a>n", "s.b>g", "n>x"],
    )
    assert wrong(workspace, one) == [("w", "timeout", False)]  # neither `failed` nor behind a goal with which they leave
    kept = one | {"edges": [*one["edges"], {"source": "w", "port": "timeout", "target": "x"}]}
    assert wrong(workspace, kept) == []


def test_a_goal_of_an_event_and_what_waits_need_no_other_line(workspace: Workspace) -> None:
    one = drawn(WAIT, node("goal", "g", event="order_paid"), node("go_to", "t", node="w"), edges=["e>w", "w>t"])
    assert wrong(workspace, one) == []


def test_an_attribute_that_goes_later_is_said_at_the_next_look(api: Api, workspace: Workspace) -> None:
    attributes.define(workspace, actor=SYSTEM, key="size", name_zh="尺码", name_en="Size", kind="text")
    forget()
    condition = {"kind": "attribute", "key": "size", "op": "is", "value": "M"}
    journey = publish(workspace, alone(node("branch", "b", cases=[{"id": "m", "condition": condition}])))
    path = f"/automation/journeys/{journey.pk}"
    assert api.get(path).json()["errors"] == 0
    attributes.remove(workspace, actor=SYSTEM, key="size")
    assert [(one["node"], one["field"]) for one in api.get(path).json()["problems"] if one["is_error"]] == [("b", "cases.0.condition/key")]
    assert (api.get(path).json()["errors"], api.get(path).json()["state"]) == (1, "on")


def test_no_sender_is_an_error_in_the_check_and_at_publication(api: Api, workspace: Workspace) -> None:
    made = api.post("/automation/journeys", {"name": "旅程"}).json()
    path = f"/automation/journeys/{made['id']}"
    api.put(f"{path}/draft", {"graph": alone(send("m", "你好")), "revision": 1})
    said = [(one["node"], one["field"]) for one in api.post(f"{path}/check").json()["problems"] if one["is_error"]]
    assert said == [("m", "settings.accounts")]
    answer = api.post(f"{path}/publication", {"revision": 2})
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, ["graph.nodes.1.settings.accounts"])


# --- circles among automations ----------------------------------------------------------------------


def always(trigger: dict[str, Any], *nodes: dict[str, Any], kind: str = "always", days: int = 0) -> Any:
    ids = ["e", *(one["id"] for one in nodes)]
    edges = [f"{one}>{two}" for one, two in pairwise(ids)]
    return drawn(*nodes, edges=edges, trigger=trigger, entry={"reentry": {"kind": kind, "days": days}})


def tag_added(tag: Tag) -> dict[str, Any]:
    return event("tag_added", {"property": "tag_id", "type": "text", "op": "is", "value": str(tag.pk)})


def adds(tag: Tag) -> dict[str, Any]:
    return act("t", "tag.add", tag_id=str(tag.pk))


@pytest.fixture
def tags(workspace: Workspace) -> tuple[Tag, Tag]:
    return Tag.objects.create(workspace=workspace, name="甲"), Tag.objects.create(workspace=workspace, name="乙")


def refused(make: Callable[[], Any]) -> tuple[list[str], str]:
    with pytest.raises(Invalid) as raised:
        make()
    return [str(one["field"]) for one in raised.value.errors], raised.value.errors[0]["message"]["zh"]


def test_a_journey_that_lets_in_by_what_it_does(workspace: Workspace, tags: tuple[Tag, Tag]) -> None:
    one, two = tags
    fields, said = refused(lambda: publish(workspace, always(tag_added(one), adds(one))))
    assert (fields, "这个旅程的动作" in said) == (["graph.nodes.0.reentry"], True)
    publish(workspace, always(tag_added(one), adds(two)), name="别的标签")
    publish(workspace, always(tag_added(two), adds(two), kind="never"), name="只一次")
    publish(workspace, always(tag_added(two), adds(two), kind="after", days=1), name="一天一次")


def test_two_journeys_that_set_each_other_off(workspace: Workspace, tags: tuple[Tag, Tag]) -> None:
    one, two = tags
    there = publish(workspace, always(tag_added(one), adds(two)), name="去")
    fields, said = refused(lambda: publish(workspace, always(tag_added(two), adds(one)), name="来"))
    assert (fields, "“去”" in said) == (["graph.nodes.0.reentry"], True)
    back = Journey.objects.in_workspace(workspace).get(name="来")
    assert (back.state, back.published) == ("draft", None)
    journeys.set_state(workspace, actor=boss(), journey_id=there.pk, state="paused")
    journeys.publish(workspace, actor=boss(), journey_id=back.pk, revision=back.draft_revision, moves=False, starts=True)


def test_two_journeys_that_let_into_each_other(workspace: Workspace) -> None:
    first = journeys.create(workspace, actor=boss(), name="甲")
    second = publish(workspace, always({"kind": "manual"}, act("s", "journey.start", journey_id=str(first.pk))), name="乙")
    graph_ = always({"kind": "manual"}, act("s", "journey.start", journey_id=str(second.pk)))
    revision, _ = journeys.draw(workspace, actor=boss(), journey_id=first.pk, drawn=graph_, revision=1)
    fields, said = refused(lambda: journeys.publish(workspace, actor=boss(), journey_id=first.pk, revision=revision, moves=False, starts=True))
    assert (fields, "“乙”" in said) == (["graph.nodes.0.reentry"], True)
    itself = always({"kind": "manual"}, act("s", "journey.start", journey_id=str(first.pk)))
    revision, _ = journeys.draw(workspace, actor=boss(), journey_id=first.pk, drawn=itself, revision=revision)
    fields, _ = refused(lambda: journeys.publish(workspace, actor=boss(), journey_id=first.pk, revision=revision, moves=False, starts=True))
    assert fields == ["graph.nodes.0.reentry"]


def test_a_journey_whose_end_lets_in_again(workspace: Workspace) -> None:
    first = journeys.create(workspace, actor=boss(), name="甲")
    over = event("journey_ended", {"property": "journey_id", "type": "text", "op": "is", "value": str(first.pk)})
    revision, _ = journeys.draw(workspace, actor=boss(), journey_id=first.pk, drawn=always(over, WAIT), revision=1)
    fields, _ = refused(lambda: journeys.publish(workspace, actor=boss(), journey_id=first.pk, revision=revision, moves=False, starts=True))
    assert fields == ["graph.nodes.0.reentry"]


def test_a_journey_and_a_rule_that_set_each_other_off(workspace: Workspace, tags: tuple[Tag, Tag]) -> None:
    one, two = tags
    does = [{"id": "a1", "action": "tag.add", "settings": {"tag_id": str(one.pk)}}]
    make_rule(workspace, "规则", trigger=tag_added(two), actions=does)
    fields, said = refused(lambda: publish(workspace, always(tag_added(one), adds(two)), name="旅程"))
    assert (fields, "“规则”" in said) == (["graph.nodes.0.reentry"], True)
    publish(workspace, always(tag_added(one), adds(two), kind="after", days=1), name="隔天")
    capped = Tag.objects.create(workspace=workspace, name="丙")
    does = [{"id": "a1", "action": "tag.add", "settings": {"tag_id": str(one.pk)}}]
    make_rule(workspace, "有上限", trigger=tag_added(capped), actions=does, cap_times=1)
    publish(workspace, always(tag_added(one), adds(capped)), name="有界")
    back = [{"id": "a1", "action": "tag.add", "settings": {"tag_id": str(one.pk)}}]
    with pytest.raises(Invalid) as raised:
        make_rule(workspace, "无界", trigger=tag_added(capped), actions=back)
    assert "“有界”" in raised.value.errors[0]["message"]["zh"]


# --- anything somebody may send --------------------------------------------------------------------


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.just(GONE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def at_fields(workspace: Workspace, action: Action, filled: Mapping[str, Any]) -> list[str]:
    """Where an action refuses what was filled in. It raises Invalid and nothing else: only that is said at the node."""
    try:
        action.check(workspace.pk, filled)
    except Invalid as error:
        return [str(one["field"]) for one in error.errors]
    return []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_filled_into_an_action_is_taken_or_refused_at_its_field(workspace: Workspace, data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(registry.every()))
    filled = {field.name: data.draw(anything, label=field.name) for field in action.fields}
    assert all(field.partition(".")[0] in filled for field in at_fields(workspace, action, filled))
    found = checking.problems(workspace.pk, checking.read(alone(act("a", action.name, **filled))), vocabulary.of(workspace))
    assert all(one.field == "out" or one.field.startswith("settings.") for one in found if one.node == "a")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_drawn_is_looked_at(workspace: Workspace, data: st.DataObject) -> None:
    """Any nodes and lines at all: problems, or none, and never a fault."""
    ids = st.sampled_from(["e", "a", "b", "c", "d"])
    kinds = st.sampled_from(
        ["wait", "wait_time", "wait_date", "wait_event", "branch", "event_branch", "split", "action", "limit", "go_to", "join", "goal"]
    )
    nodes = [{"kind": "entry", "id": "e"}, *({"kind": data.draw(kinds), "id": one} for one in "abcd")]
    for one in nodes:
        if one["kind"] == "go_to":
            one["node"] = data.draw(ids)
        elif one["kind"] in ("branch", "event_branch"):
            one["cases"] = [{"id": "x"}]
        elif one["kind"] == "split":
            one["arms"] = [{"id": "x"}]
    edges = data.draw(
        st.lists(st.fixed_dictionaries({"source": ids, "target": ids, "port": st.sampled_from(["out", "x", "otherwise", "timeout"])}), max_size=8)
    )
    one = checking.read({"nodes": nodes, "edges": edges})
    found = checking.problems(workspace.pk, one, vocabulary.of(workspace))
    said = {each.en for each in found}
    assert ("The way round from here has no wait: people would go round without end. Add a wait." in said) == _goes_round(one)


def _goes_round(one: graph.Graph) -> bool:
    """Whether some walk of as many steps as there are nodes meets no wait."""
    still = {each.id for each in one.nodes if not isinstance(each, checking.WAITS)}
    steps = {(edge.source, edge.target) for edge in one.edges} | {(each.id, each.node) for each in one.nodes if isinstance(each, graph.GoTo)}
    here = set(still)
    for _ in one.nodes:
        here = {target for source, target in steps if source in here and target in still}
    return bool(here)


def test_an_empty_form_is_refused_at_fields_of_the_form(workspace: Workspace) -> None:
    for action in registry.every():
        assert {one.partition(".")[0] for one in at_fields(workspace, action, {})} <= {field.name for field in action.fields}, action.name
