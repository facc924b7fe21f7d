"""Calls to a homeserver, and what its errors mean. https://spec.matrix.org/latest/client-server-api/"""

from __future__ import annotations

import json as jsons
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from hutong.channels.contract import InDoubt, Link, NeedsReconnect, Refused, RetryLater
from hutong.foundation.http import Response

CLIENT = "/_matrix/client/v3"
LIMIT_SECONDS_DEFAULT = 5.0  # where a server limits and does not say for how long
LIMIT_SECONDS_MAX = 3600.0
OUTAGE_SECONDS = 10.0
ANSWER_BYTES_MAX = 64 * 1024 * 1024  # a sync after days away

_LOST = {
    "M_UNKNOWN_TOKEN": (
        "Matrix 访问令牌无效或已被撤销（M_UNKNOWN_TOKEN）。请重新登录取得令牌，再重新连接。",
        "The Matrix access token is wrong or was revoked (M_UNKNOWN_TOKEN). Log in anew for another one and reconnect.",
    ),
    "M_MISSING_TOKEN": (
        "没有填写 Matrix 访问令牌（M_MISSING_TOKEN）。请填写后重新连接。",
        "There is no Matrix access token (M_MISSING_TOKEN). Enter one and reconnect.",
    ),
    "M_USER_DEACTIVATED": (
        "这个 Matrix 账号已停用（M_USER_DEACTIVATED）。请换一个账号，或请服务器管理员恢复。",
        "This Matrix account is deactivated (M_USER_DEACTIVATED). Use another, or ask the server's administrator to restore it.",
    ),
    "M_USER_LOCKED": (
        "这个 Matrix 账号被锁定（M_USER_LOCKED）。请服务器管理员解锁后重新连接。",
        "This Matrix account is locked (M_USER_LOCKED). Ask the server's administrator to unlock it, then reconnect.",
    ),
    "M_USER_SUSPENDED": (
        "这个 Matrix 账号被暂停（M_USER_SUSPENDED）。请服务器管理员恢复后重新连接。",
        "This Matrix account is suspended (M_USER_SUSPENDED). Ask the server's administrator to restore it, then reconnect.",
    ),
    "M_GUEST_ACCESS_FORBIDDEN": (
        "这是访客账号，不能在房间里工作（M_GUEST_ACCESS_FORBIDDEN）。请用注册的账号连接。",
        "This is a guest, which cannot work in rooms (M_GUEST_ACCESS_FORBIDDEN). Connect a registered account.",
    ),
    "M_CONSENT_NOT_GIVEN": (
        "服务器要求先同意它的条款（M_CONSENT_NOT_GIVEN）。请用这个账号登录客户端并同意，再重新连接。",
        "The server wants its terms accepted first (M_CONSENT_NOT_GIVEN). Log in to a client with this account, accept, and reconnect.",
    ),
}


class Denied(Refused):
    """The server understood and said no. Who called may know better what that means."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(
            "other",
            f"Matrix 服务器拒绝了请求（{status} {code}）。请检查账号在房间里的权限。",
            f"The Matrix server refused the request ({status} {code}). Check the rights of the account in the room.",
        )
        self.status = status
        self.code = code


class Api:
    """The homeserver of one account, spoken to in its name."""

    def __init__(self, link: Link) -> None:
        self._http = link.http
        self.base = str(link.settings["homeserver"]).strip().partition("/_matrix")[0].rstrip("/")
        self._token = str(link.settings["access_token"]).strip()

    def get(self, path: str, *, timeout_seconds: float | None = None, **params: str | int) -> dict[str, Any]:
        """Read something."""
        return self.call("GET", path, params=params, timeout_seconds=timeout_seconds)

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        content_type: str = "",
        params: Mapping[str, str | int] | None = None,
        timeout_seconds: float | None = None,
        may_be_done: bool = False,
    ) -> dict[str, Any]:
        """One request. `may_be_done`: a server that fails may have carried it out. Raises ConnectorError (`Denied` among them), EgressError."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if content_type:
            headers["Content-Type"] = content_type
        answer = self._http.request(
            method,
            self.base + path,
            headers=headers,
            params=params or None,
            json=json,
            content=content,
            timeout_seconds=timeout_seconds,
            body_bytes_max=ANSWER_BYTES_MAX,
        )
        found = _object(answer)
        if 200 <= answer.status < 300 and found is not None:
            return found
        raise meaning(answer, found or {}, may_be_done=may_be_done)


def meaning(answer: Response, found: Mapping[str, Any], *, may_be_done: bool = False) -> Exception:
    """The error that an answer stands for."""
    code = found.get("errcode")
    code = code if isinstance(code, str) and code else "M_UNKNOWN"
    if code in _LOST:
        return NeedsReconnect(*_LOST[code])
    if answer.status == 401:
        return NeedsReconnect(*_LOST["M_UNKNOWN_TOKEN"])
    if answer.status == 429 or code == "M_LIMIT_EXCEEDED":
        seconds = _wait_seconds(answer, found)
        return RetryLater(
            f"Matrix 服务器限制了发送速度，{seconds:.1f} 秒后再试。要更快，请服务器管理员为这个账号放宽限制。",
            f"The Matrix server limits how fast this account may act; it is tried again in {seconds:.1f} s. "
            "For more, ask its administrator to lift the limit for the account.",
            after_seconds=seconds,
        )
    if code == "M_RESOURCE_LIMIT_EXCEEDED":
        return RetryLater(
            "Matrix 服务器到达了它的用量上限，暂不接受请求。请联系服务器管理员；稍后会再试。",
            "The Matrix server has reached a limit of its own and takes no requests. Tell its administrator; it is tried again later.",
            after_seconds=LIMIT_SECONDS_MAX,
        )
    if answer.status >= 500:
        zh = f"Matrix 服务器出错（{answer.status}），稍后会再试。持续出现请联系服务器管理员。"
        en = f"The Matrix server failed ({answer.status}); it is tried again. If this goes on, tell its administrator."
        return InDoubt(zh, en) if may_be_done else RetryLater(zh, en, after_seconds=OUTAGE_SECONDS)
    if answer.status == 413 or code == "M_TOO_LARGE":
        return Refused(
            "too_large",
            "内容超过了 Matrix 服务器的大小上限（M_TOO_LARGE）。请缩短文字或换小一些的文件。",
            "This is larger than the Matrix server takes (M_TOO_LARGE). Shorten the text or use a smaller file.",
        )
    return Denied(answer.status, code)


def _wait_seconds(answer: Response, found: Mapping[str, Any]) -> float:
    milliseconds = found.get("retry_after_ms")
    if isinstance(milliseconds, (int, float)) and milliseconds > 0:
        return min(milliseconds / 1000, LIMIT_SECONDS_MAX)
    header = answer.headers.get("retry-after", "")
    if header.isdecimal() and int(header) > 0:
        return min(float(header), LIMIT_SECONDS_MAX)
    return LIMIT_SECONDS_DEFAULT


def _object(answer: Response) -> dict[str, Any] | None:
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def room_path(room_id: str, *parts: str) -> str:
    """The path of something in a room; ids hold whatever their servers like."""
    return "/".join([f"{CLIENT}/rooms/{quote(room_id, safe='')}", *(quote(part, safe="") for part in parts)])


def compact(value: Any) -> str:
    """JSON for a parameter of the address."""
    return jsons.dumps(value, separators=(",", ":"))
