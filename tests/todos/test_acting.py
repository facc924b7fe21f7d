"""To-dos that automations write down."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
import time_machine

from hutong.events.models import LogEntry
from hutong.foundation.acting import Occasion
from hutong.foundation.errors import Invalid
from hutong.members.models import Member
from hutong.todos import acting as module
from hutong.todos.acting import ACTIONS
from hutong.todos.models import NEVER, Todo
from hutong.workspaces.models import Staff, User, Workspace
from tests.acting import SOURCE, TOLD_BY, do, doer, persons, states

pytestmark = pytest.mark.django_db
(CREATE,) = ACTIONS
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)


def member(workspace: Workspace, name: str) -> Member:
    return Member.objects.create(workspace=workspace, name=name, first_seen_at=NOW, last_seen_at=NOW)


@time_machine.travel(NOW, tick=False)
def test_one_for_each_member_once(workspace: Workspace, owner: User) -> None:
    ming, hong = member(workspace, "小明"), member(workspace, "小红")
    given = {
        "title": "回访{{name}}", "note": "付了{{event.amount|?}}元\n问问感受", "assignee": str(owner.pk), "due_in": 86_400, "remind_in": 3_600
    }  # fmt: skip
    people = [*persons(ming, occasion=Occasion(event="order_paid", properties={"amount": 30})), *persons(hong)]
    for _ in range(2):
        assert states(do(CREATE, workspace, given, people)) == ["done", "done"]
    first, second = Todo.objects.in_workspace(workspace).order_by("id")
    assert (first.title, first.note, first.origin_id, first.assignee_id) == ("回访小明", "付了30元\n问问感受", ming.pk, owner.pk)
    assert (first.key, first.source, first.created_by, first.version) == (people[0].key, SOURCE, "老客回访", 1)
    assert (first.due_at, first.sort_at, first.remind_at) == (NOW + dt.timedelta(days=1), first.due_at, NOW + dt.timedelta(hours=1))
    assert (second.title, second.note) == ("回访小红", "付了?元\n问问感受")
    facts = [msgspec.json.decode(bytes(row.body)) for row in LogEntry.objects.filter(name="todo_created").order_by("seq")]
    assert [(one["source"], one["member_id"], one["properties"]["title"]) for one in facts] == [
        (TOLD_BY, str(ming.pk), "回访小明"), (TOLD_BY, str(hong.pk), "回访小红")
    ]  # fmt: skip


def test_without_dates_for_anybody_and_never_too_long(workspace: Workspace) -> None:
    do(CREATE, workspace, {"title": "{{name}}" + "长" * 190}, persons(member(workspace, "名" * 50)))
    made = Todo.objects.in_workspace(workspace).get()
    assert (made.due_at, made.sort_at, made.remind_at, made.assignee) == (None, NEVER, None, None)
    assert (len(made.title), made.title[-1]) == (200, "…")


def test_whoever_left_the_staff_is_not_given_it(workspace: Workspace, owner: User) -> None:
    kept = CREATE.check(workspace.pk, {"title": "回访", "assignee": str(owner.pk)})
    assert CREATE.say(workspace.pk, kept) == ("给 王芳 新建待办「回访」", "Write down the to-do “回访” for 王芳")
    Staff.objects.in_workspace(workspace).filter(user=owner).delete()
    assert CREATE.say(workspace.pk, kept)[0] == "给 （已离开） 新建待办「回访」"
    plan = CREATE.plan(doer(workspace), kept, persons(member(workspace, "小明")))
    plan.write()
    assert Todo.objects.in_workspace(workspace).get().assignee is None
    with pytest.raises(Invalid):
        CREATE.check(workspace.pk, {"title": "回访", "assignee": str(owner.pk)})


def test_not_more_than_can_be_open(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OPEN_MAX", 2)
    some = [member(workspace, str(number)) for number in range(3)]
    assert states(do(CREATE, workspace, {"title": "看看"}, persons(*some))) == ["done", "done", "too_many_todos"]
    assert states(do(CREATE, workspace, {"title": "看看"}, persons(*some))) == ["done", "done", "too_many_todos"]
    assert Todo.objects.in_workspace(workspace).count() == 2


def test_who_lacks_a_field_is_refused_alone(workspace: Workspace) -> None:
    people = [*persons(member(workspace, "小明")), *persons(member(workspace, "小红"), occasion=Occasion(event="x", properties={"n": 1}))]
    assert states(do(CREATE, workspace, {"title": "{{event.n}}"}, people)) == ["missing_field", "done"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "{{nobody}}"}, "title"),
        ({"title": "x", "note": "{{"}, "note"),
        ({"title": "x", "due_in": -1}, "due_in"),
        ({"title": "x", "remind_in": 400 * 86_400}, "remind_in"),
        ({"title": "x", "assignee": "me"}, "assignee"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(workspace: Workspace, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        CREATE.check(workspace.pk, given)
    assert [one["field"] for one in caught.value.errors] == [field]
