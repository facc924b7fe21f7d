"""What tests of welcomes share: a pretend platform whose chat is a group of ours, and newcomers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from hutong.channels.actions import inbound
from hutong.channels.contract import Chat, Inbound, Origin, Person
from hutong.channels.models import Account, Send
from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.foundation import clock
from hutong.welcomes.actions import definitions
from hutong.welcomes.models import Welcome
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.channels.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.channels.pretend import CHAT

NOW = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)  # noon in Shanghai


@pytest.fixture
def frozen() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def linked(workspace: Workspace, community: Community) -> Group:
    return Group.objects.create(workspace=workspace, community=community, name="一群", channel="pretend", external_id="c1")


@pytest.fixture
def make(workspace: Workspace) -> Callable[..., Welcome]:
    def put(name: str = "欢迎", *messages: dict[str, Any], **given: Any) -> Welcome:
        said = list(messages) or [message("{{name|朋友}}，欢迎来{{group}}")]
        return definitions.create(workspace, actor=SYSTEM, given={"name": name, "messages": said, "is_on": True, **given})

    return put


def message(text: str, **more: Any) -> dict[str, Any]:
    return {
        "parts": [{"kind": "text", "text": text}],
        "delay_seconds": 0,
        "place": "group",
        "otherwise": "none",
        "mentions": False,
    } | more


def happens(account: Account, kind: str, who: str, *, name: str = "", chat: Chat = CHAT, source: Origin | None = None, **more: Any) -> None:  # noqa: F811
    """Somebody does something now, and the log is read to its end."""
    person = Person(id=who, name=name or who, **more)
    key = f"{kind}/{who}/{chat.id}/{clock.now_ms()}"
    event = Inbound(type=kind, dedupe_key=key, occurred_at_ms=clock.now_ms(), chat=chat, actor=person, source=source)  # type: ignore[arg-type]
    inbound.receive(account, [event])
    subscribers.drain()


def joins(account: Account, who: str, **more: Any) -> None:  # noqa: F811
    happens(account, "member.joined", who, **more)


def leaves(account: Account, who: str, **more: Any) -> None:  # noqa: F811
    happens(account, "member.left", who, **more)


def sent(workspace: Workspace) -> list[tuple[str, str, str]]:
    """(chat, excerpt, state) of the outbox, in order."""
    return list(Send.objects.in_workspace(workspace).order_by("created_at", "id").values_list("chat_ref", "excerpt", "state"))
