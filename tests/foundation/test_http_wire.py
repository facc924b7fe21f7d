"""Answers however they are cut, beside the standard library's reader; and what no answer is."""

from __future__ import annotations

import gzip
import io
import zlib
from http.client import HTTPResponse

import pytest

from hutong.foundation.http_wire import HEAD_BYTES_MAX, Answer, request

PACKED = gzip.compress(b"hello " * 50)
DEFLATED = zlib.compress(b"hello " * 50)
ANSWERS = {
    "counted": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One: a\r\nx-one: b\r\n\r\nhello",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=1\r\n world\r\n0\r\nX-After: 1\r\n\r\n",
    "nothing": b"HTTP/1.1 204 No Content\r\n\r\n",
    "unchanged": b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
    "empty": b"HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n",
    "told to go on": b"HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
    "closing": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    "old": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED), PACKED),
    "deflated": b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: %d\r\n\r\n%b" % (len(DEFLATED), DEFLATED),
}
BY_CLOSING = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nall until the end"


def fed(data: bytes, *, step: int, bytes_max: int = 10_000) -> Answer:
    """Read it in parts of that length, as far as it goes."""
    answer = Answer(bytes_max=bytes_max)
    for at in range(0, len(data), step):
        answer.feed(data[at : at + step])
    return answer


def by_the_library(data: bytes) -> tuple[int, dict[str, str], bytes, bool]:
    """What the standard library reads: status, headers, body, whether another may follow."""

    class Socket:
        def makefile(self, mode: str) -> io.BytesIO:
            return io.BytesIO(data)

    answer = HTTPResponse(Socket())  # type: ignore[arg-type]
    answer.begin()
    follows = not answer.will_close
    headers: dict[str, str] = {}
    for name, value in answer.getheaders():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    body = answer.read()
    kind = headers.get("content-encoding")
    return answer.status, headers, {"gzip": gzip.decompress, "deflate": zlib.decompress}[kind](body) if kind else body, follows


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_the_same_however_it_is_cut(name: str) -> None:
    data = ANSWERS[name]
    status, headers, body, follows = by_the_library(data)
    for step in range(1, len(data) + 1):
        answer = fed(data, step=step)
        assert (answer.is_whole, answer.status, answer.body, answer.may_follow) == (True, status, body, follows)
        assert {key: value for key, value in answer.headers.items() if key != "x-after"} == headers


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_cut_off_is_never_taken_for_all_of_it(name: str) -> None:
    data = ANSWERS[name]
    for length in range(len(data)):
        answer = fed(data[:length], step=7)
        assert not answer.is_whole
        with pytest.raises(ValueError):
            answer.feed(b"")


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    answer = fed(BY_CLOSING, step=5)
    assert not answer.is_whole
    answer.feed(b"")
    assert (answer.is_whole, answer.body, answer.may_follow) == (True, b"all until the end", False)


def test_what_comes_after_an_answer_is_not_of_it() -> None:
    answer = fed(ANSWERS["counted"] + b"HTTP/1.1 408 Request Timeout\r\nX-One: c\r\nContent-Length: 2\r\n\r\nno", step=1_000)
    assert (answer.is_whole, answer.status, answer.headers["x-one"], answer.body, answer.may_follow) == (True, 200, "a, b", b"hello", False)


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * HEAD_BYTES_MAX,
    ],
)
def test_what_is_no_answer(data: bytes) -> None:
    with pytest.raises(ValueError):
        fed(data, step=1_000).feed(b"")


def test_a_body_is_read_no_further_than_was_asked_for() -> None:
    assert fed(ANSWERS["counted"], step=100, bytes_max=5).body == b"hello"
    assert fed(ANSWERS["counted"], step=100, bytes_max=4).is_too_large
    bomb = gzip.compress(b"\0" * 50_000_000)
    answer = fed(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(bomb), bomb), step=len(bomb) + 200, bytes_max=1000
    )
    assert answer.is_too_large
    assert len(answer.body) <= 1001


def test_a_request_is_one_piece() -> None:
    assert request("POST", "/a?b=1", "example.com:8080", {"x-two": "é"}, b"body") == (
        b"POST /a?b=1 HTTP/1.1\r\nHost: example.com:8080\r\nx-two: \xe9\r\nUser-Agent: Hutong\r\nContent-Length: 4\r\n\r\nbody"
    )
    assert request("GET", "/", "[::1]", {"user-agent": "x"}, None) == b"GET / HTTP/1.1\r\nHost: [::1]\r\nuser-agent: x\r\n\r\n"
    assert request("PUT", "/", "a", {"User-Agent": "x"}, None).endswith(b"Content-Length: 0\r\n\r\n")


@pytest.mark.parametrize("headers", [{"a": "b\nc"}, {"a": "b\rc"}, {"a\r\nb": "c"}, {"a": "\0"}, {"a": "胡同"}])
def test_what_http_cannot_say_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        request("POST", "/", "a", headers, b"")
