"""The HTTP operations of segments, tags and the life cycle."""

from __future__ import annotations

from hutong.workspaces.access import Router

router = Router(tags=["segments"])

# The operations register themselves on the router above.
from hutong.segments.api import conditions, life_cycle, rfm, segments  # noqa: E402, F401
