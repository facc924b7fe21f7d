"""HTTP/1.1 as bytes: a request in one piece, and an answer read as it comes (by llhttp)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

HEAD_BYTES_MAX = 64 * 1024
USER_AGENT = "Hutong"
WITH_BODY = ("POST", "PUT", "PATCH")
ENDED_BY_CLOSING = "content-length", "transfer-encoding"  # without either


def request(method: str, target: str, host: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    """All of a request. Raises ValueError for what HTTP has no way to say."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *[f"{name}: {value}" for name, value in headers.items()]]
    if "user-agent" not in headers and "User-Agent" not in headers:
        lines.append(f"User-Agent: {USER_AGENT}")
    if body is not None or method in WITH_BODY:
        lines.append(f"Content-Length: {len(body or b'')}")
    head = "\r\n".join(lines)
    breaks = len(lines) - 1
    if head.count("\r") != breaks or head.count("\n") != breaks or "\0" in head:
        raise ValueError("a line break within a line")
    return head.encode("latin-1") + b"\r\n\r\n" + (body or b"")


class Answer:
    """What came so far of one answer. Names of headers are in lower case; a body that was packed is unpacked. `bytes_max`: of the body."""

    def __init__(self, *, bytes_max: int) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.is_whole = False
        self.is_too_large = False
        self.may_follow = False  # whether the connection may be used again
        self._bytes_max = bytes_max
        self._size = 0
        self._parts: list[bytes] = []
        self._has_head = False
        self._head_bytes = 0
        self._unpack: zlib._Decompress | None = None
        self._parser = HttpResponseParser(self)

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self._parts)

    def feed(self, data: bytes) -> None:
        """More of it came; nothing at all: the other side closed. Raises ValueError for what is no answer, or not all of one."""
        if not data:
            if not self._has_head or any(name in self.headers for name in ENDED_BY_CLOSING):
                raise ValueError("it ended before its end")
            self.is_whole, self.may_follow = True, False
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade, zlib.error) as error:
            raise ValueError("not an answer") from error
        if not self._has_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                raise ValueError("no end of its head")

    # What the parser tells. Nothing may be raised here.

    def on_message_begin(self) -> None:
        """An answer begins; a second one was not asked for."""
        if self.is_whole:
            self.may_follow = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """One line of its head."""
        if not self.is_whole:
            key, said = name.decode("latin-1").lower(), value.decode("latin-1")
            self.headers[key] = f"{self.headers[key]}, {said}" if key in self.headers else said

    def on_headers_complete(self) -> None:
        """The head is there."""
        if self.is_whole:
            return
        self.status = self._parser.get_status_code()
        self._has_head = self.status >= 200
        self.may_follow = self._parser.should_keep_alive()
        if self.headers.get("content-encoding", "").lower() in ("gzip", "deflate"):
            self._unpack = zlib.decompressobj(wbits=47)

    def on_body(self, data: bytes) -> None:
        """A part of its body."""
        if self.is_whole or self.is_too_large:
            return
        part = data if self._unpack is None else self._unpack.decompress(data, self._bytes_max + 1)
        self._size += len(part)
        self.is_too_large = self._size > self._bytes_max
        self._parts.append(part)

    def on_message_complete(self) -> None:
        """All of it is there, unless it only said that one follows."""
        if self._has_head:
            self.is_whole = True
        else:
            self.headers.clear()
