"""Threads that run jobs, and the one that hands them out, keeps their leases and starts what is periodic."""

from __future__ import annotations

import os
import queue
import threading
import uuid
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from django.db import DatabaseError, close_old_connections, connection
from django_tasks.base import TaskContext
from django_tasks.utils import normalize_json

from hutong.foundation import clock, ids, logs
from hutong.foundation.jobs import actions, bell, running, schedule
from hutong.foundation.jobs.backend import result_of, task_of
from hutong.foundation.jobs.models import Job
from hutong.foundation.jobs.running import JobCancelled, JobInterrupted, Running
from hutong.foundation.jobs.task import QUEUE_SLOW

POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
STOP_TIMEOUT_SECONDS = 15.0
DRAIN_JOBS_MAX = 100_000

log = logs.get("hutong.jobs")


class Attempt(AbstractContextManager["Attempt"]):
    """One run of a job: whatever its code raises becomes the job's outcome, and the worker goes on."""

    def __init__(self, job: Job, seen: Running) -> None:
        self.job = job
        self.seen = seen
        self.result: object = None
        self.started = clock.monotonic_seconds()

    def __enter__(self) -> Self:
        running.enter(self.seen)
        logs.bind({"job": str(self.job.pk), "task": self.job.task, "attempt": self.job.attempts})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        running.enter(None)
        seconds = round(clock.monotonic_seconds() - self.started, 3)
        if error is None:
            kept = actions.succeed(self.job, result=self.result)
            # What runs every few seconds says nothing while all is well.
            getattr(log, "debug" if self.job.dedupe_key and self.job.dedupe_key.startswith(actions.PERIODIC_PREFIX) else "info")(
                "job done", seconds=seconds, kept=kept
            )
        elif isinstance(error, JobCancelled):
            kept = actions.cancelled(self.job)
            log.info("job cancelled", seconds=seconds, kept=kept)
        elif isinstance(error, Exception) and not isinstance(error, JobInterrupted):
            kept = actions.fail(self.job, error=error)
            log.warning("job failed", seconds=seconds, kept=kept, last=self.job.attempts >= self.job.attempts_max, exc_info=error)
        else:
            kept = actions.give_back(self.job)
            log.info("job made way", seconds=seconds, kept=kept)
        logs.clear()
        return error is None or isinstance(error, Exception)


def perform(job: Job, seen: Running) -> None:
    """Run a claimed job in this thread and settle it."""
    with Attempt(job, seen) as attempt:
        task = task_of(job)
        seen.name = task.name
        context = (TaskContext(task_result=result_of(job, task)),) if task.takes_context else ()
        attempt.result = normalize_json(task.call(*context, *job.args, **job.kwargs))


def drain(*, jobs_max: int = DRAIN_JOBS_MAX) -> int:
    """Run every due job in this thread, those they enqueue included, until none is due. Gives how many ran."""
    name = worker_name()
    for done in range(jobs_max):
        claimed = actions.claim(worker=name, limit=1)
        if not claimed:
            return done
        perform(claimed[0], Running(id=claimed[0].pk, name=claimed[0].task, attempt=claimed[0].attempts, queue=claimed[0].queue))
    return jobs_max


def worker_name() -> str:
    """A name no other worker has had."""
    return f"{os.getpid()}-{ids.new().hex[-12:]}"


class Worker:
    """Runs jobs until stopped. `alone`: no other process works on this store, so what was left running is taken up at once."""

    def __init__(self, *, threads: int = 2, alone: bool = True) -> None:
        self.name = worker_name()
        self.alone = alone
        self.threads_count = threads
        self._inbox: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._running: dict[uuid.UUID, Running] = {}
        self._stopping = threading.Event()
        self._heart_stop = threading.Event()
        self._hands = [threading.Thread(target=self._work, name=f"job-{n}", daemon=True) for n in range(threads)]
        self._dispatcher = threading.Thread(target=self._dispatch, name="job-dispatcher", daemon=True)
        self._heart = threading.Thread(target=self._beat, name="job-heart", daemon=True)

    def start(self) -> None:
        """Begin to work, in threads of its own."""
        for thread in (*self._hands, self._heart, self._dispatcher):
            thread.start()

    def stop(self, timeout_seconds: float = STOP_TIMEOUT_SECONDS) -> bool:
        """Take no more jobs, ask the running ones to make way, wait. False when some did not in time (their lease will end)."""
        until = clock.monotonic_seconds() + timeout_seconds
        self._stopping.set()
        bell.ring()
        self._dispatcher.join(timeout_seconds)
        with self._guard:
            for seen in self._running.values():
                seen.interrupted.set()
        for _ in self._hands:
            self._inbox.put(None)
        for thread in self._hands:
            thread.join(max(0.0, until - clock.monotonic_seconds()))
        self._heart_stop.set()
        self._heart.join(max(0.1, until - clock.monotonic_seconds()))
        return not any(thread.is_alive() for thread in self._hands)

    def _dispatch(self) -> None:
        rings = 0
        recovered = not self.alone
        recover_at = schedule_at = clock.monotonic_seconds()
        while not self._stopping.is_set():
            try:
                close_old_connections()
                if not recovered:
                    actions.recover_all()
                    recovered = True
                if clock.monotonic_seconds() >= recover_at:
                    recover_at = clock.monotonic_seconds() + HEARTBEAT_SECONDS
                    actions.recover(except_worker=self.name)
                if clock.monotonic_seconds() >= schedule_at:
                    schedule_at = clock.monotonic_seconds() + POLL_SECONDS
                    schedule.enqueue_due()
                self._hand_out()
            except DatabaseError as error:
                log.error("jobs cannot reach the store", exc_info=error)
                connection.close()
                self._stopping.wait(POLL_SECONDS)
            rings = bell.wait(since=rings, timeout_seconds=POLL_SECONDS)
        connection.close()

    def _hand_out(self) -> None:
        with self._guard:
            free = self.threads_count - len(self._running)
            slow = sum(seen.queue == QUEUE_SLOW for seen in self._running.values())
        # One job at a time, so that the last thread is still there for a short one.
        while free > 0 and not self._stopping.is_set():
            full = self.threads_count > 1 and slow >= self.threads_count - 1
            claimed = actions.claim(worker=self.name, limit=1, without_queues=(QUEUE_SLOW,) if full else ())
            if not claimed:
                return
            job = claimed[0]
            with self._guard:
                self._running[job.pk] = Running(id=job.pk, name=job.task, attempt=job.attempts, queue=job.queue)
            self._inbox.put(job)
            free -= 1
            slow += job.queue == QUEUE_SLOW

    def _work(self) -> None:
        while (job := self._inbox.get()) is not None:
            seen = self._running[job.pk]
            try:
                close_old_connections()
                perform(job, seen)
            except DatabaseError as error:  # the outcome could not be written: the lease will end and the job comes back
                log.error("job not settled", job=str(job.pk), exc_info=error)
                connection.close()
            finally:
                with self._guard:
                    del self._running[job.pk]
                bell.ring()
        connection.close()

    def _beat(self) -> None:
        while not self._heart_stop.wait(HEARTBEAT_SECONDS):
            self.renew_leases()
        connection.close()

    def renew_leases(self) -> None:
        """Extend the leases of what runs here, and pass on what was cancelled or lost."""
        with self._guard:
            held = dict(self._running)
        if not held:
            return
        try:
            lost, stopped = actions.renew({pk: seen.attempt for pk, seen in held.items()}, worker=self.name)
        except DatabaseError as error:
            log.error("leases not renewed", exc_info=error)
            connection.close()
            return
        for pk in lost:
            held[pk].interrupted.set()
        for pk in stopped:
            held[pk].cancelled.set()
