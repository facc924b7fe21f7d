"""What is looked after every so often: what time sets off, runs that wait for their hours, and what is old."""

from __future__ import annotations

from hutong.automations import firing
from hutong.automations.journeys import pruning as journeys
from hutong.automations.journeys.timed import Journeys
from hutong.automations.rules import pruning as rules
from hutong.automations.rules import ready, waiting
from hutong.automations.rules.timed import Rules

FIRED_EVERY_SECONDS = 10
WAITED_EVERY_SECONDS = 30
PRUNED_EVERY_SECONDS = 3_600


def fire() -> None:
    """Schedules and dates."""
    firing.turn([Rules(), Journeys()])


def wait() -> None:
    """Runs of rules whose hours have come, and rules that name what is gone, or is there again."""
    ready.review()
    waiting.perform()


def prune() -> None:
    """Firings, runs, paths and tries of long ago."""
    firing.prune()
    rules.prune()
    journeys.prune()
