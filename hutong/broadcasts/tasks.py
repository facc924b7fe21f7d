"""The jobs of broadcasts."""

from __future__ import annotations

from uuid import UUID

from hutong.broadcasts import checking, work
from hutong.foundation.jobs.task import QUEUE_SLOW, job

MIND_EVERY_SECONDS = 5


@job(name="broadcast.enqueue", dedupe="broadcast.enqueue:{0}", queue=QUEUE_SLOW)
def enqueue(run_id: str) -> None:
    """Put a run's recipients into the outbox, from where it stopped."""
    work.perform(UUID(run_id))


@job(name="broadcast.check", dedupe="broadcast.check:{0}:{1}", queue=QUEUE_SLOW)
def check(check_id: str, turn: str) -> None:
    """Go on counting an audience."""
    checking.walk(UUID(check_id), UUID(turn))


@job(name="broadcast.end", dedupe="broadcast.end:{0}", queue=QUEUE_SLOW)
def end(run_id: str) -> None:
    """Cancel what of a run has not gone, from where it stopped."""
    work.end(UUID(run_id))


@job(name="broadcast.resend", dedupe="broadcast.resend:{0}", queue=QUEUE_SLOW)
def resend(run_id: str) -> None:
    """Send again what of a run failed."""
    work.resend(UUID(run_id))
