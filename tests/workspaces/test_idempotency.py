"""`Idempotency-Key`: the same answer again, another body refused, one at a time."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
import time_machine
from django.db import connection

from hutong.foundation import clock
from hutong.workspaces.access import forget_keys, hash_secret
from hutong.workspaces.models import APIKey, IdempotentReply, Invitation, Workspace
from tests.conftest import Api, make_key
from tests.workspaces.browser import Browser

BODY = {"role": "viewer"}


def count(workspace: Workspace) -> int:
    return Invitation.objects.in_workspace(workspace).count()


def test_same_key_same_answer_one_effect(api: Api, workspace: Workspace) -> None:
    first = api.post("/invitations", BODY, **{"idempotency-key": "k1"})
    again = api.post("/invitations", BODY, **{"idempotency-key": "k1"})
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]
    assert count(workspace) == 1


def test_another_key_is_another_effect(api: Api, workspace: Workspace) -> None:
    for key in ("k1", "k2"):
        assert api.post("/invitations", BODY, **{"idempotency-key": key}).status_code == 201
    assert count(workspace) == 2


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/invitations", {"role": "owner"}), ("POST", "/keys", BODY), ("PATCH", "", {"name": "X"}), ("POST", "/invitations?x=1", BODY)],
)
def test_same_key_for_something_else(api: Api, workspace: Workspace, method: str, path: str, body: Any) -> None:
    api.post("/invitations", BODY, **{"idempotency-key": "k1"})
    answer = api.send(method, path, body, **{"idempotency-key": "k1"})
    assert (answer.status_code, answer.json()["code"], count(workspace)) == (422, "idempotency_key_reused", 1)


def test_callers_do_not_share_keys(api: Api, other_api: Api, workspace: Workspace, other_workspace: Workspace) -> None:
    for one in (api, other_api, Api(workspace, make_key(workspace))):
        assert one.post("/invitations", BODY, **{"idempotency-key": "k1"}).status_code == 201
    assert (count(workspace), count(other_workspace)) == (2, 1)


def test_a_refusal_for_good_is_replayed_and_one_for_now_is_not(api: Api, workspace: Workspace) -> None:
    assert [api.post("/invitations", {"role": "king"}, **{"idempotency-key": "bad"}).status_code for _ in range(2)] == [422, 422]
    secret = make_key(workspace, ["staff.read"])
    narrow = Api(workspace, secret)
    assert narrow.post("/invitations", BODY, **{"idempotency-key": "k1"}).status_code == 403
    APIKey.objects.in_workspace(workspace).filter(key_hash=hash_secret(secret)).update(
        scopes=["staff.manage", *api.get("/roles").json()["roles"][5]["permissions"]]
    )
    forget_keys()
    assert narrow.post("/invitations", BODY, **{"idempotency-key": "k1"}).status_code == 201
    assert IdempotentReply.objects.count() == 2


def test_nothing_is_replayed_to_a_revoked_key_or_an_ended_session(workspace: Workspace, console: Browser) -> None:
    secret = make_key(workspace)
    api = Api(workspace, secret)
    assert api.post("/invitations", BODY, **{"idempotency-key": "k1"}).status_code == 201
    APIKey.objects.in_workspace(workspace).update(revoked_at=clock.now())
    forget_keys()
    assert api.post("/invitations", BODY, **{"idempotency-key": "k1"}).status_code == 401
    path = f"/api/workspaces/{workspace.pk}/invitations"
    session = console.session_key
    assert console.send("POST", path, BODY, **{"idempotency-key": "k2"}).status_code == 201
    console.send("DELETE", "/api/session")
    console.http.cookies["hutong_session"] = session
    assert console.send("POST", path, BODY, **{"idempotency-key": "k2"}).status_code == 401
    assert count(workspace) == 2


def test_kept_answers_are_sealed(api: Api) -> None:
    made = api.post("/keys", {"name": "k", "scopes": ["members.read"]}, **{"idempotency-key": "k1"}).json()
    kept = IdempotentReply.objects.get()
    stored = f"{kept.key_hash}{kept.request_hash}{kept.headers}".encode() + bytes(kept.body)
    assert kept.status == 201
    assert not any(part in stored for part in (b"k1", made["secret"].encode(), made["key"]["prefix"].encode(), b"members.read"))


def test_answers_that_set_cookies_are_not_kept(owner: Any) -> None:
    browser = Browser()
    body = {"email": owner.email, "password": "correct horse battery"}
    answers = [browser.send("POST", "/api/session", body, **{"idempotency-key": "k1"}) for _ in range(2)]
    assert [(one.status_code, set(one.cookies)) for one in answers] == [(200, {"hutong_session", "csrftoken"})] * 2
    assert IdempotentReply.objects.count() == 0


def test_reading_ignores_the_key(api: Api) -> None:
    for _ in range(2):
        assert api.http.get(api.url("/staff"), headers={"idempotency-key": "k1"}).status_code == 200
    assert IdempotentReply.objects.count() == 0


def test_too_large_a_body_is_refused_as_ever(api: Api) -> None:
    answer = api.post("/invitations", {"role": "x" * 3_000_000}, **{"idempotency-key": "k1"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def in_flight(api: Api) -> None:
    api.post("/invitations", BODY, **{"idempotency-key": "k1"})
    IdempotentReply.objects.update(status=None, body=b"")
    Invitation.objects.in_workspace(api.workspace).delete()


def test_refused_while_in_flight_and_freed_when_the_process_is_gone(workspace: Workspace) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 1, tzinfo=dt.UTC), tick=False) as traveller:
        api = Api(workspace, make_key(workspace))
        in_flight(api)
        answer = api.post("/invitations", BODY, **{"idempotency-key": "k1"})
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_flight")
        assert api.post("/invitations", {"role": "owner"}, **{"idempotency-key": "k1"}).json()["code"] == "idempotency_key_reused"
        traveller.shift(dt.timedelta(minutes=5))
        assert api.post("/invitations", BODY, **{"idempotency-key": "k1"}).status_code == 201
        assert api.post("/invitations", BODY, **{"idempotency-key": "k1"}).headers["Idempotent-Replayed"] == "true"
        assert count(workspace) == 1


@pytest.mark.django_db(transaction=True)
def test_racing_retries_have_one_effect(workspace: Workspace) -> None:
    secret = make_key(workspace)
    gate = threading.Barrier(8)
    outcomes: list[tuple[int, str]] = []

    def run() -> None:
        api = Api(workspace, secret)
        gate.wait()
        answer = api.post("/invitations", BODY, **{"idempotency-key": "k1"})
        outcomes.append((answer.status_code, answer.json().get("code", "")))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) <= {(201, ""), (409, "idempotency_key_in_flight")}
    assert (201, "") in outcomes
    assert count(workspace) == 1
