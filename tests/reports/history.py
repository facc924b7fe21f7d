"""Happenings to rows of the warehouse, as the stream would have shipped them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from hutong.events.row import EventRow
from hutong.events.warehouse import engine
from hutong.events.warehouse.schema import NEVER
from hutong.members import stays
from tests.reports.oracle import ACTIVE_KINDS, Happening

NAMES = {
    "message": "message_sent",
    "reaction": "reaction_added",
    "page": "page_viewed",
    "join": "member_joined",
    "leave": "member_left",
    "notice": "group_notice",
}
_space = uuid.UUID("6f0e2a44-6c9f-4d5e-8f8e-0d7a4f3a1b11")


def id_of(workspace_id: uuid.UUID, name: str) -> uuid.UUID:
    """The id a name (of a member, group or community) has in that workspace."""
    return uuid.uuid5(_space, f"{workspace_id}/{name}")


def ship(workspace_id: uuid.UUID, happenings: list[Happening], zones: dict[str, str], ids: dict[str, uuid.UUID] | None = None) -> None:
    """Put the events and the stays that follow from them into the warehouse. `ids` name communities and groups that exist already."""
    known = ids or {}

    @cache
    def named(name: str) -> str:
        return str(known.get(name) or id_of(workspace_id, name))

    ordered = sorted(enumerate(happenings), key=lambda pair: (pair[1].at, pair[1].ordinal))
    lines = []
    found: dict[tuple[str, str, str, str], list[stays.Stay]] = defaultdict(list)
    for number, h in ordered:
        local = h.at.astimezone(ZoneInfo(zones[h.community]))
        who = named(h.who)
        lines.append(
            msgspec.json.encode(
                EventRow(
                    workspace_id=str(workspace_id),
                    id=f"e{number:07d}",
                    name=NAMES[h.kind],
                    occurred_at=h.at.timestamp(),
                    received_at=h.at.timestamp(),
                    local_day=local.date().isoformat(),
                    local_hour=local.hour,
                    community_id=named(h.community),
                    group_id=named(h.group),
                    member_id=who,
                    origin_id=who,
                    ordinal=h.ordinal,
                    channel=h.channel,
                    is_history=True,
                    is_activity=int(h.kind in ACTIVE_KINDS),
                    text=h.text if h.kind == "message" else "",
                    characters=len(h.text) if h.kind == "message" else 0,
                    addressed_id=named(h.answers) if h.answers else str(uuid.UUID(int=0)),
                    is_reply=int(bool(h.answers)),
                    is_question=int(h.is_question),
                )
            )
        )
        here = found[h.community, h.group, h.channel, h.who]
        moment = int(h.at.timestamp()) * 1000
        if h.kind == "leave":
            stays.depart(here, moment)
        elif h.kind == "join" or h.kind in ACTIVE_KINDS:
            stays.arrive(here, moment)
    rows = []
    for (community, group, channel, who), list_of_stays in found.items():
        zone = ZoneInfo(zones[community])
        for stay in list_of_stays:
            joined = dt.datetime.fromtimestamp(stay.joined / 1000, dt.UTC)
            left = None if stay.left is None else dt.datetime.fromtimestamp(stay.left / 1000, dt.UTC)
            rows.append(
                msgspec.json.encode(
                    {
                        "workspace_id": str(workspace_id),
                        "community_id": named(community),
                        "group_id": named(group),
                        "channel": channel,
                        "member_id": named(who),
                        "membership_id": str(stay.id),
                        "joined_at": stay.joined / 1000,
                        "left_at": left.timestamp() if left else f"{NEVER} 00:00:00",
                        "joined_day": joined.astimezone(zone).date().isoformat(),
                        "left_day": left.astimezone(zone).date().isoformat() if left else NEVER,
                        "version": 1,
                        "is_deleted": 0,
                    }
                )
            )
    token = uuid.uuid4().hex
    if lines:
        engine.insert("events", lines, token=token)
    if rows:
        engine.insert("memberships", rows, token=token)
