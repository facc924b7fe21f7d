"""The one way out to other machines. Every address is resolved, checked, and the connection goes to the address that was checked.

Private and loopback addresses are refused unless the account's own host was confirmed by an owner; link-local ones (where clouds
keep their credentials) always are. Redirects stay on the host, answers have a size, and everything has an end.
"""

from __future__ import annotations

import ipaddress
import json as jsons
import queue
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote, urlencode, urljoin

import certifi
import msgspec
from django.conf import settings
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, encode_multipart_formdata
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ClosedPoolError, EmptyPoolError, HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from hutong.foundation import clock, http_wire

TIMEOUT_SECONDS = 15.0
CONNECT_TIMEOUT_SECONDS = 5.0
BODY_BYTES_MAX = 8 * 1024 * 1024
REDIRECTS_MAX = 3
URL_LENGTH_MAX = 4_000
PORT_MAX = 65_535
CONNECTIONS_MAX = 32  # to one host
HOSTS_MAX = 10  # to which connections are kept
IDLE_SECONDS = 30.0
READ_BYTES = 64 * 1024
PORTS = {"http": 80, "https": 443}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_NEVER = tuple(
    ipaddress.ip_network(one)
    for one in ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32", "100.100.100.200/32")
)
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # carrier-grade NAT, overlay networks


class EgressError(Exception):
    """Base of what can go wrong on the way out. `zh` and `en` say what happened and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class Forbidden(EgressError):
    """The address must not be reached from here. `host` is what an owner may confirm; empty where nobody may."""

    def __init__(self, zh: str, en: str, *, host: str = "") -> None:
        super().__init__(zh, en)
        self.host = host


class Unreachable(EgressError):
    """No connection came about: nothing was handed over, and the same may be tried again."""


class Unanswered(EgressError):
    """The request went out and no whole answer came: whether it was carried out is not known."""


class AnswerTooLarge(EgressError):
    """The answer is longer than what was asked for allows."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, read to its end. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; raises ValueError."""
        return jsons.loads(self.body)


class Egress:
    """A client for one account. `private_hosts`: names or addresses in private networks that an owner confirmed."""

    def __init__(self, *, private_hosts: Iterable[str] = (), timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._private_hosts = frozenset(host.lower().rstrip(".") for host in private_hosts)
        self._timeout_seconds = timeout_seconds
        self._pools: dict[tuple[str, str, int], _Pool | _TlsPool] = {}
        self._swept_at = clock.monotonic_seconds()
        self._kept: list[Callable[[], None]] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        content: bytes | None = None,
        timeout_seconds: float | None = None,
        body_bytes_max: int = BODY_BYTES_MAX,
    ) -> Response:
        """One request and its whole answer, whatever its status. `files`: name, content and type. Raises an EgressError otherwise."""
        there = check_url(url)
        if params:
            asked = urlencode(params, doseq=True, quote_via=quote)
            there = there._replace(query=f"{there.query}&{asked}" if there.query else asked)
        until = clock.monotonic_seconds() + (timeout_seconds or self._timeout_seconds)
        body, kind = _written(json, data, files, content)
        told = {"Accept-Encoding": "identity", **({"Content-Type": kind} if kind else {}), **(headers or {})}
        for _ in range(REDIRECTS_MAX + 1):
            answer = self._once(method, there, told, body, until=until, body_bytes_max=body_bytes_max)
            following = _redirected(method, there, answer)
            if following is None:
                return answer
            there = following
        raise Unanswered(f"{there.host} 一直转向，没有给出内容。请检查地址。", f"{there.host} keeps redirecting. Check the address.")

    def open_socket(self, host: str, port: int, *, timeout_seconds: float = CONNECT_TIMEOUT_SECONDS, tls: bool = False) -> socket.socket:
        """A checked connection for protocols other than HTTP. With `tls` it is encrypted for that host name from the start."""
        failed: OSError | None = None
        for address in self.resolve(host, port):
            try:
                plain = socket.create_connection((address, port), timeout_seconds)
            except OSError as error:
                failed = error
                continue
            try:
                return tls_context().wrap_socket(plain, server_hostname=host) if tls else plain
            except OSError as error:
                plain.close()
                failed = error
        if isinstance(failed, ssl.SSLError):
            raise Unreachable(
                f"与 {host} 无法加密：证书不可信，或这个端口不用 TLS。请核对主机名和端口。",
                f"No encrypted connection to {host}: its certificate cannot be trusted, or this port is not TLS. Check name and port.",
            ) from failed
        raise _unreachable(host) from failed

    def keeps(self, release: Callable[[], None]) -> None:
        """Have this called when connections that somebody keeps over `open_socket` are to go."""
        self._kept.append(release)

    def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of them allowed. Raises Forbidden, Unreachable."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"找不到主机 {host}。请检查地址有没有写错。", f"No such host: {host}. Check the address for mistakes.") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        for address in addresses:
            self._check(host, address)
        return addresses

    def close(self) -> None:
        """Let go of idle connections."""
        for release in self._kept:
            release()
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            pool.close()

    def _check(self, host: str, text: str) -> None:
        address = innermost(text)
        if any(address in network for network in _NEVER if network.version == address.version):
            raise Forbidden(
                f"{host} 指向不能访问的地址 {text}。请换一个地址。", f"{host} points at {text}, which must not be reached. Use another address."
            )
        if address.is_global and address not in _SHARED:
            return
        if (address.is_loopback and settings.EGRESS_LOOPBACK) or {host.lower().rstrip("."), text} & self._private_hosts:
            return
        raise Forbidden(
            f"{host} 是内网地址（{text}）。如果它确实是你们自己的服务，请所有者确认后再连接。",
            f"{host} is in a private network ({text}). If it is a service of your own, an owner has to confirm it first.",
            host=host,
        )

    def _once(self, method: str, there: Url, headers: dict[str, str], body: bytes | None, *, until: float, body_bytes_max: int) -> Response:
        host = named(there)
        pool = self._pool(there)
        line = pool.take(host, until)
        try:
            answer = line.ask(method, there, headers, body, until=until, bytes_max=body_bytes_max)
        except BaseException:
            line.close()  # nobody else may find the rest of that answer
            raise
        finally:
            pool.give_back(line)
        return Response(answer.status, answer.headers, answer.body)

    def _pool(self, there: Url) -> _Pool | _TlsPool:
        now = clock.monotonic_seconds()
        if now - self._swept_at > IDLE_SECONDS:
            self._swept_at = now
            for pool in list(self._pools.values()):
                pool.sweep()
        place = _place(there)
        found = self._pools.get(place)
        if found is None:
            while len(self._pools) >= HOSTS_MAX:
                self._pools.pop(next(iter(self._pools))).close()
            scheme, host, port = place
            made = _TlsPool(host, port, self) if scheme == "https" else _Pool(host, port, self)
            found = self._pools.setdefault(place, made)
        return found


@lru_cache(maxsize=64)
def check_url(url: str) -> Url:
    """An address over HTTP that names a host and no person. Raises Forbidden."""
    try:
        parts = parse_url(url) if len(url) <= URL_LENGTH_MAX else None
    except (LocationParseError, ValueError):
        parts = None
    if parts is None or (parts.port or 0) > PORT_MAX or parts.scheme not in PORTS or not parts.host or parts.auth:
        raise Forbidden(
            "地址必须以 http:// 或 https:// 开头，不含用户名和密码。",
            "The address must begin with http:// or https:// and hold no user name or password.",
        )
    return parts


def named(url: Url) -> str:
    """The host of an address that was checked."""
    return (url.host or "").strip("[]")


def innermost(text: str) -> Address:
    """An address without what it may be wrapped in: IPv4 within IPv6, NAT64, 6to4, Teredo."""
    address = ipaddress.ip_address(text.partition("%")[0])
    while isinstance(address, ipaddress.IPv6Address):
        inner: ipaddress.IPv4Address | None = address.ipv4_mapped or address.sixtofour
        if inner is None and address.teredo is not None:
            inner = address.teredo[1]
        if inner is None and (any(address in network for network in _NAT64) or (int(address) >> 32 == 0 and int(address) > 1)):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is None:
            return address
        address = inner
    return address


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """How every encrypted connection is made: certificates are checked."""
    return ssl.create_default_context(cafile=certifi.where())


class _Line(HTTPConnection):
    """A connection to an address that was checked, whatever the name means a moment later."""

    def __init__(self, *args: Any, egress: Egress, **more: Any) -> None:
        super().__init__(*args, **more)
        self._egress = egress
        self._answered_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether it may be used again: not when it was idle for long, or when the other side closed it."""
        return clock.monotonic_seconds() - self._answered_at < IDLE_SECONDS and super().is_connected

    def ask(self, method: str, there: Url, headers: Mapping[str, str], body: bytes | None, *, until: float, bytes_max: int) -> http_wire.Answer:
        """The whole answer. Raises Unreachable while nothing has gone, Unanswered from then on, AnswerTooLarge. Nothing is sent twice."""
        host = named(there)
        try:
            said = http_wire.request(method, there.request_uri, there.netloc or host, headers, body)
        except ValueError as error:
            raise _unreachable(host) from error
        left = until - clock.monotonic_seconds()
        if left <= 0:
            raise _unreachable(host)
        if self.sock is None:
            self.timeout = min(CONNECT_TIMEOUT_SECONDS, left)
            self._open()
        self.sock.settimeout(left)
        answer = http_wire.Answer(bytes_max=bytes_max)
        try:
            with suppress(ConnectionError):  # the other side may have answered before it had all of it
                self.sock.sendall(said)
            answer.feed(self.sock.recv(READ_BYTES))
            while not (answer.is_whole or answer.is_too_large):
                left = until - clock.monotonic_seconds()
                if left <= 0:
                    raise _unanswered(host)
                self.sock.settimeout(left)
                answer.feed(self.sock.recv(READ_BYTES))
        except (OSError, ValueError) as error:
            raise _unanswered(host) from error
        if answer.is_too_large:
            raise AnswerTooLarge(
                f"{host} 的回应超过 {bytes_max:,} 字节，未读取。", f"The answer of {host} is over {bytes_max:,} bytes and was not read."
            )
        self._answered_at = clock.monotonic_seconds()
        if not answer.may_follow:
            self.close()
        return answer

    def _open(self) -> None:
        try:
            self.connect()
        except (OSError, HTTPError) as error:
            raise _unreachable(self.host) from error

    def _new_conn(self) -> socket.socket:
        made = self._egress.open_socket(self._dns_host, self.port, timeout_seconds=self.timeout or CONNECT_TIMEOUT_SECONDS)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made


class _TlsLine(_Line, HTTPSConnection):
    """The same, encrypted for the host's name."""


class _Pool(HTTPConnectionPool):
    """The connections to one host. Those that the other side closed meanwhile are found out before they are used."""

    ConnectionCls = _Line

    def __init__(self, host: str, port: int, egress: Egress, **more: Any) -> None:
        super().__init__(host, port, maxsize=CONNECTIONS_MAX, block=True, egress=egress, **more)

    def take(self, host: str, until: float) -> _Line:
        """A connection for oneself; waits for one. Raises Unreachable."""
        try:
            return cast(_Line, self._get_conn(timeout=max(0.0, until - clock.monotonic_seconds())))
        except (EmptyPoolError, ClosedPoolError) as error:
            raise _unreachable(host) from error

    def give_back(self, line: _Line) -> None:
        """Others may use it."""
        self._put_conn(line)

    def sweep(self) -> None:
        """Close what nobody has used for long."""
        waiting, found = self.pool, []
        while waiting is not None:
            try:
                found.append(waiting.get_nowait())
            except queue.Empty:
                break
        for one in reversed(found):
            if one is not None and not one.is_connected:
                one.close()
            self._put_conn(one)


class _TlsPool(_Pool, HTTPSConnectionPool):
    """The same, encrypted."""

    ConnectionCls = _TlsLine

    def __init__(self, host: str, port: int, egress: Egress) -> None:
        super().__init__(host, port, egress, ssl_context=tls_context())


def _place(url: Url) -> tuple[str, str, int]:
    scheme = url.scheme or ""
    return scheme, named(url), url.port or PORTS[scheme]


def _written(
    json: Any, data: Mapping[str, Any] | None, files: Mapping[str, tuple[str, bytes, str]] | None, content: bytes | None
) -> tuple[bytes | None, str]:
    """The body, and what kind it is where that is not the caller's to say."""
    if files:
        return encode_multipart_formdata([*(data or {}).items(), *files.items()])
    if data:
        return urlencode(data, doseq=True).encode(), "application/x-www-form-urlencoded"
    if json is not None:
        return msgspec.json.encode(json), "application/json"
    return content, ""


def _redirected(method: str, here: Url, answer: Response) -> Url | None:
    location = answer.headers.get("location", "")
    if answer.status not in (301, 302, 303, 307, 308) or not location:
        return None
    there = check_url(urljoin(here.url, location))
    if _place(there) != _place(here):
        raise Forbidden(
            f"{here.host} 要转向另一台主机 {there.host}。请直接填写最终地址。",
            f"{here.host} redirects to another host, {there.host}. Enter the final address instead.",
        )
    if answer.status in (307, 308) or method in ("GET", "HEAD"):
        return there
    raise Unanswered(
        f"{here.host} 没有接受请求，而是转向别处。请检查地址。", f"{here.host} redirected instead of taking the request. Check the address."
    )


def _unreachable(host: str) -> Unreachable:
    return Unreachable(
        f"连不上 {host}。请确认地址和端口，稍后会再试。", f"{host} cannot be reached. Check address and port; it is tried again later."
    )


def _unanswered(host: str) -> Unanswered:
    return Unanswered(f"{host} 没有在时限内回应。", f"{host} did not answer in time.")
