"""How people are reached: which accounts may write from, and through which of them each member is written to."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from hutong.channels import answering, platforms
from hutong.channels.contract import Manifest
from hutong.channels.models import Account
from hutong.foundation.errors import NotFound
from hutong.members import bulk
from hutong.members.models import Identity

NOT_OPENED, NO_IDENTITY = "not_opened", "no_identity"  # they have to write first; they are on none of the channels


@dataclass(frozen=True, slots=True)
class Way:
    """An account that may be written from, with what its connector says of itself."""

    account: Account
    manifest: Manifest


@dataclass(slots=True)
class Reached:
    """Through which account each member is written to, and by which of their names there; and why others are not."""

    through: dict[uuid.UUID, tuple[Way, str]]
    missed: dict[uuid.UUID, str]


def ways(workspace_id: uuid.UUID, accounts: Sequence[uuid.UUID]) -> list[Way]:
    """Of these accounts those that can send, in the order in which they are tried."""
    rows = Account.objects.in_workspace(workspace_id).exclude(state="removed").in_bulk(list(accounts))
    return _able(rows[pk] for pk in accounts if pk in rows)


def every_way(workspace_id: uuid.UUID) -> list[Way]:
    """All accounts that can send now, the oldest first."""
    return _able(Account.objects.in_workspace(workspace_id).filter(state="active").order_by("created_at", "pk"))


def _able(accounts: Iterable[Account]) -> list[Way]:
    found = []
    for account in accounts:
        try:
            manifest = platforms.manifest(account.platform)
        except NotFound:  # its connector is no longer part of the product
            continue
        if "send" in manifest.ways:
            found.append(Way(account, manifest))
    return found


def reach(workspace_id: uuid.UUID, some: Sequence[Way], people: Sequence[uuid.UUID]) -> Reached:
    """Each member through the first account on whose channel they are and which may write to them."""
    names = _identities(workspace_id, people, {way.account.channel for way in some})
    found: dict[uuid.UUID, tuple[Way, str]] = {}
    for way in some:
        channel = way.account.channel
        there = [row for one, rows in names.items() if one not in found for row in rows if row[1] == channel]
        open_to = answering.private_chats(way.account, way.manifest, [row[3] for row in there])
        for member_id, _, _, ref, _ in there:
            if ref in open_to and member_id not in found:
                found[member_id] = way, ref
    return Reached(found, _missed(people, found, names))


def reach_where_they_write(workspace_id: uuid.UUID, some: Sequence[Way], people: Sequence[uuid.UUID]) -> Reached:
    """Each member by the name under which they were seen last, of those to which one of the accounts may write."""
    by_channel: dict[str, list[Way]] = {}
    for way in some:
        by_channel.setdefault(way.account.channel, []).append(way)
    names = _identities(workspace_id, people, by_channel)
    refs: dict[str, list[str]] = {}
    for rows in names.values():
        for row in rows:
            refs.setdefault(row[1], []).append(row[3])
    open_to = {
        id(way): answering.private_chats(way.account, way.manifest, refs[channel]) for channel in refs for way in by_channel[channel]
    }  # fmt: skip
    found: dict[uuid.UUID, tuple[Way, str]] = {}
    for member_id, rows in names.items():
        for _, channel, _, ref, _ in sorted(rows, key=itemgetter(4), reverse=True) if len(rows) > 1 else rows:
            way_there = next((way for way in by_channel[channel] if ref in open_to[id(way)]), None)
            if way_there is not None:
                found[member_id] = way_there, ref
                break
    return Reached(found, _missed(people, found, names))


def takes_seconds(way: Way, number: int, *, kind: str, per_minute: int | None = None) -> int:
    """How long the limits of an account make so many messages take, at least; accounts work at the same time."""
    longest = 60 * number / per_minute if per_minute else 0.0
    for rate in way.manifest.limits.per_account:
        if (not rate.chat_kinds or kind in rate.chat_kinds) and number > rate.count:
            longest = max(longest, (number - rate.count) * rate.seconds / rate.count)
    return round(longest)


def _missed(people: Iterable[uuid.UUID], found: Container[uuid.UUID], names: Container[uuid.UUID]) -> dict[uuid.UUID, str]:
    return {one: NOT_OPENED if one in names else NO_IDENTITY for one in people if one not in found}


def _identities(workspace_id: uuid.UUID, members: Sequence[uuid.UUID], channels: Container[str]) -> dict[uuid.UUID, list[tuple[Any, ...]]]:
    """(member, channel, when made, name there, when last seen) of each member's names on these channels, the oldest first."""
    found: dict[uuid.UUID, list[tuple[Any, ...]]] = {}
    columns = ["channel", "created_at", "external_id", "last_seen_at"]
    for row in bulk.pick(Identity, columns, "member", members, workspace_id=workspace_id):
        if row[1] in channels:
            found.setdefault(row[0], []).append(row)
    for rows in found.values():
        if len(rows) > 1:
            rows.sort(key=itemgetter(2, 3))
    return found
