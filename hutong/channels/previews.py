"""How a message will look to one person on each platform, before anything is sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from hutong.channels import fitting, messages, personal, platforms
from hutong.channels.contract import File, Image, Refused, Segment, Text
from hutong.channels.models import Account
from hutong.communities.models import Group
from hutong.foundation.errors import NotFound
from hutong.members.models import Member
from hutong.workspaces.models import Workspace

Values = dict[str, str]


def fields(workspace: Workspace) -> list[dict[str, str]]:
    """Fields a message may hold, with what stands for them in general."""
    return [{"name": one.name, "zh": one.zh, "en": one.en} for one in personal.fields(workspace.pk)]


def preview(
    workspace: Workspace, *, parts: Sequence[messages.PartIn], platforms: Sequence[str], member_id: uuid.UUID | None, group_id: uuid.UUID | None
) -> dict[str, Any]:
    """The message filled for a member (where none is named, with fallbacks only), then made fit for each platform.

    Without `platforms`, those of the connected accounts. Raises Invalid where the draft cannot be sent to anybody, NotFound.
    """
    draft = messages.read(workspace.pk, parts)
    segments = draft.fill(values_for(workspace, draft, member_id=member_id, group_id=group_id))
    names = list(dict.fromkeys(platforms)) or _connected(workspace)
    return {"parts": messages.said(segments), "platforms": [_on(name, segments) for name in names]}


def values_for(workspace: Workspace, draft: personal.Draft, *, member_id: uuid.UUID | None, group_id: uuid.UUID | None) -> Values:
    """What stands for the fields of a draft, for one member in one group. Raises NotFound."""
    values: Values = {}
    if member_id is not None:
        if not Member.objects.in_workspace(workspace).filter(pk=member_id).exists():
            raise NotFound("member")
        values |= personal.look_up(workspace.pk, [member_id], draft.fields)[member_id]
    if group_id is not None:
        group = Group.objects.in_workspace(workspace).select_related("community").filter(pk=group_id).first()
        if group is None:
            raise NotFound("group")
        values |= {"group": group.name, "community": group.community.name}
    return values


def _connected(workspace: Workspace) -> list[str]:
    rows = Account.objects.in_workspace(workspace).exclude(state="removed").order_by().values_list("platform", flat=True).distinct()
    sending = {one.platform for one in platforms.manifests() if "send" in one.ways}
    return sorted(sending.intersection(rows))


def _on(platform: str, segments: Sequence[Segment]) -> dict[str, Any]:
    said = platforms.manifest(platform)
    sizes = {one.file: one.size_bytes or 0 for one in segments if isinstance(one, (Image, File)) and one.file}
    found: dict[str, Any] = {
        "platform": platform, "zh": said.zh, "en": said.en, "parts": [], "left_out": [], "problem": None,
        "characters": 0, "characters_max": said.limits.text_length_max,
    }  # fmt: skip
    try:
        fitted, left_out = fitting.fit(segments, said, sizes=sizes)
    except Refused as refused:
        return found | {"problem": {"zh": refused.zh, "en": refused.en}, "characters": _characters(segments)}
    return found | {
        "parts": messages.said(fitted),
        "left_out": [{"zh": zh, "en": en} for zh, en in left_out],
        "characters": _characters(fitted),
    }


def _characters(segments: Sequence[Segment]) -> int:
    return max((len(one.text) for one in segments if isinstance(one, Text)), default=0)
