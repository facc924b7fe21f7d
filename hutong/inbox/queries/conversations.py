"""Lists of conversations, their threads, what went before in the group, and how much waits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from hutong.channels import may_send, messages, platforms
from hutong.events.queries import rows as warehouse_rows
from hutong.foundation import clock, pages
from hutong.foundation.errors import NotFound
from hutong.inbox import people
from hutong.inbox.models import Conversation, InboxMessage, Mention
from hutong.members.models import Member
from hutong.members.queries.names import names
from hutong.workspaces.models import User, Workspace

SHOWS = ("mine", "unassigned", "open", "snoozed")
CONTEXT_MESSAGES = 20
CONTEXT_DAYS = 30
SEARCHED_MESSAGES = 20_000  # the latest ones of the workspace that a search looks through
SEARCH_FOUND_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which conversations. `sort`: `last`, or `waiting`: who waits longest first, and only those who wait."""

    show: str = "open"
    sort: str = "last"
    channel: str = ""
    account_id: uuid.UUID | None = None
    community_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    assignee_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    q: str = ""


def page(workspace: Workspace, *, user: User | None, wanted: Wanted, cursor: str | None, limit: int) -> pages.Page[Conversation]:
    """A page of conversations."""
    rows = _shown(Conversation.objects.in_workspace(workspace), user, wanted.show)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    exact = {
        "account_id": wanted.account_id,
        "community_id": wanted.community_id,
        "chat__group_id": wanted.group_id,
        "assignee_id": wanted.assignee_id,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.member_id is not None:
        merged = Member.objects.in_workspace(workspace).filter(merged_into_id=wanted.member_id)
        rows = rows.filter(origin_id__in=[wanted.member_id, *merged.values_list("pk", flat=True)])
    if wanted.q.strip():
        rows = rows.filter(_said(workspace, wanted.q.strip()))
    order = ["-last_at", "-id"]
    if wanted.show == "mentions":
        order = ["-mentioned_at", "-id"]
    if wanted.sort == "waiting":
        rows, order = rows.filter(waiting_since__isnull=False), ["waiting_since", "id"]
    return pages.paginate(_whole(rows, user), order=order, cursor=cursor, limit=limit)


def _whole(rows: QuerySet[Conversation], user: User | None) -> QuerySet[Conversation]:
    """With all that is shown of them to this person."""
    return rows.select_related("origin__merged_into", "assignee", "chat__group", "account").annotate(is_mentioned=Exists(_unseen(user)))


def _mentions(user: User | None) -> QuerySet[Mention]:
    """Of a conversation of the outer query, what names this person."""
    return Mention.objects.across_workspaces().filter(workspace=OuterRef("workspace"), conversation=OuterRef("pk"), user=user)


def _unseen(user: User | None) -> QuerySet[Mention]:
    return _mentions(user).filter(seen_at=None)


def _shown(rows: QuerySet[Conversation], user: User | None, show: str) -> QuerySet[Conversation]:
    if show == "all":
        return rows.filter(last_id__isnull=False)
    if show == "snoozed":
        return rows.filter(state="snoozed")
    if show == "closed":
        return rows.filter(state="closed", last_id__isnull=False)
    if show == "mentions":
        latest = _mentions(user).order_by("-at").values("at")[:1]
        return rows.filter(Exists(_mentions(user))).annotate(mentioned_at=Subquery(latest))
    rows = rows.filter(is_active=True)
    if show == "mine":
        return rows.filter(assignee=user) if user is not None else rows.none()
    return rows.filter(assignee=None) if show == "unassigned" else rows


def _said(workspace: Workspace, q: str) -> Q:
    latest = InboxMessage.objects.in_workspace(workspace).order_by("-id").values("pk", "conversation_id", "text")[:SEARCHED_MESSAGES]
    found = InboxMessage.objects.in_workspace(workspace).filter(pk__in=latest.values("pk"), text__icontains=q, recalled_at=None)
    said = found.values_list("conversation_id", flat=True)[:SEARCH_FOUND_MAX]
    named = (
        Conversation.objects.in_workspace(workspace).filter(name__icontains=q).order_by("name", "id").values_list("pk", flat=True)[:SEARCH_FOUND_MAX]
    )
    return Q(pk__in=[*dict.fromkeys([*named, *said])])


def one(workspace: Workspace, conversation_id: uuid.UUID, *, user: User | None) -> Conversation:
    """A conversation with what its page shows to this person. Raises NotFound."""
    found = _whole(Conversation.objects.in_workspace(workspace), user).filter(pk=conversation_id).first()
    if found is None:
        raise NotFound("conversation")
    return found


def exists(workspace: Workspace, conversation_id: uuid.UUID) -> None:
    """Raises NotFound where there is no such conversation."""
    if not Conversation.objects.in_workspace(workspace).filter(pk=conversation_id).exists():
        raise NotFound("conversation")


def thread(workspace: Workspace, conversation_id: uuid.UUID, *, cursor: str | None, limit: int) -> pages.Page[InboxMessage]:
    """Messages and notes of a conversation, the latest first. Raises NotFound."""
    exists(workspace, conversation_id)
    rows = InboxMessage.objects.in_workspace(workspace).filter(conversation_id=conversation_id, at__isnull=False)
    return pages.paginate(rows.select_related("send"), order=["-at", "-external_id", "-id"], cursor=cursor, limit=limit)


def window(conversation: Conversation) -> dict[str, Any] | None:
    """Until when, and how many more answers the platform allows; None where it sets no limit."""
    manifest = {one.platform: one for one in platforms.manifests()}.get(conversation.account.platform)
    if manifest is None or manifest.capabilities.send != "reply_window":
        return None
    found = may_send.window_of(
        conversation.workspace_id,
        account_id=conversation.account_id,
        chat_ref=conversation.chat.external_id,
        user_ref=conversation.user_ref,
        manifest=manifest,
    )
    if found is None:
        return {"ends_at": None, "left": 0}
    return {"ends_at": clock.from_ms(found.ends_ms) if found.ends_ms is not None else None, "left": max(0, found.left)}


def may_quote(conversation: Conversation) -> bool:
    """Whether the platform lets an answer quote a message."""
    return any("quote" in one.capabilities.sends for one in platforms.manifests() if one.platform == conversation.account.platform)


def quoted(workspace: Workspace, conversation_id: uuid.UUID, some: Sequence[InboxMessage]) -> dict[str, uuid.UUID]:
    """Which messages these quote, by the platform's id of the quoted one."""
    wanted = {one.reply_to for one in some if one.reply_to}
    rows = InboxMessage.objects.in_workspace(workspace).filter(conversation_id=conversation_id, external_id__in=wanted, at__isnull=False)
    return dict(rows.values_list("external_id", "pk")) if wanted else {}


def named(workspace: Workspace, some: Sequence[InboxMessage]) -> dict[uuid.UUID, list[User]]:
    """Whom these notes name, by the id of the note."""
    notes = [one.pk for one in some if one.direction == "note"]
    rows = Mention.objects.in_workspace(workspace).filter(message__in=notes).select_related("user").order_by("id")
    found: dict[uuid.UUID, list[User]] = {}
    for row in rows if notes else ():
        found.setdefault(row.message_id, []).append(row.user)
    return found


def context(workspace: Workspace, conversation: Conversation) -> list[dict[str, Any]]:
    """What was said in the group before the conversation opened, oldest first; nothing for a private chat."""
    group = conversation.chat.group
    if group is None:
        return []
    first = conversation.opened_at - dt.timedelta(days=CONTEXT_DAYS)
    found = warehouse_rows(
        "SELECT id, occurred_at, member_id, text FROM events WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID}"
        " AND group_id = {group:UUID} AND name = 'message_sent' AND local_day >= {first:Date}"
        " AND occurred_at < fromUnixTimestamp64Milli({until:Int64}) ORDER BY occurred_at DESC, ordinal DESC LIMIT {limit:UInt32}",
        {
            "workspace": str(workspace.pk),
            "community": str(group.community_id),
            "group": str(group.pk),
            "first": first.date().isoformat(),
            "until": clock.to_ms(conversation.opened_at),
            "limit": CONTEXT_MESSAGES,
        },
    )
    known = names(workspace.pk, [row[2] for row in found])
    return [
        {"event_id": row[0], "at": row[1], "member_id": row[2] if row[2] in known else None, "name": known.get(row[2], ""), "text": row[3]}
        for row in reversed(found)
    ]


def counts(workspace: Workspace, user: User | None) -> dict[str, int]:
    """How many there are of each kind; `waiting` are those somebody waits in, `for_me` of them mine or nobody's, with those where a note names me."""
    rows = Conversation.objects.in_workspace(workspace)
    waiting = rows.filter(is_active=True, waiting_since__isnull=False)
    mentions = Mention.objects.in_workspace(workspace).filter(user=user, seen_at=None).values("conversation").distinct().count()
    return {
        "waiting": waiting.count(),
        "for_me": waiting.filter(Q(assignee=user) | Q(assignee=None)).exclude(Exists(_unseen(user))).count() + mentions,
        "mentions": mentions,
        **{show: _shown(rows, user, show).count() for show in SHOWS},
    }


def staff(workspace: Workspace) -> list[User]:
    """Who may answer."""
    return people.able_to_answer(workspace.pk)


def parts(message: InboxMessage) -> list[dict[str, object]]:
    """What we sent, part by part."""
    return messages.said(messages.kept(message.parts)) if message.parts else []
