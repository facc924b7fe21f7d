"""What lists say of members, thousands at a time: members and identities made, values put; and all of it taken back exactly.

Whoever calls keeps what was there before (`Put`), and gives it back to undo. Values are checked already. Call all within a transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.foundation import clock, ids
from hutong.members import alone, bulk, projection
from hutong.members.actions import origins
from hutong.members.actions.identities import Key
from hutong.members.alone import Value
from hutong.members.models import Attribute, AttributeValue, Identity, Member, Membership, Merge, OriginState, Participation
from hutong.members.names import folded_beside

VALUE_COLUMNS = ("id", "workspace", "member", "attribute", "value", "source", "source_name", "set_at")
_MEMBER_COLUMNS = (
    "id", "workspace", "name", "name_folded", "is_name_fixed", "is_anonymous", "is_bot", "is_sample", "first_seen_at", "last_seen_at", "messages", "created_at",
)  # fmt: skip
_IDENTITY_COLUMNS = ("id", "workspace", "member", "origin", "channel", "external_id", "name", "names_folded", "last_seen_at", "created_at")

Saved = list[Any]  # [value, source, name of the source, moment] as JSON keeps it


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member to be made. `first_ms`, `last_ms`: when they were seen."""

    id: uuid.UUID
    name: str
    is_name_fixed: bool
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """An identity to be made; nobody has it."""

    id: uuid.UUID
    member_id: uuid.UUID
    origin_id: uuid.UUID
    key: Key
    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Put:
    """One value that was put for an origin: what was there before (None: nothing), and what is now."""

    origin_id: uuid.UUID
    attribute_id: uuid.UUID
    before: Saved | None
    after: Any


@dataclass(frozen=True, slots=True)
class Named:
    """A member's name that was changed: before and after, each with whether it is fixed."""

    member_id: uuid.UUID
    before: str
    was_fixed: bool
    after: str


@dataclass(frozen=True, slots=True)
class Widened:
    """First and last sight of an origin, in epoch milliseconds, before and after."""

    origin_id: uuid.UUID
    before: tuple[int, int]
    after: tuple[int, int]


def make(workspace_id: uuid.UUID, *, members: Sequence[NewMember], identities: Sequence[NewIdentity]) -> None:
    """Add members, and identities of new or known members."""
    now = clock.now()
    bulk.insert(
        Member,
        _MEMBER_COLUMNS,
        [
            (one.id, workspace_id, one.name, folded_beside(one.name), one.is_name_fixed, False, False, False, clock.from_ms(one.first_ms), clock.from_ms(one.last_ms), 0, now)
            for one in members
        ],
    )  # fmt: skip
    bulk.insert(
        Identity,
        _IDENTITY_COLUMNS,
        [
            (
                one.id,
                workspace_id,
                one.member_id,
                one.origin_id,
                *one.key,
                one.name,
                folded_beside(one.key[1], one.name),
                clock.from_ms(one.at_ms),
                now,
            )
            for one in identities
        ],
    )

    projection.mark_people(workspace_id, dict.fromkeys([*(one.id for one in members), *(one.member_id for one in identities)]))


def put(
    workspace_id: uuid.UUID, given: Mapping[uuid.UUID, Mapping[uuid.UUID, Any]], *, source: str, source_name: str, fresh: Collection[uuid.UUID] = ()
) -> list[Put]:
    """Keep values of attributes for many members or, in merges, origins: origin -> attribute -> value. `fresh` were made just now."""
    now = clock.now()
    merged = _in_merges(workspace_id, (one for one in given if one not in fresh))
    attribute_ids = {attribute_id for some in given.values() for attribute_id in some}
    there: dict[tuple[uuid.UUID, uuid.UUID], tuple[uuid.UUID, Saved]] = {}
    for chunk in bulk.chunks(one for one in given if one not in merged and one not in fresh):
        rows = AttributeValue.objects.in_workspace(workspace_id).filter(member_id__in=chunk, attribute_id__in=attribute_ids)
        for pk, member_id, attribute_id, value, by, by_name, set_at in rows.values_list(
            "pk", "member_id", "attribute_id", "value", "source", "source_name", "set_at"
        ):
            there[member_id, attribute_id] = (pk, [value, by, by_name, set_at.isoformat()])
    done: list[Put] = []
    made, changed = [], []
    for origin_id, some in given.items():
        if origin_id in merged:
            done += _put_merged(workspace_id, origin_id, some, source=source, source_name=source_name, now=now)
            continue
        for attribute_id, value in some.items():
            had = there.get((origin_id, attribute_id))
            if had is None:
                made.append((ids.new(), workspace_id, origin_id, attribute_id, value, source, source_name, now))
            else:
                changed.append((value, source, source_name, now, had[0]))
            done.append(Put(origin_id, attribute_id, None if had is None else had[1], value))
    bulk.insert(AttributeValue, VALUE_COLUMNS, made)
    bulk.update(AttributeValue, ("value", "source", "source_name", "set_at"), changed, workspace_id=workspace_id)
    _mark(workspace_id, (one for one in done if one.origin_id not in merged))
    return done


def rename(workspace_id: uuid.UUID, names: Mapping[uuid.UUID, str]) -> list[Named]:
    """Name members as staff would: names seen on channels no longer replace these."""
    done = []
    for chunk in bulk.chunks(names):
        for pk, name, fixed in Member.objects.in_workspace(workspace_id).filter(pk__in=chunk).values_list("pk", "name", "is_name_fixed"):
            done.append(Named(pk, name, fixed, names[pk]))
    _write_names(workspace_id, [(one.after, True, one.member_id) for one in done])
    return done


def widen(workspace_id: uuid.UUID, seen: Mapping[uuid.UUID, tuple[int, int]]) -> list[Widened]:
    """These origins were seen from one moment to another; only those whose first or last sight that changes are told."""
    done: list[Widened] = []
    rows: list[tuple[Any, ...]] = []
    merged: dict[uuid.UUID, origins.Sighting] = {}
    for chunk in bulk.chunks(seen):
        members = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk)
        for pk, first, last, own_first, own_last in members.values_list(
            "pk", "first_seen_at", "last_seen_at", "origin_state__first_seen_at", "origin_state__last_seen_at"
        ):
            before = (clock.to_ms(own_first or first), clock.to_ms(own_last or last))
            after = (min(before[0], seen[pk][0]), max(before[1], seen[pk][1]))
            if after == before:
                continue
            done.append(Widened(pk, before, after))
            if own_first is None:
                rows.append((clock.from_ms(after[0]), clock.from_ms(after[1]), pk))
            else:
                merged[pk] = origins.Sighting(first_ms=seen[pk][0], last_ms=seen[pk][1])
    bulk.update(Member, ("first_seen_at", "last_seen_at"), rows, workspace_id=workspace_id)
    projection.mark_people(workspace_id, [one.origin_id for one in done if one.origin_id not in merged and one.after[0] != one.before[0]])
    if merged:
        origins.seen(workspace_id, merged)
    return done


def take_back(workspace_id: uuid.UUID, puts: Sequence[Put], *, source: str) -> list[Put]:
    """Give back what was there before each value, the latest first. Gives those that were changed since by somebody else and stay."""
    kept: list[Put] = []
    attributes = set(Attribute.objects.in_workspace(workspace_id).values_list("pk", flat=True))
    merged = _in_merges(workspace_id, {one.origin_id for one in puts})
    there: dict[tuple[uuid.UUID, uuid.UUID], tuple[uuid.UUID, Any, str]] = {}
    for chunk in bulk.chunks({one.origin_id for one in puts if one.origin_id not in merged}):
        rows = AttributeValue.objects.in_workspace(workspace_id).filter(member_id__in=chunk)
        for pk, member_id, attribute_id, value, by in rows.values_list("pk", "member_id", "attribute_id", "value", "source"):
            there[member_id, attribute_id] = (pk, value, by)
    gone: list[uuid.UUID] = []
    changed: dict[uuid.UUID, tuple[Any, ...]] = {}
    for one in reversed(puts):
        if one.attribute_id not in attributes:
            continue  # nobody has such a value any more
        if one.origin_id in merged:
            if not _take_back_merged(workspace_id, one, source=source):
                kept.append(one)
            continue
        key = (one.origin_id, one.attribute_id)
        had = there.get(key)
        if had is None or had[1] != one.after or had[2] != source:
            kept.append(one)
        elif one.before is None:
            gone.append(had[0])
            changed.pop(had[0], None)
            del there[key]
        else:
            value, by, by_name, set_at = one.before
            changed[had[0]] = (value, by, by_name, dt.datetime.fromisoformat(set_at), had[0])
            there[key] = (had[0], value, by)
    for chunk in bulk.chunks(gone):
        AttributeValue.objects.in_workspace(workspace_id).filter(pk__in=chunk).delete()
    bulk.update(AttributeValue, ("value", "source", "source_name", "set_at"), list(changed.values()), workspace_id=workspace_id)
    _mark(workspace_id, (one for one in puts if one.origin_id not in merged))
    return kept


def rename_back(workspace_id: uuid.UUID, names: Sequence[Named]) -> list[Named]:
    """Give members the names they had, the latest first; those named anew since stay and are told."""
    there: dict[uuid.UUID, str] = {}
    for chunk in bulk.chunks({one.member_id for one in names}):
        there.update(Member.objects.in_workspace(workspace_id).filter(pk__in=chunk).values_list("pk", "name"))
    kept = []
    rows: dict[uuid.UUID, tuple[Any, ...]] = {}
    for one in reversed(names):
        if there.get(one.member_id) != one.after:
            kept.append(one)
            continue
        there[one.member_id] = one.before
        rows[one.member_id] = (one.before, one.was_fixed, one.member_id)
    _write_names(workspace_id, list(rows.values()))
    return kept


def narrow(workspace_id: uuid.UUID, widened: Sequence[Widened]) -> None:
    """Take back first and last sights, the latest first, where nobody was seen beyond them since."""
    states = {
        row.origin_id: row
        for chunk in bulk.chunks({one.origin_id for one in widened})
        for row in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=chunk).select_for_update()
    }
    there: dict[uuid.UUID, list[int]] = {
        origin_id: [clock.to_ms(row.first_seen_at), clock.to_ms(row.last_seen_at)] for origin_id, row in states.items()
    }
    for chunk in bulk.chunks({one.origin_id for one in widened} - states.keys()):
        rows = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk).values_list("pk", "first_seen_at", "last_seen_at")
        there.update({pk: [clock.to_ms(first), clock.to_ms(last)] for pk, first, last in rows})
    for one in reversed(widened):
        now = there.get(one.origin_id)
        if now is not None:
            for side in (0, 1):
                if now[side] == one.after[side]:
                    now[side] = one.before[side]
    bulk.update(
        Member,
        ("first_seen_at", "last_seen_at"),
        [(clock.from_ms(first), clock.from_ms(last), pk) for pk, (first, last) in there.items() if pk not in states],
        workspace_id=workspace_id,
    )
    projection.mark_people(workspace_id, [pk for pk in there if pk not in states])
    for origin_id, row in states.items():
        row.first_seen_at, row.last_seen_at = clock.from_ms(there[origin_id][0]), clock.from_ms(there[origin_id][1])
        row.save(update_fields=["first_seen_at", "last_seen_at"])
        origins.show(workspace_id, origins.root(workspace_id, origin_id))


def detach(workspace_id: uuid.UUID, identity_ids: Collection[uuid.UUID], *, seen_before_ms: int) -> set[uuid.UUID]:
    """Remove identities by which nobody was seen since that moment. Gives those that stay: they were used."""
    kept: set[uuid.UUID] = set()
    for chunk in bulk.chunks(identity_ids):
        rows = Identity.objects.in_workspace(workspace_id).filter(pk__in=chunk)
        kept.update(rows.filter(last_seen_at__gt=clock.from_ms(seen_before_ms)).values_list("pk", flat=True))
        free = rows.filter(last_seen_at__lte=clock.from_ms(seen_before_ms))
        holders = list(free.values_list("member_id", flat=True))
        free.delete()
        projection.mark_people(workspace_id, holders)
    return kept


def untouched(workspace_id: uuid.UUID, made: Mapping[uuid.UUID, tuple[int, int]], *, identity_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these members (first and last sight, as made) nothing has touched since: no merge, no stay, no value, no identity but those given."""
    found: set[uuid.UUID] = set()
    own = set(identity_ids)
    for chunk in bulk.chunks(made):
        rows = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk, merged_into=None, is_bot=False, origin_state=None)
        seen = rows.values_list("pk", "first_seen_at", "last_seen_at")
        left = {pk for pk, first, last in seen if (clock.to_ms(first), clock.to_ms(last)) == made[pk]}
        for model, name in ((Participation, "member"), (Membership, "member"), (AttributeValue, "member"), (Merge, "kept"), (Merge, "absorbed")):
            left -= set(model.objects.in_workspace(workspace_id).filter(**{f"{name}__in": chunk}).values_list(name, flat=True))
        others = Identity.objects.in_workspace(workspace_id).filter(member__in=chunk).values_list("member_id", "pk", "last_seen_at")
        left -= {member_id for member_id, pk, at in others if pk not in own or clock.to_ms(at) > made[member_id][1]}
        found |= left
    return found


def remove(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> int:
    """Remove members that are `untouched`, with their identities; how many."""
    removed = 0
    for chunk in bulk.chunks(member_ids):
        Identity.objects.in_workspace(workspace_id).filter(member__in=chunk).delete()
        projection.mark_people(workspace_id, chunk)
        removed += Member.objects.in_workspace(workspace_id).filter(pk__in=chunk).delete()[1].get("members.Member", 0)
    return removed


def _write_names(workspace_id: uuid.UUID, rows: Sequence[tuple[str, bool, uuid.UUID]]) -> None:
    bulk.update(
        Member,
        ("name", "name_folded", "is_name_fixed"),
        [(name, folded_beside(name), fixed, pk) for name, fixed, pk in rows],
        workspace_id=workspace_id,
    )

    projection.mark_people(workspace_id, [pk for _, _, pk in rows])


def _mark(workspace_id: uuid.UUID, puts: Iterable[Put]) -> None:
    holders: dict[uuid.UUID, dict[uuid.UUID, None]] = {}
    for one in puts:
        holders.setdefault(one.attribute_id, {})[one.origin_id] = None
    keys = dict(Attribute.objects.in_workspace(workspace_id).filter(pk__in=list(holders)).values_list("pk", "key"))
    for attribute_id, member_ids in holders.items():
        if attribute_id in keys:
            projection.mark_values(workspace_id, keys[attribute_id], member_ids)


def _in_merges(workspace_id: uuid.UUID, origin_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    return {
        pk
        for chunk in bulk.chunks(origin_ids)
        for pk in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=chunk).values_list("origin_id", flat=True)
    }


def _put_merged(
    workspace_id: uuid.UUID, origin_id: uuid.UUID, given: Mapping[uuid.UUID, Any], *, source: str, source_name: str, now: dt.datetime
) -> list[Put]:
    own = alone.load(OriginState.objects.in_workspace(workspace_id).get(origin_id=origin_id)).values
    had = {attribute_id: own.get(attribute_id) for attribute_id in given}
    fresh = {attribute_id: Value(ids.new(), value, source, source_name, now) for attribute_id, value in given.items()}
    origins.change_values(workspace_id, origin_id, given=fresh, cleared=[])
    return [
        Put(origin_id, attribute_id, None if old is None else [old.value, old.source, old.source_name, old.set_at.isoformat()], given[attribute_id])
        for attribute_id, old in had.items()
    ]


def _take_back_merged(workspace_id: uuid.UUID, one: Put, *, source: str) -> bool:
    own = alone.load(OriginState.objects.in_workspace(workspace_id).get(origin_id=one.origin_id)).values.get(one.attribute_id)
    if own is None or own.value != one.after or own.source != source:
        return False
    before = None
    if one.before is not None:
        value, by, by_name, set_at = one.before
        before = Value(own.id, value, by, by_name, dt.datetime.fromisoformat(set_at))
    origins.write_values(workspace_id, {one.origin_id: {one.attribute_id: before}})
    return True
