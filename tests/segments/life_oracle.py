"""Stages and RFM as plainly as they can be said: one member, one day, one loop. Shares nothing with the statement."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

Json = dict[str, Any]


def known(member: Json, community: str, day: dt.date) -> list[Json]:
    """What the member did in the community by that day."""
    return [event for event in member["events"] if event["community"] == community and event["day"] <= day]


def activity(member: Json, community: str, day: dt.date, limits: Json) -> str:
    """The activity stage, walking day by day."""
    events = known(member, community, day)
    if not events:
        return ""
    if (day - min(event["day"] for event in events)).days < limits["new_days"]:
        return "new"
    active = sorted({event["day"] for event in events if event["is_activity"]})
    if not active:
        return "lapsed"
    silent_for = (day - active[-1]).days
    if silent_for < limits["active_days"]:
        for earlier, later in itertools.pairwise(active):
            wholly_silent = (later - earlier).days - 1
            if wholly_silent >= limits["lapsed_days"] and (day - later).days < limits["returned_days"]:
                return "returned"
        return "active"
    return "quiet" if silent_for < limits["lapsed_days"] else "lapsed"


def bought(member: Json, community: str, day: dt.date, currency: str) -> list[tuple[dt.date, float]]:
    """Orders that hold: the day of payment and the net amount."""
    events = [event for event in member["events"] if event["community"] in (community, None) and event["day"] <= day]
    orders: dict[Any, Json] = {}
    for event in sorted(events, key=lambda one: (one["at"], one["ordinal"], one["id"])):
        if event["name"] not in ("order_paid", "order_refunded"):
            continue
        key = event["properties"].get("order_id")
        order = orders.setdefault(str(key) if key not in (None, "") else ("alone", event["id"]), {"paid": None, "refunds": []})
        amount = event["properties"].get("amount")
        amount = amount if isinstance(amount, int | float) and not isinstance(amount, bool) and 0 <= amount <= 10**12 else None
        if event["name"] == "order_paid":
            order["paid"] = (event["day"], amount or 0, event["properties"].get("currency", "").upper())
        else:
            order["refunds"].append(amount)
    held = []
    for order in orders.values():
        if order["paid"] is None:
            continue
        paid_on, paid, in_currency = order["paid"]
        back = sum(amount or 0 for amount in order["refunds"])
        if order["refunds"] and (None in order["refunds"] or back >= paid):
            continue
        held.append((paid_on, paid - back if in_currency in ("", currency) else 0))
    return held


def purchase(member: Json, community: str, day: dt.date, limits: Json) -> str:
    """The purchase stage."""
    if not known(member, community, day):
        return ""
    orders = bought(member, community, day, limits["currency"])
    if not orders:
        return "potential"
    lately = sum(amount for paid_on, amount in orders if (day - paid_on).days < limits["value_days"])
    if lately >= limits["high_value_amount"]:
        return "high_value"
    return "repeat" if len(orders) >= limits["repeat_orders"] else "first"


def scores(members: list[Json], community: str, day: dt.date, basis: str, currency: str) -> dict[str, tuple[int, int, int]]:
    """Recency, frequency and amount from 1 to 5, by counting who has less."""
    values: dict[str, tuple[dt.date, int, float]] = {}
    for member in members:
        if member["is_bot"] or not known(member, community, day):
            continue
        if basis == "orders":
            orders = bought(member, community, day, currency)
            if orders:
                values[member["id"]] = (max(paid_on for paid_on, _ in orders), len(orders), sum(amount for _, amount in orders))
        else:
            lately = [one for one in known(member, community, day) if one["is_activity"] and (day - one["day"]).days < 180]
            if lately:
                messages = sum(one["name"] == "message_sent" for one in lately)
                values[member["id"]] = (max(one["day"] for one in lately), len({one["day"] for one in lately}), messages)
    count = len(values)
    found = {}
    for member_id, (last, times, amount) in values.items():
        not_later = sum(other[0] <= last for other in values.values())
        found[member_id] = (
            -(-5 * not_later // count),
            1 + 5 * sum(other[1] < times for other in values.values()) // count,
            1 + 5 * sum(other[2] < amount for other in values.values()) // count,
        )
    return found
