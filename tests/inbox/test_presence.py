"""Who is at which conversation: told over the stream when it changes, forgotten when nobody says so again, and never to another workspace."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import time_machine

from hutong.foundation import ids
from hutong.inbox import live, presence
from tests.inbox.worlds import NOW

SPACE, ELSEWHERE = ids.new(), ids.new()
ONE, TWO = ids.new(), ids.new()


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    presence.forget_all()
    live.forget_all()
    yield
    presence.forget_all()
    live.forget_all()


def tell(who: str, conversation_id: uuid.UUID, doing: presence.Doing = "looking", space: uuid.UUID = SPACE) -> None:
    presence.tell(space, conversation_id=conversation_id, who=who, name=who.upper(), doing=doing)


def here(space: uuid.UUID = SPACE) -> list[tuple[uuid.UUID, str, str]]:
    return [(one.conversation_id, one.name, one.doing) for one in presence.here(space)]


def told(after: str) -> list[tuple[str, str]]:
    return [(one.kind, one.conversation_id) for one in live.since(SPACE, after)]


def test_a_change_is_told_and_the_same_again_is_not() -> None:
    begun = live.place()
    tell("wang", ONE)
    assert here() == [(ONE, "WANG", "looking")]
    assert told(begun) == [("presence", str(ONE))]
    again = live.place()
    tell("wang", ONE)
    assert told(again) == []
    tell("wang", ONE, "writing")
    assert (here(), told(again)) == ([(ONE, "WANG", "writing")], [("presence", str(ONE))])


def test_who_opens_another_conversation_leaves_this_one() -> None:
    tell("wang", ONE, "writing")
    begun = live.place()
    tell("wang", TWO)
    assert here() == [(TWO, "WANG", "looking")]
    assert set(told(begun)) == {("presence", str(ONE)), ("presence", str(TWO))}
    presence.leave(SPACE, conversation_id=ONE, who="wang")  # the page that was left says so late
    assert here() == [(TWO, "WANG", "looking")]
    presence.leave(SPACE, conversation_id=TWO, who="wang")
    assert here() == []


def test_who_says_nothing_more_is_forgotten_in_time() -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        tell("wang", ONE)
        tell("li", ONE, "writing")
        traveller.shift(dt.timedelta(seconds=presence.LASTS_SECONDS - 1))
        tell("li", ONE, "writing")
        traveller.shift(dt.timedelta(seconds=1))
        assert here() == [(ONE, "LI", "writing")]


def test_another_workspace_sees_nobody_of_ours() -> None:
    tell("wang", ONE)
    tell("wang", TWO, space=ELSEWHERE)
    assert (here(), here(ELSEWHERE)) == ([(ONE, "WANG", "looking")], [(TWO, "WANG", "looking")])


def test_there_is_an_end_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "KEPT_MAX", 2)
    with time_machine.travel(NOW, tick=False) as traveller:
        for who in ("a", "b", "c"):
            tell(who, ONE)
        assert [name for _, name, _ in here()] == ["A", "B"]
        traveller.shift(dt.timedelta(seconds=presence.LASTS_SECONDS))
        tell("c", ONE)
        assert [name for _, name, _ in here()] == ["C"]
