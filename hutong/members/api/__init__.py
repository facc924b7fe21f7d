"""The HTTP operations of members."""

from __future__ import annotations

from hutong.workspaces.access import Router

router = Router(tags=["members"])

# The operations register themselves on the router above.
from hutong.members.api import attributes, members, merges  # noqa: E402, F401
