"""Which welcomes there are: made, changed, deleted, tried out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction

from hutong.automations.actions import following
from hutong.automations.queries import following as followed
from hutong.channels import answering
from hutong.channels import messages as shapes
from hutong.channels.actions import withdrawing
from hutong.channels.actions.sends import Order, send_many
from hutong.channels.models import Chat
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import one_line
from hutong.members.models import Member
from hutong.welcomes.actions.together import PREFIX
from hutong.welcomes.choosing import SOURCE_FIELDS
from hutong.welcomes.errors import TooManyWelcomes, WelcomeChanged, WelcomeNameTaken
from hutong.welcomes.models import KINDS, Welcome
from hutong.welcomes.said import Message, fill
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

NAME_LENGTH_MAX = 60
WELCOMES_MAX = 200
MESSAGES_MAX = 10
GROUPS_MAX = 200
SOURCES_MAX = 50
SOURCE_LENGTH_MAX = 200
DELAY_SECONDS_MAX = 7 * 86_400
TOGETHER_SECONDS_MAX = 3_600
PRIORITY_MAX = 100

Given = Mapping[str, Any]  # a body's fields, `messages` as dicts with `parts` of PartIn


def create(workspace: Workspace, *, actor: Actor, given: Given) -> Welcome:
    """Add a welcome. Raises WelcomeNameTaken, TooManyWelcomes, Invalid, NotFound, ActionNotAllowed."""
    with transaction.atomic():
        if Welcome.objects.in_workspace(workspace).count() >= WELCOMES_MAX:
            raise TooManyWelcomes(limit=WELCOMES_MAX)
        made = Welcome(workspace=workspace)
        _apply(workspace, made, given)
        made.updated_by = actor.name
        made.save()
        _follow(workspace, made, actor, given)
        audit.write(workspace, actor=actor, action="welcome.create", target=made, details={"is_on": made.is_on})
    return made


def change(workspace: Workspace, *, actor: Actor, welcome_id: uuid.UUID, given: Given, version: int | None = None) -> Welcome:
    """Change what is given. Switched off, what has not gone is not sent. Raises what `create` raises, and WelcomeChanged when `version` is no
    longer the last.
    """
    with transaction.atomic():
        welcome = _welcome(workspace, welcome_id)
        WelcomeChanged.unless(version, welcome.version, by=welcome.updated_by)
        before = {name: getattr(welcome, name) for name in _FIELDS}
        _apply(workspace, welcome, given)
        changed = sorted(name for name, value in before.items() if value != getattr(welcome, name))
        if _follow(workspace, welcome, actor, given):
            changed.append("actions")
        if changed:
            welcome.version += 1
            welcome.updated_at, welcome.updated_by = clock.now(), actor.name
            welcome.save()
            if before["is_on"] and not welcome.is_on:
                withdrawing.withdraw(workspace.pk, key_prefix=f"{PREFIX}/{welcome.pk}/")
            audit.write(workspace, actor=actor, action="welcome.change", target=welcome, details={"changed": changed})
    return welcome


def delete(workspace: Workspace, *, actor: Actor, welcome_id: uuid.UUID) -> int:
    """Delete a welcome; what has not gone is not sent: gives how many messages."""
    with transaction.atomic():
        welcome = _welcome(workspace, welcome_id)
        withdrawn = withdrawing.withdraw(workspace.pk, key_prefix=f"{PREFIX}/{welcome.pk}/")
        following.forget(workspace, actor=actor, follows=welcome.follows)
        audit.write(workspace, actor=actor, action="welcome.delete", target=welcome, details={"withdrawn": withdrawn})
        welcome.delete()
    return withdrawn


def try_out(workspace: Workspace, *, actor: Actor, messages: Sequence[Given], chat_id: uuid.UUID, member_id: uuid.UUID | None, key: str) -> int:
    """Send the messages of a draft into a chat of an account, at once, filled for a member; gives how many. The same `key` sends once.

    Raises NotFound, Invalid and what `sends.send_many` raises.
    """
    with transaction.atomic():
        chat = Chat.objects.in_workspace(workspace).select_related("account", "group__community").filter(pk=chat_id).first()
        if chat is None:
            raise NotFound("chat")
        if member_id is not None and not Member.objects.in_workspace(workspace).filter(pk=member_id).exists():
            raise NotFound("member")
        orders = [
            Order(
                key=f"welcome-trial/{key}/{index}",
                account_id=chat.account_id,
                chat=answering.place(chat),
                segments=fill(workspace.pk, one, member_ids=[member_id] if member_id else [], group=chat.group),
                user_ref=chat.external_id if chat.kind == "dm" else "",
            )
            for index, one in enumerate(_messages(workspace, messages))
        ]
        send_many(workspace.pk, orders, source=actor.source)
        audit.write(
            workspace, actor=actor, action="welcome.try", target=chat, target_kind="chat", target_name=str(chat), details={"messages": len(orders)}
        )
    return len(orders)


def _follow(workspace: Workspace, welcome: Welcome, actor: Actor, given: Given) -> bool:
    return following.follow(
        workspace, actor=actor, follows=welcome.follows, name=welcome.name, event="welcomed", properties={"welcome_id": str(welcome.pk)},
        actions=given.get("actions"),
    )  # fmt: skip


_FIELDS = ("name", "kind", "community_id", "group_ids", "sources", "priority", "messages", "together_seconds", "keeps_quiet", "is_on")


def _apply(workspace: Workspace, welcome: Welcome, given: Given) -> None:
    if "name" in given:
        welcome.name = _free_name(workspace, given["name"], own=welcome)
    for name in ("kind", "priority", "together_seconds", "keeps_quiet", "is_on"):
        if name in given:
            setattr(welcome, name, given[name])
    if "community_id" in given:
        welcome.community = _community(workspace, given["community_id"])
    if "group_ids" in given:
        welcome.group_ids = _groups(workspace, given["group_ids"])
    if "sources" in given:
        welcome.sources = _sources(given["sources"])
    if "messages" in given:
        welcome.messages = msgspec.to_builtins(_messages(workspace, given["messages"]))
    _check(welcome, does_more=followed.will_do(workspace, welcome.follows, given.get("actions")))
    if welcome.is_on and welcome.started_at is None:
        welcome.started_at = clock.now()


def _check(welcome: Welcome, *, does_more: bool) -> None:
    if welcome.kind not in KINDS:
        raise Invalid.field("kind", "请选择何时欢迎。", "Choose whom to welcome.")
    if welcome.kind == "contact" and (welcome.group_ids or welcome.community_id):
        raise Invalid.field(
            "group_ids", "添加好友不在群里，不能限定群或社群。", "Contacts are in no group: a welcome to them is for no group or community."
        )
    if welcome.group_ids and welcome.community_id:
        raise Invalid.field("community_id", "群和社群只能选一种。", "Choose groups or a community, not both.")
    if welcome.is_on and not welcome.messages and not does_more:
        raise Invalid.field("messages", "请至少写一条消息或添加一个动作，再启用。", "Write a message or add an action before you switch it on.")
    if not 0 <= welcome.together_seconds <= TOGETHER_SECONDS_MAX:
        raise Invalid.field("together_seconds", f"请填 0 到 {TOGETHER_SECONDS_MAX} 秒。", f"0 to {TOGETHER_SECONDS_MAX} seconds.")


def _free_name(workspace: Workspace, name: str, *, own: Welcome) -> str:
    clean = one_line("name", name, length_max=NAME_LENGTH_MAX)
    if Welcome.objects.in_workspace(workspace).filter(name=clean).exclude(pk=own.pk).exists():
        raise WelcomeNameTaken(name=clean)
    return clean


def _community(workspace: Workspace, community_id: uuid.UUID | None) -> Community | None:
    if community_id is None:
        return None
    found = Community.objects.in_workspace(workspace).filter(pk=community_id).first()
    if found is None:
        raise NotFound("community")
    return found


def _groups(workspace: Workspace, group_ids: Sequence[uuid.UUID]) -> list[str]:
    wanted = list(dict.fromkeys(group_ids))
    if len(wanted) > GROUPS_MAX:
        raise Invalid.field("group_ids", f"最多选 {GROUPS_MAX} 个群，或改选整个社群。", f"At most {GROUPS_MAX} groups. Choose the community instead.")
    there = set(Group.objects.in_workspace(workspace).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(there) < len(wanted):
        raise NotFound("group")
    return [str(one) for one in wanted]


def _sources(sources: Sequence[Given]) -> list[dict[str, str]]:
    found = []
    for index, one in enumerate(sources):
        if one["field"] not in SOURCE_FIELDS:
            raise Invalid.field(f"sources.{index}.field", "没有这种来源。", "There is no such source.")
        found.append({"field": one["field"], "value": one_line(f"sources.{index}.value", one["value"], length_max=SOURCE_LENGTH_MAX)})
    return found


def _messages(workspace: Workspace, given: Sequence[Given]) -> list[Message]:
    found = []
    for index, one in enumerate(given):
        where = f"messages.{index}"
        parts = [part if isinstance(part, shapes.PartIn) else shapes.PartIn(**part) for part in one["parts"]]
        draft = shapes.read(workspace.pk, parts, where=f"{where}.parts")
        found.append(
            Message(
                segments=shapes.stored(draft.segments),
                fields=tuple(sorted(draft.fields)),
                delay_seconds=one["delay_seconds"],
                place=one["place"],
                otherwise=one["otherwise"],
                mentions=one["mentions"],
            )
        )
    return found


def _welcome(workspace: Workspace, welcome_id: uuid.UUID) -> Welcome:
    found = Welcome.objects.in_workspace(workspace).select_for_update().filter(pk=welcome_id).first()
    if found is None:
        raise NotFound("welcome")
    return found
