"""How fast the console comes up and how still it stands: a cold visit over 9 Mbit/s with 85 ms of delay."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.console.live import Staff, Visit

# A measurement, not a check of every run: a busy machine would fail it. Run it with HUTONG_SPEED=1 on an idle one.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif("HUTONG_SPEED" not in os.environ, reason="a measurement for an idle machine: set HUTONG_SPEED=1"),
]

BYTES_PER_SECOND = 9_000_000 / 8
DELAY_MILLISECONDS = 85
LCP_MILLISECONDS_MAX = 2_500
CLS_MAX = 0.02
TRIES = 3

WATCH = """
window.__lcp = 0; window.__cls = 0; window.__shifts = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.__lcp = entry.startTime })
  .observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
  window.__cls += entry.value;
  window.__shifts.push([entry.value, ...entry.sources.map((source) => source.node?.className ?? source.node?.nodeName ?? '')]);
} }).observe({ type: 'layout-shift', buffered: true });
"""


def cold(browser: Browser, owner: Staff, path: str, *, width: int, signed_in: bool = True) -> dict[str, Any]:
    """What a visitor with an empty cache sees."""
    visit = Visit(browser, owner.address, width=width)
    if signed_in:
        visit.sign_in()
    page: Page = visit.page
    page.add_init_script(WATCH)
    session = visit.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": DELAY_MILLISECONDS, "downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND},
    )
    page.goto(f"{owner.address}{path}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_000)
    found: dict[str, Any] = page.evaluate("({ lcp: window.__lcp, cls: window.__cls, shifts: window.__shifts })")
    visit.close()
    return found


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("path", "signed_in"), [("/", True), ("/analytics", True), ("/login", False)])
def test_a_cold_visit(chromium: Browser, sample_server: Staff, path: str, signed_in: bool, width: int) -> None:
    best: dict[str, Any] | None = None
    for _ in range(TRIES):
        found = cold(chromium, sample_server, path, width=width, signed_in=signed_in)
        print(path, width, found)
        assert found["cls"] <= CLS_MAX, found
        if best is None or found["lcp"] < best["lcp"]:
            best = found
        if best["lcp"] <= LCP_MILLISECONDS_MAX:
            break
    assert best is not None
    assert 0 < best["lcp"] <= LCP_MILLISECONDS_MAX, best
