"""To-dos in the console: every look, from written to finished and open again, a field that is wrong, two people at one to-do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from hutong.foundation import clock
from tests.console import live
from tests.console.live import PASSWORD, Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLLEAGUE = "mei@example.org"
LOOKS = [("light", "zh", 1440), ("dark", "en", 390)]
LONG = "把上周六咖啡品鉴会没有签到的老客人逐个回访一遍，" * 9
TRICKY = "<b>粗</b>"


@pytest.fixture(scope="module")
def shop(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server with an owner, a moderator and four to-dos."""
    with live.serving(tmp_path_factory.mktemp("todos") / "data") as address:
        owner = Staff(address).set_up()
        link = owner.post("/invitations", {"role": "moderator", "email": COLLEAGUE})["link"]
        account = {"name": "韩梅梅", "email": COLLEAGUE, "password": PASSWORD, "language": "zh"}
        Staff(address).http.post(f"/api/invitations/{link.rpartition('/')[2]}", json={"account": account}).raise_for_status()
        staff = {one["name"]: one["id"] for one in owner.get("/todos/staff")["items"]}
        member = owner.post("/members", {"name": "李雪"})["id"]
        now = clock.now()
        write(owner, LONG[:200], note=LONG, due_at=(now + dt.timedelta(days=3)).isoformat(), assignee_id=staff["韩梅梅"])
        write(owner, "给供应商回电话", due_at=(now - dt.timedelta(hours=3)).isoformat(), assignee_id=staff["林小满"])
        write(owner, TRICKY, note="<script>alert(1)</script>")
        write(
            owner,
            "寄出生日礼物",
            member_id=member,
            due_at=(now + dt.timedelta(hours=5)).isoformat(),
            remind_at=(now + dt.timedelta(hours=4)).isoformat(),
        )
        yield owner


def write(shop: Staff, title: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = shop.post("/todos", {"title": title} | more)
    return made


def choose(page: Page, box: str, option: str) -> None:
    page.get_by_role("dialog").get_by_role("combobox", name=box).click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=option).click()


@pytest.fixture
def visit(chromium: Browser, shop: Staff) -> Iterator[Visit]:
    found = Visit(chromium, shop.address).sign_in()
    yield found
    assert found.complaints == []
    found.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, shop: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, shop.address, theme=theme, language=language, width=width).sign_in()
    is_en = language == "en"
    page = visit.open("/communities/todos", heading="To-dos" if is_en else "待办")
    rows = page.get_by_role("list", name="To-dos" if is_en else "待办")
    expect(rows.get_by_role("button", name=LONG[:200])).to_be_visible()
    expect(rows.get_by_role("button", name=TRICKY, exact=True)).to_be_visible()
    expect(rows.get_by_role("link", name="李雪")).to_be_visible()
    expect(rows.get_by_role("listitem").filter(has_text="给供应商回电话").get_by_text("Late" if is_en else "逾期", exact=True)).to_be_visible()
    visit.check()
    rows.get_by_role("button", name="寄出生日礼物").click()
    form = page.get_by_role("dialog", name="Change the to-do" if is_en else "修改待办")
    expect(form.get_by_label("Title" if is_en else "标题", exact=True)).to_have_value("寄出生日礼物")
    expect(form.get_by_text("1 hour before" if is_en else "提前 1 小时").first).to_be_visible()
    visit.check()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    page.get_by_role("button", name="New to-do" if is_en else "新建待办").click()
    expect(page.get_by_role("dialog", name="New to-do" if is_en else "新建待办")).to_be_visible()
    visit.check()
    page = visit.open("/communities/todos?q=nothing-like-this", heading="To-dos" if is_en else "待办")
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    visit.check()
    page = visit.open("/")
    expect(page.get_by_role("link", name="My to-dos: 1, 1 late" if is_en else "我的待办 1 条，1 条逾期")).to_have_attribute(
        "href", "/communities/todos?show=mine"
    )
    visit.check()
    visit.close()


def test_a_to_do_is_written_finished_found_and_opened_again(visit: Visit, shop: Staff) -> None:
    page = visit.open("/communities/todos", heading="待办")
    page.get_by_role("button", name="新建待办").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_text("请填写标题。")).to_be_visible()
    form.get_by_label("标题", exact=True).fill("订周末的豆子")
    form.get_by_label("备注").fill("两袋瑰夏")
    choose(page, "负责人", "林小满（我）")
    day = clock.now().date() + dt.timedelta(days=2)
    form.get_by_label("截止日期").fill(day.isoformat())
    form.get_by_label("截止时间").fill("09:30")
    choose(page, "提醒", "提前 1 天")
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    page.get_by_role("button", name="我的").click()
    page.wait_for_url("**/communities/todos?show=mine")
    expect(page.get_by_role("button", name="订周末的豆子")).to_be_visible()
    made = shop.get("/todos", q="豆子")["items"][0]
    zone = dt.timezone(dt.timedelta(hours=8))
    due = dt.datetime.combine(day, dt.time(9, 30), zone)
    assert (dt.datetime.fromisoformat(made["due_at"]), dt.datetime.fromisoformat(made["remind_at"])) == (due, due - dt.timedelta(days=1))
    assert (made["note"], made["assignee"]["name"]) == ("两袋瑰夏", "林小满")
    page.get_by_role("checkbox", name="完成「订周末的豆子」").click()
    expect(page.get_by_role("button", name="订周末的豆子")).to_be_hidden()
    page.get_by_role("button", name="已完成").click()
    row = page.get_by_role("listitem").filter(has_text="订周末的豆子")
    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(row.get_by_text("完成人 林小满")).to_be_visible()
    visit.check()
    row.get_by_role("button", name="重新打开").click()
    expect(page.get_by_text("还没有完成的待办")).to_be_visible()
    assert shop.get("/todos", q="豆子")["items"][0]["done_at"] is None
    page.get_by_role("button", name="撤销").last.click()
    expect(row.get_by_role("checkbox")).to_be_checked()
    assert shop.get("/todos", q="豆子", show="done")["items"][0]["done_by"] == "林小满"


def test_the_member_it_is_about_is_found_changed_and_left_out(visit: Visit, shop: Staff) -> None:
    long = "喜欢坐在靠窗位置看书的老客人" * 6
    for number in range(25):  # more than a search that is not asked for shows
        shop.post("/members", {"name": f"客人{number}"})
    other = shop.post("/members", {"name": long})["id"]
    page = visit.open("/communities/todos", heading="待办")
    page.get_by_role("button", name="新建待办").click()
    form = page.get_by_role("dialog")
    form.get_by_label("标题", exact=True).fill("回访老客人")
    about = form.get_by_role("combobox", name="关联成员")
    chosen = form.locator(".ant-select", has=page.get_by_role("combobox", name="关联成员"))
    about.fill("李雪")
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="李雪").click()
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    row = page.get_by_role("listitem").filter(has_text="回访老客人")
    member = shop.get("/members", q="李雪")["items"][0]["id"]
    expect(row.get_by_role("link", name="李雪")).to_have_attribute("href", f"/members/{member}")
    (made,) = shop.get("/todos", q="回访老客人")["items"]
    assert made["member"] == {"id": member, "name": "李雪"}
    row.get_by_role("button", name="回访老客人").click()
    expect(chosen).to_contain_text("李雪")
    expect(form.get_by_role("link", name="打开成员页")).to_have_attribute("href", f"/members/{member}")
    about.fill("靠窗")
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=long).click()
    expect(form.get_by_role("link", name="打开成员页")).to_have_attribute("href", f"/members/{other}")
    visit.check()
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    expect(row.get_by_role("link", name=long)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    visit.check()
    assert shop.get(f"/todos/{made['id']}")["member"] == {"id": other, "name": long}
    row.get_by_role("button", name="回访老客人").click()
    chosen.hover()
    chosen.locator(".ant-select-clear").click()
    expect(form.get_by_role("link", name="打开成员页")).to_have_count(0)
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    assert shop.get(f"/todos/{made['id']}")["member"] is None


def test_somebody_else_changes_it_meanwhile_and_nothing_is_lost(visit: Visit, shop: Staff) -> None:
    made = write(shop, "换门口的海报", note="用夏天那张")
    page = visit.open("/communities/todos", heading="待办")
    page.get_by_role("button", name="换门口的海报").click()
    form = page.get_by_role("dialog")
    form.get_by_label("标题", exact=True).fill("换掉门口的两张海报")
    form.get_by_label("备注").fill("周五之前换好")
    other = Staff(shop.address).sign_in(COLLEAGUE)
    me = next(one["id"] for one in shop.get("/todos/staff")["items"] if one["name"] == "韩梅梅")
    theirs = {"version": made["version"], "note": "用秋天那张", "assignee_id": me}
    other.http.patch(f"/api/workspaces/{other.workspace}/todos/{made['id']}", json=theirs).raise_for_status()
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_role("alert").filter(has_text="韩梅梅 刚刚改过这条待办")).to_be_visible()
    assert all("409" in one for one in visit.complaints)
    visit.complaints.clear()
    expect(form.get_by_label("标题", exact=True)).to_have_value("换掉门口的两张海报")
    expect(form.get_by_label("备注")).to_have_value("周五之前换好")
    expect(form.get_by_text("用秋天那张")).to_be_visible()
    visit.check()
    form.get_by_role("button", name="保存").click()
    expect(form).to_be_hidden()
    kept = shop.get(f"/todos/{made['id']}")
    assert (kept["title"], kept["note"], kept["assignee"]["name"]) == ("换掉门口的两张海报", "周五之前换好", "韩梅梅")


def test_the_last_one_is_finished_and_the_server_has_the_last_word(visit: Visit, shop: Staff) -> None:
    for one in shop.get("/todos", limit=100)["items"]:
        shop.http.delete(f"/api/workspaces/{shop.workspace}/todos/{one['id']}").raise_for_status()
    page = visit.open("/communities/todos", heading="待办")
    expect(page.get_by_role("heading", name="没有未完成的待办")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="新建待办").click()
    form = page.get_by_role("dialog")
    form.get_by_label("标题", exact=True).fill("写年终总结")
    form.get_by_label("截止日期").fill("2099-01-01")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_text("请选择 10 年之内的时间。")).to_be_visible()
    assert all("422" in one or "400" in one for one in visit.complaints)
    visit.complaints.clear()
