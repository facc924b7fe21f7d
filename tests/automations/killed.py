"""A process in which people go through a journey and meet a rule, and that may be killed at any moment; begun again it goes on.

`killed.py URL SECRET`. Prints what is there in the end. Time is helped along: whoever waits for a day is due at once.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from collections import Counter
from typing import Any

import django

PEOPLE = 240
TOGETHER = 20  # so that there are many turns
DAY = 86_400


def main(url: str, secret: str) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    import hutong.config.api  # noqa: F401  (installs the features)
    from hutong.automations.journeys import turning, work
    from hutong.automations.journeys.turning import Turner
    from hutong.automations.models import Enrolment
    from hutong.channels.models import Send
    from hutong.channels.outbox import Outbox
    from hutong.events.subscribers import Runner
    from hutong.foundation import clock
    from hutong.foundation.jobs.worker import Worker
    from hutong.workspaces.models import Workspace

    turning.TOGETHER = work.LET_IN_TOGETHER = TOGETHER
    workspace = Workspace.objects.first()
    if workspace is None:
        workspace = _made(url, secret)
    print("begun", flush=True)
    runner, turner, outbox, worker = Runner(pressure=lambda: 0.0), Turner(), Outbox(), Worker()
    for one in (runner, turner, outbox, worker):
        one.start()
    rows = Enrolment.objects.in_workspace(workspace)
    until = time.monotonic() + 200
    while rows.filter(state="ended").count() < PEOPLE or Send.objects.in_workspace(workspace).filter(state="queued").exists():
        now = clock.now()
        rows.filter(node="wait", due_at__gt=now).update(due_at=now, since=now - dt.timedelta(days=1))
        turning.ring()
        _view(workspace, list(rows.filter(waits=True).values_list("member_id", flat=True)[:TOGETHER]))
        time.sleep(0.05)
        if time.monotonic() > until:
            break
    time.sleep(1.0)
    runner.stop(timeout_seconds=20)
    turner.stop()
    outbox.stop()
    worker.stop()
    print(json.dumps(_found(workspace)), flush=True)
    os._exit(0)


def _view(workspace: Any, members: list[Any]) -> None:
    """What they wait for happens to each, once however often it is told."""
    from django.db import transaction

    from hutong.foundation import stream
    from hutong.foundation.stream import Fact

    with transaction.atomic():
        for member_id in members:
            stream.record(Fact(workspace_id=workspace.pk, name="page_viewed", member_id=member_id, id=f"view-{member_id}", properties={"path": "/p"}))


def _found(workspace: Any) -> dict[str, Any]:
    from django.db.models import Count

    from hutong.automations.models import DailyRuns, Enrolment, NodeCount, Run, Start, Step
    from hutong.channels.models import Lane, Send
    from hutong.events.failures import DeadEvent
    from hutong.segments.models import MemberTag
    from hutong.todos.models import Todo

    sends = Send.objects.in_workspace(workspace)
    steps = Step.objects.in_workspace(workspace)
    counts = NodeCount.objects.in_workspace(workspace)
    return {
        "ended": dict(Counter(Enrolment.objects.in_workspace(workspace).values_list("state", "ended_as").values_list("ended_as", flat=True))),
        "start": list(Start.objects.in_workspace(workspace).values_list("state", "seen", "entered")),
        "steps": {node: [each for each in Counter(steps.filter(node=node).values_list("enrolment_id", flat=True)).values() if each != 1]
                  for node in ("wait", "tag", "hello", "viewed", "call")},
        "passed": dict(steps.order_by().values("node").annotate(n=Count("id")).values_list("node", "n")),
        "refused": steps.exclude(outcome="done").count(),
        "counts": {f"{node} {what}": number for node, what, number in counts.order_by("node", "what").values_list("node", "what", "number")},
        "tags": dict(Counter(MemberTag.objects.in_workspace(workspace).values_list("tag__name", flat=True))),
        "sends": sends.count(), "states": sorted(set(sends.values_list("state", flat=True))),
        "lanes": sorted(Lane.objects.in_workspace(workspace).values_list("sends", "sent")),
        "runs": dict(Counter(Run.objects.in_workspace(workspace).values_list("state", flat=True))),
        "days": sum(DailyRuns.objects.in_workspace(workspace).values_list("done", flat=True)),
        "todos": Todo.objects.in_workspace(workspace).count(),
        "dead": DeadEvent.objects.count(),
    }  # fmt: skip


def _made(url: str, secret: str) -> Any:
    from django.db import transaction

    from hutong.automations.actions import enrolments
    from hutong.automations.actions import rules as rule_actions
    from hutong.channels.actions import accounts
    from hutong.segments.models import Tag
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace
    from tests.automations.journeys.making import act, boss, drawn, node, publish, send
    from tests.broadcasts.making import people, segment

    with transaction.atomic():
        workspace = Workspace.objects.create(name="w", time_zone="UTC")
        account = accounts.connect(workspace, actor=SYSTEM, platform="webhook", name="w", settings={"url": url, "secret": secret})
        everybody = segment(workspace, people(workspace, PEOPLE, channel="webhook"))
        everybody.members_count = PEOPLE
        everybody.save()
        tag, other = Tag.objects.create(workspace=workspace, name="旅程"), Tag.objects.create(workspace=workspace, name="规则")
        graph = drawn(
            node("wait", "wait", seconds=DAY), act("tag", "tag.add", tag_id=str(tag.pk)), send("hello", "{{name}}，你好"),
            node("wait_event", "viewed", events=[{"id": "came", "event": "page_viewed"}], timeout_seconds=30 * DAY),
            act("call", "webhook.call", account=str(account.pk), type="viewed", properties={"path": "{{event.path}}"}),
            node("goal", "goal"),
            edges=["e>wait", "wait>tag", "tag>hello", "hello>viewed", "viewed.came>call", "call>goal"], rules={"keeps_quiet": False},
        )  # fmt: skip
        journey = publish(workspace, graph)
        rule_actions.create(
            workspace, actor=boss(),
            values={
                "name": "看过", "description": "", "preset": "", "community_id": None, "condition": None, "cooldown_seconds": 0, "cap_times": 0,
                "cap_days": 0, "hours": None, "priority": 0, "is_last": False, "is_on": True, "trigger": {"kind": "event", "event": "page_viewed"},
                "actions": [
                    {"id": "a", "action": "tag.add", "settings": {"tag_id": str(other.pk)}},
                    {"id": "b", "action": "todo.create", "settings": {"title": "回访 {{name}}"}},
                ],
            },
        )  # fmt: skip
        enrolments.begin(workspace, actor=boss(), journey_id=journey.pk, member_ids=[], segment_id=everybody.pk, properties={}, key="start")
    return workspace


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
