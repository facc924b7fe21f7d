"""The website chat has nobody on the other side but our own script: a shelf that keeps what is left once for each key, and posts as the script makes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from hutong.channels.contract import Callback, Chat, Segment, Settings, Text
from hutong.connectors.widget import visitors
from hutong.foundation import clock
from tests.connectors import peer
from tests.connectors.peer import Trouble

SECRET = "s3cret-s3cret-s3cret"
SITE = "https://www.example.com"
VISITOR = "0123456789abcdef0123456789abcdef"


class Peer(peer.Peer):
    def __init__(self) -> None:
        self.left: dict[str, tuple[Segment, ...]] = {}

    @property
    def settings(self) -> Settings:
        return {
            "origins": f"{SITE} http://localhost:8080", "title": "在线咨询", "greeting": "您好", "colour": "#0f766e", "language": "auto",
            "answers_within": "hour", "asks_email": True, "secret": SECRET,
        }  # fmt: skip

    def wrong(self) -> dict[str, Settings]:
        return {
            "no website": {**self.settings, "origins": " "},
            "a path": {**self.settings, "origins": f"{SITE}/shop"},
            "no scheme": {**self.settings, "origins": "www.example.com"},
            "everything": {**self.settings, "origins": "*"},
            "no colour": {**self.settings, "colour": "red"},
            "a colour that leaks": {**self.settings, "colour": "#fff;}*{"},
            "white on yellow": {**self.settings, "colour": "#ffee00"},
            "a short secret": {**self.settings, "secret": "12345678"},
        }

    @property
    def chat(self) -> Chat:
        found = visitors.unnamed(VISITOR)
        assert found is not None
        return Chat(found.person.id, "dm", found.person.name)

    def leave(self, chat_id: str, key: str, segments: tuple[Segment, ...]) -> str:
        assert chat_id == self.chat.id
        self.left.setdefault(key, segments)
        return f"m{list(self.left).index(key) + 1}"

    def arrived(self) -> list[str]:
        return ["".join(one.text for one in segments if isinstance(one, Text)) for segments in self.left.values()]

    def meet(self, trouble: Trouble) -> bool:
        return False  # it is our own: nothing slows us down, removes or revokes us

    def callback(self, text: str) -> Callback:
        return posted(text=text)

    def forged(self) -> dict[str, Callback]:
        good = token(sub="u1")
        head, claims, signature = good.split(".")
        none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        other = base64.urlsafe_b64encode(json.dumps({"sub": "u2", "exp": time.time() + 60}).encode()).rstrip(b"=").decode()
        return {
            "another site": posted(origin="https://www.example.com.evil.example"),
            "http for https": posted(origin="http://www.example.com"),
            "no origin": posted(origin=""),
            "null": posted(origin="null"),
            "nobody": posted(visitor=""),
            "a visitor made up": posted(visitor="admin"),
            "another key": posted(user_token=token(key="another-another-another", sub="u1")),
            "unsigned": posted(user_token=f"{none}.{claims}."),
            "no algorithm": posted(user_token=f"{none}.{claims}.{signature}"),
            "another algorithm": posted(user_token=token(alg="none", sub="u1")),
            "other claims": posted(user_token=f"{head}.{other}.{signature}"),
            "expired": posted(user_token=token(sub="u1", exp=time.time() - 120)),
            "without an end": posted(user_token=token(sub="u1", exp=None)),
            "for ever": posted(user_token=token(sub="u1", exp=time.time() + 400 * 86_400)),
            "nobody signed": posted(user_token=token(sub="")),
            "get": msgspec.structs.replace(posted(), method="GET"),
        }


def token(*, key: str = SECRET, alg: str = "HS256", **claims: Any) -> str:
    """A JWT as a site signs one."""
    claims = {"exp": time.time() + 600, **claims}
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in ({"alg": alg, "typ": "JWT"}, claims)]
    signature = hmac.new(key.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=").decode()])


def posted(*, origin: str = SITE, **fields: Any) -> Callback:
    """What the script posts."""
    body = {"id": "11111111-2222", "visitor": VISITOR, "text": "在吗", "page": f"{SITE}/shop/7?name=secret#x", **fields}
    return Callback("POST", {}, {"origin": origin}, json.dumps(body).encode(), clock.now_ms())


@contextmanager
def start() -> Iterator[Peer]:
    """An empty shelf."""
    yield Peer()
