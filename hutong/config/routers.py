"""Where each module's operations are mounted. Everything of a workspace lies under its id."""

from __future__ import annotations

from hutong.alerts.api import router as alerts
from hutong.automations.api import router as automations
from hutong.broadcasts.api import router as broadcasts
from hutong.channels.api import router as channels
from hutong.communities.api import router as communities
from hutong.config.operations.api import router as operations
from hutong.events.api import router as events
from hutong.imports.api import router as imports
from hutong.inbox.api import router as inbox
from hutong.members.api import router as members
from hutong.replies.api import router as replies
from hutong.reports.api import router as reports
from hutong.sample.api import router as sample
from hutong.segments.api import router as segments
from hutong.todos.api import router as todos
from hutong.welcomes.api import router as welcomes
from hutong.workspaces.access import Router
from hutong.workspaces.api import account
from hutong.workspaces.api import router as workspaces

WORKSPACE = "/workspaces/{uuid:workspace_id}"

MOUNTS: tuple[tuple[str, Router], ...] = (
    ("", account),
    (WORKSPACE, workspaces),
    (WORKSPACE, communities),
    (WORKSPACE, members),
    (WORKSPACE, events),
    (WORKSPACE, channels),
    (WORKSPACE, imports),
    (WORKSPACE, segments),
    (WORKSPACE, reports),
    (WORKSPACE, inbox),
    (WORKSPACE, replies),
    (WORKSPACE, welcomes),
    (WORKSPACE, broadcasts),
    (WORKSPACE, alerts),
    (WORKSPACE, todos),
    (WORKSPACE, automations),
    (WORKSPACE, sample),
    (WORKSPACE, operations),
)
