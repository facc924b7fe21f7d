"""The jobs of automations."""

from __future__ import annotations

from uuid import UUID

from hutong.automations.journeys import dry, work
from hutong.foundation.jobs.task import QUEUE_SLOW, job


@job(name="journey.start", dedupe="journey.start:{0}", queue=QUEUE_SLOW)
def start(start_id: str) -> None:
    """Let many people in, from where it stopped."""
    work.start(UUID(start_id))


@job(name="journey.move", dedupe="journey.move:{0}:{1}", queue=QUEUE_SLOW)
def move(journey_id: str, version_id: str) -> None:
    """Have people in flight go over to a new version, from where it stopped."""
    work.move(UUID(journey_id), UUID(version_id))


@job(name="journey.stop", dedupe="journey.stop:{0}", queue=QUEUE_SLOW)
def stop(journey_id: str) -> None:
    """Have everybody leave a journey that is being stopped."""
    work.stop(UUID(journey_id))


@job(name="journey.delete", dedupe="journey.delete:{0}", queue=QUEUE_SLOW)
def delete(journey_id: str) -> None:
    """Remove the rows of a deleted journey."""
    work.delete(UUID(journey_id))


@job(name="journey.dry_run", dedupe="journey.dry_run:{0}", queue=QUEUE_SLOW)
def dry_run(run_id: str) -> None:
    """Try a journey on what happened lately."""
    dry.perform(UUID(run_id))
