"""What became of sends: the row, the line behind it, the event, and what the platform says of it later."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from hutong.channels import line
from hutong.channels.actions import opt_outs
from hutong.channels.contract import ID_LENGTH_MAX, Inbound
from hutong.channels.models import Account, AccountHealth, Lane, Send, SentMessage
from hutong.channels.waiting import Outbound
from hutong.foundation import clock, ids, stream
from hutong.foundation.stream import Fact
from hutong.members import bulk

ERROR_LENGTH_MAX = 500
FAILED = frozenset({"failed", "expired", "unknown"})
WENT = frozenset({"sent", "partial"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A send that ended, or waits for a person on the platform."""

    send: Outbound
    state: str
    message_ids: tuple[str, ...] = ()
    reason: str = ""
    zh: str = ""
    en: str = ""


def settle(account_id: uuid.UUID, workspace_id: uuid.UUID, ended: Sequence[Settled]) -> None:
    """Write how these sends of one account ended, tell the stream, and let the next in line come first. Within a transaction."""
    if not ended:
        return
    now = clock.now()
    rows = [
        (one.state, False, False, "", None, list(one.message_ids), one.reason[:30], one.zh[:ERROR_LENGTH_MAX], one.en[:ERROR_LENGTH_MAX],
         None if one.state == "awaiting_confirm" else now, one.send.pk)
        for one in ended
    ]  # fmt: skip
    columns = ("state", "is_first", "is_later", "holder", "held_until", "message_ids", "reason", "error_zh", "error_en", "finished_at")
    bulk.update(Send, columns, rows, workspace_id=workspace_id)
    names = [(one.send, name[:ID_LENGTH_MAX]) for one in ended for name in dict.fromkeys(one.message_ids)]
    keys = ids.many(len(names))
    sent = [(key, workspace_id, account_id, send.chat_ref, name, send.pk, now) for key, (send, name) in zip(keys, names, strict=True)]
    bulk.insert(SentMessage, ("id", "workspace", "account", "chat_ref", "message_id", "send", "at"), sent, is_skipping=True)
    facts = [fact for one in ended if (fact := _fact(one, now)) is not None]
    if facts:
        stream.record(*facts)
    for one in ended:  # whoever is answered has just written: there they can be reached
        if one.reason == "chat_gone" and one.send.purpose != "reply" and one.send.chat_kind == "dm" and one.send.user_ref == one.send.chat_ref:
            _unreachable(one.send, one.zh)
    line.promote(account_id, [one.send.chat_ref for one in ended if not one.send.lane])
    _count(workspace_id, ended)
    went = sum(one.state in WENT for one in ended)
    if went:
        AccountHealth.objects.in_workspace(workspace_id).filter(account_id=account_id).update(sent=F("sent") + went, errors=0)


def _unreachable(send: Outbound, note: str) -> None:
    """Whom that was for cannot be reached there, the platform says: writing again would harm us and help nobody."""
    opt_outs.bounced(send.account, user_ref=send.user_ref, note=note, member_id=send.member_id)


def _count(workspace_id: uuid.UUID, ended: Sequence[Settled]) -> None:
    """Keep the counts of their lanes."""
    moves = Counter((one.send.lane, one.send.state, one.state) for one in ended if one.send.lane)
    for (lane, before, after), number in moves.items():
        count(workspace_id, lane, before=before, after=after, number=number)


def count(workspace_id: uuid.UUID, lane: str, *, before: str, after: str, number: int) -> None:
    """So many sends of a lane went from one state to another. Within a transaction."""
    change = {state: F(state) + by * number for state, by in ((before, -1), (after, 1)) if state != "queued"}
    if change and before != after:
        Lane.objects.in_workspace(workspace_id).filter(pk=uuid.UUID(lane)).update(**change)


def _fact(one: Settled, now: dt.datetime) -> Fact | None:
    if one.state in WENT:
        name = "message_delivered"
    elif one.state in FAILED:
        name = "message_failed"
    else:
        return None
    send = one.send
    send_id = str(send.pk)
    properties: dict[str, object] = {"send_id": send_id, "key": send.key, "purpose": send.purpose, "account_id": str(send.account_id)}
    if one.message_ids:
        properties["message_id"] = one.message_ids[0]
    if one.state != "sent":
        properties["state"] = one.state
    if one.reason:
        properties["reason"] = one.reason
    group = send.group
    return Fact(
        workspace_id=send.workspace_id,
        name=name,
        member_id=send.member_id,
        group_id=group.pk if group else None,
        community_id=group.community_id if group else None,
        channel=send.account.channel,
        source=send.source,
        occurred_at=now,
        properties=properties,
        id=f"{send_id}/{send.attempts}/{name}",
    )


def delivered(account: Account, event: Inbound) -> None:
    """The platform says later what became of a message. Within a transaction."""
    said = event.type.partition(".")[2]
    rows = SentMessage.objects.in_workspace(account.workspace_id).filter(account=account, message_id=event.target_id)
    if event.chat is not None:
        rows = rows.filter(chat_ref=event.chat.id)
    found = rows.select_related("send__account", "send__group").first()
    if found is None:
        return
    send = found.send
    send.delivery = said
    send.save(update_fields=["delivery"])
    if said == "bounced" and send.user_ref:
        _unreachable(send, event.reason)
    if said == "sent":
        if send.state == "awaiting_confirm":
            settle(account.pk, account.workspace_id, [Settled(send=send, state="sent", message_ids=tuple(send.message_ids))])
    elif send.state in ("awaiting_confirm", "sent", "partial"):
        zh = (
            f"平台后来告知没有送达：{event.reason or '未说明原因'}。"
            if send.state != "awaiting_confirm"
            else f"没有被确认：{event.reason or '未说明原因'}。"
        )
        en = f"The platform said later that it did not arrive: {event.reason or 'no reason given'}."
        settle(account.pk, account.workspace_id, [Settled(send=send, state="failed", message_ids=tuple(send.message_ids), reason=said, zh=zh, en=en)])
