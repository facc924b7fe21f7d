"""Who is this? Identities on channels to members, many at a time, made where unseen. For ingest, connectors and imports."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from hutong.foundation import clock, ids
from hutong.members import bulk, projection
from hutong.members.actions import merges, origins
from hutong.members.models import Identity, Member, OriginState
from hutong.members.names import folded_beside, seen_name, stored_external_id
from hutong.workspaces import access

Key = tuple[str, str]  # channel, id on the channel
ANONYMOUS_CHANNEL = "anonymous_id"  # ids that browsers make up for people who have not said who they are


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as one channel shows them at one moment (epoch milliseconds)."""

    channel: str
    external_id: str
    name: str
    at_ms: int
    is_anonymous: bool = False
    is_bot: bool = False
    is_sample: bool = False


class Recognised(NamedTuple):
    """The member who owns the identity now, and the member it was made for, which merges never change.

    An event stores both: after a merge is undone, the origin says whose it is.
    """

    member_id: uuid.UUID
    origin_id: uuid.UUID


@dataclass(slots=True)
class _Sighting:
    """All that one call says about one identity."""

    first: int
    last: int
    name: str
    is_anonymous: bool
    is_bot: bool
    is_sample: bool


@dataclass(slots=True)
class _Change:
    """What the sightings change about one member."""

    first: int
    last: int
    name: str = ""
    named: int = 0
    is_bot: bool = False


_IDENTITY_COLUMNS = ("id", "workspace", "member", "origin", "channel", "external_id", "name", "names_folded", "last_seen_at", "created_at")
_MEMBER_COLUMNS = (
    "id", "workspace", "name", "name_folded", "is_name_fixed", "is_anonymous", "is_bot", "is_sample", "first_seen_at", "last_seen_at", "messages", "created_at",
)  # fmt: skip


def resolve(workspace_id: uuid.UUID, people: Sequence[Seen]) -> dict[Key, uuid.UUID]:
    """The member of each (channel, external_id) given, made where unseen. Call it inside a transaction."""
    return {key: found.member_id for key, found in recognise(workspace_id, people).items()}


def recognise(workspace_id: uuid.UUID, people: Sequence[Seen]) -> dict[Key, Recognised]:
    """Like `resolve`, with the origin beside the member.

    A newer name replaces an older one, first and last seen widen. A name given by staff stays.
    """
    sightings, stored = _gather(people)
    found: dict[Key, Recognised] = {}
    changes: dict[uuid.UUID, _Change] = {}
    identity_rows: list[tuple[object, ...]] = []
    for row in _known(workspace_id, sightings):
        identity_id, channel, external_id, name, last_seen_at, member_id, origin_id, first, last, is_bot, state = row
        key = (channel, external_id)
        sighting = sightings[key]
        found[key] = Recognised(member_id, origin_id)
        last_seen = clock.to_ms(last_seen_at)
        newer = sighting.last >= last_seen
        renamed = newer and sighting.name not in ("", name)
        if sighting.last > last_seen or renamed:
            shown = sighting.name if renamed else name
            identity_rows.append((shown, folded_beside(external_id, shown), clock.from_ms(max(sighting.last, last_seen)), identity_id))
        widened = sighting.first < clock.to_ms(first) or sighting.last > clock.to_ms(last)
        if widened or renamed or (sighting.is_bot and not is_bot) or state is not None:
            change = changes.get(origin_id)
            if change is None:
                change = changes[origin_id] = _Change(sighting.first, sighting.last)
            change.first = min(change.first, sighting.first)
            change.last = max(change.last, sighting.last)
            change.is_bot |= sighting.is_bot
            if renamed and sighting.last >= change.named:
                change.name, change.named = sighting.name, sighting.last
    bulk.update(Identity, ("name", "names_folded", "last_seen_at"), identity_rows, workspace_id=workspace_id)
    if changes:
        _apply(workspace_id, changes)
    _make(workspace_id, {key: sighting for key, sighting in sightings.items() if key not in found}, found)
    return {given: found[key] for given, key in stored.items()}


def _gather(people: Iterable[Seen]) -> tuple[dict[Key, _Sighting], dict[Key, Key]]:
    sightings: dict[Key, _Sighting] = {}
    stored: dict[Key, Key] = {}
    for one in people:
        given = (one.channel, one.external_id)
        key = stored.get(given)
        if key is None:
            key = stored[given] = (one.channel, stored_external_id(one.external_id))
        sighting = sightings.get(key)
        at = one.at_ms
        if sighting is None:
            sightings[key] = _Sighting(at, at, seen_name(one.name), one.is_anonymous, one.is_bot, one.is_sample)
            continue
        sighting.first = min(sighting.first, at)
        if at >= sighting.last:
            sighting.last = at
            sighting.name = seen_name(one.name) or sighting.name
        elif not sighting.name:
            sighting.name = seen_name(one.name)
        sighting.is_bot |= one.is_bot
    return sightings, stored


def _known(workspace_id: uuid.UUID, keys: Iterable[Key]) -> Iterable[tuple[Any, ...]]:
    by_channel: dict[str, list[str]] = {}
    for channel, external_id in keys:
        by_channel.setdefault(channel, []).append(external_id)
    for channel, external_ids in by_channel.items():
        for chunk in bulk.chunks(external_ids):
            yield from (
                Identity.objects.in_workspace(workspace_id)
                .filter(channel=channel, external_id__in=chunk)
                .values_list(
                    "id",
                    "channel",
                    "external_id",
                    "name",
                    "last_seen_at",
                    "member_id",
                    "origin_id",
                    "origin__first_seen_at",
                    "origin__last_seen_at",
                    "origin__is_bot",
                    "origin__origin_state",
                )
            )


def _apply(workspace_id: uuid.UUID, changes: dict[uuid.UUID, _Change]) -> None:
    rows: list[tuple[object, ...]] = []
    shown: list[uuid.UUID] = []  # whose name, first day or being a bot changes
    merged: dict[uuid.UUID, origins.Sighting] = {}
    for chunk in bulk.chunks(changes):
        members = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk)
        for member_id, had, fixed, is_bot, first, last, state in members.values_list(
            "id", "name", "is_name_fixed", "is_bot", "first_seen_at", "last_seen_at", "origin_state"
        ):
            change = changes[member_id]
            name = change.name if change.name and not fixed else had
            if name != had or change.is_bot > is_bot or change.first < clock.to_ms(first):
                shown.append(member_id)
            from_at, to_at = min(first, clock.from_ms(change.first)), max(last, clock.from_ms(change.last))
            rows.append((name, folded_beside(name), is_bot or change.is_bot, from_at, to_at, member_id))
            if state is not None:
                merged[member_id] = origins.Sighting(first_ms=change.first, last_ms=change.last, is_bot=change.is_bot)
    bulk.update(Member, ("name", "name_folded", "is_bot", "first_seen_at", "last_seen_at"), rows, workspace_id=workspace_id)
    projection.mark_people(workspace_id, shown)
    if merged:
        origins.seen(workspace_id, merged)


def _make(workspace_id: uuid.UUID, unseen: dict[Key, _Sighting], found: dict[Key, Recognised]) -> None:
    if not unseen:
        return
    now = clock.now()
    members, identities = [], []
    for (channel, external_id), one in unseen.items():
        member_id = ids.new()
        first, last = clock.from_ms(one.first), clock.from_ms(one.last)
        shown = one.name or seen_name(external_id) or channel
        members.append(
            (member_id, workspace_id, shown, folded_beside(shown), False, one.is_anonymous, one.is_bot, one.is_sample, first, last, 0, now)
        )
        folded = folded_beside(external_id, one.name)
        identities.append((ids.new(), workspace_id, member_id, member_id, channel, external_id, one.name, folded, last, now))
        found[channel, external_id] = Recognised(member_id, member_id)
    bulk.insert(Member, _MEMBER_COLUMNS, members)
    bulk.insert(Identity, _IDENTITY_COLUMNS, identities)
    projection.mark_people(workspace_id, [row[0] for row in members])


def link(workspace_id: uuid.UUID, *, known: Key, new: Key, at_ms: int) -> uuid.UUID | None:
    """Two identities that a platform says are one person: an IRC nick change, Segment's identify and alias.

    Returns the one member, or None when saying so would be a guess: the new identity already belongs to somebody with a name of
    their own. An unseen identity joins the other's member; an anonymous member is merged into the known one. Nothing is made
    when the answer is None. Call it inside a transaction.
    """
    known_key, new_key = ((key[0], stored_external_id(key[1])) for key in (known, new))
    first = Seen(*known, name="", at_ms=at_ms, is_anonymous=known[0] == ANONYMOUS_CHANNEL)
    if known_key == new_key:
        return resolve(workspace_id, [first])[known]
    with transaction.atomic():
        wanted = Q(channel=known_key[0], external_id=known_key[1]) | Q(channel=new_key[0], external_id=new_key[1])
        rows = Identity.objects.in_workspace(workspace_id).filter(wanted).select_related("member").select_for_update()
        there = {(row.channel, row.external_id): row for row in rows}
        known_row, new_row = there.get(known_key), there.get(new_key)
        if new_row is None:
            owner = recognise(workspace_id, [first])[known]
            _attach(workspace_id, new_key, owner=owner, at_ms=at_ms)
            return owner.member_id
        if known_row is None:
            if not new_row.member.is_anonymous:
                return None
            _attach(workspace_id, known_key, owner=Recognised(new_row.member_id, new_row.origin_id), at_ms=at_ms)
            if known_key[0] != ANONYMOUS_CHANNEL:
                _name_anonymous(workspace_id, new_row.member, name=known_key[1])
            return new_row.member_id
        if known_row.member_id != new_row.member_id:
            if not new_row.member.is_anonymous:
                return None
            merges.unite(workspace_id, kept_id=known_row.member_id, absorbed_id=new_row.member_id, reason="link", by_name=access.SYSTEM.name)
        return known_row.member_id


def _attach(workspace_id: uuid.UUID, key: Key, *, owner: Recognised, at_ms: int) -> None:
    row = (ids.new(), workspace_id, *owner, key[0], key[1], "", folded_beside(key[1]), clock.from_ms(at_ms), clock.now())
    bulk.insert(Identity, _IDENTITY_COLUMNS, [row])
    projection.mark_people(workspace_id, [owner.member_id])


def _name_anonymous(workspace_id: uuid.UUID, member: Member, *, name: str) -> None:
    """The browser's visitor has said who they are."""
    member.is_anonymous = False
    if not member.is_name_fixed:
        member.name = seen_name(name) or member.name
    member.save(update_fields=["is_anonymous", "name", "name_folded"])
    OriginState.objects.in_workspace(workspace_id).filter(origin=member).update(is_anonymous=False)
    projection.mark_people(workspace_id, [member.pk])
