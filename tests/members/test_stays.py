"""Presence in one group, against a rule written the naive way: sort by time, join or activity is in, leave is out."""

from __future__ import annotations

import itertools

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from hutong.members import stays
from hutong.members.stays import Stay

Facts = list[tuple[int, bool]]  # moment, is in


def oracle(facts: Facts) -> list[tuple[int, int | None]]:
    found: list[tuple[int, int | None]] = []
    for at, is_in in sorted(facts, key=lambda fact: fact[0]):
        is_here = bool(found) and found[-1][1] is None
        if is_in and not is_here:
            found.append((at, None))
        elif not is_in and is_here:
            found[-1] = (found[-1][0], at)
        elif not is_in and not found:
            found.append((at, at))
    return found


def play(facts: Facts) -> list[Stay]:
    there: list[Stay] = []
    for at, is_in in facts:
        if is_in:
            stays.arrive(there, at)
        else:
            stays.depart(there, at)
    return there


def spans(there: list[Stay]) -> list[tuple[int, int | None]]:
    return [(stay.joined, stay.left) for stay in there]


facts = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=14)


@settings(max_examples=400)
@given(facts)
def test_facts_in_order_of_time_give_exactly_what_the_rule_gives(some: Facts) -> None:
    in_order = sorted(some, key=lambda fact: fact[0])
    assert spans(play(in_order)) == oracle(in_order)


@settings(max_examples=400)
@given(facts, st.lists(st.integers(0, 12), max_size=8))
def test_late_signs_of_being_in_give_exactly_what_the_rule_gives(some: Facts, late: list[int]) -> None:
    in_order = sorted(some, key=lambda fact: fact[0])
    assume("ooo" not in "".join("i" if is_in else "o" for _, is_in in in_order))  # of leaves in a row the first and last are kept
    arrived = in_order + [(at, True) for at in late]
    assert spans(play(arrived)) == oracle(arrived)


@settings(max_examples=400)
@given(facts)
@example([(5, True), (9, True), (7, False), (8, True)])
def test_in_any_order_it_is_right_who_is_here_now_and_since_when_first(some: Facts) -> None:
    expected, found = oracle(some), spans(play(some))
    assert [left is None for _, left in found[-1:]] == [left is None for _, left in expected[-1:]]
    assert found[:1] == [] or found[0][0] == expected[0][0]
    assert all(joined <= left for joined, left in found if left is not None)
    assert all(one[1] is not None and one[1] <= other[0] for one, other in itertools.pairwise(found))


def test_a_late_leave_between_two_known_signs_splits_the_stay() -> None:
    assert spans(play([(10, True), (20, True), (15, False)])) == [(10, 15), (20, None)]


def test_leaving_first_is_a_stay_of_no_length_and_an_earlier_arrival_widens_it() -> None:
    assert spans(play([(5, False)])) == [(5, 5)]
    assert spans(play([(5, False), (3, True)])) == [(3, 5)]
    assert spans(play([(5, False), (3, False)])) == [(3, 3)]
    assert spans(play([(5, False), (5, True)])) == [(5, 5), (5, None)]


def test_speaking_after_leaving_is_a_new_stay() -> None:
    assert spans(play([(1, True), (2, False), (3, True)])) == [(1, 2), (3, None)]


def test_a_join_that_comes_after_its_leave_is_a_whole_stay() -> None:
    assert spans(play([(1, True), (2, False), (9, False), (8, True)])) == [(1, 2), (8, 9)]


@settings(max_examples=400)
@given(st.lists(facts, max_size=3))
def test_united_stays_cover_every_moment_that_one_of_them_covers(lists: list[Facts]) -> None:
    many = [play(sorted(some, key=lambda fact: fact[0])) for some in lists]
    united = stays.unite(many)

    def covers(there: list[Stay], at: float) -> bool:
        return any(stay.joined <= at and (stay.left is None or at <= stay.left) for stay in there)

    for at in (step / 2 for step in range(28)):
        assert covers(united, at) == any(covers(there, at) for there in many)
    assert all(one.left is not None and one.left < other.joined for one, other in itertools.pairwise(united))
    assert {stay.id for stay in united} <= {stay.id for there in many for stay in there}
