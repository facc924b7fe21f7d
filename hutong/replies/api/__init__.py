"""The HTTP operations of keyword replies."""

from __future__ import annotations

from hutong.workspaces.access import Router

router = Router(tags=["replies"])

READ, MANAGE = "replies.read", "replies.manage"

# The operations register themselves on the router above.
from hutong.replies.api import files, looking, rules  # noqa: E402, F401
