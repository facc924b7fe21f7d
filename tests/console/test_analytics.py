"""The explorer: every view in every look, and its figures those of the API."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VIEWS = ["trend", "retention", "hours", "days", "numbers", "speakers", "silent", "newcomers", "questions"]
# Nine views each: every pair of theme, language and width is seen; the home page is seen in all eight looks.
LOOKS = [("light", "zh", 1440), ("dark", "zh", 390), ("dark", "en", 1440), ("light", "en", 390)]


@pytest.fixture
def visit(chromium: Browser, sample_server: Staff) -> Iterator[Visit]:
    found = Visit(chromium, sample_server.address).sign_in()
    yield found
    found.close()


def last_days(owner: Staff, days: int) -> dict[str, str]:
    to = dt.date.fromisoformat(owner.get("/reports/extent")["extent"]["to"])
    return {"from": str(to - dt.timedelta(days=days - 1)), "to": str(to)}


def figures(page: Page, title: str) -> list[list[str]]:
    """The rows of a chart's table."""
    region = page.get_by_role("region", name=title)
    region.get_by_title("表").click()
    return [row.locator("td").all_text_contents() for row in region.locator("tbody tr").all()]


def first_column(table: Locator) -> list[str]:
    return [text.strip() for text in table.locator("tbody tr[data-row-key] td:first-child").all_text_contents()]


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_view_in_every_look(chromium: Browser, sample_server: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, sample_server.address, theme=theme, language=language, width=width).sign_in()
    for view in VIEWS:
        visit.open(f"/analytics?view={view}&range=180d", heading={"zh": "分析", "en": "Analytics"}[language])
        visit.check()
    visit.close()


def test_a_trend_with_its_comparison(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/analytics?metric=messages&range=84d&unit=week", heading="分析")
    answer = sample_server.get("/reports/series", metric="messages", unit="week", compare="previous", **last_days(sample_server, 84))
    now, before = answer["series"]["values"]["messages"], answer["previous_series"]["values"]["messages"]
    expected = [[f"{value:,}", f"{before[at]:,}" if at < len(before) else "–"] for at, value in enumerate(now)]
    assert figures(page, "「消息数」是怎么变化的？") == expected


def test_metrics_of_one_unit_share_a_chart(visit: Visit) -> None:
    page = visit.open("/analytics?metric=messages&metric=speakers&metric=speaker_share", heading="分析")
    page.get_by_role("heading", level=2, name="「消息数、发言人数」是怎么变化的？").wait_for()


def test_exact_active_days_over_half_a_year(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/analytics?view=days&range=180d", heading="分析")
    items = sample_server.get("/reports/active-days", **last_days(sample_server, 180))["items"]
    assert len(items) == 180
    assert figures(page, "每天有多少人活跃？") == [[f"{one['active']:,}"] for one in items]


def test_the_triangle_and_the_members_behind_a_cell(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/analytics?view=retention&range=56d&unit=week&cohort=joined", heading="分析")
    asked: dict[str, Any] = {"unit": "week", "cohort": "joined", **last_days(sample_server, 56)}
    answer = sample_server.get("/reports/retention", **asked)
    cohort = next(one for one in answer["cohorts"] if one["size"] > 0)
    row = page.get_by_role("region", name="谁留下来了？").locator("tbody tr").nth(1)
    reached = [share for share in cohort["shares"] if share is not None]
    assert row.locator("td").all_text_contents()[: 1 + len(reached)] == [f"{cohort['size']:,}", *(f"{share * 100:.1f}%" for share in reached)]
    row.get_by_role("button").nth(1).click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("status").first).to_have_text(f"共 {cohort['retained'][1]:,} 项")
    behind = sample_server.get("/reports/members", kind="retained", start=cohort["start"], n=1, **asked)
    assert (behind["total"], first_column(drawer)) == (cohort["retained"][1], [one["member"]["name"] for one in behind["items"]])


def test_the_hours(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/analytics?view=hours", heading="分析")
    cells = sample_server.get("/reports/heatmap", **last_days(sample_server, 30))["cells"]
    rows = figures(page, "大家什么时候说话？")
    assert [text for row in rows for text in row] == [f"{one['messages']:,}" for one in cells]


def test_all_metrics_on_one_sheet(visit: Visit, sample_server: Staff, tmp_path: Path) -> None:
    page = visit.open("/analytics?view=numbers", heading="分析")
    answer = sample_server.get("/reports/metrics", compare="previous", **last_days(sample_server, 30))
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 CSV").click()
    download.value.save_as(tmp_path / "numbers.csv")
    rows = list(csv.reader((tmp_path / "numbers.csv").read_text(encoding="utf-8-sig").splitlines()))
    names = {one["key"]: one["name"]["zh"] for one in sample_server.get("/reports/definitions")["items"]}
    assert [row[0] for row in rows[1:]] == [names[key] for key in answer["values"]]
    assert [float(row[1]) for row in rows[1:]] == list(answer["values"].values())
    assert [float(row[2]) for row in rows[1:]] == list(answer["previous_values"].values())


@pytest.mark.parametrize("view", ["speakers", "silent", "newcomers"])
def test_lists_of_members_grow_and_can_be_taken_away(visit: Visit, sample_server: Staff, tmp_path: Path, view: str) -> None:
    page = visit.open(f"/analytics?view={view}", heading="分析")
    days = last_days(sample_server, 30)
    asked = {"to": days["to"]} if view == "silent" else days
    answer = sample_server.get(f"/reports/{view}", limit=100, **asked)
    table = page.locator(".ht-report-table")
    names = [one["member"]["name"].strip() for one in answer["items"]]
    assert first_column(table) == names[:50]
    table.get_by_role("button", name="加载更多").click()
    expect(table.locator("tbody tr[data-row-key]")).to_have_count(min(100, answer["total"]))
    assert first_column(table) == names
    with page.expect_download() as download:
        table.get_by_role("button", name="下载 CSV").click()
    download.value.save_as(tmp_path / "list.csv")
    assert len((tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()) == answer["total"] + 1


def test_silence_can_be_longer(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/analytics?view=silent", heading="分析")
    page.get_by_text("60 天", exact=True).click()
    expect(page).to_have_url(f"{visit.address}/analytics?view=silent&silence=60d")
    total = sample_server.get("/reports/silent", days=60, to=last_days(sample_server, 1)["to"])["total"]
    expect(page.locator(".ht-report-table").get_by_role("status").first).to_have_text(f"共 {total:,} 项")


def test_open_questions(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/analytics?view=questions&range=7d", heading="分析")
    answer = sample_server.get("/reports/questions", limit=50, **last_days(sample_server, 7))
    assert first_column(page.locator(".ht-report-table")) == [one["text"] for one in answer["items"]]


def test_keys_alone_reach_a_view(visit: Visit) -> None:
    page = visit.open("/analytics", heading="分析")
    page.get_by_role("navigation", name="分析的内容").get_by_role("link", name="留存").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{visit.address}/analytics?view=retention")
    assert page.get_by_role("navigation", name="分析的内容").locator("[aria-current=page]").all_text_contents() == ["留存"]


def test_words_that_mean_nothing_are_left_out(visit: Visit) -> None:
    page = visit.open("/analytics?view=nonsense&metric=nothing&range=9999999d&compare=x&unit=year", heading="分析")
    page.get_by_role("heading", level=2, name="「日均活跃 DAU」是怎么变化的？").wait_for()
    visit.check()
