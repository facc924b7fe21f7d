"""The inbox over IMAP: log in, look for what is new, fetch it, be told of more. Nothing there is changed, not even what counts as read."""

from __future__ import annotations

import imaplib
import io
import re
import select
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from hutong.channels.contract import NeedsReconnect, Refused, RetryLater
from hutong.connectors.email import replies
from hutong.connectors.email.servers import Mailbox, Server, opened
from hutong.foundation.http import Egress, tls_context

TIMEOUT_SECONDS = 30.0
WHOLE_BYTES_MAX = 10 * 1024 * 1024  # of a larger mail only the beginning is fetched
BEGINNING_BYTES = 256 * 1024
TOGETHER_BYTES_MAX = 128 * 1024  # mails up to that size come several at once
TOGETHER_MAX = 20
HEADERS_BYTES_MAX = 256 * 1024

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_BUSY = re.compile(r"UNAVAILABLE|INUSE|LIMIT|try again|too many|later|频繁", re.IGNORECASE)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server has it. `is_whole`: False where only its beginning was fetched."""

    uid: int
    raw: bytes
    at: str  # when it came, in the server's words
    size_bytes: int
    is_whole: bool = True


class _Client(imaplib.IMAP4):
    """IMAP over the checked way out."""

    def __init__(self, http: Egress, server: Server) -> None:
        self._http, self._server = http, server
        super().__init__(server.host, server.port, TIMEOUT_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return opened(self._http, self._server, timeout_seconds=timeout or TIMEOUT_SECONDS)


class Inbox:
    """A connection to the inbox; a context."""

    def __init__(self, http: Egress, mailbox: Mailbox, server: Server) -> None:
        self._http, self._mailbox, self._server = http, mailbox, server
        self.validity = 0
        self.next_uid = 1
        self.can_idle = False
        self._is_idle = b""
        self._imap: _Client | None = None

    def __enter__(self) -> Self:
        """Connect, log in, open. Raises ConnectorError, EgressError."""
        try:
            self._asked(self._open)
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._hang_up()

    def newer(self, uid: int) -> list[int]:
        """The numbers of the mails after that one."""
        found = self._uid("SEARCH", "UID", f"{uid + 1}:*")
        return sorted(number for number in _numbers(found) if number > uid)  # `*` is always there, even below

    def since(self, day: str) -> list[int]:
        """The numbers of the mails that came on that day (02-Jan-2026) or later."""
        return sorted(_numbers(self._uid("SEARCH", "SINCE", day)))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """How large these are; those that are gone are left out."""
        found = self._uid("FETCH", _set(uids), "(UID RFC822.SIZE)")
        lines = [one if isinstance(one, bytes) else one[0] for one in found if one]
        return {int(uid[1]): int(size[1]) for line in lines if (uid := _UID.search(line)) and (size := _SIZE.search(line))}

    def fetch(self, uids: Sequence[int], sizes: dict[int, int]) -> list[Fetched]:
        """These mails: whole ones, or one alone that is too large to be fetched whole."""
        if len(uids) == 1 and sizes[uids[0]] > WHOLE_BYTES_MAX:
            return self._beginning(uids[0], sizes[uids[0]])
        return [Fetched(uid, raw, at, sizes.get(uid, len(raw))) for uid, at, raw in self._bodies(uids, "BODY.PEEK[]")]

    def has_more(self) -> bool:
        """Whether the server has told of mail since this was asked last."""
        return bool(self._there.untagged_responses.pop("EXISTS", None))

    def noop(self) -> None:
        """Let the server tell what is new."""
        self._asked(self._there.noop)

    def idle(self) -> bool:
        """Begin to wait (RFC 2177). False where the server told of more before it began."""
        return self._asked(self._idle)

    def waits(self, seconds: float) -> bool:
        """Wait so long while idle. False as soon as the server says anything at all."""
        return not self._asked(lambda: self._is_readable(seconds))

    def wake(self) -> None:
        """Wait no more; everything said meanwhile is read."""
        self._asked(self._wake)

    # --- within a connection --------------------------------------------------------

    @property
    def _there(self) -> _Client:
        if self._imap is None:
            raise imaplib.IMAP4.abort("not connected")
        return self._imap

    def _open(self) -> None:
        imap = self._imap = _Client(self._http, self._server)
        if self._server.security == "starttls":
            if "STARTTLS" not in imap.capabilities:
                raise NeedsReconnect(
                    f"{self._server.host} 在这个端口不提供 STARTTLS。请改用 TLS 和它的端口（多为 993）。",
                    f"{self._server.host} offers no STARTTLS on this port. Use TLS and its port, mostly 993.",
                )
            imap.starttls(tls_context())
        try:
            imap.login(_quotable(self._mailbox.username), self._mailbox.password)
        except UnicodeEncodeError as error:
            raise replies.wrong_password("IMAP") from error
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            said = replies.shown(str(error).removeprefix("b'").rstrip("'"))
            if _BUSY.search(said):
                raise RetryLater(
                    f"收信服务器暂不让登录（{said}），稍后自动重试。", f"The IMAP server takes no login now ({said}); it is tried again."
                ) from error
            raise replies.wrong_password("IMAP", said) from error
        self._learn_capabilities(imap)
        if "ID" in self._capabilities:  # NetEase opens no inbox to whoever does not say who they are
            imap.xatom("ID", '("name" "Hutong" "version" "1")')
        self._examine(imap)

    def _learn_capabilities(self, imap: _Client) -> None:
        _, found = imap.capability()
        self._capabilities = set(b" ".join(one for one in found if isinstance(one, bytes)).decode("ascii", "replace").upper().split())
        self.can_idle = "IDLE" in self._capabilities

    def _examine(self, imap: _Client) -> None:
        state, found = imap.select("INBOX", readonly=True)
        if state != "OK":
            said = replies.shown(found[0] or b"")
            raise Refused(
                "other",
                f"收件箱打不开（{said}）。请到邮箱的网页设置里开启 IMAP，再重试。",
                f"The inbox cannot be opened ({said}). Switch IMAP on in the mailbox's web settings and try again.",
            )
        self.validity = _number(imap.response("UIDVALIDITY")[1])
        following = _number(imap.response("UIDNEXT")[1])
        self.next_uid = following or max([0, *_numbers(self._uid("SEARCH", "ALL"))]) + 1
        imap.untagged_responses.pop("EXISTS", None)

    def _uid(self, command: str, *args: str) -> list[Any]:
        state, found = self._asked(lambda: self._there.uid(command, *args))
        if state != "OK":
            raise RetryLater("收信服务器没有完成查询，稍后会再试。", "The IMAP server did not answer a query; it is asked again later.")
        return list(found)

    def _bodies(self, uids: Sequence[int], what: str) -> list[tuple[int, str, bytes]]:
        found = self._uid("FETCH", _set(uids), f"(UID INTERNALDATE {what})")
        seen = []
        for index, one in enumerate(found):
            if not isinstance(one, tuple):
                continue
            # Some servers say the number after the body.
            told = one[0] + (found[index + 1] if index + 1 < len(found) and isinstance(found[index + 1], bytes) else b"")
            uid, at = _UID.search(told), _DATE.search(told)
            if uid is not None:
                seen.append((int(uid[1]), at[1].decode("ascii", "replace") if at else "", one[1]))
        return seen

    def _beginning(self, uid: int, size: int) -> list[Fetched]:
        heads = self._bodies([uid], f"BODY.PEEK[HEADER]<0.{HEADERS_BYTES_MAX}>")
        texts = self._bodies([uid], f"BODY.PEEK[TEXT]<0.{BEGINNING_BYTES}>")
        body = texts[0][2] if texts else b""
        return [Fetched(uid, head.rstrip(b"\r\n") + b"\r\n\r\n" + body, at, size, is_whole=False) for uid, at, head in heads[:1]]

    def _idle(self) -> bool:
        imap = self._there
        tag = imap._new_tag()
        imap.send(tag + b" IDLE\r\n")
        self._is_idle = tag
        is_quiet = True
        while not (line := imap.readline()).startswith(b"+"):
            if not line or line.startswith((tag, b"* BYE")):
                self._is_idle = b""
                raise imaplib.IMAP4.abort("no idling")
            is_quiet = is_quiet and b"EXISTS" not in line
        return is_quiet

    def _is_readable(self, seconds: float) -> bool:
        imap = self._there
        imap.sock.settimeout(0)
        try:
            if cast(io.BufferedReader, imap.file).peek(1):  # what came in one packet with the line before
                return True
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            imap.sock.settimeout(TIMEOUT_SECONDS)
        return bool(select.select([imap.sock], [], [], seconds)[0])

    def _wake(self) -> None:
        imap, tag = self._there, self._is_idle
        if not tag:
            return
        self._is_idle = b""
        imap.send(b"DONE\r\n")
        while not (line := imap.readline()).startswith(tag):
            if not line or line.startswith(b"* BYE"):
                raise imaplib.IMAP4.abort("closed while idle")

    def _hang_up(self) -> None:
        imap, self._imap = self._imap, None
        if imap is not None:
            try:
                imap.shutdown()
            except OSError:
                return

    def _asked(self, ask: Callable[[], T]) -> T:
        """What that gives; whatever breaks on the way means later."""
        try:
            return ask()
        except imaplib.IMAP4.error as error:  # `abort` among them
            raise RetryLater(
                f"收信服务器 {self._server.host} 中断了连接或没有照办，会自动重新连接。",
                f"The IMAP server {self._server.host} broke off or did not do as asked; it is connected to again.",
            ) from error
        except OSError as error:
            raise RetryLater(
                f"与收信服务器 {self._server.host} 的连接断开，会自动重新连接。请核对端口和加密方式。",
                f"The connection to the IMAP server {self._server.host} broke; it is opened again. Check port and encryption.",
            ) from error


def _quotable(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _number(found: Sequence[Any]) -> int:
    last = found[-1] if found else None
    return int(last) if isinstance(last, bytes) and last.isdigit() else 0


def _numbers(found: Sequence[Any]) -> list[int]:
    return [int(one) for line in found if isinstance(line, bytes) for one in line.split() if one.isdigit()]
