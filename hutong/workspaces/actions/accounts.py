"""People's accounts: making one, signing in, changing name and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.workspaces import audit, errors, passwords
from hutong.workspaces.access import actor_of
from hutong.workspaces.actions import attempts
from hutong.workspaces.models import Staff, User


def plain_email(email: str, *, field: str = "email") -> str:
    """An e-mail address as it is kept: trimmed, in small letters. Raises Invalid for what is none."""
    kept = email.strip().lower()
    try:
        validate_email(kept)
    except ValidationError:
        raise Invalid.field(field, "不是有效的邮箱地址。", "Not a valid e-mail address.") from None
    return kept


def create(*, email: str, name: str, password: str, language: str) -> User:
    """A new account with a checked password, in the caller's transaction."""
    kept = plain_email(email)
    user = User(email=kept, name=name, language=language)
    passwords.check(password, person=user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise errors.AccountExists() from None
    return user


def sign_in(*, email: str, password: str, address: str) -> User:
    """The person these credentials name. An unknown account takes as long to refuse as a known one."""
    kept = email.strip().lower()
    attempt = attempts.begin(email=kept, address=address)
    user = User.objects.filter(email=kept).first()
    if user is None or not user.is_active:
        make_password(password)
        attempts.fail(attempt, user=None)
        raise errors.WrongCredentials()
    if not user.check_password(password):
        attempts.fail(attempt, user=user)
        raise errors.WrongCredentials()
    with transaction.atomic():
        attempts.succeed(attempt)
        user.last_login = clock.now()
        user.save(update_fields=["last_login"])
        for staff in Staff.objects.across_workspaces().filter(user=user).select_related("workspace"):
            audit.write(staff.workspace, actor=actor_of(user, role=staff.role), action="session.start", target=user)
    return user


def change(user: User, *, name: str | None = None, language: str | None = None) -> User:
    """Change one's own name or language; what is None stays."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        before = {"name": user.name, "language": user.language}
        user.name = user.name if name is None else name
        user.language = user.language if language is None else language
        user.save(update_fields=["name", "language"])
        changed = {key: {"from": before[key], "to": getattr(user, key)} for key in before if before[key] != getattr(user, key)}
        if changed:
            _audit_everywhere(user, action="account.change", details=changed)
    return user


def change_password(user: User, *, old: str, new: str, address: str) -> User:
    """Change one's own password; every session begun before ends. Wrong old passwords are throttled like sign-in."""
    attempt = attempts.begin(email=user.email, address=address)
    if not user.check_password(old):
        attempts.fail(attempt, user=user)
        raise Invalid.field("old_password", "原密码不正确。", "The old password is wrong.")
    attempts.succeed(attempt)
    passwords.check(new, person=user, field="new_password")
    if old == new:
        raise Invalid.field("new_password", "新密码不能与原密码相同。", "The new password must differ from the old one.")
    with transaction.atomic():
        user.set_password(new)
        user.save(update_fields=["password"])
        _audit_everywhere(user, action="account.change_password", details={})
    return user


def replace_password(user: User, *, new: str) -> None:
    """Give an account a new password without the old one, in the caller's transaction: for the operator at the machine."""
    passwords.check(new, person=user)
    user.set_password(new)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    _audit_everywhere(user, action="account.replace_password", details={})


def _audit_everywhere(user: User, *, action: str, details: dict[str, Any]) -> None:
    for staff in Staff.objects.across_workspaces().filter(user=user).select_related("workspace"):
        audit.write(staff.workspace, actor=actor_of(user, role=staff.role), action=action, target=user, details=details)
