"""What goes wrong on the way, and what the runtime is told: later, reconnect, refused, or in doubt."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from hutong.channels.contract import ConnectorError, InDoubt, NeedsReconnect, Refused, RetryLater, Text
from hutong.connectors.email import replies, smtp
from hutong.connectors.email.replies import Step, meaning
from hutong.foundation.http import Egress, Forbidden, Unreachable
from tests.connectors.contract import check_sentences
from tests.connectors.email.conftest import mailer
from tests.connectors.email.far import Far, drop, hang_up
from tests.connectors.email.test_sending import out

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the stand-in speaks without TLS
MEANINGS: list[tuple[Step, int, str, type[ConnectorError], dict[str, Any]]] = [
    (Step.HELLO, 421, "4.3.2 Service shutting down", RetryLater, {"scope": "account", "after_seconds": 300.0}),
    (Step.HELLO, 554, "5.7.1 Client host blocked", NeedsReconnect, {}),
    (Step.LOGIN, 535, "5.7.8 Error: authentication failed", NeedsReconnect, {}),
    (Step.LOGIN, 535, "Login Fail. Please enter your authorization code to login.", NeedsReconnect, {}),
    (Step.LOGIN, 454, "4.7.0 Temporary authentication failure", RetryLater, {"scope": "account"}),
    (Step.SENDER, 553, "Mail from must equal authorized user", NeedsReconnect, {}),
    (Step.SENDER, 501, "mail from address must be same as authorization user", NeedsReconnect, {}),
    (Step.SENDER, 452, "4.3.1 Insufficient system storage", RetryLater, {"scope": "account", "after_seconds": 300.0}),
    (Step.SENDER, 550, "5.4.5 Daily user sending limit exceeded", RetryLater, {"scope": "account", "after_seconds": 3600.0}),
    (
        Step.RECIPIENT,
        450,
        "4.7.1 Greylisted, see http://pg.test/generated, try again in 5 minutes",
        RetryLater,
        {"scope": "chat", "after_seconds": 300.0},
    ),
    (Step.RECIPIENT, 451, "Greylisted for 73 seconds", RetryLater, {"scope": "chat", "after_seconds": 73.0}),
    (Step.RECIPIENT, 451, "4.7.1 请在 2 分钟后重试", RetryLater, {"scope": "chat", "after_seconds": 120.0}),
    (Step.RECIPIENT, 451, "try again in 99999 seconds", RetryLater, {"scope": "chat", "after_seconds": 3600.0}),
    (Step.RECIPIENT, 452, "4.2.2 Mailbox full", RetryLater, {"scope": "chat", "after_seconds": 300.0}),
    (Step.RECIPIENT, 450, "4.7.1 too many messages, rate limited", RetryLater, {"scope": "account", "after_seconds": 900.0}),
    (Step.RECIPIENT, 550, "5.1.1 No such user", Refused, {"reason": "chat_gone"}),
    (Step.RECIPIENT, 550, "Mailbox not found", Refused, {"reason": "chat_gone"}),
    (Step.RECIPIENT, 552, "5.2.2 Over quota", Refused, {"reason": "chat_gone"}),
    (Step.RECIPIENT, 554, "5.7.1 Blocked by policy", Refused, {"reason": "blocked"}),
    (Step.RECIPIENT, 553, "5.7.1 Sender address rejected: not owned by user", NeedsReconnect, {}),
    (Step.RECIPIENT, 554, "5.7.1 Relay access denied", NeedsReconnect, {}),
    (Step.CONTENT, 552, "5.3.4 Message too big", Refused, {"reason": "too_large"}),
    (Step.CONTENT, 554, "5.7.1 Spam message rejected", Refused, {"reason": "content"}),
    (Step.CONTENT, 550, "5.7.1 Daily SMTP relay limit exceeded, quota", RetryLater, {"scope": "account", "after_seconds": 3600.0}),
    (Step.CONTENT, 451, "4.3.0 Try later", RetryLater, {"scope": "account"}),
]


@pytest.mark.parametrize(("step", "code", "said", "kind", "expected"), MEANINGS, ids=[f"{one[0].name} {one[1]} {one[2][:24]}" for one in MEANINGS])
def test_answers_mean(step: Step, code: int, said: str, kind: type[ConnectorError], expected: dict[str, Any]) -> None:
    error = meaning(step, code, said.encode())
    assert type(error) is kind
    assert {name: getattr(error, name) for name in expected} == expected
    check_sentences(error, [])


def test_what_a_server_says_is_shown_in_one_line() -> None:
    assert replies.shown(b"5.1.1 no\r\n\x1b[31muser\x00 " + b"\xff" + b"x" * 300).startswith("5.1.1 no [31muser \ufffdxxx")
    assert len(replies.shown(b"x" * 300)) == replies.SAID_LENGTH_MAX


def test_after_the_last_dot_a_broken_connection_leaves_doubt(far: Far) -> None:
    far.meet("DATA", hang_up, drop)
    for _ in range(2):
        with pytest.raises(InDoubt) as doubt:
            mailer(far.port).send(out(Text("x")))
        check_sentences(doubt.value, [])
    assert far.taken == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_before_it_nothing_was_handed_over(far: Far, command: str) -> None:
    far.meet(command, hang_up)
    with pytest.raises(RetryLater):
        mailer(far.port).send(out(Text("x")))
    assert far.taken == []


def test_a_server_that_stops_reading_in_the_middle_has_taken_nothing(settings: Any) -> None:
    """It closes after some of the mail: the dot was never said, so the mail can go again."""
    settings.EGRESS_LOOPBACK = True
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_half_deaf, args=(server,), daemon=True).start()
        big = mailer(server.getsockname()[1], password="", read=lambda _: bytes(12_000_000))
        from hutong.channels.contract import File

        with pytest.raises(RetryLater):
            big.send(out(File(file="x", name="big.bin")))


def _half_deaf(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 half\r\n")
        for answer in (b"250 half\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
            lines.readline()
            connection.sendall(answer)
        lines.read(10_000)


def test_a_wrong_password_calls_a_person(far: Far) -> None:
    with pytest.raises(NeedsReconnect) as error:
        mailer(far.port, password="swordfish").send(out(Text("x")))
    check_sentences(error.value, ["swordfish"])
    with pytest.raises(NeedsReconnect):
        mailer(far.port, password="密码").send(out(Text("x")))
    assert far.taken == []


def test_connections_are_used_again_and_those_that_broke_are_not(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    one = mailer(far.port)
    for number in range(3):
        one.send(out(Text("x"), key=f"a-{number}"))
    assert len({id(session) for session in far.sessions}) == 1
    far.meet("RCPT", "550 5.1.1 no")
    with pytest.raises(Refused):
        one.send(out(Text("x"), key="b"))
    one.send(out(Text("x"), key="c"))
    assert len({id(session) for session in far.sessions}) == 2
    one._post._kept[0].sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
    one.send(out(Text("x"), key="d"))  # it is noticed before anything is handed over
    assert len({id(session) for session in far.sessions}) == 3
    monkeypatch.setattr(smtp, "MAILS_MAX", 1)
    for number in range(2):
        one.send(out(Text("x"), key=f"e-{number}"))
    assert len({id(session) for session in far.sessions}) == 4
    assert len(far.taken) == 7
    one.link.http.close()
    assert len(one._post._kept) == 0  # type: ignore[union-attr]


def test_private_servers_need_the_owner(far: Far, settings: Any) -> None:
    settings.EGRESS_LOOPBACK = False
    with pytest.raises(Forbidden) as refused:
        mailer(far.port).send(out(Text("x")))
    assert refused.value.host == "127.0.0.1"
    allowed = mailer(far.port)
    allowed.link.http._private_hosts = frozenset({"127.0.0.1"})
    allowed.send(out(Text("x")))
    assert len(far.taken) == 1


def test_nobody_there_means_later(settings: Any) -> None:
    settings.EGRESS_LOOPBACK = True
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable):
            mailer(closed.getsockname()[1]).send(out(Text("x")))


def test_a_password_never_goes_in_the_clear_to_the_internet(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from hutong.connectors.email import servers

    class Global:
        timeout: float | None = None
        closed = False

        def getpeername(self) -> tuple[str, int]:
            return "1.1.1.1", 25

        def settimeout(self, seconds: float) -> None:
            self.timeout = seconds

        def setsockopt(self, *option: int) -> None:
            pass

        def close(self) -> None:
            self.closed = True

    sock = Global()
    http = Egress()
    monkeypatch.setattr(http, "open_socket", lambda *args, **values: sock)
    with pytest.raises(Refused, match="internet"):
        servers.opened(http, servers.Server("mail.test", 25, "none"), timeout_seconds=1)
    assert sock.closed
