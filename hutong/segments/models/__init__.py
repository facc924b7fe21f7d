"""Tables of segments, tags, bulk edits and the life cycle."""

from hutong.segments.models.edits import EDIT_STATES, EditedMember, MemberEdit
from hutong.segments.models.life_cycle import BASES, LifeCycle, MemberRFM, MemberStage
from hutong.segments.models.segments import (
    EXPORT_FORMATS,
    EXPORT_STATES,
    KINDS,
    STATES,
    PlacedMember,
    Segment,
    SegmentDay,
    SegmentExport,
    SegmentMember,
    SegmentVersion,
)
from hutong.segments.models.tags import COLORS, MemberTag, Tag, TagGroup

__all__ = [
    "BASES", "COLORS", "EDIT_STATES", "EXPORT_FORMATS", "EXPORT_STATES", "KINDS", "STATES", "EditedMember", "LifeCycle", "MemberEdit", "MemberRFM",
    "MemberStage", "MemberTag", "PlacedMember", "Segment", "SegmentDay", "SegmentExport", "SegmentMember", "SegmentVersion", "Tag", "TagGroup",
]  # fmt: skip
