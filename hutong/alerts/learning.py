"""What is usual in a group, learnt from its own past, and when a count is out of the usual.

For a stretch of time the counts of the same stretch in each of the last eight weeks are taken: the same weekday at the same hours. Their
median is what is usual; how far they lie apart (the median distance from it) says how much it varies. Both shrug off a holiday or a
single storm. A count is judged by the tail of a negative binomial distribution of that median and spread (a Poisson distribution where
it varies less than chance would), and must besides differ by a factor and exceed a floor, so that small groups are left in peace.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

WEEKS = 8
WEEKS_MIN = 4  # of a group's life before anything is usual there
QUIET_HOURS = 24  # full hours looked back on for silence
SPIKE_HOURS = 1  # the present hour
SPREAD = 1.4826  # from the median distance to a standard deviation
USUAL_MIN = 0.5  # where the median is none
NEGLIGIBLE = 1e-12

Sensitivity = Literal["low", "normal", "high"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far out of the usual a count must be. `tail` is the chance of one so extreme."""

    tail: float
    quiet_usual_min: int  # messages that are usual in a day before its silence says something
    quiet_share: float
    spike_min: int
    spike_factor: float


LIMITS: dict[Sensitivity, Limits] = {
    "low": Limits(tail=1e-5, quiet_usual_min=40, quiet_share=0.1, spike_min=150, spike_factor=10.0),
    "normal": Limits(tail=1e-4, quiet_usual_min=20, quiet_share=0.2, spike_min=80, spike_factor=6.0),
    "high": Limits(tail=1e-3, quiet_usual_min=10, quiet_share=0.35, spike_min=40, spike_factor=4.0),
}
LASTING = 2.0  # an alert ends once the count is this factor on the other side of its limit: it does not flicker


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual: the median of past counts, and their variance."""

    count: float
    variance: float


def usual(past: Sequence[int]) -> Usual:
    """From the counts of the same stretch in past weeks."""
    middle = median(past)
    spread = SPREAD * median(abs(one - middle) for one in past)
    return Usual(float(middle), max(float(middle), spread * spread))


def is_quiet(count: int, past: Sequence[int], sensitivity: Sensitivity, *, is_open: bool = False) -> bool:
    """Whether a day's silence is out of the usual; one that was told of lasts until talk is well above the limit."""
    limits, normal = LIMITS[sensitivity], usual(past)
    if normal.count < limits.quiet_usual_min:
        return False
    if is_open:
        return count <= normal.count * limits.quiet_share * LASTING
    return count <= normal.count * limits.quiet_share and at_most(count, normal) <= limits.tail


def is_spike(count: int, past: Sequence[int], sensitivity: Sensitivity, *, is_open: bool = False) -> bool:
    """Whether an hour is out of the usual; one that was told of lasts until talk is well below the limit."""
    limits, normal = LIMITS[sensitivity], usual(past)
    if is_open:
        return count * LASTING >= limits.spike_min and count * LASTING >= normal.count * limits.spike_factor
    return count >= limits.spike_min and count >= normal.count * limits.spike_factor and at_least(count, normal) <= limits.tail


def at_most(count: int, normal: Usual) -> float:
    """The chance of so few messages or fewer."""
    return min(1.0, math.fsum(math.exp(_log_chance(one, normal)) for one in range(count + 1)))


def at_least(count: int, normal: Usual) -> float:
    """The chance of so many messages or more. Meant for counts above what is usual, whose chances only shrink."""
    total, one = 0.0, count
    while True:
        chance = math.exp(_log_chance(one, normal))
        total += chance
        if chance < NEGLIGIBLE or total >= 1:
            return min(1.0, total)
        one += 1


def _log_chance(count: int, normal: Usual) -> float:
    mean = max(normal.count, USUAL_MIN)
    if normal.variance <= mean * (1 + 1e-9):
        return count * math.log(mean) - mean - math.lgamma(count + 1)
    share = mean / normal.variance
    size = mean * share / (1 - share)
    return math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1) + size * math.log(share) + count * math.log1p(-share)
