"""Subscriber: who is in which group, and when each member was last active. What is only noted of members is no sign of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hutong.events import catalogue
from hutong.events.subscribers import Entry, Write
from hutong.events.warehouse.schema import NONE
from hutong.foundation import ids
from hutong.members.actions import presence


def prepare(entries: Sequence[Entry]) -> Write:
    """Hand every event of a member to the members' own bookkeeping, in order."""
    facts = [
        presence.PresenceFact(
            workspace_id=ids.read(seen.workspace_id),
            community_id=None if seen.community_id == NONE else ids.read(seen.community_id),
            group_id=None if seen.group_id == NONE else ids.read(seen.group_id),
            origin_id=ids.read(seen.origin_id),
            name=seen.name,
            at_ms=round(seen.occurred_at * 1000),
            is_activity=bool(seen.is_activity),
            is_message=seen.name == "message_sent",
        )
        for entry in entries
        if (seen := entry.event) is not None and seen.member_id != NONE and not catalogue.is_noted(seen.name, seen.source)
    ]
    return partial(presence.apply, facts)
