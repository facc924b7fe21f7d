"""Every component of the console in a real browser: accessible, within the content policy, nothing from outside, at every size."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

import hatch_build
from tests.console.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONSOLE = Path(hatch_build.__file__).resolve().parent / "console"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
DRAWN = 4


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    dist = tmp_path_factory.mktemp("gallery") / "dist"
    hatch_build.install_packages(CONSOLE)
    hatch_build.run_npm(CONSOLE, "exec", "--", "vite", "build", "--mode", "gallery", "--outDir", str(dist), "--emptyOutDir")
    with serving(dist) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


class Watched:
    """A page, with whatever it complained of and whatever it asked of other hosts."""

    def __init__(self, browser: Browser, address: str, *, theme: str, language: str, width: int) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, locale=LOCALES[language], timezone_id="Asia/Shanghai", accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else self.outside.append(request.url))

    def violations(self) -> list[tuple[str, list[str]]]:
        found = Axe().run(self.page, options={"runOnly": RULES}).response["violations"]
        return [(rule["id"], [str(node["target"]) for node in rule["nodes"]]) for rule in found]

    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture
def gallery(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    theme, language, width = getattr(request, "param", ("light", "zh", 1440))
    watched = Watched(browser, address, theme=theme, language=language, width=width)
    watched.page.goto(f"{address}/gallery")
    watched.page.locator("[data-drawn=true]").nth(DRAWN - 1).wait_for()
    yield watched
    watched.context.close()


EVERY_LOOK = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]


@pytest.mark.parametrize("gallery", EVERY_LOOK, indirect=True, ids=lambda look: "-".join(map(str, look)))
def test_every_component_is_accessible_and_keeps_to_the_policy(gallery: Watched) -> None:
    gallery.page.wait_for_timeout(400)  # transitions end
    assert gallery.violations() == []
    assert gallery.overflow() == 0
    assert gallery.complaints == []
    assert gallery.outside == []


def test_language_and_theme_change_at_once_and_stay(gallery: Watched) -> None:
    page = gallery.page
    page.get_by_role("button", name="语言: 简体中文").click()
    page.get_by_role("menuitem", name="English").click()
    page.get_by_role("heading", level=1, name="Components").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Appearance: As the system").click()
    page.get_by_role("menuitem", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    page.get_by_role("heading", level=1, name="Components").wait_for()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.title() == "Components · 青石读书会 · Hutong"
    assert gallery.complaints == []


def test_a_dialog_locks_the_page_and_asks_for_the_name(gallery: Watched) -> None:
    page = gallery.page
    page.get_by_role("button", name="删除社群").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("早起")
    assert dialog.get_by_role("button", name="删除", exact=True).is_disabled()
    page.wait_for_timeout(400)
    assert gallery.violations() == []
    assert page.evaluate("getComputedStyle(document.body).overflowY") == "hidden"
    dialog.get_by_role("textbox").fill("早起读书会")
    dialog.get_by_role("button", name="删除", exact=True).click()
    dialog.get_by_role("alert").wait_for()
    assert dialog.get_by_role("textbox", name="请求编号").input_value() == "0199c2a4-7d1e-7c31-9a52-4f0d2a11c0de"
    assert gallery.complaints == []


@pytest.mark.parametrize("gallery", [("dark", "zh", 390)], indirect=True)
def test_the_menu_of_a_phone_is_a_drawer(gallery: Watched) -> None:
    page = gallery.page
    page.get_by_role("button", name="打开菜单").click()
    page.get_by_role("navigation", name="菜单").get_by_role("link", name="成员").wait_for()
    page.wait_for_timeout(400)
    assert gallery.violations() == []
    page.keyboard.press("Escape")
    page.get_by_role("navigation", name="菜单").wait_for(state="hidden")
    assert gallery.complaints == []


def test_points_can_be_opened_and_files_taken_away(gallery: Watched, tmp_path: Path) -> None:
    page = gallery.page
    heat = page.locator(".ht-drawing").nth(3)
    heat.scroll_into_view_if_needed()
    box = heat.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.5)
    weekday, hour, count = page.locator("#note").inner_text().split()
    assert (weekday, hour) == ("3", "16")
    assert int(count) > 0
    for item, name, start in (("下载 CSV", "谁留下来了.csv", b"\xef\xbb\xbf"), ("下载图片 PNG", "谁留下来了.png", b"\x89PNG")):
        page.get_by_role("button", name="下载: 谁留下来了？").click()
        with page.expect_download() as expected:
            page.get_by_role("menuitem", name=item).last.click()
        assert expected.value.suggested_filename == name
        expected.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    assert gallery.complaints == []


def test_the_keyboard_reaches_the_content_first(gallery: Watched) -> None:
    page = gallery.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.url.endswith("/gallery")


@pytest.mark.parametrize("gallery", [("light", "zh", 1440), ("dark", "en", 390)], indirect=True, ids=lambda look: "-".join(map(str, look)))
def test_every_open_list_has_the_name_of_its_field(gallery: Watched) -> None:
    page = gallery.page
    unfold = page.get_by_role("button", name="Filters")
    if unfold.count():
        unfold.click()
    fields = page.locator("[role=combobox]:not(.ht-ce *)")  # the editor of conditions has tests of its own
    expect(fields).to_have_count(5)
    for field in fields.all():
        name = field.get_attribute("aria-label")
        assert name
        field.click()
        opened = page.locator(".ant-select-dropdown:visible [role=listbox]")
        expect(opened).to_have_count(1)
        assert opened.get_attribute("aria-label") == name
        page.wait_for_timeout(400)
        assert gallery.violations() == []
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)
    assert gallery.complaints == []
