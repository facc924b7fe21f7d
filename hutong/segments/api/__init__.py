"""The HTTP operations of segments, tags and the life cycle."""

from __future__ import annotations

from hutong.workspaces.access import Router

router = Router(tags=["segments"])

# The operations register themselves on the router above.
from hutong.segments.api import belonging, conditions, distinctions, edits, growth, life_cycle, overlap, persona, rfm, segments, tags  # noqa: E402, F401
