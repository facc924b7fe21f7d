"""The inbox's stream of changes over HTTP: server-sent events, served by the front so that an open page holds no thread.

`GET /api/workspaces/{id}/inbox/stream` with the session's cookie. Each event says which conversation to ask for again; its id is a place to go
on from. Whether the person may still see is asked again every few seconds, so that who logs out or is removed is cut off.
"""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from granian.rsgi import ProtocolClosed

from hutong.foundation import logs
from hutong.inbox import live
from hutong.workspaces import sessions
from hutong.workspaces.access import permissions_of_role
from hutong.workspaces.models import Staff

log = logs.get("hutong.inbox")

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope

PATH = re.compile(r"/api/workspaces/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/inbox/stream")
PERMISSION = "inbox.read"
HEARTBEAT_SECONDS = 15.0
CHECK_SECONDS = 3.0  # how soon somebody who was removed is cut off
SEND_SECONDS_MAX = 10.0  # a page that takes nothing for so long is gone
RETRY_MS = 2_000
HEADERS = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),
    ("x-content-type-options", "nosniff"),
]
REFUSALS = {
    401: ("not_signed_in", "请先登录。/ Log in first."),
    403: ("not_allowed", "没有查看会话的权限。/ You may not see conversations."),
    404: ("not_found", "找不到这个工作区。/ There is no such workspace."),
    405: ("method_not_allowed", "只能读取。/ It can only be read."),
    503: ("too_many_pages", "打开的页面过多，请稍后再试。/ Too many pages are open. Try again later."),
}


class Stream:
    """Serves the open pages until it is stopped."""

    def __init__(self) -> None:
        self._checks = ThreadPoolExecutor(1, thread_name_prefix="inbox-stream")
        self._wakers: set[asyncio.Event] = set()
        self._stopping = False

    async def __call__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """One connection."""
        match = PATH.fullmatch(scope.path)
        workspace_id = uuid.UUID(match[1]) if match else uuid.UUID(int=0)
        loop = asyncio.get_running_loop()
        cookie = scope.headers.get("cookie") or ""
        status, user_id = (405, "") if scope.method != "GET" else await loop.run_in_executor(self._checks, allowed, cookie, workspace_id)
        bell = asyncio.Event()
        listener = live.listen(str(workspace_id), user_id, lambda: _ring(loop, bell)) if status == 200 else None
        if listener is None:
            refused = status if status != 200 else 503
            proto.response_bytes(refused, [("content-type", "application/problem+json")], _refusal(refused))
            return
        self._wakers.add(bell)
        try:
            transport = proto.response_stream(200, HEADERS)
            await self._tell(transport, bell, cookie=cookie, workspace_id=workspace_id, last=scope.headers.get("last-event-id") or "")
        except (ProtocolClosed, TimeoutError):
            pass  # the page went away, or takes nothing any more
        except DatabaseError:  # the session could not be looked up: the page comes back and asks for what it missed
            log.exception("stream ended")
        finally:
            self._wakers.discard(bell)
            live.leave(listener)

    async def _tell(self, transport: Any, bell: asyncio.Event, *, cookie: str, workspace_id: uuid.UUID, last: str) -> None:
        loop = asyncio.get_running_loop()
        at = live.place()
        await _send(transport, f"retry: {RETRY_MS}\nid: {last or at}\nevent: hello\ndata: {{}}\n\n")
        at, quiet, checked = last or at, loop.time(), loop.time()
        while not self._stopping:
            bell.clear()
            for change in live.since(workspace_id, at):
                at = live.place(change.seq)
                said = json.dumps({"kind": change.kind, "conversation_id": change.conversation_id})
                await _send(transport, f"id: {at}\nevent: change\ndata: {said}\n\n")
                quiet = loop.time()
            if loop.time() - quiet >= HEARTBEAT_SECONDS:
                await _send(transport, ": here\n\n")
                quiet = loop.time()
            if loop.time() - checked >= CHECK_SECONDS:
                checked = loop.time()
                status, _ = await loop.run_in_executor(self._checks, allowed, cookie, workspace_id)
                if status != 200:
                    return
            try:
                await asyncio.wait_for(bell.wait(), CHECK_SECONDS)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """End every connection, so that the server can stop; on the loop."""
        self._stopping = True
        for bell in self._wakers:
            bell.set()
        self._checks.shutdown(wait=False, cancel_futures=True)


def allowed(cookie: str, workspace_id: uuid.UUID) -> tuple[int, str]:
    """200 and who it is, where the session may see conversations of this workspace; else the status of the refusal."""
    try:
        morsel = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        morsel = None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value if morsel is not None else None)
    user = sessions.user_of(request)
    if user is None:
        return 401, ""
    role = Staff.objects.in_workspace(workspace_id).filter(user=user).values_list("role", flat=True).first()
    if role is None:
        return 404, ""
    return (200, str(user.pk)) if PERMISSION in permissions_of_role(role) else (403, "")


def _ring(loop: asyncio.AbstractEventLoop, bell: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(bell.set)


async def _send(transport: Any, text: str) -> None:
    await asyncio.wait_for(transport.send_bytes(text.encode()), SEND_SECONDS_MAX)


def _refusal(status: int) -> bytes:
    code, detail = REFUSALS[status]
    return json.dumps(
        {"type": f"/problems/{code}", "title": code, "status": status, "code": code, "detail": detail, "params": {}, "errors": [], "request_id": ""},
        ensure_ascii=False,
    ).encode()
