"""A load generator that costs little: one thread, many keep-alive connections on loopback, prepared requests."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator

RESPONSE_BYTES_MAX = 1 << 20


class LoadError(RuntimeError):
    """The server answered something else than 200, or went away."""


def post(host: str, path: str, key: str, body: bytes) -> bytes:
    """A prepared POST with a write key."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def get(host: str, path: str, key: str) -> bytes:
    """A prepared GET with an API key."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nAccept: application/json\r\n\r\n".encode()


def drive(port: int, requests: Iterator[bytes], *, connections: int) -> tuple[int, float, list[float]]:
    """Send every request over that many connections, each waiting for its answer. (answered, seconds, latencies in seconds)."""
    selector = selectors.DefaultSelector()
    latencies: list[float] = []
    open_now = 0
    started = time.perf_counter()
    for _ in range(connections):
        first = next(requests, None)
        if first is None:
            break
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(first)
        selector.register(sock, selectors.EVENT_READ, [time.perf_counter(), b""])
        open_now += 1
    while open_now:
        for ready, _ in selector.select(30):
            sock = ready.fileobj  # type: ignore[assignment]
            state = ready.data
            data = sock.recv(65536)
            if not data:
                raise LoadError("connection closed")
            state[1] += data
            if not _complete(state[1]):
                continue
            if state[1][9:12] != b"200":
                raise LoadError(state[1][:300].decode("utf-8", "replace"))
            now = time.perf_counter()
            latencies.append(now - state[0])
            following = next(requests, None)
            if following is None:
                selector.unregister(sock)
                sock.close()
                open_now -= 1
                continue
            state[0], state[1] = now, b""
            sock.sendall(following)
    return len(latencies), time.perf_counter() - started, latencies


def _complete(data: bytes) -> bool:
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = data[:end].lower()
    at = head.find(b"content-length:")
    if at >= 0:
        stop = head.find(b"\r\n", at)
        length = int(head[at + 15 : stop if stop >= 0 else len(head)])
        return len(data) >= end + 4 + length
    return data.endswith(b"0\r\n\r\n")
