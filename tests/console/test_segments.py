"""Segments in the console: a condition built by keyboard, counted, saved, refused at its node; what a segment's page shows and does."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", "zh", 1440), ("dark", "en", 1440), ("dark", "zh", 390), ("light", "en", 390)]
TALKERS: dict[str, Any] = {"kind": "event", "event": "message_sent", "op": "at_least", "value": 2}
QUIET: dict[str, Any] = {"kind": "not", "of": TALKERS}
# Every kind of row, in groups in groups.
LONG: dict[str, Any] = {
    "kind": "all",
    "of": [
        {"kind": "event", "event": "message_sent", "where": [{"property": "$text", "type": "text", "op": "contains", "value": "早"}], "window": {"kind": "ever"}},
        {
            "kind": "any",
            "of": [
                {"kind": "attribute", "key": "city", "op": "in", "value": ["北京", "上海"]},
                {"kind": "attribute", "key": "birthday", "op": "between", "value": ["12-20", "01-05"]},
                {"kind": "not", "of": {"kind": "all", "of": [{"kind": "attribute", "key": "$first_seen", "op": "in_last_days", "value": 7}, QUIET["of"]]}},
            ],
        },
        {"kind": "event", "event": "message_sent", "measure": {"of": "average", "property": "$characters"}, "op": "between", "value": [1, 40.5],
         "window": {"kind": "between", "first": "2026-01-01", "last": "2026-12-31"}},
        {"kind": "sequence", "first": {"event": "member_joined"}, "then": {"event": "message_sent"}, "within_minutes": 1440},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def own(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server with four people and what three of them said: 小满 thrice, 阿强 twice, 团子 once; 林一 never spoke."""
    with live.serving(tmp_path_factory.mktemp("segments") / "data") as address:
        owner = Staff(address).set_up()
        said = [("小满", "早上好"), ("阿强", "早"), ("小满", "打卡"), ("团子", "我来了"), ("小满", "打卡第二天"), ("阿强", "晚安")]
        days = [dt.date.today() - dt.timedelta(days=number) for number in range(len(said), 0, -1)]
        told = [{"time": f"{day}T08:00:00+08:00", "sender": sender, "text": text} for day, (sender, text) in zip(days, said, strict=True)]
        lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in told).encode()
        answer = owner.http.post(f"/api/workspaces/{owner.workspace}/imports", files={"files": ("读书会.jsonl", lines)})
        answer.raise_for_status()
        made = answer.json()["id"]
        place = {"community_name": "读书会", "group_name": "一群", "channel": "wechat"}
        owner.http.patch(f"/api/workspaces/{owner.workspace}/imports/{made}", json=place).raise_for_status()
        for step, state in (("check", "checked"), ("run", "done")):
            owner.post(f"/imports/{made}/{step}")
            _until(lambda: owner.get(f"/imports/{made}/progress")["state"], state)
        owner.post("/members", {"name": "林一", "identities": [{"channel": "qq", "external_id": "10001"}], "attributes": {"city": "北京"}})
        yield owner


def _until(asked: Any, wanted: Any) -> None:
    for _ in range(300):
        now = asked()
        if now == wanted:
            return
        time.sleep(0.1)
    raise AssertionError(f"{now} is not {wanted}")


def segment(owner: Staff, name: str, condition: Any = None, **more: Any) -> dict[str, Any]:
    """A segment by that name, counted."""
    found = next((one for one in owner.get("/segments")["items"] if one["name"] == name), None)
    made = found or owner.post("/segments", {"name": name, "condition": condition, **more})
    _until(lambda: owner.get(f"/segments/{made['id']}")["state"], "ready")
    return dict(owner.get(f"/segments/{made['id']}"))


@pytest.fixture
def visit(chromium: Browser, own: Staff) -> Iterator[Visit]:
    found = Visit(chromium, own.address).sign_in()
    yield found
    found.close()


def focused(page: Page) -> str:
    """The name of what has the focus."""
    return str(page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"))


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if name in focused(page):
            return
    raise AssertionError(f"no {name} within 80 stops; at {focused(page)}")


def choose(page: Page, typed: str) -> None:
    """Choose from the list that is open by typing."""
    page.keyboard.type(typed)
    expect(page.locator(".ant-select-item-option-active:visible")).to_have_count(1)
    page.keyboard.press("Enter")


def draft(visit: Visit, owner: Staff, condition: Any, *, name: str = "") -> None:
    """What somebody has typed into a new segment before."""
    kept = {"name": name, "description": "", "community": None, "condition": condition, "at": "2026-03-09T08:00:00Z", "version": 0}
    visit.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"hutong.segment-draft.{owner.workspace}.new", json.dumps(kept)])


def test_a_nested_condition_is_built_counted_and_saved_by_keyboard_alone(visit: Visit, own: Staff) -> None:
    page = visit.open("/members/segments/new", heading="新建分群")
    tab_to(page, "看什么")
    choose(page, "发言")
    expect(page.get_by_role("complementary", name="预览").locator("strong")).to_have_text("3")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")  # 次数
    tab_to(page, "值 (次)")
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    tab_to(page, "什么时候")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")  # 任何时候
    expect(page.locator("[data-part='window/days']")).to_have_count(0)  # the list is closed and the days are gone
    expect(page.locator(":focus")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "第 1 条，发言")
    page.keyboard.press("Enter")
    choose(page, "city")
    tab_to(page, "第 2 条，城市: 值")
    page.keyboard.type("上海")
    page.keyboard.press("Escape")  # the list of real values
    page.keyboard.press("Escape")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "第 2 条，城市")
    page.keyboard.press("g")  # a group of its own, which joins the other way
    expect(page.locator(":focus")).to_have_attribute("aria-label", "第 2.1 条，城市")
    page.keyboard.press("Enter")
    choose(page, "一群")
    expect(page.locator(":focus")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "第 2.2 条，读书会 · 一群")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "第 2.1 条，读书会 · 一群")
    for keys, focused in (
        ("Control+d", "2.2 条，读书会 · 一群"),
        ("Delete", "2.2 条，城市"),
        ("Control+z", "2.2 条，读书会 · 一群"),
        ("Delete", "2.2 条，城市"),
    ):
        page.keyboard.press(keys)
        expect(page.locator(":focus")).to_have_attribute("aria-label", f"第 {focused}")
    page.get_by_label("名称", exact=True).focus()
    page.keyboard.type("键盘写的")
    expect(page.get_by_role("complementary", name="预览").locator("strong")).to_have_text("2")
    tab_to(page, "保存")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/members/segments/[0-9a-f-]{36}$"))
    made = next(one for one in own.get("/segments")["items"] if one["name"] == "键盘写的")
    group = own.get("/groups")["items"][0]["id"]
    assert made["condition"] == {
        "kind": "all",
        "of": [
            {"kind": "event", "event": "message_sent", "op": "at_least", "value": 2, "window": {"kind": "ever"}},
            {"kind": "any", "of": [{"kind": "group", "group": group}, {"kind": "attribute", "key": "city", "op": "is", "value": "上海"}]},
        ],
    }
    expect(page.locator(".ht-segment-size strong")).to_have_text("2")
    expect(page.locator("tr[data-row-key] .ht-member-link")).to_have_text(["阿强", "小满"])
    visit.check()


def test_a_refusal_stands_at_its_node_and_nothing_is_lost(visit: Visit, own: Staff) -> None:
    page = visit.open("/members/segments", heading="分群")
    gone = {"kind": "attribute", "key": "shoe_size", "op": "is", "value": "42"}
    condition = {"kind": "all", "of": [TALKERS, {"kind": "any", "of": [{"kind": "not", "of": gone}, {"kind": "unset"}]}]}
    draft(visit, own, condition)
    page = visit.open("/members/segments/new", heading="新建分群")
    expect(page.get_by_text("没有保存的修改")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("请填写名称")).to_be_visible()
    assert page.evaluate("document.activeElement.placeholder") == "例如：近一个月的活跃成员"
    page.keyboard.type("不对的")
    page.get_by_role("button", name="保存", exact=True).click()
    # What the count was refused for, and what is still missing; the first of both has the focus.
    expect(page.locator("[data-wrong]")).to_have_count(2)
    expect(page.get_by_text("请选择这一条看什么。")).to_be_visible()
    assert focused(page) == "第 2.1 条，shoe_size: 属性"
    page.get_by_role("button", name="第 2.2 条，还没选", exact=True).focus()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("没有“shoe_size”这个属性。")).to_be_visible()
    expect(page.locator("[data-wrong]")).to_have_count(1)
    field = page.get_by_role("combobox", name="第 2.1 条，shoe_size: 属性")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert (
        page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent") == "没有“shoe_size”这个属性。"
    )
    assert visit.violations() == []
    page.reload()
    expect(page.get_by_label("名称", exact=True)).to_have_value("不对的")
    expect(page.locator("[data-handle]")).to_have_count(3)
    assert all(one["name"] != "不对的" for one in own.get("/segments")["items"])
    page.get_by_role("button", name="不要这些修改").click()
    expect(page.locator("[data-handle]")).to_have_count(1)
    page.locator("main").get_by_role("link", name="分群").click()
    page.wait_for_url("**/members/segments")
    assert visit.complaints == ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"] * len(visit.complaints)


def test_leaving_asks_and_the_draft_comes_back(visit: Visit, own: Staff) -> None:
    made = segment(own, "话多的人", TALKERS)
    page = visit.open(f"/members/segments/{made['id']}/edit", heading="编辑分群")
    number = page.get_by_role("spinbutton", name="第 1 条，发言: 值 (次)")
    number.fill("3")
    expect(page.get_by_text("保存后会有 0 人进入，1 人离开。")).to_be_visible()
    page.locator(".ht-side").get_by_role("link", name="成员").click()
    dialog = page.get_by_role("dialog", name="还没有保存")
    dialog.get_by_role("button", name="继续编辑").click()
    expect(number).to_have_value("3")
    visit.settle()
    page.locator(".ht-side").get_by_role("link", name="成员").click()
    dialog.get_by_role("button", name="离开，留作草稿").click()
    page.wait_for_url(re.compile(r"/members(\?|$)"))
    visit.open(f"/members/segments/{made['id']}/edit", heading="编辑分群")
    expect(number).to_have_value("3")
    own.http.patch(f"/api/workspaces/{own.workspace}/segments/{made['id']}", json={"condition": QUIET}).raise_for_status()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已把它改到第 2 版")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(f"**/members/segments/{made['id']}")
    assert own.get(f"/segments/{made['id']}")["condition"] == TALKERS | {"value": 3}
    page.get_by_role("link", name="历史").click()
    expect(page.locator(".ht-versions li")).to_have_count(3)
    expect(page.locator(".ht-versions li").first.locator("ins")).to_have_text(["3"])
    page.get_by_role("button", name="恢复第 1 版").click()
    expect(page.locator(".ht-versions li")).to_have_count(4)
    assert own.get(f"/segments/{made['id']}")["condition"] == TALKERS


def test_a_static_segment_is_filled_by_pasting(visit: Visit, own: Staff) -> None:
    page = visit.open("/members/segments", heading="分群")
    page.get_by_role("button", name="其他新建方式").click()
    page.get_by_role("menuitem", name="新建静态分群").click()
    dialog = page.get_by_role("dialog", name="新建静态分群")
    dialog.get_by_label("名称", exact=True).fill("名单")
    dialog.get_by_role("button", name="创建").click()
    page.wait_for_url(re.compile(r"/members/segments/[0-9a-f-]{36}$"))
    made = next(one for one in own.get("/segments")["items"] if one["name"] == "名单")
    page.get_by_role("button", name="添加成员").click()
    dialog = page.get_by_role("dialog", name="添加成员")
    dialog.get_by_role("textbox").fill("小满，10001\n没有这个人\n小满")
    dialog.get_by_role("button", name="查找").click()
    expect(dialog.get_by_text("会添加 2 位成员，1 行没有找到。")).to_be_visible()
    assert visit.violations() == []
    dialog.get_by_role("button", name="添加 2 人").click()
    expect(page.locator("tr[data-row-key] .ht-member-link")).to_have_count(2)
    assert own.get(f"/segments/{made['id']}")["members_count"] == 2
    visit.settle()
    page.get_by_role("row", name=re.compile("林一")).get_by_role("checkbox").check()
    page.get_by_role("button", name="移出分群").click()
    expect(page.locator("tr[data-row-key] .ht-member-link")).to_have_text(["小满"])
    assert own.get(f"/segments/{made['id']}")["members_count"] == 1


def test_members_are_exported_and_a_segment_in_use_stays(visit: Visit, own: Staff, tmp_path: Path) -> None:
    base = segment(own, "说过两次的", TALKERS)
    other = segment(own, "用到它的", {"kind": "segment", "segment": base["id"]})
    page = visit.open(f"/members/segments/{base['id']}", heading="说过两次的")
    expect(page.get_by_role("complementary", name="分群资料").get_by_role("link", name="用到它的")).to_be_visible()
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="导出成员").click()
    dialog = page.get_by_role("dialog", name="导出成员")
    dialog.get_by_role("radio", name="CSV").check()
    dialog.get_by_role("button", name="开始导出").click()
    with page.expect_download() as waiting:
        dialog.get_by_role("link", name="下载文件").click()
    waiting.value.save_as(tmp_path / "members.csv")
    with (tmp_path / "members.csv").open(encoding="utf-8-sig", newline="") as file:
        names = [name for row in csv.reader(file) for name in ("小满", "阿强", "团子", "林一") if name in row]
    assert sorted(names) == sorted(["小满", "阿强"])
    dialog.get_by_role("button", name="关闭").last.click()
    visit.settle()
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="删除").click()
    dialog = page.get_by_role("dialog", name="现在不能删除")
    expect(dialog.get_by_role("link", name="用到它的")).to_be_visible()
    dialog.get_by_role("button", name="知道了").click()
    page = visit.open(f"/members/segments/{other['id']}", heading="用到它的")
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="删除").click()
    dialog = page.get_by_role("dialog", name="删除分群？")
    dialog.get_by_role("textbox").fill("用到它的")
    dialog.get_by_role("button", name="删除").click()
    page.wait_for_url("**/members/segments")
    assert other["id"] not in [one["id"] for one in own.get("/segments")["items"]]


def test_the_list_of_members_can_be_narrowed_to_segments(visit: Visit, own: Staff) -> None:
    made = segment(own, "说过两次的", TALKERS)
    page = visit.open("/members", heading="成员")
    page.get_by_role("combobox", name="分群").click()
    page.locator(".ant-select-item-option", has_text="说过两次的").click()
    page.wait_for_url(f"**among=segment%3A{made['id']}*")
    expect(page.get_by_text("共 2 位成员")).to_be_visible()
    names = page.locator("tr[data-row-key] .ht-member-link")
    expect(names).to_have_text(["阿强", "小满"])
    page.keyboard.press("Escape")
    page.get_by_role("button", name="清除筛选").click()
    expect(names).to_have_count(4)


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, own: Staff, theme: str, language: str, width: int) -> None:
    made = segment(own, "很长的条件", LONG)
    visit = Visit(chromium, own.address, theme=theme, language=language, width=width).sign_in()
    for path in (
        "/members/segments",
        f"/members/segments/{made['id']}/edit",
        f"/members/segments/{made['id']}",
        f"/members/segments/{made['id']}?tab=versions",
    ):
        visit.open(path)
        visit.check()
    visit.close()
