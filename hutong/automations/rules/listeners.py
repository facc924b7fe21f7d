"""What rules listen for."""

from __future__ import annotations

from collections.abc import Iterator

from hutong.automations import triggers
from hutong.automations.listening import Listener
from hutong.automations.rules import ready


def listeners() -> Iterator[Listener]:
    """A listener of each rule that is on and that an event sets off."""
    for one in ready.every().values():
        wanted = triggers.wanted(one.trigger)
        if wanted is not None:
            yield Listener(
                of="rule",
                workspace_id=str(one.workspace_id),
                automation=one.id,
                wanted=wanted,
                is_late=one.is_late,
                since=one.since,
                changed_at=one.changed_at,
                community="" if one.community is None else str(one.community),
            )
