"""Background work of the inbox."""

from __future__ import annotations

from hutong.inbox.actions import conversations

WAKE_EVERY_SECONDS = 30


def wake() -> None:
    """Every half minute: conversations whose snooze is over come back."""
    conversations.wake_due()
