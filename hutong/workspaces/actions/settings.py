"""The first run, further workspaces, and a workspace's own settings."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.workspaces import audit, errors
from hutong.workspaces.access import Actor, actor_of, forget_keys
from hutong.workspaces.actions import accounts
from hutong.workspaces.models import Installation, Staff, User, Workspace


def set_up(*, workspace_name: str, time_zone: str, language: str, name: str, email: str, password: str) -> tuple[User, Workspace]:
    """The first run: the first workspace and its owner. Raises AlreadySetUp ever after."""
    with transaction.atomic():
        if User.objects.exists():
            raise errors.AlreadySetUp()
        try:
            with transaction.atomic():
                Installation.objects.create()
        except IntegrityError:
            raise errors.AlreadySetUp() from None
        user = accounts.create(email=email, name=name, password=password, language=language)
        return user, _open(user, name=workspace_name, time_zone=time_zone, language=language)


def create(*, user: User, name: str, time_zone: str, language: str) -> Workspace:
    """One more workspace for a person who owns one already."""
    with transaction.atomic():
        if not Staff.objects.across_workspaces().filter(user=user, role="owner").exists():
            raise errors.AboveOwnRights()
        return _open(user, name=name, time_zone=time_zone, language=language)


def make_owner(workspace: Workspace, *, actor: Actor, name: str, email: str, password: str, language: str) -> User:
    """For the operator at the machine: a new owner, or an existing account made owner with a new password when theirs is lost."""
    with transaction.atomic():
        user = User.objects.filter(email=accounts.plain_email(email)).first()
        if user is None:
            user = accounts.create(email=email, name=name, password=password, language=language)
        else:
            accounts.replace_password(user, new=password)
        Staff.objects.in_workspace(workspace).update_or_create(workspace=workspace, user=user, defaults={"role": "owner"})
        audit.write(workspace, actor=actor, action="staff.make_owner", target=user)
    return user


def change(workspace: Workspace, *, actor: Actor, name: str | None = None, time_zone: str | None = None, language: str | None = None) -> Workspace:
    """Change a workspace's settings; what is None stays. The zone is the default of communities made later."""
    wanted = {"name": name, "time_zone": time_zone, "language": language}
    if time_zone is not None:
        _check_zone(time_zone)
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
        changed = {
            key: {"from": getattr(workspace, key), "to": value} for key, value in wanted.items() if value not in (None, getattr(workspace, key))
        }
        for key, change_ in changed.items():
            setattr(workspace, key, change_["to"])
        if changed:
            workspace.save(update_fields=list(changed))
            audit.write(workspace, actor=actor, action="workspace.change", target=workspace, details=changed)
    forget_keys()
    return workspace


def _open(user: User, *, name: str, time_zone: str, language: str) -> Workspace:
    _check_zone(time_zone)
    workspace = Workspace.objects.create(name=name, time_zone=time_zone, language=language)
    Staff.objects.create(workspace=workspace, user=user, role="owner")
    audit.write(workspace, actor=actor_of(user, role="owner"), action="workspace.create", target=workspace)
    return workspace


def _check_zone(name: str) -> None:
    if name not in clock.zone_names():
        raise Invalid.field("time_zone", "没有这个时区，例如 Asia/Shanghai。", "No such time zone; for example Asia/Shanghai.")
