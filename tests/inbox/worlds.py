"""A private chat and a group on a pretend platform, and the responder that follows them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

import msgspec
from django.db import transaction

from hutong.channels.actions import inbound
from hutong.channels.contract import Chat, Inbound
from hutong.channels.models import Account
from hutong.events.models import LogEntry
from hutong.events.responders import Happening
from hutong.foundation import clock
from hutong.inbox import following
from hutong.inbox.models import Conversation, InboxMessage
from hutong.workspaces.models import Workspace
from tests.channels.pretend import message

NOW = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)
PRIVATE = Chat(id="u1", kind="dm", name="小明")


def wrote(text: str, number: int, *, chat: Chat = PRIVATE, seconds: int = 0, **more: object) -> Inbound:
    """小明 wrote, so many seconds from now."""
    return message(text, number, chat=chat, at_ms=clock.to_ms(NOW) + seconds * 1000, **more)  # type: ignore[arg-type]


def happenings() -> list[Happening]:
    """All of the log that the responder takes, in order."""
    rows = LogEntry.objects.filter(name__in=following.NAMES).order_by("seq").values_list("body", flat=True)
    return [msgspec.json.decode(bytes(body), type=Happening) for body in rows]


def follow(events: Sequence[Happening] | None = None) -> None:
    """The responder takes these, or everything there is."""
    with transaction.atomic():
        following.take(happenings() if events is None else events)


def told(account: Account, *events: Inbound) -> None:
    """The platform tells, the responder follows."""
    inbound.receive(account, events)
    follow()


def forget() -> None:
    """As though nothing had been followed."""
    Conversation.objects.across_workspaces().delete()


def state(workspace: Workspace) -> list[object]:
    """Everything a page would show of the conversations, without ids."""
    rows = Conversation.objects.in_workspace(workspace).order_by("name", "chat_id")
    return [
        (
            (one.name, one.state, one.last_at, one.last_direction, one.last_excerpt, one.waiting_since, one.opened_at, one.closed_at, one.thread),
            [
                (line.external_id, line.direction, line.at, line.text, line.edited_at, line.recalled_at)
                for line in InboxMessage.objects.in_workspace(workspace).filter(conversation=one).order_by("at", "external_id")
            ],
            [
                (one_round.opened_at, one_round.answered_at, one_round.closed_at)
                for one_round in one.rounds.in_workspace(workspace).order_by("opened_at")
            ],
        )
        for one in rows
    ]


def shuffled(events: Sequence[Happening], chance: random.Random) -> list[list[Happening]]:
    """In another order, some of them twice, in batches."""
    some = [*events, *chance.sample(events, k=chance.randrange(len(events) + 1))]
    chance.shuffle(some)
    batches = []
    while some:
        size = chance.randrange(1, len(some) + 1)
        batches.append(some[:size])
        some = some[size:]
    return batches
