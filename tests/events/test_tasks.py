"""Accepted ids are remembered for 30 days and no longer."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import transaction

from hutong.events import log, tasks
from hutong.events.models import AcceptedId
from hutong.foundation.driver import Driver

NOON = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_ids_are_forgotten_after_thirty_days() -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        for age, count in ((31, 3), (30, 2), (0, 1)):
            travel.move_to(NOON - dt.timedelta(days=age))
            with transaction.atomic():
                keys = [log.accepted_key("w", f"{age}-{number}") for number in range(count)]
                assert log.remembered(keys, Driver()) == set(keys)
                assert log.remembered(keys[:1], Driver()) == set()
        travel.move_to(NOON)
        tasks.forget_ids()
    today = (NOON - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).days
    assert sorted(AcceptedId.objects.values_list("day", flat=True)) == [today - 30, today - 30, today]
