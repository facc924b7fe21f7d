"""Deny by default: every operation of the live document, tried by every kind of caller; what each gets follows from `x-permission`."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from ninja import Router as PlainRouter

from hutong.config.api import api as the_api
from hutong.foundation import clock
from hutong.workspaces import access, sessions
from hutong.workspaces.models import ROLES, APIKey, Staff, User, Workspace

# Sent by POST since they are too long for an address; they change nothing.
QUESTIONS = {
    "automation_action_sentence",
    "automation_trigger_sentence",
    "journeys_check",
    "conditions_preview",
    "conditions_sentence",
    "life_cycle_preview",
    "replies_test",
    "messages_preview",
    "broadcasts_dates",
    "sending_rules_test",
}
OF_THEIR_OWN = {"alert_subscriptions_change_mine"}  # change nothing but what the caller is told
PUBLIC_OPERATIONS = {"setup_get", "setup_create", "session_get", "session_create", "invitation_view", "invitation_accept"}
ORIGIN = "http://testserver"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    id: str
    method: str
    path: str
    permission: str
    body: str  # the content type it takes, or ""

    @property
    def is_scoped(self) -> bool:
        return "{workspace_id}" in self.path

    def url(self, workspace: Workspace) -> str:
        url = self.path.replace("{workspace_id}", str(workspace.pk))
        while "{" in url:
            start, end = url.index("{"), url.index("}")
            url = url[:start] + str(uuid.uuid4()) + url[end + 1 :]
        return url

    @property
    def acts_unasked(self) -> bool:
        """A write that needs neither a body nor the id of a thing: letting it in would do something."""
        return self.method in WRITES and not self.body and self.path.count("{") == (1 if self.is_scoped else 0)


@cache
def operations() -> tuple[Operation, ...]:
    document = the_api.get_openapi_schema()
    found = []
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            content = list(one.get("requestBody", {}).get("content", {}))
            found.append(Operation(one["operationId"], method.upper(), path, one.get("x-permission", ""), content[0] if content else ""))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who calls: with which credentials, and what they may do where."""

    name: str
    headers: dict[str, str]
    cookies: dict[str, str]
    home: Workspace | None
    permissions: frozenset[str]
    kind: str  # user | key | nobody

    def call(self, operation: Operation, workspace: Workspace) -> HttpResponse:
        client = Client(headers={"accept-language": "en"})
        for name, value in self.cookies.items():
            client.cookies[name] = value
        body = "" if operation.method == "GET" else "{"  # never well formed: being let in must not change anything
        return client.generic(
            operation.method, operation.url(workspace), body, content_type=operation.body or "application/json", headers=self.headers
        )

    def expects(self, operation: Operation, workspace: Workspace) -> tuple[int, str] | None:
        """The refusal this caller must meet, None when let in."""
        if operation.permission == access.PUBLIC:
            return None
        if self.kind == "nobody" or (operation.permission == access.SIGNED_IN and self.kind != "user"):
            return 401, "not_signed_in"
        if operation.permission == access.SIGNED_IN:
            return None
        if self.home is None or self.home.pk != workspace.pk:
            return 404, "not_found"
        return None if operation.permission in self.permissions else (403, "not_allowed")


def refusal(answer: HttpResponse) -> tuple[int, str] | None:
    """The guard's refusal, None when it let the caller in (whatever came of it)."""
    if answer.status_code >= 500:
        return answer.status_code, answer.content.decode()
    if answer.status_code not in (401, 403, 404) or answer.headers["Content-Type"] != "application/problem+json":
        return None
    problem = json.loads(answer.content)
    if answer.status_code == 404 and problem["params"]["what"] != "workspace":
        return None
    if problem["code"] == "invitation_spent":
        return None
    return answer.status_code, problem["code"]


def key(workspace: Workspace, scopes: frozenset[str], **fields: Any) -> str:
    secret = f"htk_{secrets.token_urlsafe(24)}"
    APIKey.objects.create(workspace=workspace, name="k", prefix=secret[:12], key_hash=access.hash_secret(secret), scopes=sorted(scopes), **fields)
    return secret


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def every_permission() -> frozenset[str]:
    return frozenset(one.name for one in access.permissions())


def session(workspace: Workspace | None, role: str) -> tuple[dict[str, str], dict[str, str], User]:
    user = User.objects.create(email=f"{secrets.token_hex(6)}@example.com", name=role, password="!")
    if workspace is not None:
        Staff.objects.create(workspace=workspace, user=user, role=role)
    request, response = HttpRequest(), HttpResponse()
    request.session = SessionStore()
    sessions.start(request, user)
    sessions.give_token(request, response)
    return {"origin": ORIGIN, "x-csrftoken": response.cookies["csrftoken"].value}, {"hutong_session": str(request.session.session_key)}, user


@pytest.fixture
def callers(workspace: Workspace, other_workspace: Workspace) -> list[Caller]:
    """Each role here and elsewhere, keys good and bad, people without a place, and nobody."""
    every = every_permission()
    moment = clock.now()
    nobody = frozenset[str]()
    found = [
        Caller("anonymous", {}, {}, None, nobody, "nobody"),
        Caller("made-up session", {"origin": ORIGIN}, {"hutong_session": "x" * 32}, None, nobody, "nobody"),
        Caller("made-up key", bearer("htk_made-up"), {}, None, nobody, "nobody"),
        Caller("revoked key", bearer(key(workspace, every, revoked_at=moment)), {}, None, nobody, "nobody"),
        Caller("expired key", bearer(key(workspace, every, expires_at=moment - dt.timedelta(seconds=1))), {}, None, nobody, "nobody"),
        Caller("key with every scope", bearer(key(workspace, every)), {}, workspace, every, "key"),
        Caller("key without scopes", bearer(key(workspace, nobody)), {}, workspace, nobody, "key"),
        Caller("key of the other workspace", bearer(key(other_workspace, every)), {}, other_workspace, every, "key"),
    ]
    for role in ROLES:
        headers, cookies, _ = session(workspace, role)
        found.append(Caller(role, headers, cookies, workspace, access.permissions_of_role(role), "user"))
    headers, cookies, _ = session(other_workspace, "owner")
    found.append(Caller("owner of the other workspace", headers, cookies, other_workspace, every, "user"))
    headers, cookies, _ = session(None, "nobody")
    found.append(Caller("signed in, no place", headers, cookies, None, nobody, "user"))
    headers, cookies, gone = session(workspace, "owner")
    Staff.objects.in_workspace(workspace).filter(user=gone).delete()
    found.append(Caller("removed owner", headers, cookies, None, nobody, "user"))
    return found


def test_every_operation_declares_its_permission() -> None:
    known = {one.name for one in access.permissions()} | {access.PUBLIC, access.SIGNED_IN}
    assert [one for one in operations() if one.permission not in known] == []
    assert [one.id for one in operations() if one.is_scoped == (one.permission in (access.PUBLIC, access.SIGNED_IN))] == []
    assert {one.id for one in operations() if one.permission == access.PUBLIC} == PUBLIC_OPERATIONS
    names = [one.id for one in operations()]
    assert len(names) == len(set(names))


def test_reading_asks_for_a_right_to_read_and_writing_for_more() -> None:
    viewer = access.permissions_of_role("viewer")
    assert {one.id for one in operations() if one.is_scoped and one.method in WRITES and one.permission in viewer} == QUESTIONS | OF_THEIR_OWN


def test_an_operation_without_permission_does_not_load() -> None:
    router = access.Router()
    with pytest.raises(TypeError, match="permission"):
        router.get("/open")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"outside access\.Router"):
        access.verify_operations([PlainRouter(tags=["open"])])


def test_an_operation_with_an_unknown_permission_does_not_load() -> None:
    before = list(access._operations)
    try:
        access.Router().get("/odd", permission="odd.read")(lambda request: None)
        with pytest.raises(RuntimeError, match=r"GET /odd asks for a permission nobody declared: odd\.read"):
            access.verify_operations([])
    finally:
        access._operations[:] = before
    access.verify_operations([])


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)
def test_every_caller_gets_exactly_what_the_permission_says(
    operation: Operation, callers: list[Caller], workspace: Workspace, other_workspace: Workspace
) -> None:
    only = key(workspace, frozenset({operation.permission}))
    but = key(workspace, every_permission() - {operation.permission})
    extra = [
        Caller("key with this scope only", bearer(only), {}, workspace, frozenset({operation.permission}), "key"),
        Caller("key with every other scope", bearer(but), {}, workspace, every_permission() - {operation.permission}, "key"),
    ]
    wrong = []
    for caller in [*callers, *extra]:
        for place in (workspace, other_workspace) if operation.is_scoped else (workspace,):
            expected = caller.expects(operation, place)
            if expected is None and (operation.acts_unasked or operation.id == "invitation_accept"):
                continue
            with transaction.atomic():
                got = refusal(caller.call(operation, place))
                transaction.set_rollback(True)
            if got != expected:
                wrong.append((caller.name, place.name, got, expected))
    assert wrong == []


@pytest.mark.parametrize("change", [{"x-csrftoken": "0" * 64}, {"x-csrftoken": ""}, {"origin": "https://evil.example"}, {"origin": "null"}], ids=str)
def test_no_session_writes_without_proof_of_origin(workspace: Workspace, change: dict[str, str]) -> None:
    headers, cookies, _ = session(workspace, "owner")
    caller = Caller("forged", {**headers, **change}, cookies, workspace, every_permission(), "user")
    writes = [one for one in operations() if one.method in WRITES and one.permission != access.PUBLIC]
    assert {one.id: refusal(caller.call(one, workspace)) for one in writes} == {one.id: (403, "bad_origin") for one in writes}
