"""What tests of broadcasts share: a platform, people on it, a segment of them, and a broadcast to that segment."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest

from hutong.broadcasts import tasks, work
from hutong.channels import connections, platforms
from hutong.channels.contract import Capabilities, Limits
from hutong.channels.models import Account
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import World

OPEN = Capabilities(has_send_key=True, opens_dm=True)
assert tasks


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., World]]:
    def put(platform: str = "pretend", *, capabilities: Capabilities = OPEN, limits: Limits | None = None) -> World:
        world, connector = pretend.make(platform, capabilities=capabilities, limits=limits)
        monkeypatch.setitem(platforms._connectors, platform, connector)
        return world

    yield put
    connections.forget_all()


@pytest.fixture
def world(offer: Callable[..., World]) -> World:
    return offer()


@pytest.fixture
def account(workspace: Workspace, world: World) -> Account:
    return pretend.account(workspace)


def enqueue(run_id: uuid.UUID) -> None:
    work.perform(run_id)
