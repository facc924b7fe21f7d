"""The table of imports: what was dropped, what was chosen, how far it is."""

from __future__ import annotations

from django.db import models

from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.workspaces.models import User

HISTORY, MEMBERS, ORDERS = "history", "members", "orders"
KINDS = [HISTORY, MEMBERS, ORDERS]
STATES = ["uploaded", "checking", "checked", "waiting", "running", "finishing", "done", "failed", "cancelling", "cancelled", "undoing", "undone"]


class Import(WorkspaceRow):
    """One import of a chat history, of a list of members or of orders. Files lie under `imports/<id>/` in the data folder until it ends."""

    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS], default=HISTORY)
    community = models.ForeignKey(Community, on_delete=models.SET_NULL, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="+")
    files = models.JSONField(default=list)  # [{name, bytes, sha256}]
    format = models.CharField(max_length=30, blank=True)
    detection = models.JSONField(default=dict)  # what was found in the files
    options = models.JSONField(default=dict)  # time_zone, date_order, mapping, encoding, new names ...
    keep_good_rows = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=[(s, s) for s in STATES], default="uploaded")
    checked = models.JSONField(default=dict)  # counts found by the check
    made = models.JSONField(
        default=dict
    )  # community and groups that did not exist before: {community: id, groups: {name in file: id}, new_groups: [ids]}
    progress = models.JSONField(default=dict)  # phase, batches committed, records read, added, already there, rejected, seconds
    undone = models.JSONField(default=dict)  # of a list: what taking it out removed, gave back, and had to leave
    error_code = models.CharField(max_length=60, blank=True)
    error_params = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="import_recent")]


class ImportReject(models.Model):
    """A row of a file that could not be read, with the reason."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rejects")
    file = models.CharField(max_length=300)
    line = models.BigIntegerField()
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    excerpt = models.CharField(max_length=200)


class ImportTouch(models.Model):
    """What one batch of a list changed about one member, for the way back. Gone once it is taken back."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="touches")
    member_id = models.UUIDField()  # the origin; no key, since the member may be removed or merged
    is_new = models.BooleanField(default=False)
    changes = models.JSONField()  # made, values, name, identities, seen, tags: as `tables.journal` writes them


class MappingPreset(WorkspaceRow):
    """A column mapping remembered for files with the same header."""

    header_hash = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    mapping = models.JSONField()
    options = models.JSONField(default=dict)
    used_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "header_hash"], name="mapping_preset_once")]
