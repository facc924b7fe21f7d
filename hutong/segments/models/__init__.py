"""Tables of segments, tags and bulk edits."""

from hutong.segments.models.edits import EDIT_STATES, EditedMember, MemberEdit
from hutong.segments.models.segments import (
    EXPORT_FORMATS,
    EXPORT_STATES,
    KINDS,
    STATES,
    Segment,
    SegmentDay,
    SegmentExport,
    SegmentMember,
    SegmentVersion,
)
from hutong.segments.models.tags import COLORS, MemberTag, Tag, TagGroup

__all__ = [
    "COLORS", "EDIT_STATES", "EXPORT_FORMATS", "EXPORT_STATES", "KINDS", "STATES", "EditedMember", "MemberEdit", "MemberTag", "Segment", "SegmentDay",
    "SegmentExport", "SegmentMember", "SegmentVersion", "Tag", "TagGroup",
]  # fmt: skip
