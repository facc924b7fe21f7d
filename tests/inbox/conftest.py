"""What tests of the inbox share: a pretend platform and an account on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hutong.channels import connections, platforms
from hutong.channels.contract import Capabilities, Limits
from hutong.channels.models import Account
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import World


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., World]]:
    """Puts a pretend platform among the real ones, for one test."""

    def put(platform: str = "pretend", *, capabilities: Capabilities | None = None, limits: Limits | None = None) -> World:
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
