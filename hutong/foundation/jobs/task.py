"""How a job is declared: a Django task with a name `noun.verb`, bounded attempts and a dedupe key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import django_tasks
from django_tasks.base import Task

ATTEMPTS_MAX_DEFAULT = 5
DEDUPE_KEY_LENGTH_MAX = 200
QUEUE_DEFAULT = "default"
# Work of minutes (an import). It never takes a worker's last thread, so that short jobs keep flowing.
QUEUE_SLOW = "slow"

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task[P, T]):
    """A task with what our backend needs to know about it."""

    noun_verb: str = ""
    attempts_max: int = ATTEMPTS_MAX_DEFAULT
    dedupe: str | None = None  # a format over the arguments: "import.run:{0}" or "import.run:{import_id}"

    @property
    def name(self) -> str:
        """`noun.verb`, or the function's name where none was given."""
        return self.noun_verb or self.func.__name__

    def dedupe_key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """The key under which at most one job waits or runs."""
        if self.dedupe is None:
            return None
        key = self.dedupe.format(*args, **kwargs)
        if len(key) > DEDUPE_KEY_LENGTH_MAX:
            raise ValueError(f"dedupe key of {self.name} is over {DEDUPE_KEY_LENGTH_MAX} characters")
        return key


def job(
    *, name: str, attempts_max: int = ATTEMPTS_MAX_DEFAULT, dedupe: str | None = None, queue: str = QUEUE_DEFAULT, priority: int = 0
) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Declare a job: `@job(name="import.run", dedupe="import.run:{0}")` above a module-level function that takes ids.

    `run.enqueue(str(pk))` puts it into the caller's transaction. The same dedupe key while one waits or runs gives that one.
    """
    return django_tasks.task(queue_name=queue, priority=priority, noun_verb=name, attempts_max=attempts_max, dedupe=dedupe)
