"""Liveness, figures and the system status, as their callers see them."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

import hutong.config.api  # noqa: F401 - installs the stream
from hutong import __version__
from hutong.config.operations import facts
from hutong.foundation import clock
from hutong.foundation.jobs.models import Job
from hutong.foundation.stream import Fact, record
from hutong.workspaces.models import Workspace
from tests.conftest import Api, make_key

pytestmark = pytest.mark.django_db


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in text_string_to_metric_families(text) for sample in family.samples
    }


def test_healthz_says_both_stores_answer() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "hutong": __version__, "records": True, "warehouse": True})
    assert Client().post("/healthz").status_code == 405


def test_metrics_tell_this_machine_what_happened(workspace: Workspace) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC), tick=False) as moment:
        record(Fact(workspace_id=workspace.pk, name="test_event"), Fact(workspace_id=workspace.pk, name="test_event"))
        Job.objects.create(task="x", state="dead", finished_at=clock.now())
        Job.objects.create(task="x", run_at=clock.now() - dt.timedelta(seconds=9))
        moment.shift(3)
        facts.install_ingest(lambda: facts.Ingest(5, 2, 1))
        try:
            answer = Client().get("/metrics", REMOTE_ADDR="127.0.0.1", headers={"host": "localhost:8000"})
        finally:
            facts.install_ingest(facts.Ingest)
    assert answer.status_code == 200
    found = samples(answer.content.decode())
    assert found["hutong_ingest_events_total", ("accepted",)] == 5
    assert found["hutong_ingest_events_total", ("duplicate",)] == 2
    assert found["hutong_ingest_events_total", ("rejected",)] == 1
    assert found["hutong_log_entries", ()] == 2
    assert found["hutong_subscriber_behind_entries", ("warehouse",)] == 2
    assert found["hutong_subscriber_lag_seconds", ("warehouse",)] == 3
    assert (found["hutong_jobs", ("dead",)], found["hutong_jobs", ("ready",)], found["hutong_jobs_waited_seconds", ()]) == (1, 1, 12)
    assert found["process_resident_memory_bytes", ()] > 10_000_000


def test_requests_are_counted_by_route_not_by_path(api: Api) -> None:
    members = ("hutong_request_seconds_count", ("GET", "api/workspaces/<uuid:workspace_id>/members", "200"))
    unknown = ("hutong_request_seconds_count", ("GET", "unknown", "404"))
    before = samples(Client().get("/metrics", headers={"host": "localhost"}).content.decode())
    api.get("/members", q="小红")
    api.get("/members/0197a5b0-7f3c-7c51-9d2e-4b6f0a1c2d3e")
    api.http.get("/nowhere/小红")
    text = Client().get("/metrics", headers={"host": "localhost"}).content.decode()
    found = samples(text)
    assert "小红" not in text
    assert "0197a5b0" not in text
    assert str(api.workspace.pk) not in text
    assert found[members] - before.get(members, 0) == 1
    assert found[unknown] - before.get(unknown, 0) == 1


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.8", {"host": "localhost"}),
        ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "203.0.113.5"}),
        ("127.0.0.1", {"host": "localhost", "forwarded": "for=203.0.113.5"}),
    ],
)
def test_metrics_from_elsewhere_need_a_key_with_the_right(workspace: Workspace, address: str, headers: dict[str, str]) -> None:
    def ask(**more: str) -> int:
        return Client().get("/metrics", REMOTE_ADDR=address, headers=headers | more).status_code

    assert ask() == 401
    assert ask(authorization="Bearer htk_wrong") == 401
    assert ask(authorization=f"Bearer {make_key(workspace, ['members.read'])}") == 404
    assert ask(authorization=f"Bearer {make_key(workspace, ['system.read'])}") == 200


def test_the_system_status_names_what_is_wrong(api: Api) -> None:
    Job.objects.create(task="x", state="dead", finished_at=clock.now())
    answer = api.get("/system")
    assert answer.status_code == 200
    body = answer.json()
    findings = {one["key"]: (one["state"], one["message"]) for one in body["findings"]}
    assert findings["jobs"] == ("warn", "1 job gave up after the last attempt.")
    assert findings["warehouse"] == ("ok", "The warehouse answers")
    assert findings["migrations"] == ("ok", "The database is at this version")
    assert body["jobs"] == {"ready": 0, "running": 0, "done": 0, "dead": 1, "cancelled": 0}
    assert [one["name"] for one in body["subscribers"]] == [
        *("welcomes", "replies", "automations", "journeys_expired", "inbox", "broadcasts", "alerts"),
        *("members", "profiles", "tags", "journeys", "review"),
        *("warehouse", "segments", "life_cycle", "automations_late"),
    ]
    assert body["versions"]["hutong"] == __version__
    assert set(body["disk"]) == {"total", "free", "records", "log", "warehouse", "imports"}
    assert body["memory_bytes"] > 10_000_000
