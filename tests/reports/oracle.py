"""A second opinion: every metric by plain loops over a list of what happened. Shares no code with the product."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
ACTIVE_KINDS = ("message", "reaction", "page")


@dataclass(frozen=True)
class Happening:
    """One thing somebody did: message | reaction | page | join | leave | notice."""

    at: dt.datetime
    ordinal: int
    kind: str
    who: str
    community: str
    group: str
    channel: str = "irc"
    answers: str = ""  # whom a message addresses
    is_question: bool = False
    text: str = "x"


def day_range(first: dt.date, last: dt.date) -> list[dt.date]:
    days = []
    day = first
    while day <= last:
        days.append(day)
        day += DAY
    return days


def share(part: float, whole: float) -> float | None:
    return None if whole == 0 else part / whole


class Oracle:
    """What is true of the happenings in a scope. `today` is the day not yet over."""

    def __init__(self, happenings: list[Happening], zones: dict[str, str], today: dt.date) -> None:
        self.today = today
        self.all = sorted(happenings, key=lambda h: (h.at, h.ordinal))
        self.day_of = {id(h): h.at.astimezone(ZoneInfo(zones[h.community])).date() for h in self.all}
        self.hour_of = {id(h): h.at.astimezone(ZoneInfo(zones[h.community])).hour for h in self.all}
        self.active: dict[str, set[dt.date]] = defaultdict(set)
        self.spoke: dict[str, set[dt.date]] = defaultdict(set)
        for h in self.all:
            if h.kind in ACTIVE_KINDS:
                self.active[h.who].add(self.day_of[id(h)])
            if h.kind == "message":
                self.spoke[h.who].add(self.day_of[id(h)])
        self.on_day: dict[tuple[str, dt.date], list[Happening]] = defaultdict(list)
        for h in self.all:
            self.on_day[h.kind, self.day_of[id(h)]].append(h)
        self.active_on: dict[dt.date, set[str]] = defaultdict(set)
        for who, days in self.active.items():
            for day in days:
                self.active_on[day].add(who)
        self._walk()

    def _walk(self) -> None:
        """Who came and went, group by group, in order of time."""
        self.present: dict[dt.date, set[str]] = {}
        inside: set[tuple[str, str]] = set()
        known: set[tuple[str, str]] = set()
        self.moves: dict[str, list[tuple[dt.date, str, int]]] = defaultdict(list)  # who -> (day, group, +1 or -1)
        for h in self.all:
            here = (h.group, h.who)
            if h.kind == "leave":
                if here in inside:
                    inside.discard(here)
                    self.moves[h.who].append((self.day_of[id(h)], h.group, -1))
                elif here not in known:
                    self.moves[h.who].append((self.day_of[id(h)], h.group, +1))
                    self.moves[h.who].append((self.day_of[id(h)], h.group, -1))
                known.add(here)
            elif h.kind == "join" or h.kind in ACTIVE_KINDS:
                if here not in inside:
                    inside.add(here)
                    self.moves[h.who].append((self.day_of[id(h)], h.group, +1))
                known.add(here)

    def present_on(self, day: dt.date) -> set[str]:
        """Everybody in any group when that day ends."""
        if day not in self.present:
            stays: dict[tuple[str, str], int] = defaultdict(int)
            for who, moves in self.moves.items():
                for moved, group, step in moves:
                    if moved <= day:
                        stays[who, group] += step
            self.present[day] = {who for (who, _), count in stays.items() if count > 0}
        return self.present[day]

    def first_arrival(self, who: str) -> dt.date:
        return min(day for day, _, step in self.moves[who] if step > 0)

    def within(self, kind: str, first: dt.date, last: dt.date) -> list[Happening]:
        return [h for day in day_range(first, last) for h in self.on_day.get((kind, day), [])]

    def active_in(self, first: dt.date, last: dt.date) -> set[str]:
        return {who for day in day_range(first, last) for who in self.active_on.get(day, ())}

    def values(self, first: dt.date, last: dt.date) -> dict[str, float | None]:
        """Every metric that has one value."""
        days = day_range(first, last)
        start = self.present_on(first - DAY)
        end = self.present_on(last)
        arrived = {who for who in self.moves if any(step > 0 and first <= day <= last for day, _, step in self.moves[who])}
        departed = {who for who in self.moves if any(step < 0 and first <= day <= last for day, _, step in self.moves[who])}
        new = {who for who in arrived if self.first_arrival(who) >= first}
        returned = {who for who in arrived if who not in start and who not in new}
        messages = self.within("message", first, last)
        speakers = {h.who for h in messages}
        replies = [h for h in messages if h.answers]
        month = day_range(last - 29 * DAY, last)
        mau = self.active_in(month[0], last)
        before = self.active_in(first - len(days) * DAY, first - DAY)
        now = self.active_in(first, last)
        return {
            "members": len(end),
            "new": len(new),
            "returned": len(returned),
            "left": len(departed - end),
            "net_growth": len(end) - len(start),
            "joins": len(self.within("join", first, last)),
            "leaves": len(self.within("leave", first, last)),
            "active": len(now),
            "dau": sum(len(self.active_in(day, day)) for day in days) / len(days),
            "dau_last": len(self.active_in(last, last)),
            "wau": len(self.active_in(last - 6 * DAY, last)),
            "mau": len(mau),
            "stickiness": share(sum(len(self.active_in(day, day)) for day in month) / 30, len(mau)),
            "messages": len(messages),
            "speakers": len(speakers),
            "speaker_share": share(len(speakers), len(start | arrived)),
            "messages_per_speaker": share(len(messages), len(speakers)),
            "replies": len(replies),
            "reply_share": share(len(replies), len(messages)),
            **{f"retention_d{n}": self.retention_on_day(n, first, last) for n in (1, 7, 30)},
            "churn": share(len(before - now), len(before)),
            "silent": len(self.silent(last, 14)),
            "newcomers_silent": len(self.newcomers(first, last)),
            "questions": len([h for h in messages if h.is_question]),
            "questions_unanswered": len(self.unanswered(first, last)),
        }

    def retention_on_day(self, n: int, first: dt.date, last: dt.date) -> float | None:
        people = kept = 0
        for days in self.active.values():
            due = min(days) + n * DAY
            if first <= due <= last and due < self.today:
                people += 1
                kept += due in days
        return share(kept, people)

    def silent(self, last: dt.date, days: int) -> dict[str, dt.date | None]:
        found: dict[str, dt.date | None] = {}
        for who in self.moves:
            if who in self.present_on(last) and not self.active_in_one(who, last - (days - 1) * DAY, last):
                earlier = [day for day in self.active.get(who, ()) if day <= last]
                found[who] = max(earlier) if earlier else None
        return found

    def active_in_one(self, who: str, first: dt.date, last: dt.date) -> bool:
        return any(first <= day <= last for day in self.active.get(who, ()))

    def newcomers(self, first: dt.date, last: dt.date) -> dict[str, dt.date]:
        return {
            who: self.first_arrival(who)
            for who in self.moves
            if first <= self.first_arrival(who) <= last and not any(day <= last for day in self.spoke.get(who, ()))
        }

    def unanswered(self, first: dt.date, last: dt.date) -> list[Happening]:
        by_group: dict[str, list[Happening]] = defaultdict(list)
        for h in sorted(self.within("message", first, last + 3 * DAY), key=lambda h: (h.at, h.ordinal)):
            by_group[h.group].append(h)
        found = []
        for said in by_group.values():
            for at, asked in enumerate(said):
                if not asked.is_question or not first <= self.day_of[id(asked)] <= last:
                    continue
                answered = False
                for later in range(at + 1, len(said)):
                    other = said[later]
                    waited = other.at - asked.at
                    if waited > dt.timedelta(hours=24):
                        break
                    if other.who != asked.who and (waited <= dt.timedelta(minutes=15) or other.answers == asked.who):
                        answered = True
                        break
                if not answered:
                    found.append(asked)
        return found

    def triangle(self, first: dt.date, last: dt.date, unit: str, by: str, periods: int) -> list[tuple[dt.date, int, list[int | None]]]:
        """(start, size, retained in period n or None) for every cohort."""
        cohorts: dict[dt.date, list[str]] = {}
        labels: dict[dt.date, dt.date] = {}
        for day in day_range(first, last):
            start = bucket_start(unit, day)
            cohorts.setdefault(start, [])
            labels.setdefault(start, day)
        people = set(self.moves) if by == "joined" else set(self.active)
        for who in people:
            begun = self.first_arrival(who) if by == "joined" else min(self.active[who])
            if first <= begun <= last:
                cohorts[bucket_start(unit, begun)].append(who)
        rows = []
        for start, members in sorted(cohorts.items()):
            cells: list[int | None] = []
            period = start
            for _ in range(periods + 1):
                following = bucket_start(unit, period + {"day": 1, "week": 7, "month": 31}[unit] * DAY)
                if following - DAY > last or following - DAY >= self.today:
                    cells.append(None)
                else:
                    cells.append(
                        len([who for who in members if any(first <= d <= last and period <= d < following for d in self.active.get(who, ()))])
                    )
                period = following
            rows.append((labels[start], len(members), cells))
        return rows

    def heatmap(self, first: dt.date, last: dt.date) -> dict[tuple[int, int], tuple[int, float | None]]:
        counted: dict[tuple[int, int], int] = defaultdict(int)
        for h in self.within("message", first, last):
            counted[self.day_of[id(h)].isoweekday(), self.hour_of[id(h)]] += 1
        days = day_range(first, last)
        return {
            (weekday, hour): (counted[weekday, hour], share(counted[weekday, hour], len([d for d in days if d.isoweekday() == weekday])))
            for weekday in range(1, 8)
            for hour in range(24)
        }

    def speakers(self, first: dt.date, last: dt.date) -> dict[str, tuple[int, int, int, int]]:
        """who -> messages, replies, characters, days."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for h in self.within("message", first, last):
            found[h.who][0] += 1
            found[h.who][1] += bool(h.answers)
            found[h.who][2] += len(h.text)
        return {who: (*counts, len([d for d in self.spoke[who] if first <= d <= last])) for who, counts in found.items()}  # type: ignore[misc]


def bucket_start(unit: str, day: dt.date) -> dt.date:
    if unit == "week":
        while day.weekday() != 0:
            day -= DAY
    if unit == "month":
        while day.day != 1:
            day -= DAY
    return day


def buckets(first: dt.date, last: dt.date, unit: str) -> list[tuple[dt.date, dt.date]]:
    """(first, last) of every bucket, cut at the ends of the range."""
    found: list[tuple[dt.date, dt.date]] = []
    for day in day_range(first, last):
        if found and bucket_start(unit, day) == bucket_start(unit, found[-1][0]):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
