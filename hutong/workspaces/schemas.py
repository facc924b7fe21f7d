"""The shapes of workspaces at HTTP."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX
from hutong.workspaces.actions.invitations import DAYS_DEFAULT, DAYS_MAX
from hutong.workspaces.passwords import LENGTH_MAX, LENGTH_MIN

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


def _visible(name: str) -> str:
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise ValueError("nothing to see in it")
    return name


Language = Literal["zh", "en"]
Role = Literal["owner", "manager", "creator", "moderator", "analyst", "viewer"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=ONE_LINE), AfterValidator(_visible)]
Email = Annotated[str, Field(min_length=3, max_length=254, examples=["wang@example.com"])]
Password = Annotated[str, Field(max_length=LENGTH_MAX, examples=["correct horse battery"])]
NewPassword = Annotated[str, Field(min_length=LENGTH_MIN, max_length=LENGTH_MAX, examples=["correct horse battery"])]
TimeZone = Annotated[str, Field(min_length=1, max_length=64, pattern=ONE_LINE, examples=["Asia/Shanghai"])]
Token = Annotated[str, Field(max_length=100, examples=["3Yb0sJ1u5r7mXv0p2aQeTn8kLw4cHd6fGi9zBo_RtEU"])]
Scope = Annotated[str, Field(max_length=60, examples=["members.read"])]


class Body(Schema):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Schema):
    """Where in a list, and how much of it."""

    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class Words(Schema):
    """A text in both languages."""

    zh: str
    en: str


class SetupState(Schema):
    """Whether the first run is still to be done."""

    needed: bool
    version: str = Field(examples=["0.1.0"])


class SetupBody(Body):
    """The first run: a workspace and its owner."""

    workspace_name: Name = Field(examples=["胡同书店"])
    time_zone: TimeZone = "Asia/Shanghai"
    language: Language = "zh"
    name: Name = Field(examples=["王芳"])
    email: Email
    password: NewPassword


class SignInBody(Body):
    """Credentials of a person."""

    email: Email
    password: Password = Field(min_length=1)


class UserOut(Schema):
    """The signed-in person."""

    id: uuid.UUID
    email: str
    name: str
    language: Language
    created_at: dt.datetime


class WorkspaceOut(Schema):
    """A workspace and its settings."""

    id: uuid.UUID
    name: str = Field(examples=["胡同书店"])
    time_zone: str = Field(examples=["Asia/Shanghai"])
    language: Language
    created_at: dt.datetime


class PlaceOut(Schema):
    """A workspace of the signed-in person, and what they may do there."""

    workspace: WorkspaceOut
    role: Role
    permissions: list[str] = Field(examples=[["members.read", "workspace.read"]])


class SessionOut(Schema):
    """Who is signed in (null: nobody), and where they work."""

    user: UserOut | None
    staff: list[PlaceOut]


class AccountBody(Body):
    """Changes to one's own account; what is left out stays."""

    name: Name | None = Field(None, examples=["王芳"])
    language: Language | None = None


class PasswordBody(Body):
    """A new password for one's own account."""

    old_password: Password = Field(min_length=1)
    new_password: NewPassword


class WorkspaceBody(Body):
    """A further workspace."""

    name: Name = Field(examples=["上海分社"])
    time_zone: TimeZone = "Asia/Shanghai"
    language: Language = "zh"


class WorkspaceChange(Body):
    """Changes to a workspace; what is left out stays."""

    name: Name | None = Field(None, examples=["胡同书店"])
    time_zone: TimeZone | None = None
    language: Language | None = None


class PermissionOut(Schema):
    """A right, named `noun.verb`."""

    name: str = Field(examples=["members.read"])
    label: Words


class RoleOut(Schema):
    """A role and the rights it holds."""

    role: Role
    label: Words
    description: Words
    permissions: list[str]


class RolesOut(Schema):
    """Every role, strongest first, and every permission."""

    roles: list[RoleOut]
    permissions: list[PermissionOut]


class StaffOut(Schema):
    """Someone who works in the workspace."""

    id: uuid.UUID
    user_id: uuid.UUID
    name: str = Field(alias="user.name")
    email: str = Field(alias="user.email")
    role: Role
    created_at: dt.datetime
    last_seen_at: dt.datetime | None = Field(description="Exact to five minutes.")


class StaffPage(Schema):
    """A page of staff."""

    items: list[StaffOut]
    next_cursor: str | None


class StaffChange(Body):
    """Another role."""

    role: Role


class InvitationBody(Body):
    """Whom to invite, as what, for how long."""

    role: Role
    email: Annotated[
        str, Field(max_length=254, description="Only this person can accept; empty: whoever has the link.", examples=["li@example.com"])
    ] = ""
    days: Annotated[int, Field(ge=1, le=DAYS_MAX)] = DAYS_DEFAULT


class InvitationOut(Schema):
    """An invitation, without its link."""

    id: uuid.UUID
    role: Role
    email: str
    state: Literal["pending", "accepted", "expired"]
    created_at: dt.datetime
    expires_at: dt.datetime
    created_by: str | None = Field(None, alias="created_by.name")
    accepted_at: dt.datetime | None
    accepted_by: str | None = Field(None, alias="accepted_by.name")


class InvitationPage(Schema):
    """A page of invitations."""

    items: list[InvitationOut]
    next_cursor: str | None


class InvitationMade(Schema):
    """A new invitation with its link, shown this once."""

    invitation: InvitationOut
    link: str = Field(examples=["https://hutong.example.com/invite/3Yb0..."])


class InvitationView(Schema):
    """What the holder of a link sees."""

    workspace_name: str
    role: Role
    role_label: Words
    invited_by: str | None
    email: str = Field(description="Only this person can accept; empty: whoever has the link.")
    has_account: bool = Field(description="The invited e-mail has an account: sign in first.")
    expires_at: dt.datetime


class NewAccount(Body):
    """An account made while accepting an invitation."""

    email: Email
    name: Name = Field(examples=["李雷"])
    password: NewPassword
    language: Language = "zh"


class AcceptBody(Body):
    """Accept with a new account, or (null) as the signed-in person."""

    account: NewAccount | None = None


class Accepted(Schema):
    """The session after accepting, and the workspace that was joined."""

    session: SessionOut
    workspace_id: uuid.UUID


class KeyBody(Body):
    """A key to make."""

    name: Name = Field(examples=["商城同步"])
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=200, description="Permission names that you hold yourself.")]
    expires_at: AwareDatetime | None = Field(None, examples=["2027-11-22T00:00:00Z"])


class KeyOut(Schema):
    """A key, without its secret."""

    id: uuid.UUID
    name: str
    prefix: str = Field(examples=["htk_7Qm2x9aB"])
    scopes: list[str]
    state: Literal["active", "expired", "revoked"]
    created_at: dt.datetime
    created_by: str | None = Field(None, alias="created_by.name")
    expires_at: dt.datetime | None
    last_used_at: dt.datetime | None = Field(description="Exact to five minutes.")
    revoked_at: dt.datetime | None


class KeyPage(Schema):
    """A page of keys."""

    items: list[KeyOut]
    next_cursor: str | None


class KeyMade(Schema):
    """A new key with its secret, shown this once."""

    key: KeyOut
    secret: str = Field(examples=["htk_7Qm2x9aB..."])


class AuditQuery(Schema):
    """Which entries of the audit log."""

    actor_id: uuid.UUID | None = None
    action: str = Field("", max_length=60, description="`staff.change_role`, or a noun: `staff`.")
    target_kind: str = Field("", max_length=40)
    target_id: str = Field("", max_length=64)
    from_day: dt.date | None = Field(None, description="Local day of the workspace, included.")
    to_day: dt.date | None = Field(None, description="Local day of the workspace, included.")


class AuditPageQuery(AuditQuery, PageQuery):
    """Which entries, and where in them."""


class AuditOut(Schema):
    """One act: who, what, on what, when."""

    id: uuid.UUID
    at: dt.datetime
    actor_kind: Literal["user", "key", "system"]
    actor_id: uuid.UUID | None
    actor_name: str
    action: str = Field(examples=["staff.change_role"])
    target_kind: str = Field(examples=["staff"])
    target_id: str
    target_name: str
    details: dict[str, Any] = Field(examples=[{"role": {"from": "viewer", "to": "manager"}}])


class AuditPage(Schema):
    """A page of the audit log."""

    items: list[AuditOut]
    next_cursor: str | None


class AuditActor(Schema):
    """Someone who acted."""

    id: uuid.UUID
    kind: Literal["user", "key", "system"]
    name: str


class AuditNames(Schema):
    """What the log can be filtered by."""

    actions: list[str]
    target_kinds: list[str]
    actors: list[AuditActor]
