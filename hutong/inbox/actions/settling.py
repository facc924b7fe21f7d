"""What a conversation is, from its messages: the last one, who waits since when, when it was answered.

It follows from the set of messages alone, so that it is the same in whatever order a platform tells them and however often.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet

from hutong.channels.outcomes import FAILED
from hutong.foundation import ids, stream
from hutong.foundation.stream import Fact
from hutong.inbox import live
from hutong.inbox.actions import turns
from hutong.inbox.models import Conversation, InboxMessage, Round
from hutong.members.models import Member
from hutong.workspaces.models import User

EXCERPT_LENGTH = 200
LOST = [*sorted(FAILED), "cancelled"]  # states of sends that answered nobody


def settle(conversation: Conversation, *, reopens_at: dt.datetime | None = None) -> None:
    """Bring the row in line with its messages. Within a transaction. `reopens_at`: somebody wrote then, and waits for us."""
    rows = InboxMessage.objects.in_workspace(conversation.workspace_id).filter(conversation=conversation, at__isnull=False)
    if reopens_at is not None:
        _open_round(conversation, reopens_at)
        if not conversation.is_active:
            conversation.state, conversation.is_active, conversation.snoozed_until, conversation.closed_at = "open", True, None, None
    said = rows.exclude(direction="note")
    last = said.order_by("-at", "-external_id", "-id").first()
    if last is not None:
        conversation.last_id, conversation.last_at, conversation.last_direction = last.pk, last.at, last.direction  # type: ignore[assignment]
        conversation.last_excerpt = "" if last.recalled_at else last.text[:EXCERPT_LENGTH]
        conversation.last_has_files = last.recalled_at is None and bool(last.attachments or last.parts)
        conversation.last_failed = last.direction == "out" and last.state in LOST
    answers = _answers(said)
    answered_at = answers.order_by("-at").values_list("at", flat=True).first()
    waiting = said.filter(direction="in", recalled_at=None, at__gte=conversation.opened_at)  # what came before was closed
    if answered_at is not None:
        waiting = waiting.filter(at__gt=answered_at)
    conversation.waiting_since = None if conversation.state == "closed" else waiting.order_by("at").values_list("at", flat=True).first()
    if conversation.is_active:
        conversation.state = "open" if conversation.waiting_since is not None else "pending"
        _note_answer(conversation, answers)
    conversation.save()
    live.changed(conversation.workspace_id, "conversation", conversation.pk)


def _answers(said: QuerySet[InboxMessage]) -> QuerySet[InboxMessage]:
    return said.filter(direction="out", is_automatic=False).exclude(state__in=LOST)


def _open_round(conversation: Conversation, at: dt.datetime) -> None:
    current = Round.objects.in_workspace(conversation.workspace_id).filter(conversation=conversation, closed_at=None).first()
    if current is not None:
        if at < current.opened_at:
            current.opened_at = at
            current.save(update_fields=["opened_at"])
            conversation.opened_at = at
        return
    made = Round.objects.create(
        id=ids.new(), workspace_id=conversation.workspace_id, conversation=conversation, channel=conversation.channel, opened_at=at
    )
    conversation.opened_at = at
    turns.give(conversation)
    stream.record(_fact(conversation, "conversation_opened", made, at, because=conversation.because))


def _note_answer(conversation: Conversation, answers: QuerySet[InboxMessage]) -> None:
    current = Round.objects.in_workspace(conversation.workspace_id).filter(conversation=conversation, closed_at=None).first()
    if current is None:
        return
    first = answers.filter(at__gte=current.opened_at).order_by("at", "external_id", "id").first()
    at, by = (first.at, first.staff_id) if first is not None else (None, None)
    if (current.answered_at, current.answered_by_id) == (at, by):
        return
    current.answered_at, current.answered_by_id = at, by
    current.save(update_fields=["answered_at", "answered_by"])
    if first is not None and at is not None:
        seconds = (at - current.opened_at).total_seconds()
        stream.record(_fact(conversation, "conversation_answered", current, at, seconds=round(seconds), staff_id=str(by or "")))


def close_round(conversation: Conversation, *, by: User | None, at: dt.datetime) -> None:
    """The conversation was closed. Within a transaction."""
    current = Round.objects.in_workspace(conversation.workspace_id).filter(conversation=conversation, closed_at=None).first()
    if current is None:
        return
    current.closed_at, current.closed_by = at, by
    current.save(update_fields=["closed_at", "closed_by"])
    seconds = max(0.0, (at - current.opened_at).total_seconds())
    stream.record(_fact(conversation, "conversation_closed", current, at, seconds=round(seconds), staff_id=str(by.pk if by else "")))


def _fact(conversation: Conversation, name: str, of: Round, at: dt.datetime, **properties: Any) -> Fact:
    group = conversation.chat.group
    return Fact(
        workspace_id=conversation.workspace_id,
        name=name,
        member_id=shown(conversation.workspace_id, conversation.origin_id),
        group_id=group.pk if group else None,
        community_id=group.community_id if group else None,
        channel=conversation.channel,
        occurred_at=at,
        properties={"conversation_id": str(conversation.pk), **{key: value for key, value in properties.items() if value != ""}},
        id=f"{of.pk}/{name}",
    )


def shown(workspace_id: uuid.UUID, origin_id: uuid.UUID | None) -> uuid.UUID | None:
    """Who somebody is now, after merges."""
    if origin_id is None:
        return None
    into = Member.objects.in_workspace(workspace_id).filter(pk=origin_id).values_list("merged_into_id", flat=True).first()
    return into or origin_id
