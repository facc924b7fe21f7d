"""What a list changed about each member, written down in the transaction of the change, so that it can be taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from hutong.foundation import ids
from hutong.imports.models import Import, ImportTouch
from hutong.imports.tables.matching import Plan
from hutong.imports.work.places import actor_of
from hutong.members.actions import bulk_values, in_bulk
from hutong.members.actions.bulk_values import Put
from hutong.members.actions.in_bulk import Named, Widened
from hutong.members.alone import Value
from hutong.segments.actions import tag_kinds, tags
from hutong.segments.models import Tag

TOUCHES_AT_ONCE = 500

Saved = list[Any]  # [value, source, name of the source, moment] as JSON keeps it


def write(batch: Import, plan: Plan) -> None:
    """Make the changes of a plan and write down the way back. Within a transaction."""
    workspace_id, source, name_of_file = batch.workspace_id, f"import:{batch.pk}", batch.files[0]["name"][:100]
    in_bulk.make(workspace_id, members=list(plan.members.values()), identities=plan.identities)
    puts = bulk_values.put(workspace_id, plan.values, source=source, source_name=name_of_file, fresh=plan.members, is_anew=True)
    names = in_bulk.rename(workspace_id, plan.names)
    widened = in_bulk.widen(workspace_id, plan.seen)
    touches: dict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for member in plan.members.values():
        touches[member.id]["made"] = [member.first_ms, member.last_ms]
    for one in puts:
        touches[one.origin_id].setdefault("values", []).append([one.attribute_id.hex, _saved(one.before), one.after])
    for identity in plan.identities:
        touches[identity.origin_id].setdefault("identities", []).append([identity.id.hex, identity.key[0], identity.key[1]])
    for name in names:
        touches[name.member_id]["name"] = [name.before, name.was_fixed, name.after]
    for sight in widened:
        touches[sight.origin_id]["seen"] = [*sight.before, *sight.after]
    for tag_id, origin_id in _tag(batch, plan):
        touches[origin_id].setdefault("tags", []).append(tag_id.hex)
    ImportTouch.objects.bulk_create(
        [ImportTouch(batch=batch, member_id=member_id, is_new="made" in changes, changes=changes) for member_id, changes in touches.items()],
        batch_size=TOUCHES_AT_ONCE,
    )


def _tag(batch: Import, plan: Plan) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Put tags on members, making those there are not; the pairs of tag and origin that are new."""
    if not plan.tags:
        return []
    there = dict(Tag.objects.in_workspace(batch.workspace_id).values_list("name", "pk"))
    for name in dict.fromkeys(name for names in plan.tags.values() for name in names):
        if name not in there:
            there[name] = tag_kinds.create(batch.workspace, actor=actor_of(batch), name=name).pk
            batch.made.setdefault("tags", []).append(str(there[name]))
            batch.save(update_fields=["made"])
    given = {origin_id: [there[name] for name in names] for origin_id, names in plan.tags.items()}
    return tags.add_many(batch.workspace_id, given, source=f"import:{batch.pk}", source_name=batch.files[0]["name"][:100])


class Touches:
    """The last changes of an import, oldest first, as what takes them back understands them."""

    def __init__(self, rows: Iterable[ImportTouch]) -> None:
        self.rows = list(rows)
        self.puts: list[Put] = []
        self.puts_of_new = 0  # values the made members came with
        self.names: list[Named] = []
        self.widened: list[Widened] = []
        self.tags: dict[uuid.UUID, list[uuid.UUID]] = {}  # tag -> origins
        self.made: dict[uuid.UUID, tuple[int, int]] = {}
        self.identities_of_new: set[uuid.UUID] = set()
        self.attached: dict[uuid.UUID, tuple[uuid.UUID, str, str]] = {}  # identity -> origin, channel, id on the channel
        for row in self.rows:
            self._take(row)

    def _take(self, row: ImportTouch) -> None:
        changes, member_id = row.changes, row.member_id
        puts = [Put(member_id, uuid.UUID(attribute), _restored(before), after) for attribute, before, after in changes.get("values", ())]
        self.puts += puts
        self.puts_of_new += len(puts) if row.is_new else 0
        if "name" in changes:
            before, was_fixed, after = changes["name"]
            self.names.append(Named(member_id, before, was_fixed, after))
        for tag in changes.get("tags", ()):
            self.tags.setdefault(uuid.UUID(tag), []).append(member_id)
        if "seen" in changes:
            first, last, first_after, last_after = changes["seen"]
            self.widened.append(Widened(member_id, (first, last), (first_after, last_after)))
        if row.is_new:
            first, last = changes["made"]
            self.made[member_id] = (first, last)
            self.identities_of_new.update(uuid.UUID(pk) for pk, _, _ in changes.get("identities", ()))
        else:
            self.attached.update({uuid.UUID(pk): (member_id, channel, external) for pk, channel, external in changes.get("identities", ())})


def last(batch: Import) -> Touches | None:
    """The changes made last that are not taken back yet."""
    rows = list(ImportTouch.objects.filter(batch=batch).order_by("-id")[:TOUCHES_AT_ONCE])
    return Touches(reversed(rows)) if rows else None


def _saved(value: Value | None) -> Saved | None:
    return None if value is None else [value.value, value.source, value.source_name, value.set_at.isoformat()]


def _restored(saved: Saved | None) -> Value | None:
    if saved is None:
        return None
    value, source, source_name, set_at = saved
    return Value(ids.new(), value, source, source_name, dt.datetime.fromisoformat(set_at))
