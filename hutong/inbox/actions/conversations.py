"""What staff do with conversations: answer, note, hand on, put off, close."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from hutong.channels import messages, personal, platforms
from hutong.channels.actions import sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Chat as ChatAs
from hutong.channels.contract import Manifest, Quote, Segment
from hutong.channels.fitting import plain
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import many_lines
from hutong.inbox import live, people
from hutong.inbox.actions.settling import close_round, settle, shown
from hutong.inbox.errors import ConversationMoved, NobodyToAnswer
from hutong.inbox.following import KEY, TEXT_LENGTH_MAX
from hutong.inbox.models import Conversation, InboxMessage, Mention, Script
from hutong.inbox.queries import conversations as queries
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

NOTE_LENGTH_MAX = 5_000
SNOOZE_DAYS_MAX = 365
WOKEN_TOGETHER = 500
UNSAID = object()


def one(workspace: Workspace, conversation_id: uuid.UUID) -> Conversation:
    """A conversation, for change. Within a transaction. Raises NotFound."""
    rows = Conversation.objects.in_workspace(workspace).select_for_update(of=("self",)).select_related("chat__group__community", "account")
    found = rows.filter(pk=conversation_id).first()
    if found is None:
        raise NotFound("conversation")
    return found


def answer(
    workspace: Workspace,
    *,
    actor: Actor,
    conversation_id: uuid.UUID,
    key: str,
    parts: Sequence[messages.PartIn],
    quotes: uuid.UUID | None = None,
    expected_last_message: uuid.UUID | None = None,
    script_id: uuid.UUID | None = None,
) -> InboxMessage:
    """Answer. The same `key` is the same answer, sent once. Raises ConversationMoved, NobodyToAnswer, Invalid, and what `sends.send` raises."""
    with transaction.atomic():
        conversation = one(workspace, conversation_id)
        before = InboxMessage.objects.in_workspace(workspace).filter(conversation=conversation, key=key).select_related("send").first()
        if before is not None:
            return before
        if expected_last_message is not None and _moved_on(conversation, expected_last_message, actor):
            raise ConversationMoved(last_message=str(conversation.last_id), by=_last_author(conversation))
        if conversation.chat.state in ("removed", "dissolved"):
            raise NobodyToAnswer()
        draft = messages.read(workspace.pk, parts)
        segments = draft.fill(_values(conversation, draft))
        said = platforms.manifest(conversation.account.platform)
        quoted = _quoted(conversation, quotes, said)
        send = sends.send(
            workspace.pk,
            Order(
                key=f"{KEY}{conversation.pk}/{key}",
                account_id=conversation.account_id,
                chat=ChatAs(id=conversation.chat.external_id, kind=conversation.chat.kind, name=conversation.chat.name),  # type: ignore[arg-type]
                segments=(*([Quote(quoted)] if quoted else []), *segments),
                purpose="reply",
                member_id=shown(workspace.pk, conversation.origin_id),
                user_ref=conversation.user_ref,
                thread=conversation.thread,
            ),
            source=actor.source,
        )
        made = _keep(conversation, actor=actor, key=key, segments=segments, quoted=quoted, send_id=send.pk)
        if conversation.assignee_id is None and actor.user is not None:
            conversation.assignee = actor.user
        if not conversation.is_active:
            conversation.state, conversation.is_active, conversation.snoozed_until, conversation.closed_at = "pending", True, None, None
        settle(conversation)
        if script_id is not None:
            Script.objects.in_workspace(workspace).filter(pk=script_id).update(used=F("used") + 1, last_used_at=clock.now())
        audit.write(workspace, actor=actor, action="conversation.answer", target=conversation, details={"send_id": str(send.pk)})
    return made


def retry(workspace: Workspace, *, actor: Actor, conversation_id: uuid.UUID, message_id: uuid.UUID) -> InboxMessage:
    """Send an answer again that failed. Raises NotFound, and what `sends.resend` raises."""
    with transaction.atomic():
        conversation = one(workspace, conversation_id)
        rows = InboxMessage.objects.in_workspace(workspace).filter(conversation=conversation, pk=message_id, send__isnull=False)
        found = rows.first()
        if found is None or found.send_id is None:
            raise NotFound("send")
        found.send = sends.resend(workspace, actor=actor, send_id=found.send_id)
        found.state = found.send.state
        found.save(update_fields=["state"])
        settle(conversation)
    return found


def _moved_on(conversation: Conversation, expected: uuid.UUID, actor: Actor) -> bool:
    """Whether somebody else said something after that message. What the actor said meanwhile they know of."""
    if conversation.last_id is None or conversation.last_id == expected:
        return False
    rows = InboxMessage.objects.in_workspace(conversation.workspace_id).filter(conversation=conversation, at__isnull=False).exclude(direction="note")
    seen = rows.filter(pk=expected).first()
    if seen is None or actor.user is None:
        return True
    later = rows.filter(at__gte=seen.at).exclude(pk=expected)
    return later.exclude(direction="out", is_automatic=False, staff=actor.user).exists()


def _last_author(conversation: Conversation) -> str:
    rows = InboxMessage.objects.in_workspace(conversation.workspace_id).filter(conversation=conversation, pk=conversation.last_id or conversation.pk)
    last = rows.first()
    if last is None or last.direction == "in":
        return conversation.name
    return last.staff_name


def _values(conversation: Conversation, draft: personal.Draft) -> dict[str, str]:
    if not draft.fields:
        return {}
    values: dict[str, str] = {}
    member_id = shown(conversation.workspace_id, conversation.origin_id)
    if member_id is not None:
        values |= personal.look_up(conversation.workspace_id, [member_id], draft.fields)[member_id]
    group = conversation.chat.group
    if group is not None:
        values |= {"group": group.name, "community": group.community.name}
    return values


def _quoted(conversation: Conversation, quotes: uuid.UUID | None, said: Manifest) -> str:
    if quotes is None or "quote" not in said.capabilities.sends:
        return ""
    rows = InboxMessage.objects.in_workspace(conversation.workspace_id).filter(conversation=conversation, pk=quotes).exclude(direction="note")
    found = rows.values_list("external_id", flat=True).first()
    if found is None:
        raise Invalid.field("quotes", "要引用的消息已不存在。", "The message to quote is gone.")
    return "" if found.startswith("event:") else found


def _keep(conversation: Conversation, *, actor: Actor, key: str, segments: Sequence[Segment], quoted: str, send_id: uuid.UUID) -> InboxMessage:
    return InboxMessage.objects.create(
        id=ids.new(),
        workspace_id=conversation.workspace_id,
        conversation=conversation,
        direction="out",
        key=key,
        at=clock.now(),
        text=plain(segments)[:TEXT_LENGTH_MAX],
        parts=messages.stored(segments),
        reply_to=quoted,
        staff=actor.user,
        staff_name=actor.name,
        send_id=send_id,
        state="queued",
    )


def note(workspace: Workspace, *, actor: Actor, conversation_id: uuid.UUID, key: str, text: str, mentions: Sequence[uuid.UUID] = ()) -> InboxMessage:
    """Write down something for staff only, and name the colleagues it is meant for. Raises Invalid, NotFound."""
    said = many_lines("text", text, length_max=NOTE_LENGTH_MAX)
    if not said:
        raise Invalid.field("text", "请填写备注。", "Write a note.")
    with transaction.atomic():
        conversation = one(workspace, conversation_id)
        before = InboxMessage.objects.in_workspace(workspace).filter(conversation=conversation, key=key).first()
        if before is not None:
            return before
        able = {user.pk for user in people.able_to_answer(workspace.pk)}
        if not set(mentions) <= able:
            raise Invalid.field("mentions", "其中有人不能查看会话。", "Some of them cannot see conversations.")
        made = InboxMessage.objects.create(
            id=ids.new(),
            workspace_id=workspace.pk,
            conversation=conversation,
            direction="note",
            key=key,
            at=clock.now(),
            text=said,
            staff=actor.user,
            staff_name=actor.name,
        )
        Mention.objects.bulk_create(
            Mention(workspace_id=workspace.pk, conversation=conversation, message=made, user_id=pk) for pk in dict.fromkeys(mentions)
        )
        live.changed(workspace.pk, "conversation", conversation.pk)
        audit.write(workspace, actor=actor, action="conversation.note", target=conversation)
    return made


def see(workspace: Workspace, *, actor: Actor, conversation_id: uuid.UUID) -> None:
    """They have looked at a conversation: the notes in it that name them are news no more. Raises NotFound."""
    with transaction.atomic():
        queries.exists(workspace, conversation_id)
        unseen = Mention.objects.in_workspace(workspace).filter(conversation_id=conversation_id, user=actor.user, seen_at=None)
        if actor.user is not None and unseen.update(seen_at=clock.now()):
            live.changed(workspace.pk, "conversation", conversation_id)


def change(
    workspace: Workspace,
    *,
    actor: Actor,
    conversation_id: uuid.UUID,
    state: str | None = None,
    snoozed_until: dt.datetime | None = None,
    assignee_id: Any = UNSAID,
) -> Conversation:
    """Hand a conversation to somebody (None: to nobody), put it off, close it or open it again. Raises Invalid, NotFound."""
    with transaction.atomic():
        conversation = one(workspace, conversation_id)
        if assignee_id is not UNSAID:
            _assign(workspace, conversation, actor=actor, assignee_id=assignee_id)
        if state is not None:
            _turn(workspace, conversation, actor=actor, state=state, until=snoozed_until)
        conversation.save()
        live.changed(workspace.pk, "conversation", conversation.pk)
    return conversation


def _assign(workspace: Workspace, conversation: Conversation, *, actor: Actor, assignee_id: uuid.UUID | None) -> None:
    if assignee_id == conversation.assignee_id:
        return
    able = {user.pk: user for user in people.able_to_answer(workspace.pk)}
    if assignee_id is not None and assignee_id not in able:
        raise Invalid.field("assignee_id", "这位员工不能回复会话。", "They may not answer conversations.")
    conversation.assignee_id = assignee_id
    name = able[assignee_id].name if assignee_id is not None else ""
    audit.write(workspace, actor=actor, action="conversation.assign", target=conversation, details={"assignee": name})


def _turn(workspace: Workspace, conversation: Conversation, *, actor: Actor, state: str, until: dt.datetime | None) -> None:
    now = clock.now()
    if state == "snoozed":
        if until is None or not now < until <= now + dt.timedelta(days=SNOOZE_DAYS_MAX):
            raise Invalid.field("snoozed_until", "请选择一年之内的未来时间。", "Choose a time from now, within a year.")
        conversation.state, conversation.is_active, conversation.snoozed_until, conversation.closed_at = "snoozed", False, until, None
    elif state == "closed":
        if conversation.state == "closed":
            return
        conversation.state, conversation.is_active, conversation.snoozed_until, conversation.closed_at = "closed", False, None, now
        conversation.waiting_since = None
        close_round(conversation, by=actor.user, at=now)
    else:
        if conversation.is_active:
            return
        _bring_back(conversation)
    audit.write(workspace, actor=actor, action=f"conversation.{VERBS[state]}", target=conversation)


VERBS = {"snoozed": "snooze", "closed": "close", "open": "open"}


def _bring_back(conversation: Conversation) -> None:
    """Open by hand or by time. Closed and opened again is a new round, unless it is only a snooze that ends."""
    was_closed = conversation.state == "closed"
    conversation.state, conversation.is_active, conversation.snoozed_until, conversation.closed_at = "open", True, None, None
    settle(conversation, reopens_at=clock.now() if was_closed else None)
    conversation.state = "open"  # though nobody waits: somebody wanted to see it


def wake_due() -> None:
    """Bring back what was put off until now, in batches."""
    rows = Conversation.objects.across_workspaces().filter(state="snoozed", snoozed_until__lte=clock.now()).order_by("snoozed_until")
    for pk in list(rows.values_list("pk", flat=True)[:WOKEN_TOGETHER]):
        with transaction.atomic():
            due = Conversation.objects.across_workspaces().select_for_update(of=("self",)).select_related("chat__group")
            conversation = due.filter(pk=pk, state="snoozed", snoozed_until__lte=clock.now()).first()
            if conversation is not None:
                _bring_back(conversation)
                conversation.save()
