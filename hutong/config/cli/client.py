"""The HTTP API as the command line uses it: of the running server, or of this process when there is none."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings

from hutong.config import features
from hutong.config.cli import inprocess
from hutong.config.cli.words import Failure, language
from hutong.config.operations import operator
from hutong.foundation import clock, datalock
from hutong.foundation.jobs import bell

if TYPE_CHECKING:
    from hutong.workspaces.models import Workspace

START_WAIT_SECONDS = 15.0
PAUSE_SECONDS = 0.2
POLL_SECONDS = 0.25
TIMEOUT = httpx.Timeout(600.0, connect=5.0)
LOCAL_URL = "http://127.0.0.1"


class Api:
    """The API. Paths are absolute (`/api/...`), or relative to a workspace after `enter`."""

    def __init__(self, http: httpx.Client, *, served: bool) -> None:
        self._http = http
        self.served = served
        self._prefix = ""
        self._key = operator.token()
        self._rings = 0

    def enter(self, workspace: Workspace) -> None:
        """Work in this workspace from now on, with the command line's own key there."""
        self._prefix = f"/api/workspaces/{workspace.pk}"
        self._key = operator.key_for(workspace)

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request; a refusal ends the command with what the server said."""
        headers = {"Authorization": f"Bearer {self._key}", "Accept-Language": language()}
        if method != "GET" and self._prefix:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        url = path if path.startswith("/api/") else self._prefix + path
        try:
            response = self._http.request(method, url, headers=headers, **request)
        except httpx.TimeoutException as error:
            raise Failure("服务没有及时回答。", "The server did not answer in time.") from error
        except httpx.TransportError as error:
            raise Failure(f"与服务的连接中断：{error}", f"The connection to the server broke: {error}") from error
        if response.is_error:
            raise refusal(response)
        return response

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a read."""
        return self.send("GET", path, params={key: value for key, value in query.items() if value is not None}).json()

    def post(self, path: str, body: Any = None) -> Any:
        """The JSON of a write."""
        return self.send("POST", path, json={} if body is None else body).json()

    def wait(self) -> None:
        """A moment, until a job may have come further: in this process a job that ends is heard at once."""
        if self.served:
            time.sleep(POLL_SECONDS)
        else:
            self._rings = bell.wait(since=self._rings, timeout_seconds=4 * POLL_SECONDS)

    def every(self, path: str, **query: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return


def refusal(response: httpx.Response) -> Failure:
    """What the server said no with, as the command's error."""
    try:
        problem = response.json()
        text = problem["detail"]
        parts = [f"{one['field']}: {one['message']}" for one in problem.get("errors", [])]
    except (ValueError, KeyError, TypeError):
        text, parts = f"HTTP {response.status_code}", []
    text = " ".join([text, *parts])
    return Failure(text, text)


@contextmanager
def connect() -> Iterator[Api]:
    """The running server, or the stores opened here."""
    features.install()  # the command line's key names every permission
    folder: Path = settings.DATA_DIR
    place = _answering(folder)
    if place is not None:
        with httpx.Client(base_url=place.url, timeout=TIMEOUT, trust_env=False) as http:
            yield Api(http, served=True)
        return
    with inprocess.stores(folder) as transport, httpx.Client(base_url=LOCAL_URL, transport=transport, timeout=TIMEOUT) as http:
        yield Api(http, served=False)


def _answering(folder: Path) -> datalock.Place | None:
    """Where the server answers. One that is just starting is waited for; one that never answers is an error."""
    until = clock.monotonic_seconds() + START_WAIT_SECONDS
    while True:
        place = datalock.announced(folder)
        if place is None:
            return None
        if is_hutong(place):
            return place
        if clock.monotonic_seconds() > until:
            raise Failure(
                f"{place.url} 的服务（进程 {place.pid}）没有回答。请查看它的日志，或停止它后再试。",
                f"The server at {place.url} (process {place.pid}) does not answer. See its log, or stop it and try again.",
            )
        time.sleep(PAUSE_SECONDS)


def is_hutong(place: datalock.Place) -> bool:
    """Whether a Hutong server answers there, be it whole or not."""
    try:
        answer = httpx.get(f"{place.url}/healthz", timeout=5.0, trust_env=False)
        return "hutong" in answer.json()
    except (httpx.HTTPError, ValueError, TypeError):
        return False
