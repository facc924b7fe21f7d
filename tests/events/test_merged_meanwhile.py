"""A person the writer knows is merged just before its transaction begins: the event is already the kept member's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
import pytest
from django.db import connection, transaction

from hutong.communities.models import Community, Group
from hutong.events import log, places, sources
from hutong.events.ingest import calls
from hutong.events.ingest.writer import Command, Writer
from hutong.events.models import LogEntry
from hutong.events.row import decode
from hutong.foundation import clock
from hutong.members.actions import merges
from hutong.members.models import Identity
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Known:
    """A writer that knows two people, and the next event of the second."""

    workspace: Workspace
    place: places.Place
    writer: Writer = field(default_factory=Writer)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    replies: list[tuple[int, int] | None] = field(default_factory=list)

    def command(self, user: str, number: int) -> Command:
        raw = msgspec.json.encode(
            {"type": "track", "userId": user, "anonymousId": f"visitor-{user}", "event": "order_paid", "messageId": f"m{number}"}
        )
        event = calls.read_raw(raw, place=self.place, received_ms=clock.now_ms())
        return Command(self.place.workspace_id, [event], self.loop, lambda result, _: self.replies.append(result))

    def member(self, user: str) -> UUID:
        return Identity.objects.in_workspace(self.workspace).get(external_id=user).member_id

    def write(self, command: Command) -> tuple[int, int]:
        self.writer._commit([command])
        self.loop.run_until_complete(asyncio.sleep(0))
        (result,) = self.replies
        self.replies.clear()
        assert result is not None
        return result

    def merge(self) -> None:
        merges.merge(self.workspace, actor=SYSTEM, kept_id=self.member("a"), absorbed_id=self.member("b"))


@pytest.fixture
def known(workspace: Workspace, community: Community, group: Group) -> Iterator[Known]:
    places.forget()
    _, key = sources.create(workspace, actor=SYSTEM, name="官网", community_id=None, group_id=group.pk)
    place = places.place_of(key)
    assert place is not None
    found = Known(workspace, place)
    log.on_member_change(found.writer.forget_people)
    for number, user in enumerate(("a", "b")):
        assert found.write(found.command(user, number)) == (1, 0)
    yield found
    log._on_member_change.remove(found.writer.forget_people)
    found.loop.close()


def named() -> tuple[str, str]:
    """The member of the late event, and the one its identity was made for."""
    rows = [decode(bytes(body)) for body in LogEntry.objects.filter(name="order_paid").values_list("body", flat=True)]
    (late,) = [row for row in rows if row.id == "m2"]
    return late.member_id, late.origin_id


def test_between_the_look_and_the_transaction(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, absorbed = str(known.member("a")), str(known.member("b"))
    bare: Callable[[], AbstractContextManager[None]] | None = getattr(connection, "bare_transaction", None)
    if bare is None:
        pytest.skip("this engine has one kind of transaction")

    def waited() -> AbstractContextManager[None]:
        monkeypatch.undo()
        known.merge()
        return bare()

    monkeypatch.setattr(connection, "bare_transaction", waited)
    assert known.write(known.command("b", 2)) == (1, 0)
    assert named() == (kept, absorbed)


def test_between_the_commit_of_the_merge_and_what_follows_it(known: Known) -> None:
    kept, absorbed = str(known.member("a")), str(known.member("b"))
    answers: list[tuple[int, int]] = []
    with transaction.atomic():
        transaction.on_commit(lambda: answers.append(known.write(known.command("b", 2))))
        known.merge()
    assert answers == [(1, 0)]
    assert named() == (kept, absorbed)
