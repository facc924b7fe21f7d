"""Every write to the table of jobs: enqueue, claim, renew, settle, cancel, prune."""

from __future__ import annotations

import datetime as dt
import random
import traceback
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from hutong.foundation import clock
from hutong.foundation.jobs import bell
from hutong.foundation.jobs.models import Job
from hutong.foundation.jobs.running import WorkerLost

LEASE_SECONDS = 30
BACKOFF_BASE_SECONDS = 2.0
BACKOFF_SECONDS_MAX = 900.0
ERROR_LENGTH_MAX = 8_000
DONE_KEPT_DAYS = 7
PERIODIC_KEPT_DAYS = 1
DEAD_KEPT_DAYS = 30
PRUNE_ROWS_MAX = 10_000
PERIODIC_PREFIX = "periodic:"
LOST = f"{WorkerLost.__module__}.{WorkerLost.__qualname__}\nThe worker that ran this job died or lost its lease."

_jitter = random.SystemRandom()


def enqueue(job: Job) -> Job:
    """Put a job into the caller's transaction; the one that already waits or runs under its dedupe key comes back instead."""
    with transaction.atomic():
        if job.dedupe_key is not None:
            same = Job.objects.filter(dedupe_key=job.dedupe_key, state__in=["ready", "running"])
            found = same.first()
            if found is None:
                try:
                    with transaction.atomic():
                        job.save(force_insert=True)
                except IntegrityError:  # another writer was first, where the store lets two in at once
                    found = same.get()
            if found is not None:
                return found
        else:
            job.save(force_insert=True)
        transaction.on_commit(bell.ring)
    return job


def claim(*, worker: str, limit: int, without_queues: tuple[str, ...] = ()) -> list[Job]:
    """Take up to `limit` due jobs, the most urgent first, each with a lease."""
    due = Job.objects.filter(state="ready", run_at__lte=clock.now()).exclude(queue__in=without_queues)
    if limit <= 0 or not due.exists():
        return []
    with transaction.atomic():
        moment = clock.now()
        jobs = list(due.order_by("-priority", "run_at", "id")[:limit])
        for job in jobs:
            job.state, job.worker, job.started_at = "running", worker, moment
            job.attempts += 1
            job.lease_until = moment + dt.timedelta(seconds=LEASE_SECONDS)
            job.save(update_fields=["state", "worker", "started_at", "attempts", "lease_until"])
    return jobs


def renew(held: dict[uuid.UUID, int], *, worker: str) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Extend the leases of the jobs (id -> attempt) this worker runs. Gives the lost ones and those someone cancelled."""
    if not held:
        return set(), set()
    with transaction.atomic():
        rows = {row.pk: row for row in Job.objects.filter(pk__in=held, worker=worker, state="running")}
        mine = {pk for pk, attempt in held.items() if pk in rows and rows[pk].attempts == attempt}
        Job.objects.filter(pk__in=mine).update(lease_until=clock.now() + dt.timedelta(seconds=LEASE_SECONDS))
    return set(held) - mine, {pk for pk in mine if rows[pk].cancel_requested}


def succeed(job: Job, *, result: Any) -> bool:
    """The job is done. False when its lease was lost meanwhile; nothing changes then."""
    return _settle(job, state="done", result=result, error="")


def cancelled(job: Job) -> bool:
    """The job saw that it was cancelled and stopped."""
    return _settle(job, state="cancelled")


def give_back(job: Job) -> bool:
    """The job made way; the attempt does not count."""
    return _settle(job, state="ready", finished=False, run_at=clock.now(), attempts=job.attempts - 1)


def fail(job: Job, *, error: BaseException) -> bool:
    """The job raised: it waits for its next attempt, or is dead after the last."""
    text = describe(error)
    if job.attempts >= job.attempts_max:
        return _settle(job, state="dead", error=text)
    return _settle(job, state="ready", finished=False, error=text, run_at=clock.now() + dt.timedelta(seconds=backoff_seconds(job.attempts)))


def _settle(job: Job, *, state: str, finished: bool = True, **values: Any) -> bool:
    moment = clock.now() if finished else None
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, attempts=job.attempts, state="running")
    if state == "ready":  # someone cancelled while it failed or made way
        stopped = mine.filter(cancel_requested=True).update(state="cancelled", lease_until=None, finished_at=clock.now())
        if stopped:
            return True
    return mine.update(state=state, lease_until=None, finished_at=moment, **values) == 1


def recover(*, except_worker: str = "") -> int:
    """Put jobs whose lease ran out back in line; those that used their last attempt are dead. Gives how many."""
    expired = Job.objects.filter(state="running", lease_until__lt=clock.now()).exclude(worker=except_worker)
    return _recover(expired) if expired.exists() else 0


def recover_all() -> int:
    """Put every running job back in line: only for a process that is the only one, before it starts to work."""
    running = Job.objects.filter(state="running")
    return _recover(running) if running.exists() else 0


def _recover(rows: Any) -> int:
    moment = clock.now()
    with transaction.atomic():
        stopped = rows.filter(cancel_requested=True).update(state="cancelled", lease_until=None, finished_at=moment)
        dead = rows.filter(attempts__gte=F("attempts_max")).update(state="dead", lease_until=None, finished_at=moment, error=LOST)
        back = rows.update(state="ready", lease_until=None, run_at=moment, error=LOST)
        transaction.on_commit(bell.ring)
    return int(stopped + dead + back)


def cancel(job_id: uuid.UUID) -> bool:
    """Stop a job: at once if it waits, at its next checkpoint if it runs. False when it has ended."""
    with transaction.atomic():
        if Job.objects.filter(pk=job_id, state="ready").update(state="cancelled", cancel_requested=True, finished_at=clock.now()):
            return True
        asked = Job.objects.filter(pk=job_id, state="running").update(cancel_requested=True) == 1
        transaction.on_commit(bell.ring)
    return asked


def retry(job_id: uuid.UUID) -> bool:
    """Give a dead job its attempts anew. False when it is not dead."""
    with transaction.atomic():
        again = (
            Job.objects.filter(pk=job_id, state="dead").update(
                state="ready", attempts=0, run_at=clock.now(), finished_at=None, cancel_requested=False
            )
            == 1
        )
        transaction.on_commit(bell.ring)
    return again


def prune() -> int:
    """Forget jobs that ended long ago. Gives how many."""
    moment = clock.now()
    old = Q(state__in=["done", "cancelled"], finished_at__lt=moment - dt.timedelta(days=DONE_KEPT_DAYS))
    old |= Q(state__in=["done", "cancelled"], dedupe_key__startswith=PERIODIC_PREFIX, finished_at__lt=moment - dt.timedelta(days=PERIODIC_KEPT_DAYS))
    old |= Q(state="dead", finished_at__lt=moment - dt.timedelta(days=DEAD_KEPT_DAYS))
    gone, _ = Job.objects.filter(pk__in=Job.objects.filter(old).values("pk")[:PRUNE_ROWS_MAX]).delete()
    return gone


def backoff_seconds(attempt: int) -> float:
    """How long to wait after that attempt: exponential, full jitter."""
    return _jitter.uniform(0, min(BACKOFF_SECONDS_MAX, BACKOFF_BASE_SECONDS * 2.0 ** (attempt - 1)))


def describe(error: BaseException) -> str:
    """The class path on the first line, then the traceback, its end kept when it is long."""
    text = "".join(traceback.format_exception(error))
    return f"{type(error).__module__}.{type(error).__qualname__}\n{text[-ERROR_LENGTH_MAX:]}"
