"""Shares with their intervals. 95 %, by Wilson's score; a difference of two by Newcombe's method from theirs."""

from __future__ import annotations

from math import sqrt

Z = 1.959963984540054  # of the normal distribution, two-sided 95 %


def share(reached: int, people: int) -> tuple[float | None, float | None, float | None]:
    """(share, low, high); None where there is nobody."""
    if people <= 0:
        return None, None, None
    reached = min(reached, people)
    part = reached / people
    middle = part + Z * Z / (2 * people)
    half = Z * sqrt(part * (1 - part) / people + Z * Z / (4 * people * people))
    below = 1 + Z * Z / people
    return part, max(0.0, (middle - half) / below), min(1.0, (middle + half) / below)


def lift(others: tuple[int, int], held: tuple[int, int]) -> tuple[float, float, float] | None:
    """(difference of shares, low, high) of two groups, each (reached, people); None where one is empty."""
    one, low_one, high_one = share(*others)
    two, low_two, high_two = share(*held)
    if one is None or two is None or low_one is None or high_one is None or low_two is None or high_two is None:
        return None
    value = one - two
    return value, value - sqrt((one - low_one) ** 2 + (high_two - two) ** 2), value + sqrt((high_one - one) ** 2 + (two - low_two) ** 2)
