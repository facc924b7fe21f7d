"""A mail server of somebody else, made of aiosmtpd: it takes, refuses or drops what it is told to."""

from __future__ import annotations

import contextlib
import email
import email.policy
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.connectors.email.mailserver import free_ports

Answer = str | Callable[[SMTP], str]


class Far:
    """What came, and what meets the next commands: an answer by command, or something to do to the connection."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.sessions: list[Session] = []
        self.meets: dict[str, list[Answer]] = {}
        self.port = 0

    @property
    def mails(self) -> list[EmailMessage]:
        found = [email.message_from_bytes(one.content or b"", policy=email.policy.default) for one in self.taken]
        return [one for one in found if isinstance(one, EmailMessage)]

    def meet(self, command: str, *answers: Answer) -> None:
        self.meets.setdefault(command, []).extend(answers)

    def _answer(self, command: str, server: SMTP) -> str | None:
        waiting = self.meets.get(command)
        if not waiting:
            return None
        answer = waiting.pop(0)
        return answer if isinstance(answer, str) else answer(server)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        self.sessions.append(session)
        answer = self._answer("MAIL", server)
        if answer is not None:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self._answer("RCPT", server)
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self._answer("DATA", server)
        if answer is not None:
            return answer
        self.taken.append(envelope)
        return "250 OK taken"


def hang_up(server: SMTP) -> str:
    """The connection breaks where an answer should be."""
    server.transport.close()
    return "250 never heard"


def drop(server: SMTP) -> str:
    server.transport.abort()
    return "250 never heard"


def _let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any) -> AuthResult:
    return AuthResult(success=isinstance(login, LoginPassword) and login.password == b"correct horse", handled=False)


@contextlib.contextmanager
def listening(port: int = 0, **options: Any) -> Iterator[Far]:
    """A server on loopback that asks for a login where `auth_require_tls=False` is given."""
    far = Far()
    if "auth_require_tls" in options:
        options |= {"authenticator": _let_in, "auth_required": True}
    far.port = port or free_ports(1)[0]
    controller = Controller(far, hostname="127.0.0.1", port=far.port, **options)
    controller.start()
    try:
        yield far
    finally:
        controller.stop()
