"""The console as a browser speaks for it: cookies, the write token, an origin."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

ORIGIN = "http://testserver"
PASSWORD = "correct horse battery"


class Browser:
    """One person's browser. `send` behaves as the console does; `raw` sends exactly what it is told."""

    def __init__(self, language: str = "en", address: str = "127.0.0.1") -> None:
        self.http = Client(headers={"accept-language": language}, REMOTE_ADDR=address)

    @property
    def token(self) -> str:
        cookie = self.http.cookies.get("csrftoken")
        return cookie.value if cookie else ""

    @property
    def session_key(self) -> str:
        cookie = self.http.cookies.get("hutong_session")
        return cookie.value if cookie else ""

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.http.get(path, query)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.raw(method, path, body, {"origin": ORIGIN, "x-csrftoken": self.token, **headers})

    def raw(self, method: str, path: str, body: Any, headers: dict[str, str]) -> HttpResponse:
        data = "" if body is None else json.dumps(body)
        return self.http.generic(method, path, data, content_type="application/json", headers=headers)

    def sign_in(self, email: str, password: str = PASSWORD) -> HttpResponse:
        return self.send("POST", "/api/session", {"email": email, "password": password})
