"""The RSGI front that owns the port: the hot lane, the inbox's stream and the console's files here, everything else to Django on threads,
platforms' callbacks, the links in messages and the brand's visitors on threads of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hutong.config.bridge import Bridge
from hutong.config.sockets import Sockets
from hutong.config.static import Console
from hutong.config.streams import Streams
from hutong.events.ingest.lane import Lane
from hutong.inbox import streaming
from hutong.inbox.streaming import Stream

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope, WebsocketProtocol

DJANGO_PATHS = ("/api/", "/healthz", "/metrics")
HOOK_PATHS = "/hooks/"
CALLBACK_PATHS = (HOOK_PATHS, "/l/", "/u/")
SITE_PATHS = "/w/"
WEBSOCKET_NOT_HERE = 403


class Front:
    """Routes a request by the first part of its path."""

    def __init__(
        self, *, lane: Lane, console: Console, django: Bridge, callbacks: Bridge, sockets: Sockets, site: Bridge, streams: Streams, inbox: Stream
    ) -> None:
        self._lane = lane
        self._console = console
        self._django = django
        self._callbacks = callbacks
        self._sockets = sockets
        self._site = site
        self._streams = streams
        self._inbox = inbox

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """One request."""
        if scope.proto != "http":
            await self._websocket(scope, proto)
        elif scope.path.startswith("/v1/"):
            await self._lane(scope, proto)
        elif scope.path.endswith("/inbox/stream") and streaming.PATH.fullmatch(scope.path):
            await self._inbox(scope, proto)
        elif scope.path.startswith(DJANGO_PATHS):
            await self._django(scope, proto)
        elif scope.path.startswith(CALLBACK_PATHS):
            await self._callbacks(scope, proto)
        elif self._streams.takes(scope.path):
            await self._streams(scope, proto)
        elif scope.path.startswith(SITE_PATHS):
            await self._site(scope, proto)
        else:
            self._console(scope, proto)

    async def _websocket(self, scope: Scope, proto: HTTPProtocol | WebsocketProtocol) -> None:
        """A platform's, at an account's callback address; nobody else's."""
        if scope.path.startswith(HOOK_PATHS):
            await self._sockets(scope, proto)
        else:
            proto.close(WEBSOCKET_NOT_HERE)
