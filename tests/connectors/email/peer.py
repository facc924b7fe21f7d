"""What the email connector is tried against: a real Postfix and a real Dovecot, with a mailbox for the connector and people who write to it."""

from __future__ import annotations

import email
import email.policy
import email.utils
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from django.test import override_settings

from hutong.channels.contract import Chat, Settings
from hutong.connectors.email import dkim
from hutong.foundation.http import tls_context
from tests.connectors.email.mailserver import DOMAIN, PASSWORD, MailServer, running, trust
from tests.connectors.peer import Peer, Trouble

KEY = dkim.made_key()
_numbers = itertools.count(1)


class EmailPeer(Peer):
    """The mailbox of the connector, and Alice's on the same server."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        server.policy.meets.clear()
        self.bot = server.person("bot")
        self.alice = server.person("alice")

    @property
    def settings(self) -> Settings:
        return {
            "address": self.bot, "sender_name": "胡同小助手", "password": PASSWORD, "service": "own", "username": "", "hourly": 100,
            "smtp_host": "localhost", "smtp_port": self.server.smtps, "smtp_security": "tls",
            "imap_host": "localhost", "imap_port": self.server.imaps, "imap_security": "tls",
            "bounce_tag": False, "dkim": True, "dkim_selector": "hutong", "dkim_key": KEY,
        }  # fmt: skip

    def wrong(self) -> dict[str, Settings]:
        return {
            "another password": {**self.settings, "password": "swordfish!"},
            "a password only SMTP could know": {**self.settings, "imap_host": "localhost", "username": f"nobody@{DOMAIN}"},
            "somebody else's address": {**self.settings, "address": self.alice, "username": self.bot},
            "no address": {**self.settings, "address": "小助手"},
            "no server": {**self.settings, "smtp_host": ""},
            "nobody there": {**self.settings, "smtp_port": 9},
            "nobody reads there": {**self.settings, "imap_port": 9},
            "no such host": {**self.settings, "smtp_host": "no-such-host.invalid"},
            "a name the certificate does not have": {**self.settings, "smtp_host": "127.0.0.1"},
            "TLS where there is none": {**self.settings, "smtp_port": self.server.submission},
            "an inbox without TLS": {**self.settings, "imap_port": self.server.imap},
            "no number an hour": {**self.settings, "hourly": 0},
            "half a key": {**self.settings, "dkim_key": KEY[:200]},
            "an odd selector": {**self.settings, "dkim_selector": "a b"},
        }

    @property
    def chat(self) -> Chat:
        return Chat(id=self.alice, kind="dm", name="Alice")

    def mails(self, address: str = "") -> list[EmailMessage]:
        """What is in a mailbox, in the order in which it came."""
        self.server.settle()
        files = sorted(self.server.mails(address or self.alice), key=lambda path: path.stat().st_mtime_ns)
        return [read(path.read_bytes()) for path in files]

    def arrived(self) -> list[str]:
        return [said(mail) for mail in self.mails()]

    def meet(self, trouble: Trouble) -> bool:
        if trouble == "slow_down":
            self.server.policy.meets.append("450 4.7.1 Greylisted, try again in 60 seconds")
        elif trouble == "gone":
            self.server.policy.meets.append("550 5.1.1 No such user here")
        else:
            self.server.change_password(self.bot, "another")
        return True

    def say(self, text: str) -> None:
        self.deliver(mail(text, sender=f"小红 <{self.alice}>", to=self.bot))

    def deliver(self, content: bytes, *, sender: str = "") -> None:
        """Put a mail into the connector's mailbox, as a server brings it."""
        self.server.deliver(content, to=self.bot, sender=sender or self.alice)


def mail(text: str, *, sender: str, to: str, subject: str = "你好", **headers: str) -> bytes:
    """A plain mail as a mailer writes it."""
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = email.utils.formatdate()
    made["Message-ID"] = headers.pop("message_id", f"<m{next(_numbers)}@friends.test>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def read(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def said(found: EmailMessage) -> str:
    """The plain text, as a reader shows it."""
    part = found.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n")


@contextmanager
def start() -> Iterator[EmailPeer]:
    """A new mailbox on the servers of this run."""
    server = running()
    trust(tls_context(), server.folder)
    with override_settings(EGRESS_LOOPBACK=True):
        yield EmailPeer(server)
