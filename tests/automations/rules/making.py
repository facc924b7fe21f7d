"""Rules, members and events for tests of rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from hutong.automations.actions import rules
from hutong.automations.listening import Index
from hutong.automations.models import Rule, Run
from hutong.automations.rules import listeners, ready, running
from hutong.events.responders import Happening
from hutong.foundation import clock
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces import access
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

BODY: dict[str, Any] = {
    "description": "", "preset": "", "community_id": None, "condition": None, "actions": [], "cooldown_seconds": 0, "cap_times": 0, "cap_days": 0,
    "hours": None, "priority": 0, "is_last": False, "is_on": True,
}  # fmt: skip
ORDER = {"kind": "event", "event": "order_paid"}


def staff() -> Actor:
    return Actor("user", None, "王芳", "owner", access.permissions_of_role("owner"))


def body(name: str, **values: Any) -> dict[str, Any]:
    return BODY | {"name": name, "trigger": ORDER} | values


def make_rule(workspace: Workspace, name: str, **values: Any) -> Rule:
    return rules.create(workspace, actor=staff(), values=body(name, **values))


def adds(*tags: Tag) -> list[dict[str, Any]]:
    return [{"id": f"a{at}", "action": "tag.add", "settings": {"tag_id": str(tag.pk)}} for at, tag in enumerate(tags)]


def removes(tag: Tag) -> list[dict[str, Any]]:
    return [{"id": "r", "action": "tag.remove", "settings": {"tag_id": str(tag.pk)}}]


def make_tag(workspace: Workspace, name: str) -> Tag:
    return Tag.objects.create(workspace=workspace, name=name)


def make_member(workspace: Workspace, name: str, **values: Any) -> Member:
    return Member.objects.create(workspace=workspace, name=name, first_seen_at=clock.now(), last_seen_at=clock.now(), **values)


def event(member: Member, key: str, name: str = "order_paid", *, after: float = 0.0, **values: Any) -> Happening:
    at = clock.now().timestamp() + after
    return Happening(id=key, workspace_id=str(member.workspace_id), name=name, occurred_at=at, received_at=at, member_id=str(member.pk), **values)


def happen(*events: Happening, is_late: bool = False) -> None:
    """The reader takes a batch."""
    index = Index(listeners.listeners())
    write = running.prepare(index.met(events, is_late=is_late))
    with transaction.atomic():
        write()


def anew() -> None:
    """As a process that has just started."""
    ready.forget()


def runs(rule: Rule) -> list[tuple[str, str, str]]:
    rows = Run.objects.in_workspace(rule.workspace_id).filter(rule=rule).order_by("pk")
    return list(rows.values_list("key", "state", "reason"))


def tags_of(member: Member) -> set[str]:
    return set(MemberTag.objects.in_workspace(member.workspace_id).filter(member=member).values_list("tag__name", flat=True))


def has(tag: Tag) -> dict[str, Any]:
    return {"kind": "tag", "tag": str(tag.pk)}


def lacks(tag: Tag) -> dict[str, Any]:
    return {"kind": "not", "of": has(tag)}


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def keys(events: Sequence[Happening]) -> list[str]:
    return [one.id for one in events]
