"""Every write of to-dos: made, changed, done, opened again, removed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hutong.foundation import clock, ids, stream
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.stream import Fact
from hutong.foundation.text import many_lines, one_line
from hutong.members import bulk
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.todos import queries
from hutong.todos.errors import TodoChanged
from hutong.todos.models import NEVER, WRITE, Todo
from hutong.workspaces import audit, people
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

TITLE_LENGTH_MAX = 200
NOTE_LENGTH_MAX = 5_000
OPEN_MAX = 20_000
YEARS_MAX = 10
NAME_LENGTH_MAX = 100
_COLUMNS = (
    "id", "workspace", "title", "note", "assignee", "origin", "due_at", "sort_at", "remind_at", "key", "source", "created_by", "created_at", "version",
    "changed_by", "done_by",
)  # fmt: skip
FIELDS = ("title", "note", "assignee_id", "member_id", "due_at", "remind_at")


def one(workspace: Workspace, todo_id: uuid.UUID) -> Todo:
    """A to-do, for change. Within a transaction. Raises NotFound."""
    found = Todo.objects.in_workspace(workspace).select_for_update(of=("self",)).filter(pk=todo_id).first()
    if found is None:
        raise NotFound("todo")
    return found


def create(workspace: Workspace, *, actor: Actor, values: Mapping[str, Any], key: str = "", source: str = "") -> Todo:
    """Write down what is to be done; `values` by the names in `FIELDS`. The same `key` is the same to-do. Raises Invalid, NotFound."""
    with transaction.atomic():
        before = Todo.objects.in_workspace(workspace).filter(key=key).first() if key else None
        if before is not None:
            return before
        if queries.open_count(workspace.pk) >= OPEN_MAX:
            raise Invalid.field("title", f"最多 {OPEN_MAX:,} 条未完成的待办。", f"At most {OPEN_MAX:,} to-dos can be open.")
        made = Todo(workspace=workspace, key=key, source=source, created_by=actor.name, changed_by=actor.name, created_at=clock.now())
        _fill(workspace, made, {"title": ""} | dict(values))
        made.save()
        stream.record(_fact(made, "todo_created", made.created_at))
        audit.write(workspace, actor=actor, action="todo.create", target=made)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A to-do that is written down by no person: what it says, checked already, under the key that makes it one."""

    key: str
    title: str
    note: str
    member_id: uuid.UUID
    assignee_id: uuid.UUID | None
    due_at: dt.datetime | None
    remind_at: dt.datetime | None


def create_many(workspace_id: uuid.UUID, some: Sequence[Made], *, source: str, told_by: str, by: str) -> None:
    """Write them down, those whose key is there already left out. Within a transaction. `told_by`: what made them, as facts say."""
    before = there(workspace_id, [one.key for one in some])
    now, name = clock.now(), by[:NAME_LENGTH_MAX]
    new = [(ids.new(), one) for one in {one.key: one for one in some if one.key not in before}.values()]
    bulk.insert(
        Todo,
        _COLUMNS,
        [
            (
                pk, workspace_id, one.title, one.note, one.assignee_id, one.member_id, one.due_at, one.due_at or NEVER, one.remind_at, one.key, source,
                name, now, 1, name, "",
            )
            for pk, one in new
        ],
    )  # fmt: skip
    facts = [
        Fact(
            workspace_id=workspace_id, name="todo_created", member_id=one.member_id, source=told_by, occurred_at=now,
            properties={"todo_id": str(pk), "title": one.title}, id=f"{pk}/todo_created/1",
        )
        for pk, one in new
    ]  # fmt: skip
    if facts:
        stream.record(*facts)


def there(workspace_id: uuid.UUID, keys: Sequence[str]) -> set[str]:
    """Which of these keys to-dos have."""
    return {key for key, *_ in bulk.pick(Todo, [], "key", keys, workspace_id=workspace_id)}


def change(workspace: Workspace, *, actor: Actor, todo_id: uuid.UUID, version: int, values: Mapping[str, Any], is_done: bool | None = None) -> Todo:
    """Change what `values` names, and whether it is done. Raises Invalid, NotFound, TodoChanged."""
    with transaction.atomic():
        todo = one(workspace, todo_id)
        TodoChanged.unless(version, todo.version, by=todo.changed_by)
        _fill(workspace, todo, values)
        verb = "change"
        if is_done is not None and is_done != (todo.done_at is not None):
            todo.done_at, todo.done_by = (clock.now(), actor.name) if is_done else (None, "")
            verb = "finish" if is_done else "reopen"
        todo.version += 1
        todo.changed_by = actor.name
        todo.save()
        if verb == "finish" and todo.done_at is not None:
            late = todo.due_at is not None and todo.due_at < todo.done_at
            seconds = round((todo.done_at - todo.created_at).total_seconds())
            stream.record(_fact(todo, "todo_done", todo.done_at, is_late=late, seconds=seconds))
        audit.write(workspace, actor=actor, action=f"todo.{verb}", target=todo)
    return todo


def delete(workspace: Workspace, *, actor: Actor, todo_id: uuid.UUID) -> None:
    """Remove it. Raises NotFound."""
    with transaction.atomic():
        todo = one(workspace, todo_id)
        audit.write(workspace, actor=actor, action="todo.delete", target=todo)
        todo.delete()


def _fill(workspace: Workspace, todo: Todo, values: Mapping[str, Any]) -> None:
    if "title" in values:
        todo.title = one_line("title", values["title"], length_max=TITLE_LENGTH_MAX)
    if "note" in values:
        todo.note = many_lines("note", values["note"], length_max=NOTE_LENGTH_MAX)
    if "assignee_id" in values and values["assignee_id"] != todo.assignee_id:
        if values["assignee_id"] is not None and values["assignee_id"] not in {user.pk for user in people.able_to(workspace.pk, WRITE)}:
            raise Invalid.field("assignee_id", "这位员工不能处理待办。", "They may not handle to-dos.")
        todo.assignee_id = values["assignee_id"]
    if "member_id" in values:
        todo.origin_id = values["member_id"]
        if todo.origin_id is not None and not Member.objects.in_workspace(workspace).filter(pk=todo.origin_id).exists():
            raise NotFound("member")
    for name in ("due_at", "remind_at"):
        if name in values:
            setattr(todo, name, _moment(name, values[name]))
    todo.sort_at = todo.due_at or NEVER


def _moment(name: str, at: dt.datetime | None) -> dt.datetime | None:
    now = clock.now()
    if at is not None and not now - dt.timedelta(days=366 * YEARS_MAX) < at < now + dt.timedelta(days=366 * YEARS_MAX):
        raise Invalid.field(name, f"请选择 {YEARS_MAX} 年之内的时间。", f"Choose a time within {YEARS_MAX} years.")
    return at


def _fact(todo: Todo, name: str, at: dt.datetime, **properties: Any) -> Fact:
    return Fact(
        workspace_id=todo.workspace_id,
        name=name,
        member_id=None if todo.origin_id is None else origins.root(todo.workspace_id, todo.origin_id),
        source=todo.source,
        occurred_at=at,
        properties={"todo_id": str(todo.pk), "title": todo.title, **properties},
        id=f"{todo.pk}/{name}/{todo.version}",
    )
