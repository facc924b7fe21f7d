"""What time clears away, and what it leaves."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.sessions.models import Session

from hutong.foundation import clock
from hutong.workspaces.actions import pruning
from hutong.workspaces.contributes import CONTRIBUTES
from hutong.workspaces.models import IdempotentReply, SignInFailure, User
from tests.workspaces.browser import Browser


def test_only_the_old(owner: User) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 1, tzinfo=dt.UTC), tick=False) as traveller:
        Browser().sign_in(owner.email)
        Browser().sign_in(owner.email, "wrong horse")
        IdempotentReply.objects.create(key_hash="a", request_hash="a", status=200)

        def left() -> tuple[int, int, int]:
            for job in CONTRIBUTES.jobs:
                job.run()
            return Session.objects.count(), SignInFailure.objects.count(), IdempotentReply.objects.count()

        assert left() == (1, 1, 1)
        traveller.shift(dt.timedelta(minutes=15))
        assert left() == (1, 0, 1)
        traveller.shift(dt.timedelta(hours=24))
        assert left() == (1, 0, 0)
        traveller.shift(dt.timedelta(days=14))
        assert left() == (0, 0, 0)


@pytest.mark.django_db
def test_jobs_are_safe_on_an_empty_store() -> None:
    assert [job.name for job in CONTRIBUTES.jobs] == ["sessions.clear", "sign_in_failures.clear", "idempotent_replies.clear"]
    for _ in range(2):
        for job in CONTRIBUTES.jobs:
            job.run()
    assert dt.timedelta(hours=24) == pruning.REPLY_KEPT
    assert clock.now().tzinfo is dt.UTC
