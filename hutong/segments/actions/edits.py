"""Bulk edits of members: begun, cancelled, undone. The work itself is in `edit_batches`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.members import values
from hutong.members.actions.attributes import ensure_standard
from hutong.members.attributes import standard
from hutong.members.models import Attribute
from hutong.segments.errors import EditsBusy, EditState, EditTooLarge, EditTooOld
from hutong.segments.models import MemberEdit, Tag
from hutong.segments.queries import edits as queries
from hutong.segments.queries.edits import ENDED, UNDO_DAYS
from hutong.segments.tasks import run_edit, undo_edit
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

MEMBERS_MAX = 500_000
RUNNING_MAX = 5


def preview(workspace: Workspace, whom: Mapping[str, Any]) -> int:
    """How many members an edit would be for. Raises what beginning it would raise."""
    count = queries.whom(workspace, whom).count()
    if count > MEMBERS_MAX:
        raise EditTooLarge(limit=f"{MEMBERS_MAX:,}")
    return count


def start(
    workspace: Workspace, *, actor: Actor, whom: Mapping[str, Any], add_tags: Sequence[uuid.UUID] = (), remove_tags: Sequence[uuid.UUID] = (),
    given: Mapping[str, Any] | None = None, clear: Sequence[str] = (),
) -> MemberEdit:  # fmt: skip
    """Begin an edit of members (`whom` as `queries.edits.whom` reads it). Raises Invalid, NotFound, EditTooLarge, EditsBusy."""
    change = {
        "add_tags": _tags(workspace, "add_tags", add_tags),
        "remove_tags": _tags(workspace, "remove_tags", remove_tags),
        "set": _values(workspace, given or {}),
        "clear": _keys(workspace, clear),
    }
    if not any(change.values()):
        raise Invalid.field("change", "请选择要做的修改。", "Choose something to change.")
    if set(add_tags) & set(remove_tags):
        raise Invalid.field("change.remove_tags", "同一个标签不能又加又去。", "A tag cannot be added and removed at once.")
    if set(change["set"]) & set(change["clear"]):
        raise Invalid.field("change.clear", "同一个属性不能又设又清。", "An attribute cannot be set and cleared at once.")
    if not preview(workspace, whom):
        raise Invalid.field("members", "没有符合的成员。", "No member is meant by this.")
    with transaction.atomic():
        if MemberEdit.objects.in_workspace(workspace).filter(state__in=["running", "undoing"]).count() >= RUNNING_MAX:
            raise EditsBusy(limit=RUNNING_MAX)
        edit = MemberEdit.objects.create(workspace=workspace, whom=dict(whom), change=change, source=actor.source, by_name=actor.name)
        run_edit.enqueue(str(edit.pk))
        audit.write(workspace, actor=actor, action="member_edit.create", target=edit, target_name="", details=_told(change))
    return edit


def cancel(workspace: Workspace, *, actor: Actor, edit_id: uuid.UUID) -> MemberEdit:
    """Stop an edit after its present batch. What it changed stays, and can be undone. Raises EditState."""
    with transaction.atomic():
        edit = _edit(workspace, edit_id)
        if edit.state != "running":
            raise EditState()
        edit.state, edit.finished_at = "cancelled", clock.now()
        edit.save(update_fields=["state", "finished_at"])
        audit.write(workspace, actor=actor, action="member_edit.cancel", target=edit, target_name="", details={"members_seen": edit.members_seen})
    return edit


def undo(workspace: Workspace, *, actor: Actor, edit_id: uuid.UUID) -> MemberEdit:
    """Put back what was there before an edit, but for what was changed again since. Raises EditState, EditTooOld, EditsBusy."""
    with transaction.atomic():
        edit = _edit(workspace, edit_id)
        if edit.state not in ENDED or edit.finished_at is None:
            raise EditState()
        if edit.finished_at < clock.now() - dt.timedelta(days=UNDO_DAYS):
            raise EditTooOld(days=UNDO_DAYS)
        if MemberEdit.objects.in_workspace(workspace).filter(state__in=["running", "undoing"]).count() >= RUNNING_MAX:
            raise EditsBusy(limit=RUNNING_MAX)
        edit.state, edit.after, edit.error = "undoing", None, ""
        edit.members_restored = edit.members_kept = 0
        edit.save(update_fields=["state", "after", "error", "members_restored", "members_kept"])
        undo_edit.enqueue(str(edit.pk))
        audit.write(workspace, actor=actor, action="member_edit.undo", target=edit, target_name="", details={"members_changed": edit.members_changed})
    return edit


def _edit(workspace: Workspace, edit_id: uuid.UUID) -> MemberEdit:
    found = MemberEdit.objects.in_workspace(workspace).select_for_update().filter(pk=edit_id).first()
    if found is None:
        raise NotFound("edit")
    return found


def _tags(workspace: Workspace, field: str, tag_ids: Sequence[uuid.UUID]) -> list[dict[str, str]]:
    """Tags by id and name: the name is still there to be read when the tag is gone."""
    known = Tag.objects.in_workspace(workspace).in_bulk(list(tag_ids))
    for at, tag_id in enumerate(tag_ids):
        if tag_id not in known:
            raise Invalid.field(f"change.{field}.{at}", "没有这个标签，可能已被删除。", "There is no such tag; it may have been deleted.")
    return [{"id": str(tag_id), "name": known[tag_id].name} for tag_id in dict.fromkeys(tag_ids)]


def _values(workspace: Workspace, given: Mapping[str, Any]) -> dict[str, Any]:
    known = _attributes(workspace, given)
    for key in given:
        if key not in known:
            raise Invalid.field(f"change.set.{key}", "没有这个属性。", "There is no such attribute.")
    return {
        key: values.checked(known[key].type, value, options=known[key].options, field=f"change.set.{key}") for key, value in given.items()
    }  # fmt: skip


def _keys(workspace: Workspace, keys: Sequence[str]) -> list[str]:
    known = _attributes(workspace, dict.fromkeys(keys))
    for at, key in enumerate(keys):
        if key not in known:
            raise Invalid.field(f"change.clear.{at}", "没有这个属性。", "There is no such attribute.")
    return list(dict.fromkeys(keys))


def _attributes(workspace: Workspace, keys: Mapping[str, Any]) -> dict[str, Attribute]:
    known = ensure_standard(workspace.pk) if any(key in standard() for key in keys) else {}
    return known | {row.key: row for row in Attribute.objects.in_workspace(workspace).filter(key__in=list(keys), is_standard=False)}


def _told(change: Mapping[str, Any]) -> dict[str, Any]:
    # Which attributes, never their values: the log outlives what a member may have erased.
    names = {field: [one["name"] for one in change[field]] for field in ("add_tags", "remove_tags")}
    return {**names, "set": sorted(change["set"]), "clear": change["clear"]}
