"""A process that imports a file and may be killed at any moment; begun again it goes on. Prints what is there in the end."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django


def main(path: Path) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    import hutong.config.api  # noqa: F401  (installs the features)
    from hutong.events import subscribers
    from hutong.events.queries import rows
    from hutong.foundation.jobs import actions as jobs
    from hutong.foundation.jobs.models import Job
    from hutong.imports import actions, tasks
    from hutong.imports.models import Import
    from hutong.imports.work import batches
    from hutong.members.models import Membership, Participation
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace

    batches.BATCH_RECORDS = 500
    workspace = Workspace.objects.first() or Workspace.objects.create(name="w", time_zone="UTC")
    batch = Import.objects.in_workspace(workspace).first()
    if batch is None:
        batch = actions.create(workspace, actor=SYSTEM, files=[_Dropped(path)])
        actions.change(workspace, actor=SYSTEM, import_id=batch.pk, changes={"community_name": "c", "group_name": "g", "channel": "irc"})
        actions.check(workspace, actor=SYSTEM, import_id=batch.pk)
        batch.refresh_from_db()
        tasks.check.func(str(batch.pk), batch.progress["reading"])
        Job.objects.all().delete()
        actions.run(workspace, actor=SYSTEM, import_id=batch.pk)
    jobs.recover_all()
    print("begun", flush=True)
    tasks.run.func(str(batch.pk))
    subscribers.drain()
    batch.refresh_from_db()
    bound = {"w": str(workspace.pk)}
    print(
        json.dumps(
            {
                "state": batch.state,
                "added": batch.progress["added"],
                "already_there": batch.progress["already_there"],
                "events": rows("SELECT count(), uniqExact(id), sum(cityHash64(id)) FROM events WHERE workspace_id = {w:UUID} AND is_history", bound)[
                    0
                ][:2],
                "days": rows(
                    "SELECT sum(messages), sum(joins), sum(leaves), count() FROM (SELECT * FROM member_days FINAL WHERE workspace_id = {w:UUID})",
                    bound,
                )[0][:3],
                "hours": rows("SELECT sum(messages) FROM group_hours WHERE workspace_id = {w:UUID}", bound)[0],
                "stays": Membership.objects.in_workspace(workspace).count(),
                "shown": rows("SELECT count() FROM memberships FINAL WHERE workspace_id = {w:UUID}", bound)[0][0],
                "messages": sum(Participation.objects.in_workspace(workspace).values_list("messages", flat=True)),
            }
        ),
        flush=True,
    )
    os._exit(0)


class _Dropped:
    def __init__(self, path: Path) -> None:
        self.path, self.name, self.size, self.sha256 = path, path.name, path.stat().st_size, "0" * 64

    def keep(self, place: Path) -> None:
        place.write_bytes(self.path.read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
