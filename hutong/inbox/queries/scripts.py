"""Scripts: found by shortcut, title, its pinyin or words, and what they said before."""

from __future__ import annotations

import uuid

from django.db.models import Case, IntegerField, Q, Value, When

from hutong.foundation import pages
from hutong.inbox.actions import scripts
from hutong.inbox.models import Script, ScriptVersion
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

PICKED_MAX = 20


def page(workspace: Workspace, *, actor: Actor, q: str, folder: str | None, cursor: str | None, limit: int) -> pages.Page[Script]:
    """Shared scripts and one's own, by folder and title."""
    rows = scripts.seen_by(workspace, actor)
    if q.strip():
        rows = rows.filter(_called(q.strip()))
    if folder is not None:
        rows = rows.filter(folder=folder)
    return pages.paginate(rows, order=["folder", "title", "id"], cursor=cursor, limit=limit)


def pick(workspace: Workspace, *, actor: Actor, q: str) -> list[Script]:
    """What somebody who types `/q` most likely means: the shortcut itself, then its beginning, titles that begin so (in pinyin too), then the rest; the most used first."""
    q = q.strip().lower()
    rows = scripts.seen_by(workspace, actor)
    rank = Case(
        When(shortcut=q, then=Value(0)),
        When(shortcut__startswith=q, then=Value(1)),
        When(Q(title__istartswith=q) | Q(sounds__startswith=q), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    rows = rows.filter(_called(q)).annotate(rank=rank).order_by("rank", "-used", "title", "id") if q else rows.order_by("-used", "title", "id")
    return list(rows[:PICKED_MAX])


def _called(q: str) -> Q:
    found = Q(shortcut__istartswith=q.lstrip("/")) | Q(title__icontains=q) | Q(text__icontains=q)
    typed = q.lstrip("/").lower()
    return found | Q(sounds__contains=typed) if typed.isascii() and typed.isalnum() else found


def folders(workspace: Workspace, *, actor: Actor) -> list[str]:
    """Names of folders that hold something."""
    return sorted(set(scripts.seen_by(workspace, actor).exclude(folder="").order_by().values_list("folder", flat=True).distinct()))


def versions(workspace: Workspace, script_id: uuid.UUID, *, actor: Actor) -> list[ScriptVersion]:
    """What a script said before, the latest first. Raises NotFound."""
    script = scripts.one(workspace, script_id, actor=actor)
    return list(ScriptVersion.objects.in_workspace(workspace).filter(script=script).order_by("-number"))
