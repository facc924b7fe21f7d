"""Which messages go now: due, first in their line, allowed, within every limit. And what a handed one becomes.

All within the caller's transaction, which is the only writer: so a limit is never counted twice, and a message is claimed by one.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import F, Q

from hutong.channels import line, platforms
from hutong.channels.actions.accounts import needs_reconnect
from hutong.channels.contract import Manifest, Rate
from hutong.channels.fitting import plain
from hutong.channels.handing import Claimed, Handed, body_of
from hutong.channels.limiter import ACCOUNT, CHAT, LANE, Book, Ref, rate_per_minute, refs_of
from hutong.channels.may_send import Known, may_send, rules_of
from hutong.channels.models import Account, AccountHealth, Lane, Opening, Send
from hutong.channels.outcomes import ERROR_LENGTH_MAX, Settled, settle
from hutong.channels.waiting import Due, Outbound, read
from hutong.communities.models import Group
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.members import bulk

HELD_SECONDS = 120
TRIES_MAX = 10
BACKOFF_BASE_SECONDS = 5.0
BACKOFF_FACTOR = 4.0
BACKOFF_SECONDS_MAX = 6 * 3600.0
LOOKED_AT_MORE = 10  # rows of an account looked at, beyond what is wanted: some may have to wait
ENDED_TOGETHER = 500

_jitter = random.SystemRandom()


def claim(account: Account, *, holder: str, limit: int, now: dt.datetime) -> tuple[list[Claimed], dt.datetime | None]:
    """Take up to `limit` sends of an account, and say when it is worth looking again (None: when something new comes)."""
    health = AccountHealth.objects.in_workspace(account.workspace_id).filter(account=account).values_list("hold_until", flat=True).first()
    if health is not None and health > now:
        return [], health
    first = Send.objects.in_workspace(account.workspace_id).filter(account=account, is_first=True, holder="")
    lanes = dict(Lane.objects.in_workspace(account.workspace_id).filter(state="open").values_list("pk", "per_minute"))
    names = [pk.hex for pk in lanes]
    _jitter.shuffle(names)
    due: list[Due] = []
    for lane in ("", *names):  # what is in no lane goes first; one that is held costs nothing
        most = limit + LOOKED_AT_MORE - len(due)
        if most <= 0:
            break
        due += read(account, first.filter(lane=lane, next_at__lte=now).order_by("next_at", "id")[:most])
    _grouped(account, due)
    rates = {pk.hex: rate_per_minute(count) for pk, count in lanes.items() if count}
    claimed: list[Claimed] = []
    again: dt.datetime | None = None
    if due:
        claimed, again = _choose(account, due, holder=holder, limit=limit, now=now, rates=rates)
    if again == now:
        return claimed, again
    coming = [first.filter(lane=lane, next_at__gt=now).order_by("next_at").values_list("next_at", flat=True).first() for lane in ("", *names)]
    return claimed, min((moment for moment in (again, *coming) if moment is not None), default=None)


def _grouped(account: Account, due: Sequence[Due]) -> None:
    """Give each its group and community: few groups, whatever the number of messages."""
    wanted = {send.group_id for send in due if send.group_id is not None}
    groups: dict[uuid.UUID, Group] = {}
    for some in bulk.chunks(wanted):
        groups |= {one.pk: one for one in Group.objects.in_workspace(account.workspace_id).select_related("community").filter(pk__in=some)}
    for send in due:
        send.group = groups.get(send.group_id) if send.group_id is not None else None


def _choose(
    account: Account, due: Sequence[Due], *, holder: str, limit: int, now: dt.datetime, rates: Mapping[str, Rate]
) -> tuple[list[Claimed], dt.datetime | None]:
    manifest = platforms.manifest(account.platform)
    now_ms = clock.to_ms(now)
    limits = platforms.limits(manifest, account.settings)
    book = Book(account.pk, account.workspace_id, limits, lanes=rates)
    wanted = [
        refs_of(limits, chat_ref=send.chat_ref, user_ref=send.user_ref) + ([Ref(LANE, send.lane)] if send.lane in rates else []) for send in due
    ]
    busy = _busy(account)
    slowed: set[str] = set()
    book.read(ref for refs in wanted for ref in refs)
    known = Known(due, rules=rules_of(account.workspace_id), now=now)
    waiting: list[tuple[dt.datetime, uuid.UUID]] = []
    claimed: list[Claimed] = []
    ended: list[Settled] = []
    again: dt.datetime | None = None
    for send, refs in zip(due, wanted, strict=True):
        if len(claimed) >= limit:
            again = now
            break
        if send.chat_ref in busy or send.lane in slowed:
            continue
        if send.expires_at <= now:
            ended.append(_expired(send))
            continue
        wait_ms, whose = book.wait_ms(refs, send.chat_kind, now_ms)
        if whose is not None and whose.scope == ACCOUNT:
            again = clock.from_ms(now_ms + wait_ms)
            break
        if whose is not None and whose.scope == LANE:
            slowed.add(send.lane)
            moment = clock.from_ms(now_ms + wait_ms)
            again = moment if again is None else min(again, moment)
            continue
        if wait_ms:
            waiting.append((clock.from_ms(now_ms + wait_ms), send.pk))
            continue
        allowed = _allowed(send, manifest, known, ended)
        if allowed is None:
            continue
        book.take(refs, send.chat_kind, now_ms)
        claimed.append(allowed)
        busy.add(send.chat_ref)
    book.write()
    bulk.update(Send, ("next_at",), waiting, workspace_id=account.workspace_id)
    if claimed:
        for one in claimed:
            one.send.attempts += 1
        until = now + dt.timedelta(seconds=HELD_SECONDS)
        rows = [(holder, until, one.send.attempts, one.send.pk) for one in claimed]
        bulk.update(Send, ("holder", "held_until", "attempts"), rows, workspace_id=account.workspace_id)
    if ended:
        settle(account.pk, account.workspace_id, ended)
        again = now
    return claimed, again


def _busy(account: Account) -> set[str]:
    """Chats in which something is being handed over: a chat has a line in each lane, and one message at a time."""
    # Of every account: few are held, and asked of one account they would be looked for among all that it ever sent.
    held = Send.objects.across_workspaces().exclude(holder="").order_by().values_list("account_id", "chat_ref")
    return {chat_ref for account_id, chat_ref in held if account_id == account.pk}


def _allowed(send: Due, manifest: Manifest, known: Known, ended: list[Settled]) -> Claimed | None:
    body = body_of(send)
    verdict = may_send(send, text=plain(body.segments), manifest=manifest, known=known, reply=body.reply)
    if verdict.answer == "later" and verdict.until is not None:
        if verdict.until >= send.expires_at:
            ended.append(_expired(send))
        else:
            line.step_back(send, verdict.until)
        return None
    if verdict.answer == "no":
        ended.append(Settled(send=send, state="failed", message_ids=tuple(send.message_ids), reason=verdict.reason, zh=verdict.zh, en=verdict.en))
        return None
    if verdict.opening_id is not None:
        Opening.objects.in_workspace(send.workspace_id).filter(pk=verdict.opening_id).update(used=F("used") + 1)
    return Claimed(send, body, verdict.reply)


def _expired(send: Outbound, *, was_held: bool = False) -> Settled:
    zh, en = ("暂停期间过期，没有发出。", "It expired while it was on hold.") if was_held else ("到期前没能发出。", "It could not be sent in time.")
    return Settled(
        send=send,
        state="expired",
        message_ids=tuple(send.message_ids),
        reason="expired",
        zh=f"{zh}{send.error_zh}"[:ERROR_LENGTH_MAX],
        en=f"{en} {send.error_en}"[:ERROR_LENGTH_MAX].rstrip(),
    )


class _Taking:
    """What is to be written of sends that came back, all of an account's at once."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.ended: list[Settled] = []
        self._waiting: list[tuple[str, None, dt.datetime, int, list[str], str, str, uuid.UUID]] = []
        self._errors: list[Handed] = []

    def take(self, one: Handed) -> None:
        """It ends, or waits for its next try."""
        settled = self._final(one)
        if settled is not None:
            self.ended.append(settled)

    def write(self, account: Account) -> None:
        """All of it, in the caller's transaction."""
        columns = ("holder", "held_until", "next_at", "attempts", "message_ids", "error_zh", "error_en")
        bulk.update(Send, columns, self._waiting, workspace_id=account.workspace_id)
        if self._errors:
            last = self._errors[-1]
            AccountHealth.objects.in_workspace(account.workspace_id).filter(account=account).update(
                errors=F("errors") + len(self._errors),
                last_error_at=self.now,
                error_zh=last.zh[:ERROR_LENGTH_MAX],
                error_en=last.en[:ERROR_LENGTH_MAX],
            )
        settle(account.pk, account.workspace_id, self.ended)

    def _final(self, one: Handed) -> Settled | None:
        send, now = one.send, self.now
        if one.result == "done" and one.outcome is not None:
            return Settled(send=send, state=one.outcome.state, message_ids=one.message_ids, zh=one.zh, en=one.en)
        if one.result == "refused":
            return Settled(
                send=send, state="partial" if one.message_ids else "failed", message_ids=one.message_ids, reason=one.reason, zh=one.zh, en=one.en
            )
        if one.result == "reconnect":
            needs_reconnect(send.account, zh=one.zh, en=one.en)
            self._wait(one, now, attempts=send.attempts - 1)
            return None
        if one.result == "doubt" and (one.is_over or not _takes_keys(send.account)):
            return Settled(send=send, state="unknown", message_ids=one.message_ids, reason="in_doubt", zh=one.zh, en=one.en)
        self._errors.append(one)
        if send.attempts >= TRIES_MAX:
            return Settled(send=send, state="failed", message_ids=one.message_ids, reason="tries", zh=one.zh, en=one.en)
        at = now + dt.timedelta(seconds=backoff_seconds(send.attempts) if one.after_seconds is None else one.after_seconds)
        if at >= send.expires_at:
            return Settled(send=send, state="expired", message_ids=one.message_ids, reason="expired", zh=one.zh, en=one.en)
        self._wait(one, at, attempts=send.attempts)
        if one.after_seconds is not None:
            _hold(one, at)
        return None

    def _wait(self, one: Handed, at: dt.datetime, *, attempts: int) -> None:
        self._waiting.append(("", None, at, attempts, list(one.message_ids), one.zh[:ERROR_LENGTH_MAX], one.en[:ERROR_LENGTH_MAX], one.send.pk))


def take_back(handed: Sequence[Handed], *, now: dt.datetime) -> None:
    """Write what became of sends that were handed over: they end, or wait for their next try."""
    by_account: dict[uuid.UUID, tuple[Account, _Taking]] = {}
    for one in handed:
        _, taking = by_account.setdefault(one.send.account_id, (one.send.account, _Taking(now)))
        taking.take(one)
    for account, taking in by_account.values():
        taking.write(account)


def give_back(untouched: Sequence[Outbound]) -> None:
    """These were claimed and not begun; the try does not count."""
    for start in range(0, len(untouched), ENDED_TOGETHER):
        some = [send.pk for send in untouched[start : start + ENDED_TOGETHER]]
        Send.objects.across_workspaces().filter(pk__in=some).update(holder="", held_until=None, attempts=F("attempts") - 1)


def _hold(one: Handed, until: dt.datetime) -> None:
    """The platform said how long: nobody asks again before, the whole account or this chat."""
    account = one.send.account
    if one.scope == "chat":
        book = Book(account.pk, account.workspace_id, platforms.manifest(account.platform).limits)
        ref = Ref(CHAT, one.send.chat_ref)
        book.read([ref])
        book.hold(ref, clock.to_ms(until))
        book.write()
    else:
        rows = AccountHealth.objects.in_workspace(account.workspace_id).filter(account=account)
        rows.filter(Q(hold_until=None) | Q(hold_until__lt=until)).update(hold_until=until)


def _takes_keys(account: Account) -> bool:
    try:
        return platforms.manifest(account.platform).capabilities.has_send_key
    except NotFound:  # the connector is no longer part of the product
        return False


def backoff_seconds(attempt: int) -> float:
    """How long to wait after that attempt: exponential, full jitter."""
    return _jitter.uniform(0, min(BACKOFF_SECONDS_MAX, BACKOFF_BASE_SECONDS * BACKOFF_FACTOR ** (attempt - 1)))


def recover(*, now: dt.datetime, holder_is_gone: bool = False, except_holder: str = "") -> int:
    """What a process that died held: sent again where the platform takes our key, else `unknown`, for a person to look. Gives how many.

    What belongs to an ended lane never goes again; it may have gone already, so it is `unknown` too.
    """
    held = Send.objects.across_workspaces().exclude(holder="").exclude(holder=except_holder)
    if not holder_is_gone:
        held = held.filter(held_until__lt=now)
    rows = list(held.select_related("account", "group"))
    lanes = [uuid.UUID(name) for name in {send.lane for send in rows} if name]
    over = {pk.hex for pk in Lane.objects.across_workspaces().filter(pk__in=lanes, state="ended").values_list("pk", flat=True)}
    doubt = [
        Handed(
            send=send,
            result="doubt",
            message_ids=tuple(send.message_ids),
            zh="发送时程序中断，无法确定是否发出。请在平台上查看，需要时重发。",
            en="The program ended while it was being sent, and whether it went is not known. Look on the platform and send it again if need be.",
            is_over=True,
        )
        for send in rows
        if send.lane in over or not _takes_keys(send.account)
    ]
    take_back(doubt, now=now)
    again = [send.pk for send in rows if send.lane not in over and _takes_keys(send.account)]
    for start in range(0, len(again), ENDED_TOGETHER):
        Send.objects.across_workspaces().filter(pk__in=again[start : start + ENDED_TOGETHER]).update(holder="", held_until=None, next_at=now)
    return len(rows)


def expire(*, now: dt.datetime) -> int:
    """What waits for a stopped account, a line or a person, and is worth sending no more. Gives how many."""
    rows = Send.objects.across_workspaces().filter(state__in=["queued", "awaiting_confirm"], finished_at=None, expires_at__lte=now, holder="")
    late = list(rows.select_related("account", "group").order_by("expires_at")[:ENDED_TOGETHER])
    lanes = {uuid.UUID(send.lane) for send in late if send.lane}
    held = {pk.hex for pk in Lane.objects.across_workspaces().filter(pk__in=lanes, state="held").values_list("pk", flat=True)} if lanes else set()
    by_account: dict[tuple[uuid.UUID, uuid.UUID], list[Settled]] = {}
    for send in late:
        by_account.setdefault((send.account_id, send.workspace_id), []).append(_expired(send, was_held=send.lane in held))
    for (account_id, workspace_id), some in by_account.items():
        settle(account_id, workspace_id, some)
    return sum(len(some) for some in by_account.values())
