"""The jobs of segments."""

from __future__ import annotations

from uuid import UUID

from hutong.foundation.jobs.task import job
from hutong.segments.actions import building


@job(name="segment.build", attempts_max=3, dedupe="segment.build:{0}:{1}:{2}")
def build(segment_id: str, because: str, asked_ms: int) -> None:
    """Count a live segment in full."""
    building.perform(UUID(segment_id), because=because, asked_ms=asked_ms)
