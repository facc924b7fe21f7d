"""The guide inside the product: before and after the log-in, in every look, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import hatch_build
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GUIDE = Path(hatch_build.__file__).resolve().parent / "docs" / "guide"
PAGES = sorted(path.relative_to(GUIDE / "zh").with_suffix("").as_posix() for path in (GUIDE / "zh").rglob("*.md") if path.stem != "README")
LOOKS = [("light", "zh", 1440), ("dark", "zh", 390), ("dark", "en", 1440), ("light", "en", 390)]


@pytest.fixture
def visit(chromium: Browser, empty_server: str) -> Iterator[Visit]:
    found = Visit(chromium, empty_server)
    yield found
    found.close()


def title(language: str, page: str) -> str:
    return (GUIDE / language / f"{page}.md").read_text().partition("\n")[0].removeprefix("# ")


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS[1:3])
def test_every_page_before_the_log_in(chromium: Browser, empty_server: str, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, empty_server, theme=theme, language=language, width=width)
    for page in PAGES:
        visit.open(f"/guide/{page}", heading=title(language, page))
        visit.check()
    visit.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_beside_the_menu(chromium: Browser, sample_server: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, sample_server.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/", heading={"zh": "工作台", "en": "Home"}[language])
    if width == 390:
        page.get_by_role("button", name={"zh": "打开菜单", "en": "Open the menu"}[language]).click()
    page.get_by_role("navigation", name={"zh": "菜单", "en": "Menu"}[language]).get_by_role(
        "link", name={"zh": "帮助", "en": "Help"}[language]
    ).click()
    page.get_by_role("heading", level=1, name={"zh": "使用指南", "en": "The guide"}[language]).wait_for()
    visit.settle()
    if width == 390:
        page.get_by_text({"zh": "指南目录", "en": "Contents of the guide"}[language]).click()
    contents = page.get_by_role("navigation", name={"zh": "指南目录", "en": "Contents of the guide"}[language])
    assert contents.get_by_role("link").count() == len(PAGES) + 3  # the first page, the API, the metrics
    visit.check()
    contents.get_by_role("link", name={"zh": "指标说明", "en": "Metrics"}[language]).click()
    page.get_by_role("heading", name={"zh": "先说清楚的词", "en": "Metrics in English"}[language]).wait_for()
    visit.check()
    visit.close()


def test_a_link_to_a_heading_shows_it(visit: Visit) -> None:
    page = visit.open("/guide/import#各个平台怎么导出", heading=title("zh", "import"))
    heading = page.get_by_role("heading", name="各个平台怎么导出")
    box = heading.bounding_box()
    assert box is not None
    assert 56 <= box["y"] <= 300  # below the head of the page, not under it
    page.get_by_role("link", name="同一份文件导入两次").click()
    page.wait_for_url("**#*")
    page.get_by_role("article").get_by_role("link", name="微信").click()
    page.get_by_role("heading", level=1, name=title("zh", "import/wechat")).wait_for()
    assert page.url == f"{visit.address}/guide/import/wechat"
    assert page.evaluate("window.scrollY") == 0
    page.go_back()
    page.get_by_role("heading", level=1, name=title("zh", "import")).wait_for()
    assert visit.complaints == []


def test_wide_tables_scroll_by_themselves(chromium: Browser, empty_server: str) -> None:
    visit = Visit(chromium, empty_server, width=390)
    page = visit.open("/guide/install", heading=title("zh", "install"))
    table = page.get_by_role("region", name="设置", exact=True)
    assert table.evaluate("one => one.scrollWidth > one.clientWidth")
    assert visit.overflow() == 0
    visit.close()


def test_code_is_copied(visit: Visit) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open("/guide/sample", heading=title("zh", "sample"))
    page.get_by_role("button", name="复制 载入与移除").click()
    page.get_by_text("已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "hutong sample           # 载入\nhutong sample remove    # 移除"


def test_the_log_in_page_leads_to_it_and_back(visit: Visit) -> None:
    page = visit.open("/login", heading="首次设置")
    page.get_by_role("link", name="帮助").click()
    page.get_by_role("heading", level=1, name="使用指南").wait_for()
    page.get_by_role("link", name="胡同", exact=True).click()
    page.get_by_role("heading", level=1, name="首次设置").wait_for()
    assert visit.complaints == []


def test_an_empty_page_leads_to_its_page_of_the_guide(chromium: Browser, sample_server: Staff) -> None:
    visit = Visit(chromium, sample_server.address).sign_in()
    page = visit.open("/settings/keys", heading="API 密钥")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="查看说明").click()
    opened.value.get_by_role("heading", level=1, name=title("zh", "data-sources")).wait_for()
    visit.close()
