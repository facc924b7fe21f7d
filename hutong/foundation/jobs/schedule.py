"""Periodic jobs: each slot of time starts a job once, however many processes look."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hutong.foundation import clock
from hutong.foundation.contributions import PeriodicJob
from hutong.foundation.jobs import actions
from hutong.foundation.jobs.models import PeriodicRun
from hutong.foundation.jobs.task import job

EVERY_SECONDS_MIN = 5

_declared: dict[str, PeriodicJob] = {}


def install(jobs: list[PeriodicJob]) -> None:
    """Called once by the composition root with every module's periodic jobs."""
    for one in jobs:
        if one.every_seconds < EVERY_SECONDS_MIN:
            raise RuntimeError(f"periodic job {one.name} runs more often than every {EVERY_SECONDS_MIN} s")
        if _declared.setdefault(one.name, one) != one:
            raise RuntimeError(f"periodic job declared twice: {one.name}")


def declared() -> dict[str, PeriodicJob]:
    """Every periodic job by name."""
    return _declared


# The next slot tries again, so a failed run is not retried within its own.
@job(name="periodic.run", attempts_max=1, dedupe=actions.PERIODIC_PREFIX + "{0}")
def run_periodic(name: str) -> None:
    """Run the periodic job of that name; one that the code no longer has is nothing to do."""
    found = _declared.get(name)
    if found is not None:
        found.run()


def slot_after(moment: dt.datetime, every_seconds: int) -> dt.datetime:
    """The start of the next slot. Slots count from the epoch in UTC, so summer time and restarts do not move them."""
    seconds = clock.to_ms(moment) // 1000
    return clock.from_ms((seconds // every_seconds + 1) * every_seconds * 1000)


def enqueue_due() -> None:
    """Start what is due, one run for all the slots that were missed."""
    moment = clock.now()
    rows = dict(PeriodicRun.objects.values_list("name", "next_at"))
    for one in _declared.values():
        after = slot_after(moment, one.every_seconds)
        planned = rows.get(one.name)
        # A plan beyond the next slot means that the clock was set back, or that the job became more frequent.
        if planned is None or planned <= moment or planned > after:
            _start(one, moment=moment, after=after)


def _start(one: PeriodicJob, *, moment: dt.datetime, after: dt.datetime) -> None:
    with transaction.atomic():
        row = PeriodicRun.objects.select_for_update().filter(pk=one.name).first()
        if row is None:
            PeriodicRun.objects.create(name=one.name, next_at=after)  # first start: not before its first whole slot
        elif row.next_at <= moment:
            PeriodicRun.objects.filter(pk=one.name).update(next_at=after)
            run_periodic.enqueue(one.name)
        elif row.next_at > after:
            PeriodicRun.objects.filter(pk=one.name).update(next_at=after)
