"""Tables of automations."""

from hutong.automations.models.journeys import DryRun, Enrolment, Journey, JourneyCap, JourneyVersion, NodeCount, Start, Step
from hutong.automations.models.rules import DailyRuns, Rule, Run
from hutong.automations.models.turns import Definitions, Firing

__all__ = [
    "DailyRuns",
    "Definitions",
    "DryRun",
    "Enrolment",
    "Firing",
    "Journey",
    "JourneyCap",
    "JourneyVersion",
    "NodeCount",
    "Rule",
    "Run",
    "Start",
    "Step",
]
