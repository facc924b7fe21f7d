"""Bulk edits of members, with what each changed, so that they can be taken back."""

from __future__ import annotations

from django.db import models

from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import LargeRow, Member

EDIT_STATES = ("running", "done", "cancelled", "failed", "undoing", "undone")


class MemberEdit(WorkspaceRow):
    """One change to many members: tags added and taken, attribute values set and cleared."""

    whom = models.JSONField()  # {ids} | {segment_id} | {filter}
    change = models.JSONField()  # {add_tags, remove_tags, set, clear}
    state = models.CharField(max_length=9, choices=[(s, s) for s in EDIT_STATES], default="running")
    members_total = models.PositiveIntegerField(null=True)  # null: whom it is for is not written down yet
    after = models.UUIDField(null=True)  # the last member done, in the order of their ids, of the edit or of its undoing
    members_seen = models.PositiveIntegerField(default=0)
    members_changed = models.PositiveIntegerField(default=0)
    members_restored = models.PositiveIntegerField(default=0)
    members_kept = models.PositiveIntegerField(default=0)  # of an undo: changed again since, so left as they are
    source = models.CharField(max_length=80)
    by_name = models.CharField(max_length=100)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)


class EditedMember(LargeRow):
    """One member an edit is for, and what it changed of them. Of members in merges each origin has a row of its own, for what was its own."""

    edit = models.ForeignKey(MemberEdit, on_delete=models.CASCADE, related_name="members", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    # {tags_added: [id], tags_removed: {id: {source, ...}}, set: {key: {value, source, ...} or null}, cleared: {key: {...}}}; empty: nothing was changed
    before = models.JSONField(default=dict)

    class Meta(LargeRow.Meta):
        constraints = [models.UniqueConstraint(fields=["edit", "member"], name="edited_member_once")]
