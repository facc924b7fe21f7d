"""Chance that falls the same way every time: only `random()` is drawn, whose sequence Python keeps over its versions."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    """A stream of chance named by its seed; the same name gives the same stream."""

    __slots__ = ("roll",)

    def __init__(self, *seed: str | int) -> None:
        self.roll = random.Random("/".join(str(part) for part in seed)).random  # a story, not a secret

    def chance(self, share: float) -> bool:
        """True with that probability."""
        return self.roll() < share

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self.roll() * limit)

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + self.roll() * (high - low)

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things, each as likely."""
        return things[int(self.roll() * len(things))]

    def weighted(self, sums: Sequence[float]) -> int:
        """An index, likely by its weight; `sums` are the running sums of the weights."""
        return bisect_right(sums, self.roll() * sums[-1], 0, len(sums) - 1)

    def wait(self, mean: float) -> float:
        """A waiting time with that mean (exponential)."""
        return -math.log(1.0 - self.roll()) * mean

    def heavy(self, alpha: float) -> float:
        """At least 1, and rarely very much more (Pareto)."""
        return float((1.0 - self.roll()) ** (-1.0 / alpha))

    def spread(self, share: float) -> float:
        """A factor around 1, give or take the share (three uniform draws, so the middle is likelier)."""
        return 1.0 + (self.roll() + self.roll() + self.roll() - 1.5) / 1.5 * share
