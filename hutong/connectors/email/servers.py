"""The settings of a mailbox, read once: who sends, which servers, how they are reached."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from typing import Literal

from hutong.channels.contract import Refused, Settings
from hutong.foundation.http import Egress, innermost

Security = Literal["tls", "starttls", "none"]
CONNECT_TIMEOUT_SECONDS = 10.0
PORT_MAX = 65_535
# Provider -> SMTP, IMAP; both with TLS from the start, as each provider's help says.
SERVICES = {
    "qq": ("smtp.qq.com", "imap.qq.com"),
    "exmail": ("smtp.exmail.qq.com", "imap.exmail.qq.com"),
    "163": ("smtp.163.com", "imap.163.com"),
    "aliyun": ("smtp.qiye.aliyun.com", "imap.qiye.aliyun.com"),
    "gmail": ("smtp.gmail.com", "imap.gmail.com"),
}
ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?")
ADDRESS_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Server:
    """One server, and how it is spoken to."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whose mailbox it is, and where. `imap` None: it only sends."""

    address: str
    name: str
    username: str
    password: str
    smtp: Server
    imap: Server | None
    tags_bounces: bool

    @property
    def domain(self) -> str:
        """Behind the @, as DNS has it."""
        return dns_name(self.address.rpartition("@")[2])


def mailbox(settings: Settings) -> Mailbox:
    """The settings, read. Raises Refused with what is missing."""
    address = said(settings, "address")
    if not is_address(address) or not address.isascii():
        raise Refused(
            "other",
            "邮箱地址不完整，或含有中文等字符。请填写像 hello@example.com 的地址。",
            "The e-mail address is not whole, or has letters beyond ASCII. Enter one like hello@example.com.",
        )
    presets = SERVICES.get(said(settings, "service"), ("", ""))
    smtp = _server(settings, "smtp", presets[0], 465)
    if smtp is None:
        raise Refused("other", "没有填写 SMTP 服务器。请填写，或选择邮箱服务。", "There is no SMTP server. Enter one, or choose a provider.")
    return Mailbox(
        address=address.lower(),
        name=said(settings, "sender_name"),
        username=said(settings, "username") or address,
        password=str(settings.get("password", "")).replace(" ", "") if presets[0] else str(settings.get("password", "")),
        smtp=smtp,
        imap=_server(settings, "imap", presets[1], 993),
        tags_bounces=settings.get("bounce_tag") is True,
    )


def said(settings: Settings, name: str) -> str:
    """A setting as text."""
    return str(settings.get(name, "")).strip()


def is_address(text: str) -> bool:
    """Whether mail can be sent there: one address and nothing else."""
    return len(text) <= ADDRESS_LENGTH_MAX and ADDRESS.fullmatch(text) is not None and ".." not in text and not text.startswith(".")


def dns_name(domain: str) -> str:
    """A domain in the letters of DNS; itself where it has no such form."""
    try:
        return domain.encode("idna").decode() if not domain.isascii() else domain.lower()
    except UnicodeError:
        return domain


def _server(settings: Settings, kind: str, preset: str, port_default: int) -> Server | None:
    host = said(settings, f"{kind}_host") or preset
    if not host:
        return None
    port = settings.get(f"{kind}_port") or port_default
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port <= PORT_MAX:
        raise Refused("other", f"端口须在 1 到 {PORT_MAX} 之间。请改正。", f"A port is 1 to {PORT_MAX}. Correct it.")
    security: Security = {"starttls": "starttls", "none": "none"}.get(said(settings, f"{kind}_security"), "tls")  # type: ignore[assignment]
    return Server(host, port, security)


def opened(http: Egress, server: Server, *, timeout_seconds: float) -> socket.socket:
    """A connection to a server through the checked way out. Raises EgressError, Refused."""
    plain = http.open_socket(server.host, server.port, timeout_seconds=CONNECT_TIMEOUT_SECONDS, tls=server.security == "tls")
    plain.settimeout(timeout_seconds)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a mail's last dot goes alone, and waits for nothing
    if server.security == "none" and innermost(str(plain.getpeername()[0])).is_global:
        plain.close()
        raise Refused(
            "other",
            f"{server.host} 在公网上，密码不能不加密发送。请改用 TLS 或 STARTTLS。",
            f"{server.host} is on the internet: a password must not go there unencrypted. Use TLS or STARTTLS.",
        )
    return plain
