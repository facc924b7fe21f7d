"""The outbox at work: one thread claims and settles, in turns of one transaction each; others hand messages to their platforms."""

from __future__ import annotations

import datetime as dt
import math
import os
import queue
import random
import threading
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Sequence

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Exists, OuterRef

from hutong.channels import claiming, line, platforms
from hutong.channels.handing import Claimed, Handed, hand_over
from hutong.channels.models import Account, Lane, Send
from hutong.foundation import clock, ids, logs

THREADS = 8
PER_ACCOUNT_MAX = 6  # a slow platform never takes all of them
QUICK_SECONDS = 0.0005  # a platform that answers within this is served by one hand: more of them would only wait for each other
STUCK_SECONDS = 0.2  # but a hand of which nothing was heard for so long serves nobody
TAKEN_TOGETHER = 16  # by one hand, where many wait for it
TAKEN_SECONDS_MAX = 0.1  # what a hand has not begun by then goes back to the others, and may be held
AHEAD = 1_200  # claimed at once where it costs nothing: no limit to keep, and a key that makes sending again harmless
POLL_SECONDS = 1.0
REST_SECONDS_MAX = 0.1  # between two turns, unless something is called for: what comes back meanwhile is settled together at little more cost
RENEW_SECONDS = 40.0
TAKEN_BACK_TOGETHER = 500
STOP_TIMEOUT_SECONDS = 20.0
TURNS_MAX = 1_000_000

log = logs.get("hutong.outbox")
_dice = random.SystemRandom()


def holder_name() -> str:
    """A name no other process has had."""
    return f"{os.getpid()}-{ids.new().hex[-12:]}"


class Desk:
    """What this process has claimed and not yet settled, by account."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        self.under_way: Counter[uuid.UUID] = Counter()

    def turn(self, handed: list[Handed], *, free: int) -> tuple[list[Claimed], dt.datetime | None]:
        """Settle what came back, claim as much as there are hands for. Gives it, and when to look again."""
        claimed: list[Claimed] = []
        left = self.under_way.copy()
        left.subtract(one.send.account_id for one in handed)
        with transaction.atomic():
            now = clock.now()
            claiming.take_back(handed, now=now)
            again = line.line_up(now) if free > 0 else None
            for account in _waiting_accounts() if free > 0 else ():
                ahead = is_ahead(account)
                room = AHEAD - left[account.pk] if ahead else min(free, PER_ACCOUNT_MAX - left[account.pk])
                if room <= (AHEAD // 2 if ahead and left[account.pk] else 0):  # in large turns
                    continue
                some, soonest = claiming.claim(account, holder=self.holder, limit=room, now=now)
                claimed += some
                left[account.pk] += len(some)
                free -= 0 if ahead else len(some)
                if soonest is not None and (again is None or soonest < again):
                    again = soonest
        self.under_way = +left
        return claimed, again

    def give_back(self, untouched: list[Claimed]) -> None:
        """What was claimed and not begun goes back to its line."""
        if untouched:
            with transaction.atomic():
                claiming.give_back([one.send for one in untouched])
            self.under_way.subtract(one.send.account_id for one in untouched)


def is_ahead(account: Account) -> bool:
    """Whether more may be claimed than there are hands for."""
    said = platforms.manifest(account.platform)
    limits = said.limits
    return said.capabilities.has_send_key and not (limits.per_account or limits.per_chat or limits.per_user or limits.reply)


def _waiting_accounts() -> list[Account]:
    """Accounts at work that have something in line, in no fixed order, so that none is always last."""
    # Every lane is at least "": said so that SQLite looks among what is first in line, and not among all that was ever sent.
    waiting = Send.objects.across_workspaces().filter(account=OuterRef("pk"), lane__gte="", is_first=True, holder="")
    offered = [one.platform for one in platforms.manifests()]
    found = list(Account.objects.across_workspaces().filter(Exists(waiting), state="active", platform__in=offered).order_by())
    _dice.shuffle(found)
    return found


class Pile:
    """What was claimed and waits for a hand; no account has more than `PER_ACCOUNT_MAX` of them, and a quick one has one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[uuid.UUID, deque[Claimed]] = {}
        self._busy: defaultdict[uuid.UUID, dict[uuid.UUID, float]] = defaultdict(dict)  # by the first message of each hand's share: when it was taken
        self._seconds: dict[uuid.UUID, float] = {}  # the shortest time that a message of the last share took
        self._is_closed = False

    def put(self, some: Sequence[Claimed]) -> None:
        """More to hand over."""
        with self._changed:
            for one in some:
                self._waiting.setdefault(one.send.account_id, deque()).append(one)
            self._changed.notify_all()

    def take(self) -> list[Claimed]:
        """The next ones, of the account with the fewest hands at work: one, or a share where many wait. Empty when it is over. Waits."""
        with self._changed:
            while True:
                now = clock.monotonic_seconds()
                ready = [account for account in self._waiting if self._wants_hand(account, now)]
                if ready:
                    account = min(ready, key=lambda one: len(self._busy[one]))
                    waiting = self._waiting[account]
                    some = [waiting.popleft() for _ in range(max(1, min(TAKEN_TOGETHER, len(waiting) // PER_ACCOUNT_MAX)))]
                    if not waiting:
                        del self._waiting[account]
                    self._busy[account][some[0].send.pk] = now
                    return some
                if self._is_closed:
                    return []
                self._changed.wait(STUCK_SECONDS if self._waiting else None)

    def _wants_hand(self, account_id: uuid.UUID, now: float) -> bool:
        busy = self._busy[account_id]
        is_served = self._seconds.get(account_id, math.inf) < QUICK_SECONDS and any(now - at < STUCK_SECONDS for at in busy.values())
        return len(busy) < PER_ACCOUNT_MAX and not is_served

    def lanes(self) -> set[str]:
        """The lanes of what waits."""
        with self._changed:
            return {one.send.lane for some in self._waiting.values() for one in some} - {""}

    def withdraw(self, lanes: set[str]) -> list[Claimed]:
        """Take out what waits in these lanes; gives it."""
        with self._changed:
            found = [one for some in self._waiting.values() for one in some if one.send.lane in lanes]
            left = {account: deque(one for one in some if one.send.lane not in lanes) for account, some in self._waiting.items()}
            self._waiting = {account: some for account, some in left.items() if some}
            return found

    def done(self, share: Sequence[Claimed], untouched: Sequence[Claimed] = (), *, seconds: float = math.inf) -> None:
        """A hand is free again; its quickest message took so long. What it took and did not begin waits before all else of that account."""
        account_id = share[0].send.account_id
        with self._changed:
            del self._busy[account_id][share[0].send.pk]
            self._seconds[account_id] = seconds
            if untouched:
                self._waiting.setdefault(account_id, deque()).extendleft(reversed(untouched))
            self._changed.notify()

    def close(self) -> list[Claimed]:
        """Nothing more is handed over. Gives what no hand has taken."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            left = [one for some in self._waiting.values() for one in some]
            self._waiting.clear()
            return left


def drain(*, turns_max: int = TURNS_MAX) -> int:
    """Send in this thread until nothing is due; gives how many tries that took."""
    desk = Desk(holder_name())
    handed: list[Handed] = []
    tries = 0
    for _ in range(turns_max):
        claimed, again = desk.turn(handed, free=THREADS)
        handed = [hand_over(one) for one in claimed]
        tries += len(handed)
        if not handed and (again is None or again > clock.now()):
            return tries
    return tries


class Outbox:
    """Sends until stopped. `alone`: no other process works on this store, so what was held when it started is held by nobody."""

    def __init__(self, *, threads: int = THREADS, alone: bool = True) -> None:
        self._desk = Desk(holder_name())
        self._alone = alone
        self._threads = threads
        self._pile = Pile()
        self._back: queue.SimpleQueue[Handed] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._hands = [threading.Thread(target=self._hand, name=f"send-{n}", daemon=True) for n in range(threads)]
        self._dispatcher = threading.Thread(target=self._dispatch, name="send-dispatcher", daemon=True)

    def start(self) -> None:
        """Begin to send, in threads of its own."""
        for thread in (*self._hands, self._dispatcher):
            thread.start()

    def stop(self, timeout_seconds: float = STOP_TIMEOUT_SECONDS) -> bool:
        """Claim nothing more, let what is being sent end and settle it. False when some did not end in time."""
        self._stopping.set()
        line.ring()
        self._dispatcher.join(timeout_seconds)
        return not self._dispatcher.is_alive()

    def _dispatch(self) -> None:
        handed: list[Handed] = []
        recovered, renew_at = False, clock.monotonic_seconds() + RENEW_SECONDS
        while not self._stopping.is_set() or self._desk.under_way or handed:
            again: dt.datetime | None = None
            try:
                close_old_connections()
                if not recovered:
                    self._recover(holder_is_gone=self._alone)
                    recovered = True
                if clock.monotonic_seconds() >= renew_at:
                    renew_at = clock.monotonic_seconds() + RENEW_SECONDS
                    self._renew()
                    self._recover(holder_is_gone=False)
                line.hear()
                self._gather(handed)
                if self._stopping.is_set():
                    self._desk.give_back(self._pile.close())
                else:
                    self._withdraw()
                began = clock.monotonic_seconds()
                busy = self._desk.under_way.total() - len(handed)
                is_busy = bool(handed)
                claimed, again = self._desk.turn(handed, free=0 if self._stopping.is_set() else max(1, self._threads - busy))
                handed.clear()
                self._pile.put(claimed)
                if is_busy or claimed:
                    line.rest(min(REST_SECONDS_MAX, clock.monotonic_seconds() - began))
            except DatabaseError as error:
                log.error("outbox cannot reach the store", exc_info=error)
                connection.close()
                self._stopping.wait(POLL_SECONDS)
            if self._back.empty():
                line.wait(POLL_SECONDS if again is None else min(POLL_SECONDS, max(0.0, (again - clock.now()).total_seconds())))
        connection.close()

    def _gather(self, handed: list[Handed]) -> None:
        while len(handed) < TAKEN_BACK_TOGETHER:
            try:
                handed.append(self._back.get_nowait())
            except queue.Empty:
                return

    def _withdraw(self) -> None:
        """What was claimed ahead in a lane that was held or ended meanwhile is not handed over."""
        names = self._pile.lanes()
        if names:
            rows = Lane.objects.across_workspaces().filter(pk__in=[uuid.UUID(name) for name in names], state="open")
            closed = names - {pk.hex for pk in rows.values_list("pk", flat=True)}
            if closed:
                self._desk.give_back(self._pile.withdraw(closed))

    def _recover(self, *, holder_is_gone: bool) -> None:
        with transaction.atomic():
            count = claiming.recover(now=clock.now(), holder_is_gone=holder_is_gone, except_holder=self._desk.holder)
            claiming.expire(now=clock.now())
        if count:
            log.warning("sends of a process that died", sends=count)

    def _renew(self) -> None:
        until = clock.now() + dt.timedelta(seconds=claiming.HELD_SECONDS)
        Send.objects.across_workspaces().exclude(holder="").filter(holder=self._desk.holder).update(held_until=until)

    def _hand(self) -> None:
        while some := self._pile.take():
            self._work(some)
        connection.close()

    def _work(self, some: list[Claimed]) -> None:
        """Hand these over, as many as there is time for; the others go back."""
        began = clock.monotonic_seconds()
        until, quickest = began + TAKEN_SECONDS_MAX, math.inf
        untouched = deque(some)
        while untouched:
            self._back.put(hand_over(untouched.popleft()))
            ended = clock.monotonic_seconds()
            quickest, began = min(quickest, ended - began), ended
            if ended > until:
                break
        self._pile.done(some, untouched, seconds=quickest)
        line.ring()
