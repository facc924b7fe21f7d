"""Intervals against the examples their authors published."""

from __future__ import annotations

import pytest

from hutong.automations.journeys.intervals import lift, share

# R. G. Newcombe, Statistics in Medicine 17 (1998): 857-872, table I, method 3 (Wilson's score).
SHARES = [((81, 263), (0.2553, 0.3662)), ((15, 148), (0.0624, 0.1605)), ((0, 20), (0.0, 0.1611)), ((1, 29), (0.0061, 0.1718))]
# The same, 873-890, table II, method 10 (Newcombe's, from Wilson's scores).
LIFTS = [
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0)),
    ((10, 10), (0, 10), (0.6075, 1.0)),
]


@pytest.mark.parametrize(("counted", "expected"), SHARES)
def test_a_share(counted: tuple[int, int], expected: tuple[float, float]) -> None:
    part, low, high = share(*counted)
    assert part == counted[0] / counted[1]
    assert (round(low or 0, 4), round(high or 0, 4)) == expected


@pytest.mark.parametrize(("others", "held", "expected"), LIFTS)
def test_a_difference(others: tuple[int, int], held: tuple[int, int], expected: tuple[float, float]) -> None:
    found = lift(others, held)
    assert found is not None
    value, low, high = found
    assert value == others[0] / others[1] - held[0] / held[1]
    assert (round(low, 4), round(high, 4)) == expected
    turned = lift(held, others)
    assert turned == pytest.approx((-value, -high, -low))


def test_of_nobody_nothing_is_said() -> None:
    assert share(0, 0) == (None, None, None)
    assert lift((0, 0), (1, 2)) is None
    assert lift((1, 2), (0, 0)) is None


def test_more_goals_than_people_are_everybody() -> None:
    """Who moved over from an older version reaches a goal of this one without having passed its split."""
    assert share(5, 3) == share(3, 3)
