"""How many alerts real groups would have had: played back over their logs, hour by hour, with the rules that are in force."""

from __future__ import annotations

import bisect
import csv
import datetime as dt
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from hutong.alerts import patience
from hutong.alerts.attending import ANSWER, Awaiting, Doing, attends
from hutong.alerts.learning import QUIET_HOURS, WEEKS, WEEKS_MIN, Sensitivity, is_quiet, is_spike
from hutong.alerts.rules import NEWCOMER_MINUTES, QUESTION_MINUTES
from hutong.events.questions import is_question
from tests.conftest import shared

pytestmark = [pytest.mark.realdata, pytest.mark.slow]
Said = tuple[dt.datetime, str, str]  # time, who, text

HOUR = dt.timedelta(hours=1)
WEEK_HOURS = 168
CALLED = re.compile(r"^\s*@?\**([^\s:,]+)[:,*]")
MESSAGES_A_WEEK_MIN = 60
PER_WEEK_MAX = 2.0


def _rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(shared(f"chat/{name}.csv.gz"), "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def groups() -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for row in _rows("zig_irc"):
        found["zig"].append((dt.datetime.fromtimestamp(float(row["ts"]), dt.UTC), row["sender"], row["text"]))
    for row in _rows("zulip_lean"):
        found[row["stream"]].append((dt.datetime.fromtimestamp(float(row["ts"]), dt.UTC), row["sender"], row["text"]))
    for name, place in (("fluid_irc", "channel"), ("qtox_irc_2016", "")):
        for row in _rows(name):
            if row["kind"] == "message":
                found[row[place] if place else name].append((_time(row["time"]), row["sender"], row["text"]))
    for row in _rows("slack_dev_chats"):
        found[f"{row['team']}/{row['channel']}"].append((_time(row["time"]), row["sender"], row["text"]))
    for said in found.values():
        said.sort(key=lambda one: one[0])
    return found


class Played:
    """One group's alerts as they would have been raised."""

    def __init__(self, said: list[Said], sensitivity: Sensitivity) -> None:
        self.said, self.sensitivity = said, sensitivity
        self.raised: list[tuple[dt.datetime, str]] = []
        self.open: set[str] = set()

    def look(self, at: dt.datetime, kind: str, *, people: int = 0) -> None:
        """The cause is there."""
        if kind in self.open:
            return
        recent = sum(when > at - patience.WEEK for when, _ in self.raised)
        last = max((when for when, one in self.raised if one == kind), default=None)
        if people and people < patience.people_needed(self.sensitivity, recent):
            return
        if patience.may_raise(self.sensitivity, since_last=None if last is None else at - last):
            self.raised.append((at, kind))
            self.open.add(kind)

    def play(self) -> float:
        """Alerts a week, once the group has lived for `WEEKS_MIN`."""
        begun = self.said[0][0].replace(minute=0, second=0, microsecond=0)
        hours = Counter(int((at - begun) / HOUR) for at, _, _ in self.said)
        count = max(hours) + 1
        until = [0]
        for hour in range(count):
            until.append(until[-1] + hours[hour])
        late = self._late()
        late_hours = sorted(late)
        for hour in range(WEEKS_MIN * WEEK_HOURS + QUIET_HOURS + 1, count):
            at = begun + hour * HOUR
            weeks = [week for week in range(1, WEEKS + 1) if hour - week * WEEK_HOURS - QUIET_HOURS >= 0]
            days = [until[hour - week * WEEK_HOURS] - until[hour - week * WEEK_HOURS - QUIET_HOURS] for week in weeks]
            day = until[hour] - until[hour - QUIET_HOURS]
            for kind, there in (
                ("quiet", is_quiet(day, days, self.sensitivity, is_open="quiet" in self.open)),
                ("spike", is_spike(hours[hour], [hours[hour - week * WEEK_HOURS] for week in weeks], self.sensitivity, is_open="spike" in self.open)),
            ):
                self.look(at, kind) if there else self.open.discard(kind)
            first, last = bisect.bisect_left(late_hours, at), bisect.bisect_left(late_hours, at + HOUR)
            for moment in late_hours[first:last]:
                for kind in ("question", "newcomer"):
                    waiting = late[moment].get(kind, 0)
                    self.look(moment, kind, people=waiting) if waiting else self.open.discard(kind)
        return len(self.raised) / (count / WEEK_HOURS - WEEKS_MIN)

    def _late(self) -> dict[dt.datetime, dict[str, int]]:
        """How many wait too long, at each message."""
        waits: dict[tuple[str, str], Awaiting] = {}
        seen: set[str] = set()
        found = {}
        minutes = {"question": dt.timedelta(minutes=QUESTION_MINUTES), "newcomer": dt.timedelta(minutes=NEWCOMER_MINUTES)}
        for at, who, text in self.said:
            found[at] = dict(Counter(one.kind for one in waits.values() if one.asked_at + minutes[one.kind] <= at <= one.asked_at + ANSWER))
            called = CALLED.match(text)
            doing = Doing(who, who, at, addressed=called[1] if called and called[1] in seen else "")
            for key, one in list(waits.items()):
                if attends(doing, one) or at > one.asked_at + ANSWER:
                    del waits[key]
            for kind, is_one in (("question", is_question(text)), ("newcomer", who not in seen)):
                if is_one:
                    waits.setdefault((kind, who), Awaiting(kind, who, who, "", at))
            seen.add(who)
        return found


def test_normal_sensitivity_gives_a_group_at_most_two_alerts_a_week() -> None:
    rates: dict[str, dict[str, float]] = {}
    for name, said in groups().items():
        weeks = (said[-1][0] - said[0][0]) / patience.WEEK
        if weeks < WEEKS + 2 or len(said) / weeks < MESSAGES_A_WEEK_MIN:
            continue
        rates[name] = {one: round(Played(said, one).play(), 2) for one in ("low", "normal", "high")}  # type: ignore[arg-type]
    print("alerts a week:", rates)
    assert len(rates) == 7
    assert {name: rate["normal"] for name, rate in rates.items() if rate["normal"] > PER_WEEK_MAX} == {}
    assert all(rate["low"] <= rate["normal"] <= rate["high"] for rate in rates.values()), rates
