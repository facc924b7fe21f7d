"""The hours in which a rule acts, on a wall clock."""

from __future__ import annotations

import datetime as dt

from hutong.automations.journeys.dates import at
from hutong.automations.rules.shapes import Hours
from hutong.foundation import clock

DAYS_A_WEEK = 7


def are_open(hours: Hours, moment: dt.datetime, zone: str) -> bool:
    """Whether it is one of them. Over midnight they belong to the day they begin on; from a time to the same they last a day."""
    local = moment.astimezone(clock.zone(zone))
    begin, end, now = dt.time.fromisoformat(hours.begin), dt.time.fromisoformat(hours.end), local.time()
    today, before = local.isoweekday() in hours.days, (local - dt.timedelta(days=1)).isoweekday() in hours.days
    if begin < end:
        return today and begin <= now < end
    return (today and now >= begin) or (before and now < end)


def opening(hours: Hours, moment: dt.datetime, zone: str) -> dt.datetime:
    """The next moment at which they begin, after one at which they are not."""
    begin, day = dt.time.fromisoformat(hours.begin), clock.local_date(moment, zone)
    for ahead in range(DAYS_A_WEEK + 1):
        there = day + dt.timedelta(days=ahead)
        found = at(there, begin, zone)
        if there.isoweekday() in hours.days and found > moment:
            return found
    raise ValueError("hours without a day")
