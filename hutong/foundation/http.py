"""The one way out to other machines. Every address is resolved, checked, and the connection goes to the address that was checked.

Private and loopback addresses are refused unless the account's own host was confirmed by an owner; link-local ones (where clouds
keep their credentials) always are. Redirects stay on the host, answers have a size, and everything has an end.
"""

from __future__ import annotations

import ipaddress
import json as jsons
import socket
import ssl
import typing
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from django.conf import settings

from hutong.foundation import clock

TIMEOUT_SECONDS = 15.0
CONNECT_TIMEOUT_SECONDS = 5.0
BODY_BYTES_MAX = 8 * 1024 * 1024
REDIRECTS_MAX = 3
URL_LENGTH_MAX = 4_000
PORT_MAX = 65_535
CONNECTIONS_MAX = 32
IDLE_SECONDS = 30.0

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
        self._client: httpx.Client | None = None
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
        files: Any = None,
        content: bytes | None = None,
        timeout_seconds: float | None = None,
        body_bytes_max: int = BODY_BYTES_MAX,
    ) -> Response:
        """One request and its whole answer, whatever its status. Raises an EgressError otherwise."""
        parts = check_url(url)
        limit = timeout_seconds or self._timeout_seconds
        until = clock.monotonic_seconds() + limit
        request = self._http().build_request(
            method,
            parts,
            headers={"Accept-Encoding": "identity", **(headers or {})},
            params=params,
            json=json,
            data=data,
            files=files,
            content=content,
            timeout=httpx.Timeout(limit, connect=min(CONNECT_TIMEOUT_SECONDS, limit), pool=limit),
        )
        for _ in range(REDIRECTS_MAX + 1):
            answer = self._once(request, until=until, body_bytes_max=body_bytes_max)
            following = _redirected(request, answer)
            if following is None:
                return answer
            request = following
        raise Unanswered(f"{parts.host} 一直转向，没有给出内容。请检查地址。", f"{parts.host} keeps redirecting. Check the address.")

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
        client, self._client = self._client, None
        if client is not None:
            client.close()

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

    def _http(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(transport=_Transport(self), trust_env=False, follow_redirects=False)
        return self._client

    def _once(self, request: httpx.Request, *, until: float, body_bytes_max: int) -> Response:
        host = request.url.host
        try:
            answer = self._http().send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            raise _unreachable(host) from error
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise _unanswered(host) from error
        try:
            body = _body(answer, until=until, bytes_max=body_bytes_max)
        except (httpx.TransportError, zlib.error) as error:
            raise _unanswered(host) from error
        finally:
            answer.close()
        return Response(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, body)


def check_url(url: str) -> httpx.URL:
    """An address over HTTP that names a host and no person. Raises Forbidden."""
    try:
        parts = httpx.URL(url) if len(url) <= URL_LENGTH_MAX else None
    except (httpx.InvalidURL, ValueError):
        parts = None
    if parts is None or (parts.port or 0) > PORT_MAX or parts.scheme not in ("http", "https") or not parts.host or parts.userinfo:
        raise Forbidden(
            "地址必须以 http:// 或 https:// 开头，不含用户名和密码。",
            "The address must begin with http:// or https:// and hold no user name or password.",
        )
    return parts


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
    return httpx.create_ssl_context(trust_env=False)


class _Network(httpcore.SyncBackend):
    """Connections to checked addresses only, whatever a name means a moment later."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """To the first of the host's addresses that answers."""
        found = self._egress.resolve(host, port)
        for address in found[:-1]:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return super().connect_tcp(found[-1], port, timeout, local_address, socket_options)


class _Transport(httpx.HTTPTransport):
    """httpx's transport over the checked network."""

    def __init__(self, egress: Egress) -> None:
        super().__init__(verify=tls_context(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls_context(), max_connections=CONNECTIONS_MAX, keepalive_expiry=IDLE_SECONDS, network_backend=_Network(egress)
        )


def _redirected(request: httpx.Request, answer: Response) -> httpx.Request | None:
    location = answer.headers.get("location", "")
    if answer.status not in (301, 302, 303, 307, 308) or not location:
        return None
    there = request.url.join(location)
    here = request.url
    if (there.scheme, there.host, there.port) != (here.scheme, here.host, here.port):
        raise Forbidden(
            f"{here.host} 要转向另一台主机 {there.host}。请直接填写最终地址。",
            f"{here.host} redirects to another host, {there.host}. Enter the final address instead.",
        )
    if answer.status in (307, 308) or request.method in ("GET", "HEAD"):
        content = typing.cast(httpx.ByteStream, request.stream) if request.method not in ("GET", "HEAD") else None
        return httpx.Request(request.method, there, headers=request.headers, stream=content, extensions=request.extensions)
    raise Unanswered(
        f"{here.host} 没有接受请求，而是转向别处。请检查地址。", f"{here.host} redirected instead of taking the request. Check the address."
    )


def _body(answer: httpx.Response, *, until: float, bytes_max: int) -> bytes:
    encoding = answer.headers.get("content-encoding", "identity").lower()
    unpack = zlib.decompressobj(wbits=47) if encoding in ("gzip", "deflate") else None
    parts: list[bytes] = []
    size = 0
    for raw in answer.iter_raw():
        part = raw if unpack is None else unpack.decompress(raw, bytes_max + 1)
        size += len(part)
        if size > bytes_max:
            raise AnswerTooLarge(
                f"{answer.url.host} 的回应超过 {bytes_max:,} 字节，未读取。",
                f"The answer of {answer.url.host} is over {bytes_max:,} bytes and was not read.",
            )
        if clock.monotonic_seconds() > until:
            raise _unanswered(answer.url.host)
        parts.append(part)
    return b"".join(parts)


def _unreachable(host: str) -> Unreachable:
    return Unreachable(
        f"连不上 {host}。请确认地址和端口，稍后会再试。", f"{host} cannot be reached. Check address and port; it is tried again later."
    )


def _unanswered(host: str) -> Unanswered:
    return Unanswered(f"{host} 没有在时限内回应。", f"{host} did not answer in time.")
