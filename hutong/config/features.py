"""The modules that make up the product, in the order of the layers, and what they contribute together."""

from __future__ import annotations

from hutong.alerts.actions import handling
from hutong.alerts.contributes import CONTRIBUTES as ALERTS
from hutong.automations import registry
from hutong.automations.contributes import CONTRIBUTES as AUTOMATIONS
from hutong.broadcasts.contributes import CONTRIBUTES as BROADCASTS
from hutong.channels import platforms
from hutong.channels.contributes import CONTRIBUTES as CHANNELS
from hutong.communities import renaming
from hutong.communities.contributes import CONTRIBUTES as COMMUNITIES
from hutong.config.connectors import CONNECTORS
from hutong.config.subscribers import FOLLOWERS, MIRRORS, RESPONDERS, SUBSCRIBERS
from hutong.events import catalogue, log, shipping, subscribers
from hutong.events.contributes import CONTRIBUTES as EVENTS
from hutong.foundation import stream
from hutong.foundation.contributions import Contributions
from hutong.foundation.jobs import schedule
from hutong.foundation.jobs.contributes import CONTRIBUTES as JOBS
from hutong.imports.contributes import CONTRIBUTES as IMPORTS
from hutong.inbox.contributes import CONTRIBUTES as INBOX
from hutong.members import among, attributes, columns
from hutong.members.contributes import CONTRIBUTES as MEMBERS
from hutong.replies.contributes import CONTRIBUTES as REPLIES
from hutong.reports.contributes import CONTRIBUTES as REPORTS
from hutong.segments.belonging import AMONG, COLUMNS
from hutong.segments.contributes import CONTRIBUTES as SEGMENTS
from hutong.todos.contributes import CONTRIBUTES as TODOS
from hutong.welcomes.contributes import CONTRIBUTES as WELCOMES
from hutong.workspaces import access
from hutong.workspaces.contributes import CONTRIBUTES as WORKSPACES

FEATURES: tuple[Contributions, ...] = (
    JOBS,
    WORKSPACES,
    COMMUNITIES,
    MEMBERS,
    EVENTS,
    CHANNELS,
    SEGMENTS,
    REPORTS,
    TODOS,
    AUTOMATIONS,
    IMPORTS,
    INBOX,
    REPLIES,
    WELCOMES,
    BROADCASTS,
    ALERTS,
)
RENAMED: tuple[renaming.Renamed, ...] = (handling.community_renamed,)


def install() -> None:
    """Hand each contribution to the module that keeps it. Called once, when the URL table loads."""
    access.install([p for feature in FEATURES for p in feature.permissions])
    catalogue.install([e for feature in FEATURES for e in feature.events])
    attributes.install([a for feature in FEATURES for a in feature.attributes])
    registry.install([a for feature in FEATURES for a in feature.actions], [o for feature in FEATURES for o in feature.owners])
    renaming.install(RENAMED)
    among.install(AMONG)
    columns.install(COLUMNS)
    stream.install(log.record, log.first)
    subscribers.install(SUBSCRIBERS, FOLLOWERS, RESPONDERS)
    shipping.install(MIRRORS)
    platforms.install(CONNECTORS)
    schedule.install([j for feature in FEATURES for j in feature.jobs])
