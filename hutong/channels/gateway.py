"""Long connections to platforms: each held by exactly one thread of one process, opened again after a growing pause, its health told.

What a connection brings is stored with its cursor before more is asked for, so nothing is lost or taken twice whatever ends.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
import uuid
from contextlib import AbstractContextManager
from types import TracebackType

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, Q

from hutong.channels import connections, platforms
from hutong.channels.actions import accounts, inbound
from hutong.channels.contract import QUIET_SECONDS_MAX, STOP_SECONDS_MAX, ConnectorError, NeedsReconnect, RetryLater
from hutong.channels.models import Account, AccountHealth
from hutong.channels.outbox import holder_name
from hutong.channels.outcomes import ERROR_LENGTH_MAX
from hutong.foundation import clock, logs
from hutong.foundation.errors import NotFound
from hutong.foundation.http import EgressError, Forbidden

HELD_SECONDS = 60
LOOK_SECONDS = 1.0
RENEW_SECONDS = 15.0
PAUSE_BASE_SECONDS = 1.0
PAUSE_SECONDS_MAX = 300.0
STEADY_SECONDS = 120.0  # a connection that stood so long begins anew with short pauses
CONNECTIONS_MAX = 200
SHOWN_SECONDS = 10.0  # how often a sign of life is stored
SILENT_SECONDS_MAX = 2 * QUIET_SECONDS_MAX
SILENT_ZH = "连接没有任何动静，已当作断开，会自动重连。持续出现请检查平台一侧的程序和网络。"
SILENT_EN = "The connection gave no sign of life and is taken for broken; it is opened again. If this goes on, check the program on the platform's side and the network."

log = logs.get("hutong.gateway")
_jitter = random.SystemRandom()


def take(account: Account, *, holder: str, now: dt.datetime) -> bool:
    """Become the one who holds an account's connection; False while somebody else does."""
    free = Q(holder="") | Q(holder=holder) | Q(held_until__lt=now)
    rows = AccountHealth.objects.in_workspace(account.workspace_id).filter(free, account=account)
    return rows.update(holder=holder, held_until=now + dt.timedelta(seconds=HELD_SECONDS)) == 1


def leave(account: Account, *, holder: str) -> None:
    """Hold it no more."""
    rows = AccountHealth.objects.in_workspace(account.workspace_id).filter(account=account, holder=holder)
    rows.update(holder="", held_until=None, connected_at=None)


class _Taken(AbstractContextManager["_Taken"]):
    """Whatever a connection ends with becomes the account's health, and how long to wait before the next."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.pause_seconds: float | None = None
        self.is_over = False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None or not isinstance(error, Exception):
            return False
        if isinstance(error, DatabaseError):  # ours, not the platform's
            log.error("connection cannot reach the store", account=str(self.account.pk), exc_info=error)
            connection.close()
            return True
        zh, en = _said(error)
        with transaction.atomic():
            if isinstance(error, (NeedsReconnect, Forbidden)):
                self.is_over = True
                accounts.needs_reconnect(self.account, zh=zh, en=en)
            AccountHealth.objects.in_workspace(self.account.workspace_id).filter(account=self.account).update(
                connected_at=None, errors=F("errors") + 1, last_error_at=clock.now(), error_zh=zh[:ERROR_LENGTH_MAX], error_en=en[:ERROR_LENGTH_MAX]
            )
        if isinstance(error, RetryLater):
            self.pause_seconds = error.after_seconds
        elif not isinstance(error, (ConnectorError, EgressError)):
            log.error("connector failed while listening", platform=self.account.platform, account=str(self.account.pk), exc_info=error)
        return True


def _said(error: Exception) -> tuple[str, str]:
    if isinstance(error, (ConnectorError, EgressError)):
        return error.zh, error.en
    return (
        "连接器在接收时出错，会自动重试；持续出现请查看日志。",
        "The connector failed while listening. It is opened again; see the log if this goes on.",
    )


class Listener:
    """The thread that holds one account's connection."""

    def __init__(self, account: Account, *, holder: str) -> None:
        self.account = account
        self.stopping = threading.Event()
        self._holder = holder
        self._renewed_at = clock.monotonic_seconds()
        self._lived_at: float | None = None  # monotonic; None: not connected
        self._thread = threading.Thread(target=self._run, name=f"listen-{account.platform}", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def is_alive(self) -> bool:
        """Whether it still listens, or waits to."""
        return self._thread.is_alive()

    def is_held(self, *, now: dt.datetime) -> bool:
        """Whether the connection is still ours to hold; said anew every `RENEW_SECONDS`."""
        moment = clock.monotonic_seconds()
        if moment - self._renewed_at < RENEW_SECONDS:
            return True
        if not take(self.account, holder=self._holder, now=now):
            return False
        self._renewed_at = moment
        return True

    def note_silence(self) -> None:
        """A connection that shows no sign of life is down, whatever its socket says: give it up and say so."""
        if self._lived_at is None or clock.monotonic_seconds() - self._lived_at < SILENT_SECONDS_MAX:
            return
        self._lived_at = None
        self.stopping.set()
        log.warning("connection gives no sign of life", platform=self.account.platform, account=str(self.account.pk))
        AccountHealth.objects.in_workspace(self.account.workspace_id).filter(account=self.account).update(
            connected_at=None, errors=F("errors") + 1, last_error_at=clock.now(), error_zh=SILENT_ZH, error_en=SILENT_EN
        )

    def join(self, timeout_seconds: float) -> None:
        """Wait for its end."""
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        tries = 0
        try:
            while not self.stopping.is_set():
                close_old_connections()
                began = clock.monotonic_seconds()
                with _Taken(self.account) as seen:
                    try:
                        self._listen()
                    finally:
                        self._lived_at = None
                if seen.is_over:
                    return
                tries = 0 if clock.monotonic_seconds() - began > STEADY_SECONDS else tries + 1
                connection.close()  # a pause may be long
                self.stopping.wait(pause_seconds(tries) if seen.pause_seconds is None else seen.pause_seconds)
        finally:
            leave(self.account, holder=self._holder)
            connection.close()

    def _listen(self) -> None:
        account = self.account
        rows = AccountHealth.objects.in_workspace(account.workspace_id).filter(account=account)
        cursor = rows.values_list("cursor", flat=True).get()
        is_first, shown_at = True, float("-inf")
        for batch in connections.of(account).listen(cursor, self.stopping):
            self._lived_at = clock.monotonic_seconds()
            if is_first:
                is_first = False
                rows.update(connected_at=clock.now(), errors=0)
            if batch.beat_at_ms is not None or self._lived_at - shown_at > SHOWN_SECONDS:
                shown_at = self._lived_at
                lag = {} if batch.beat_at_ms is None else {"lag_ms": max(0, clock.now_ms() - batch.beat_at_ms)}
                rows.update(alive_at=clock.now(), **lag)
            if batch.events or batch.cursor != cursor:
                cursor = batch.cursor
                inbound.receive(account, batch.events, cursor=cursor)
            if self.stopping.is_set():
                return


class Gateway:
    """Holds the connections of every account at work, as long as this process may."""

    def __init__(self) -> None:
        self.holder = holder_name()
        self._listeners: dict[uuid.UUID, Listener] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="gateway", daemon=True)

    def start(self) -> None:
        """Begin to hold connections, in threads of its own."""
        self._thread.start()

    def stop(self, timeout_seconds: float = STOP_SECONDS_MAX) -> bool:
        """End every connection. False when some did not end in time."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)
        until = clock.monotonic_seconds() + timeout_seconds
        for one in self._listeners.values():
            one.stopping.set()
        for one in self._listeners.values():
            one.join(max(0.0, until - clock.monotonic_seconds()))
        return not any(one.is_alive() for one in self._listeners.values())

    def look(self) -> None:
        """Open what should be open, end what should not, keep what is held."""
        now = clock.now()
        wanted = {account.pk: account for account in self._accounts()}
        for account_id, one in list(self._listeners.items()):
            one.note_silence()
            account = wanted.get(account_id)
            if account is None or account.version != one.account.version or not one.is_held(now=now):
                one.stopping.set()
            if not one.is_alive():
                del self._listeners[account_id]
        for account_id, account in wanted.items():
            if account_id not in self._listeners and len(self._listeners) < CONNECTIONS_MAX and take(account, holder=self.holder, now=now):
                self._listeners[account_id] = Listener(account, holder=self.holder)
                self._listeners[account_id].start()

    def _accounts(self) -> list[Account]:
        listening = [one.platform for one in platforms.manifests() if "listen" in one.ways]
        return list(Account.objects.across_workspaces().filter(state="active", platform__in=listening).order_by("id"))

    def _keep(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                close_old_connections()
                self.look()
            except DatabaseError as error:
                log.error("gateway cannot reach the store", exc_info=error)
                connection.close()
        connection.close()


def pause_seconds(tries: int) -> float:
    """How long to wait before the next connection: exponential, full jitter, never less than half a second."""
    return max(0.5, _jitter.uniform(0, min(PAUSE_SECONDS_MAX, PAUSE_BASE_SECONDS * 2.0 ** min(tries, 20))))


def is_offered(platform: str) -> bool:
    """Whether accounts of that platform hold a connection."""
    try:
        return "listen" in platforms.manifest(platform).ways
    except NotFound:
        return False
