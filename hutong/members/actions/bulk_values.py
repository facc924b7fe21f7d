"""Values of many members at once: thousands a second, members in merges included."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hutong.foundation import clock, ids
from hutong.members import alone, bulk, projection
from hutong.members.actions import origins
from hutong.members.models import Attribute, AttributeValue, OriginState

Held = dict[tuple[uuid.UUID, uuid.UUID], alone.Value]  # (member or origin, attribute) -> its own value
_COLUMNS = ("value", "source", "source_name", "set_at")


def held(workspace_id: uuid.UUID, member_ids: Sequence[uuid.UUID], attribute_ids: Iterable[uuid.UUID]) -> Held:
    """The values these members have of these attributes; of a member in merges those that are its own, without the others'."""
    wanted = set(attribute_ids)
    merging = bulk.present(OriginState, "origin", member_ids, workspace_id=workspace_id)
    found: Held = {}
    for chunk in bulk.chunks(one for one in member_ids if one not in merging):
        rows = AttributeValue.objects.in_workspace(workspace_id).filter(member_id__in=chunk, attribute_id__in=wanted).order_by()
        for member_id, attribute_id, pk, *facts in rows.values_list("member_id", "attribute_id", "pk", *_COLUMNS):
            found[member_id, attribute_id] = alone.Value(pk, *facts)
    for chunk in bulk.chunks(merging):
        for row in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=chunk):
            own = alone.load(row)
            found |= {(row.origin_id, attribute_id): value for attribute_id, value in own.values.items() if attribute_id in wanted}
    return found


def put_many(
    workspace_id: uuid.UUID, rows: Iterable[tuple[uuid.UUID, Mapping[uuid.UUID, Any]]], *, source: str, source_name: str
) -> dict[tuple[uuid.UUID, uuid.UUID], alone.Value | None]:
    """Keep values (already checked) for members, by attribute; a member in merges may be given as an origin. Within a transaction.

    A value that is there already keeps its source. Gives what was there before, by (member, attribute), of all that changed.
    """
    wanted = dict(rows)
    there = held(workspace_id, list(wanted), {attribute_id for given in wanted.values() for attribute_id in given})
    now = clock.now()
    changes: dict[uuid.UUID, dict[uuid.UUID, alone.Value | None]] = {}
    before: dict[tuple[uuid.UUID, uuid.UUID], alone.Value | None] = {}
    for member_id, given in wanted.items():
        for attribute_id, value in given.items():
            had = there.get((member_id, attribute_id))
            if had is None or not same(had.value, value):
                changes.setdefault(member_id, {})[attribute_id] = alone.Value(ids.new(), value, source, source_name, now)
                before[member_id, attribute_id] = had
    write(workspace_id, changes, there=there)
    return before


def clear_many(workspace_id: uuid.UUID, member_ids: Sequence[uuid.UUID], attribute_ids: Iterable[uuid.UUID]) -> Held:
    """Take values from members who show, and from everybody merged into them, or they would come back. Gives what was taken, by origin."""
    wanted = set(attribute_ids)
    if not wanted:
        return {}
    everybody = [origin_id for some in origins.families(workspace_id, member_ids).values() for origin_id in some]
    there = held(workspace_id, everybody, wanted)
    changes: dict[uuid.UUID, dict[uuid.UUID, alone.Value | None]] = {}
    for origin_id, attribute_id in there:
        changes.setdefault(origin_id, {})[attribute_id] = None
    write(workspace_id, changes, there=there)
    return there


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same as JSON says: true is not 1."""
    return type(one) is type(other) and bool(one == other)


def write(workspace_id: uuid.UUID, changes: Mapping[uuid.UUID, Mapping[uuid.UUID, alone.Value | None]], *, there: Held) -> None:
    """Set (or with None clear) values of members, or of origins in merges, by attribute; `there` is what `held` says of them. Within a transaction."""
    if not changes:
        return
    merging = bulk.present(OriginState, "origin", changes, workspace_id=workspace_id)
    plain = [member_id for member_id in changes if member_id not in merging]
    gone, changed, made = [], [], []
    touched: dict[uuid.UUID, list[uuid.UUID]] = {}
    for member_id in plain:
        for attribute_id, value in changes[member_id].items():
            had = there.get((member_id, attribute_id))
            touched.setdefault(attribute_id, []).append(member_id)
            if value is None and had is not None:
                gone.append(had.id)
            elif value is not None and had is not None:
                changed.append((*_facts(value), had.id))
            elif value is not None:
                made.append((value.id, workspace_id, member_id, attribute_id, *_facts(value)))
    for chunk in bulk.chunks(gone):
        AttributeValue.objects.in_workspace(workspace_id).filter(pk__in=chunk).delete()
    bulk.update(AttributeValue, _COLUMNS, changed, workspace_id=workspace_id)
    bulk.insert(AttributeValue, ("id", "workspace", "member", "attribute", *_COLUMNS), made)
    keys = Attribute.objects.in_workspace(workspace_id).filter(pk__in=list(touched)).values_list("pk", "key")
    for attribute_id, key in keys.order_by("key"):
        projection.mark_values(workspace_id, key, touched[attribute_id])
    if merging:
        origins.write_values(workspace_id, {origin_id: changes[origin_id] for origin_id in merging})


def _facts(value: alone.Value) -> tuple[Any, ...]:
    return value.value, value.source, value.source_name, value.set_at
