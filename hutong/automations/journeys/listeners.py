"""What journeys listen for: who lets people in, and what people on their way wait for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from hutong.automations import triggers
from hutong.automations.journeys import compiled, waking
from hutong.automations.journeys.compiled import Way
from hutong.automations.listening import Listener
from hutong.automations.models import Journey, JourneyVersion
from hutong.foundation import clock

LIVE = ("on", "paused")
VERSIONS_MAX = 50  # of one journey, the latest: nobody travels longer on older ones


def ways() -> dict[uuid.UUID, Way]:
    """The versions of journeys that are on or paused, by id."""
    seconds = clock.monotonic_seconds()
    found: dict[uuid.UUID, Way] = {}
    for journey_id in Journey.objects.across_workspaces().filter(state__in=LIVE).values_list("pk", flat=True):
        rows = JourneyVersion.objects.across_workspaces().filter(journey_id=journey_id).select_related("journey", "workspace")
        for version in rows.order_by("-number")[:VERSIONS_MAX]:
            found[version.pk] = compiled.of_version(version, now_seconds=seconds)
    return found


def listeners() -> Iterator[Listener]:
    """All of them."""
    rows = Journey.objects.across_workspaces().filter(state__in=LIVE, published__isnull=False).select_related("published")
    journeys = {one.pk: one for one in rows}
    for way in ways().values():
        journey = journeys.get(way.journey_id)
        if journey is None or journey.published is None:
            continue
        changed_at = journey.published.published_at.timestamp()
        yield from waking.listeners(way, changed_at=changed_at)
        wanted = triggers.wanted(way.entry.trigger)
        if way.version_id == journey.published_id and journey.state == "on" and wanted is not None and journey.started_at is not None:
            yield Listener(
                of="entry", workspace_id=str(way.workspace_id), automation=journey.published.pk, wanted=wanted, is_late=way.is_late,
                since=journey.started_at.timestamp(), changed_at=changed_at, community=str(way.community) if way.community else "",
            )  # fmt: skip
