"""What rests on a segment or a tag."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from hutong.segments import vocabulary
from hutong.segments.models import Segment, Tag
from hutong.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Use:
    """Something that names it."""

    kind: str  # segment | tag
    id: uuid.UUID
    name: str

    def named(self) -> dict[str, str]:
        """As it stands in an error's parameters."""
        return {"kind": self.kind, "id": str(self.id), "name": self.name}


def of(workspace: Workspace, segment: Segment) -> list[Use]:
    """Segments whose conditions name it, and tags that follow it."""
    return [*in_conditions(workspace, "segment", str(segment.pk)), *following(workspace, segment)]


def following(workspace: Workspace, segment: Segment) -> list[Use]:
    """Tags of everybody in the segment."""
    return [
        Use("tag", pk, name) for pk, name in Tag.objects.in_workspace(workspace).filter(segment=segment).order_by("name").values_list("pk", "name")
    ]


def in_conditions(workspace: Workspace, kind: str, named: str) -> list[Use]:
    """Segments whose conditions have a leaf of that kind that names it."""
    rows = Segment.objects.in_workspace(workspace).filter(kind="live").order_by("name").values_list("pk", "name", "condition")
    return [Use("segment", pk, name) for pk, name, condition in rows if named in vocabulary.named_in(condition, kind)]


def counts(workspace: Workspace) -> dict[str, int]:
    """By segment (ids as text): how many rest on it."""
    found: dict[str, int] = {}
    for condition in Segment.objects.in_workspace(workspace).filter(kind="live").values_list("condition", flat=True):
        for named in vocabulary.segments_in(condition):
            found[named] = found.get(named, 0) + 1
    for segment_id in Tag.objects.in_workspace(workspace).exclude(segment=None).values_list("segment_id", flat=True):
        found[str(segment_id)] = found.get(str(segment_id), 0) + 1
    return found
