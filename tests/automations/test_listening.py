from __future__ import annotations

import itertools
import uuid
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hutong.automations.listening import Index, Kept, Listener
from hutong.automations.triggers import wanting
from hutong.events.responders import Happening
from hutong.events.warehouse.schema import NONE
from hutong.segments.conditions.nodes import PropertyTest, Step

ONE, OTHER = (str(uuid.uuid4()) for _ in range(2))
MEMBER = str(uuid.uuid4())
PLACE = str(uuid.uuid4())


def listener(event: str = "order_paid", where: list[PropertyTest] | None = None, **values: Any) -> Listener:
    given: dict[str, Any] = {"of": "rule", "workspace_id": ONE, "automation": uuid.uuid4(), "is_late": False, "since": 0.0, "changed_at": 0.0}
    return Listener(wanted=wanting(Step(event=event, where=where or [])), **given | values)


def happening(key: str = "e", **values: Any) -> Happening:
    given: dict[str, Any] = {"workspace_id": ONE, "name": "order_paid", "occurred_at": 5.0, "received_at": 5.0, "member_id": MEMBER}
    return Happening(id=key, **given | values)


def met(one: Listener, event: Happening, *, is_late: bool = False) -> bool:
    return bool(Index([one]).met([event], is_late=is_late))


def test_who_waits_for_what() -> None:
    assert met(listener(), happening())
    assert not met(listener(), happening(workspace_id=OTHER))
    assert not met(listener(), happening(name="page_viewed"))
    assert not met(listener(), happening(member_id=NONE))
    assert not met(listener(since=5.1), happening())
    assert not met(listener(community=PLACE), happening())
    assert met(listener(community=PLACE), happening(community_id=PLACE))


def test_each_belongs_to_one_reader_and_what_came_in_before_a_change_to_the_later_one_too() -> None:
    early, late = listener(), listener(is_late=True)
    assert [met(early, happening(), is_late=at) for at in (False, True)] == [True, False]
    assert [met(late, happening(), is_late=at) for at in (False, True)] == [False, True]
    changed = listener(changed_at=6.0)
    assert [met(changed, happening(), is_late=at) for at in (False, True)] == [True, True]


texts = st.sampled_from(["a", "A", "b", "", None])
tests = st.lists(
    st.builds(PropertyTest, property=st.sampled_from(["p", "q"]), type=st.just("text"), op=st.sampled_from(["is", "is_not"]), value=st.sampled_from("aAb")),
    max_size=2,
)  # fmt: skip


@given(
    waits=st.lists(st.tuples(st.sampled_from(["x", "y"]), tests, st.booleans()), max_size=8),
    happens=st.lists(st.tuples(st.sampled_from(["x", "y", "z"]), texts, texts), max_size=6),
    late=st.booleans(),
)
def test_the_index_finds_what_a_look_at_each_finds(waits: list[Any], happens: list[Any], late: bool) -> None:
    listeners = [listener(event, where, is_late=is_late) for event, where, is_late in waits]
    events = [
        happening(f"e{number}", name=name, properties={key: value for key, value in (("p", p), ("q", q)) if value is not None})
        for number, (name, p, q) in enumerate(happens)
    ]
    found = [(one.event.id, one.listener.automation) for one in Index(listeners).met(events, is_late=late)]
    expected = [
        (event.id, one.automation)
        for event, one in itertools.product(events, listeners)
        if one.wanted.event == event.name and one.is_late == late and one.wanted.passes(event)
    ]
    assert Counter(found) == Counter(expected)
    assert [event for event, _ in found] == [event for event, _ in sorted(expected, key=lambda pair: int(pair[0][1:]))]


def test_an_event_is_asked_only_of_those_it_may_concern() -> None:
    asked: list[str] = []
    listeners = []
    for number in range(500):
        made = listener(where=[PropertyTest(property="p", type="text", op="is", value=f"v{number}")])
        passes = made.wanted.passes

        def counted(event: Happening, passes: Any = passes) -> bool:
            asked.append(event.id)
            return bool(passes(event))

        listeners.append(
            Listener(
                **{name: getattr(made, name) for name in Listener.__slots__}
                | {"wanted": type(made.wanted)(made.wanted.event, counted, made.wanted.equals)}
            )
        )
    assert len(Index(listeners).met([happening(properties={"p": "v7"})], is_late=False)) == 1
    assert asked == ["e"]


def test_kept_until_a_definition_changes() -> None:
    reads: list[int] = []
    stamp = [1]

    def read() -> list[Listener]:
        reads.append(stamp[0])
        return [listener()]

    kept = Kept(lambda: stamp[0], read)
    assert kept.index() is kept.index()
    stamp[0] = 2
    assert kept.index().names == {"order_paid"}
    assert reads == [1, 2]
