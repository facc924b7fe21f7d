"""Values of many members at once, thousands a second, members in merges included: the one way lists, bulk edits and the sample write them.

Values are checked already. Whoever calls keeps what was there before, to undo. Call all that writes within a transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.foundation import clock, ids
from hutong.members import alone, bulk, projection
from hutong.members.actions import origins
from hutong.members.alone import Value
from hutong.members.models import Attribute, AttributeValue, OriginState

Held = dict[tuple[uuid.UUID, uuid.UUID], Value]  # (member or origin, attribute) -> its own value
_COLUMNS = ("value", "source", "source_name", "set_at")


@dataclass(frozen=True, slots=True)
class Put:
    """One value that was put for an origin: what was there before (None: nothing), and what is now."""

    origin_id: uuid.UUID
    attribute_id: uuid.UUID
    before: Value | None
    after: Any


def held(workspace_id: uuid.UUID, member_ids: Sequence[uuid.UUID], attribute_ids: Iterable[uuid.UUID]) -> Held:
    """The values these members have of these attributes; of a member in merges those that are its own, without the others'."""
    wanted = set(attribute_ids)
    merging = bulk.present(OriginState, "origin", member_ids, workspace_id=workspace_id)
    found: Held = {}
    for chunk in bulk.chunks(one for one in member_ids if one not in merging):
        rows = AttributeValue.objects.in_workspace(workspace_id).filter(member_id__in=chunk, attribute_id__in=wanted).order_by()
        for member_id, attribute_id, pk, *facts in rows.values_list("member_id", "attribute_id", "pk", *_COLUMNS):
            found[member_id, attribute_id] = Value(pk, *facts)
    for chunk in bulk.chunks(merging):
        for row in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=chunk):
            own = alone.load(row)
            found |= {(row.origin_id, attribute_id): value for attribute_id, value in own.values.items() if attribute_id in wanted}
    return found


def put(
    workspace_id: uuid.UUID,
    given: Mapping[uuid.UUID, Mapping[uuid.UUID, Any]],
    *,
    source: str,
    source_name: str,
    fresh: Collection[uuid.UUID] = (),
    is_anew: bool = False,
) -> list[Put]:
    """Keep values for members, by attribute; a member in merges may be given as an origin. Gives what was put. `fresh` were made just now.

    A value that is there already keeps its source and its moment, unless it is put anew: of an origin whose value does not show, the later one does.
    """
    there = held(workspace_id, [one for one in given if one not in fresh], {attribute_id for some in given.values() for attribute_id in some})
    now = clock.now()
    changes: dict[uuid.UUID, dict[uuid.UUID, Value | None]] = {}
    done: list[Put] = []
    for origin_id, some in given.items():
        for attribute_id, value in some.items():
            had = there.get((origin_id, attribute_id))
            if is_anew or had is None or not same(had.value, value):
                changes.setdefault(origin_id, {})[attribute_id] = Value(ids.new(), value, source, source_name, now)
                done.append(Put(origin_id, attribute_id, had, value))
    write(workspace_id, changes, there=there)
    return done


def take_back(workspace_id: uuid.UUID, puts: Sequence[Put], *, source: str) -> list[Put]:
    """Give back what was there before each value, the latest first. Gives those that were changed since by somebody else and stay."""
    attributes = set(Attribute.objects.in_workspace(workspace_id).values_list("pk", flat=True))
    there = held(workspace_id, list(dict.fromkeys(one.origin_id for one in puts)), attributes)
    now: dict[tuple[uuid.UUID, uuid.UUID], Value | None] = {**there}
    changes: dict[uuid.UUID, dict[uuid.UUID, Value | None]] = {}
    kept: list[Put] = []
    for one in reversed(puts):
        if one.attribute_id not in attributes:
            continue  # nobody has such a value any more
        had = now.get((one.origin_id, one.attribute_id))
        if had is None or had.source != source or not same(had.value, one.after):
            kept.append(one)
        else:
            now[one.origin_id, one.attribute_id] = changes.setdefault(one.origin_id, {})[one.attribute_id] = one.before
    write(workspace_id, changes, there=there)
    return kept


def clear(workspace_id: uuid.UUID, member_ids: Sequence[uuid.UUID], attribute_ids: Iterable[uuid.UUID]) -> Held:
    """Take values from members who show, and from everybody merged into them, or they would come back. Gives what was taken, by origin."""
    wanted = set(attribute_ids)
    if not wanted:
        return {}
    everybody = [origin_id for some in origins.families(workspace_id, member_ids).values() for origin_id in some]
    there = held(workspace_id, everybody, wanted)
    changes: dict[uuid.UUID, dict[uuid.UUID, Value | None]] = {}
    for origin_id, attribute_id in there:
        changes.setdefault(origin_id, {})[attribute_id] = None
    write(workspace_id, changes, there=there)
    return there


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same as JSON says: true is not 1."""
    return type(one) is type(other) and bool(one == other)


def write(workspace_id: uuid.UUID, changes: Mapping[uuid.UUID, Mapping[uuid.UUID, Value | None]], *, there: Held) -> None:
    """Set (or with None clear) values of members, or of origins in merges, by attribute; `there` is what `held` says of them."""
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


def _facts(value: Value) -> tuple[Any, ...]:
    return value.value, value.source, value.source_name, value.set_at
