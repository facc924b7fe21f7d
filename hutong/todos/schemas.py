"""The shapes of to-dos at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from ninja import Schema
from pydantic import Field

from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX
from hutong.members.schemas import Body, Ref


class TodosQuery(Schema):
    """Which to-dos, and where in the list. `late`: due before now."""

    show: Literal["open", "mine", "unassigned", "late", "done"] = "open"
    assignee_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    q: str = Field("", max_length=100, description="Part of the title or of the note.")
    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class TodoOut(Schema):
    """Something to do. `source` names what made it, where that was no person."""

    id: uuid.UUID
    title: str
    note: str
    assignee: Ref | None
    member: Ref | None
    due_at: dt.datetime | None
    remind_at: dt.datetime | None
    source: str
    created_by: str
    created_at: dt.datetime
    done_at: dt.datetime | None
    done_by: str
    version: int


class TodoPage(Schema):
    """To-dos."""

    items: list[TodoOut]
    next_cursor: str | None


class TodoCounts(Schema):
    """How many are open. `late`: due before now; `mine_late`: of those, mine."""

    open: int
    mine: int
    unassigned: int
    late: int
    mine_late: int


class TodoStaff(Schema):
    """Who may handle to-dos."""

    items: list[Ref]


class TodoBody(Body):
    """A new to-do. `remind_at`: when whoever it is assigned to is told; all who want to know, where it is nobody's."""

    title: str = Field(max_length=1_000)
    note: str = Field("", max_length=20_000)
    assignee_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    due_at: dt.datetime | None = None
    remind_at: dt.datetime | None = None
    key: str = Field("", max_length=100, description="Given again, no second to-do is made.")


class TodoChange(Body):
    """What is left out stays. `version` is that of the to-do as it was read."""

    version: int
    title: str | None = Field(None, max_length=1_000)
    note: str | None = Field(None, max_length=20_000)
    assignee_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    due_at: dt.datetime | None = None
    remind_at: dt.datetime | None = None
    is_done: bool | None = None
