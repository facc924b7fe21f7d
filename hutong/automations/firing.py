"""What time alone sets off: moments of schedules, and days that attributes name. For rules and journeys alike.

Each moment, and each local day of a zone, is one `Firing`, worked through piece by piece with its cursor, so that whoever is killed in between
goes on where they were. A moment that was missed comes late, if it is not a day ago; of several that were missed, the last. One that fails is
tried again later and later, and given up in the end.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction
from django.db.models import F, Q

from hutong.automations import dated
from hutong.automations.journeys.dates import at
from hutong.automations.models import Firing
from hutong.automations.triggers import OnDate, OnSchedule
from hutong.communities.models import Community
from hutong.foundation import clock, ids, timing
from hutong.foundation.acting import write_nothing
from hutong.members import bulk
from hutong.members.models import Member, Membership
from hutong.members.queries.clocks import zones_of
from hutong.segments.models import SegmentMember
from hutong.workspaces.models import Workspace

LATE_MAX = dt.timedelta(hours=24)
PEOPLE_TOGETHER = 1_000  # looked at in one transaction
TURN_SECONDS_MAX = 60.0  # then the next turn goes on
KEPT_DAYS = 90
TRIES_MAX = 16  # that fail in a row: with these pauses some seven hours, in which a store or a warehouse is mended
PAUSE_SECONDS = 10.0  # after the first; twice as long after each that follows
PAUSE_SECONDS_MAX = 3_600.0

logger = logging.getLogger("hutong.automations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A rule or journey that time sets off. What was due before `since` is none of its business. `community`: only who is there."""

    workspace_id: uuid.UUID
    automation: uuid.UUID
    trigger: OnSchedule | OnDate
    since: dt.datetime
    community: uuid.UUID | None = None


class Source(Protocol):
    """Rules, or journeys."""

    of: str  # "rule" | "journey", as firings say it

    def timed(self) -> Iterable[Timed]:
        """Those that are on and that time sets off."""
        ...

    def fire(self, firing: Firing, members: Sequence[uuid.UUID]) -> Callable[[], None]:
        """Look at members for whom it is time; gives what then writes, in the transaction of the firing's cursor. The same member may come again."""
        ...

    def give_up(self, firing: Firing) -> None:
        """Have whoever looks at the automation see that the rest of a firing is not done. Within a transaction."""
        ...


def turn(sources: Sequence[Source]) -> int:
    """Begin what is due, and go on with what has begun; how many members were looked at."""
    began, seen = clock.monotonic_seconds(), 0
    timed = {(source.of, one.automation): (source, one) for source in sources for one in source.timed()}
    begin([(source.of, one) for source, one in timed.values()], clock.now())
    open_ = Firing.objects.across_workspaces().filter(is_done=False, of__in=[source.of for source in sources])
    left = list(open_.filter(Q(again_at=None) | Q(again_at__lte=clock.now())).order_by("at", "pk"))
    while left and clock.monotonic_seconds() - began < TURN_SECONDS_MAX:
        still = []
        for firing in left:  # a piece of each: a large one does not keep the others waiting
            found = timed.get((firing.of, firing.automation))
            try:
                count, is_done = _piece(firing, *found) if found is not None and found[1].since < firing.at else _close(firing)
            except Exception:  # the others go on; a later turn tries it again
                logger.exception("a firing failed", extra={"automation": str(firing.automation), "key": firing.key})
                if found is not None:
                    _failed(firing, found[0])
                continue
            seen += count
            if not is_done:
                still.append(firing)
        left = still
    return seen


def day_of(firing: Firing) -> str:
    """What names a firing for one person: its moment, or its local day, whichever zone they were in."""
    return firing.key.partition("/")[0]


def prune() -> None:
    """Every hour: firings of long ago go."""
    old = clock.now() - dt.timedelta(days=KEPT_DAYS)
    Firing.objects.across_workspaces().filter(is_done=True, at__lt=old).delete()


# --- what is due -----------------------------------------------------------------------------


def begin(timed: Sequence[tuple[str, Timed]], now: dt.datetime) -> None:
    """A firing of each moment that has come. The same moment again is the same firing."""
    rows: list[tuple[object, ...]] = []
    zones: dict[uuid.UUID, list[str]] = {}
    last = _last([one.automation for _, one in timed if isinstance(one.trigger, OnSchedule)])
    for of, one in timed:
        if isinstance(one.trigger, OnSchedule):
            moment = missed(one.trigger, max(last.get(one.automation, one.since), one.since, now - LATE_MAX), now)
            due = [] if moment is None else [(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), moment)]
        else:
            if one.workspace_id not in zones:
                zones[one.workspace_id] = _zones(one.workspace_id)
            due = [
                (f"{day.isoformat()}/{zone}", moment) for zone in zones[one.workspace_id] for day, moment in _days(one.trigger, zone, one.since, now)
            ]
        rows += [(ids.new(), one.workspace_id, of, one.automation, key, moment, "", 0, False, 0, False) for key, moment in due]
    names = ("id", "workspace", "of", "automation", "key", "at", "after", "seen", "is_done", "failures", "is_given_up")
    known = set(
        Firing.objects.across_workspaces()
        .filter(automation__in={row[3] for row in rows}, at__gt=now - 2 * LATE_MAX)
        .values_list("automation", "key")
    )  # fmt: skip
    bulk.insert(Firing, names, [row for row in rows if (row[3], row[4]) not in known], is_skipping=True, key=("automation", "key"))


def missed(trigger: OnSchedule, after: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """The last moment of a schedule after one, until now."""
    found = None
    for moment in timing.following(trigger.timing, after):
        if moment > now:
            break
        found = moment
    return found


def _last(automations: Sequence[uuid.UUID]) -> dict[uuid.UUID, dt.datetime]:
    found: dict[uuid.UUID, dt.datetime] = {}
    for some in bulk.chunks(automations):
        rows = Firing.objects.across_workspaces().filter(automation__in=some).order_by("at")
        found |= dict(rows.values_list("automation", "at"))
    return found


def _days(trigger: OnDate, zone: str, since: dt.datetime, now: dt.datetime) -> list[tuple[dt.date, dt.datetime]]:
    """Local days of a zone whose time of day has come lately."""
    wall, today = dt.time.fromisoformat(trigger.time), clock.local_date(now, zone)
    found = [(day, at(day, wall, zone)) for day in (today - dt.timedelta(days=1), today)]
    return [(day, moment) for day, moment in found if max(since, now - LATE_MAX) < moment <= now]


def _zones(workspace_id: uuid.UUID) -> list[str]:
    """Every zone a member of the workspace may live by."""
    found = set(Workspace.objects.filter(pk=workspace_id).values_list("time_zone", flat=True))
    found.update(Community.objects.in_workspace(workspace_id).values_list("time_zone", flat=True))
    return sorted(found | dated.zones(workspace_id))


# --- working it through ----------------------------------------------------------------------


def _piece(firing: Firing, source: Source, one: Timed) -> tuple[int, bool]:
    """The next members: how many, and whether they were the last. What another process does at the same time is left to it."""
    looked, members = people(one, firing)
    is_done = len(looked) < PEOPLE_TOGETHER
    write = source.fire(firing, members) if members else write_nothing
    with transaction.atomic():
        rows = Firing.objects.in_workspace(firing.workspace_id).filter(pk=firing.pk, after=firing.after, is_done=False)
        after = str(looked[-1]) if looked else firing.after
        if not rows.update(after=after, seen=F("seen") + len(looked), is_done=is_done, failures=0, again_at=None):
            return 0, True
        write()
    firing.after, firing.failures = after, 0
    return len(looked), is_done


def _failed(firing: Firing, source: Source) -> None:
    """The next try comes after a pause; after so many there is none."""
    failures = firing.failures + 1
    is_over = failures >= TRIES_MAX
    pause = min(PAUSE_SECONDS_MAX, PAUSE_SECONDS * 2 ** (failures - 1))
    with transaction.atomic():
        rows = Firing.objects.in_workspace(firing.workspace_id).filter(pk=firing.pk, after=firing.after, failures=firing.failures, is_done=False)
        again_at = clock.now() + dt.timedelta(seconds=pause)
        if rows.update(failures=failures, again_at=again_at, is_done=is_over, is_given_up=is_over) and is_over:
            source.give_up(firing)


def _close(firing: Firing) -> tuple[int, bool]:
    """Its automation is off, or was set going anew since."""
    Firing.objects.in_workspace(firing.workspace_id).filter(pk=firing.pk).update(is_done=True)
    return 0, True


def people(one: Timed, firing: Firing) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The next members to look at, and those of them for whom it is time."""
    if isinstance(one.trigger, OnDate):
        day, _, zone = firing.key.partition("/")
        looked, falls = dated.members(one.workspace_id, one.trigger, dt.date.fromisoformat(day), after=firing.after, size=PEOPLE_TOGETHER)
        zones: Mapping[uuid.UUID, str] = zones_of(one.workspace_id, falls) if falls else {}
        return looked, meant(one, [member for member in falls if zones.get(member) == zone])
    looked = audience(one, one.trigger.segment, after=firing.after, size=PEOPLE_TOGETHER)
    return looked, meant(one, looked) if one.trigger.segment is not None else looked


def audience(one: Timed, segment: uuid.UUID | None, *, after: str, size: int) -> list[uuid.UUID]:
    """The next members a schedule is for, by their ids: of a segment, of a community, or all. Bots are found out later."""
    beyond = {} if not after else {"gt": uuid.UUID(after)}
    if segment is not None:
        rows = SegmentMember.objects.in_workspace(one.workspace_id).filter(segment_id=segment, **_by("member_id", beyond))
        return list(rows.order_by("member_id").values_list("member_id", flat=True)[:size])
    if one.community is not None:
        stays = Membership.objects.in_workspace(one.workspace_id).filter(community_id=one.community, left_at=None, **_by("member_id", beyond))
        return list(stays.order_by("member_id").values_list("member_id", flat=True).distinct()[:size])
    members = Member.objects.in_workspace(one.workspace_id).filter(merged_into=None, is_bot=False, is_anonymous=False, **_by("pk", beyond))
    return list(members.order_by("pk").values_list("pk", flat=True)[:size])


def _by(name: str, beyond: Mapping[str, uuid.UUID]) -> dict[str, uuid.UUID]:
    return {f"{name}__{step}": value for step, value in beyond.items()}


def meant(one: Timed, members: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of them who are in the community, and in the segment of a schedule, where such are meant."""
    there = set(members)
    if one.community is not None and there:
        rows = bulk.pick(Membership, ["left_at"], "member", there, workspace_id=one.workspace_id, also={"community": one.community})
        there = {member for member, left_at in rows if left_at is None}
    if isinstance(one.trigger, OnSchedule) and one.trigger.segment is not None:
        pairs = bulk.pairs(SegmentMember, "segment", "member", there, workspace_id=one.workspace_id)
        there = {member for segment, member in pairs if segment == one.trigger.segment}
    return [member for member in members if member in there]
