"""The modules that make up the product, in the order of the layers, and what they contribute together."""

from __future__ import annotations

from hutong.communities.contributes import CONTRIBUTES as COMMUNITIES
from hutong.config.subscribers import SUBSCRIBERS
from hutong.events import catalogue, log, subscribers
from hutong.events.contributes import CONTRIBUTES as EVENTS
from hutong.foundation import stream
from hutong.foundation.contributions import Contributions
from hutong.foundation.jobs import schedule
from hutong.foundation.jobs.contributes import CONTRIBUTES as JOBS
from hutong.imports.contributes import CONTRIBUTES as IMPORTS
from hutong.members import attributes
from hutong.members.contributes import CONTRIBUTES as MEMBERS
from hutong.reports.contributes import CONTRIBUTES as REPORTS
from hutong.workspaces import access
from hutong.workspaces.contributes import CONTRIBUTES as WORKSPACES

FEATURES: tuple[Contributions, ...] = (JOBS, WORKSPACES, COMMUNITIES, MEMBERS, EVENTS, REPORTS, IMPORTS)


def install() -> None:
    """Hand each contribution to the module that keeps it. Called once, when the URL table loads."""
    access.install([p for feature in FEATURES for p in feature.permissions])
    catalogue.install([e for feature in FEATURES for e in feature.events])
    attributes.install([a for feature in FEATURES for a in feature.attributes])
    stream.install(log.record)
    subscribers.install(SUBSCRIBERS)
    schedule.install([j for feature in FEATURES for j in feature.jobs])
