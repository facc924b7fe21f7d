"""The jobs of segments."""

from __future__ import annotations

from uuid import UUID

from hutong.foundation.jobs.task import QUEUE_SLOW, job
from hutong.segments.work import building, exporting


@job(name="segment.build", attempts_max=3, dedupe="segment.build:{0}:{1}:{2}")
def build(segment_id: str, because: str, asked_ms: int) -> None:
    """Count a live segment in full."""
    building.perform(UUID(segment_id), because=because, asked_ms=asked_ms)


@job(name="segment.export", attempts_max=3, dedupe="segment.export:{0}", queue=QUEUE_SLOW)
def export(export_id: str) -> None:
    """Write a file of a segment's members."""
    exporting.perform(UUID(export_id))


def sweep() -> None:
    """Every hour: files of exports that are too old go."""
    exporting.sweep()
