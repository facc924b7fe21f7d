"""Never more than a platform allows: how often an account, a chat, a person was written to, exactly, and whom it asked to wait.

For every limit the times of the last sends are kept, as many as it allows. A send may go once the oldest of them has left the
window. That is exact in any stretch of time, uses all of the limit, and survives a restart: a `Book` is read and written in the
transaction that claims the sends. A window is stretched by `MARGIN`, since two sends may travel unequally long.
"""

from __future__ import annotations

import datetime as dt
import uuid
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet

from hutong.channels.contract import ChatKind, Limits, Rate
from hutong.channels.models import LimitUse
from hutong.foundation import clock, ids

MARGIN = 1.02
READ_TOGETHER = 400

ACCOUNT, CHAT, USER, LANE = "account", "chat", "user", "lane"


class Ref(NamedTuple):
    """Whose limit: the account's (no ref), a chat's, somebody's, or a lane's."""

    scope: str
    ref: str = ""


@dataclass(slots=True)
class Use:
    """The times, in milliseconds and in order, of the last sends that count, and until when nothing goes."""

    times: array[int] = field(default_factory=lambda: array("q"))
    held_until_ms: int = 0
    idle_after_ms: int = 0
    is_changed: bool = False


def window_ms(rate: Rate) -> int:
    """How long one send counts."""
    return round(rate.seconds * 1000 * MARGIN)


class Book:
    """The limits of one account, as far as some sends are concerned."""

    def __init__(self, account_id: uuid.UUID, workspace_id: uuid.UUID, limits: Limits, *, lanes: Mapping[str, Rate] | None = None) -> None:
        self._account_id = account_id
        self._workspace_id = workspace_id
        self._rates = {ACCOUNT: limits.per_account, CHAT: limits.per_chat, USER: limits.per_user}
        self._lanes = lanes or {}
        self._uses: dict[Ref, Use] = {}

    def read(self, refs: Iterable[Ref]) -> None:
        """Load what is known of these. Within a transaction that writes, so that nobody else counts meanwhile."""
        wanted = [ref for ref in dict.fromkeys([Ref(ACCOUNT), *refs]) if ref not in self._uses]
        limited = [ref for ref in wanted if self._every(ref)]
        mine = LimitUse.objects.in_workspace(self._workspace_id).filter(account_id=self._account_id)
        for start in range(0, len(limited), READ_TOGETHER):
            some = limited[start : start + READ_TOGETHER]
            self._uses |= {ref: Use() for ref in some}
            self._load(some, mine.filter(ref__in={ref.ref for ref in some}))
        if len(limited) < len(wanted):  # without a limit only a platform that asked to wait counts: few rows, however many are wanted
            others = set(wanted).difference(limited)
            self._load(others, mine.filter(scope__in={ref.scope for ref in others}, held_until_ms__gt=clock.now_ms()))

    def _load(self, wanted: Collection[Ref], rows: QuerySet[LimitUse]) -> None:
        among = set(wanted)
        for scope, name, times, held in rows.values_list("scope", "ref", "times", "held_until_ms"):
            ref = Ref(scope, name)
            if ref in among:
                use = self._uses[ref] = Use(held_until_ms=held)
                use.times.frombytes(bytes(times))

    def rates(self, ref: Ref, kind: ChatKind | str) -> list[Rate]:
        """The platform's rules for one of these, in a chat of that kind."""
        return [rate for rate in self._every(ref) if not rate.chat_kinds or kind in rate.chat_kinds]

    def wait_ms(self, refs: Sequence[Ref], kind: ChatKind | str, now_ms: int) -> tuple[int, Ref | None]:
        """How long until one more may go, and whose limit says so; 0 and None: now."""
        longest: tuple[int, Ref | None] = (0, None)
        for ref in refs:
            use = self._uses[ref] if self._every(ref) else self._uses.get(ref)
            if use is None:
                continue
            free_at = use.held_until_ms
            for rate in self.rates(ref, kind):
                if len(use.times) >= rate.count:
                    free_at = max(free_at, use.times[-rate.count] + window_ms(rate))
            if free_at - now_ms > longest[0]:
                longest = (free_at - now_ms, ref)
        return longest

    def take(self, refs: Sequence[Ref], kind: ChatKind | str, now_ms: int) -> None:
        """One more goes now."""
        for ref in refs:
            rates = self.rates(ref, kind)
            if not rates:
                continue
            use = self._uses[ref]
            # A clock set back must not free what was used: times never decrease.
            use.times.append(max(now_ms, use.times[-1]) if use.times else now_ms)
            most = max(rate.count for rate in self._every(ref))
            if len(use.times) > most:
                del use.times[: len(use.times) - most]
            use.idle_after_ms = max(use.idle_after_ms, use.times[-1] + max(window_ms(rate) for rate in self._every(ref)))
            use.is_changed = True

    def hold(self, ref: Ref, until_ms: int) -> None:
        """The platform asked to wait until then."""
        use = self._uses.setdefault(ref, Use())
        if until_ms > use.held_until_ms:
            use.held_until_ms = until_ms
            use.idle_after_ms = max(use.idle_after_ms, until_ms)
            use.is_changed = True

    def write(self) -> None:
        """Store what changed, in the same transaction as the reading."""
        changed = [
            LimitUse(
                id=ids.new(),
                workspace_id=self._workspace_id,
                account_id=self._account_id,
                scope=ref.scope,
                ref=ref.ref,
                times=use.times.tobytes(),
                held_until_ms=use.held_until_ms,
                idle_after=clock.from_ms(use.idle_after_ms or use.held_until_ms),
            )
            for ref, use in self._uses.items()
            if use.is_changed
        ]
        if changed:
            LimitUse.objects.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=["account", "scope", "ref"],
                update_fields=["times", "held_until_ms", "idle_after"],
                batch_size=READ_TOGETHER // 4,
            )
        for use in self._uses.values():
            use.is_changed = False

    def _every(self, ref: Ref) -> tuple[Rate, ...]:
        if ref.scope == LANE:
            return (self._lanes[ref.ref],) if ref.ref in self._lanes else ()
        return self._rates[ref.scope]


def refs_of(limits: Limits, *, chat_ref: str, user_ref: str) -> list[Ref]:
    """Whose limits a send counts against: always the account's and the chat's, and the person's where the platform limits that."""
    found = [Ref(ACCOUNT), Ref(CHAT, chat_ref)]
    if user_ref and limits.per_user:
        found.append(Ref(USER, user_ref))
    return found


def rate_per_minute(count: int) -> Rate:
    """So many a minute, evenly: in each second's share rather than all at once."""
    together = max(1, round(count / 60))
    return Rate(count=together, seconds=60 * together / count)


@dataclass(frozen=True, slots=True)
class Used:
    """How much of one of the account's limits is used now."""

    count: int
    seconds: float
    used: int


def used(account_id: uuid.UUID, workspace_id: uuid.UUID, limits: Limits, *, now_ms: int) -> list[Used]:
    """The use of each of the account's own limits at this moment."""
    row = LimitUse.objects.in_workspace(workspace_id).filter(account_id=account_id, scope=ACCOUNT).values_list("times", flat=True).first()
    times: array[int] = array("q")
    times.frombytes(bytes(row or b""))
    return [Used(rate.count, rate.seconds, sum(1 for at in times if now_ms - at < window_ms(rate))) for rate in limits.per_account]


def forget_idle(*, rows_max: int = 10_000) -> None:
    """Remove what counts no more."""
    old = LimitUse.objects.across_workspaces().filter(idle_after__lt=clock.now() - dt.timedelta(minutes=1))
    LimitUse.objects.across_workspaces().filter(pk__in=list(old.values_list("pk", flat=True)[:rows_max])).delete()
