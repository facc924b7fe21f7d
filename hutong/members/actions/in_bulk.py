"""What lists say of members, thousands at a time: members and identities made, names and sights; and all of it taken back exactly.

Whoever calls keeps what was there before, and gives it back to undo. Call all within a transaction. Values: `bulk_values`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.foundation import clock
from hutong.members import bulk, projection
from hutong.members.actions import origins
from hutong.members.actions.identities import Key
from hutong.members.models import AttributeValue, Identity, Member, Membership, Merge, OriginState, Participation
from hutong.members.names import folded_beside

_MEMBER_COLUMNS = (
    "id", "workspace", "name", "name_folded", "is_name_fixed", "is_anonymous", "is_bot", "is_sample", "first_seen_at", "last_seen_at", "messages", "created_at",
)  # fmt: skip
_IDENTITY_COLUMNS = ("id", "workspace", "member", "origin", "channel", "external_id", "name", "names_folded", "last_seen_at", "created_at")


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
