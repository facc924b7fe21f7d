"""Imported history counted into members: stays and participations of a community written anew from what the warehouse holds.

The same past written twice changes nothing. The stays are those `presence.apply` would give for the same events in order of time.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from hutong.communities.models import Group
from hutong.foundation import clock, ids, stream
from hutong.members import alone, bulk, projection, stays
from hutong.members.actions import origins, summaries
from hutong.members.doings import Doings, later, milliseconds, moment
from hutong.members.models import AttributeValue, Identity, Member, Membership, Merge, OriginState, Participation
from hutong.members.stays import Stay

STAY_COLUMNS = ("joined_at", "left_at", "last_in_at", "last_out_at")
PART_COLUMNS = ("first_seen_at", "first_active_at", "last_active_at", "last_message_at", "messages")


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs of one kind in a row, of being in or of being out; epoch milliseconds."""

    is_out: bool
    first: int
    last: int


@dataclass(slots=True)
class Past:
    """All that one origin did in one community; no doings: nothing. `seen` (first, last), where given, replaces what was kept."""

    origin_id: uuid.UUID
    doings: Doings | None = None
    signs: dict[uuid.UUID, list[Signs]] = field(default_factory=dict)  # group -> in order of time
    seen: tuple[int, int] | None = None


def recount(workspace_id: uuid.UUID, *, community_id: uuid.UUID, pasts: Sequence[Past]) -> None:
    """Write the past of these origins in the community. Within a transaction."""
    known: set[uuid.UUID] = set()
    in_merges: set[uuid.UUID] = set()
    for chunk in bulk.chunks([past.origin_id for past in pasts]):
        rows = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk)
        for pk, state in rows.values_list("pk", "origin_state"):
            (known if state is None else in_merges).add(pk)
    groups = {
        pk: (channel, time_zone)
        for pk, channel, time_zone in Group.objects.in_workspace(workspace_id)
        .filter(community_id=community_id)
        .values_list("pk", "channel", "community__time_zone")
    }
    for some in bulk.chunks([past for past in pasts if past.origin_id in known]):
        _write_stays(workspace_id, community_id, groups, some)
        _write_parts(workspace_id, community_id, some)
    summaries.refresh(workspace_id, known)
    _write_merged(workspace_id, community_id, set(groups), [past for past in pasts if past.origin_id in in_merges])


def stays_of(signs: Sequence[Signs]) -> list[Stay]:
    """Stays from alternating signs: in opens, out closes; a first out is a stay of no length."""
    found: list[Stay] = []
    for one in signs:
        if not one.is_out:
            found.append(Stay(ids.new(), one.first, None, one.last))
        else:
            if not found:
                found.append(Stay(ids.new(), one.first, one.first, None))
            last = found[-1]
            last.left = one.first
            last.last_out = one.last if one.last > one.first else None
    return found


def _write_stays(workspace_id: uuid.UUID, community_id: uuid.UUID, groups: dict[uuid.UUID, tuple[str, str]], pasts: Sequence[Past]) -> None:
    there: dict[tuple[uuid.UUID, uuid.UUID], list[Stay]] = {}
    rows = Membership.objects.in_workspace(workspace_id).filter(community_id=community_id, member_id__in=[past.origin_id for past in pasts])
    for pk, group_id, member_id, joined, *ends in rows.order_by("joined_at", "pk").values_list("pk", "group_id", "member_id", *STAY_COLUMNS):
        there.setdefault((group_id, member_id), []).append(stays.stored(pk, joined, ends))
    for some in there.values():
        some.sort(key=stays.order)
    gone, changed, made, shown = [], [], [], []
    for past in pasts:
        for group_id in {*past.signs, *(group for group, member in there if member == past.origin_id)} if there else past.signs:
            if group_id not in groups:
                continue
            had = there.get((group_id, past.origin_id), [])
            surplus, pairs = _paired(had, stays_of(past.signs.get(group_id, [])))
            place = (group_id, past.origin_id)
            gone += [old.id for old in surplus]
            shown += [(old, place, True) for old in surplus]
            for old, new in pairs:
                if old is None:
                    made.append((new.id, workspace_id, community_id, group_id, past.origin_id, *_moments(new)))
                    shown.append((new, place, False))
                elif _span(old) != _span(new):
                    new.id = old.id
                    changed.append(new)
                    if (old.joined, old.left) != (new.joined, new.left):
                        shown.append((new, place, False))
    for chunk in bulk.chunks(gone):
        Membership.objects.in_workspace(workspace_id).filter(pk__in=chunk).delete()
    changed.sort(key=lambda stay: stay.left is None)  # closed before opened: a group holds one open stay of a member at any moment
    bulk.update(Membership, STAY_COLUMNS, [(*_moments(stay), stay.id) for stay in changed], workspace_id=workspace_id)
    bulk.insert(Membership, ("id", "workspace", "community", "group", "member", *STAY_COLUMNS), made)
    if shown:
        version = projection.next_version()
        stream.record(
            *(
                projection.stay_row(
                    stay,
                    workspace_id=workspace_id,
                    community_id=community_id,
                    group_id=group_id,
                    channel=groups[group_id][0],
                    time_zone=groups[group_id][1],
                    member_id=member_id,
                    version=version,
                    is_deleted=is_deleted,
                )
                for stay, (group_id, member_id), is_deleted in shown
            )
        )


def _paired(had: Sequence[Stay], wanted: Sequence[Stay]) -> tuple[list[Stay], list[tuple[Stay | None, Stay]]]:
    """Old ones too many; and old beside new, those that begin together first, so that a stay keeps its id while others come between."""
    by_start: dict[int, list[Stay]] = {}
    for stay in had:
        by_start.setdefault(stay.joined, []).append(stay)
    pairs: list[tuple[Stay | None, Stay]] = []
    fresh: list[Stay] = []
    for stay in wanted:
        same = by_start.get(stay.joined)
        if same:
            pairs.append((same.pop(0), stay))
        else:
            fresh.append(stay)
    spare = [stay for some in by_start.values() for stay in some]
    pairs += [(spare.pop(0) if spare else None, stay) for stay in fresh]
    return spare, pairs


def _write_parts(workspace_id: uuid.UUID, community_id: uuid.UUID, pasts: Sequence[Past]) -> None:
    rows = Participation.objects.in_workspace(workspace_id).filter(community_id=community_id, member_id__in=[past.origin_id for past in pasts])
    there = {row[1]: row for row in rows.values_list("pk", "member_id", *PART_COLUMNS)}
    members = {
        pk: (active, messages, first, last)
        for pk, active, messages, first, last in Member.objects.in_workspace(workspace_id)
        .filter(pk__in=[past.origin_id for past in pasts])
        .values_list("pk", "last_active_at", "messages", "first_seen_at", "last_seen_at")
    }
    made, changed, gone, summed, moved = [], [], [], [], []
    for past in pasts:
        row = there.get(past.origin_id)
        done = past.doings
        values = None
        if done is not None:
            values = (clock.from_ms(done.first_seen), moment(done.first_active), moment(done.last_active), moment(done.last_message), done.messages)
        if values is None and row is not None:
            gone.append(row[0])
        elif values is not None and row is None:
            made.append((ids.new(), workspace_id, community_id, past.origin_id, *values))
        elif values is not None and row is not None and tuple(row[2:]) != values:
            changed.append((*values, row[0]))
        had_active, had_messages = (row[4], row[6]) if row is not None else (None, 0)
        active, messages, first, last = members[past.origin_id]
        now_active = moment(done.last_active) if done is not None else None
        after = (
            # What was last done here may be gone; what was done elsewhere stays (`summaries` looks at the other communities).
            now_active if active == had_active else moment(later(milliseconds(active), milliseconds(now_active))),
            max(0, messages - had_messages + (done.messages if done is not None else 0)),
            clock.from_ms(past.seen[0]) if past.seen else first,
            clock.from_ms(past.seen[1]) if past.seen else last,
        )
        if after != (active, messages, first, last):
            summed.append((*after, past.origin_id))
            if after[2] != first:
                moved.append(past.origin_id)
    for chunk in bulk.chunks(gone):
        Participation.objects.in_workspace(workspace_id).filter(pk__in=chunk).delete()
    bulk.update(Participation, PART_COLUMNS, changed, workspace_id=workspace_id)
    bulk.insert(Participation, ("id", "workspace", "community", "member", *PART_COLUMNS), made)
    bulk.update(Member, ("last_active_at", "messages", "first_seen_at", "last_seen_at"), summed, workspace_id=workspace_id)
    projection.mark_people(workspace_id, moved)


def _write_merged(workspace_id: uuid.UUID, community_id: uuid.UUID, groups: set[uuid.UUID], pasts: Sequence[Past]) -> None:
    """Members in merges: their own state is written, then what the kept member shows."""
    roots = []
    for past in pasts:
        row = OriginState.objects.in_workspace(workspace_id).select_for_update().get(origin_id=past.origin_id)
        own = alone.load(row)
        had = own.stays
        own.stays = {place: some for place, some in had.items() if place[0] != community_id}
        for group_id, signs in past.signs.items():
            if group_id not in groups:
                continue
            wanted = stays_of(signs)
            for old, new in _paired(had.get((community_id, group_id), []), wanted)[1]:
                new.id = new.id if old is None else old.id
            own.stays[community_id, group_id] = wanted
        part = own.parts.pop(community_id, None)
        if past.doings is not None:
            own.parts[community_id] = alone.Part(part.id if part is not None else ids.new(), past.doings)
        if past.seen is not None:
            own.first_seen_at, own.last_seen_at = clock.from_ms(past.seen[0]), clock.from_ms(past.seen[1])
        for name, value in own.dump().items():
            setattr(row, name, value)
        row.save()
        roots.append(origins.root(workspace_id, past.origin_id))
    for member_id in dict.fromkeys(roots):
        origins.show(workspace_id, member_id)


def forget(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID], *, made_from: int, made_to: int) -> int:
    """Remove those of the members who were made between two moments and of whom nothing is left: no participation, no stay, no
    attribute, no merge. Gives how many. The caller knows that no event names them.
    """
    removed = 0
    with transaction.atomic():
        for chunk in bulk.chunks(member_ids):
            rows = Member.objects.in_workspace(workspace_id).filter(
                pk__in=chunk, created_at__gte=clock.from_ms(made_from), created_at__lte=clock.from_ms(made_to), is_name_fixed=False, merged_into=None
            )
            for model, name in ((Participation, "member"), (Membership, "member"), (AttributeValue, "member"), (Merge, "kept"), (Merge, "absorbed")):
                rows = rows.exclude(pk__in=model.objects.in_workspace(workspace_id).filter(**{f"{name}__in": chunk}).values(name))
            lonely = list(rows.values_list("pk", flat=True))
            Identity.objects.in_workspace(workspace_id).filter(member__in=lonely).delete()
            projection.mark_people(workspace_id, lonely)
            removed += Member.objects.in_workspace(workspace_id).filter(pk__in=lonely).delete()[1].get("members.Member", 0)
    return removed


def _span(stay: Stay) -> tuple[int | None, ...]:
    return stay.joined, stay.left, stay.last_in, stay.last_out


def _moments(stay: Stay) -> tuple[object, ...]:
    return clock.from_ms(stay.joined), moment(stay.left), moment(stay.last_in), moment(stay.last_out)
