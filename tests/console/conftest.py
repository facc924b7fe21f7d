"""Fixtures for tests in a real browser against a real server."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

import hatch_build

pytest.register_assert_rewrite("tests.console.live")
from tests.console import live  # noqa: E402 - its asserts must be rewritten first

expect.set_options(timeout=live.WAIT_MS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test says what its pages showed."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [("page", visit.told()) for visit in live.Visit.open_now]
    return report


@pytest.fixture(scope="session")
def built() -> None:
    """The console is built from its sources as they are."""
    hatch_build.build(live.ROOT)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser for the module's tests."""
    with sync_playwright() as playwright:
        browser = live.chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def empty_server(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on which nothing has happened yet."""
    with live.serving(tmp_path_factory.mktemp("console") / "data") as address:
        yield address


@pytest.fixture(scope="session")
def sample_server(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.Staff]:
    """A server with an owner and the sample community, for all modules: read it, do not change it. Gives the owner."""
    with live.serving(tmp_path_factory.mktemp("console") / "data") as address:
        owner = live.Staff(address).set_up()
        owner.post("/sample")
        yield owner
