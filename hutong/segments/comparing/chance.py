"""Whether a difference between two groups of people is more than chance, and how large it is."""

from __future__ import annotations

import math
from collections.abc import Sequence

LEVEL = 0.05  # how likely it may be that even one of all differences called more than chance is not
EXPECTED_MIN = 5  # people that each cell of a two-by-two table must have if there were no difference; below, the test says nothing


def is_testable(inside: int, inside_of: int, outside: int, outside_of: int) -> bool:
    """Whether two shares have enough people behind them to be compared."""
    total, having = inside_of + outside_of, inside + outside
    smallest = min(inside_of, outside_of) * min(having, total - having)
    return smallest >= EXPECTED_MIN * total > 0


def of_shares(inside: int, inside_of: int, outside: int, outside_of: int) -> float:
    """The probability of a difference of shares at least this large if there were none: two proportions, pooled, both sides."""
    pooled = (inside + outside) / (inside_of + outside_of)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / inside_of + 1 / outside_of))
    return math.erfc(abs(inside / inside_of - outside / outside_of) / spread / math.sqrt(2))


def of_means(inside: float, inside_squares: float, inside_of: int, outside: float, outside_squares: float, outside_of: int) -> tuple[float, float]:
    """The probability of a difference of means at least this large if there were none (Welch, normal), and the difference in standard
    deviations. Of sums and sums of squares.
    """
    mine, theirs = inside / inside_of, outside / outside_of
    my_variance = max(inside_squares / inside_of - mine**2, 0.0)
    their_variance = max(outside_squares / outside_of - theirs**2, 0.0)
    spread = math.sqrt(my_variance / inside_of + their_variance / outside_of)
    if spread == 0:
        return (1.0, 0.0)
    deviation = math.sqrt((my_variance * inside_of + their_variance * outside_of) / (inside_of + outside_of))
    return math.erfc(abs(mine - theirs) / spread / math.sqrt(2)), (mine - theirs) / deviation


def effect(mine: float, theirs: float) -> float:
    """How far two shares are apart whatever their size: Cohen's h, positive where `mine` is more."""
    return 2 * math.asin(math.sqrt(mine)) - 2 * math.asin(math.sqrt(theirs))


def more_than_chance(probabilities: Sequence[float]) -> list[bool]:
    """Which of many differences hold when all are judged together (Holm)."""
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    holds = [False] * len(probabilities)
    for rank, at in enumerate(order):
        if probabilities[at] > LEVEL / (len(order) - rank):
            break
        holds[at] = True
    return holds
