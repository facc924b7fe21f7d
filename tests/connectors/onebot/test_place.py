"""How far a connection heard: nothing is told twice across an interruption, and nothing of the same second is left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hutong.channels.contract import Inbound
from hutong.connectors.onebot.place import Place


def told(number: int, second: int) -> Inbound:
    return Inbound(type="message.new", dedupe_key=f"message/{number}", occurred_at_ms=second * 1000)


@given(st.lists(st.integers(1_000, 1_003), max_size=30).map(sorted), st.integers(0, 30))
def test_what_is_left_is_what_was_not_heard(seconds: list[int], heard: int) -> None:
    events = [told(number, second) for number, second in enumerate(seconds)]
    place = Place(1_000)
    place.passes(events[:heard])
    again = Place.of(place.cursor)
    assert [one for one in events if again.is_before(one)] == events[heard:]


def test_a_cursor_that_is_none_begins_now() -> None:
    assert Place.of("").second == Place.of("x y").second > 1_700_000_000
