"""The RSGI front that owns the port: the hot lane and the console's files here, everything else to Django on threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hutong.config.bridge import Bridge
from hutong.config.static import Console
from hutong.events.ingest.lane import Lane

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope

DJANGO_PATHS = ("/api/", "/healthz", "/metrics")
WEBSOCKET_NOT_HERE = 403


class Front:
    """Routes a request by the first part of its path."""

    def __init__(self, *, lane: Lane, console: Console, django: Bridge) -> None:
        self._lane = lane
        self._console = console
        self._django = django

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """One request."""
        if scope.proto != "http":
            proto.close(WEBSOCKET_NOT_HERE)
        elif scope.path.startswith("/v1/"):
            await self._lane(scope, proto)
        elif scope.path.startswith(DJANGO_PATHS):
            await self._django(scope, proto)
        else:
            self._console(scope, proto)
