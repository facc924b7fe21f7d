"""Sessions: who gets in with which cookie, token and origin, and when a session ends."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.test import override_settings

from hutong.foundation import clock
from hutong.workspaces.models import Staff, User, Workspace
from tests.conftest import make_key
from tests.workspaces.browser import ORIGIN, PASSWORD, Browser
from tests.workspaces.conftest import Hire

OK = (200, "")
REFUSED = (403, "bad_origin")
NOBODY = (401, "not_signed_in")


def outcome(answer: Any) -> tuple[int, str]:
    """Status, and the code where it is a problem."""
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""


WRITES: list[tuple[str, dict[str, str | None], tuple[int, str]]] = [
    ("the console's own page", {}, OK),
    ("the public address", {"origin": "http://127.0.0.1:8000"}, OK),
    ("capital letters", {"origin": "HTTP://TestServer"}, OK),
    ("referer in place of origin", {"origin": None, "referer": "http://testserver/settings?x=1"}, OK),
    ("origin goes before referer", {"referer": "https://evil.example/"}, OK),
    ("neither origin nor referer", {"origin": None}, REFUSED),
    ("another site", {"origin": "https://evil.example"}, REFUSED),
    ("another site with our referer", {"origin": "https://evil.example", "referer": "http://testserver/"}, REFUSED),
    ("opaque origin", {"origin": "null"}, REFUSED),
    ("empty origin", {"origin": ""}, REFUSED),
    ("another scheme", {"origin": "https://testserver"}, REFUSED),
    ("another port", {"origin": "http://testserver:81"}, REFUSED),
    ("a subdomain", {"origin": "http://x.testserver"}, REFUSED),
    ("our name as a prefix", {"origin": "http://testserver.evil.example"}, REFUSED),
    ("our name as a user", {"origin": "http://testserver@evil.example"}, REFUSED),
    ("our address with a path", {"origin": "http://testserver/"}, REFUSED),
    ("two origins", {"origin": "http://testserver http://evil.example"}, REFUSED),
    ("another site's referer", {"origin": None, "referer": "https://evil.example/?http://testserver/"}, REFUSED),
    ("a broken referer", {"origin": None, "referer": "http://["}, REFUSED),
    ("an empty referer", {"origin": None, "referer": ""}, REFUSED),
    ("a host that is not ours", {"host": "evil.example", "origin": "http://evil.example"}, REFUSED),
    ("no token", {"x-csrftoken": None}, REFUSED),
    ("empty token", {"x-csrftoken": ""}, REFUSED),
    ("wrong token", {"x-csrftoken": "0" * 64}, REFUSED),
    ("token in capitals", {"x-csrftoken": "UPPER"}, REFUSED),
    ("token cut short", {"x-csrftoken": "CUT"}, REFUSED),
    ("token with other letters", {"x-csrftoken": "ｔｏｋｅｎ"}, REFUSED),
    ("token under another name", {"x-csrftoken": None, "x-csrf-token": "TOKEN"}, REFUSED),
    ("token in the cookie only", {"x-csrftoken": None, "x-xsrf-token": "TOKEN"}, REFUSED),
]


@pytest.mark.parametrize(("headers", "expected"), [pytest.param(h, e, id=name) for name, h, e in WRITES])
def test_write(console: Browser, owner: User, headers: dict[str, str | None], expected: tuple[int, str]) -> None:
    token = console.token
    known = {"UPPER": token.upper(), "CUT": token[:-1], "TOKEN": token}
    sent: dict[str, str | None] = {"origin": ORIGIN, "x-csrftoken": token, **headers}
    exact = {name: known.get(value, value) for name, value in sent.items() if value is not None}
    assert outcome(console.raw("PATCH", "/api/account", {"name": "新名"}, exact)) == expected
    owner.refresh_from_db()
    assert owner.name == ("新名" if expected == OK else "王芳")


def test_reading_needs_neither_token_nor_origin(console: Browser, workspace: Workspace) -> None:
    answer = console.http.get(f"/api/workspaces/{workspace.pk}", headers={"origin": "https://evil.example"})
    assert outcome(answer) == OK


def test_token_of_another_session(console: Browser, owner: User) -> None:
    second = Browser()
    second.sign_in(owner.email)
    assert second.token != console.token
    assert outcome(console.send("PATCH", "/api/account", {"name": "X"}, **{"x-csrftoken": second.token})) == REFUSED


def test_planted_token_cookie_does_not_help(console: Browser) -> None:
    planted = "a" * 64
    console.http.cookies["csrftoken"] = planted
    assert outcome(console.send("PATCH", "/api/account", {"name": "X"}, **{"x-csrftoken": planted})) == REFUSED


def test_no_cookie(db: None, workspace: Workspace) -> None:
    assert outcome(Browser().get(f"/api/workspaces/{workspace.pk}")) == NOBODY
    assert Browser().get("/api/session").json() == {"user": None, "staff": []}


def test_made_up_cookie(console: Browser, workspace: Workspace) -> None:
    console.http.cookies["hutong_session"] = "x" * 32
    assert outcome(console.get(f"/api/workspaces/{workspace.pk}")) == NOBODY


@pytest.mark.parametrize(
    "change", [{"proof": "0" * 64}, {"user": "018f0000-0000-7000-8000-000000000000"}, {"user": None}, {"proof": 7}, {"user": {"a": 1}}]
)
def test_session_that_names_nobody(console: Browser, workspace: Workspace, change: dict[str, Any]) -> None:
    store = SessionStore(console.session_key)
    for name, value in change.items():
        store[name] = value
    store.save()
    assert outcome(console.get(f"/api/workspaces/{workspace.pk}")) == NOBODY


def test_reading_anonymously_starts_no_session(db: None) -> None:
    answer = Browser().get("/api/session")
    assert dict(answer.cookies) == {}


def test_ends_after_fourteen_days(owner: User, workspace: Workspace) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC), tick=False) as traveller:
        browser = Browser()
        browser.sign_in(owner.email)
        key = browser.session_key
        traveller.shift(dt.timedelta(days=14, seconds=-1))
        assert outcome(browser.get(f"/api/workspaces/{workspace.pk}")) == OK
        traveller.shift(dt.timedelta(seconds=2))
        browser.http.cookies["hutong_session"] = key
        assert outcome(browser.get(f"/api/workspaces/{workspace.pk}")) == NOBODY


def test_signing_out_ends_it_in_the_store(console: Browser, workspace: Workspace) -> None:
    key, token = console.session_key, console.token
    answer = console.send("DELETE", "/api/session")
    assert answer.status_code == 204
    assert {name: (one.value, one["max-age"]) for name, one in answer.cookies.items()} == {"csrftoken": ("", 0), "hutong_session": ("", 0)}
    console.http.cookies["hutong_session"] = key
    assert outcome(console.get(f"/api/workspaces/{workspace.pk}")) == NOBODY
    assert outcome(console.send("DELETE", "/api/session", **{"x-csrftoken": token})) == NOBODY


def test_new_password_ends_the_other_sessions_only(console: Browser, owner: User, workspace: Workspace) -> None:
    other = Browser()
    other.sign_in(owner.email)
    before = console.session_key
    answer = console.send("POST", "/api/account/password", {"old_password": PASSWORD, "new_password": "grey bricks in rain"})
    assert outcome(answer) == OK
    assert console.session_key != before
    assert outcome(console.get(f"/api/workspaces/{workspace.pk}")) == OK
    assert outcome(console.send("PATCH", "/api/account", {"name": "芳"})) == OK
    assert outcome(other.get(f"/api/workspaces/{workspace.pk}")) == NOBODY
    old = Browser()
    old.http.cookies["hutong_session"] = before
    assert outcome(old.get(f"/api/workspaces/{workspace.pk}")) == NOBODY


@pytest.mark.parametrize(
    "end", [lambda user: User.objects.filter(pk=user.pk).update(is_active=False), lambda user: user.delete()], ids=["closed", "deleted"]
)
def test_ends_with_the_account(console: Browser, owner: User, workspace: Workspace, end: Callable[[User], Any]) -> None:
    end(owner)
    assert outcome(console.get(f"/api/workspaces/{workspace.pk}")) == NOBODY


def test_place_and_role_count_at_once(console: Browser, owner: User, workspace: Workspace) -> None:
    place = Staff.objects.in_workspace(workspace).filter(user=owner)
    place.update(role="viewer")
    assert outcome(console.get(f"/api/workspaces/{workspace.pk}/audit")) == (403, "not_allowed")
    place.delete()
    assert outcome(console.get(f"/api/workspaces/{workspace.pk}")) == (404, "not_found")
    assert console.get("/api/session").json()["staff"] == []


def test_key_of_the_session_changes_at_sign_in(owner: User, workspace: Workspace) -> None:
    planted = SessionStore()
    planted["user"] = "planted"
    planted.save()
    browser = Browser()
    browser.http.cookies["hutong_session"] = planted.session_key
    browser.sign_in(owner.email)
    assert browser.session_key != planted.session_key
    assert not SessionStore().exists(planted.session_key)
    assert outcome(browser.get(f"/api/workspaces/{workspace.pk}")) == OK


def test_signing_in_as_another_leaves_nothing_of_the_first(console: Browser, workspace: Workspace, other_workspace: Workspace, hire: Hire) -> None:
    first = console.session_key
    hire(other_workspace, "viewer")
    answer = console.sign_in("viewer@example.com")
    assert [one["workspace"]["id"] for one in answer.json()["staff"]] == [str(other_workspace.pk)]
    assert outcome(console.get(f"/api/workspaces/{workspace.pk}")) == (404, "not_found")
    assert not SessionStore().exists(first)


def test_cookies_are_shut_to_scripts_and_other_sites(owner: User) -> None:
    answer = Browser().sign_in(owner.email)
    session, token = answer.cookies["hutong_session"], answer.cookies["csrftoken"]
    assert [session[name] for name in ("httponly", "samesite", "path", "max-age", "domain")] == [True, "Lax", "/", 14 * 86400, ""]
    assert [token[name] for name in ("httponly", "samesite", "path", "max-age", "domain")] == ["", "Lax", "/", 14 * 86400, ""]


def test_cookies_bear_the_host_prefix_under_https() -> None:
    ask = (
        "from hutong.config import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE)"
    )
    env = {**os.environ, "HUTONG_PUBLIC_URL": "https://hutong.example.com"}
    said = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["__Host-hutong_session", "True", "True", "__Host-csrftoken", "True"]


@override_settings(HTTPS=True, PUBLIC_URL="https://hutong.example.com", ALLOWED_HOSTS=["hutong.example.com"])
@pytest.mark.parametrize(("origin", "expected"), [("https://hutong.example.com", OK), ("http://hutong.example.com", REFUSED)])
def test_under_https_a_plain_origin_is_foreign(console: Browser, origin: str, expected: tuple[int, str]) -> None:
    sent = {"host": "hutong.example.com", "origin": origin, "x-csrftoken": console.token}
    assert outcome(console.raw("PATCH", "/api/account", {"name": "X"}, sent)) == expected


@pytest.mark.parametrize("path", ["/api/session", "/api/setup", "/api/invitations/abc"])
def test_open_writes_refuse_other_sites_but_not_programs(db: None, path: str) -> None:
    browser = Browser()
    assert outcome(browser.raw("POST", path, {}, {"origin": "https://evil.example"})) == REFUSED
    assert outcome(browser.raw("POST", path, {}, {"host": "evil.example", "origin": "http://evil.example"})) == REFUSED
    assert browser.raw("POST", path, {}, {}).status_code in (401, 422)


def test_key_goes_before_cookie_and_needs_no_token(console: Browser, workspace: Workspace, other_workspace: Workspace) -> None:
    key = make_key(workspace)
    sent = {"authorization": f"Bearer {key}"}
    assert outcome(console.raw("PATCH", f"/api/workspaces/{workspace.pk}", {"name": "改名"}, sent)) == OK
    assert outcome(console.raw("PATCH", f"/api/workspaces/{workspace.pk}", {"name": "改名"}, {"authorization": f"bearer {key}"})) == OK
    assert outcome(console.raw("GET", f"/api/workspaces/{other_workspace.pk}", None, sent)) == (404, "not_found")
    assert outcome(console.raw("GET", f"/api/workspaces/{workspace.pk}", None, {"authorization": "Bearer htk_wrong"})) == NOBODY
    assert outcome(console.raw("PATCH", "/api/account", {"name": "X"}, sent)) == NOBODY


def test_last_seen_is_kept_to_five_minutes(owner: User, workspace: Workspace) -> None:
    start = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as traveller:
        browser = Browser()
        browser.sign_in(owner.email)
        seen = []
        for _ in range(3):
            browser.get(f"/api/workspaces/{workspace.pk}")
            seen.append(Staff.objects.in_workspace(workspace).get(user=owner).last_seen_at)
            traveller.shift(dt.timedelta(seconds=200))
        assert clock.now() == start + dt.timedelta(seconds=600)
    assert seen == [start, start, start + dt.timedelta(seconds=400)]
