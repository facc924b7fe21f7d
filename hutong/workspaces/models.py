"""Tables of workspaces and staff, and the constraints that keep them sound."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from hutong.foundation import clock, ids
from hutong.foundation.rows import WorkspaceRow

LANGUAGES = [("zh", "中文"), ("en", "English")]
ROLES = ["owner", "manager", "creator", "moderator", "analyst", "viewer"]


class Workspace(models.Model):
    """One tenant: a brand, creator or association with its communities."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    language = models.CharField(max_length=2, choices=LANGUAGES, default="zh")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name


class Installation(models.Model):
    """The single row made by the first run, so that two first runs at once cannot both succeed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    set_up_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_single")]


class UserManager(BaseUserManager["User"]):
    """Django's auth asks for a manager that finds a user by e-mail."""


class User(AbstractBaseUser):
    """A person who signs in to the console. What they may do is said by their `Staff` rows."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="zh")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name


class Staff(WorkspaceRow):
    """A user's place in a workspace."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=20, choices=[(r, r) for r in ROLES])
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_seen_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="staff_once_per_workspace")]


class Invitation(WorkspaceRow):
    """A link that lets someone join a workspace with a role, once, until it expires."""

    email = models.EmailField(max_length=254, blank=True)
    role = models.CharField(max_length=20, choices=[(r, r) for r in ROLES])
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    @property
    def state(self) -> str:
        """One of pending, accepted, expired."""
        if self.accepted_at is not None:
            return "accepted"
        return "expired" if self.expires_at <= clock.now() else "pending"


class APIKey(WorkspaceRow):
    """A key for programs: `htk_...`; only its SHA-256 is kept. Scopes are permission names."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    @property
    def state(self) -> str:
        """One of active, expired, revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= clock.now() else "active"


class AuditEntry(WorkspaceRow):
    """One act of a person or a key: who, what, on what, when. Rows are only ever added."""

    at = models.DateTimeField(default=clock.now, editable=False)
    actor_kind = models.CharField(max_length=10)  # user | key | system
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=100)
    action = models.CharField(max_length=60)  # noun.verb, e.g. member.merge
    target_kind = models.CharField(max_length=40, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_name = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["workspace", "-at", "-id"], name="audit_recent")]


class SignInFailure(models.Model):
    """A try to sign in that did not succeed (yet), kept for the throttle's window only. The account and the address are named by keyed hashes."""

    account_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["account_hash", "at"], name="signin_failures"),
            models.Index(fields=["address_hash", "at"], name="signin_failures_address"),
        ]


class IdempotentReply(models.Model):
    """The answer given to a write with an `Idempotency-Key`, replayed when the same request comes again."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # null while in flight
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__isnull=True) | Q(status__gte=100), name="idempotent_status_sound"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_age")]
