"""What tests of alerts share: a group with people who talk, at moments that stand still."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from hutong.alerts import watching
from hutong.alerts.models import Alert
from hutong.events import subscribers
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.models import Member
from hutong.workspaces.models import Workspace
from tests.channels.conftest import account, offer, world  # noqa: F401 - fixtures

NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)  # Monday, half past noon in Shanghai


@pytest.fixture(autouse=True)
def frozen() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(workspace: Workspace) -> Callable[..., Member]:
    def make(name: str, **more: Any) -> Member:
        return Member.objects.create(workspace=workspace, name=name, first_seen_at=NOW, last_seen_at=NOW, **more)

    return make


def says(group: Any, who: Member | None, text: str = "好", *, name: str = "message_sent", **more: Any) -> None:
    """Something of the group, now, read by everybody who reads the log."""
    properties = more.pop("properties", {})
    stream.record(
        Fact(
            workspace_id=group.workspace_id,
            name=name,
            member_id=who.pk if who else None,
            community_id=group.community_id,
            group_id=group.pk,
            channel="qq",
            source="account:1",
            text=text,
            occurred_at=more.pop("at", clock.now()),
            properties=properties,
            **more,
        )
    )
    subscribers.drain()


def look(workspace: Workspace) -> list[tuple[str, str]]:
    """Look, and give (cause's kind, state) of every alert in order."""
    watching.look()
    return list(Alert.objects.in_workspace(workspace).order_by("raised_at", "id").values_list("kind", "state"))
