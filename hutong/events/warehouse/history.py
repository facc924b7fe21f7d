"""Reads of imported history in the warehouse: which ids are there, what each member did, who came and went."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from hutong.events.warehouse import engine

_LONG_SECONDS = 300
ORIGINS_AT_ONCE = 10_000
EVENTS_AT_ONCE = 1_000_000
_PLACE = "workspace_id = {workspace:UUID} AND community_id = {community:UUID}"
# A shop may number its orders without quotes.
_ORDER_ID = "ifNull(properties.order_id.:String, toString(properties.order_id.:Int64))"
_GROUP = f"{_PLACE} AND group_id = {{group:UUID}}"


def has_events(workspace_id: str, *, community_id: str, group_id: str, except_source: str = "") -> bool:
    """Whether the group has any event of another source, its own making aside."""
    found = engine.rows(
        f"SELECT 1 FROM events WHERE {_GROUP} AND source != {{source:String}} AND name != 'group_created' LIMIT 1",
        {"workspace": workspace_id, "community": community_id, "group": group_id, "source": except_source},
    )
    return bool(found)


def origins_met(workspace_id: str, *, community_id: str, group_id: str, except_source: str = "") -> list[uuid.UUID]:
    """Everybody the group has seen, by events of another source."""
    found = engine.rows(
        f"SELECT DISTINCT origin_id FROM events WHERE {_GROUP} AND source != {{source:String}} AND name != 'group_notice'"
        " AND origin_id != toUUID('00000000-0000-0000-0000-000000000000')",
        {"workspace": workspace_id, "community": community_id, "group": group_id, "source": except_source},
        timeout_seconds=_LONG_SECONDS,
    )
    return [row[0] for row in found]


def known_ids(
    workspace_id: str, *, community_id: str, group_id: str, ids: Sequence[str], first_day: str, last_day: str, source: str = "", before: float = 0.0
) -> set[str]:
    """Which of the ids the group has between two local days. Rows of `source` itself count only when received before that moment."""
    found = engine.rows(
        f"SELECT id FROM events WHERE {_GROUP} AND local_day BETWEEN {{first:Date}} - 1 AND {{last:Date}} + 1"
        " AND (source != {source:String} OR received_at < fromUnixTimestamp64Milli({before:Int64}))"
        " AND id IN (SELECT arrayJoin(splitByChar(' ', {ids:String})))",
        {
            "workspace": workspace_id,
            "community": community_id,
            "group": group_id,
            "first": first_day,
            "last": last_day,
            "source": source,
            "before": round(before * 1000),
            "ids": " ".join(ids),
        },
    )
    return {row[0] for row in found}


def known_orders(workspace_id: str, *, names: Sequence[str], order_ids: Sequence[str]) -> set[tuple[str, str]]:
    """Which of the orders the workspace has, on whatever day and by whatever source: (name of the event, order id)."""
    if not order_ids:
        return set()
    found = engine.rows(
        f"SELECT DISTINCT name, {_ORDER_ID} AS order_id FROM events WHERE workspace_id = {{workspace:UUID}} AND name IN {{names:Array(String)}}"
        " AND order_id IN {ids:Array(String)}",
        {"workspace": workspace_id, "names": list(names), "ids": list(order_ids)},
        timeout_seconds=_LONG_SECONDS,
    )
    return {(name, order_id) for name, order_id in found}


def touched(workspace_id: str, *, origin_ids: Sequence[uuid.UUID], except_source: str, since: float = 0.0) -> set[tuple[uuid.UUID, str]]:
    """Which of the origins have events of another source received since that moment, each with the channel."""
    found = engine.rows(
        "SELECT DISTINCT origin_id, channel FROM events WHERE workspace_id = {workspace:UUID} AND origin_id IN {origins:Array(UUID)}"
        " AND source != {source:String} AND received_at >= fromUnixTimestamp64Milli({since:Int64})",
        {"workspace": workspace_id, "origins": [str(one) for one in origin_ids], "source": except_source, "since": round(since * 1000)},
        timeout_seconds=_LONG_SECONDS,
    )
    return {(origin_id, channel) for origin_id, channel in found}


class Span(NamedTuple):
    """What one origin did in a community. Times are epoch milliseconds."""

    origin_id: uuid.UUID
    first_seen: int
    last_seen: int
    first_active: int | None
    last_active: int | None
    last_message: int | None
    messages: int


class Run(NamedTuple):
    """Signs of one kind in a row: of being in a group, or of being out. Times are epoch milliseconds."""

    origin_id: uuid.UUID
    group_id: uuid.UUID
    is_out: bool
    first: int
    last: int


# The origins that a source names in a community, one share of them at a time so that memory stays bounded.
_NAMED = (
    "origin_id IN (SELECT origin_id FROM events WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID} AND source = {source:String}"
    " AND origin_id != toUUID('00000000-0000-0000-0000-000000000000') AND cityHash64(origin_id) % {shares:UInt32} = {share:UInt32})"
)


def communities_of(workspace_id: str, *, source: str) -> list[tuple[str, int]]:
    """The communities a source has events in, each with the number of shares its origins are counted in."""
    found = engine.rows(
        "SELECT toString(community_id), uniqExact(origin_id), count() FROM events WHERE workspace_id = {workspace:UUID} AND source = {source:String}"
        " GROUP BY community_id ORDER BY community_id",
        {"workspace": workspace_id, "source": source},
        timeout_seconds=_LONG_SECONDS,
    )
    return [(community_id, 1 + max(origins // ORIGINS_AT_ONCE, events // EVENTS_AT_ONCE)) for community_id, origins, events in found]


def origins_of(workspace_id: str, *, community_id: str, source: str, share: int, shares: int) -> list[uuid.UUID]:
    """The origins of one share."""
    found = engine.rows(
        f"SELECT DISTINCT origin_id FROM events WHERE {_PLACE} AND source = {{source:String}}"
        " AND origin_id != toUUID('00000000-0000-0000-0000-000000000000') AND cityHash64(origin_id) % {shares:UInt32} = {share:UInt32}",
        {"workspace": workspace_id, "community": community_id, "source": source, "share": share, "shares": shares},
        timeout_seconds=_LONG_SECONDS,
    )
    return [row[0] for row in found]


def spans(workspace_id: str, *, community_id: str, source: str, share: int, shares: int, without: bool = False) -> list[Span]:
    """What the origins a source names did in a community, by every source; `without` leaves that source's own events out."""
    found = engine.rows(
        "SELECT origin_id, toUnixTimestamp64Milli(min(occurred_at)), toUnixTimestamp64Milli(max(occurred_at)),"
        " toUnixTimestamp64Milli(minOrNullIf(occurred_at, is_activity = 1)), toUnixTimestamp64Milli(maxOrNullIf(occurred_at, is_activity = 1)),"
        " toUnixTimestamp64Milli(maxOrNullIf(occurred_at, name = 'message_sent')), countIf(name = 'message_sent')"
        f" FROM events WHERE {_PLACE} AND {_NAMED}{_except(without)} GROUP BY origin_id",
        {"workspace": workspace_id, "community": community_id, "source": source, "share": share, "shares": shares},
        timeout_seconds=_LONG_SECONDS,
    )
    return [Span(*row) for row in found]


def runs(workspace_id: str, *, community_id: str, source: str, share: int, shares: int, without: bool = False) -> list[Run]:
    """When the origins a source names were in and out of the community's groups: consecutive equal signs are one run, in order.

    Whoever never left a group has one run there, found without sorting; only the others' events are sorted.
    """
    bound = {"workspace": workspace_id, "community": community_id, "source": source, "share": share, "shares": shares}
    signs = (
        f"FROM events WHERE {_PLACE} AND {_NAMED}{_except(without)}"
        " AND group_id != toUUID('00000000-0000-0000-0000-000000000000') AND (is_activity = 1 OR name IN ('member_joined', 'member_left'))"
    )
    stayed = engine.rows(
        "SELECT origin_id, group_id, 0, toUnixTimestamp64Milli(min(occurred_at)), toUnixTimestamp64Milli(max(occurred_at))"
        f" {signs} GROUP BY origin_id, group_id HAVING countIf(name = 'member_left') = 0",
        bound,
        timeout_seconds=_LONG_SECONDS,
    )
    order = "PARTITION BY group_id, origin_id ORDER BY occurred_at, ordinal, tie"
    moved = engine.rows(
        "SELECT origin_id, group_id, is_out, toUnixTimestamp64Milli(min(occurred_at)), toUnixTimestamp64Milli(max(occurred_at)) FROM ("
        f" SELECT origin_id, group_id, is_out, occurred_at, sum(is_change) OVER ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run FROM ("
        " SELECT origin_id, group_id, occurred_at, ordinal, cityHash64(id) AS tie, toUInt8(name = 'member_left') AS is_out,"
        f" is_out != lagInFrame(is_out, 1, toUInt8(2)) OVER ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS is_change"
        f" {signs} AND (origin_id, group_id) IN (SELECT origin_id, group_id FROM events WHERE {_PLACE} AND name = 'member_left'{_except(without)})"
        ")) GROUP BY origin_id, group_id, run, is_out ORDER BY origin_id, group_id, run",
        bound,
        timeout_seconds=_LONG_SECONDS,
    )
    return [Run(origin_id, group_id, bool(is_out), first, last) for origin_id, group_id, is_out, first, last in (*stayed, *moved)]


def seen(workspace_id: str, *, community_id: str, source: str, share: int, shares: int) -> dict[uuid.UUID, tuple[int, int]]:
    """When the origins a source names were first and last seen anywhere by other sources; those not seen are left out."""
    found = engine.rows(
        "SELECT origin_id, toUnixTimestamp64Milli(min(occurred_at)), toUnixTimestamp64Milli(max(occurred_at)) FROM events"
        f" WHERE workspace_id = {{workspace:UUID}} AND {_NAMED} AND source != {{source:String}} GROUP BY origin_id",
        {"workspace": workspace_id, "community": community_id, "source": source, "share": share, "shares": shares},
        timeout_seconds=_LONG_SECONDS,
    )
    return {origin_id: (first, last) for origin_id, first, last in found}


def _except(without: bool) -> str:
    return " AND source != {source:String}" if without else ""
