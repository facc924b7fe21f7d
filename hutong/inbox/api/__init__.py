"""The HTTP operations of the inbox: conversations and who is at them, how they are assigned, response times, scripts. What changes is told by the stream that the front serves (`hutong.inbox.streaming`)."""

from __future__ import annotations

from hutong.workspaces.access import Router

router = Router(tags=["inbox"])
READ, ANSWER, MANAGE = "inbox.read", "inbox.answer", "inbox.manage"
SCRIPTS = "scripts.read"

# The operations register themselves on the router above.
from hutong.inbox.api import conversations, presence, scripts, settings, times  # noqa: E402, F401
