"""Every write to the outbox that somebody asks for: send, cancel, send again. Sending itself is `hutong.channels.outbox`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db import transaction

from hutong.channels import line
from hutong.channels.contract import ID_LENGTH_MAX, Chat, ReplyContext, Segment, Text
from hutong.channels.errors import AccountStopped, NotOffered, SendState, SendUnderWay
from hutong.channels.fitting import plain
from hutong.channels.models import DEAD_STATES, Account, Send
from hutong.channels.models import Chat as ChatRow
from hutong.channels.outcomes import Settled, count, settle
from hutong.channels.platforms import manifest
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import many_lines, one_line, storable
from hutong.members import bulk
from hutong.members.models import Member
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

LASTS = dt.timedelta(hours=72)
SEGMENTS_MAX = 50
TEXT_LENGTH_MAX = 10_000
SUBJECT_LENGTH_MAX = 200
BODY_BYTES_MAX = 256 * 1024
EXCERPT_LENGTH = 200
TOGETHER = 1_000
RESENDABLE = ("failed", "expired", "unknown")


class Body(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a row of the outbox says, apart from its columns."""

    segments: tuple[Segment, ...]
    thread: str = ""
    reply: ReplyContext | None = None
    subject: str = ""
    unsubscribe_url: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message to send. The same `key` again is the same message: it goes once, whoever asks however often.

    `not_before` keeps it out of the line until then; `lasts` says how long it is worth sending.
    """

    key: str
    account_id: uuid.UUID
    chat: Chat
    segments: tuple[Segment, ...]
    purpose: str = "service"  # reply | service | marketing
    member_id: uuid.UUID | None = None
    user_ref: str = ""
    thread: str = ""
    reply: ReplyContext | None = None
    subject: str = ""
    unsubscribe_url: str = ""
    not_before: dt.datetime | None = None
    lasts: dt.timedelta = LASTS


_encode = msgspec.json.Encoder().encode
_COLUMNS = (
    "id", "workspace", "key", "account", "chat_ref", "chat_kind", "chat_name", "user_ref", "member", "group", "purpose", "body", "excerpt", "source",
    "lane", "state", "is_first", "is_later", "next_at", "expires_at", "attempts", "holder", "message_ids", "delivery", "reason", "error_zh", "error_en", "created_at",
)  # fmt: skip


def send(workspace_id: uuid.UUID, order: Order, *, source: str = "system") -> Send:
    """Put one message in the outbox, in the caller's transaction. Raises Invalid, NotFound, NotOffered, AccountStopped."""
    send_many(workspace_id, [order], source=source)
    return Send.objects.in_workspace(workspace_id).select_related("account", "group").get(key=order.key)


def send_many(
    workspace_id: uuid.UUID, orders: Iterable[Order], *, source: str = "system", lane: uuid.UUID | None = None, known: Iterable[Account] = ()
) -> int:
    """Put many messages in the outbox, in the caller's transaction; those whose key is there are left out. Gives how many were given.

    With a `lane` they go in it; how many it holds is for its keeper to count. `known`: active accounts of the workspace, read in this transaction.
    """
    accounts: dict[uuid.UUID, Account] = {one.pk: one for one in known}
    given = 0
    for some in bulk.chunks(orders, size=TOGETHER):
        with transaction.atomic():
            _insert(workspace_id, some, accounts, source, lane.hex if lane else "")
        given += len(some)
    return given


def send_text(workspace: Workspace, *, actor: Actor, account_id: uuid.UUID, chat_id: uuid.UUID, text: str, key: str, subject: str = "") -> Send:
    """A text that somebody writes into a chat of an account. Raises what `send` raises."""
    with transaction.atomic():
        chat = ChatRow.objects.in_workspace(workspace).filter(pk=chat_id, account_id=account_id).first()
        if chat is None:
            raise NotFound("chat")
        said = many_lines("text", text, length_max=TEXT_LENGTH_MAX)
        if not said:
            raise Invalid.field("text", "请填写要发送的内容。", "Write something to send.")
        order = Order(
            key=f"staff/{key}",
            account_id=account_id,
            chat=Chat(id=chat.external_id, kind=chat.kind, name=chat.name),  # type: ignore[arg-type]
            segments=(Text(said),),
            subject=one_line("subject", subject, length_max=SUBJECT_LENGTH_MAX, required=False),
            user_ref=chat.external_id if chat.kind == "dm" else "",
        )
        made = send(workspace.pk, order, source=actor.source)
        audit.write(workspace, actor=actor, action="send.create", target=made, target_name=str(chat), details={"account_id": str(account_id)})
    return made


def _insert(workspace_id: uuid.UUID, orders: Sequence[Order], accounts: dict[uuid.UUID, Account], source: str, lane: str) -> None:
    now = clock.now()
    groups = _groups(workspace_id, orders)
    kept = _kept(workspace_id, orders)
    begun = {} if lane else _begun(orders)
    rows: list[tuple[Any, ...]] = []
    behind: dict[uuid.UUID, list[str]] = {}
    ends: dict[tuple[dt.datetime, dt.timedelta], dt.datetime] = {}
    for order in orders:
        account = accounts.get(order.account_id)
        if account is None:
            account = accounts[order.account_id] = _account(workspace_id, order.account_id)
        body = _body(order)
        later = order.not_before is not None and order.not_before > now
        begins = order.not_before if later and order.not_before else now
        expires = ends.get((begins, order.lasts)) or ends.setdefault((begins, order.lasts), begins + order.lasts)
        place = order.chat.id
        first = not later and (bool(lane) or place not in begun[order.account_id])
        if first and not lane:
            begun[order.account_id].add(place)
        elif not first and not later:
            behind.setdefault(order.account_id, []).append(place)
        rows.append(
            (
                ids.new(), workspace_id, order.key, order.account_id, place, order.chat.kind, storable(order.chat.name)[:200], order.user_ref,
                kept.get(order.member_id) if order.member_id else None, groups.get((order.account_id, place)) if groups and order.chat.kind != "dm" else None, order.purpose, body,
                storable(plain(order.segments))[:EXCERPT_LENGTH], source, lane, "queued", first, later, begins, expires, 0, "", [], "", "", "", "", now,
            )
        )  # fmt: skip
    bulk.insert(Send, _COLUMNS, rows, is_skipping=True, key=("workspace", "key"))
    for account_id, places in behind.items():  # what they were put behind may have been left out, as its key was there
        line.promote(account_id, places)
    transaction.on_commit(line.ring if lane else line.call)


def _begun(orders: Sequence[Order]) -> dict[uuid.UUID, set[str]]:
    """The chats whose lines have a first, of each account."""
    refs: dict[uuid.UUID, dict[str, None]] = {}
    for order in orders:
        refs.setdefault(order.account_id, {})[order.chat.id] = None
    return {account_id: line.taken(account_id, some) for account_id, some in refs.items()}


def _body(order: Order) -> bytes:
    if not 0 < len(order.key) <= 200 or not 0 < len(order.chat.id) <= ID_LENGTH_MAX:
        raise Invalid.field("key", "键和会话编号须有 1 到 200 个字符。", "Key and chat id have 1 to 200 characters.")
    if not order.segments or len(order.segments) > SEGMENTS_MAX:
        raise Invalid.field("segments", f"消息须有 1 到 {SEGMENTS_MAX} 段。", f"A message has 1 to {SEGMENTS_MAX} parts.")
    body = _encode(
        Body(segments=order.segments, thread=order.thread, reply=order.reply, subject=order.subject, unsubscribe_url=order.unsubscribe_url)
    )
    if len(body) > BODY_BYTES_MAX:
        raise Invalid.field("segments", f"消息太长，最多 {BODY_BYTES_MAX:,} 字节。", f"The message is too long: at most {BODY_BYTES_MAX:,} bytes.")
    return body


def _account(workspace_id: uuid.UUID, account_id: uuid.UUID) -> Account:
    account = Account.objects.in_workspace(workspace_id).filter(pk=account_id).first()
    if account is None:
        raise NotFound("account")
    if account.state == "removed":
        raise AccountStopped(name=account.name)
    said = manifest(account.platform)
    if "send" not in said.ways:
        raise NotOffered(platform=said.zh, zh="这个平台只接收，不能发送。", en="it only receives.")
    return account


def _groups(workspace_id: uuid.UUID, orders: Sequence[Order]) -> dict[tuple[uuid.UUID, str], uuid.UUID]:
    refs = {order.chat.id for order in orders if order.chat.kind != "dm"}
    found: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
    for chunk in bulk.chunks(refs):
        rows = ChatRow.objects.in_workspace(workspace_id).filter(external_id__in=chunk, group__isnull=False).exclude(kind="dm")
        found |= {(account_id, ref): group_id for account_id, ref, group_id in rows.values_list("account_id", "external_id", "group_id")}
    return found


def _kept(workspace_id: uuid.UUID, orders: Sequence[Order]) -> dict[uuid.UUID, uuid.UUID]:
    """Members who show: one who was merged away is whom they were merged into."""
    wanted = [order.member_id for order in orders if order.member_id]
    return {pk: into or pk for pk, into in bulk.pick(Member, ["merged_into"], "id", wanted, workspace_id=workspace_id)}


def cancel(workspace: Workspace, *, actor: Actor, send_id: uuid.UUID) -> Send:
    """Stop what has not gone. Raises SendUnderWay while it is being handed over, SendState when it ended."""
    with transaction.atomic():
        send = _one(workspace, send_id)
        if send.holder:
            raise SendUnderWay()
        if send.state not in ("queued", "awaiting_confirm"):
            raise SendState(state=send.state)
        settle(send.account_id, workspace.pk, [Settled(send=send, state="cancelled", message_ids=tuple(send.message_ids))])
        audit.write(workspace, actor=actor, action="send.cancel", target=send, target_name=send.chat_name or send.chat_ref)
    return _one(workspace, send_id)


def resend(workspace: Workspace, *, actor: Actor, send_id: uuid.UUID) -> Send:
    """Give what failed, expired or is in doubt its tries anew, at the end of its chat's line. Raises SendState."""
    with transaction.atomic():
        send = _one(workspace, send_id)
        if send.state not in RESENDABLE:
            raise SendState(state=send.state)
        if send.account.state == "removed":
            raise AccountStopped(name=send.account.name)
        _again(workspace, send.account_id, [send])
        audit.write(
            workspace, actor=actor, action="send.resend", target=send, target_name=send.chat_name or send.chat_ref, details={"was": send.state}
        )
    return _one(workspace, send_id)


def resend_dead(workspace: Workspace, *, actor: Actor, account_id: uuid.UUID, with_unknown: bool) -> int:
    """The same for the dead letters of an account, the oldest first, `TOGETHER` at most. Gives how many. Raises NotFound, AccountStopped, NotOffered."""
    with transaction.atomic():
        account = _account(workspace.pk, account_id)
        some = _dead(workspace, account_id, [state for state in RESENDABLE if with_unknown or state != "unknown"])
        _again(workspace, account_id, some)
        if some:
            audit.write(workspace, actor=actor, action="send.resend_dead", target=account, details={"count": len(some), "with_unknown": with_unknown})
    return len(some)


def drop(workspace: Workspace, *, actor: Actor, send_id: uuid.UUID) -> Send:
    """Leave a dead letter as it is: it stands among them no more. How it ended stays. Raises SendState where it is none."""
    with transaction.atomic():
        send = _one(workspace, send_id)
        if send.state not in DEAD_STATES:
            raise SendState(state=send.state)
        if send.dropped_at is None:
            _left(workspace, [send])
            audit.write(
                workspace, actor=actor, action="send.drop", target=send, target_name=send.chat_name or send.chat_ref, details={"was": send.state}
            )
    return _one(workspace, send_id)


def drop_dead(workspace: Workspace, *, actor: Actor, account_id: uuid.UUID, with_unknown: bool) -> int:
    """The same for the dead letters of an account, the oldest first, `TOGETHER` at most. Gives how many. Raises NotFound."""
    with transaction.atomic():
        account = Account.objects.in_workspace(workspace).filter(pk=account_id).first()
        if account is None:
            raise NotFound("account")
        some = _dead(workspace, account_id, [state for state in DEAD_STATES if with_unknown or state != "unknown"])
        _left(workspace, some)
        if some:
            audit.write(workspace, actor=actor, action="send.drop_dead", target=account, details={"count": len(some), "with_unknown": with_unknown})
    return len(some)


def _dead(workspace: Workspace, account_id: uuid.UUID, states: Sequence[str]) -> list[Send]:
    rows = Send.objects.in_workspace(workspace).filter(account_id=account_id, state__in=states, dropped_at=None)
    return list(rows.order_by("id").only("pk", "state", "chat_ref", "lane", "account_id", "workspace_id")[:TOGETHER])


def _again(workspace: Workspace, account_id: uuid.UUID, some: Sequence[Send]) -> None:
    now = clock.now()
    for part in bulk.chunks([one.pk for one in some]):
        Send.objects.in_workspace(workspace).filter(pk__in=part).update(
            state="queued", is_first=line.AGAIN, is_later=False, next_at=now, expires_at=now + LASTS, attempts=0, finished_at=None, dropped_at=None,
            reason="", error_zh="", error_en="", delivery="",
        )  # fmt: skip
    line.promote(account_id, [one.chat_ref for one in some if not one.lane])
    for (lane, before), number in Counter((one.lane, one.state) for one in some if one.lane).items():
        count(workspace.pk, lane, before=before, after="queued", number=number)


def _left(workspace: Workspace, some: Sequence[Send]) -> None:
    for part in bulk.chunks([one.pk for one in some]):
        Send.objects.in_workspace(workspace).filter(pk__in=part).update(dropped_at=clock.now())


def _one(workspace: Workspace, send_id: uuid.UUID) -> Send:
    found = Send.objects.in_workspace(workspace).select_for_update().select_related("account", "group").filter(pk=send_id).first()
    if found is None:
        raise NotFound("send")
    return found
