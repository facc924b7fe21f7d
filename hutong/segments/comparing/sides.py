"""The two sides of a comparison: the people of a segment, and everybody of its community or workspace.

People are members who are neither bots nor visitors known only by a browser's id. Those of a community are or were in one of its groups;
a segment's own people always count among everybody.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hutong.events import queries
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.segments.models import Segment
from hutong.workspaces.models import Workspace

PEOPLE_MIN = 20  # on either side: of fewer, shares say nothing
DAYS = 90  # how far back what people did is looked at, today included
AGE_SECONDS_MAX = 60.0  # of a comparison something has changed since: it reads too much to be made anew for every event

_PEOPLE = "SELECT member_id FROM people FINAL WHERE workspace_id = {workspace:UUID} AND NOT is_bot AND NOT is_anonymous"
_SEGMENT = "SELECT member_id FROM segment_members FINAL WHERE workspace_id = {workspace:UUID} AND segment_id = {segment:UUID}"
_COMMUNITY = "SELECT member_id FROM memberships FINAL WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """A segment against everybody. `inside` and `everybody` select member ids; their values are `parameters()`."""

    workspace_id: uuid.UUID
    segment_id: uuid.UUID
    community_id: uuid.UUID | None
    today: dt.date

    @property
    def inside(self) -> str:
        """The people of the segment."""
        return f"{_PEOPLE} AND member_id IN ({_SEGMENT})"

    @property
    def everybody(self) -> str:
        """Those and everybody they are compared with."""
        return _PEOPLE if self.community_id is None else f"{_PEOPLE} AND (member_id IN ({_SEGMENT}) OR member_id IN ({_COMMUNITY}))"

    @property
    def first_day(self) -> dt.date:
        """The first of the days that are looked at."""
        return self.today - dt.timedelta(days=DAYS - 1)

    def rows(self, statement: str, **others: Any) -> Sequence[Sequence[Any]]:
        """Rows of a statement in which `[inside]` and `[everybody]` stand for the two sides."""
        values: dict[str, Any] = {"workspace": str(self.workspace_id), "segment": str(self.segment_id), "first": self.first_day.isoformat(), **others}
        if self.community_id is not None:
            values["community"] = str(self.community_id)
        return queries.rows(statement.replace("[inside]", self.inside).replace("[everybody]", self.everybody), values)

    def version(self) -> tuple[int, ...]:
        """The same again while nothing the comparison rests on has changed."""
        return queries.version([str(self.workspace_id)])

    def sizes(self) -> tuple[int, int]:
        """How many people are in the segment, and among everybody."""
        ((inside, everybody),) = self.rows("SELECT countIf(member_id IN ([inside])), count() FROM ([everybody])")
        return int(inside), int(everybody)


def segment(workspace: Workspace, segment_id: uuid.UUID) -> Segment:
    """One segment with its community. Raises NotFound."""
    found = Segment.objects.in_workspace(workspace).filter(pk=segment_id).select_related("community").first()
    if found is None:
        raise NotFound("segment")
    return found


def zone(workspace: Workspace, one: Segment) -> str:
    """In which the segment's days are told."""
    return one.community.time_zone if one.community is not None else workspace.time_zone


def of(workspace: Workspace, one: Segment) -> Sides:
    """The sides as they stand today."""
    today = clock.local_date(clock.now(), zone(workspace, one))
    return Sides(workspace_id=workspace.pk, segment_id=one.pk, community_id=one.community_id, today=today)
