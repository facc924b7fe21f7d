"""Handing a mail to the mailbox's server, step by step, so that what an error means is known at each step."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections import deque
from dataclasses import dataclass

from hutong.channels.contract import ConnectorError, InDoubt, NeedsReconnect, Refused
from hutong.connectors.email import replies
from hutong.connectors.email.replies import Step
from hutong.connectors.email.servers import Mailbox, opened
from hutong.foundation import clock
from hutong.foundation.http import Egress, tls_context

TIMEOUT_SECONDS = 30.0
TAKEN_TIMEOUT_SECONDS = 90.0  # a server looks at a mail before it says that it took it; less than a send is held
IDLE_SECONDS_MAX = 20.0
KEPT_MAX = 6
MAILS_MAX = 50  # over one connection: servers dislike more

GONE = (smtplib.SMTPServerDisconnected, OSError)  # what a connection ends with, time-outs included


class Connection(smtplib.SMTP):
    """SMTP over the checked way out."""

    def __init__(self, http: Egress, mailbox: Mailbox) -> None:
        self._http, self._mailbox = http, mailbox
        self.mails = 0
        self.idle_since = 0.0
        super().__init__(local_hostname=mailbox.domain, timeout=TIMEOUT_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return opened(self._http, self._mailbox.smtp, timeout_seconds=timeout)

    def ready(self) -> None:
        """Greet, encrypt, log in. Raises ConnectorError, EgressError."""
        server = self._mailbox.smtp
        try:
            code, said = self.connect(server.host, server.port)
            if code != 220:
                raise replies.meaning(Step.HELLO, code, said)
            self._hello()
            if server.security == "starttls":
                self._encrypt()
            self._log_in()
        except smtplib.SMTPResponseException as error:
            raise replies.meaning(Step.HELLO, error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPServerDisconnected as error:
            raise replies.lost(server.host) from error
        except ssl.SSLError as error:
            raise replies.untrusted(server.host) from error
        except OSError as error:
            raise replies.lost(server.host) from error

    def _hello(self) -> None:
        code, said = self.ehlo()
        if not 200 <= code < 300:
            code, said = self.helo()
            if not 200 <= code < 300:
                raise replies.meaning(Step.HELLO, code, said)

    def _encrypt(self) -> None:
        if not self.has_extn("starttls"):
            raise NeedsReconnect(
                f"{self._mailbox.smtp.host} 在这个端口不提供 STARTTLS。请改用 TLS 和它的端口（多为 465）。",
                f"{self._mailbox.smtp.host} offers no STARTTLS on this port. Use TLS and its port, mostly 465.",
            )
        self._host = self._mailbox.smtp.host  # whose certificate it has to be
        code, said = self.starttls(context=tls_context())
        if code != 220:
            raise replies.meaning(Step.HELLO, code, said)
        self._hello()

    def _log_in(self) -> None:
        if not self._mailbox.password:
            return
        try:
            self.login(self._mailbox.username, self._mailbox.password)
        except UnicodeEncodeError as error:
            raise replies.wrong_password("SMTP") from error
        except smtplib.SMTPAuthenticationError as error:
            raise replies.meaning(Step.LOGIN, error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NeedsReconnect(
                f"{self._mailbox.smtp.host} 不接受用密码登录。请核对端口和加密方式，或到邮箱设置里开启 SMTP。",
                f"{self._mailbox.smtp.host} takes no login by password. Check port and encryption, or switch SMTP on in the mailbox's settings.",
            ) from error

    def step(self, step: Step, command: str, *, wanted: int = 250) -> None:
        """One command and its answer. Raises ConnectorError; nothing was handed over."""
        try:
            code, said = self.docmd(command)
        except GONE as error:
            raise replies.lost(self._mailbox.smtp.host) from error
        if code != wanted and not (wanted == 250 and code == 251):
            raise replies.meaning(step, code, said)

    def content(self, mail: bytes) -> None:
        """What follows DATA. The last dot is sent alone: until then nothing can have been taken, from then on it may have."""
        try:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("closed")
            self.sock.sendall(_dotted(mail))
        except GONE as error:
            raise replies.lost(self._mailbox.smtp.host) from error
        try:
            self.sock.settimeout(TAKEN_TIMEOUT_SECONDS)
            self.sock.sendall(b".\r\n")
            code, said = self.getreply()
            self.sock.settimeout(TIMEOUT_SECONDS)
        except GONE as error:
            raise InDoubt(
                "邮件交出后连接断了，服务器没有确认。请到对方邮箱或已发送里查看，再决定是否重发。",
                "The connection broke after the mail was handed over, and nothing confirms it. Ask the recipient before sending it again.",
            ) from error
        if code != 250:
            raise replies.meaning(Step.CONTENT, code, said)

    def drop(self) -> None:
        """Hang up without a word more."""
        self.close()


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail on its way: `mail` as bytes with CRLF, from whom bounces come back, to whom."""

    sender: str
    recipient: str
    mail: bytes
    needs_utf8: bool = False


class Post:
    """The connections to one mailbox's server, kept for the next mail for some seconds."""

    def __init__(self, http: Egress, mailbox: Mailbox) -> None:
        self._http, self._mailbox = http, mailbox
        self._kept: deque[Connection] = deque()
        self._guard = threading.Lock()

    def hand_over(self, letter: Letter) -> None:
        """Give one mail to the server. Raises ConnectorError, EgressError."""
        connection = self._fresh() or self._new()
        try:
            _hand(connection, letter)
        except BaseException:
            connection.drop()
            raise
        connection.mails += 1
        self._keep(connection)

    def try_out(self) -> None:
        """Log in and ask whether this sender may write. Raises ConnectorError, EgressError."""
        connection = self._new()
        try:
            # Nothing is sent. Many servers judge the sender only once they know a recipient.
            connection.step(Step.SENDER, f"MAIL FROM:<{self._mailbox.address}>")
            connection.step(Step.SENDER, f"RCPT TO:<{self._mailbox.address}>")
        finally:
            connection.drop()

    def close(self) -> None:
        """Let go of kept connections."""
        with self._guard:
            kept, self._kept = self._kept, deque()
        for one in kept:
            one.drop()

    def _new(self) -> Connection:
        connection = Connection(self._http, self._mailbox)
        try:
            connection.ready()
        except BaseException:
            connection.drop()
            raise
        return connection

    def _fresh(self) -> Connection | None:
        """One that was kept and still answers."""
        while True:
            with self._guard:
                if not self._kept:
                    return None
                one = self._kept.pop()
            if clock.monotonic_seconds() - one.idle_since < IDLE_SECONDS_MAX:
                try:
                    one.step(Step.HELLO, "RSET")
                except ConnectorError:  # it went meanwhile; nothing was handed over by it
                    one.drop()
                    continue
                return one
            one.drop()

    def _keep(self, connection: Connection) -> None:
        connection.idle_since = clock.monotonic_seconds()
        with self._guard:
            if connection.mails < MAILS_MAX and len(self._kept) < KEPT_MAX:
                self._kept.append(connection)
                return
        connection.drop()


def _hand(connection: Connection, letter: Letter) -> None:
    options = ""
    most = connection.esmtp_features.get("size", "")
    if most.isascii() and most.isdigit():
        if 0 < int(most) < len(letter.mail):
            raise Refused(
                "too_large",
                f"邮件有 {len(letter.mail):,} 字节，服务器最多收 {int(most):,}。请减少附件后重发。",
                f"The mail has {len(letter.mail):,} bytes; the server takes {int(most):,}. Attach less and send again.",
            )
        options += f" SIZE={len(letter.mail)}"
    if letter.needs_utf8:
        if not connection.has_extn("smtputf8"):
            raise Refused(
                "chat_gone",
                "收件地址含有中文等字符，而发信服务器不支持（SMTPUTF8）。请换对方的另一个地址。",
                "The recipient's address has letters beyond ASCII, which the sending server cannot do (SMTPUTF8). Use another address of theirs.",
            )
        options += " SMTPUTF8"
    connection.command_encoding = "utf-8" if letter.needs_utf8 else "ascii"
    connection.step(Step.SENDER, f"MAIL FROM:<{letter.sender}>{options}")
    connection.step(Step.RECIPIENT, f"RCPT TO:<{letter.recipient}>")
    connection.step(Step.CONTENT, "DATA", wanted=354)
    connection.content(letter.mail)


def _dotted(mail: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321, 4.5.2), and the last line is whole."""
    whole = mail if mail.endswith(b"\r\n") else mail + b"\r\n"
    doubled = whole.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled
