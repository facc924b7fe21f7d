"""Responder: who answers a broadcast. An answer is a message by a person, not by a bot, an automatic one or ours, within three days after the
broadcast's message arrived:

* in the private chat the message went to: any message; where several broadcasts went there, of the latest before it. One that quotes a
  message of ours answers that one;
* in a group: a message that quotes the broadcast's (replies to it, or stands in its thread where the platform tells so).

A person counts once a run, with their first answer.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db.models import F

from hutong.broadcasts.models import Reaction, Run
from hutong.channels.models import Chat, Send, SentMessage
from hutong.events.responders import Happening, at_once
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.bulk import chunks
from hutong.members.models import Member

NAME = "broadcasts"
WITHIN = dt.timedelta(days=3)
CLOCKS = dt.timedelta(seconds=5)  # platforms tell whole seconds, and their clocks are not ours
ARRIVED = ("sent", "partial")
NOT_A_PERSON = ("bot", "own", "automatic")


def take(events: Sequence[Happening]) -> None:
    """Note the answers among these. Within the responder's transaction."""
    said = [one for one in events if _may_answer(one)]
    chats: dict[uuid.UUID, Chat] = {}
    for some in chunks({uuid.UUID(str(one.properties["chat_id"])) for one in said}):
        chats |= Chat.objects.across_workspaces().in_bulk(some)
    for event in said:
        chat = chats.get(uuid.UUID(str(event.properties["chat_id"])))
        if chat is not None and str(chat.workspace_id) == event.workspace_id and (chat.kind == "dm" or event.reply_to):
            _note(event, chat)


RESPONDER = at_once(NAME, frozenset({"message_sent"}), take)


def _may_answer(event: Happening) -> bool:
    is_possible = event.group_id == NONE or bool(event.reply_to)  # in a group only what quotes
    return is_possible and "chat_id" in event.properties and event.member_id != NONE and not any(event.properties.get(name) for name in NOT_A_PERSON)


def _note(event: Happening, chat: Chat) -> None:
    at = dt.datetime.fromtimestamp(event.occurred_at, dt.UTC)
    send = _answered(event, chat, at)
    run = Run.objects.in_workspace(chat.workspace_id).filter(lane_id=uuid.UUID(send.lane)).first() if send is not None else None
    if send is None or run is None:
        return
    member = Member.objects.in_workspace(chat.workspace_id).select_related("merged_into").filter(pk=event.member_id).first()
    if member is None:
        return
    if react(run, member.merged_into or member, "replied", at=at, send_id=send.pk):
        stream.record(
            Fact(
                workspace_id=chat.workspace_id,
                name="broadcast_replied",
                member_id=(member.merged_into or member).pk,
                channel=event.channel,
                source=f"broadcast:{run.broadcast_id}",
                occurred_at=at,
                properties={"run_id": str(run.pk), "send_id": str(send.pk)},
                id=f"{run.pk}/{member.pk}/replied",
            )
        )


def _answered(event: Happening, chat: Chat, at: dt.datetime) -> Send | None:
    """The broadcast's message that this one answers."""
    if event.reply_to:
        quoted = SentMessage.objects.in_workspace(chat.workspace_id).filter(
            account_id=chat.account_id, message_id=event.reply_to, chat_ref=chat.external_id
        )
        found = quoted.select_related("send").defer("send__body").first()
        if found is not None:
            return found.send if found.send.lane and _is_within(found.send, at) else None
    if chat.kind != "dm":
        return None
    people = {uuid.UUID(one) for one in (event.member_id, event.origin_id) if one != NONE}  # merged since, they are known under either
    rows = Send.objects.in_workspace(chat.workspace_id).filter(
        member_id__in=people,
        finished_at__gt=at - WITHIN,
        finished_at__lte=at + CLOCKS,
        state__in=ARRIVED,
        account_id=chat.account_id,
        chat_ref=chat.external_id,
    )
    return rows.exclude(lane="").defer("body").order_by("-finished_at").first()


def _is_within(send: Send, at: dt.datetime) -> bool:
    return send.finished_at is not None and send.finished_at - CLOCKS <= at < send.finished_at + WITHIN


def react(run: Run, member: Member, kind: str, *, at: dt.datetime | None = None, send_id: uuid.UUID | None = None) -> bool:
    """Remember once that a member did this after a run; whether it is new. Within a transaction."""
    _, is_new = Reaction.objects.in_workspace(run.workspace_id).get_or_create(
        workspace_id=run.workspace_id, run=run, member=member, kind=kind, defaults={"at": at or clock.now(), "send_id": send_id}
    )
    if is_new:
        Run.objects.in_workspace(run.workspace_id).filter(pk=run.pk).update(**{kind: F(kind) + 1})
    return is_new
