"""The HTTP operations of channels: platforms, accounts, chats, the outbox, the rules of sending, what messages are made of."""

from __future__ import annotations

from hutong.workspaces.access import Router

router = Router(tags=["channels"])
READ, MANAGE, SEND = "channels.read", "channels.manage", "messages.send"

# The operations register themselves on the router above.
from hutong.channels.api import accounts, messages, rules  # noqa: E402, F401
