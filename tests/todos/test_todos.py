"""To-dos: written once, changed by one at a time, listed by date, finished and counted; reminders told to whom they concern."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import time_machine

from hutong.alerts import queries as alert_queries
from hutong.alerts import watching
from hutong.alerts.models import Alert, Subscription
from hutong.channels.models import Account, Send
from hutong.events.models import LogEntry
from hutong.foundation.errors import Invalid, NotFound
from hutong.members.actions import merges
from hutong.members.models import Member
from hutong.todos import actions, queries
from hutong.todos.errors import TodoChanged
from hutong.todos.models import NEVER, Todo
from hutong.todos.queries import Wanted
from hutong.workspaces.access import SYSTEM, Actor, actor_of
from hutong.workspaces.models import AuditEntry, Staff, User, Workspace
from tests.channels.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.conftest import Api

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def me(owner: User) -> Actor:
    return actor_of(owner, role="owner")


@pytest.fixture
def li(workspace: Workspace) -> User:
    user = User.objects.create(email="li@example.com", name="李雷")
    Staff.objects.create(workspace=workspace, user=user, role="moderator")
    return user


def made(workspace: Workspace, me: Actor, title: str = "回访", **more: Any) -> Todo:
    key = more.pop("key", "")
    return actions.create(workspace, actor=me, values={"title": title, **more}, key=key)


def titles(workspace: Workspace, user: User | None = None, limit: int = 50, **wanted: Any) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = queries.page(workspace, user=user, wanted=Wanted(**wanted), cursor=cursor, limit=limit)
        found += [one.title for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


def facts() -> list[tuple[str, Any]]:
    rows = LogEntry.objects.filter(name__startswith="todo_").order_by("seq")
    return [(row.name, msgspec.json.decode(bytes(row.body))["properties"]) for row in rows]


def test_the_same_key_is_one_todo(workspace: Workspace, me: Actor) -> None:
    first = made(workspace, me, key="rule-1/e1")
    assert made(workspace, me, "别的", key="rule-1/e1").pk == first.pk
    made(workspace, me, key="")
    made(workspace, me, key="")
    assert Todo.objects.in_workspace(workspace).count() == 3
    assert [name for name, _ in facts()] == ["todo_created"] * 3
    assert AuditEntry.objects.in_workspace(workspace).filter(action="todo.create").count() == 3


def test_lists_go_by_the_date_it_is_due(workspace: Workspace, other_workspace: Workspace, me: Actor, li: User, owner: User, travel: Any) -> None:
    made(workspace, me, "没有日期")
    made(workspace, me, "明天", due_at=NOW + 24 * HOUR, assignee_id=li.pk, note="带上样品")
    made(workspace, me, "一小时后", due_at=NOW + HOUR, assignee_id=owner.pk)
    made(workspace, me, "也是明天", due_at=NOW + 24 * HOUR)
    made(other_workspace, me, "别家的", due_at=NOW + HOUR)
    everything = ["一小时后", "明天", "也是明天", "没有日期"]
    assert titles(workspace) == titles(workspace, limit=1) == everything
    assert (titles(workspace, owner, show="mine"), titles(workspace, li, show="mine"), titles(workspace, None, show="mine")) == (
        ["一小时后"],
        ["明天"],
        [],
    )
    assert titles(workspace, show="unassigned") == ["也是明天", "没有日期"]
    assert (titles(workspace, assignee_id=li.pk), titles(workspace, q="样品"), titles(workspace, q="天")) == (
        ["明天"],
        ["明天"],
        ["明天", "也是明天"],
    )
    assert titles(workspace, show="late") == []
    travel.shift(2 * HOUR)
    assert titles(workspace, show="late") == ["一小时后"]
    assert queries.counts(workspace, owner) == {"open": 4, "mine": 1, "unassigned": 2, "late": 1, "mine_late": 1}
    assert queries.counts(workspace, li) == {"open": 4, "mine": 1, "unassigned": 2, "late": 1, "mine_late": 0}
    assert queries.counts(workspace, None) == {"open": 4, "mine": 0, "unassigned": 2, "late": 1, "mine_late": 0}


def test_changed_by_one_at_a_time(workspace: Workspace, me: Actor, li: User) -> None:
    todo = made(workspace, me, due_at=NOW + HOUR)
    changed = actions.change(workspace, actor=me, todo_id=todo.pk, version=1, values={"assignee_id": li.pk, "due_at": None})
    assert (changed.version, changed.assignee_id, changed.due_at, changed.sort_at, changed.title) == (2, li.pk, None, NEVER, "回访")
    with pytest.raises(TodoChanged) as caught:
        actions.change(workspace, actor=actor_of(li, role="moderator"), todo_id=todo.pk, version=1, values={"title": "别的"})
    assert caught.value.params == {"by": "王芳"}
    assert queries.one(workspace, todo.pk).title == "回访"


def test_done_and_opened_again(workspace: Workspace, me: Actor, travel: Any) -> None:
    todo = made(workspace, me, due_at=NOW + HOUR)
    travel.shift(2 * HOUR)
    done = actions.change(workspace, actor=me, todo_id=todo.pk, version=1, values={}, is_done=True)
    assert (done.done_at, done.done_by) == (NOW + 2 * HOUR, "王芳")
    assert (titles(workspace), titles(workspace, show="done")) == ([], ["回访"])
    again = actions.change(workspace, actor=me, todo_id=todo.pk, version=2, values={}, is_done=True)
    assert (again.done_at, again.version) == (NOW + 2 * HOUR, 3)
    reopened = actions.change(workspace, actor=me, todo_id=todo.pk, version=3, values={}, is_done=False)
    assert (reopened.done_at, reopened.done_by, titles(workspace)) == (None, "", ["回访"])
    assert facts() == [
        ("todo_created", {"todo_id": str(todo.pk), "title": "回访"}),
        ("todo_done", {"todo_id": str(todo.pk), "title": "回访", "is_late": True, "seconds": 7200}),
    ]
    entries = AuditEntry.objects.in_workspace(workspace).order_by("id").values_list("action", flat=True)
    assert list(entries) == ["todo.create", "todo.finish", "todo.change", "todo.reopen"]
    actions.delete(workspace, actor=me, todo_id=todo.pk)
    with pytest.raises(NotFound):
        queries.one(workspace, todo.pk)


def test_what_cannot_be(workspace: Workspace, other_workspace: Workspace, me: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = User.objects.create(email="v@example.com", name="看")
    Staff.objects.create(workspace=workspace, user=viewer, role="viewer")
    for values in ({"title": " "}, {"title": "长" * 201}, {"note": "长" * 5_001}, {"assignee_id": viewer.pk}, {"due_at": NOW + 400 * 24 * HOUR * 10}):
        with pytest.raises(Invalid):
            made(workspace, me, **values)
    stranger = Member.objects.create(workspace=other_workspace, name="外人", first_seen_at=NOW, last_seen_at=NOW)
    for missing in (stranger.pk, uuid.uuid4()):
        with pytest.raises(NotFound):
            made(workspace, me, member_id=missing)
    monkeypatch.setattr(actions, "OPEN_MAX", 1)
    todo = made(workspace, me)
    with pytest.raises(Invalid):
        made(workspace, me)
    with pytest.raises(NotFound):
        actions.change(other_workspace, actor=me, todo_id=todo.pk, version=1, values={})


def test_it_follows_its_member_into_merges_and_back(api: Api, workspace: Workspace, me: Actor) -> None:
    kept, between, absorbed = (
        Member.objects.create(workspace=workspace, name=name, first_seen_at=NOW, last_seen_at=NOW) for name in ("小明", "小明二", "小明三")
    )
    todo = made(workspace, me, member_id=absorbed.pk)
    merges.merge(workspace, actor=SYSTEM, kept_id=between.pk, absorbed_id=absorbed.pk)
    last = merges.merge(workspace, actor=SYSTEM, kept_id=kept.pk, absorbed_id=between.pk)
    assert [titles(workspace, member_id=one.pk) for one in (kept, between, absorbed)] == [["回访"]] * 3
    about = {"id": str(kept.pk), "name": "小明"}
    assert (api.get(f"/todos/{todo.pk}").json()["member"], [one["member"] for one in api.get("/todos").json()["items"]]) == (about, [about])
    actions.change(workspace, actor=me, todo_id=todo.pk, version=1, values={}, is_done=True)
    told = msgspec.json.decode(bytes(LogEntry.objects.get(name="todo_done").body))
    assert told["member_id"] == str(kept.pk)
    merges.undo(workspace, actor=SYSTEM, merge_id=last.pk)
    assert api.get(f"/todos/{todo.pk}").json()["member"] == {"id": str(between.pk), "name": "小明二"}


def test_the_member_it_is_about_is_chosen_changed_and_left_out(api: Api, other_workspace: Workspace, workspace: Workspace) -> None:
    one, other = (Member.objects.create(workspace=workspace, name=name, first_seen_at=NOW, last_seen_at=NOW) for name in ("李雪", "赵四"))
    stranger = Member.objects.create(workspace=other_workspace, name="外人", first_seen_at=NOW, last_seen_at=NOW)
    todo = api.post("/todos", {"title": "回访", "member_id": str(one.pk)}).json()
    path = f"/todos/{todo['id']}"
    assert todo["member"] == {"id": str(one.pk), "name": "李雪"}
    assert api.patch(path, {"version": 1, "member_id": str(other.pk)}).json()["member"] == {"id": str(other.pk), "name": "赵四"}
    assert api.patch(path, {"version": 2, "member_id": str(stranger.pk)}).status_code == 404
    assert api.patch(path, {"version": 2, "title": "再回访"}).json()["member"]["name"] == "赵四"
    assert api.patch(path, {"version": 3, "member_id": None}).json()["member"] is None


def test_a_reminder_is_an_alert_for_whom_it_is(workspace: Workspace, me: Actor, li: User, owner: User, account: Account, travel: Any) -> None:  # noqa: F811
    for user in (li, owner):
        Subscription.objects.create(workspace=workspace, user=user, account=account, chat_ref=user.name, chat_kind="dm", kinds=["todo"])
    theirs = made(workspace, me, "给李雷", remind_at=NOW + HOUR, assignee_id=li.pk)
    made(workspace, me, "没人的", remind_at=NOW + HOUR)
    made(workspace, me, "不提醒", due_at=NOW + HOUR)

    def told() -> list[tuple[str, str]]:
        watching.look()
        return sorted(Send.objects.in_workspace(workspace).values_list("chat_ref", "excerpt"))

    def seen(user: User) -> list[str]:
        shown = alert_queries.alerts(workspace, show="active", kinds=["todo"], community_id=None, user=user, cursor=None, limit=50)
        return sorted(one["zh"] for one in shown.items)

    assert told() == []
    travel.shift(HOUR)
    assert [(ref, text.split("\n")[0]) for ref, text in told()] == [("李雷", "2 条提醒："), ("王芳", "待办：没人的")]
    assert (seen(li), seen(owner)) == (["待办：没人的", "待办：给李雷（李雷）"], ["待办：没人的"])
    assert (alert_queries.summary(workspace, li)["open"], alert_queries.summary(workspace, owner)["open"]) == (2, 1)
    moved = actions.change(workspace, actor=me, todo_id=theirs.pk, version=1, values={"remind_at": NOW + 2 * HOUR})
    told()
    assert (seen(li), Alert.objects.in_workspace(workspace).filter(state="resolved").count()) == (["待办：没人的"], 1)
    travel.shift(HOUR)
    assert len(told()) == 3
    actions.change(workspace, actor=me, todo_id=theirs.pk, version=moved.version, values={}, is_done=True)
    told()
    assert seen(li) == ["待办：没人的"]


def test_over_http(api: Api, other_api: Api, workspace: Workspace, li: User) -> None:
    member = Member.objects.create(workspace=workspace, name="小明", first_seen_at=NOW, last_seen_at=NOW)
    body = {"title": " 回访 ", "assignee_id": str(li.pk), "member_id": str(member.pk), "due_at": "2026-11-03T09:00:00+08:00", "key": "crm-1"}
    answer = api.post("/todos", body)
    assert answer.status_code == 201, answer.content.decode()
    made_one = answer.json()
    assert made_one == {
        "id": made_one["id"], "title": "回访", "note": "", "assignee": {"id": str(li.pk), "name": "李雷"}, "member": {"id": str(member.pk), "name": "小明"},
        "due_at": "2026-11-03T01:00:00Z", "remind_at": None, "source": "", "created_by": "test", "created_at": "2026-11-02T04:30:00Z",
        "done_at": None, "done_by": "", "version": 1,
    }  # fmt: skip
    path = f"/todos/{made_one['id']}"
    assert api.post("/todos", body).json() == made_one == api.get(path).json()
    assert api.get("/todos").json() == {"items": [made_one], "next_cursor": None}
    assert api.patch(path, {"version": 1, "title": None}).status_code == 422
    assert api.patch(path, {"version": 1, "assignee_id": None, "is_done": True}).json()["done_by"] == "test"
    conflict = api.patch(path, {"version": 1, "title": "x"})
    assert (conflict.status_code, conflict.json()["code"]) == (409, "todo_changed")
    assert [one["name"] for one in api.get("/todos/staff").json()["items"]] == ["李雷"]
    assert (other_api.get(path).status_code, other_api.delete(path).status_code) == (404, 404)
    assert (api.delete(path).status_code, api.get(path).status_code) == (204, 404)
