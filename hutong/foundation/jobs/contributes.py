"""What the jobs themselves add: forgetting the old ones."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, PeriodicJob
from hutong.foundation.jobs import actions


def prune() -> None:
    """Remove jobs that ended long ago."""
    actions.prune()


CONTRIBUTES = Contributions(jobs=(PeriodicJob("jobs.prune", 3600, prune),))
