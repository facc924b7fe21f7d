"""The two routers of this module: what lies outside any workspace, and what lies in one."""

from __future__ import annotations

from hutong.workspaces.access import Router

account = Router(tags=["account"])
router = Router(tags=["workspaces"])
