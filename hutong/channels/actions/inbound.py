"""What a platform tells: kept once, its people recognised, recorded in the stream. One transaction, the connection's cursor included."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

import msgspec
from django.db import transaction
from django.db.models import F

from hutong.channels import contract, outcomes, telling
from hutong.channels.actions import opt_outs, places
from hutong.channels.contract import ID_LENGTH_MAX, Inbound
from hutong.channels.models import Account, AccountHealth, Chat, InboundReceipt, Opening, SentMessage
from hutong.channels.platforms import manifest
from hutong.channels.telling import Author
from hutong.foundation import clock, ids, stream
from hutong.foundation.text import storable
from hutong.members.actions import identities
from hutong.members.actions.identities import Key, Recognised, Seen
from hutong.members.models import Member

RECEIPT_DAYS = 30
WAITING_DAYS = 7
WAITING_PER_CHAT_MAX = 1_000
LOOKED_UP_AT_ONCE = 400
EARLIEST_MS = 946_684_800_000  # 2000
AHEAD_MS_MAX = 300_000
CHAT_KINDS_OF_GROUPS = frozenset({"group", "channel", "list"})
OPENS = frozenset({"message.new", "interaction", "contact.added"})

Place = tuple[str, str]  # a chat's kind and id

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Inbound).decode


def receive(account: Account, events: Sequence[Inbound], *, cursor: str | None = None) -> int:
    """Take what came, in its order; what came before is left out. Gives how many were new.

    With `cursor` the connection's place is stored in the same transaction, so that after a crash it goes on exactly there.
    """
    now = clock.now()
    with transaction.atomic():
        fresh = _fresh(account, events)
        if fresh:
            chats = _chats(account, fresh)
            receipts = _receipts(account, fresh, chats, now)
            ready = [event for event in fresh if not _waits(event, chats)]
            authors = _tell(account, ready, chats)
            for event in ready:
                receipts[event.dedupe_key].author_id = authors.get(event.dedupe_key)
            InboundReceipt.objects.bulk_create(receipts.values())
            _remember(account, ready)
            wrote = (event.actor for event in fresh if event.type == "message.new")
            opt_outs.heard(account, {person.id for person in wrote if person is not None and not telling.is_own(account, person)})
        _note(account, fresh, cursor=cursor, now=now)
    return len(fresh)


def replay(account: Account, chat: Chat) -> int:
    """Record what waited until somebody said which group the chat is. Within a transaction. Gives how many."""
    rows = list(InboundReceipt.objects.in_workspace(account.workspace_id).filter(chat=chat, waiting__isnull=False).order_by("received_at", "id"))
    events = [_decode(bytes(row.waiting or b"")) for row in rows]
    authors = _tell(account, events, {_place(event.chat): chat for event in events if event.chat})
    for row, event in zip(rows, events, strict=True):
        row.author_id = authors.get(event.dedupe_key)
        row.waiting = None
    InboundReceipt.objects.in_workspace(account.workspace_id).bulk_update(rows, ["author", "waiting"], batch_size=LOOKED_UP_AT_ONCE)
    return len(rows)


def _place(chat: contract.Chat) -> Place:
    return chat.kind, chat.id


def _waits(event: Inbound, chats: dict[Place, Chat]) -> bool:
    chat = chats.get(_place(event.chat)) if event.chat else None
    is_nowhere = chat is not None and chat.kind in CHAT_KINDS_OF_GROUPS and chat.group_id is None
    return is_nowhere and event.type in telling.EVENTS and event.type != "unsubscribed"


def _fresh(account: Account, events: Sequence[Inbound]) -> list[Inbound]:
    by_key: dict[str, Inbound] = {}
    now_ms = clock.now_ms()
    for event in events:
        # A platform's clock may be wrong; a time that cannot be is the time of its arrival.
        is_odd = not EARLIEST_MS < event.occurred_at_ms < now_ms + AHEAD_MS_MAX
        sane = msgspec.structs.replace(event, occurred_at_ms=now_ms) if is_odd else event
        by_key.setdefault(event.dedupe_key[:ID_LENGTH_MAX], sane)
    known: set[str] = set()
    keys = list(by_key)
    for start in range(0, len(keys), LOOKED_UP_AT_ONCE):
        rows = InboundReceipt.objects.in_workspace(account.workspace_id).filter(
            account=account, external_id__in=keys[start : start + LOOKED_UP_AT_ONCE]
        )
        known.update(rows.values_list("external_id", flat=True))
    return [event for key, event in by_key.items() if key not in known]


def _chats(account: Account, events: Iterable[Inbound]) -> dict[Place, Chat]:
    """The chats of these events as they are after them, by their id at the time of the event."""
    found: dict[Place, Chat] = {}
    for event in events:
        if event.chat is None:
            continue
        chat = found.get(_place(event.chat))
        if chat is None or (event.chat.name and event.chat.name != chat.name):
            chat = found[_place(event.chat)] = places.met(account, event.chat)
        if event.type in places.STATES:
            places.turned(chat, places.STATES[event.type])
        elif event.type == "chat.updated" and event.target_id:
            found[_place(event.chat)] = places.moved(account, chat, event.target_id)
    return found


def _receipts(account: Account, events: Iterable[Inbound], chats: dict[Place, Chat], now: dt.datetime) -> dict[str, InboundReceipt]:
    made = {}
    for event in events:
        chat = chats.get(_place(event.chat)) if event.chat else None
        made[event.dedupe_key] = InboundReceipt(
            id=ids.new(),
            workspace_id=account.workspace_id,
            account=account,
            external_id=event.dedupe_key[:ID_LENGTH_MAX],
            chat=chat,
            message_id=event.message.id[:ID_LENGTH_MAX] if event.type == "message.new" and event.message else "",
            waiting=_encode(msgspec.structs.replace(event, raw={})) if _waits(event, chats) else None,
            received_at=now,
        )
    return made


def _tell(account: Account, events: Sequence[Inbound], chats: dict[Place, Chat]) -> dict[str, uuid.UUID]:
    """Record events in the stream; gives the origin of each message's author by its dedupe key."""
    people = identities.recognise(account.workspace_id, telling.seen(account, events))
    authors: dict[str, uuid.UUID] = {}
    written: dict[tuple[uuid.UUID | None, str], Recognised] = {}
    facts = []
    for event in events:
        chat = chats.get(_place(event.chat)) if event.chat else None
        person = telling.whom(event)
        known = people.get(telling.key_of(account, person)) if person is not None else None
        if event.type == "message.new" and event.message and known:
            authors[event.dedupe_key] = known.origin_id
            written[chat.pk if chat else None, event.message.id] = known
        fact = telling.fact(account, event, chat=chat, people=people, author=_author(account, event, chat, written, people))
        if fact is not None:
            facts.append(fact)
        if event.type.startswith("delivery."):
            outcomes.delivered(account, event)
        elif event.type == "unsubscribed" and person is not None:
            reason = "complaint" if event.reason == "complaint" else "asked"
            opt_outs.asked(account, user_ref=person.id, reason=reason, member_id=known.origin_id if known else None)
    if facts:
        stream.record(*facts)
    return authors


def _author(
    account: Account, event: Inbound, chat: Chat | None, written: dict[tuple[uuid.UUID | None, str], Recognised], people: dict[Key, Recognised]
) -> Author | None:
    """Whose message is answered, recalled or reacted to, where it came by here."""
    wanted = event.message.reply_to if event.type == "message.new" and event.message else event.target_id
    if not wanted or event.type not in ("message.new", "message.deleted", "reaction.added"):
        return None
    here = written.get((chat.pk if chat else None, wanted))
    if here is not None:
        return Author(*here)
    receipt = InboundReceipt.objects.in_workspace(account.workspace_id).filter(chat=chat, message_id=wanted, author__isnull=False).first()
    if receipt is not None and receipt.author_id is not None:
        shown = Member.objects.in_workspace(account.workspace_id).filter(pk=receipt.author_id).values_list("merged_into_id", flat=True).first()
        return Author(shown or receipt.author_id, receipt.author_id)
    if (
        chat is not None
        and SentMessage.objects.in_workspace(account.workspace_id).filter(account=account, message_id=wanted, chat_ref=chat.external_id).exists()
    ):
        me = Seen(account.channel, account.self_id, account.self_name, event.occurred_at_ms, is_bot=True)
        return Author(*identities.recognise(account.workspace_id, [me])[account.channel, account.self_id])
    return None


def _remember(account: Account, events: Iterable[Inbound]) -> None:
    """What lets us answer: on platforms that ask for it, and wherever a token came along."""
    has_window = manifest(account.platform).capabilities.send == "reply_window"
    for event in events:
        person = event.actor
        if event.type not in OPENS or event.chat is None or person is None or telling.is_own(account, person) or not (has_window or event.reply):
            continue
        Opening.objects.in_workspace(account.workspace_id).update_or_create(
            account=account,
            chat_ref=event.chat.id,
            user_ref=person.id[:ID_LENGTH_MAX],
            defaults={
                "workspace_id": account.workspace_id,
                "at": clock.from_ms(event.occurred_at_ms),
                "used": 0,
                "reply": msgspec.to_builtins(event.reply) if event.reply else None,
            },
        )


def _note(account: Account, events: Sequence[Inbound], *, cursor: str | None, now: dt.datetime) -> None:
    """The account is well: it brought something, or at least its connection stands."""
    changes: dict[str, object] = {"errors": 0}
    if cursor is not None:
        changes["cursor"] = storable(cursor)
    if events:
        changes |= {
            "last_event_at": now,
            "received": F("received") + len(events),
            "lag_ms": max(0, clock.to_ms(now) - max(event.occurred_at_ms for event in events)),
        }
    AccountHealth.objects.in_workspace(account.workspace_id).filter(account=account).update(**changes)


def prune(*, rows_max: int = 20_000) -> None:
    """Every hour: forget what is too old to come again, and what waited too long or in too great a number."""
    now = clock.now()
    rows = InboundReceipt.objects.across_workspaces()
    old = rows.filter(received_at__lt=now - dt.timedelta(days=RECEIPT_DAYS)).order_by()
    rows.filter(pk__in=list(old.values_list("pk", flat=True)[:rows_max])).delete()
    late = rows.filter(waiting__isnull=False, received_at__lt=now - dt.timedelta(days=WAITING_DAYS)).order_by()
    rows.filter(pk__in=list(late.values_list("pk", flat=True)[:rows_max])).update(waiting=None)
    for chat_id in Chat.objects.across_workspaces().filter(group=None).values_list("pk", flat=True):
        waiting = rows.filter(chat_id=chat_id, waiting__isnull=False).order_by("-received_at", "-id")
        beyond = list(waiting.values_list("pk", flat=True)[WAITING_PER_CHAT_MAX : WAITING_PER_CHAT_MAX + rows_max])
        rows.filter(pk__in=beyond).update(waiting=None)
    Opening.objects.across_workspaces().filter(at__lt=now - dt.timedelta(days=RECEIPT_DAYS)).delete()
    SentMessage.objects.across_workspaces().filter(at__lt=now - dt.timedelta(days=RECEIPT_DAYS)).delete()
