"""The jobs of keyword replies: files taken in, matchers made ready after a start, what is old forgotten."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from hutong.foundation import clock
from hutong.foundation.jobs.task import QUEUE_SLOW, job
from hutong.replies.files import taking
from hutong.replies.matching import kept
from hutong.replies.models import Answered, DailyHits, Question, RuleSet
from hutong.replies.questions import KEPT as QUESTIONS_KEPT
from hutong.replies.schemas import COOLDOWN_SECONDS_MAX

WARM_EVERY_SECONDS = 60
PRUNE_EVERY_SECONDS = 3600
PRUNED_TOGETHER = 5_000
PRUNE_ROUNDS_MAX = 20
HITS_KEPT = dt.timedelta(days=400)


@job(name="reply_file.check", attempts_max=3, dedupe="reply_file.check:{0}", queue=QUEUE_SLOW)
def check_file(file_id: str) -> None:
    """Check a file of rules."""
    taking.check(UUID(file_id))


@job(name="reply_file.take_in", attempts_max=3, dedupe="reply_file.take_in:{0}", queue=QUEUE_SLOW)
def take_in_file(file_id: str) -> None:
    """Take in a file of rules."""
    taking.take_in(UUID(file_id))


def warm() -> None:
    """Every minute: the rules of every workspace are ready before a message asks for them."""
    for workspace_id in RuleSet.objects.across_workspaces().order_by("id").values_list("workspace_id", flat=True)[: kept.KEPT_MAX]:
        kept.ready(workspace_id)


def prune() -> None:
    """Every hour: answers no cooldown asks for, old questions, hits of long ago."""
    now = clock.now()
    old = (
        Answered.objects.across_workspaces().filter(at__lt=now - dt.timedelta(seconds=COOLDOWN_SECONDS_MAX)),
        Question.objects.across_workspaces().filter(asked_at__lt=now - QUESTIONS_KEPT),
        DailyHits.objects.across_workspaces().filter(day__lt=(now - HITS_KEPT).date()),
    )
    for rows in old:
        for _ in range(PRUNE_ROUNDS_MAX):
            found = list(rows.order_by().values_list("pk", flat=True)[:PRUNED_TOGETHER])
            rows.model.objects.across_workspaces().filter(pk__in=found).delete()
            if len(found) < PRUNED_TOGETHER:
                break
