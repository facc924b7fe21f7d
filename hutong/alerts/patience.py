"""How much must come together before a group raises another alert: the more it has raised this week, the more."""

from __future__ import annotations

import datetime as dt

WEEK = dt.timedelta(days=7)
STEPS = {"low": 4, "normal": 2, "high": 0}  # more people who wait, for each alert of the group within a week
COOLS = {"low": dt.timedelta(days=7), "normal": dt.timedelta(days=3), "high": dt.timedelta(days=1)}  # between two of the same cause
ACCOUNT_COOLS = dt.timedelta(hours=1)


def people_needed(sensitivity: str, recent: int) -> int:
    """So many people must wait without an answer. `recent`: alerts of the group within a week."""
    return 1 + STEPS[sensitivity] * recent


def may_raise(sensitivity: str, *, since_last: dt.timedelta | None) -> bool:
    """Whether the same cause may be told of again."""
    return since_last is None or since_last >= COOLS[sensitivity]
