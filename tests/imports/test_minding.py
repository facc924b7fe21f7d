"""Imports whose job died, that wait, or that nobody went on with."""

from __future__ import annotations

import datetime as dt
import os
import time

import pytest
from django.conf import settings

from hutong.foundation import clock
from hutong.foundation.jobs.models import Job
from hutong.imports import tasks, uploads
from hutong.imports.models import Import
from tests.imports.conftest import Importing, run_jobs, saved
from tests.imports.test_flow import DAY, LOG


def _ready(importing: Importing, name: str = DAY[0]) -> dict[str, object]:
    batch = importing.drop((name, LOG.encode()))
    importing.change(batch, community_name=f"c {name}", group_name="g", time_zone="UTC")
    importing.step(batch, "check")
    return batch


def test_a_run_whose_job_died_has_failed_and_can_go_on(importing: Importing) -> None:
    batch = _ready(importing)
    importing.step(batch, "run", jobs=False)
    tasks.mind()
    assert importing.get(batch)["state"] == "running"
    Job.objects.filter(task__endswith=".run").update(state="dead")
    tasks.mind()
    failed = importing.get(batch)
    assert (failed["state"], failed["error"]["code"], failed["steps"]) == ("failed", "job_died", ["run", "cancel"])
    done = importing.step(batch, "run")
    assert (done["state"], done["error"], done["progress"]["added"]) == ("done", None, 7)


def test_a_failed_import_can_be_taken_out(importing: Importing) -> None:
    batch = _ready(importing)
    importing.step(batch, "run", jobs=False)
    Job.objects.filter(task__endswith=".run").update(state="dead")
    tasks.mind()
    assert importing.step(batch, "cancel")["state"] == "cancelled"
    assert importing.counts() == {}


def test_a_check_that_died_can_be_made_again(importing: Importing) -> None:
    batch = importing.drop(DAY)
    importing.change(batch, community_name="c", group_name="g")
    importing.step(batch, "check", jobs=False)
    Job.objects.update(state="dead")
    tasks.mind()
    assert (importing.get(batch)["state"], importing.get(batch)["error"]["code"]) == ("uploaded", "job_died")
    assert importing.step(batch, "check")["state"] == "checked"


def test_a_check_stopped_and_begun_anew_counts_with_the_new_choices(importing: Importing) -> None:
    batch = importing.drop(DAY)
    importing.change(batch, community_name="c", group_name="g", time_zone="UTC")
    importing.step(batch, "check", jobs=False)
    old = Job.objects.get()
    assert importing.step(batch, "cancel", jobs=False)["state"] == "uploaded"
    importing.change(batch, time_zone="Asia/Tokyo")
    importing.step(batch, "check", jobs=False)
    tasks.check.func(*old.args)
    assert importing.get(batch)["state"] == "checking"
    old.delete()
    run_jobs()
    assert importing.get(batch)["checked"]["first_at"] == "2024-03-01T00:00:00Z"


def test_the_next_one_begins_when_a_process_died_between(importing: Importing) -> None:
    first, second = _ready(importing), _ready(importing, "walk_20240302.log.txt")
    importing.step(first, "run", jobs=False)
    importing.step(second, "run", jobs=False)
    Import.objects.across_workspaces().filter(pk=str(first["id"])).update(state="done")
    tasks.mind()
    assert importing.get(second)["state"] == "running"


def test_waiting_and_cancelled_adds_nothing(importing: Importing) -> None:
    first, second = _ready(importing), _ready(importing, "walk_20240302.log.txt")
    importing.step(first, "run", jobs=False)
    importing.step(second, "run", jobs=False)
    assert importing.step(second, "cancel", jobs=False)["state"] == "checked"
    run_jobs()
    assert importing.counts()["message_sent"] == 4


def test_files_left_behind_go(importing: Importing) -> None:
    batch = importing.drop(DAY)
    folder = settings.DATA_DIR / "imports"
    orphan, arriving = folder / "0190-orphan", folder / "arriving"
    orphan.mkdir()
    (arriving / "tmpx").write_bytes(b"x")
    old = time.time() - 2 * 24 * 3600
    for path in (orphan, arriving / "tmpx", folder / str(batch["id"])):
        os.utime(path, (old, old))
    uploads.sweep()
    assert not orphan.exists()
    assert not (arriving / "tmpx").exists()
    assert (folder / str(batch["id"])).exists()
    Import.objects.across_workspaces().filter(pk=batch["id"]).update(created_at=clock.now() - dt.timedelta(days=31))
    uploads.sweep()
    assert importing.api.get(f"/imports/{batch['id']}").status_code == 404
    assert not (folder / str(batch["id"])).exists()


def test_files_that_went_away_are_said(importing: Importing) -> None:
    batch = _ready(importing)
    uploads.remove_files(saved(batch).pk)
    assert importing.step(batch, "run", status=410)["code"] == "import_files_gone"


@pytest.mark.parametrize("state", ["running", "finishing"])
def test_undo_waits_for_another_import(importing: Importing, state: str) -> None:
    first = importing.whole(DAY)
    second = _ready(importing, "walk_20240302.log.txt")
    importing.step(second, "run", jobs=False)
    Import.objects.across_workspaces().filter(pk=str(second["id"])).update(state=state)
    assert importing.step(first, "undo", status=409)["code"] == "import_busy"
