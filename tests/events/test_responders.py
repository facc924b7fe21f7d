"""Answering what just happened: only events of the names asked for, once each, and never in the way of the rest."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from hutong.events import cursors, log, responders, subscribers
from hutong.events.failures import TRIES_MAX, note_failure
from hutong.events.models import Cursor, DeadEvent, LogEntry
from hutong.events.responders import Happening, Responder, at_once, respond
from hutong.foundation import stream
from hutong.foundation.stream import Fact
from hutong.members.models import Member
from hutong.workspaces.models import Workspace

NAMES = frozenset({"message_sent", "member_joined"})


def say(workspace: Workspace, name: str, text: str = "", **properties: object) -> None:
    stream.record(Fact(workspace_id=workspace.pk, name=name, text=text, properties=properties))


def listener(heard: list[str], *, poison: str = "") -> Responder:
    def take(events: Sequence[Happening]) -> None:
        if poison and any(one.text == poison for one in events):
            raise ValueError("cannot")
        heard.extend(one.text for one in events)

    return at_once("listener", NAMES, take)


def seq() -> int:
    return Cursor.objects.filter(pk="listener").values_list("seq", flat=True).first() or 0


def last() -> int:
    """The log's numbers go on from test to test; its end is also how much a new responder passes."""
    return LogEntry.objects.latest("seq").seq


@pytest.mark.django_db
def test_only_events_of_its_names_are_taken_once_each_in_order(workspace: Workspace) -> None:
    heard: list[str] = []
    one = listener(heard)
    say(workspace, "message_sent", "一", chat_id="c")
    say(workspace, "page_viewed", "不看")
    say(workspace, "member_joined", "二")
    assert respond(one) == last()
    assert (heard, seq()) == (["一", "二"], last())
    assert respond(one) == 0
    assert heard == ["一", "二"]


@pytest.mark.django_db
def test_what_is_none_of_its_business_moves_the_cursor_only_at_rest_or_far_behind(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    one = listener([])
    say(workspace, "page_viewed")
    assert (respond(one), seq()) == (last(), last())
    monkeypatch.setattr(responders, "BEHIND_MAX", 2)
    say(workspace, "page_viewed")
    assert (respond(one, is_resting=False), seq()) == (0, last() - 1)
    say(workspace, "page_viewed")
    assert (respond(one, is_resting=False), seq()) == (2, last())
    say(workspace, "page_viewed")
    assert (respond(one), seq()) == (1, last())


@pytest.mark.django_db
def test_a_long_line_is_taken_in_parts(workspace: Workspace) -> None:
    heard: list[str] = []
    for number in range(5):
        say(workspace, "message_sent", str(number))
        say(workspace, "page_viewed")
    while respond(replace(listener(heard), together=2)):
        pass
    assert heard == ["0", "1", "2", "3", "4"]
    assert seq() == last()


@pytest.mark.django_db
def test_a_poisonous_event_is_set_aside_and_the_others_move_on(workspace: Workspace) -> None:
    heard: list[str] = []
    one = listener(heard, poison="毒")
    for text in ("一", "毒", "二"):
        say(workspace, "message_sent", text)
    for _ in range(TRIES_MAX):
        with pytest.raises(ValueError, match="cannot") as caught:
            respond(one)
        note_failure("listener", caught.value)
    assert (heard, seq()) == ([], 0)
    assert respond(one) == last()
    assert heard == ["一", "二"]
    assert DeadEvent.objects.values_list("subscriber", "name", "error").get() == ("listener", "message_sent", "ValueError")
    assert Cursor.objects.get(pk="listener").failures == 0


@pytest.mark.django_db
def test_a_cursor_is_moved_only_by_who_knows_where_it_is() -> None:
    assert cursors.place("listener") == (0, 0)
    assert cursors.move("listener", after=0, to=5)
    assert not cursors.move("listener", after=0, to=7)
    note_failure("listener", ValueError("cannot"))
    assert cursors.place("listener") == (5, 1)
    assert cursors.move("listener", after=5, to=9)
    assert Cursor.objects.values_list("seq", "failures", "last_error", "reserved_to").get(pk="listener") == (9, 0, "", None)


@pytest.mark.django_db
def test_where_another_process_was_there_first_nothing_is_taken(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    say(workspace, "message_sent", "一")
    monkeypatch.setattr(cursors, "place", lambda name: (0, 0))
    Cursor.objects.create(pk="listener", seq=last())
    assert respond(listener(heard)) == 0
    assert (heard, seq()) == ([], last())


@pytest.mark.django_db(transaction=True)
def test_who_writes_back_does_not_wait_for_the_others(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    took: list[str] = []
    over = threading.Event()

    def taking(name: str) -> Callable[[Sequence[Happening]], None]:
        def take(_: Sequence[Happening]) -> None:
            time.sleep(0 if name == "writing" else 0.3)
            took.append(name)
            if len(took) == 4:
                over.set()

        return take

    names = ("one", "two", "three", "writing")
    all_of_them = tuple(at_once(name, NAMES, taking(name), writes_back=name == "writing") for name in names)
    monkeypatch.setattr(responders, "_responders", all_of_them)
    runner = subscribers.Runner(pressure=lambda: 0.0)
    runner.start()
    try:
        say(workspace, "message_sent", "在吗")
        assert over.wait(40)
    finally:
        runner.stop(timeout_seconds=20)
    assert sorted(took) == sorted(names)
    assert took.index("writing") <= 1


@pytest.mark.django_db
def test_the_log_is_kept_until_responders_have_passed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(responders, "_responders", (listener(heard),))
    say(workspace, "message_sent", "一")
    assert "listener" in subscribers.names()
    assert subscribers.forget_read() == 0
    subscribers.drain()
    assert (heard, LogEntry.objects.count()) == (["一"], 0)


@pytest.mark.django_db(transaction=True)
def test_the_runner_answers_within_moments(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    who = Member.objects.create(workspace=workspace, name="小明", first_seen_at="2026-11-01T00:00Z", last_seen_at="2026-11-01T00:00Z")
    seen: list[Happening] = []

    def take(events: Sequence[Happening]) -> None:
        seen.extend(events)
        answered.set()

    monkeypatch.setattr(responders, "_responders", (at_once("listener", NAMES, take),))
    runner = subscribers.Runner(pressure=lambda: 1.0)
    runner.start()
    try:
        stream.record(Fact(workspace_id=workspace.pk, name="message_sent", member_id=who.pk, text="有人吗？", properties={"chat_id": "c"}))
        assert answered.wait(20)
    finally:
        runner.stop(timeout_seconds=20)
    (one,) = seen
    assert (uuid.UUID(one.member_id), one.text, one.is_question, one.properties) == (who.pk, "有人吗？", 1, {"chat_id": "c"})
    assert log.commits > 0


@pytest.mark.django_db(transaction=True)
def test_what_came_in_while_it_began_to_wait_for_more_is_not_passed_over(workspace: Workspace) -> None:
    heard: list[str] = []
    wanted = [frozenset({"page_viewed"})]

    def names() -> frozenset[str]:
        found = wanted[0]
        if "order_paid" not in found:  # somebody asks for more as soon as it has said what it waits for, and that happens at once
            wanted[0] = frozenset({"page_viewed", "order_paid"})
            stream.record(Fact(workspace_id=workspace.pk, name="order_paid"))
        return found

    responder = Responder("growing", names, lambda events: lambda: heard.extend(one.name for one in events))
    respond(responder)
    assert heard == ["order_paid"]
