"""The persona of a segment: its page, its picture and its paper, in a real browser on the sample community."""

from __future__ import annotations

import struct
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.console.live import Staff, Visit

pytestmark = pytest.mark.browser

NAME = "话多的 <b>女生</b> \u202e😀"
COUNTED_SECONDS_MAX = 20


@pytest.fixture(scope="module")
def segments(sample_server: Staff) -> Iterator[dict[str, str]]:
    """Live segments of the sample, whose members are counted; they tell nobody, and go afterwards."""
    talkative = {"kind": "event", "event": "message_sent", "op": "at_least", "value": 20, "window": {"kind": "last_days", "days": 60}}
    community = sample_server.get("/communities")["items"][0]["id"]
    conditions = {
        NAME: talkative,
        "北京人": {"kind": "attribute", "key": "city", "op": "is", "value": "北京"},
        "没有人": {"kind": "attribute", "key": "city", "op": "is", "value": "哪里都不是"},
    }
    made = {
        name: sample_server.post("/segments", {"name": name, "condition": asked, "community_id": community})["id"]
        for name, asked in conditions.items()
    }
    until = time.monotonic() + COUNTED_SECONDS_MAX
    while any(sample_server.get(f"/segments/{one}")["state"] != "ready" for one in made.values()):
        assert time.monotonic() < until
        time.sleep(0.2)
    yield made
    for one in made.values():
        sample_server.http.delete(f"/api/workspaces/{sample_server.workspace}/segments/{one}").raise_for_status()


def visit(chromium: Browser, server: Staff, **look: object) -> Visit:
    return Visit(chromium, server.address, **look).sign_in()  # type: ignore[arg-type]


def drawn(page: Page) -> None:
    """Every chart is there."""
    expect(page.locator(".ht-drawing[data-drawn=false]")).to_have_count(0)
    expect(page.locator(".ht-drawing canvas")).not_to_have_count(0)


def test_the_page_says_what_the_api_says(chromium: Browser, sample_server: Staff, segments: dict[str, str], tmp_path: Path) -> None:
    found = sample_server.get(f"/segments/{segments[NAME]}/persona")
    here = visit(chromium, sample_server)
    page = here.open(f"/members/segments/{segments[NAME]}/persona")
    expect(page.get_by_role("heading", level=1)).to_contain_text("话多的 <b>女生</b>")
    said = page.get_by_role("region", name="最突出的几点").get_by_role("listitem")
    expect(said).to_have_text([one["zh"] for one in found["portrait"]["headlines"]])
    assert len(found["portrait"]["headlines"]) > 2
    drawn(page)
    city = page.get_by_role("region", name="他们在哪里？")
    city.get_by_title("表", exact=True).click()
    parts = next(one["parts"] for one in found["portrait"]["demographics"] if one["key"] == "city")
    expect(city.get_by_role("row").nth(1)).to_have_text(
        f"{parts[0]['label']['zh']}{parts[0]['share'] * 100:.1f}%{parts[0]['compared_share'] * 100:.1f}%"
    )
    here.check()

    with page.expect_download() as saved:
        page.get_by_role("button", name="保存图片").click()
    saved.value.save_as(tmp_path / "persona.png")
    picture = (tmp_path / "persona.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (2_400, 3_200)
    assert len(picture) > 200_000
    assert here.outside == []
    here.close()


def test_on_paper_it_is_light_and_as_wide_as_a4(chromium: Browser, sample_server: Staff, segments: dict[str, str], tmp_path: Path) -> None:
    here = visit(chromium, sample_server, theme="dark")
    page = here.open(f"/members/segments/{segments[NAME]}/persona")
    drawn(page)
    wide = page.locator(".ht-persona-page canvas").first.bounding_box()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("html.ht-paper")).to_have_attribute("data-theme", "light")
    narrow = page.locator(".ht-persona-page canvas").first.bounding_box()
    assert wide is not None and narrow is not None
    assert narrow["width"] < 400 < wide["width"]
    assert page.locator(".ht-persona-page").evaluate("one => Math.round(one.getBoundingClientRect().width)") == 703  # 186 mm
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.pdf(path=tmp_path / "persona.pdf", prefer_css_page_size=True)
    paper = (tmp_path / "persona.pdf").read_bytes()
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper  # A4
    assert here.complaints == []
    here.close()


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1440)])
def test_in_english_and_on_a_phone(chromium: Browser, sample_server: Staff, segments: dict[str, str], theme: str, width: int) -> None:
    here = visit(chromium, sample_server, theme=theme, language="en", width=width)
    page = here.open(f"/members/segments/{segments[NAME]}/persona")
    expect(page.get_by_role("heading", name="What stands out")).to_be_visible()
    drawn(page)
    here.check()
    here.close()


def test_too_few_people_and_no_such_segment(chromium: Browser, sample_server: Staff, segments: dict[str, str]) -> None:
    here = visit(chromium, sample_server)
    page = here.open(f"/members/segments/{segments['没有人']}/persona")
    expect(page.get_by_role("status")).to_contain_text("人太少，看不出特征")
    expect(page.get_by_role("button", name="保存图片")).to_have_count(0)
    here.check()
    page.goto(f"{sample_server.address}/members/segments/{uuid.uuid4()}/persona")
    expect(page.get_by_role("alert")).to_contain_text("找不到这个分群")
    here.close()


def test_what_sets_it_apart_and_what_it_shares(chromium: Browser, sample_server: Staff, segments: dict[str, str]) -> None:
    one, other = segments[NAME], segments["北京人"]
    found = sample_server.get(f"/segments/{one}/distinctions")
    here = visit(chromium, sample_server)
    page = here.open(f"/members/segments/{one}?tab=distinctions")
    expect(page.get_by_role("region", name="他们更常有的特征").get_by_role("row")).to_have_count(len(found["more"]) + 1)
    expect(page.get_by_text("条件里的")).not_to_have_count(0)
    here.check()

    page = here.open(f"/members/segments/{one}?tab=growth")
    expect(page.get_by_role("status").filter(has_text="净变化")).to_be_visible()
    here.check()

    page = here.open(f"/members/segments/{one}?tab=overlap")
    page.get_by_role("combobox", name="选一到两个分群来比较").click()
    page.get_by_title("北京人").last.click()
    page.keyboard.press("Escape")
    regions = {tuple(each["ids"]): each["members"] for each in sample_server.get("/segments/overlap", ids=[one, other])["regions"]}
    expect(page.get_by_text("圆和重叠的面积按人数画。")).to_be_visible()
    here.check()
    page.get_by_role("link", name=f"{regions[(other,)]:,} 位成员").click()
    page.wait_for_url("**/members?**")
    asked = sample_server.get("/members", among=[f"segment_not:{one}", f"segment:{other}"], limit=1)
    assert asked["count"] == regions[(other,)]
    assert parse_qs(urlsplit(page.url).query)["among"] == [f"segment_not:{one}", f"segment:{other}"]
    expect(page.get_by_role("row").nth(1)).to_contain_text(asked["items"][0]["name"])
    assert here.complaints == []
    here.close()


def test_what_takes_long_can_be_stopped_and_begun_again(chromium: Browser, sample_server: Staff, segments: dict[str, str]) -> None:
    here = visit(chromium, sample_server)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = here.open("/members")
    page.route("**/api/**/persona", hold)
    page.goto(f"{sample_server.address}/members/segments/{segments[NAME]}/persona", wait_until="commit")
    waiting = page.get_by_role("status").filter(has_text="正在统计")
    expect(waiting).to_be_visible()
    waiting.get_by_role("button", name="取消").click()
    expect(page.get_by_role("status").filter(has_text="已停止统计。")).to_be_visible()
    assert len(held) == 1
    page.unroute("**/api/**/persona")
    here.check()
    page.get_by_role("button", name="重新统计").click()
    expect(page.get_by_role("region", name="最突出的几点")).to_be_visible()
