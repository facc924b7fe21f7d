"""Life cycle and RFM in a browser: every look, figures as the API says, thresholds tried and saved, bands edited."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOOKS = [("light", "zh", 1440), ("dark", "zh", 390), ("dark", "en", 1440), ("light", "en", 390)]


@pytest.fixture(scope="module")
def counted(sample_server: Staff) -> dict[str, Any]:
    """The sample once everybody was counted: the names of the API's questions."""
    community = next(one["id"] for one in sample_server.get("/communities")["items"] if one["is_sample"])
    until = time.monotonic() + 60
    while time.monotonic() < until:
        cycle = sample_server.get("/life-cycle", community_id=community)
        if cycle["state"] == "ready" and cycle["members"] and sample_server.get("/rfm", community_id=community)["is_kept"]:
            return {"community_id": community}
        time.sleep(0.3)
    raise AssertionError("the sample was not counted")


@pytest.fixture
def visit(chromium: Browser, sample_server: Staff, counted: dict[str, Any]) -> Iterator[Visit]:
    found = Visit(chromium, sample_server.address).sign_in()
    yield found
    found.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, sample_server: Staff, counted: dict[str, Any], theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, sample_server.address, theme=theme, language=language, width=width).sign_in()
    visit.open("/members/life-cycle", heading={"zh": "生命周期", "en": "Life cycle"}[language])
    visit.check()
    visit.open("/members/rfm", heading="RFM")
    visit.check()
    visit.close()


def test_figures_are_those_of_the_api(visit: Visit, sample_server: Staff, counted: dict[str, Any], tmp_path: Path) -> None:
    page = visit.open("/members/life-cycle", heading="生命周期")
    cycle = sample_server.get("/life-cycle", **counted)
    for kind, title in (("activity", "活跃阶段"), ("purchase", "购买阶段")):
        cards = page.get_by_role("region", name=title).get_by_role("article")
        shown = [(card.get_by_role("heading").inner_text(), card.locator(".ht-stat-value").inner_text()) for card in cards.all()]
        assert shown == [(stage["zh"], f"{stage['members']:,}") for stage in cycle["kinds"][kind]]
    active = cycle["kinds"]["activity"][2]
    link = page.get_by_role("region", name="活跃阶段").get_by_role("article").nth(2).get_by_role("link")
    assert f"stage%3A{counted['community_id']}%3Aactivity%3A{active['stage']}" in (link.get_attribute("href") or "")

    flow = page.get_by_role("region", name="大家是怎样变化的？")
    flow.locator("[data-drawn=true]").wait_for()
    flow.get_by_title("表").click()
    answer = sample_server.get("/life-cycle/flow", kind="activity", months=6, **counted)
    drawn = [one for one in answer["links"] if one["from"] or one["to"]]
    expect(flow.locator("tbody tr")).to_have_count(len(drawn))
    assert [row.locator("td").last.inner_text() for row in flow.locator("tbody tr").all()] == [f"{one['members']:,}" for one in drawn]
    for name in ("CSV", "PNG"):
        flow.get_by_role("button", name="大家是怎样变化的？").last.click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=name).click()
        download.value.save_as(tmp_path / name)
    assert len(list(csv.reader((tmp_path / "CSV").read_text("utf-8-sig").splitlines()))) == len(drawn) + 1
    assert (tmp_path / "PNG").read_bytes()[1:4] == b"PNG"
    visit.check()


def test_thresholds_are_tried_before_they_are_saved(visit: Visit, sample_server: Staff, counted: dict[str, Any]) -> None:
    page = visit.open("/members/life-cycle", heading="生命周期")
    page.get_by_role("button", name="设置阈值").click()
    drawer = page.get_by_role("dialog", name="阶段的阈值")
    expect(drawer.get_by_text("改动一个数，就能看到会有多少人换阶段。")).to_be_visible()
    drawer.get_by_label("活跃（天）").fill("70")
    expect(drawer.get_by_text("流失天数要大于活跃天数。")).to_be_visible()
    drawer.get_by_label("活跃（天）").fill("30")
    body = counted | {"thresholds": {"active_days": 30}}
    moves = sample_server.post("/life-cycle/preview", body)["moves"]
    expect(drawer.locator("tbody tr")).to_have_count(len(moves))
    assert [row.locator("td").last.inner_text() for row in drawer.locator("tbody tr").all()] == [f"{one['members']:,}" for one in moves]
    assert visit.violations() == []
    drawer.get_by_role("button", name="取消").click()
    assert sample_server.get("/life-cycle", **counted)["thresholds"]["active_days"] == 14


def test_rfm_cells_lead_to_members_and_bands_can_be_edited(visit: Visit, sample_server: Staff, counted: dict[str, Any]) -> None:
    page = visit.open("/members/rfm", heading="RFM")
    answer = sample_server.get("/rfm", **counted)
    grid = page.get_by_role("table", name="R 和 F 的 25 格")
    shown = [int(text.replace(",", "")) for text in grid.locator("td strong").all_inner_texts()]
    by_cell = {(cell["r"], cell["f"]): cell["members"] for cell in answer["cells"]}
    assert shown == [by_cell[r, f] for r in (5, 4, 3, 2, 1) for f in (1, 2, 3, 4, 5)]
    links = grid.get_by_role("link")
    among = sum(count > 0 for count in by_cell.values())
    assert links.count() == among
    assert f"rfm%3A{counted['community_id']}%3A" in (links.first.get_attribute("href") or "")
    page.get_by_text("活跃", exact=True).click()
    expect(page.get_by_text("消息数")).to_be_visible()
    expect(links).to_have_count(0)
    page.get_by_text("订单", exact=True).click()
    expect(links).to_have_count(among)

    page.get_by_role("button", name="编辑分层").click()
    page.get_by_label("“冠军客户”的中文名").fill("铁杆")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("rowheader", name="铁杆").wait_for()
    assert sample_server.get("/rfm/bands", **counted)["bands"][0]["zh"] == "铁杆"
    page.get_by_role("button", name="编辑分层").click()
    page.get_by_role("button", name="用默认值").click()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="编辑分层").wait_for()
    assert sample_server.get("/rfm/bands", **counted)["is_default"]
    visit.check()
