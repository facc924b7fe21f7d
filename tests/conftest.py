"""Fixtures every test may use: workspaces, staff, keys and an API client."""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.sqlite3.base import Database
from django.db.backends.sqlite3.creation import DatabaseCreation
from django.http import HttpResponse
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

import hutong.config.api  # noqa: F401 - installs what the features contribute
from hutong.communities.models import Community, Group
from hutong.config.migrating import SCHEMA
from hutong.events.warehouse import engine
from hutong.workspaces import access
from hutong.workspaces.models import APIKey, Staff, User, Workspace

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def shared(path: str) -> Path:
    """A file of real data, or a skip that says why."""
    found = SHARED_DATA / path
    if not found.exists():
        pytest.skip(f"real data not present: ../shared/data/{path}")
    return found


@pytest.fixture(scope="module", autouse=True)
def _empty_warehouse() -> None:
    """Each module begins with an empty warehouse: what others left would make every rewrite of it slower."""
    if engine._clients:
        found = engine.rows("SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND total_rows > 0")
        for (name,) in found:
            engine.command(f"TRUNCATE TABLE {name}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' own store is laid out as a first start does it; test_schema shows that the migrations make the same."""
    create = DatabaseCreation._create_test_db

    def laid_out(self: DatabaseCreation, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name: str = create(self, verbosity, autoclobber, keepdb)
        if not keepdb:
            with closing(Database.connect(name)) as store:
                store.executescript(SCHEMA.read_text())
        return name

    DatabaseCreation._create_test_db = laid_out


class _ByModule(LoadScopeScheduling):  # type: ignore[misc]
    """Where tests run side by side a module stays together, and there is one browser at a time: two would make each other wait."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/console/") else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByModule:
    """How tests are given to processes."""
    return _ByModule(config, log)


class Api:
    """The HTTP API as one caller sees it. Paths are relative to the workspace, or absolute when they start with /api."""

    def __init__(self, workspace: Workspace, key: str, language: str = "en") -> None:
        self.workspace = workspace
        self.http = Client(headers={"authorization": f"Bearer {key}", "accept-language": language})

    def url(self, path: str) -> str:
        return path if path.startswith("/api") else f"/api/workspaces/{self.workspace.pk}{path}"

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.http.get(self.url(path), {k: v for k, v in query.items() if v is not None})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        data = "" if body is None else json.dumps(body)
        return self.http.generic(method, self.url(path), data, content_type="application/json", headers=headers or None)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.send("DELETE", path, **headers)


def make_key(workspace: Workspace, scopes: list[str] | None = None) -> str:
    """An API key of the workspace with those permissions (all when not said)."""
    secret = f"htk_{secrets.token_urlsafe(24)}"
    names = [p.name for p in access.permissions()] if scopes is None else scopes
    APIKey.objects.create(workspace=workspace, name="test", prefix=secret[:12], key_hash=access.hash_secret(secret), scopes=names)
    return secret


@pytest.fixture
def workspace(db: None) -> Workspace:
    access.forget_keys()
    return Workspace.objects.create(name="测试工作区")


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Other workspace", language="en")


@pytest.fixture
def owner(workspace: Workspace) -> User:
    user = User(email="owner@example.com", name="王芳")
    user.set_password("correct horse battery")
    user.save()
    Staff.objects.create(workspace=workspace, user=user, role="owner")
    return user


@pytest.fixture
def community(workspace: Workspace) -> Community:
    return Community.objects.create(workspace=workspace, name="胡同读书会")


@pytest.fixture
def group(community: Community) -> Group:
    return Group.objects.create(workspace=community.workspace, community=community, name="一群", channel="irc")


@pytest.fixture
def api(workspace: Workspace) -> Api:
    return Api(workspace, make_key(workspace))


@pytest.fixture
def other_api(other_workspace: Workspace) -> Api:
    return Api(other_workspace, make_key(other_workspace))
