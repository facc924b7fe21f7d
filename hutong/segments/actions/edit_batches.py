"""The work of bulk edits, in batches: each is one transaction that also keeps what was there before and how far the edit is.

Whom an edit is for is written down first. After a crash it goes on behind the last batch; a cancelled one stops before the next.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from hutong.foundation import clock, ids, stream
from hutong.foundation.jobs.running import checkpoint
from hutong.foundation.stream import Fact
from hutong.members import alone, bulk
from hutong.members.actions import bulk_values, origins
from hutong.members.models import Attribute
from hutong.segments.actions import tags
from hutong.segments.models import EditedMember, MemberEdit, MemberTag, Tag
from hutong.segments.queries import edits as queries

BATCH_MEMBERS = 500
WRITTEN_DOWN_TOGETHER = 5_000

Before = dict[str, Any]  # as `EditedMember.before`


def perform(edit_id: uuid.UUID) -> None:
    """Run an edit to its end, from wherever it is."""
    edit = MemberEdit.objects.across_workspaces().select_related("workspace").filter(pk=edit_id).first()
    if edit is None or edit.state != "running":
        return
    if edit.members_total is None:
        _write_down(edit)
    while _step(edit.workspace_id, edit_id):
        checkpoint()


def take_back(edit_id: uuid.UUID) -> None:
    """Undo an edit to its end, from wherever that is."""
    edit = MemberEdit.objects.across_workspaces().filter(pk=edit_id).first()
    while edit is not None and _step_back(edit.workspace_id, edit_id):
        checkpoint()


def _write_down(edit: MemberEdit) -> None:
    rows = EditedMember.objects.in_workspace(edit.workspace_id).filter(edit=edit)
    rows.delete()  # what a crash left
    members = sorted(queries.whom(edit.workspace, edit.whom))
    for chunk in bulk.chunks(members, size=WRITTEN_DOWN_TOGETHER):
        with transaction.atomic():
            _insert(edit, {member_id: {} for member_id in chunk})
        checkpoint()
    whom = {"chosen": len(members)} if "ids" in edit.whom else edit.whom
    MemberEdit.objects.in_workspace(edit.workspace_id).filter(pk=edit.pk).update(members_total=len(members), whom=whom)


def _batch(edit: MemberEdit) -> list[EditedMember]:
    rows = EditedMember.objects.in_workspace(edit.workspace_id).filter(edit=edit)
    if edit.after is not None:
        rows = rows.filter(member_id__gt=edit.after)
    return list(rows.order_by("member_id")[:BATCH_MEMBERS])


def _locked(workspace_id: uuid.UUID, edit_id: uuid.UUID, state: str) -> MemberEdit | None:
    return MemberEdit.objects.in_workspace(workspace_id).select_for_update().filter(pk=edit_id, state=state).first()


def _step(workspace_id: uuid.UUID, edit_id: uuid.UUID) -> bool:
    """Change one batch of members; whether there may be more."""
    with transaction.atomic():
        edit = _locked(workspace_id, edit_id, "running")
        if edit is None:
            return False
        batch = _batch(edit)
        if not batch:
            edit.state, edit.finished_at = "done", clock.now()
            edit.save(update_fields=["state", "finished_at"])
            return False
        shown = list(dict.fromkeys(origins.heads(workspace_id, [row.member_id for row in batch]).values()))
        before = _apply(edit, shown)
        _keep(edit, before)
        edit.members_changed += len(set(origins.heads(workspace_id, before).values()))
        edit.members_seen += len(batch)
        edit.after = batch[-1].member_id
        edit.save(update_fields=["members_changed", "members_seen", "after"])
        return True


def _apply(edit: MemberEdit, members: list[uuid.UUID]) -> dict[uuid.UUID, Before]:
    """The change itself; what was there before, by origin."""
    workspace_id, source = edit.workspace_id, f"edit:{edit.pk}"
    before: dict[uuid.UUID, Before] = defaultdict(dict)
    adding = [uuid.UUID(one["id"]) for one in edit.change["add_tags"]]
    for tag_id, origin_id in tags.add_many(
        workspace_id, dict.fromkeys(members, adding), source=source, source_name=edit.by_name, told_by=edit.source
    ):
        before[origin_id].setdefault("tags_added", []).append(str(tag_id))
    removing = [uuid.UUID(one["id"]) for one in edit.change["remove_tags"]]
    for one in tags.take_many(workspace_id, members, removing, source=source, told_by=edit.source):
        before[one.origin_id].setdefault("tags_removed", {})[str(one.tag_id)] = _facts(one.source, one.source_name, one.set_at)
    keys = _keys_by_id(workspace_id, [*edit.change["set"], *edit.change["clear"]])
    ids_by_key = {key: pk for pk, key in keys.items()}
    wanted = {ids_by_key[key]: value for key, value in edit.change["set"].items() if key in ids_by_key}
    touched: dict[uuid.UUID, set[str]] = defaultdict(set)
    for put in bulk_values.put(workspace_id, dict.fromkeys(members, wanted), source=source, source_name=edit.by_name):
        before[put.origin_id].setdefault("set", {})[keys[put.attribute_id]] = _kept(put.before)
        touched[put.origin_id].add(keys[put.attribute_id])
    clearing = [ids_by_key[key] for key in edit.change["clear"] if key in ids_by_key]
    for (origin_id, pk), value in bulk_values.clear(workspace_id, members, clearing).items():
        before[origin_id].setdefault("cleared", {})[keys[pk]] = _kept(value)
        touched[origin_id].add(keys[pk])
    _tell(edit, touched)
    return before


def _keep(edit: MemberEdit, before: dict[uuid.UUID, Before]) -> None:
    """Write down what was there before; of those merged into a chosen member too."""
    there: dict[uuid.UUID, EditedMember] = {}
    for chunk in bulk.chunks(before):
        there.update({row.member_id: row for row in EditedMember.objects.in_workspace(edit.workspace_id).filter(edit=edit, member_id__in=chunk)})
    bulk.update(
        EditedMember,
        ("before",),
        [(_joined(there[one].before, was), there[one].pk) for one, was in before.items() if one in there],
        workspace_id=edit.workspace_id,
    )
    _insert(edit, {one: was for one, was in before.items() if one not in there})


def _insert(edit: MemberEdit, before: dict[uuid.UUID, Before]) -> None:
    lines = [(ids.new(), edit.workspace_id, edit.pk, member_id, was) for member_id, was in before.items()]
    bulk.insert(EditedMember, ("id", "workspace", "edit", "member", "before"), lines)


def _joined(first: Before, then: Before) -> Before:
    """What was there before two changes of one member by one edit: the first speaks for what both touched."""
    joined: Before = {"tags_added": [*first.get("tags_added", []), *then.get("tags_added", [])]}
    for part in ("tags_removed", "set", "cleared"):
        joined[part] = then.get(part, {}) | first.get(part, {})
    return {part: some for part, some in joined.items() if some}


@dataclass(slots=True)
class _Outcome:
    """Which origins got something back, and of which something was left as it is now."""

    restored: set[uuid.UUID] = field(default_factory=set)
    kept: set[uuid.UUID] = field(default_factory=set)

    def note(self, origin_id: uuid.UUID, *, is_restored: bool) -> None:
        (self.restored if is_restored else self.kept).add(origin_id)


def _step_back(workspace_id: uuid.UUID, edit_id: uuid.UUID) -> bool:
    """Restore one batch of members; whether there may be more."""
    with transaction.atomic():
        edit = _locked(workspace_id, edit_id, "undoing")
        if edit is None:
            return False
        batch = _batch(edit)
        if not batch:
            edit.state, edit.undone_at = "undone", clock.now()
            edit.save(update_fields=["state", "undone_at"])
            return False
        before = {row.member_id: row.before for row in batch if row.before}
        outcome = _Outcome()
        _restore_tags(edit, before, outcome)
        _restore_values(edit, before, outcome)
        edit.members_restored += len(set(origins.heads(workspace_id, outcome.restored).values()))
        edit.members_kept += len(set(origins.heads(workspace_id, outcome.kept).values()))
        edit.after = batch[-1].member_id
        edit.save(update_fields=["members_restored", "members_kept", "after"])
        return True


def _restore_tags(edit: MemberEdit, before: dict[uuid.UUID, Before], outcome: _Outcome) -> None:
    workspace_id, source = edit.workspace_id, f"edit:{edit.pk}"
    added: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    removed: list[tags.Given] = []
    for origin_id, was in before.items():
        for tag_id in was.get("tags_added", []):
            added[uuid.UUID(tag_id)].append(origin_id)
        for tag_id, facts in was.get("tags_removed", {}).items():
            set_at = dt.datetime.fromisoformat(facts["set_at"])
            removed.append(tags.Given(uuid.UUID(tag_id), origin_id, facts["source"], facts["source_name"], set_at))
    known = Tag.objects.in_workspace(workspace_id).in_bulk(list(added))
    for tag_id, origin_ids in added.items():
        gone: set[uuid.UUID] = set()
        if tag_id in known:
            rows = MemberTag.objects.in_workspace(workspace_id).filter(tag_id=tag_id, origin_id__in=origin_ids, source=source)
            gone = {one.origin_id for one in tags.remove(workspace_id, known[tag_id], rows, source=source, told_by=edit.source)}
        for origin_id in origin_ids:
            outcome.note(origin_id, is_restored=origin_id in gone)
    back = set(tags.insert(workspace_id, removed, told_by=edit.source))
    for one in removed:
        outcome.note(one.origin_id, is_restored=(one.tag_id, one.origin_id) in back)


def _restore_values(edit: MemberEdit, before: dict[uuid.UUID, Before], outcome: _Outcome) -> None:
    workspace_id, source = edit.workspace_id, f"edit:{edit.pk}"
    keys = _keys_by_id(workspace_id, [*edit.change["set"], *edit.change["clear"]])
    now = bulk_values.held(workspace_id, list(before), keys)
    ids_by_key = {key: pk for pk, key in keys.items()}
    changes: dict[uuid.UUID, dict[uuid.UUID, alone.Value | None]] = defaultdict(dict)
    touched: dict[uuid.UUID, set[str]] = defaultdict(set)
    for origin_id, was in before.items():
        for part in ("set", "cleared"):
            for key, old in was.get(part, {}).items():
                pk = ids_by_key.get(key)
                present = None if pk is None else now.get((origin_id, pk))
                is_ours = present is not None and present.source == source if part == "set" else present is None
                outcome.note(origin_id, is_restored=pk is not None and is_ours)
                if pk is not None and is_ours:
                    changes[origin_id][pk] = _value(old)
                    touched[origin_id].add(key)
    bulk_values.write(workspace_id, changes, there=now)
    _tell(edit, touched)


def _tell(edit: MemberEdit, touched: dict[uuid.UUID, set[str]]) -> None:
    """Facts for members whose attributes changed, one each; of those merged away for whoever shows them."""
    heads = origins.heads(edit.workspace_id, touched)
    keys: dict[uuid.UUID, set[str]] = defaultdict(set)
    for origin_id, some in touched.items():
        keys[heads[origin_id]].update(some)
    if keys:
        stream.record(
            *(
                Fact(
                    workspace_id=edit.workspace_id,
                    name="attributes_changed",
                    member_id=member_id,
                    source=edit.source,
                    properties={"keys": sorted(some)},
                )
                for member_id, some in keys.items()
            )
        )


def _keys_by_id(workspace_id: uuid.UUID, keys: list[str]) -> dict[uuid.UUID, str]:
    return dict(Attribute.objects.in_workspace(workspace_id).filter(key__in=keys).values_list("pk", "key"))


def _facts(source: str, source_name: str, set_at: dt.datetime) -> dict[str, str]:
    return {"source": source, "source_name": source_name, "set_at": set_at.isoformat()}


def _kept(value: alone.Value | None) -> dict[str, Any] | None:
    return None if value is None else {"value": value.value, **_facts(value.source, value.source_name, value.set_at)}


def _value(old: dict[str, Any] | None) -> alone.Value | None:
    if old is None:
        return None
    return alone.Value(ids.new(), old["value"], old["source"], old["source_name"], dt.datetime.fromisoformat(old["set_at"]))
