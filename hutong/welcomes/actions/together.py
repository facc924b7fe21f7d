"""Greeting several newcomers of a group in one message, and when a message of a welcome is due."""

from __future__ import annotations

import datetime as dt
import uuid

from hutong.channels import answering, may_send
from hutong.channels.actions.sends import Order, send_many
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.welcomes.models import Gathering, Greeting, Welcome
from hutong.welcomes.said import fill, mentioning, messages
from hutong.workspaces.models import Workspace

PREFIX = "welcome"


def due(workspace_id: uuid.UUID, welcome: Welcome, moment: dt.datetime, *, zone: str) -> dt.datetime:
    """When a message that is due at that moment goes: with quiet hours, when they end."""
    if not welcome.keeps_quiet:
        return moment
    return may_send.quiet_until(may_send.rules_of(workspace_id), moment, zone=zone) or moment


def say_together(gathering_id: uuid.UUID, index: int) -> None:
    """Say one message to those of a gathering who are still there; once, whoever asks again."""
    gathering = (
        Gathering.objects.across_workspaces().select_related("welcome", "chat__account", "chat__group__community").filter(pk=gathering_id).first()
    )
    if gathering is None or not gathering.welcome.is_on or gathering.chat.account.state == "removed":
        return
    said = messages(gathering.welcome.messages)
    if index >= len(said) or said[index].place != "group":
        return
    workspace_id, chat = gathering.workspace_id, gathering.chat
    rows = Greeting.objects.in_workspace(workspace_id).filter(gathering=gathering, left_at=None).order_by("at", "pk")
    there = list(rows.values_list("origin_id", "user_ref"))
    heads = origins.heads(workspace_id, [origin_id for origin_id, _ in there])
    people = {heads[origin_id]: ref for origin_id, ref in there if origin_id in heads}
    if not people:
        return
    language = Workspace.objects.values_list("language", flat=True).get(pk=workspace_id)
    segments = fill(workspace_id, said[index], member_ids=list(people), group=chat.group, language=language)
    if said[index].mentions:
        names = dict(Member.objects.in_workspace(workspace_id).filter(pk__in=list(people)).values_list("pk", "name"))
        segments = mentioning(segments, [(ref, names[member_id]) for member_id, ref in people.items() if ref], answering.manifest_of(chat.account))
    order = Order(
        key=f"{PREFIX}/{gathering.welcome_id}/together/{gathering.pk}/{index}",
        account_id=chat.account_id,
        chat=answering.place(chat),
        segments=segments,
        purpose="reply" if not said[index].delay_seconds else "service",
        member_id=next(iter(people)) if len(people) == 1 else None,
        thread=gathering.thread,
    )
    send_many(workspace_id, [order], source="system")
