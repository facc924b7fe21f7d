"""Scripts 话术: made, changed with their versions kept, moved between folders, removed. Shared ones need a right, personal ones are one's own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from hutong.channels import messages
from hutong.channels.fitting import plain
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import one_line
from hutong.inbox import live
from hutong.inbox.errors import ShortcutTaken
from hutong.inbox.models import Script, ScriptVersion
from hutong.inbox.pinyin import sounds
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.errors import NotAllowed
from hutong.workspaces.models import Workspace

SCRIPTS_MAX = 5_000
VERSIONS_MAX = 50
TITLE_LENGTH_MAX = 100
FOLDER_LENGTH_MAX = 60
SHORTCUT_LENGTH_MAX = 30
MANAGE = "scripts.manage"


def seen_by(workspace: Workspace, actor: Actor) -> QuerySet[Script]:
    """Shared scripts, and one's own."""
    return Script.objects.in_workspace(workspace).filter(Q(owner=None) | Q(owner=actor.user) if actor.user else Q(owner=None))


def one(workspace: Workspace, script_id: uuid.UUID, *, actor: Actor) -> Script:
    """A script the actor may see. Raises NotFound."""
    found = seen_by(workspace, actor).filter(pk=script_id).first()
    if found is None:
        raise NotFound("script")
    return found


def create(
    workspace: Workspace, *, actor: Actor, title: str, shortcut: str, folder: str, parts: Sequence[messages.PartIn], is_personal: bool
) -> Script:
    """Add a script. Raises Invalid, ShortcutTaken, NotAllowed."""
    if is_personal and actor.user is None:
        raise Invalid.field("is_personal", "密钥没有个人话术。", "A key has no personal scripts.")
    _may(actor, is_personal=is_personal)
    with transaction.atomic():
        if Script.objects.in_workspace(workspace).count() >= SCRIPTS_MAX:
            raise Invalid.field("title", f"最多 {SCRIPTS_MAX:,} 条话术。", f"At most {SCRIPTS_MAX:,} scripts.")
        made = Script(workspace=workspace, owner=actor.user if is_personal else None, updated_by=actor.name)
        _fill(workspace, made, title=title, shortcut=shortcut, folder=folder, parts=parts)
        _save(made)
        _told(workspace, made, actor, "script.create")
    return made


def change(
    workspace: Workspace,
    *,
    actor: Actor,
    script_id: uuid.UUID,
    title: str | None = None,
    shortcut: str | None = None,
    folder: str | None = None,
    parts: Sequence[messages.PartIn] | None = None,
    is_personal: bool | None = None,
) -> Script:
    """Change a script; what it said before is kept as a version. Raises Invalid, ShortcutTaken, NotAllowed, NotFound."""
    with transaction.atomic():
        script = one(workspace, script_id, actor=actor)
        _may(actor, is_personal=script.owner_id is not None)
        before = (script.title, script.parts)
        if is_personal is not None and is_personal != (script.owner_id is not None):
            _may(actor, is_personal=is_personal)
            script.owner = actor.user if is_personal else None
        _fill(
            workspace,
            script,
            title=script.title if title is None else title,
            shortcut=script.shortcut if shortcut is None else shortcut,
            folder=script.folder if folder is None else folder,
            parts=parts,
        )
        if before != (script.title, script.parts):
            ScriptVersion.objects.create(
                workspace=workspace, script=script, number=script.number, title=before[0], parts=before[1], by=script.updated_by, at=script.updated_at
            )
            old = ScriptVersion.objects.in_workspace(workspace).filter(script=script, number__lte=script.number - VERSIONS_MAX)
            old.delete()
            script.number += 1
        script.updated_by, script.updated_at = actor.name, clock.now()
        _save(script)
        _told(workspace, script, actor, "script.change")
    return script


def delete(workspace: Workspace, *, actor: Actor, script_id: uuid.UUID) -> None:
    """Remove a script and its versions. Raises NotAllowed, NotFound."""
    with transaction.atomic():
        script = one(workspace, script_id, actor=actor)
        _may(actor, is_personal=script.owner_id is not None)
        _told(workspace, script, actor, "script.delete")
        script.delete()


def _may(actor: Actor, *, is_personal: bool) -> None:
    if not is_personal and not actor.allows(MANAGE):
        raise NotAllowed(permission=MANAGE, zh="管理共享话术", en="Manage shared scripts")


def _fill(workspace: Workspace, script: Script, *, title: str, shortcut: str, folder: str, parts: Sequence[messages.PartIn] | None) -> None:
    script.title = one_line("title", title, length_max=TITLE_LENGTH_MAX)
    script.sounds = sounds(script.title)
    script.shortcut = one_line("shortcut", shortcut.strip().lstrip("/"), length_max=SHORTCUT_LENGTH_MAX, required=False).lower()
    if " " in script.shortcut:
        raise Invalid.field("shortcut", "快捷词中不能有空格。", "A shortcut has no spaces.")
    script.folder = one_line("folder", folder, length_max=FOLDER_LENGTH_MAX, required=False)
    if parts is not None:
        draft = messages.read(workspace.pk, parts)
        script.parts, script.text = messages.stored(draft.segments), plain(draft.segments)


def _save(script: Script) -> None:
    # Whoever types a shortcut means one script: one's own may not hide a shared one.
    others = Script.objects.in_workspace(script.workspace_id).exclude(pk=script.pk).filter(shortcut=script.shortcut)
    if script.shortcut and others.filter(Q(owner=None) | Q(owner=script.owner)).exists():
        raise ShortcutTaken(shortcut=script.shortcut)
    try:
        with transaction.atomic():
            script.save()
    except IntegrityError as error:
        raise ShortcutTaken(shortcut=script.shortcut) from error


def _told(workspace: Workspace, script: Script, actor: Actor, action: str) -> None:
    live.changed(workspace.pk, "scripts")
    audit.write(workspace, actor=actor, action=action, target=script)
