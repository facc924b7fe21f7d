"""Tags, their groups, and who has them."""

from __future__ import annotations

from django.db import models

from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import LargeRow, Member
from hutong.segments.models.segments import Segment

COLORS = ("teal", "red", "purple", "gold", "blue", "green", "gray")  # the design's series, in its order


class TagGroup(WorkspaceRow):
    """Tags that belong together."""

    name = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)
    is_sample = models.BooleanField(default=False)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="tag_group_name_unique")]


class Tag(WorkspaceRow):
    """A word that staff, rules and imports put on members. With a segment, everybody in it has the tag."""

    name = models.CharField(max_length=60)
    color = models.CharField(max_length=8, choices=[(c, c) for c in COLORS], default="gray")
    group = models.ForeignKey(TagGroup, on_delete=models.SET_NULL, null=True, related_name="tags")
    description = models.CharField(max_length=300, blank=True)
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, null=True, related_name="tags")
    is_removed_on_leave = models.BooleanField(default=True)  # who leaves the segment loses the tag, if the segment gave it
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="tag_name_unique")]

    def __str__(self) -> str:
        return self.name


class MemberTag(LargeRow):
    """A tag on a member. `origin` is the member it was put on, so that a merge can be undone; two origins of one member may both have it."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="given", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    origin = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=80)  # staff:<id> | key:<id> | segment:<id> | import:<id> | edit:<id>
    source_name = models.CharField(max_length=100, blank=True)
    set_at = models.DateTimeField(default=clock.now)

    class Meta(LargeRow.Meta):
        constraints = [models.UniqueConstraint(fields=["tag", "origin"], name="member_tag_once")]
        indexes = [
            models.Index(fields=["tag", "member"], name="member_tag_of_tag"),
            models.Index(fields=["member", "tag"], name="member_tag_of_member"),
        ]
