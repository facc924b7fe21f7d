"""Jobs: in line with the caller's transaction, leased, retried, deduplicated, cancelled, forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from hutong.foundation import ids
from hutong.foundation.jobs import actions, queries
from hutong.foundation.jobs.models import Job
from hutong.foundation.jobs.worker import drain
from tests.foundation.jobs import samples

START = dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    samples.seen.clear()
    samples.gate.clear()
    yield
    samples.gate.set()


def states() -> list[str]:
    return list(Job.objects.order_by("created_at", "id").values_list("state", flat=True))


def test_a_job_runs_once_and_keeps_its_result() -> None:
    result = samples.note.enqueue("a")
    assert result.status == TaskResultStatus.READY
    assert drain() == 1
    assert drain() == 0
    result.refresh()
    assert (result.status, result.return_value, samples.seen) == (TaskResultStatus.SUCCESSFUL, "A", ["a"])


def test_a_rolled_back_change_takes_its_job_along() -> None:
    with pytest.raises(samples.Fault), transaction.atomic():
        samples.note.enqueue("a")
        raise samples.Fault
    assert Job.objects.count() == 0


def test_priority_first_then_age() -> None:
    samples.note.enqueue("first")
    samples.note.enqueue("second")
    samples.note.using(priority=10).enqueue("urgent")
    drain()
    assert samples.seen == ["urgent", "first", "second"]


def test_run_after_waits() -> None:
    with time_machine.travel(START, tick=False) as moment:
        samples.note.using(run_after=START + dt.timedelta(minutes=5)).enqueue("later")
        assert drain() == 0
        moment.shift(dt.timedelta(minutes=5))
        assert drain() == 1
    assert samples.seen == ["later"]


def test_the_same_dedupe_key_waits_once_and_is_free_again_afterwards() -> None:
    first, again, other = samples.once.enqueue("x"), samples.once.enqueue("x"), samples.once.enqueue("y")
    assert first.id == again.id != other.id
    assert drain() == 2
    assert samples.once.enqueue("x").id != first.id
    assert drain() == 1
    assert samples.seen == ["x", "y", "x"]


def test_a_broken_job_is_retried_with_growing_waits_then_dead() -> None:
    with time_machine.travel(START, tick=False) as moment:
        result = samples.broken.enqueue()
        waits = []
        for _ in range(3):
            assert drain() == 1
            job = Job.objects.get()
            waits.append((job.run_at - START).total_seconds() if job.state == "ready" else None)
            moment.shift(10)
        assert samples.seen == ["try"] * 3
        assert waits[0] is not None and 0 <= waits[0] <= 2
        assert waits[1] is not None and 10 <= waits[1] <= 14
        assert waits[2] is None
        result.refresh()
        assert result.status == TaskResultStatus.FAILED
        assert result.errors[0].exception_class is samples.Fault
        assert (states(), result.attempts) == (["dead"], 3)
        assert actions.retry(Job.objects.get().pk) is True
        assert (Job.objects.get().state, Job.objects.get().attempts) == ("ready", 0)


def test_backoff_is_exponential_with_full_jitter_and_bounded() -> None:
    for attempt, most in [(1, 2), (2, 4), (5, 32), (30, 900)]:
        drawn = [actions.backoff_seconds(attempt) for _ in range(2000)]
        assert 0 <= min(drawn) < most * 0.02
        assert most * 0.98 < max(drawn) <= most


def test_a_result_that_is_not_json_is_a_failure() -> None:
    samples.give_a_set.enqueue()
    drain()
    job = Job.objects.get()
    assert (job.state, job.error.splitlines()[0]) == ("ready", "builtins.TypeError")


def test_a_task_the_code_no_longer_has_fails_and_does_not_stop_the_rest() -> None:
    actions.enqueue(Job(task="hutong.foundation.jobs.gone", attempts_max=1))
    samples.note.enqueue("a")
    assert drain() == 2
    assert states() == ["dead", "done"]


def test_lease_a_lost_worker_is_replaced_and_its_late_answer_ignored() -> None:
    with time_machine.travel(START, tick=False) as moment:
        samples.note.enqueue("a")
        (held,) = actions.claim(worker="one", limit=5)
        assert actions.claim(worker="two", limit=5) == []
        moment.shift(29)
        assert actions.recover() == 0
        assert actions.renew({held.pk: 1}, worker="one") == (set(), set())
        moment.shift(29)
        assert actions.recover() == 0
        moment.shift(2)
        assert actions.recover(except_worker="one") == 0
        assert actions.recover() == 1
        (taken,) = actions.claim(worker="two", limit=5)
        assert (taken.pk, taken.attempts) == (held.pk, 2)
        assert actions.renew({held.pk: 1}, worker="one") == ({held.pk}, set())
        assert actions.succeed(held, result="late") is False
        assert actions.succeed(taken, result="A") is True
    assert Job.objects.get().result == "A"


def test_a_job_that_kills_its_worker_each_time_ends_dead() -> None:
    with time_machine.travel(START, tick=False) as moment:
        samples.note.enqueue("a")
        for attempt in range(1, 6):
            assert actions.claim(worker=f"w{attempt}", limit=1)[0].attempts == attempt
            moment.shift(31)
            assert actions.recover() == 1
        assert actions.claim(worker="last", limit=1) == []
        job = Job.objects.get()
        assert (job.state, job.error.splitlines()[0]) == ("dead", "hutong.foundation.jobs.running.WorkerLost")


def test_cancel_before_during_and_after() -> None:
    waiting, running_, done = samples.note.enqueue("a"), samples.note.enqueue("b"), samples.note.enqueue("c")
    assert actions.cancel(Job.objects.get(pk=waiting.id).pk) is True
    (claimed,) = actions.claim(worker="one", limit=1)
    assert str(claimed.pk) == running_.id
    assert actions.cancel(claimed.pk) is True
    assert actions.renew({claimed.pk: 1}, worker="one") == (set(), {claimed.pk})
    assert actions.fail(claimed, error=samples.Fault()) is True
    drain()
    assert actions.cancel(Job.objects.get(pk=done.id).pk) is False
    assert states() == ["cancelled", "cancelled", "done"]
    assert samples.seen == ["c"]


def test_prune_forgets_only_what_ended_long_ago() -> None:
    with time_machine.travel(START, tick=False) as moment:
        samples.note.enqueue("old")
        samples.broken.using().enqueue()
        Job.objects.filter(task__endswith="broken").update(attempts_max=1)
        drain()
        samples.note.using(run_after=START + dt.timedelta(days=400)).enqueue("sleeping")
        moment.shift(dt.timedelta(days=7))
        assert actions.prune() == 0
        moment.shift(dt.timedelta(seconds=1))
        assert actions.prune() == 1
        assert queries.counts() == {"ready": 1, "running": 0, "done": 0, "dead": 1, "cancelled": 0}
        moment.shift(dt.timedelta(days=23))
        assert actions.prune() == 1
        assert queries.counts() == {"ready": 1, "running": 0, "done": 0, "dead": 0, "cancelled": 0}


def test_waiting_time_and_idleness() -> None:
    with time_machine.travel(START, tick=False) as moment:
        assert (queries.waited_seconds(), queries.is_idle()) == (0.0, True)
        samples.note.enqueue("a")
        moment.shift(7)
        assert (queries.waited_seconds(), queries.is_idle()) == (7.0, False)
        drain()
        assert (queries.waited_seconds(), queries.is_idle()) == (0.0, True)


def test_an_unknown_result_is_said_to_be_unknown() -> None:
    with pytest.raises(TaskResultDoesNotExist):
        samples.note.get_result(str(ids.new()))
    with pytest.raises(TaskResultDoesNotExist):
        samples.note.get_result("nonsense")


def test_a_dedupe_key_has_a_limit() -> None:
    with pytest.raises(ValueError, match="over 200 characters"):
        samples.once.enqueue("x" * 200)
    assert Job.objects.count() == 0
