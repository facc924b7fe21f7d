"""A rule tried on what really happened lately: whom it would have acted for, by its condition as it holds now. Nothing is written."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hutong.automations import dated, firing, past, triggers
from hutong.automations.asking import Asker
from hutong.automations.firing import Timed
from hutong.automations.journeys.dates import at
from hutong.automations.occasions import DEPTH_MAX
from hutong.automations.rules import hours, running
from hutong.automations.rules.ready import Ready
from hutong.automations.rules.reasons import REASONS
from hutong.automations.triggers import OnDate, OnSchedule, Wanted
from hutong.events import queries
from hutong.events.catalogue import depth_of
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock, timing
from hutong.members.queries import names
from hutong.members.queries.clocks import zones_of
from hutong.workspaces.models import Workspace

MET_MAX = 5_000  # the newest that set it off
READ_MAX = 100_000  # events of the name that are looked at
READ_TOGETHER = 20_000
EXAMPLES_MAX = 50


@dataclass(frozen=True, slots=True)
class Meeting:
    """Somebody met the rule then."""

    at: dt.datetime
    member_id: uuid.UUID
    depth: int = 0


@dataclass(slots=True)
class _Person:
    acted: list[dt.datetime] = field(default_factory=list)


def on_days(workspace: Workspace, rule: Ready, days: int) -> dict[str, Any]:
    """What it would have done in so many days."""
    now = clock.now()
    since = now - dt.timedelta(days=days)
    wanted = triggers.wanted(rule.trigger)
    met, is_cut = _happened(workspace, rule, wanted, since) if wanted is not None else _due(rule, since, now)
    heads = running.shown((workspace.pk, one.member_id) for one in met)
    met = [Meeting(one.at, heads[workspace.pk, one.member_id], one.depth) for one in met if (workspace.pk, one.member_id) in heads]
    people = {one.member_id for one in met}
    holding = people
    if rule.question is not None and people:
        holding = Asker(workspace.pk, [rule.question], people, now=now, zone=rule.zone).holding(rule.question, people)
    acted, reasons = _judged(rule, sorted(met, key=lambda one: one.at), holding)
    shown = names(workspace.pk, {one.member_id for one in acted[-EXAMPLES_MAX:]})
    return {
        "since": since,
        "events": len(met),
        "people": len(people),
        "acts": len(acted),
        "acts_people": len({one.member_id for one in acted}),
        "reasons": [{"code": code, "zh": REASONS[code][0], "en": REASONS[code][1], "count": count} for code, count in reasons.most_common()],
        "examples": [
            {"at": one.at, "member": {"id": one.member_id, "name": shown.get(one.member_id, "")}} for one in reversed(acted[-EXAMPLES_MAX:])
        ],
        "is_cut": is_cut,
    }


def _judged(rule: Ready, met: Sequence[Meeting], holding: set[uuid.UUID]) -> tuple[list[Meeting], Counter[str]]:
    """Those for whom it would have acted, and when, and how often it would not have, and why."""
    people: dict[uuid.UUID, _Person] = {}
    acted: list[Meeting] = []
    reasons: Counter[str] = Counter()
    for one in met:
        person, moment = people.setdefault(one.member_id, _Person()), one.at
        if rule.hours is not None and not hours.are_open(rule.hours, moment, rule.zone):
            if rule.hours.otherwise == "skip":
                reasons["hours"] += 1
                continue
            moment = hours.opening(rule.hours, moment, rule.zone)
        reason = _against(rule, one, person, moment, holding)
        if reason:
            reasons[reason] += 1
        else:
            person.acted.append(moment)
            acted.append(Meeting(moment, one.member_id))
    return sorted(acted, key=lambda one: one.at), reasons


def _against(rule: Ready, one: Meeting, person: _Person, moment: dt.datetime, holding: set[uuid.UUID]) -> str:
    if one.depth >= DEPTH_MAX:
        return "chain"
    if rule.cooldown_seconds and person.acted and moment - person.acted[-1] < dt.timedelta(seconds=rule.cooldown_seconds):
        return "cooldown"
    since = moment - dt.timedelta(days=rule.cap_days) if rule.cap_days else None
    if rule.cap_times and sum(since is None or each > since for each in person.acted) >= rule.cap_times:
        return "cap"
    return "" if one.member_id in holding else "condition"


def _happened(workspace: Workspace, rule: Ready, wanted: Wanted, since: dt.datetime) -> tuple[list[Meeting], bool]:
    """The newest events that set it off, and whether there were more."""
    found: list[Meeting] = []
    community = "" if rule.community is None else " AND community_id = {community:UUID}"
    bound: dict[str, Any] = {"workspace": str(workspace.pk), "name": wanted.event, "none": NONE, "size": READ_TOGETHER}
    bound |= {"since": clock.to_ms(since), "day": (since - dt.timedelta(days=1)).date().isoformat()}
    bound |= {} if rule.community is None else {"community": str(rule.community)}
    for offset in range(0, READ_MAX, READ_TOGETHER):
        rows = queries.rows(
            f"SELECT {past.COLUMNS} FROM events WHERE workspace_id = {{workspace:UUID}} AND name = {{name:String}} AND local_day >= {{day:Date}}"
            f" AND occurred_at >= fromUnixTimestamp64Milli({{since:Int64}}) AND member_id != {{none:UUID}} AND NOT is_history{community}"
            " ORDER BY occurred_at DESC, ordinal DESC, id DESC LIMIT {size:UInt32} OFFSET {offset:UInt32}",
            bound | {"offset": offset},
        )
        for row in rows:
            event = past.event(workspace.pk, row)
            if wanted.passes(event):
                if len(found) == MET_MAX:
                    return found, True
                moment = dt.datetime.fromtimestamp(event.occurred_at, dt.UTC)
                found.append(Meeting(moment, uuid.UUID(event.member_id), depth_of(event.source)))
        if len(rows) < READ_TOGETHER:
            return found, False
    return found, True


def _due(rule: Ready, since: dt.datetime, now: dt.datetime) -> tuple[list[Meeting], bool]:
    """Moments that came for people, the newest first, and whether there were more."""
    found: list[Meeting] = []
    for one in _moments(rule, since, now):
        if len(found) == MET_MAX:
            return found, True
        found.append(one)
    return found, False


def _moments(rule: Ready, since: dt.datetime, now: dt.datetime) -> Iterator[Meeting]:
    trigger = rule.trigger
    if isinstance(trigger, OnSchedule):
        one = Timed(workspace_id=rule.workspace_id, automation=rule.id, trigger=trigger, since=since, community=rule.community)
        moments = []
        for moment in timing.following(trigger.timing, since):
            if moment > now:
                break
            moments.append(moment)
        for moment in reversed(moments):
            yield from (Meeting(moment, member) for member in _everybody(one, trigger.segment))
    elif isinstance(trigger, OnDate):
        today = clock.local_date(now, rule.zone)
        for ahead in range((now - since).days + 1):
            day = today - dt.timedelta(days=ahead)
            yield from _of_day(rule, trigger, day, since, now)


def _everybody(one: Timed, segment: uuid.UUID | None) -> Iterator[uuid.UUID]:
    after = ""
    while some := firing.audience(one, segment, after=after, size=firing.PEOPLE_TOGETHER):
        yield from firing.meant(one, some)
        after = str(some[-1])


def _of_day(rule: Ready, trigger: OnDate, day: dt.date, since: dt.datetime, now: dt.datetime) -> Iterator[Meeting]:
    wall, after = dt.time.fromisoformat(trigger.time), ""
    one = Timed(workspace_id=rule.workspace_id, automation=rule.id, trigger=trigger, since=since, community=rule.community)
    while True:
        looked, falls = dated.members(rule.workspace_id, trigger, day, after=after, size=firing.PEOPLE_TOGETHER)
        zones = zones_of(rule.workspace_id, falls) if falls else {}
        for member in firing.meant(one, falls):
            moment = at(day, wall, zones[member])
            if since < moment <= now:
                yield Meeting(moment, member)
        if len(looked) < firing.PEOPLE_TOGETHER:
            return
        after = str(looked[-1])
