"""The home page: its numbers are those of the API, every chart opens, and the sample is marked and goes with one click."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.console.live import ROOT, Staff, Visit, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]
QUESTIONS = ["是在变好吗？", "谁在说话？", "谁留下来了？", "大家什么时候说话？", "来了多少，走了多少？", "聊得热闹吗？"]
CARDS = {"成员数": "members", "新成员": "new", "日均活跃 DAU": "dau", "发言率": "speaker_share", "消息数": "messages", "7 日留存": "retention_d7"}


@pytest.fixture
def visit(chromium: Browser, sample_server: Staff) -> Iterator[Visit]:
    found = Visit(chromium, sample_server.address).sign_in()
    yield found
    found.close()


def last_days(owner: Staff, days: int) -> dict[str, str]:
    """The range of "the last n days" for the sample, which ends yesterday."""
    extent = owner.get("/reports/extent")["extent"]
    to = dt.date.fromisoformat(extent["to"])
    return {"from": str(to - dt.timedelta(days=days - 1)), "to": str(to)}


def shown(key: str, value: float) -> str:
    if key in ("speaker_share", "retention_d7"):
        return f"{value * 100:.1f}%"
    if key == "dau":
        return f"{value:,.1f}"
    if value >= 10_000:
        return f"{round(value / 10_000, 2):g}\u00a0万"
    return f"{round(value):,}"


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, sample_server: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, sample_server.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/", heading={"zh": "工作台", "en": "Home"}[language])
    expect(page.locator("[data-drawn=true]")).to_have_count(5)
    page.wait_for_timeout(300)
    visit.check()
    visit.close()


def test_cards_say_what_the_api_says(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/", heading="工作台")
    answer = sample_server.get("/reports/overview", **last_days(sample_server, 30))
    numbers = {card["key"]: card for card in answer["cards"]}
    cards = page.locator(".ht-stat")
    expect(cards).to_have_count(6)
    for at, (name, key) in enumerate(CARDS.items()):
        card = cards.nth(at)
        expect(card.get_by_role("heading", level=2)).to_have_text(name)
        expect(card.locator(".ht-stat-value")).to_have_text(shown(key, numbers[key]["value"]))
        expect(card.locator(".ht-stat-comparison")).to_contain_text("较前 30 天")
    assert [page.get_by_role("region", name=title).count() for title in QUESTIONS] == [1] * 6
    members = sample_server.get("/reports/definitions")["items"][0]
    cards.first.get_by_role("button", name="指标说明：成员数").click()
    page.get_by_text(members["formula"]["zh"]).wait_for()


def test_filters_are_in_the_address(visit: Visit, sample_server: Staff) -> None:
    groups = sample_server.get("/groups")["items"]
    group = groups[0]
    page = visit.open(f"/?range=7d&compare=none&group={group['id']}", heading="工作台")
    answer = sample_server.get("/reports/overview", group=group["id"], compare="none", **last_days(sample_server, 7))
    numbers = {card["key"]: card["value"] for card in answer["cards"]}
    expect(page.locator(".ht-stat-value").first).to_have_text(shown("members", numbers["members"]))
    expect(page.locator(".ht-stat-comparison")).to_have_count(0)
    assert group["name"] in (page.get_by_role("region", name="是在变好吗？").text_content() or "")
    page.get_by_role("button", name="清除筛选").click()
    expect(page).to_have_url(f"{visit.address}/")
    expect(page.locator(".ht-stat-comparison")).to_have_count(6)
    page.get_by_role("combobox", name="时间").click()
    page.get_by_title("最近 90 天").click()
    expect(page).to_have_url(f"{visit.address}/?range=90d")
    page.get_by_role("combobox", name="对比").click()
    page.get_by_title("去年同期").click()
    expect(page).to_have_url(f"{visit.address}/?range=90d&compare=year")


def test_a_figure_opens_its_members(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/", heading="工作台")
    region = page.get_by_role("region", name="来了多少，走了多少？")
    region.get_by_title("表").click()
    day = last_days(sample_server, 30)["to"]
    behind = sample_server.get("/reports/members", kind="new", **{"from": day, "to": day})
    row = region.get_by_role("row").last
    row.get_by_role("button").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("status").first).to_have_text(f"共 {behind['total']} 项")
    names = [one["member"]["name"] for one in behind["items"]]
    assert [name.strip() for name in drawer.locator("td:first-child a").all_text_contents()] == names
    page.wait_for_timeout(400)
    visit.check()


def test_a_click_in_the_plot_opens_members(visit: Visit) -> None:
    page = visit.open("/", heading="工作台")
    plot = page.get_by_role("region", name="是在变好吗？").locator(".ht-drawing[data-drawn=true]")
    box = plot.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_role("dialog").get_by_text("至少有一次活动的成员").wait_for()


def test_files(visit: Visit, sample_server: Staff, tmp_path: Path) -> None:
    page = visit.open("/", heading="工作台")
    page.get_by_role("button", name="下载: 谁在说话？").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="下载 CSV").click()
    path = tmp_path / "speakers.csv"
    download.value.save_as(path)
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    speakers = sample_server.get("/reports/speakers", limit=10, **last_days(sample_server, 30))["items"]
    assert rows == [["成员", "消息数"], *([one["member"]["name"], str(one["messages"])] for one in speakers)]
    expect(page.get_by_role("menu").filter(has=page.get_by_role("menuitem", name="下载 CSV"))).to_have_count(0)  # the first menu is gone
    page.get_by_role("button", name="下载: 大家什么时候说话？").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="下载图片 PNG").click()
    download.value.save_as(tmp_path / "when.png")
    assert (tmp_path / "when.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_what_to_look_at(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/", heading="工作台")
    days = last_days(sample_server, 30)
    for title, path, asked in (
        ("哪些提问没人回答？", "questions", days),
        ("哪些新成员还没开口？", "newcomers", days),
        ("谁安静下来了？", "silent", {"to": days["to"]}),
    ):
        region = page.get_by_role("region", name=title)
        expect(region.locator("header strong")).to_have_text(f"{sample_server.get(f'/reports/{path}', **asked)['total']:,}")
        expect(region.get_by_role("listitem")).to_have_count(5)
    page.get_by_role("region", name="谁安静下来了？").get_by_role("link", name=re.compile("查看全部")).click()
    expect(page).to_have_url(f"{visit.address}/analytics?view=silent")
    page.get_by_role("heading", level=2, name="谁连续 14 天没有活动？").wait_for()


def test_an_error_half_way_can_be_tried_again(visit: Visit) -> None:
    page = visit.page
    problem = '{"type":"about:blank","title":"统计服务忙","status":500,"detail":"稍后再试","code":"busy","params":{},"errors":[],"request_id":"r-77"}'
    page.route("**/reports/heatmap*", lambda route: route.fulfill(status=500, content_type="application/problem+json", body=problem))
    visit.open("/", heading="工作台")
    region = page.get_by_role("region", name="大家什么时候说话？")
    assert region.get_by_role("textbox", name="请求编号").input_value() == "r-77"
    assert visit.violations() == []
    page.unroute("**/reports/heatmap*")
    region.get_by_role("button", name="重试").click()
    region.locator("[data-drawn=true]").wait_for()


def test_from_nothing_to_the_sample_and_back(chromium: Browser, empty_server: str) -> None:
    owner = Staff(empty_server).set_up()
    visit = Visit(chromium, empty_server).sign_in()
    page = visit.open("/", heading="工作台")
    page.get_by_role("heading", level=2, name="这里会显示社群的近况").wait_for()
    assert page.get_by_role("link", name="导入聊天记录").get_attribute("href") == "/communities/import"
    page.get_by_role("button", name="先看示例社群").click()
    page.get_by_text("正在生成示例社群").wait_for()
    page.locator(".ht-stat-value").first.wait_for(timeout=90_000)
    sample = owner.get("/sample")
    assert page.url == f"{empty_server}/?community={sample['community_id']}"
    notice = page.get_by_role("complementary", name="示例数据")
    expect(notice).to_contain_text(f"「{sample['community_name']}」是虚构的示例社群。")
    page.get_by_role("link", name="分析").click()
    page.get_by_role("heading", level=1, name="分析").wait_for()
    notice.get_by_role("button", name="移除示例").click()
    dialog = page.get_by_role("dialog", name="移除示例社群？")
    expect(dialog).to_contain_text(f"{sample['members']:,} 位成员、{sample['events']:,} 条事件会被删除")
    dialog.get_by_role("button", name="移除示例").click()
    page.get_by_role("heading", level=2, name="这里会显示社群的近况").wait_for(timeout=60_000)
    assert (owner.get("/sample")["is_loaded"], owner.get("/communities")["items"]) == (False, [])
    assert notice.count() == 0
    assert visit.complaints == []
    visit.close()


def test_history_that_ended_long_ago_shows_its_last_days(chromium: Browser, built: None, tmp_path: Path) -> None:
    """The main job: drop an old chat log, read how it was going."""
    logs = []
    for day in range(1, 31):
        path = tmp_path / f"qtox_201611{day:02}.log.txt"
        lines = [
            f"[08:00:00] *** Joins: nick{day} (~nick{day}@host)",
            *(f"[09:{minute:02}:00] <nick{day}> hello {minute}" for minute in range(day)),
        ]
        path.write_text("\n".join(lines) + "\n")
        logs.append(path)
    with serving(tmp_path / "data") as address:
        owner = Staff(address).set_up()
        command = [sys.executable, "-m", "hutong", "import", "--community", "qTox", "--group", "#qtox", "--time-zone", "UTC", *map(str, logs)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUTONG_", "DJANGO_"))}
        subprocess.run(command, cwd=ROOT, env=environment | {"HUTONG_DATA": str(tmp_path / "data")}, check=True, capture_output=True)
        visit = Visit(chromium, address).sign_in()
        page = visit.open("/", heading="工作台")
        expect(page.locator(".ht-page-description")).to_contain_text("数据截至 2016年11月30日 周三")
        numbers = {card["key"]: card["value"] for card in owner.get("/reports/overview", **{"from": "2016-11-01", "to": "2016-11-30"})["cards"]}
        assert (numbers["messages"], numbers["new"]) == (465, 30)
        for at, key in enumerate(CARDS.values()):
            value = numbers[key]
            expect(page.locator(".ht-stat-value").nth(at)).to_have_text("–" if value is None else shown(key, value))
        assert page.get_by_role("complementary", name="示例数据").count() == 0
        visit.check()
        visit.close()
