"""An import as a person drives it, over HTTP, with the jobs run in place."""

from __future__ import annotations

import gzip
import itertools
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.module_loading import import_string

from hutong.events import subscribers
from hutong.events.queries import rows
from hutong.foundation.jobs.models import Job
from hutong.imports.models import Import
from tests.conftest import Api


def run_jobs() -> None:
    """Every job that waits, in order, in this thread."""
    while (job := Job.objects.filter(state="ready").order_by("run_at", "id").first()) is not None:
        Job.objects.filter(pk=job.pk).update(state="done")
        import_string(job.task).func(*job.args, **job.kwargs)


class Importing:
    """One workspace's imports."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.workspace_id = str(api.workspace.pk)

    def drop(self, *files: Path | tuple[str, bytes], status: int = 201) -> dict[str, Any]:
        """Upload files; what the server answers."""
        uploads = []
        for one in files:
            name, content = (one.name, one.read_bytes()) if isinstance(one, Path) else one
            uploads.append(SimpleUploadedFile(name, content))
        answer = self.api.http.post(self.api.url("/imports"), {"files": uploads})
        assert answer.status_code == status, answer.content.decode()
        return answer.json()  # type: ignore[no-any-return]

    def change(self, batch: dict[str, Any], **choices: Any) -> dict[str, Any]:
        answer = self.api.patch(f"/imports/{batch['id']}", choices)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()  # type: ignore[no-any-return]

    def step(self, batch: dict[str, Any], step: str, *, jobs: bool = True, status: int = 202) -> dict[str, Any]:
        """Take a step and run its jobs; the import as it is then, or the refusal."""
        answer = self.api.post(f"/imports/{batch['id']}/{step}")
        assert answer.status_code == status, answer.content.decode()
        if status != 202:
            return answer.json()  # type: ignore[no-any-return]
        if jobs:
            run_jobs()
        return self.get(batch)

    def get(self, batch: dict[str, Any]) -> dict[str, Any]:
        return self.api.get(f"/imports/{batch['id']}").json()  # type: ignore[no-any-return]

    def whole(self, *files: Path | tuple[str, bytes], **choices: Any) -> dict[str, Any]:
        """From the drop to the end."""
        batch = self.drop(*files)
        choices = {"community_name": "胡同读书会", "group_name": "一群", "time_zone": "UTC"} | choices
        existing = self.api.get("/communities").json()["items"]
        found = next((one for one in existing if one["name"] == choices.get("community_name")), None)
        if found is not None:
            choices.pop("community_name")
            choices["community_id"] = found["id"]
        self.change(batch, **{name: value for name, value in choices.items() if value is not None})
        checked = self.step(batch, "check")
        assert checked["state"] == "checked", checked
        done = self.step(batch, "run")
        assert done["state"] == "done", done
        return done

    def rows(self, columns: str, where: str = "1") -> list[tuple[Any, ...]]:
        """Rows of this workspace's imported events."""
        found = rows(f"SELECT {columns} FROM events WHERE workspace_id = {{w:UUID}} AND is_history AND {where}", {"w": self.workspace_id})
        return [tuple(row) for row in found]

    def counts(self) -> Counter[str]:
        """Events by name."""
        return Counter(dict(self.rows("name, count()", "1 GROUP BY name")))  # type: ignore[arg-type]

    def picture(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the import wrote into the warehouse, in a form that two workspaces can be compared by."""
        subscribers.drain()
        events = self.rows(
            "local_day, local_hour, occurred_at, name, text, characters, reply_to, is_reply, is_question, is_activity, channel, ordinal,"
            " toString(properties), member_id != toUUID('00000000-0000-0000-0000-000000000000'), addressed_id != toUUID('00000000-0000-0000-0000-000000000000')",
            "1 ORDER BY occurred_at, name, text, ordinal",
        )
        bound = {"w": self.workspace_id}
        days = rows(
            "SELECT local_day, sum(messages), sum(joins), sum(leaves), sum(activities), uniqExact(member_id) FROM member_days"
            " WHERE workspace_id = {w:UUID} AND member_id != toUUID('00000000-0000-0000-0000-000000000000') GROUP BY local_day HAVING sum(events) > 0 ORDER BY local_day",
            bound,
        )
        firsts = rows(
            "SELECT seen_day, active_day, count() FROM (SELECT member_id, min(seen_day) AS seen_day, min(active_day) AS active_day FROM member_firsts"
            " WHERE workspace_id = {w:UUID} AND member_id != toUUID('00000000-0000-0000-0000-000000000000') GROUP BY member_id) GROUP BY ALL ORDER BY ALL",
            bound,
        )
        hours = rows(
            "SELECT local_day, local_hour, sum(messages) FROM group_hours WHERE workspace_id = {w:UUID} GROUP BY ALL HAVING sum(messages) > 0 ORDER BY ALL",
            bound,
        )
        stays = rows(
            "SELECT joined_at, left_at, joined_day, left_day, channel FROM memberships FINAL WHERE workspace_id = {w:UUID} ORDER BY ALL", bound
        )
        return {"events": events, "days": list(days), "firsts": list(firsts), "hours": list(hours), "stays": list(stays)}


@pytest.fixture
def importing(api: Api) -> Importing:
    return Importing(api)


@pytest.fixture
def other_importing(other_api: Api) -> Importing:
    return Importing(other_api)


_log_starts = itertools.count(1_000_000, 1_000_000)


@pytest.fixture(autouse=True)
def _fresh_log(db: None) -> None:
    """The records of each test are rolled back, the warehouse is not: numbers of the log must not come again, it would drop them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'events_logentry'")
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('events_logentry', %s)", [next(_log_starts) + os.getpid()])


def saved(batch: dict[str, Any]) -> Import:
    """The row behind an answer."""
    return Import.objects.across_workspaces().get(pk=batch["id"])


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())
