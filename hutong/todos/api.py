"""To-dos."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from ninja import Query, Status

from hutong.foundation.errors import Invalid
from hutong.todos import actions, queries, schemas
from hutong.workspaces.access import Request, Router

router = Router(tags=["todos"])
READ, WRITE = "todos.read", "todos.write"
NAMED = ("title", "note")  # null says nothing


@router.get("/todos", permission=READ, response=schemas.TodoPage, operation_id="todos_list", summary="To-dos, by the date they are due")
def todos_list(request: Request, query: Query[schemas.TodosQuery]) -> object:
    wanted = queries.Wanted(**query.dict(exclude={"cursor", "limit"}))
    page = queries.page(request.workspace, user=request.actor.user, wanted=wanted, cursor=query.cursor, limit=query.limit)
    return {"items": _shown(request, page.items), "next_cursor": page.next_cursor}


@router.get("/todos/counts", permission=READ, response=schemas.TodoCounts, operation_id="todos_counts", summary="How many to-dos are open")
def todos_counts(request: Request) -> object:
    return queries.counts(request.workspace, request.actor.user)


@router.get("/todos/staff", permission=READ, response=schemas.TodoStaff, operation_id="todos_staff", summary="Who may handle to-dos, by name")
def todos_staff(request: Request) -> object:
    return {"items": queries.staff(request.workspace)}


@router.post("/todos", permission=WRITE, response={201: schemas.TodoOut}, operation_id="todos_create", summary="Write down a to-do")
def todos_create(request: Request, body: schemas.TodoBody) -> Status[object]:
    made = actions.create(request.workspace, actor=request.actor, values=body.dict(exclude={"key"}), key=body.key)
    return Status(201, _one(request, made.pk))


@router.get("/todos/{uuid:todo_id}", permission=READ, response=schemas.TodoOut, operation_id="todos_get", summary="One to-do")
def todos_get(request: Request, todo_id: uuid.UUID) -> object:
    return _one(request, todo_id)


@router.patch(
    "/todos/{uuid:todo_id}", permission=WRITE, response=schemas.TodoOut, operation_id="todos_change", summary="Change a to-do, finish or reopen it"
)
def todos_change(request: Request, todo_id: uuid.UUID, body: schemas.TodoChange) -> object:
    values = body.dict(exclude_unset=True, exclude={"version", "is_done"})
    for name in NAMED:
        if name in values and values[name] is None:
            raise Invalid.field(name, "不能为空。", "This cannot be null.")
    actions.change(request.workspace, actor=request.actor, todo_id=todo_id, version=body.version, values=values, is_done=body.is_done)
    return _one(request, todo_id)


@router.delete("/todos/{uuid:todo_id}", permission=WRITE, response={204: None}, operation_id="todos_delete", summary="Remove a to-do")
def todos_delete(request: Request, todo_id: uuid.UUID) -> Status[None]:
    actions.delete(request.workspace, actor=request.actor, todo_id=todo_id)
    return Status(204, None)


def _one(request: Request, todo_id: uuid.UUID) -> dict[str, Any]:
    return _shown(request, [queries.one(request.workspace, todo_id)])[0]


def _shown(request: Request, todos: Sequence[Any]) -> list[dict[str, Any]]:
    names = (
        "id", "title", "note", "assignee", "due_at", "remind_at", "source", "created_by", "created_at", "done_at", "done_by", "version",
    )  # fmt: skip
    members = queries.members(request.workspace, todos)
    return [{name: getattr(one, name) for name in names} | {"member": members.get(one.origin_id)} for one in todos]
