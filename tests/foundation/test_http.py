"""The way out: what may be reached, what comes back, and what is known when nothing does."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hutong.foundation import clock
from hutong.foundation import http as egress_module
from hutong.foundation.http import CONNECTIONS_MAX, IDLE_SECONDS, AnswerTooLarge, Egress, Forbidden, Unanswered, Unreachable, check_url, innermost

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


# --- kept connections -----------------------------------------------------------------


class Peer:
    """The other side of single connections, said what to do with each request: answer, answer and close, or close."""

    def __init__(self, *acts: str) -> None:
        self.acts = list(acts)
        self.requests: list[tuple[int, bytes]] = []  # the connection it came by, and all of it
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        self.closed, self.more, self.said = threading.Event(), threading.Event(), threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        number = 0
        while self.acts:
            connection, _ = self._listening.accept()
            number += 1
            with connection:
                while self.acts:
                    data = connection.recv(65536)
                    if not data:
                        break
                    self.requests.append((number, data))
                    act = self.acts.pop(0)
                    if act != "drop":
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                    if act == "answer and more":
                        self.more.wait(5)
                        connection.sendall(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
                        self.said.set()
                        with suppress(ConnectionError):
                            connection.recv(1)
                    if act != "answer":
                        break
            self.closed.set()


def test_a_kept_connection_that_was_closed_meanwhile_is_not_used(egress: Egress) -> None:
    peer = Peer("answer and close", "answer")
    assert egress.request("POST", peer.url, content=b"1").body == b"ok"
    assert peer.closed.wait(5)
    assert egress.request("POST", peer.url, content=b"2").body == b"ok"
    assert [(number, data[-1:]) for number, data in peer.requests] == [(1, b"1"), (2, b"2")]


@pytest.mark.parametrize("method", ["POST", "PUT"])  # HTTP would let a PUT go again
def test_what_was_sent_by_a_kept_connection_and_not_answered_is_in_doubt_and_not_sent_again(egress: Egress, method: str) -> None:
    peer = Peer("answer", "drop", "answer")
    assert egress.request(method, peer.url, content=b"1").body == b"ok"
    with pytest.raises(Unanswered):
        egress.request(method, peer.url, content=b"2")
    assert egress.request(method, peer.url, content=b"3").body == b"ok"
    assert [(number, data[-1:]) for number, data in peer.requests] == [(1, b"1"), (1, b"2"), (2, b"3")]


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next(egress: Egress) -> None:
    peer = Peer("answer and more", "answer")
    assert egress.request("POST", peer.url, content=b"1").status == 200
    peer.more.set()
    assert peer.said.wait(5)
    assert egress.request("POST", peer.url, content=b"2").status == 200
    assert [number for number, _ in peer.requests] == [1, 2]


def test_head_and_body_go_together_and_kept_connections_are_used_again(egress: Egress) -> None:
    peer = Peer("answer", "answer")
    for said in (b"one", b"two"):
        egress.request("POST", peer.url, content=said, headers={"X-Own": "1"})
    assert [(number, data.split(b"\r\n\r\n")[1]) for number, data in peer.requests] == [(1, b"one"), (1, b"two")]
    assert peer.requests[0][1].startswith(b"POST / HTTP/1.1\r\nHost: 127.0.0.1:")


def test_idle_connections_are_let_go(egress: Egress, monkeypatch: pytest.MonkeyPatch) -> None:
    peer, other = Peer("answer", "answer", "answer"), Peer("answer", "answer")
    moment = time.monotonic()
    monkeypatch.setattr(clock, "monotonic_seconds", lambda: moment)
    egress.request("GET", peer.url)
    egress.request("GET", other.url)
    moment += IDLE_SECONDS - 1
    egress.request("GET", peer.url)
    assert not other.closed.is_set()
    moment += 2
    egress.request("GET", peer.url)
    assert [number for number, _ in peer.requests] == [1, 1, 1]
    assert other.closed.wait(5)


def test_no_connection_is_lost_to_answers_that_are_not_read(base: str, egress: Egress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_module, "READ_BYTES", 20)
    for _ in range(CONNECTIONS_MAX + 1):
        with pytest.raises(AnswerTooLarge):
            egress.request("GET", f"{base}/large", body_bytes_max=10)
    assert egress.request("GET", f"{base}/large").status == 200


def test_connections_have_a_number(base: str, egress: Egress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_module, "CONNECTIONS_MAX", 1)
    raised: list[Exception] = []

    def wait() -> None:
        try:
            egress.request("GET", f"{base}/silent", timeout_seconds=1)
        except Unanswered as error:
            raised.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.2)
    with pytest.raises(Unreachable):
        egress.request("GET", base, timeout_seconds=0.2)
    waiting.join()
    assert len(raised) == 1
    assert egress.request("GET", base).status == 200


# --- what is said ---------------------------------------------------------------------


def said(egress: Egress, method: str, path: str = "", **more: Any) -> tuple[str, str, bytes]:
    """The first line, the type and the body of a request."""
    peer = Peer("answer and close")
    egress.request(method, peer.url + path, **more)
    head, _, body = peer.requests[0][1].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    kinds = [line.partition(": ")[2] for line in lines if line.lower().startswith("content-type:")]
    assert len(kinds) <= 1
    return lines[0], "".join(kinds), body


def test_bodies_and_questions(egress: Egress) -> None:
    assert said(egress, "GET", "a?b=1#c") == ("GET /a?b=1 HTTP/1.1", "", b"")
    assert said(egress, "GET", "a%2Fb", params={"q": "胡 同&", "n": 2}) == ("GET /a%2Fb?q=%E8%83%A1%20%E5%90%8C%26&n=2 HTTP/1.1", "", b"")
    assert said(egress, "GET", "a?b=1", params={"c": "2"})[0] == "GET /a?b=1&c=2 HTTP/1.1"
    assert said(egress, "POST", json={"a": "胡同"}) == ("POST / HTTP/1.1", "application/json", '{"a":"胡同"}'.encode())
    assert said(egress, "POST", data={"a": "1 2"}) == ("POST / HTTP/1.1", "application/x-www-form-urlencoded", b"a=1+2")
    assert said(egress, "PUT", content=b"x", headers={"Content-Type": "image/png"}) == ("PUT / HTTP/1.1", "image/png", b"x")
    _, kind, body = said(egress, "POST", data={"chat": "1"}, files={"photo": ("菜单.png", b"PNG", "image/png")})
    assert kind.startswith("multipart/form-data; boundary=")
    mark = kind.partition("boundary=")[2].encode()
    assert [part.strip() for part in body.split(b"--" + mark)] == [
        b"",
        b'Content-Disposition: form-data; name="chat"\r\n\r\n1',
        'Content-Disposition: form-data; name="photo"; filename="菜单.png"\r\nContent-Type: image/png\r\n\r\nPNG'.encode(),
        b"--",
    ]


@pytest.mark.parametrize("headers", [{"X-Two": "a\r\nb: c"}, {"X-Two\r\n": "a"}, {"X-Wide": "胡同"}])
def test_what_http_cannot_say_is_not_said(base: str, server: Any, egress: Egress, headers: dict[str, str]) -> None:
    with pytest.raises(Unreachable):
        egress.request("POST", base, headers=headers, content=b"x")
    assert server.seen == []
    assert egress.request("POST", base, content=b"x").status == 200


def test_no_proxy_is_taken_from_the_environment(base: str, egress: Egress, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert egress.request("GET", base).status == 200


def test_encrypted_for_the_name_that_was_asked_for(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *args, **kwargs: real("127.0.0.1" if host.endswith(".example") else host, *args, **kwargs)
    )
    one = Egress(private_hosts=["chat.example", "other.example"], timeout_seconds=2)
    with encrypted(tmp_path, "chat.example") as (port, seen):
        with pytest.raises(Unreachable):
            one.request("POST", f"https://chat.example:{port}/", content=b"x")  # nobody we know says that it is theirs
        egress_module.tls_context().load_verify_locations(tmp_path / "certificate.pem")
        try:
            assert one.request("POST", f"https://chat.example:{port}/", content=b"x").body == b"x"
            with pytest.raises(Unreachable):
                one.request("POST", f"https://other.example:{port}/", content=b"x")
        finally:
            egress_module.tls_context.cache_clear()
    assert seen == [f"POST / chat.example:{port}"]


@contextmanager
def encrypted(folder: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    """A server that shows a certificate of that name, signed by itself."""
    issue(folder / "certificate.pem", folder / "key.pem", name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    made = Served(("127.0.0.1", 0), Handler)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    made.seen = []  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made.server_port, made.seen  # type: ignore[attr-defined]
    made.shutdown()
    made.server_close()


def issue(certificate: Any, key: Any, name: str) -> None:
    mine = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(whose).issuer_name(whose).public_key(mine.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False).sign(mine, hashes.SHA256())
    )  # fmt: skip
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(mine.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
