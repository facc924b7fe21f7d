"""The schedule: each slot once, whatever the clock, the zone and the number of processes."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from hutong.foundation import clock
from hutong.foundation.contributions import PeriodicJob
from hutong.foundation.jobs import schedule
from hutong.foundation.jobs.models import Job, PeriodicRun
from hutong.foundation.jobs.worker import drain

START = dt.datetime(2026, 11, 22, 6, 0, 30, tzinfo=dt.UTC)
ran: list[str] = []


def hourly() -> None:
    ran.append("hourly")


@pytest.fixture(autouse=True)
def only_hourly() -> Iterator[None]:
    before = dict(schedule._declared)
    schedule._declared.clear()
    ran.clear()
    schedule.install([PeriodicJob("test.hourly", 3600, hourly)])
    yield
    schedule._declared.clear()
    schedule._declared.update(before)


def test_a_slot_is_whole_in_utc() -> None:
    assert schedule.slot_after(START, 3600) == dt.datetime(2026, 11, 22, 7, 0, tzinfo=dt.UTC)
    assert schedule.slot_after(dt.datetime(2026, 11, 22, 7, 0, tzinfo=dt.UTC), 3600) == dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
    assert schedule.slot_after(START, 86_400) == dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_one_run_a_slot_and_one_for_all_that_were_missed() -> None:
    with time_machine.travel(START, tick=False) as moment:
        schedule.enqueue_due()
        assert drain() == 0
        moment.shift(dt.timedelta(minutes=59, seconds=29))
        schedule.enqueue_due()
        assert drain() == 0
        moment.shift(1)
        schedule.enqueue_due()
        schedule.enqueue_due()
        assert drain() == 1
        moment.shift(dt.timedelta(days=3, minutes=5))
        schedule.enqueue_due()
        schedule.enqueue_due()
        assert drain() == 1
        assert PeriodicRun.objects.get().next_at == dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)
    assert ran == ["hourly", "hourly"]


@pytest.mark.django_db
def test_a_run_that_lasts_is_not_started_again_beside_itself() -> None:
    with time_machine.travel(START, tick=False) as moment:
        schedule.enqueue_due()
        for _ in range(3):
            moment.shift(dt.timedelta(hours=1))
            schedule.enqueue_due()
        assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_clock_set_back_does_not_silence_a_job() -> None:
    with time_machine.travel(START, tick=False) as moment:
        schedule.enqueue_due()
        moment.move_to(START - dt.timedelta(days=30))
        schedule.enqueue_due()
        assert PeriodicRun.objects.get().next_at == dt.datetime(2026, 10, 23, 7, 0, tzinfo=dt.UTC)
        moment.shift(dt.timedelta(hours=1))
        schedule.enqueue_due()
        assert drain() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"])
def test_summer_time_neither_doubles_nor_misses_a_run(zone: str) -> None:
    for month, day in [(3, 27), (10, 24), (10, 31), (3, 7), (4, 3), (11, 1)]:
        ran.clear()
        PeriodicRun.objects.all().delete()
        with time_machine.travel(dt.datetime(2026, month, day, 0, 0, tzinfo=ZoneInfo(zone)), tick=False) as moment:
            schedule.enqueue_due()
            for _ in range(72 * 4):
                moment.shift(dt.timedelta(minutes=15))
                schedule.enqueue_due()
                drain()
        assert len(ran) == 72


@pytest.mark.django_db(transaction=True)
def test_eight_processes_looking_at_once_start_it_once() -> None:
    PeriodicRun.objects.create(name="test.hourly", next_at=clock.now())
    line = threading.Barrier(8)

    def look() -> None:
        line.wait()
        schedule.enqueue_due()
        connection.close()

    looking = [threading.Thread(target=look) for _ in range(8)]
    for thread in looking:
        thread.start()
    for thread in looking:
        thread.join()
    assert Job.objects.count() == 1


def test_a_name_is_declared_once_and_not_too_often() -> None:
    schedule.install([PeriodicJob("test.hourly", 3600, hourly)])
    with pytest.raises(RuntimeError, match="declared twice"):
        schedule.install([PeriodicJob("test.hourly", 60, hourly)])
    with pytest.raises(RuntimeError, match="more often"):
        schedule.install([PeriodicJob("test.hectic", 1, hourly)])


@pytest.mark.django_db
def test_a_job_the_code_no_longer_has_is_nothing_to_do() -> None:
    schedule.run_periodic.enqueue("test.removed")
    assert drain() == 1
    assert Job.objects.get().state == "done"
