"""The worker's threads: woken at once, leases kept, graceful stop, killed and taken up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from hutong.foundation import clock
from hutong.foundation.jobs import actions, worker
from hutong.foundation.jobs.models import Job, PeriodicRun
from hutong.foundation.jobs.worker import Worker
from tests.foundation.jobs import samples

pytestmark = pytest.mark.django_db(transaction=True)

PROCESS = """
import sys, time
import django
django.setup()
from hutong.foundation.jobs.worker import Worker
Worker(threads=2).start()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    samples.seen.clear()
    samples.gate.clear()
    yield
    samples.gate.set()


@pytest.fixture
def two() -> Iterator[Worker]:
    made = Worker(threads=2)
    made.start()
    yield made
    samples.gate.set()
    assert made.stop() is True


def until(condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
    end = clock.monotonic_seconds() + seconds
    while not condition():
        assert clock.monotonic_seconds() < end, "did not happen in time"
        time.sleep(0.01)


def test_a_commit_wakes_the_worker_long_before_it_would_look(two: Worker) -> None:
    time.sleep(0.3)
    began = clock.monotonic_seconds()
    samples.note.enqueue("a")
    until(lambda: samples.seen == ["a"])
    assert clock.monotonic_seconds() - began < worker.POLL_SECONDS / 2
    until(lambda: Job.objects.get().state == "done")


def test_cancel_reaches_a_running_job(two: Worker) -> None:
    samples.wait.enqueue(key="a")
    until(lambda: samples.seen == ["a"])
    assert actions.cancel(Job.objects.get().pk) is True
    two.renew_leases()
    until(lambda: Job.objects.get().state == "cancelled")


def test_a_lease_is_renewed_while_the_job_works(two: Worker) -> None:
    samples.wait.enqueue(key="a")
    until(lambda: samples.seen == ["a"])
    before = Job.objects.get().lease_until
    with time_machine.travel(clock.from_ms(clock.now_ms() + 20_000), tick=True):
        two.renew_leases()
    after = Job.objects.get().lease_until
    assert before is not None and after is not None
    assert 15 < (after - before).total_seconds() < 25


def test_stop_asks_running_jobs_to_make_way_and_costs_no_attempt() -> None:
    first = Worker(threads=1)
    first.start()
    samples.wait.enqueue(key="a")
    until(lambda: samples.seen == ["a"])
    assert first.stop() is True
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == ("ready", 0, "")


def test_slow_jobs_leave_a_thread_for_short_ones(two: Worker) -> None:
    samples.slow.enqueue("one")
    samples.slow.enqueue("two")
    until(lambda: "one" in samples.seen)
    samples.note.enqueue("short")
    until(lambda: "short" in samples.seen)
    assert samples.seen == ["one", "short"]
    samples.gate.set()
    until(lambda: "two" in samples.seen)


def test_a_broken_job_does_not_hurt_the_worker(two: Worker) -> None:
    samples.broken.enqueue()
    samples.note.enqueue("a")
    until(lambda: "a" in samples.seen and "try" in samples.seen)
    until(lambda: set(Job.objects.values_list("state", flat=True)) == {"ready", "done"})


def test_killed_again_and_again_every_job_is_done_once_in_the_end(tmp_path: Path) -> None:
    started = tmp_path / "started"
    started.touch()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hutong.config.settings",
        "HUTONG_TEST_STARTED": str(started),
        "HUTONG_TEST_STORE": str(settings.DATABASES["default"]["NAME"]),
    }
    for n in range(12):
        samples.mark.enqueue(f"job-{n}", 0.15)

    def start() -> subprocess.Popen[str]:
        code = f"from django.conf import settings; settings.DATABASES['default']['NAME'] = {environment['HUTONG_TEST_STORE']!r}\n{PROCESS}"
        process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    for kill in range(3):
        process = start()
        wanted = 2 * kill + 2
        until(lambda: len(started.read_text().splitlines()) >= wanted, seconds=20)  # noqa: B023 - used within the loop
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert Job.objects.filter(state="running").count() > 0
    process = start()
    began = clock.monotonic_seconds()
    until(lambda: not Job.objects.exclude(state="done").exists(), seconds=20)
    # The only process of its store takes up what the killed one left at once, not after the lease.
    assert clock.monotonic_seconds() - began < actions.LEASE_SECONDS / 2
    process.kill()
    process.wait()
    assert PeriodicRun.objects.count() == 12
    assert len(started.read_text().splitlines()) > 12
