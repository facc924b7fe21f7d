"""A process that sends a broadcast to a webhook and may be killed at any moment; begun again it goes on. Prints what is there in the end.

`killed.py URL SECRET [pause|cancel]`: with an act it is done once as soon as some messages went, by the process that lives then.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter

import django

MEMBERS = 600
TOGETHER = 25  # so that a run has many pieces
ENOUGH = 60  # messages gone before somebody acts


def main(url: str, secret: str, act: str) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    import hutong.config.api  # noqa: F401  (installs the features)
    from hutong.broadcasts import work
    from hutong.broadcasts.actions import runs
    from hutong.broadcasts.models import Broadcast, Run
    from hutong.channels.models import Lane, Send
    from hutong.channels.outbox import Outbox
    from hutong.foundation.jobs.worker import Worker
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace

    work.TOGETHER = TOGETHER
    workspace = Workspace.objects.first()
    if workspace is None:
        workspace = _made(url, secret)
    broadcast = Broadcast.objects.in_workspace(workspace).get()
    print("begun", flush=True)
    outbox, worker = Outbox(), Worker()
    outbox.start()
    worker.start()
    rows = Send.objects.in_workspace(workspace)
    done = Broadcast.objects.in_workspace(workspace).filter(state__in=["done", "cancelled"])
    held_at = None
    while not done.exists() or Run.objects.in_workspace(workspace).filter(state="cancelling").exists():
        runs.mind()
        state = Broadcast.objects.in_workspace(workspace).values_list("state", flat=True)[0]
        gone = rows.filter(state="sent").count()
        if act and state == "sending" and gone >= ENOUGH and held_at is None:
            {"pause": runs.pause, "cancel": runs.cancel}[act](workspace, actor=SYSTEM, broadcast_id=broadcast.pk)
            print(act, flush=True)
        if state == "paused":
            if held_at is None:
                time.sleep(0.5)  # what was being handed over ends
                held_at = rows.filter(state="sent").count()
                time.sleep(1.0)
                if rows.filter(state="sent").count() != held_at:
                    print("a paused one went on", flush=True)
                    os._exit(1)
            runs.resume(workspace, actor=SYSTEM, broadcast_id=broadcast.pk)
        time.sleep(0.02)
    outbox.stop()
    worker.stop()
    run, lane = Run.objects.in_workspace(workspace).get(), Lane.objects.in_workspace(workspace).get()
    by_state = Counter(rows.values_list("state", flat=True))
    members = list(rows.values_list("member_id", flat=True))
    print(
        json.dumps(
            {
                "state": Broadcast.objects.in_workspace(workspace).get().state, "run": run.state, "states": dict(by_state), "sends": lane.sends,
                "counted": {"sent": lane.sent, "cancelled": lane.cancelled, "unknown": lane.unknown}, "rows": len(members),
                "members": len(set(members)), "seen": run.seen, "keys": {
                    state: list(rows.filter(state=state).values_list("key", flat=True)) for state in ("sent", "cancelled")
                },
            }
        ),
        flush=True,
    )  # fmt: skip
    os._exit(0)


def _made(url: str, secret: str) -> object:
    from django.db import transaction

    from hutong.broadcasts.actions import runs
    from hutong.channels.actions import accounts
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace
    from tests.broadcasts.making import people, segment, to_segment

    with transaction.atomic():
        workspace = Workspace.objects.create(name="w", time_zone="UTC")
        account = accounts.connect(workspace, actor=SYSTEM, platform="webhook", name="w", settings={"url": url, "secret": secret})
        draft = to_segment(workspace, segment(workspace, people(workspace, MEMBERS, channel="webhook")), [account])
        runs.schedule(workspace, actor=SYSTEM, broadcast_id=draft.pk, version=draft.version, recipients=MEMBERS)
    return workspace


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "")
