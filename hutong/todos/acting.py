"""What can be left for a person: a to-do about the member."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from hutong.channels import personal
from hutong.foundation import clock, fields, filled
from hutong.foundation.acting import DONE, Action, Cause, Doer, Field, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid
from hutong.foundation.fields import ANY_OF_EVENT
from hutong.todos import actions, queries
from hutong.todos.actions import NOTE_LENGTH_MAX, OPEN_MAX, TITLE_LENGTH_MAX
from hutong.todos.models import WRITE
from hutong.workspaces import people as staff

_TOO_MANY = Outcome(
    "refused", f"未完成的待办已有 {OPEN_MAX:,} 条。", f"There are {OPEN_MAX:,} open to-dos already.", "too_many_todos"
)  # fmt: skip


def _check(workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    title = filled.text(given, "title", length_max=TITLE_LENGTH_MAX)
    note = filled.text(given, "note", length_max=NOTE_LENGTH_MAX, required=False, has_lines=True)
    personal.line(workspace_id, title, where="title", also=[ANY_OF_EVENT])
    personal.line(workspace_id, note, where="note", also=[ANY_OF_EVENT])
    assignee = filled.maybe_id(given, "assignee")
    if assignee is not None and assignee not in _able(workspace_id):
        raise Invalid.field("assignee", "这位员工不能处理待办。", "They may not handle to-dos.")
    kept: dict[str, Any] = {"title": title, "note": note, "assignee": str(assignee) if assignee else ""}
    for name in ("due_in", "remind_in"):
        kept[name] = filled.seconds(given, name)
    return kept


def _able(workspace_id: uuid.UUID) -> dict[uuid.UUID, str]:
    return {one.pk: one.name for one in staff.able_to(workspace_id, WRITE)}


def _say(workspace_id: uuid.UUID, settings: Settings) -> Said:
    title = settings["title"]
    if not settings["assignee"]:
        return f"新建待办「{title}」", f"Write down the to-do “{title}”"
    name = _able(workspace_id).get(uuid.UUID(settings["assignee"]))
    zh, en = (name, name) if name is not None else ("（已离开）", "(no longer there)")
    return f"给 {zh} 新建待办「{title}」", f"Write down the to-do “{title}” for {en}"


def _plan(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    title, note = fields.read(settings["title"])[0], fields.read(settings["note"])[0]
    required = sorted(fields.required([*title, *note]))
    values = personal.for_people(doer.workspace_id, people, fields.names([*title, *note]))
    assignee = uuid.UUID(settings["assignee"]) if settings["assignee"] else None
    if assignee not in _able(doer.workspace_id):
        assignee = None  # whoever left the staff does it no more: anybody may
    now = clock.now()
    due, remind = (None if settings[name] is None else now + dt.timedelta(seconds=settings[name]) for name in ("due_in", "remind_in"))
    there = actions.there(doer.workspace_id, [one.key for one in people])
    room = max(0, OPEN_MAX - queries.open_count(doer.workspace_id))
    outcomes: list[Outcome] = []
    made: list[actions.Made] = []
    for one, known in zip(people, values, strict=True):
        missing = next((name for name in required if not known.get(name)), None)
        if missing is not None:
            outcomes.append(personal.refusal(missing))
        elif one.key in there:
            outcomes.append(DONE)
        elif len(made) >= room:
            outcomes.append(_TOO_MANY)
        else:
            outcomes.append(DONE)
            made.append(
                actions.Made(
                    key=one.key, title=_shortened(fields.fill(title, known)), note=fields.fill(note, known)[:NOTE_LENGTH_MAX], member_id=one.member_id,
                    assignee_id=assignee, due_at=due, remind_at=remind,
                )
            )  # fmt: skip

    def write() -> None:
        actions.create_many(doer.workspace_id, made, source=doer.source, told_by=doer.told_by, by=doer.name)

    return Plan(outcomes, write)


def _shortened(title: str) -> str:
    said = " ".join(title.split())
    return said if len(said) <= TITLE_LENGTH_MAX else f"{said[: TITLE_LENGTH_MAX - 1]}…"


ACTIONS = (
    Action(
        name="todo.create", zh="新建待办", en="Create a to-do", kind="staff", permission=WRITE,
        fields=(
            Field(name="title", kind="text", zh="标题", en="Title", takes_fields=True),
            Field(name="note", kind="long_text", zh="说明", en="Note", is_required=False, default="", takes_fields=True),
            Field(
                name="assignee", kind="staff", zh="指派给", en="Assigned to", is_required=False,
                hint_zh="不选：谁都可以做。", hint_en="Nobody: anyone may do it.",
            ),
            Field(name="due_in", kind="duration", zh="多久后到期", en="Due after", is_required=False),
            Field(name="remind_in", kind="duration", zh="多久后提醒", en="Remind after", is_required=False),
        ),
        check=_check, say=_say, plan=_plan, causes=lambda _settings: (Cause(event="todo_created"),),
    ),
)  # fmt: skip
