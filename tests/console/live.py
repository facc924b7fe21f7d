"""A real server with the built console on a port of loopback, and a browser that notes every complaint."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Playwright
from playwright.sync_api import Error as PlaywrightError

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Two frames on end without a finite animation or transition under way.
STILL = """() => new Promise((done) => {
  const still = () => document.getAnimations().every((one) => one.playState !== "running" || one.effect?.getComputedTiming().endTime === Infinity);
  requestAnimationFrame(() => { const first = still(); requestAnimationFrame(() => done(first && still())); });
})"""
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
START_SECONDS_MAX = 40
WAIT_MS = 20_000  # what a busy machine may take to show something
STOP_SECONDS_MAX = 25

SHOWN_CHARACTERS = 3_000
LOGS: dict[str, Path] = {}  # what each server says, by its address

EMAIL, PASSWORD = "owner@example.org", "green-door-1987"


def chromium(playwright: Playwright) -> Browser:
    """The machine's Chromium, or a skip that says so."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    return playwright.chromium.launch(executable_path=program, args=FLAGS)


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """`hutong serve` over that folder; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (data.parent / f"{data.name}.log").open("wb")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUTONG_", "DJANGO_"))} | {"HUTONG_DATA": str(data)}
    command = [sys.executable, "-m", "hutong", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    LOGS[address] = Path(log.name)
    try:
        _wait(process, address)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            if httpx.get(f"{address}/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError("the server did not become healthy")


@dataclass
class Staff:
    """A person signed in over HTTP, as the console would be."""

    address: str
    http: httpx.Client = field(init=False)
    workspace: str = ""

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.address, headers={"Origin": self.address, "Accept-Language": "zh-CN"}, timeout=120)

    def set_up(self, *, workspace: str = "青石咖啡", name: str = "林小满", language: str = "zh") -> Staff:
        """Make the first workspace and its owner."""
        body = {"workspace_name": workspace, "name": name, "email": EMAIL, "password": PASSWORD, "language": language}
        return self._entered(self.http.post("/api/setup", json=body))

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> Staff:
        """Sign in."""
        return self._entered(self.http.post("/api/session", json={"email": email, "password": password}))

    def _entered(self, answer: httpx.Response) -> Staff:
        answer.raise_for_status()
        self.http.headers["X-CSRFToken"] = self.http.cookies["csrftoken"]
        self.workspace = answer.json()["staff"][0]["workspace"]["id"]
        return self

    def get(self, path: str, **query: Any) -> Any:
        """The answer of a call about the workspace."""
        answer = self.http.get(f"/api/workspaces/{self.workspace}{path}", params=query)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        """The same for a write."""
        answer = self.http.post(f"/api/workspaces/{self.workspace}{path}", json=body)
        answer.raise_for_status()
        return answer.json()


class Visit:
    """A page of the console, with whatever it complained of and whatever it asked of other hosts."""

    open_now: ClassVar[list[Visit]] = []

    def __init__(
        self, browser: Browser, address: str, *, theme: Any = "light", language: str = "zh", width: int = 1440, height: int = 900, touch: bool = False
    ) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=touch,
            color_scheme=theme,
            locale=LOCALES[language],
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
            reduced_motion="reduce",  # on a busy machine a click can fall between two steps of what is still opening
        )
        self.page: Page = self.context.new_page()
        self.open_now.append(self)
        self.page.set_default_timeout(WAIT_MS)
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else self.outside.append(request.url))

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> Visit:
        """Begin a session without the page."""
        answer = self.context.request.post(
            f"{self.address}/api/session", data={"email": email, "password": password}, headers={"Origin": self.address}
        )
        assert answer.ok, answer.text()
        return self

    def open(self, path: str, *, heading: str | None = None) -> Page:
        """Go there; wait for its heading, then until nothing is on its way."""
        self.page.goto(f"{self.address}{path}")
        found = self.page.get_by_role("heading", level=1) if heading is None else self.page.get_by_role("heading", level=1, name=heading, exact=True)
        found.first.wait_for()
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(400)  # transitions end
        return self.page

    def settle(self) -> None:
        """Until what moves has come to rest: a dialog on its way out is half transparent. What turns for ever is left to turn."""
        self.page.wait_for_function(STILL)

    def violations(self) -> list[tuple[str, list[str]]]:
        """What axe finds against WCAG 2.2 AA and still finds a moment later: a dialog that is about to go has faint letters."""
        for _ in range(3):
            self.settle()
            found = Axe().run(self.page, options={"runOnly": RULES}).response["violations"]
            if not found:
                break
            self.page.wait_for_timeout(700)
        return [(rule["id"], [str(node["target"]) for node in rule["nodes"]]) for rule in found]

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def check(self) -> None:
        """The bar of every page: accessible, as wide as the window, quiet, nothing from outside."""
        assert self.violations() == []
        assert self.overflow() == 0
        assert self.complaints == []
        assert self.outside == []

    def told(self) -> str:
        """Where it is, what it shows and what was complained of: for whoever reads why a test failed."""
        try:
            text = self.page.locator("body").inner_text(timeout=5_000)[:SHOWN_CHARACTERS]
        except PlaywrightError as error:
            text = str(error)
        log = LOGS[self.address].read_text("utf-8", "replace")[-SHOWN_CHARACTERS:] if self.address in LOGS else ""
        return f"{self.page.url}\n{text}\n\ncomplaints: {self.complaints}\nthe server's log ends:\n{log}"

    def close(self) -> None:
        """End it."""
        self.open_now.remove(self)
        self.context.close()
