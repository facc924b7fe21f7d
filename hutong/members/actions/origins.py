"""Members in merges: what each origin is alone, and what the member kept shows of all of them together."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.communities.models import Community, Group
from hutong.foundation import clock, stream
from hutong.members import alone, bulk, projection, stays
from hutong.members.actions import summaries
from hutong.members.alone import Alone, Place
from hutong.members.doings import Doings, milliseconds, moment
from hutong.members.models import Attribute, AttributeValue, Member, Membership, Merge, OriginState, Participation
from hutong.members.stays import Stay


@dataclass(frozen=True, slots=True)
class Sighting:
    """When identities of one origin were seen, in epoch milliseconds."""

    first_ms: int
    last_ms: int
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class OriginFact:
    """A presence fact of a member in merges. `group_id` is given only where the fact says in or out."""

    origin_id: uuid.UUID
    community_id: uuid.UUID | None
    group_id: uuid.UUID | None
    at_ms: int
    is_in: bool
    is_activity: bool
    is_message: bool


def root(workspace_id: uuid.UUID, member_id: uuid.UUID) -> uuid.UUID:
    """The member who shows for this one: itself, or the one kept at the end of its merges."""
    while True:
        above = Member.objects.in_workspace(workspace_id).filter(pk=member_id).values_list("merged_into_id", flat=True).first()
        if above is None:
            return member_id
        member_id = above


def subtree(workspace_id: uuid.UUID, member_id: uuid.UUID) -> list[uuid.UUID]:
    """The member and everybody merged into them, directly or not."""
    found = [member_id]
    level = [member_id]
    while level:
        rows = Member.objects.in_workspace(workspace_id).filter(merged_into_id__in=level).order_by("pk")
        level = list(rows.values_list("pk", flat=True))
        found += level
    return found


def families(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """`subtree` of many members in a few reads."""
    found = {member_id: [member_id] for member_id in member_ids}
    level = {member_id: member_id for member_id in found}  # merged or not -> whose family
    while level:
        below: dict[uuid.UUID, uuid.UUID] = {}
        for chunk in bulk.chunks(level):
            rows = Member.objects.in_workspace(workspace_id).filter(merged_into_id__in=chunk).order_by("pk")
            below.update({pk: level[above] for pk, above in rows.values_list("pk", "merged_into_id") if above is not None})
        for pk, head in below.items():
            found[head].append(pk)
        level = below
    return found


def heads(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """`root` of many members in a few reads; ids that are no members are left out."""
    found: dict[uuid.UUID, uuid.UUID] = {}
    for chunk in bulk.chunks(dict.fromkeys(member_ids)):
        rows = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk)
        for pk, above in rows.values_list("pk", "merged_into_id"):
            found[pk] = pk if above is None else root(workspace_id, above)
    return found


def begin(workspace_id: uuid.UUID, member: Member) -> None:
    """Write down what the member is alone, before a first merge."""
    if OriginState.objects.in_workspace(workspace_id).filter(origin=member).exists():
        return
    own = _visible(workspace_id, member.pk)
    own.first_seen_at, own.last_seen_at = member.first_seen_at, member.last_seen_at
    own.is_bot, own.is_anonymous = member.is_bot, member.is_anonymous
    OriginState.objects.create(workspace_id=workspace_id, origin=member, **own.dump())


def seen(workspace_id: uuid.UUID, sightings: dict[uuid.UUID, Sighting]) -> None:
    """Identities of these origins were seen: first and last widen, for the origin and for who shows it."""
    for row in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=list(sightings)).select_for_update():
        one = sightings[row.origin_id]
        first, last = clock.from_ms(one.first_ms), clock.from_ms(one.last_ms)
        if first < row.first_seen_at or last > row.last_seen_at or (one.is_bot and not row.is_bot):
            row.first_seen_at, row.last_seen_at = min(row.first_seen_at, first), max(row.last_seen_at, last)
            row.is_bot |= one.is_bot
            row.save(update_fields=["first_seen_at", "last_seen_at", "is_bot"])
        shown = Member.objects.in_workspace(workspace_id).select_for_update().get(pk=root(workspace_id, row.origin_id))
        shown.first_seen_at, shown.last_seen_at = min(shown.first_seen_at, first), max(shown.last_seen_at, last)
        shown.is_bot |= one.is_bot
        shown.save(update_fields=["first_seen_at", "last_seen_at", "is_bot"])
        projection.mark_people(workspace_id, [shown.pk])


def add_facts(workspace_id: uuid.UUID, facts: Sequence[OriginFact]) -> None:
    """Presence facts of members in merges, in order."""
    origin_ids = list(dict.fromkeys(fact.origin_id for fact in facts))
    rows = {row.origin_id: row for row in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=origin_ids).select_for_update()}
    states = {origin_id: alone.load(row) for origin_id, row in rows.items()}
    for fact in facts:
        own = states[fact.origin_id]
        at = clock.from_ms(fact.at_ms)
        own.first_seen_at, own.last_seen_at = min(own.first_seen_at, at), max(own.last_seen_at, at)
        if fact.community_id is None:
            continue
        own.participate(fact.community_id, fact.at_ms, is_activity=fact.is_activity, is_message=fact.is_message)
        if fact.group_id is not None:
            there = own.stays[fact.community_id, fact.group_id]
            if fact.is_in:
                stays.arrive(there, fact.at_ms)
            else:
                stays.depart(there, fact.at_ms)
    for origin_id, own in states.items():
        _save(rows[origin_id], own)
    for member_id in dict.fromkeys(root(workspace_id, origin_id) for origin_id in origin_ids):
        show(workspace_id, member_id)


def change_values(workspace_id: uuid.UUID, member_id: uuid.UUID, *, given: dict[uuid.UUID, alone.Value], cleared: Iterable[uuid.UUID]) -> None:
    """Set values on one origin; clear them on everybody who shows as the same member, or they would come back."""
    shown = root(workspace_id, member_id)
    cleared = set(cleared)
    for row in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=subtree(workspace_id, shown)).select_for_update():
        own = alone.load(row)
        had = dict(own.values)
        own.values = {attribute: value for attribute, value in own.values.items() if attribute not in cleared}
        if row.origin_id == member_id:
            own.values |= given
        if own.values != had:
            _save(row, own)
    show(workspace_id, shown)


def write_values(workspace_id: uuid.UUID, changes: Mapping[uuid.UUID, Mapping[uuid.UUID, alone.Value | None]]) -> None:
    """Set, or with None clear, values of single origins."""
    for chunk in bulk.chunks(changes):
        for row in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=chunk).select_for_update():
            own = alone.load(row)
            for attribute_id, value in changes[row.origin_id].items():
                own.values.pop(attribute_id, None)
                if value is not None:
                    own.values[attribute_id] = value
            _save(row, own)
    for member_id in dict.fromkeys(root(workspace_id, origin_id) for origin_id in changes):
        show(workspace_id, member_id)


def _save(row: OriginState, own: Alone) -> None:
    for name, value in own.dump().items():
        setattr(row, name, value)
    row.save()


def _joint(workspace_id: uuid.UUID, member_id: uuid.UUID) -> tuple[Alone, int]:
    """What the member is with everybody merged into them, and how many that is."""
    everybody = subtree(workspace_id, member_id)
    states = {row.origin_id: alone.load(row) for row in OriginState.objects.in_workspace(workspace_id).filter(origin_id__in=everybody)}
    merges = Merge.objects.in_workspace(workspace_id).filter(undone_at=None, absorbed_id__in=everybody).exclude(absorbed_id=member_id)
    below: dict[uuid.UUID, list[tuple[dt.datetime, uuid.UUID]]] = {}
    for kept_id, absorbed_id, at in merges.order_by("at", "pk").values_list("kept_id", "absorbed_id", "at"):
        below.setdefault(kept_id, []).append((at, absorbed_id))

    def join(origin_id: uuid.UUID) -> Alone:
        return alone.together(states[origin_id], [(at, join(other)) for at, other in below.get(origin_id, [])])

    return join(member_id), len(everybody)


def show(workspace_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """Write what the member and everybody merged into them are together; a member alone again needs no origin state."""
    joint, count = _joint(workspace_id, member_id)
    _write(workspace_id, member_id, joint)
    Member.objects.in_workspace(workspace_id).filter(pk=member_id).update(
        first_seen_at=joint.first_seen_at, last_seen_at=joint.last_seen_at, is_bot=joint.is_bot, is_anonymous=joint.is_anonymous
    )
    summaries.refresh(workspace_id, [member_id])
    projection.mark_people(workspace_id, [member_id])
    if count == 1:
        OriginState.objects.in_workspace(workspace_id).filter(origin_id=member_id).delete()


def hide(workspace_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """Take away what an absorbed member showed."""
    member = Member.objects.in_workspace(workspace_id).get(pk=member_id)
    _write(workspace_id, member_id, Alone(member.first_seen_at, member.last_seen_at))
    summaries.refresh(workspace_id, [member_id])
    projection.mark_people(workspace_id, [member_id])


def _visible(workspace_id: uuid.UUID, member_id: uuid.UUID) -> Alone:
    """The member's rows as they stand."""
    now = clock.now()
    found = Alone(now, now)
    for stay in Membership.objects.in_workspace(workspace_id).filter(member_id=member_id).order_by("joined_at", "pk"):
        found.stays[stay.community_id, stay.group_id].append(stays.stored(stay.pk, stay.joined_at, (stay.left_at, stay.last_in_at, stay.last_out_at)))
    for some in found.stays.values():
        some.sort(key=stays.order)
    for part in Participation.objects.in_workspace(workspace_id).filter(member_id=member_id):
        first = clock.to_ms(part.first_seen_at)
        moments = (milliseconds(part.first_active_at), milliseconds(part.last_active_at), milliseconds(part.last_message_at))
        found.parts[part.community_id] = alone.Part(part.pk, Doings(first, first, *moments, part.messages))
    for value in AttributeValue.objects.in_workspace(workspace_id).filter(member_id=member_id):
        found.values[value.attribute_id] = alone.Value(value.pk, value.value, value.source, value.source_name, value.set_at)
    return found


def _forget_removed(workspace_id: uuid.UUID, wanted: Alone) -> None:
    """Groups, communities and attributes may have been removed since the state was written."""
    communities = set(Community.objects.in_workspace(workspace_id).filter(pk__in=list(wanted.parts)).values_list("pk", flat=True))
    group_ids = list({group_id for _, group_id in wanted.stays})
    groups = {
        pk for chunk in bulk.chunks(group_ids) for pk in Group.objects.in_workspace(workspace_id).filter(pk__in=chunk).values_list("pk", flat=True)
    }
    attributes = set(Attribute.objects.in_workspace(workspace_id).filter(pk__in=list(wanted.values)).values_list("pk", flat=True))
    wanted.stays = {place: some for place, some in wanted.stays.items() if place[1] in groups}
    wanted.parts = {community_id: part for community_id, part in wanted.parts.items() if community_id in communities}
    wanted.values = {attribute_id: value for attribute_id, value in wanted.values.items() if attribute_id in attributes}


def _write(workspace_id: uuid.UUID, member_id: uuid.UUID, wanted: Alone) -> None:
    _forget_removed(workspace_id, wanted)
    had = _visible(workspace_id, member_id)
    _write_stays(workspace_id, member_id, had.stays, wanted.stays)
    parts = Participation.objects.in_workspace(workspace_id).filter(member_id=member_id)
    parts.exclude(pk__in=[part.id for part in wanted.parts.values()]).delete()
    values = AttributeValue.objects.in_workspace(workspace_id).filter(member_id=member_id)
    values.exclude(pk__in=[value.id for value in wanted.values.values()]).delete()
    for community_id, part in wanted.parts.items():
        if had.parts.get(community_id) != part:
            d = part.doings
            columns: dict[str, Any] = {
                "first_seen_at": clock.from_ms(d.first_seen),
                "first_active_at": moment(d.first_active),
                "last_active_at": moment(d.last_active),
                "last_message_at": moment(d.last_message),
                "messages": d.messages,
            }
            key = {"workspace_id": workspace_id, "community_id": community_id, "member_id": member_id}
            Participation.objects.in_workspace(workspace_id).update_or_create(pk=part.id, defaults=key | columns)
    different = {attribute_id for attribute_id in {**had.values, **wanted.values} if had.values.get(attribute_id) != wanted.values.get(attribute_id)}
    for changed_key in Attribute.objects.in_workspace(workspace_id).filter(pk__in=different).values_list("key", flat=True):
        projection.mark_values(workspace_id, changed_key, [member_id])
    for attribute_id, value in wanted.values.items():
        if attribute_id in different:
            facts = {"value": value.value, "source": value.source, "source_name": value.source_name, "set_at": value.set_at}
            key = {"workspace_id": workspace_id, "attribute_id": attribute_id, "member_id": member_id}
            AttributeValue.objects.in_workspace(workspace_id).update_or_create(pk=value.id, defaults=key | facts)


def _write_stays(workspace_id: uuid.UUID, member_id: uuid.UUID, had: dict[Place, list[Stay]], wanted: dict[Place, list[Stay]]) -> None:
    before = {stay.id: (place, stay) for place, some in had.items() for stay in some}
    after = {stay.id: (place, stay) for place, some in wanted.items() for stay in some}
    gone = {pk: entry for pk, entry in before.items() if pk not in after}
    changed = {pk: entry for pk, entry in after.items() if pk in before and _span(before[pk][1]) != _span(entry[1])}
    made = {pk: entry for pk, entry in after.items() if pk not in before}
    for chunk in bulk.chunks(gone):
        Membership.objects.in_workspace(workspace_id).filter(member_id=member_id, pk__in=chunk).delete()
    columns = ("joined_at", "left_at", "last_in_at", "last_out_at")
    # Closed before opened: a group holds one open stay of a member at any moment.
    rows = sorted(changed.values(), key=lambda entry: entry[1].left is None)
    bulk.update(Membership, columns, [(*_moments(stay), stay.id) for _, stay in rows], workspace_id=workspace_id)
    bulk.insert(
        Membership,
        ("id", "workspace", "community", "group", "member", *columns),
        [(stay.id, workspace_id, community_id, group_id, member_id, *_moments(stay)) for (community_id, group_id), stay in made.values()],
    )
    groups = {
        pk: (channel, time_zone)
        for chunk in bulk.chunks({place[1] for place, _ in [*gone.values(), *changed.values(), *made.values()]})
        for pk, channel, time_zone in Group.objects.in_workspace(workspace_id)
        .filter(pk__in=chunk)
        .values_list("pk", "channel", "community__time_zone")
    }
    entries = []
    for some, is_deleted in ((gone, True), (changed, False), (made, False)):
        for (community_id, group_id), stay in some.values():
            channel, time_zone = groups[group_id]
            entries.append(
                projection.stay_row(
                    stay,
                    workspace_id=workspace_id,
                    community_id=community_id,
                    group_id=group_id,
                    channel=channel,
                    time_zone=time_zone,
                    member_id=member_id,
                    version=projection.next_version(),
                    is_deleted=is_deleted,
                )
            )
    if entries:
        stream.record(*entries)


def _span(stay: Stay) -> tuple[int | None, ...]:
    return stay.joined, stay.left, stay.last_in, stay.last_out


def _moments(stay: Stay) -> tuple[dt.datetime | None, ...]:
    return clock.from_ms(stay.joined), moment(stay.left), moment(stay.last_in), moment(stay.last_out)
