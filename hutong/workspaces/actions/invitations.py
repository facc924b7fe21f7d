"""Invitations: a link that brings one person into a workspace with a role."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid

from django.conf import settings
from django.db import transaction

from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.workspaces import audit, errors
from hutong.workspaces.access import Actor, actor_of, hash_secret
from hutong.workspaces.actions import accounts
from hutong.workspaces.actions.staff import check_may_give
from hutong.workspaces.models import Invitation, Staff, User, Workspace

DAYS_DEFAULT = 7
DAYS_MAX = 30
TOKEN_BYTES = 32


def create(workspace: Workspace, *, actor: Actor, role: str, email: str, days: int) -> tuple[Invitation, str]:
    """A new invitation and its link, which is kept nowhere. With an e-mail, only that person can accept."""
    check_may_give(actor, role=role)
    kept = accounts.plain_email(email) if email else ""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    moment = clock.now()
    with transaction.atomic():
        invitation = Invitation.objects.create(
            workspace=workspace,
            email=kept,
            role=role,
            token_hash=hash_secret(token),
            created_by=actor.user,
            created_at=moment,
            expires_at=moment + dt.timedelta(days=days),
        )
        audit.write(workspace, actor=actor, action="invitation.create", target=invitation, target_name=kept, details={"role": role, "days": days})
    return invitation, f"{settings.PUBLIC_URL}/invite/{token}"


def withdraw(workspace: Workspace, *, actor: Actor, invitation_id: uuid.UUID) -> None:
    """Take an invitation back or clear away a spent one; its link stops working at once."""
    with transaction.atomic():
        invitation = Invitation.objects.in_workspace(workspace).filter(pk=invitation_id).first()
        if invitation is None:
            raise NotFound("invitation")
        audit.write(
            workspace,
            actor=actor,
            action="invitation.withdraw",
            target=invitation,
            target_name=invitation.email,
            details={"role": invitation.role, "state": invitation.state},
        )
        invitation.delete()


def accept_as_new(*, token: str, email: str, name: str, password: str, language: str) -> tuple[User, Workspace]:
    """Accept with an account made for it."""
    with transaction.atomic():
        invitation = _open_invitation(token, email=accounts.plain_email(email))
        user = accounts.create(email=email, name=name, password=password, language=language)
        return user, _join(invitation, user=user)


def accept_as(user: User, *, token: str) -> Workspace:
    """Accept with the account one is signed in with."""
    with transaction.atomic():
        invitation = _open_invitation(token, email=user.email)
        if Staff.objects.in_workspace(invitation.workspace_id).filter(user=user).exists():
            raise errors.AlreadyStaff()
        return _join(invitation, user=user)


def _open_invitation(token: str, *, email: str) -> Invitation:
    rows = Invitation.objects.across_workspaces().select_for_update(of=("self",))
    invitation = rows.filter(token_hash=hash_secret(token)).select_related("workspace").first()
    if invitation is None or invitation.state != "pending":
        raise errors.InvitationSpent()
    if invitation.email and invitation.email != email:
        raise errors.InvitationForAnother()
    return invitation


def _join(invitation: Invitation, *, user: User) -> Workspace:
    workspace = invitation.workspace
    staff = Staff.objects.create(workspace=workspace, user=user, role=invitation.role)
    invitation.accepted_at = clock.now()
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.write(
        workspace,
        actor=actor_of(user, role=invitation.role),
        action="invitation.accept",
        target=staff,
        target_name=user.name,
        details={"role": invitation.role},
    )
    return workspace
