"""Jobs for the tests; each writes what it did into the table of periodic runs, which is as good a table as any."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from hutong.foundation import clock
from hutong.foundation.jobs import running
from hutong.foundation.jobs.models import PeriodicRun
from hutong.foundation.jobs.task import QUEUE_SLOW, job

gate = threading.Event()
seen: list[str] = []


class Fault(Exception):
    """What a broken job raises."""


@job(name="sample.note")
def note(text: str) -> str:
    seen.append(text)
    return text.upper()


@job(name="sample.once", dedupe="sample.once:{0}")
def once(key: str) -> None:
    seen.append(key)


@job(name="sample.wait", dedupe="sample.wait:{key}")
def wait(*, key: str) -> None:
    seen.append(key)
    while not gate.wait(0.01):
        running.checkpoint()


@job(name="sample.slow", queue=QUEUE_SLOW)
def slow(key: str) -> None:
    seen.append(key)
    while not gate.wait(0.01):
        running.checkpoint()


@job(name="sample.break", attempts_max=3)
def broken() -> None:
    seen.append("try")
    raise Fault("小红的手机号 13800138000")


@job(name="sample.set")
def give_a_set() -> object:
    return {1, 2}


@job(name="sample.mark", attempts_max=20)
def mark(name: str, seconds: float) -> None:
    """Works for a while, then leaves a row. Run by the process that gets killed."""
    with Path(os.environ["HUTONG_TEST_STARTED"]).open("a") as file:
        file.write(f"{name}\n")
    time.sleep(seconds)
    PeriodicRun.objects.get_or_create(name=name, defaults={"next_at": clock.now()})
