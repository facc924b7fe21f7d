"""Where each module's operations are mounted. Everything of a workspace lies under its id."""

from __future__ import annotations

from hutong.communities.api import router as communities
from hutong.config.operations.api import router as operations
from hutong.events.api import router as events
from hutong.imports.api import router as imports
from hutong.members.api import router as members
from hutong.reports.api import router as reports
from hutong.sample.api import router as sample
from hutong.segments.api import router as segments
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
    (WORKSPACE, imports),
    (WORKSPACE, segments),
    (WORKSPACE, reports),
    (WORKSPACE, sample),
    (WORKSPACE, operations),
)
