"""The HTTP operations of automations."""

from __future__ import annotations

from hutong.workspaces.access import Router

router = Router(tags=["automations"])

READ, MANAGE = "automations.read", "automations.manage"

# The operations register themselves on the router above.
from hutong.automations.api import journeys, rules, shared  # noqa: E402, F401
