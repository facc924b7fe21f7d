"""The job that runs in this thread: what its code may ask while it works."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field


class JobCancelled(Exception):
    """Raised at a checkpoint after someone cancelled the job: it ends as cancelled."""


class JobInterrupted(Exception):
    """Raised at a checkpoint when the process stops or the lease was lost: the job waits for the next worker, with no attempt lost."""


class WorkerLost(Exception):
    """Recorded as the error of a job whose worker died or lost its lease."""


@dataclass(slots=True)
class Running:
    """A job in work."""

    id: uuid.UUID
    name: str
    attempt: int
    queue: str = "default"
    cancelled: threading.Event = field(default_factory=threading.Event)
    interrupted: threading.Event = field(default_factory=threading.Event)

    def checkpoint(self) -> None:
        """Call between batches: stops the job when it was cancelled or has to make way."""
        if self.cancelled.is_set():
            raise JobCancelled(self.name)
        if self.interrupted.is_set():
            raise JobInterrupted(self.name)


_local = threading.local()


def current() -> Running | None:
    """The job of this thread; None outside a worker."""
    found: Running | None = getattr(_local, "running", None)
    return found


def enter(running: Running | None) -> None:
    """Called by the worker around each job."""
    _local.running = running


def checkpoint() -> None:
    """`Running.checkpoint` of this thread's job; nothing outside a worker."""
    found = current()
    if found is not None:
        found.checkpoint()
