"""Zones of workspaces and communities, and where a source's events belong; remembered for a moment."""

from __future__ import annotations

import threading
from typing import NamedTuple

from hutong.communities.models import Community
from hutong.events.models import Source
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock
from hutong.workspaces.access import hash_secret
from hutong.workspaces.models import Workspace

FRESH_SECONDS = 5.0
KEPT_MAX = 20_000


class Place(NamedTuple):
    """Where the events of a write key belong."""

    source: str  # as events name it: "tracker:<id>"
    workspace_id: str
    community_id: str
    group_id: str
    channel: str
    zone: str


_lock = threading.Lock()
_zones: dict[tuple[str, str], tuple[str, float]] = {}
_places: dict[str, tuple[Place | None, float]] = {}


def forget() -> None:
    """Drop everything remembered: a key was revoked, a zone changed."""
    with _lock:
        _zones.clear()
        _places.clear()


def zone_of(workspace_id: str, community_id: str) -> str:
    """The zone in which days are counted there."""
    moment = clock.monotonic_seconds()
    found = _zones.get((workspace_id, community_id))
    if found is not None and found[1] > moment:
        return found[0]
    if community_id != NONE:
        zone = Community.objects.in_workspace(workspace_id).values_list("time_zone", flat=True).filter(pk=community_id).first()
    else:
        zone = Workspace.objects.values_list("time_zone", flat=True).filter(pk=workspace_id).first()
    zone = zone or "UTC"
    with _lock:
        if len(_zones) >= KEPT_MAX:
            _zones.clear()
        _zones[workspace_id, community_id] = (zone, moment + FRESH_SECONDS)
    return zone


def fresh_place_of(write_key: str) -> tuple[bool, Place | None]:
    """(known, place) of a write key if looked up a moment ago; no database."""
    found = _places.get(write_key)
    if found is None or found[1] < clock.monotonic_seconds():
        return False, None
    return True, found[0]


def place_of(write_key: str) -> Place | None:
    """Where a write key's events belong; None for a key that is not valid."""
    known, place = fresh_place_of(write_key)
    if known:
        return place
    source = Source.objects.across_workspaces().filter(key_hash=hash_secret(write_key), revoked_at=None).select_related("group").first()
    if source is None:
        place = None
    else:
        workspace_id, community_id = str(source.workspace_id), str(source.community_id or NONE)
        place = Place(
            source=f"tracker:{source.pk}",
            workspace_id=workspace_id,
            community_id=community_id,
            group_id=str(source.group_id or NONE),
            channel=source.group.channel if source.group else "web",
            zone=zone_of(workspace_id, community_id),
        )
    with _lock:
        if len(_places) >= KEPT_MAX:
            _places.clear()
        _places[write_key] = (place, clock.monotonic_seconds() + FRESH_SECONDS)
    return place
