"""A process that imports a list and may be killed at any moment; begun again it goes on. Prints what is there in the end."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django


def main(path: Path, kind: str) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    import hutong.config.api  # noqa: F401  (installs the features)
    from hutong.communities.models import Community
    from hutong.events.queries import rows
    from hutong.foundation.jobs import actions as jobs
    from hutong.foundation.jobs.models import Job
    from hutong.imports import actions, tasks
    from hutong.imports.models import Import, ImportReject, ImportTouch
    from hutong.imports.tables import sifting
    from hutong.members.models import AttributeValue, Identity, Member
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace
    from tests.imports.killed import _Dropped

    sifting.BATCH_ROWS = 200
    workspace = Workspace.objects.first() or Workspace.objects.create(name="w", time_zone="UTC")
    batch = Import.objects.in_workspace(workspace).first()
    if batch is None:
        Community.objects.create(workspace=workspace, name="c", time_zone="UTC")
        batch = actions.create(workspace, actor=SYSTEM, files=[_Dropped(path)], kind=kind)
        actions.check(workspace, actor=SYSTEM, import_id=batch.pk)
        batch.refresh_from_db()
        tasks.check.func(str(batch.pk), batch.progress["reading"])
        Job.objects.all().delete()
        actions.change(workspace, actor=SYSTEM, import_id=batch.pk, changes={"keep_good_rows": True})
        actions.run(workspace, actor=SYSTEM, import_id=batch.pk)
    jobs.recover_all()
    print("begun", flush=True)
    tasks.run.func(str(batch.pk))
    batch.refresh_from_db()
    bound = {"w": str(workspace.pk)}
    print(
        json.dumps(
            {
                "state": batch.state,
                "tally": batch.progress["tally"],
                "checked": {name: value for name, value in batch.checked.items() if name != "seconds"},
                "rejects": ImportReject.objects.filter(batch=batch).count(),
                "touches": ImportTouch.objects.filter(batch=batch, is_new=True).count(),
                "members": Member.objects.in_workspace(workspace).count(),
                "identities": Identity.objects.in_workspace(workspace).count(),
                "values": AttributeValue.objects.in_workspace(workspace).count(),
                "orders": rows("SELECT count(), uniqExact(id), sum(cityHash64(id)) FROM events WHERE workspace_id = {w:UUID} AND is_history", bound)[
                    0
                ],
                "days": rows("SELECT sum(activities) FROM (SELECT * FROM member_days FINAL WHERE workspace_id = {w:UUID})", bound)[0],
            }
        ),
        flush=True,
    )
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
