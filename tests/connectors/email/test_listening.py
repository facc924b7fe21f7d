"""The inbox, over a real Dovecot: from where it stopped, of any size, however the server speaks."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from hutong.channels.contract import Batch, File, Inbound, Link, NeedsReconnect, Refused, RetryLater, Text
from hutong.connectors.email import imap, listening
from hutong.connectors.email.connector import EmailConnector
from hutong.connectors.email.imap import Inbox
from hutong.foundation.http import Egress
from tests.connectors.email.conftest import ACCOUNT
from tests.connectors.email.peer import EmailPeer, mail

SECONDS_MAX = 20


def connector(peer: EmailPeer, **settings: Any) -> EmailConnector:
    return EmailConnector(Link(account_id=ACCOUNT, settings={**peer.settings, **settings}, http=Egress(timeout_seconds=5)))


def heard(peer: EmailPeer, count: int, cursor: str = "", *, then: Callable[[], None] = lambda: None, **settings: Any) -> tuple[list[Inbound], str]:
    """Listen from `cursor` until so many events came. `then` happens once the connection stands."""
    stopping = threading.Event()
    found: list[Inbound] = []
    until = time.monotonic() + SECONDS_MAX
    is_first = True
    for batch in connector(peer, **settings).listen(cursor, stopping):
        found += batch.events
        cursor = batch.cursor
        if is_first:
            is_first = False
            then()
        if len(found) >= count:
            stopping.set()
        assert time.monotonic() < until, (found, peer.server.log())
    return found, cursor


def texts(found: list[Inbound]) -> list[str]:
    return [one.message.text for one in found if one.message]


def test_it_begins_from_now_and_goes_on_where_it_stopped(peer: EmailPeer) -> None:
    peer.say("旧的")
    first, cursor = heard(peer, 1, then=lambda: peer.say("新的"))
    for number in range(45):  # more than are fetched at once
        peer.say(f"断线时 {number}")
    later, after = heard(peer, 46, cursor, then=lambda: peer.say("又来"))
    assert texts(first) == ["新的"]
    assert texts(later) == [*(f"断线时 {number}" for number in range(45)), "又来"]
    assert int(after.split(":")[1]) == int(cursor.split(":")[1]) + 46
    assert all(
        path.name.endswith(",") or ":2," not in path.name or path.name.endswith(":2,") for path in peer.server.mails(peer.bot)
    )  # nothing is marked as read


def test_starttls_and_no_encryption_work_as_well(peer: EmailPeer) -> None:
    starttls = {"imap_security": "starttls", "imap_port": peer.server.imap, "smtp_security": "starttls", "smtp_port": peer.server.submission}
    assert connector(peer, **starttls).test().self_id == peer.bot
    found, _ = heard(peer, 1, then=lambda: peer.say("一"), **starttls)
    assert texts(found) == ["一"]
    plain = starttls | {"imap_security": "none", "smtp_security": "none"}
    assert connector(peer, **plain).test().self_id == peer.bot


def test_a_mailbox_numbered_anew_loses_nothing_and_keeps_its_keys(peer: EmailPeer) -> None:
    first, cursor = heard(peer, 2, then=lambda: (peer.say("一"), peer.say("二")))
    box = peer.server.folder / "mail" / peer.bot
    for path in box.iterdir():  # Dovecot forgets its numbers, the mails stay
        if path.name.startswith("dovecot"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    time.sleep(1.1)  # a numbering is named after its second
    peer.say("三")
    again, after = heard(peer, 3, cursor)
    assert texts(again) == ["一", "二", "三"]
    assert [one.dedupe_key for one in again[:2]] == [one.dedupe_key for one in first]
    assert after.split(":")[0] != cursor.split(":")[0]
    assert heard(peer, 1, after, then=lambda: peer.say("四"))[0][0].message.text == "四"  # type: ignore[union-attr]


def test_of_a_large_mail_only_the_beginning_is_fetched(peer: EmailPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "WHOLE_BYTES_MAX", 600_000)
    from email import message_from_bytes, policy

    made = message_from_bytes(mail("看附件", sender=peer.alice, to=peer.bot), policy=policy.SMTP)
    made.add_attachment(bytes(700_000), "application", "zip", filename="大.zip")  # type: ignore[attr-defined]
    content = made.as_bytes()
    fetched: list[imap.Fetched] = []
    fetch = Inbox.fetch
    monkeypatch.setattr(Inbox, "fetch", lambda self, uids, sizes: [one for one in fetch(self, uids, sizes) if not fetched.append(one)])
    found, _ = heard(peer, 2, then=lambda: (peer.deliver(content), peer.say("小的")))
    assert texts(found) == ["看附件", "小的"]
    assert found[0].message is not None
    assert found[0].message.segments == (Text("看附件"), File(name="大.zip", content_type="application/zip"))
    assert [one.is_whole for one in fetched] == [False, True]
    assert len(fetched[0].raw) < 300_000 < fetched[0].size_bytes


def test_idling_begins_anew_before_servers_end_it(peer: EmailPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "IDLE_SECONDS_MAX", 0.3)
    monkeypatch.setattr(listening, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(listening, "QUIET_SECONDS", 0.2)
    begun: list[float] = []
    idle = Inbox.idle
    monkeypatch.setattr(Inbox, "idle", lambda self: (begun.append(time.monotonic()), idle(self))[1])
    stopping = threading.Event()
    batches: list[Batch] = []
    for batch in connector(peer).listen("", stopping):
        batches.append(batch)
        if len(begun) == 3:
            peer.say("还在")
        if batch.events:
            stopping.set()
    assert texts([event for batch in batches for event in batch.events]) == ["还在"]
    assert len(begun) >= 3
    assert sum(not batch.events for batch in batches) >= 3  # it showed that it lives


def test_a_server_that_cannot_idle_is_asked(peer: EmailPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "QUIET_SECONDS", 0.2)
    learn = Inbox._learn_capabilities

    def deaf(self: Inbox, client: Any) -> None:
        learn(self, client)
        self.can_idle = False

    monkeypatch.setattr(Inbox, "_learn_capabilities", deaf)
    assert any("20" in en for _, en in connector(peer).test().notes)
    found, _ = heard(peer, 1, then=lambda: peer.say("一"))
    assert texts(found) == ["一"]


def test_a_stop_is_heard_while_nothing_comes(peer: EmailPeer) -> None:
    stopping = threading.Event()
    thread = threading.Thread(target=lambda: list(connector(peer).listen("", stopping)), daemon=True)
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    stopping.set()
    thread.join(5)
    assert not thread.is_alive()
    assert time.monotonic() - began < 2


def test_an_account_without_imap_only_shows_that_it_is_there(peer: EmailPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "QUIET_SECONDS", 0.01)
    assert any("only sends" in en for _, en in connector(peer, imap_host="").test().notes)
    stopping = threading.Event()
    batches = []
    for batch in connector(peer, imap_host="").listen("here", stopping):
        batches.append(batch)
        if len(batches) == 3:
            stopping.set()
    assert batches == [Batch(cursor="here")] * 3


def test_what_breaks_means_later_and_a_wrong_password_a_person(peer: EmailPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NeedsReconnect):
        next(connector(peer, password="swordfish").listen("", threading.Event()))
    listen = connector(peer).listen("", threading.Event())
    next(listen)
    kill = Inbox.newer

    def broken(self: Inbox, uid: int) -> list[int]:
        self._there.shutdown()
        return kill(self, uid)

    monkeypatch.setattr(Inbox, "newer", broken)
    with pytest.raises(RetryLater):
        next(listen)
    with pytest.raises(Refused):
        next(connector(peer, address="小助手").listen("", threading.Event()))


def test_the_login_may_differ_from_the_address(peer: EmailPeer) -> None:
    notes = connector(peer, username=peer.bot, dkim=False).test().notes
    assert notes == ()
    records = [zh for zh, _ in connector(peer).test().notes]
    assert [line.partition("：")[0] for line in records] == ["在 DNS 添加 TXT 记录（DKIM）", "SPF", "DMARC"]
    assert "\nhutong._domainkey.hutong.test\nv=DKIM1; k=rsa; p=" in records[0]
    assert records[1].endswith("\nhutong.test\nv=spf1 a:localhost ~all")
    plain = {"smtp_host": "127.0.0.1", "smtp_port": peer.server.submission, "smtp_security": "none"}
    assert connector(peer, **plain).test().notes[1][0].endswith("\nv=spf1 ip4:127.0.0.1 ~all")


def test_a_provider_fills_in_its_servers() -> None:
    from hutong.connectors.email.servers import Server, mailbox

    box = mailbox({"address": "Shop@QQ.com", "service": "qq", "password": "abcd efgh ijkl", "smtp_host": "", "imap_host": ""})
    assert (box.address, box.username, box.password, box.domain) == ("shop@qq.com", "Shop@QQ.com", "abcdefghijkl", "qq.com")
    assert (box.smtp, box.imap) == (Server("smtp.qq.com", 465, "tls"), Server("imap.qq.com", 993, "tls"))
    with pytest.raises(Refused, match="no SMTP server"):
        mailbox({"address": "a@b.test", "service": "own"})
    with pytest.raises(Refused, match="65535"):
        mailbox({"address": "a@b.test", "smtp_host": "x", "smtp_port": 70_000})
