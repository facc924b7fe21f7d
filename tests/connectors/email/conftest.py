"""A mailbox on real servers, and a stand-in whose faults are chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hutong.channels.contract import Link
from hutong.connectors.email.connector import EmailConnector
from hutong.foundation.http import Egress
from tests.connectors.email import far as fars
from tests.connectors.email.far import Far
from tests.connectors.email.peer import KEY, EmailPeer, start

ACCOUNT = "0190-account"
SETTINGS = {
    "address": "hello@shop.test", "sender_name": "胡同杂货铺", "password": "correct horse", "service": "own", "username": "", "hourly": 100,
    "smtp_host": "127.0.0.1", "smtp_security": "none", "imap_host": "", "imap_port": 0, "imap_security": "tls",
    "bounce_tag": False, "dkim": False, "dkim_selector": "hutong", "dkim_key": KEY,
}  # fmt: skip


def mailer(port: int, *, read: Callable[[str], bytes] = lambda _: b"", **settings: Any) -> EmailConnector:
    """The connector as the runtime makes it, for a server at that port."""
    return EmailConnector(Link(account_id=ACCOUNT, settings={**SETTINGS, "smtp_port": port, **settings}, http=Egress(timeout_seconds=5), read=read))


@pytest.fixture
def far(settings: Any) -> Iterator[Far]:
    settings.EGRESS_LOOPBACK = True
    with fars.listening(auth_require_tls=False) as made:
        yield made


@pytest.fixture
def peer() -> Iterator[EmailPeer]:
    with start() as made:
        yield made
