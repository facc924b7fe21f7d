"""What is usual, and what is out of the usual: against a naive reckoning."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.alerts.learning import LIMITS, Usual, at_least, at_most, is_quiet, is_spike, usual

STEADY = [100, 104, 96, 99, 101, 102, 98, 100]


def poisson_by_hand(count: int, mean: float) -> float:
    """P(X <= count) from the definition, in exact fractions of the mean."""
    share = Fraction(mean).limit_denominator(1000)
    return float(sum(share**one / math.factorial(one) for one in range(count + 1))) * math.exp(-mean)


def negative_binomial_by_hand(count: int, mean: float, variance: float) -> float:
    """P(X = count), multiplied up from the chance of none."""
    share = mean / variance
    size = mean * share / (1 - share)
    chance = share**size
    for one in range(count):
        chance *= (one + size) / (one + 1) * (1 - share)
    return chance


@pytest.mark.parametrize(("count", "mean"), [(0, 5.0), (3, 5.0), (20, 30.0), (7, 7.0)])
def test_without_more_spread_than_chance_it_is_a_poisson_tail(count: int, mean: float) -> None:
    assert at_most(count, Usual(mean, mean)) == pytest.approx(poisson_by_hand(count, mean), rel=1e-9)
    assert at_least(count + 1, Usual(mean, mean)) == pytest.approx(1 - poisson_by_hand(count, mean), rel=1e-6)


@settings(max_examples=80)
@given(count=st.integers(0, 120), mean=st.floats(1, 60), more=st.floats(1.05, 20))
def test_tails_are_sums_of_chances(count: int, mean: float, more: float) -> None:
    normal = Usual(mean, mean * more)
    below = sum(negative_binomial_by_hand(one, mean, mean * more) for one in range(count + 1))
    assert at_most(count, normal) == pytest.approx(min(1.0, below), rel=1e-6)
    if count >= mean * 3:
        assert at_least(count + 1, normal) == pytest.approx(max(0.0, 1 - below), abs=1e-8)


def test_usual_shrugs_off_a_storm_and_a_holiday() -> None:
    assert usual([100, 100, 100, 100, 100, 100, 100, 100]) == Usual(100.0, 100.0)
    assert usual([100, 104, 96, 0, 5_000, 102, 98, 100]) == Usual(100.0, 100.0)
    wild = [10, 200, 30, 400, 50, 90, 20, 300]
    spread = 1.4826 * median(abs(one - 70) for one in wild)
    assert usual(wild) == Usual(70.0, pytest.approx(spread * spread))


def test_silence_and_storms_are_seen_and_the_ordinary_is_not() -> None:
    assert is_quiet(3, STEADY, "normal")
    assert not is_quiet(60, STEADY, "normal")
    assert is_spike(600, STEADY, "normal")
    assert not is_spike(300, STEADY, "normal")
    assert is_spike(300, [0] * 8, "normal")


def test_small_groups_are_left_in_peace() -> None:
    assert not is_quiet(0, [LIMITS["normal"].quiet_usual_min - 1] * 8, "normal")
    assert not is_spike(LIMITS["normal"].spike_min - 1, [0] * 8, "normal")
    assert is_spike(LIMITS["normal"].spike_min, [0] * 8, "normal")


def test_an_open_alert_does_not_flicker() -> None:
    assert not is_quiet(30, STEADY, "normal")
    assert is_quiet(30, STEADY, "normal", is_open=True)
    assert not is_quiet(41, STEADY, "normal", is_open=True)
    assert is_spike(310, STEADY, "normal", is_open=True)
    assert not is_spike(290, STEADY, "normal", is_open=True)


def test_a_wild_group_must_be_wilder() -> None:
    wild = [10, 200, 30, 400, 50, 90, 20, 300]
    assert not is_quiet(4, wild, "normal")
    assert is_quiet(4, [70] * 8, "normal")


def test_more_sensitive_sees_whatever_less_sensitive_sees() -> None:
    dice = random.Random(5)
    for _ in range(3_000):
        past = [dice.randrange(0, 200) for _ in range(8)]
        count = dice.choice([0, 1, 5, 40, 100, 300, 900, 3_000])
        for judge in (is_quiet, is_spike):
            seen = [judge(count, past, one) for one in ("low", "normal", "high")]  # type: ignore[arg-type]
            assert seen == sorted(seen), (judge, count, past)
