"""The way out: what may be reached, what comes back, and what is known when nothing does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hutong.foundation.http import AnswerTooLarge, Egress, Forbidden, Unanswered, Unreachable, check_url, innermost

PRIVATE = [
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1", "192.0.2.1",
    "::1", "fc00::1", "fd12:3456::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:a00:1::", "2002:7f00:1::",
    "::7f00:1", "::a00:1", "2001:db8::1",
]  # fmt: skip
NEVER = [
    "169.254.169.254", "169.254.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.2.3", "255.255.255.255", "240.0.0.1", "100.100.100.200",
    "::", "fe80::1", "ff02::1", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "::ffff:0.0.0.0",
]  # fmt: skip
GLOBAL = ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        seen: list[str] = self.server.seen  # type: ignore[attr-defined]
        seen.append(f"{self.command} {self.path} {self.headers['Host']}")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/large":
            self._answer(200, b"x" * 5000)
        elif self.path == "/bomb":
            import gzip

            self._answer(200, gzip.compress(b"\0" * 20_000_000), **{"Content-Encoding": "gzip"})
        elif self.path == "/home":
            self._answer(302, b"", Location="/")
        elif self.path == "/again":
            self._answer(307, b"", Location="/echo")
        elif self.path == "/loop":
            self._answer(302, b"", Location="/loop")
        elif self.path == "/away":
            self._answer(302, b"", Location="http://169.254.169.254/latest")
        elif self.path == "/silent":
            time.sleep(3)
        elif self.path == "/drip":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            for _ in range(30):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.1)
        elif self.path == "/cut":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._answer(200, body or b"hello", **{"X-Seen": "1"})

    do_POST = do_GET  # noqa: N815 - http.server's name

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Served(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that went away is what some tests are about


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = Served(("127.0.0.1", 0), Handler)
    made.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def base(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def egress() -> Egress:
    return Egress(private_hosts=["127.0.0.1"], timeout_seconds=2)


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name resolves to these, whatever it is."""
    rows = [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_need_an_owner(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, address)
    with pytest.raises(Forbidden) as caught:
        Egress().resolve("chat.example", 443)
    assert caught.value.host == "chat.example"
    assert Egress(private_hosts=["Chat.Example."]).resolve("chat.example", 443) == [address]


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_reached(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, address)
    with pytest.raises(Forbidden) as caught:
        Egress(private_hosts=["chat.example", address]).resolve("chat.example", 443)
    assert caught.value.host == ""


@pytest.mark.parametrize("address", GLOBAL)
def test_the_rest_of_the_world_is_open(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, address)
    assert Egress().resolve("chat.example", 443) == [address]


def test_one_private_address_among_several_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "1.1.1.1", "10.0.0.1")
    with pytest.raises(Forbidden):
        Egress().resolve("chat.example", 443)


def test_a_name_that_changes_its_mind_is_asked_once_for_a_connection(monkeypatch: pytest.MonkeyPatch, server: ThreadingHTTPServer) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def changing(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == "rebind.example":
            asked.append(host)
            return real("127.0.0.1" if len(asked) == 1 else "169.254.169.254", *args, **kwargs)
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    one = Egress(private_hosts=["rebind.example"])
    url = f"http://rebind.example:{server.server_port}/"
    assert one.request("GET", url).body == b"hello"  # the address that was checked is the one connected to
    assert asked == ["rebind.example"]
    one.close()
    with pytest.raises(Forbidden):
        one.request("GET", url)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd", "gopher://x", "javascript:alert(1)", "http://", "http:///x",
        "http://user:pass@example.com/", "http://user@example.com", "http://example.com:99999999/", "http://" + "a" * 5000,
    ],
)  # fmt: skip
def test_an_address_is_plain_http(url: str) -> None:
    with pytest.raises(Forbidden):
        check_url(url)


@pytest.mark.parametrize("url", ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::1]/", "http://localhost/", "http://0/"])
def test_odd_spellings_of_this_machine_are_seen_through(url: str) -> None:
    with pytest.raises((Forbidden, Unreachable)) as caught:
        Egress().request("GET", url, timeout_seconds=1)
    assert isinstance(caught.value, Forbidden) or "找不到主机" in caught.value.zh


def test_loopback_is_open_to_tests_that_say_so(base: str, settings: Any) -> None:
    with pytest.raises(Forbidden):
        Egress().request("GET", base)
    settings.EGRESS_LOOPBACK = True
    assert Egress().request("GET", base).status == 200


def test_an_answer_comes_whole_and_connections_are_kept(base: str, egress: Egress) -> None:
    answer = egress.request("POST", f"{base}/x", json={"a": "胡同"}, params={"q": "1"})
    assert (answer.status, answer.json(), answer.headers["x-seen"]) == (200, {"a": "胡同"}, "1")
    with pytest.raises(ValueError):
        egress.request("GET", base).json()


def test_sizes_are_counted_as_they_come(base: str, egress: Egress) -> None:
    with pytest.raises(AnswerTooLarge):
        egress.request("GET", f"{base}/large", body_bytes_max=4999)
    assert len(egress.request("GET", f"{base}/large", body_bytes_max=5000).body) == 5000
    with pytest.raises(AnswerTooLarge):
        egress.request("GET", f"{base}/bomb", body_bytes_max=1_000_000)


def test_redirects_stay_on_the_host(base: str, egress: Egress, server: Any) -> None:
    assert egress.request("GET", f"{base}/home").body == b"hello"
    assert egress.request("POST", f"{base}/again", content=b"kept").body == b"kept"
    for path, kind in (("/away", Forbidden), ("/loop", Unanswered)):
        with pytest.raises(kind):
            egress.request("GET", f"{base}{path}")
    with pytest.raises(Unanswered):
        egress.request("POST", f"{base}/home", content=b"x")
    assert [line.split()[1] for line in server.seen] == ["/home", "/", "/again", "/echo", "/away", "/loop", "/loop", "/loop", "/loop", "/home"]


def test_what_was_not_handed_over_is_told_from_what_was_not_answered(base: str, egress: Egress) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable):
        egress.request("GET", f"http://127.0.0.1:{port}/")
    with pytest.raises(Unreachable):
        egress.request("GET", "http://no-such-host.invalid/")
    for path in ("/silent", "/drip", "/cut"):
        began = time.monotonic()
        with pytest.raises(Unanswered):
            egress.request("POST", f"{base}{path}", content=b"x", timeout_seconds=0.5)
        assert time.monotonic() - began < 2


def test_sockets_go_the_same_way(server: ThreadingHTTPServer, egress: Egress) -> None:
    with egress.open_socket("127.0.0.1", server.server_port) as plain:
        plain.sendall(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
        assert plain.recv(12) == b"HTTP/1.1 200"
    with pytest.raises(Forbidden):
        Egress().open_socket("127.0.0.1", server.server_port)
    with pytest.raises(Unreachable):
        egress.open_socket("127.0.0.1", server.server_port, tls=True)


def test_wrapped_addresses_are_unwrapped() -> None:
    assert str(innermost("::ffff:10.0.0.1")) == "10.0.0.1"
    assert str(innermost("2002:0a00:0001::")) == "10.0.0.1"
    assert str(innermost("64:ff9b::7f00:1")) == "127.0.0.1"
    assert str(innermost("fe80::1%eth0")) == "fe80::1"
    assert str(innermost("2606:4700::1111")) == "2606:4700::1111"
