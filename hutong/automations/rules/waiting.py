"""Runs that waited for the hours of their rule, taken up when these begin."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hutong.automations import occasions
from hutong.automations.models import Run
from hutong.automations.rules import ready, running
from hutong.automations.rules.cases import Case
from hutong.foundation import clock

TAKEN_TOGETHER = 1_000
ROUNDS_MAX = 100  # in one turn: the next goes on


def perform() -> int:
    """Judge the runs that are due, conditions anew, and act; how many. Killed in between, the rest waits for the next turn."""
    taken = 0
    for _ in range(ROUNDS_MAX):
        some = _due(clock.now())
        taken += len(some)
        if some:
            _take(some)
        if len(some) < TAKEN_TOGETHER:
            break
    return taken


def _due(now: dt.datetime) -> list[Run]:
    rows = Run.objects.across_workspaces().filter(state="waiting", due_at__lte=now)
    return list(rows.order_by("due_at", "pk")[:TAKEN_TOGETHER])


def _take(runs: list[Run]) -> None:
    rules = ready.every()
    heads = running.shown((run.workspace_id, run.member_id) for run in runs if run.member_id is not None)
    cases: list[Case] = []
    dropped: list[Run] = []
    for turn, run in enumerate(runs):
        rule = rules.get(run.rule_id)
        head = heads.get((run.workspace_id, run.member_id)) if run.member_id is not None else None
        if rule is None or head is None:
            run.reason = "off" if rule is None else "gone"
            dropped.append(run)
        else:
            cases.append(Case(rule, run.key, head, occasions.heard(run.occasion), turn, waited=run.pk))
    write = running.begin(cases)
    with transaction.atomic():
        write()
        for run in dropped:
            rows = Run.objects.in_workspace(run.workspace_id).filter(pk=run.pk, state="waiting")
            rows.update(state="skipped", reason=run.reason, due_at=None, occasion=None)
