"""The job of welcomes."""

from __future__ import annotations

from uuid import UUID

from hutong.foundation.jobs.task import job
from hutong.welcomes.actions import together


@job(name="welcome.say", dedupe="welcome.say:{0}:{1}")
def say_together(gathering_id: str, index: int) -> None:
    """Say one message to those who were greeted together."""
    together.say_together(UUID(gathering_id), index)
