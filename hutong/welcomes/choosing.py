"""Which welcome a newcomer gets: the most specific one that fits, then the one of higher priority, then the older."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from hutong.welcomes.models import Welcome

SOURCE_FIELDS = ("scene", "invite_code", "state")


def choose(
    welcomes: Iterable[Welcome], *, kind: str, group_id: uuid.UUID | None, community_id: uuid.UUID | None, said: Mapping[str, object]
) -> Welcome | None:
    """The welcome for somebody who came that way; `said` are the event's properties."""
    fitting = [one for one in welcomes if one.kind == kind and _fits(one, group_id=group_id, community_id=community_id, said=said)]
    return min(fitting, key=lambda one: (*(-rank for rank in specificity(one)), -one.priority, one.pk), default=None)


def specificity(welcome: Welcome) -> tuple[int, int]:
    """How narrow a welcome is: first whether it is for some sources only, then for some groups, a community, or all."""
    return int(bool(welcome.sources)), 2 if welcome.group_ids else int(welcome.community_id is not None)


def _fits(welcome: Welcome, *, group_id: uuid.UUID | None, community_id: uuid.UUID | None, said: Mapping[str, object]) -> bool:
    if welcome.group_ids and str(group_id) not in welcome.group_ids:
        return False
    if welcome.community_id is not None and welcome.community_id != community_id:
        return False
    return not welcome.sources or any(said.get(one["field"]) == one["value"] for one in welcome.sources)
