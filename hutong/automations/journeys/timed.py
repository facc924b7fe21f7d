"""Journeys that time lets people into."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence

from hutong.automations import firing
from hutong.automations.firing import Timed
from hutong.automations.journeys import entering, work
from hutong.automations.journeys.entering import Coming
from hutong.automations.models import Firing, Journey, JourneyVersion
from hutong.automations.triggers import OnDate, OnSchedule
from hutong.foundation import clock
from hutong.foundation.acting import write_nothing


class Journeys:
    """As firing asks for them."""

    of = "journey"

    def timed(self) -> Iterator[Timed]:
        """Journeys with a schedule or a date."""
        rows = Journey.objects.across_workspaces().filter(state="on", published__isnull=False, started_at__isnull=False, deleted_at=None)
        started = dict(rows.values_list("published_id", "started_at"))
        versions = JourneyVersion.objects.across_workspaces().filter(pk__in=list(started)).select_related("journey", "workspace")
        for version in versions:
            way, since = work.way_of(version), started[version.pk]
            trigger = way.entry.trigger
            if isinstance(trigger, OnSchedule | OnDate) and since is not None:
                yield Timed(workspace_id=way.workspace_id, automation=way.journey_id, trigger=trigger, since=since, community=way.community)

    def fire(self, fired: Firing, members: Sequence[uuid.UUID]) -> Callable[[], None]:
        """Let in members for whom it is time."""
        published = Journey.objects.across_workspaces().filter(pk=fired.automation, state="on").values("published")
        version = JourneyVersion.objects.across_workspaces().filter(pk__in=published).select_related("journey", "workspace").first()
        if version is None:
            return write_nothing
        now = clock.now()
        coming = [Coming(one, firing.day_of(fired), now) for one in members]
        admitted = entering.admit(work.way_of(version), coming, now=now)
        return lambda: _ignored(entering.keep(admitted.people))

    def give_up(self, fired: Firing) -> None:
        """The firing itself is shown, with the journey (queries.journeys)."""


def _ignored(_: object) -> None: ...
