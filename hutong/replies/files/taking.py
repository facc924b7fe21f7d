"""Checking a file of rules line by line, and taking it in whole, in one transaction: the work of two jobs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid
from hutong.foundation.jobs.running import checkpoint
from hutong.members import bulk
from hutong.replies.actions import checking, rules
from hutong.replies.errors import RuleNameTaken, TooManyRules
from hutong.replies.files import columns, tables
from hutong.replies.files.columns import BadCell, Places
from hutong.replies.files.tables import BadFile
from hutong.replies.models import Rule, RuleFile
from hutong.replies.schemas import ReplyRuleIn

ERRORS_SHOWN = 200
SAID_EVERY = 250  # lines


@dataclass(slots=True)
class Checked:
    """What the lines of a file are: rows to add, rows to change, and what is wrong."""

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[uuid.UUID, dict[str, Any]]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    errors_count: int = 0

    def wrong(self, line: int, column: str, zh: str, en: str) -> None:
        self.errors_count += 1
        if len(self.errors) < ERRORS_SHOWN:
            self.errors.append({"line": line, "column": column, "zh": zh, "en": en})


def check(file_id: uuid.UUID) -> None:
    """The check, as a job."""
    file = _file(file_id, ("waiting", "checking"))
    if file is None:
        return
    RuleFile.objects.across_workspaces().filter(pk=file.pk).update(state="checking")
    found = _checked(file)
    _settle(file, found, "refused" if found.errors_count else "checked")


def take_in(file_id: uuid.UUID) -> None:
    """The import, as a job: what was checked is checked again, since rules, groups and attachments may have changed."""
    file = _file(file_id, ("running",))
    if file is None:
        return
    found = _checked(file)
    if found.errors_count:
        _settle(file, found, "refused")
        return
    try:
        with transaction.atomic():
            _write(file, found)
            _settle(file, found, "done")
    except (RuleNameTaken, TooManyRules) as error:  # somebody was faster
        found.wrong(0, "", error.detail("zh"), error.detail("en"))
        _settle(file, found, "refused")


def _file(file_id: uuid.UUID, states: tuple[str, ...]) -> RuleFile | None:
    return RuleFile.objects.across_workspaces().select_related("workspace").filter(pk=file_id, state__in=states).first()


def _checked(file: RuleFile) -> Checked:
    found = Checked()
    try:
        lines = tables.lines(file.name, bytes(file.content))
    except BadFile as error:
        found.wrong(0, "", error.zh, error.en)
        return found
    rows = RuleFile.objects.across_workspaces().filter(pk=file.pk)
    rows.update(rows_total=len(lines), rows_done=0)
    workspace = file.workspace
    places = Places.of(workspace)
    there = dict(Rule.objects.in_workspace(workspace).filter(deleted_at=None).values_list("name", "pk"))
    seen: dict[str, int] = {}
    for done, (number, cells) in enumerate(lines, start=1):
        try:
            row = checking.columns(workspace, ReplyRuleIn(**columns.read(cells, places)))
        except BadCell as error:
            found.wrong(number, error.column, error.zh, error.en)
        except ValidationError as error:
            first = error.errors()[0]
            found.wrong(number, _column(first["loc"]), *_said(first))
        except Invalid as error:
            for one in error.errors:
                found.wrong(number, _column(str(one["field"]).split(".")), one["message"]["zh"], one["message"]["en"])
        else:
            name = row["name"]
            if seen.setdefault(name, number) != number:
                found.wrong(number, "name", f"与第 {seen[name]} 行同名。", f"Line {seen[name]} has the same name.")
            elif name in there:
                found.changed.append((there[name], row))
            else:
                found.added.append(row)
        if done % SAID_EVERY == 0:
            checkpoint()
            rows.update(rows_done=done)
    return found


def _column(path: Any) -> str:
    first = str(next(iter(path), ""))
    return columns.FIELD_COLUMN.get(first, first)


def _said(error: Any) -> tuple[str, str]:
    if str(next(iter(error["loc"]), "")) == "name":
        return "请填写名称，最多 100 个字。", "Give a name of at most 100 characters."
    if str(next(iter(error["loc"]), "")) == "keywords":
        return "请填写 1 到 100 个关键词。", "Give 1 to 100 keywords."
    return f"内容有误：{error['msg']}。", f"This cannot be used: {error['msg']}."


def _write(file: RuleFile, found: Checked) -> None:
    workspace = file.workspace
    version, now = rules.bump(workspace.pk), clock.now()
    extra = {"workspace": workspace.pk, "version": version, "created_at": now, "updated_at": now, "changed_by_name": file.by_name}
    if found.added:
        names = ("id", *extra, *found.added[0])
        bulk.insert(Rule, names, [(ids.new(), *extra.values(), *row.values()) for row in found.added], is_skipping=True)
        added = Rule.objects.in_workspace(workspace).filter(version=version).count()
        if added != len(found.added):
            raise RuleNameTaken(name=file.name)
    if found.changed:
        first = found.changed[0][1]
        names = ("version", "updated_at", "changed_by_name", *first)
        bulk.update(Rule, names, [(version, now, file.by_name, *row.values(), pk) for pk, row in found.changed], workspace_id=workspace.pk)
    rules.check_limits(workspace)


def _settle(file: RuleFile, found: Checked, state: str) -> None:
    ended = state in ("refused", "done")
    values: dict[str, Any] = {"content": b""} if ended else {}
    RuleFile.objects.across_workspaces().filter(pk=file.pk).update(
        state=state, added=len(found.added), changed=len(found.changed), errors=found.errors, errors_count=found.errors_count,
        rows_done=len(found.added) + len(found.changed) + found.errors_count if not ended else file.rows_total,
        finished_at=clock.now() if ended else None, **values,
    )  # fmt: skip
