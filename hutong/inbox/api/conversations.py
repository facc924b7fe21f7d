"""Conversations: lists, threads, answers, notes, whose they are and how they stand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from ninja import Query, Status

from hutong.inbox import schemas
from hutong.inbox.actions import conversations, opening
from hutong.inbox.api import ANSWER, READ, router
from hutong.inbox.queries import conversations as queries
from hutong.inbox.queries import reach
from hutong.workspaces.access import Request


@router.get("/inbox/counts", permission=READ, response=schemas.InboxCounts, operation_id="inbox_counts", summary="How many conversations wait")
def inbox_counts(request: Request) -> object:
    return queries.counts(request.workspace, request.actor.user)


@router.get("/inbox/staff", permission=READ, response=schemas.StaffList, operation_id="inbox_staff", summary="Who may answer, by name")
def inbox_staff(request: Request) -> object:
    return {"items": queries.staff(request.workspace)}


@router.get(
    "/inbox/conversations",
    permission=READ,
    response=schemas.ConversationPage,
    operation_id="conversations_list",
    summary="Conversations, the latest first",
)
def conversations_list(request: Request, query: Query[schemas.ConversationsQuery]) -> object:
    wanted = queries.Wanted(**query.dict(exclude={"cursor", "limit"}))
    page = queries.page(request.workspace, user=request.actor.user, wanted=wanted, cursor=query.cursor, limit=query.limit)
    return {"items": [_conversation(one) for one in page.items], "next_cursor": page.next_cursor}


@router.post(
    "/inbox/conversations",
    permission=ANSWER,
    response={201: schemas.ConversationDetail},
    operation_id="conversations_open",
    summary="Open a conversation from a message of the stream, or with a member by an account",
)
def conversations_open(request: Request, body: schemas.OpenBody) -> Status[object]:
    made = opening.open_one(request.workspace, actor=request.actor, event_id=body.event_id, member_id=body.member_id, account_id=body.account_id)
    return Status(201, _detail(request, made.pk))


@router.get(
    "/inbox/members/{uuid:member_id}/ways",
    permission=ANSWER,
    response=schemas.WaysOut,
    operation_id="inbox_ways",
    summary="By which accounts a member can be written to in private",
)
def inbox_ways(request: Request, member_id: uuid.UUID) -> object:
    found = reach.ways(request.workspace, member_id)
    return {
        "items": [
            {
                "account_id": one.account.pk,
                "account_name": one.account.name,
                "channel": one.account.channel,
                "user_ref": one.identity.external_id,
                "conversation_id": one.conversation_id,
            }
            for one in found
        ]
    }


@router.get(
    "/inbox/conversations/{uuid:conversation_id}",
    permission=READ,
    response=schemas.ConversationDetail,
    operation_id="conversations_get",
    summary="One conversation",
)
def conversations_get(request: Request, conversation_id: uuid.UUID) -> object:
    return _detail(request, conversation_id)


@router.patch(
    "/inbox/conversations/{uuid:conversation_id}",
    permission=ANSWER,
    response=schemas.ConversationDetail,
    operation_id="conversations_change",
    summary="Assign, snooze, close or reopen a conversation",
)
def conversations_change(request: Request, conversation_id: uuid.UUID, body: schemas.ConversationChange) -> object:
    given = body.dict(exclude_unset=True)
    conversations.change(request.workspace, actor=request.actor, conversation_id=conversation_id, **given)
    return _detail(request, conversation_id)


@router.get(
    "/inbox/conversations/{uuid:conversation_id}/messages",
    permission=READ,
    response=schemas.InboxMessagePage,
    operation_id="conversations_messages",
    summary="Messages and notes, the latest first",
)
def conversations_messages(request: Request, conversation_id: uuid.UUID, query: Query[schemas.PageQuery]) -> object:
    page = queries.thread(request.workspace, conversation_id, cursor=query.cursor, limit=query.limit)
    return {"items": _messages(request, conversation_id, page.items), "next_cursor": page.next_cursor}


@router.get(
    "/inbox/conversations/{uuid:conversation_id}/context",
    permission=READ,
    response=schemas.ContextOut,
    operation_id="conversations_context",
    summary="What was said in the group before the conversation opened",
)
def conversations_context(request: Request, conversation_id: uuid.UUID) -> object:
    return {"items": queries.context(request.workspace, queries.one(request.workspace, conversation_id, user=request.actor.user))}


@router.post(
    "/inbox/conversations/{uuid:conversation_id}/answers",
    permission=ANSWER,
    response={201: schemas.InboxMessageOut},
    operation_id="conversations_answer",
    summary="Answer; the same key is sent once",
)
def conversations_answer(request: Request, conversation_id: uuid.UUID, body: schemas.AnswerBody) -> Status[object]:
    made = conversations.answer(
        request.workspace,
        actor=request.actor,
        conversation_id=conversation_id,
        key=body.key,
        parts=body.parts,
        quotes=body.quotes,
        expected_last_message=body.expected_last_message,
        script_id=body.script_id,
    )
    return Status(201, _messages(request, conversation_id, [made])[0])


@router.post(
    "/inbox/conversations/{uuid:conversation_id}/notes",
    permission=ANSWER,
    response={201: schemas.InboxMessageOut},
    operation_id="conversations_note",
    summary="Write a note for staff only; the same key is kept once",
)
def conversations_note(request: Request, conversation_id: uuid.UUID, body: schemas.NoteBody) -> Status[object]:
    made = conversations.note(
        request.workspace, actor=request.actor, conversation_id=conversation_id, key=body.key, text=body.text, mentions=body.mentions
    )
    return Status(201, _messages(request, conversation_id, [made])[0])


@router.post(
    "/inbox/conversations/{uuid:conversation_id}/seen",
    permission=READ,
    response={204: None},
    operation_id="conversations_seen",
    summary="Say that one has looked at a conversation: the notes that name one are news no more",
)
def conversations_seen(request: Request, conversation_id: uuid.UUID) -> Status[object]:
    conversations.see(request.workspace, actor=request.actor, conversation_id=conversation_id)
    return Status(204, None)


@router.post(
    "/inbox/conversations/{uuid:conversation_id}/answers/{uuid:answer_id}/retry",
    permission=ANSWER,
    response=schemas.InboxMessageOut,
    operation_id="conversations_retry",
    summary="Send an answer again that failed",
)
def conversations_retry(request: Request, conversation_id: uuid.UUID, answer_id: uuid.UUID) -> object:
    found = conversations.retry(request.workspace, actor=request.actor, conversation_id=conversation_id, message_id=answer_id)
    return _messages(request, conversation_id, [found])[0]


def _conversation(one: Any) -> dict[str, Any]:
    names = (
        "id", "name", "channel", "account_id", "community_id", "state", "snoozed_until", "assignee", "is_mentioned", "because", "handed_over_by",
        "last_at", "last_direction", "last_excerpt", "last_has_files", "last_failed", "waiting_since", "opened_at", "closed_at",
    )  # fmt: skip
    origin = one.origin
    return {name: getattr(one, name) for name in names} | {
        "account_name": one.account.name,
        "chat_name": one.chat.group.name if one.chat.group else one.chat.name,
        "is_private": one.chat.kind == "dm",
        "group_id": one.chat.group_id,
        "member_id": (origin.merged_into_id or origin.pk) if origin else None,
        "last_message": one.last_id,
    }


def _detail(request: Request, conversation_id: uuid.UUID) -> dict[str, Any]:
    found = queries.one(request.workspace, conversation_id, user=request.actor.user)
    return _conversation(found) | {"window": queries.window(found), "quotes": queries.may_quote(found)}


def _messages(request: Request, conversation_id: uuid.UUID, some: Sequence[Any]) -> list[dict[str, Any]]:
    quoted = queries.quoted(request.workspace, conversation_id, some)
    named = queries.named(request.workspace, some)
    return [_message(one, quoted.get(one.reply_to), named.get(one.pk, [])) for one in some]


def _message(one: Any, quoted: uuid.UUID | None, named: list[Any]) -> dict[str, Any]:
    names = (
        "id",
        "direction",
        "at",
        "text",
        "attachments",
        "staff_id",
        "staff_name",
        "is_automatic",
        "send_id",
        "edited_at",
        "recalled_at",
    )
    said = {name: getattr(one, name) for name in names}
    send = one.send
    if one.recalled_at is not None:
        said |= {"text": "", "attachments": []}
    return said | {
        "mentions": named,
        "parts": queries.parts(one),
        "quoted": quoted,
        "state": send.state if send else one.state,
        "error_zh": send.error_zh if send else "",
        "error_en": send.error_en if send else "",
    }
