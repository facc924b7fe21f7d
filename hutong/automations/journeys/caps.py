"""When a message of a journey has to wait: people's quiet hours, and how many messages all journeys together may send to one of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence

from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.stepping import Traveller
from hutong.automations.models import JourneyCap
from hutong.channels import may_send
from hutong.channels.models import Send
from hutong.members import bulk

Zones = Callable[[Sequence[Traveller]], Mapping[uuid.UUID, str]]


def held_back(way: Way, people: Sequence[Traveller], *, now: dt.datetime, zones: Zones) -> dict[int, dt.datetime]:
    """Until when, by `id()`; who may be written to now is not in it."""
    found: dict[int, dt.datetime] = {}
    if way.rules.keeps_quiet:
        rules = may_send.rules_of(way.workspace_id)
        if rules.quiet_from != rules.quiet_to:
            clocks, ends = zones(people), {}
            for one in people:
                zone = clocks.get(one.member_id, way.zone)
                if zone not in ends:
                    ends[zone] = may_send.quiet_until(rules, now, zone=zone)
                until = ends[zone]
                if until is not None:
                    found[id(one)] = until
    left = [one for one in people if id(one) not in found]
    return found | _capped(way, left, now)


def cap_of(workspace_id: uuid.UUID) -> tuple[int, int]:
    """(messages, days): so many to one person, of all journeys together; (0, _): any number."""
    return JourneyCap.objects.in_workspace(workspace_id).values_list("messages", "days").first() or (0, 1)


def _capped(way: Way, people: Sequence[Traveller], now: dt.datetime) -> dict[int, dt.datetime]:
    messages, days = cap_of(way.workspace_id) if people else (0, 1)
    if not messages:
        return {}
    span = dt.timedelta(days=days)
    times: dict[uuid.UUID, list[dt.datetime]] = {}
    for some in bulk.chunks({one.member_id for one in people}):
        rows = Send.objects.in_workspace(way.workspace_id).filter(member_id__in=some, source__startswith="journey:", created_at__gt=now - span)
        rows = rows.exclude(state__in=["failed", "cancelled", "expired"])
        for member_id, at in rows.order_by("created_at").values_list("member_id", "created_at"):
            if member_id is not None:
                times.setdefault(member_id, []).append(at)
    found: dict[int, dt.datetime] = {}
    for one in people:
        had = times.setdefault(one.member_id, [])
        if len(had) >= messages:
            found[id(one)] = had[-messages] + span
        else:
            had.append(now)  # this one: two on their way at once count together
    return found
