"""Tables of members and everything known about them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.names import folded_beside

ATTRIBUTE_TYPES = ["text", "number", "boolean", "date", "birthday", "list"]


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """What searches compare beside the named fields of the row, null where those are enough; follows them when the row is saved."""

    def __init__(self, *of: str, **options: Any) -> None:
        self.of = of
        super().__init__(null=True, editable=False, **options)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """For migrations."""
        name, path, _, options = super().deconstruct()
        return name, path, self.of, {key: value for key, value in options.items() if key not in ("null", "editable")}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        """The folded form of what the row says now."""
        value = folded_beside(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, value)
        return value


class LargeRow(WorkspaceRow):
    """Base of tables that grow with the members. A workspace has most of the rows, so an index on it alone would only mislead."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta(WorkspaceRow.Meta):
        abstract = True


class Member(LargeRow):
    """One person across every channel. A member who was merged away points at the one kept."""

    name = models.CharField(max_length=200)
    name_folded = FoldedField("name")
    is_name_fixed = models.BooleanField(default=False)  # given by staff: names seen on channels do not replace it
    is_anonymous = models.BooleanField(default=False)  # known only by a browser's anonymous id
    is_bot = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="absorbed", db_index=False)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # Summed over the member's participations, so that a list of half a million sorts by an index.
    joined_at = models.DateTimeField(null=True)  # null: never in a group
    left_at = models.DateTimeField(null=True)  # null: in a group now, or never in one
    last_active_at = models.DateTimeField(null=True)
    messages = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(WorkspaceRow.Meta):
        indexes = [
            models.Index(fields=["workspace", "merged_into", "-last_active_at", "-id"], name="member_recent"),
            models.Index(fields=["workspace", "merged_into", "-messages", "-id"], name="member_talkative"),
            models.Index(fields=["workspace", "merged_into", "-joined_at", "-id"], name="member_joined"),
            models.Index(fields=["workspace", "merged_into", "name", "id"], name="member_by_name"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="member_absorbed"),
            models.Index(fields=["workspace", "merged_into"], condition=Q(is_bot=True), name="member_bots"),
            models.Index(fields=["workspace", "merged_into", "name_folded", "id"], condition=Q(name_folded__isnull=False), name="member_by_folded"),
        ]

    def __str__(self) -> str:
        return self.name


class Identity(LargeRow):
    """A member's name on one channel. `origin` is the member it was first made for, so that a merge can be undone."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="identities", db_index=False)
    origin = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=30)  # irc, telegram ...; user_id, anonymous_id, email, phone for tracked people
    external_id = models.CharField(max_length=255)
    name = models.CharField(max_length=200, blank=True)
    names_folded = FoldedField("external_id", "name")
    last_seen_at = models.DateTimeField(default=clock.now)  # the name is the one of that moment
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "channel", "external_id"], name="identity_unique")]
        indexes = [
            models.Index(fields=["member", "workspace"], name="identity_of_member"),
            models.Index(fields=["workspace", "names_folded", "member"], condition=Q(names_folded__isnull=False), name="identity_by_folded"),
        ]


class Attribute(WorkspaceRow):
    """A kind of fact kept about members: standard (contributed) or custom."""

    key = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    type = models.CharField(max_length=10, choices=[(t, t) for t in ATTRIBUTE_TYPES])
    is_standard = models.BooleanField(default=False)
    description = models.CharField(max_length=300, blank=True)
    options = models.JSONField(default=list)  # of text and lists: the only values there may be; none: any
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="attribute_key_unique")]


class AttributeValue(LargeRow):
    """One fact about one member and where it came from."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="attribute_values")
    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="values")
    value = models.JSONField()
    source = models.CharField(max_length=80)  # staff:<id> | import:<id> | tracker:<source id> | merge:<id>
    source_name = models.CharField(max_length=100, blank=True)
    set_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["member", "attribute"], name="attribute_value_once")]


class Membership(LargeRow):
    """One stay of a member in a group, from joining (or first being seen) to leaving."""

    # The indexes below begin with each of the three.
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    last_in_at = models.DateTimeField(null=True)  # last sign of being in; null: only the leaving was seen
    last_out_at = models.DateTimeField(null=True)  # last further leave seen while out; null: none

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], condition=Q(left_at=None), name="membership_open_once"),
            models.CheckConstraint(condition=Q(left_at=None) | Q(left_at__gte=models.F("joined_at")), name="membership_in_order"),
        ]
        indexes = [
            models.Index(fields=["group", "member", "joined_at"], name="membership_of_group"),
            models.Index(fields=["community", "left_at", "member"], name="membership_present"),
            models.Index(fields=["member", "joined_at"], name="membership_of_member"),
        ]


class Participation(LargeRow):
    """What a member has done in a community, in one row: for lists and for 'silent since'."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="participations", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="participations")
    first_seen_at = models.DateTimeField()
    first_active_at = models.DateTimeField(null=True)  # null: never did anything
    last_active_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    messages = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(null=True)  # first stay in any of the community's groups; null: none
    left_at = models.DateTimeField(null=True)  # end of the last stay; null: in a group now, or never in one

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["community", "member"], name="participation_once")]
        indexes = [
            models.Index(fields=["community", "-last_active_at", "-member"], name="participation_recent"),
            models.Index(fields=["community", "-messages", "-member"], name="participation_talkative"),
            models.Index(fields=["community", "-joined_at", "-member"], name="participation_joined"),
            models.Index(fields=["community"], condition=Q(left_at=None, joined_at__isnull=False), name="participation_present"),
        ]


class OriginState(WorkspaceRow):
    """What a member who takes part in a merge is alone.

    Facts seen after the merge go to the origin of the identity they came by, so that merges can be undone in any order with
    nothing lost and nothing mixed up.
    """

    origin = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="origin_state")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    is_bot = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(default=False)
    stays = models.JSONField(default=list)  # as members.states.Alone writes them
    participations = models.JSONField(default=list)
    values = models.JSONField(default=list)


class Merge(WorkspaceRow):
    """Two members found to be one person. The snapshot shows what both were at that moment."""

    kept = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    absorbed = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)
    snapshot = models.JSONField(default=dict)
