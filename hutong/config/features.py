"""The modules that make up the product, in the order of the layers, and what they contribute together."""

from __future__ import annotations

from hutong.communities.contributes import CONTRIBUTES as COMMUNITIES
from hutong.config.subscribers import FOLLOWERS, MIRRORS, SUBSCRIBERS
from hutong.events import catalogue, log, shipping, subscribers
from hutong.events.contributes import CONTRIBUTES as EVENTS
from hutong.foundation import stream
from hutong.foundation.contributions import Contributions
from hutong.foundation.jobs import schedule
from hutong.foundation.jobs.contributes import CONTRIBUTES as JOBS
from hutong.imports.contributes import CONTRIBUTES as IMPORTS
from hutong.members import among, attributes
from hutong.members.contributes import CONTRIBUTES as MEMBERS
from hutong.reports.contributes import CONTRIBUTES as REPORTS
from hutong.segments.belonging import AMONG
from hutong.segments.contributes import CONTRIBUTES as SEGMENTS
from hutong.workspaces import access
from hutong.workspaces.contributes import CONTRIBUTES as WORKSPACES

FEATURES: tuple[Contributions, ...] = (JOBS, WORKSPACES, COMMUNITIES, MEMBERS, EVENTS, SEGMENTS, REPORTS, IMPORTS)


def install() -> None:
    """Hand each contribution to the module that keeps it. Called once, when the URL table loads."""
    access.install([p for feature in FEATURES for p in feature.permissions])
    catalogue.install([e for feature in FEATURES for e in feature.events])
    attributes.install([a for feature in FEATURES for a in feature.attributes])
    among.install(AMONG)
    stream.install(log.record)
    subscribers.install(SUBSCRIBERS, FOLLOWERS)
    shipping.install(MIRRORS)
    schedule.install([j for feature in FEATURES for j in feature.jobs])
