"""What happened while nobody listened: all of it, once, in order."""

from __future__ import annotations

import threading

import pytest

from hutong.channels import contract
from hutong.channels.contract import Inbound, NeedsReconnect, RetryLater
from hutong.connectors.matrix import api, syncing
from tests.connectors.matrix.hearing import Ear, connector
from tests.connectors.matrix.peer import MatrixPeer
from tests.connectors.matrix.synapse import CLIENT, User

MISSED = 200


def texts(events: list[Inbound]) -> list[str]:
    return [one.message.text for one in events if one.message]


def test_two_hundred_messages_of_a_gap_come_once_and_in_order(ear: Ear, alice: User, bob: User, room: str) -> None:
    ear.hear(1)
    ear.restart()
    wanted = [f"第{number}条" for number in range(MISSED)]
    for number, text in enumerate(wanted):
        (alice, bob)[number % 2].say(room, text)
    told = ear.hear(MISSED)
    assert texts(told) == wanted
    assert {one.actor.name for one in told if one.actor} == {alice.id[1:].partition(":")[0], "小波"}
    alice.say(room, "接着说")
    assert texts(ear.hear(1)) == ["接着说"]


def test_a_gap_is_read_in_pages_and_told_in_batches(ear: Ear, alice: User, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "PAGE_EVENTS", 7)
    monkeypatch.setattr(syncing, "EVENTS_MAX", 10)
    monkeypatch.setattr(syncing, "FILTER", syncing.filter_of(5))
    wanted = [f"第{number}条" for number in range(34)]
    for text in wanted:
        alice.say(room, text)
    ear.sizes.clear()
    assert texts(ear.hear(34)) == wanted
    assert [size for size in ear.sizes if size] == [10, 10, 10, 4]


def test_an_answer_that_is_too_large_is_asked_for_in_parts(ear: Ear, alice: User, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "ANSWER_BYTES_MAX", 8_000)
    monkeypatch.setattr(syncing, "PAGE_EVENTS", 7)
    wanted = [f"第{number}条" for number in range(40)]
    for text in wanted:
        alice.say(room, text)
    assert texts(ear.hear(40)) == wanted


def test_an_end_within_a_gap_begins_again_at_its_start(ear: Ear, alice: User, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "PAGE_EVENTS", 7)
    monkeypatch.setattr(syncing, "EVENTS_MAX", 10)
    monkeypatch.setattr(syncing, "FILTER", syncing.filter_of(5))
    wanted = [f"第{number}条" for number in range(30)]
    for text in wanted:
        alice.say(room, text)
    stopping, before = threading.Event(), ear.cursor
    first = []
    for batch in ear.one.listen(before, stopping):
        first.append(batch)
        stopping.set()
    assert [(len(batch.events), batch.cursor) for batch in first] == [(10, before)]
    told = ear.hear(30)
    assert texts(told) == wanted
    assert [one.dedupe_key for one in told[:10]] == [one.dedupe_key for one in first[0].events]


def test_a_gap_in_which_the_bot_left_and_came_back_has_what_it_may_see(ear: Ear, alice: User, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "FILTER", syncing.filter_of(2))
    alice.say(room, "还在")
    ear.peer.bot.act(room, "leave")
    alice.say(room, "不在")
    ear.peer.bot.act(room, "join")
    for text in ("回来", "一", "二"):
        alice.say(room, text)
    told = ear.hear(6)
    assert [one.type for one in told] == ["message.new", "bot.removed", "bot.added", "message.new", "message.new", "message.new"]
    assert texts(told) == ["还在", "回来", "一", "二"]


def test_a_busy_room_entered_in_a_gap_tells_from_the_entry_on(ear: Ear, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "FILTER", syncing.filter_of(2))
    room = alice.room(name="热闹")
    for number in range(5):
        alice.say(room, f"以前{number}")
    ear.peer.bot.act(room, "join")
    for number in range(5):
        alice.say(room, f"以后{number}")
    told = ear.hear(6)
    assert [one.type for one in told] == ["bot.added"] + ["message.new"] * 5
    assert texts(told) == [f"以后{number}" for number in range(5)]


def test_a_kick_within_a_gap_is_told_after_what_came_before(ear: Ear, alice: User, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "FILTER", syncing.filter_of(2))
    for number in range(6):
        alice.say(room, f"第{number}条")
    alice.act(room, "kick", user_id=ear.peer.bot.id)
    told = ear.hear(7)
    assert texts(told) == [f"第{number}条" for number in range(6)]
    assert told[-1].type == "bot.removed"


def test_a_cursor_the_server_does_not_know_begins_from_now(ear: Ear, alice: User, room: str) -> None:
    alice.say(room, "以前")
    ear.cursor = "not-a-place"
    assert ear.hear(0) == []
    alice.say(room, "以后")
    assert texts(ear.hear(1)) == ["以后"]


def test_a_token_revoked_while_listening_calls_a_person(ear: Ear) -> None:
    ear.peer.bot.call("POST", f"{CLIENT}/logout", {})
    with pytest.raises(NeedsReconnect, match="M_UNKNOWN_TOKEN") as raised:
        ear.hear(1)
    assert ear.peer.bot.token not in raised.value.zh + raised.value.en


def test_it_stops_in_time_while_nothing_comes(peer: MatrixPeer) -> None:
    stopping, started = threading.Event(), threading.Event()

    def hold() -> None:
        for _ in connector(peer).listen("", stopping):
            started.set()

    thread = threading.Thread(target=hold)
    thread.start()
    assert started.wait(10)
    stopping.set()
    thread.join(contract.STOP_SECONDS_MAX)
    assert not thread.is_alive()


def test_an_invitation_the_server_cannot_take_yet_comes_again(ear: Ear, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    room = alice.room(name="稍后")
    alice.act(room, "invite", user_id=ear.peer.bot.id)
    before, whole = ear.cursor, ear.one._api.call

    def limited(method: str, path: str, **values: object) -> object:
        if "/join/" in path:
            raise RetryLater("太快了。", "Too fast.", after_seconds=1)
        return whole(method, path, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(ear.one._api, "call", limited)
    with pytest.raises(RetryLater):
        ear.hear(1)
    assert ear.cursor == before
    monkeypatch.undo()
    assert [(one.type, one.chat.id) for one in ear.hear(1) if one.chat] == [("bot.added", room)]
