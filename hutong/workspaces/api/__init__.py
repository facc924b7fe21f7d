"""The HTTP operations of signing in, and of a workspace's settings, staff, keys and audit. Each module adds its own to the routers."""

from __future__ import annotations

from hutong.workspaces.api import accounts, audit, invitations, keys, settings, staff
from hutong.workspaces.api.routing import account, router

__all__ = ["account", "accounts", "audit", "invitations", "keys", "router", "settings", "staff"]
