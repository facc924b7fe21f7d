"""How long people wait for the first answer and until a conversation is closed: over all, by staff, by channel, by day; and who waits now.

A round belongs to the day on which somebody's message opened it, in the workspace's time zone. Percentiles are by the nearest rank: the smallest
time within which at least that share of rounds was answered (closed).
"""

from __future__ import annotations

import datetime as dt
import math
import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Count, F, FloatField, Func, Min, Model, QuerySet

from hutong.foundation import clock
from hutong.inbox.models import Conversation, Round
from hutong.reports import days
from hutong.reports.days import DayRange, Unit
from hutong.reports.errors import RangeTooLong
from hutong.workspaces.models import User, Workspace

RANGE_DAYS_MAX = 366
SECONDS_PER_DAY = 86_400
MEDIAN, MOST = 0.5, 0.9
ROUNDING_SECONDS = 0.0005  # stored moments are of whole milliseconds; a Julian day is exact to some 20 microseconds

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Which conversations count."""

    community_id: uuid.UUID | None = None
    group_ids: Sequence[uuid.UUID] = ()
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of so many times, in seconds: the middle one, and the one that nine of ten do not exceed. None where there are none."""

    count: int
    median: float | None
    p90: float | None


@dataclass(slots=True)
class Line:
    """What was measured of one person, channel or day. `opened` of a person: 0, for nobody's message is for one of us alone."""

    opened: int = 0
    answers: list[float] = field(default_factory=list)
    closings: list[float] = field(default_factory=list)
    waiting: int = 0

    @property
    def first_response(self) -> Spread:
        """From their message to our first answer."""
        return spread(self.answers)

    @property
    def resolution(self) -> Spread:
        """From their message to the closing."""
        return spread(self.closings)


@dataclass(slots=True)
class Times:
    """Everything that was asked. `staff` by id, None: answered outside of Hutong, or waiting for nobody in particular."""

    range: DayRange
    unit: Unit
    total: Line
    staff: list[tuple[uuid.UUID | None, str, Line]]
    channels: list[tuple[str, Line]]
    days: list[tuple[DayRange, Line]]
    longest_since: dt.datetime | None


def spread(seconds: Iterable[float]) -> Spread:
    """Count, median and 90th percentile by the nearest rank."""
    ordered = sorted(seconds)
    if not ordered:
        return Spread(0, None, None)
    return Spread(len(ordered), _rank(ordered, MEDIAN), _rank(ordered, MOST))


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def times(workspace: Workspace, whose: Whose, *, first: dt.date | None, last: dt.date | None) -> Times:
    """What was measured of the rounds opened on these days. Raises Invalid, RangeTooLong."""
    zone = workspace.time_zone
    chosen = days.chosen(first, last, today=clock.local_date(clock.now(), zone))
    if chosen.days > RANGE_DAYS_MAX:
        raise RangeTooLong(field="to", days=RANGE_DAYS_MAX)
    unit = days.fitting_unit(chosen.days)
    buckets = chosen.split(unit)
    found = Times(chosen, unit, Line(), [], [], [(one, Line()) for one in buckets], None)
    staff: dict[uuid.UUID | None, Line] = defaultdict(Line)
    channels: dict[str, Line] = defaultdict(Line)
    starts = [clock.local_midnight(one.first, zone).timestamp() for one in buckets]
    ends = clock.local_midnight(chosen.last + days.ONE, zone).timestamp()
    by_day = _Buckets([*starts, ends], [line for _, line in found.days])
    rows = _of(Round.objects.in_workspace(workspace), whose, "conversation__").filter(
        opened_at__gte=clock.local_midnight(chosen.first, zone), opened_at__lt=clock.local_midnight(chosen.last + days.ONE, zone)
    )
    taken = rows.annotate(o=_days("opened_at"), a=_days("answered_at"), c=_days("closed_at")).order_by("opened_at")
    for channel, by, closer, opened, answered, closed in taken.values_list("channel", "answered_by_id", "closed_by_id", "o", "a", "c").iterator():
        common = (found.total, channels[channel], by_day.at(opened * SECONDS_PER_DAY))
        for line in common:
            line.opened += 1
        if answered is not None:
            _add(answered - opened, [line.answers for line in (*common, staff[by])])
        if closed is not None:
            _add(closed - opened, [line.closings for line in (*common, staff[closer])])
    _waiting(workspace, whose, found, staff, channels)
    names = dict(User.objects.filter(pk__in=[pk for pk in staff if pk is not None]).values_list("pk", "name"))
    found.staff = sorted(
        ((pk, names.get(pk, "") if pk else "", line) for pk, line in staff.items()), key=lambda one: (one[0] is None, -len(one[2].answers), one[1])
    )
    found.channels = sorted(channels.items(), key=lambda one: (-one[1].opened, one[0]))
    return found


def _of(rows: QuerySet[Row], whose: Whose, prefix: str) -> QuerySet[Row]:
    if whose.channel:
        rows = rows.filter(channel=whose.channel)
    if whose.community_id is not None:
        rows = rows.filter(**{f"{prefix}community_id": whose.community_id})
    if whose.group_ids:
        rows = rows.filter(**{f"{prefix}chat__group__in": whose.group_ids})
    return rows


def _days(name: str) -> Func:
    """A moment as days since the epoch: a plain number, for rows by the hundred thousand."""
    return Func(F(name), template="(julianday(%(expressions)s) - 2440587.5)", output_field=FloatField(null=True))


def _add(span_days: float, lists: Iterable[list[float]]) -> None:
    seconds = max(0.0, round(span_days * SECONDS_PER_DAY, 3))  # stored moments have microseconds, a Julian day some 20 of them
    for one in lists:
        one.append(seconds)


class _Buckets:
    """Lines of days that follow each other, asked in order of time."""

    def __init__(self, bounds: list[float], lines: list[Line]) -> None:
        self._bounds, self._lines = bounds, lines

    def at(self, seconds: float) -> Line:
        """The line of a moment, seconds since the epoch."""
        place = bisect_right(self._bounds, seconds + ROUNDING_SECONDS) - 1
        return self._lines[min(max(place, 0), len(self._lines) - 1)]


def _waiting(workspace: Workspace, whose: Whose, found: Times, staff: dict[uuid.UUID | None, Line], channels: dict[str, Line]) -> None:
    rows = _of(Conversation.objects.in_workspace(workspace), whose, "").filter(is_active=True, waiting_since__isnull=False)
    for by, channel, count, since in rows.order_by().values_list("assignee_id", "channel").annotate(Count("pk"), Min("waiting_since")):
        for line in (found.total, staff[by], channels[channel]):
            line.waiting += count
        found.longest_since = since if found.longest_since is None else min(found.longest_since, since)
