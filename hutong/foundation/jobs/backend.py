"""The Django Tasks backend: call sites enqueue, the table keeps, workers run."""

from __future__ import annotations

import uuid
from typing import Any, ParamSpec, TypeVar, cast

from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from hutong.foundation import clock
from hutong.foundation.jobs import actions
from hutong.foundation.jobs.models import Job
from hutong.foundation.jobs.task import JobTask

P = ParamSpec("P")
T = TypeVar("T")

STATUS = {
    "ready": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "dead": TaskResultStatus.FAILED,
    "cancelled": TaskResultStatus.FAILED,
}


class JobBackend(BaseTaskBackend):
    """Keeps jobs in the records' store, in the caller's transaction."""

    task_class = JobTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[P, T], args: Any, kwargs: Any) -> TaskResult[T]:
        """Put the task in line; it runs after the caller's commit."""
        declared = cast(JobTask[P, T], task)
        positional, named = normalize_json(list(args)), normalize_json(dict(kwargs))
        job = Job(
            task=task.module_path,
            args=positional,
            kwargs=named,
            queue=task.queue_name,
            priority=task.priority,
            dedupe_key=declared.dedupe_key(tuple(positional), named),
            run_at=task.run_after or clock.now(),
            attempts_max=declared.attempts_max,
        )
        return result_of(actions.enqueue(job), task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """The state of a job; raises TaskResultDoesNotExist."""
        try:
            job = Job.objects.get(pk=uuid.UUID(result_id))
        except (Job.DoesNotExist, ValueError) as error:
            raise TaskResultDoesNotExist(result_id) from error
        return result_of(job, task_of(job))


def task_of(job: Job) -> JobTask[Any, Any]:
    """The declared task behind a job; raises ImportError when the code no longer has it."""
    found = import_string(job.task)
    if not isinstance(found, JobTask):
        raise ImportError(f"{job.task} is not a job")  # noqa: TRY004 - to the worker both are a task that is gone
    return found


def result_of(job: Job, task: Task[Any, Any]) -> TaskResult[Any]:
    """A job as the Tasks API shows it."""
    path, _, trace = job.error.partition("\n")
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.pk),
        status=STATUS[job.state],
        enqueued_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.started_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=task.backend,
        errors=[TaskError(exception_class_path=path, traceback=trace)] if path else [],
        worker_ids=[job.worker] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
