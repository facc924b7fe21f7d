"""Lists of members and orders in the console: from the drop to the members and back, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import live
from tests.console.live import Staff, Visit
from tests.console.test_imports import LOOKS, WORK_MILLISECONDS_MAX, choose, drop, figures, saved
from tests.imports.tables.conftest import Cells, as_csv, as_xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = {"zh": "导入成员表", "en": "Import a list of members"}
PEOPLE: Cells = [
    ["会员号", "姓名", "手机号", "生日", "积分", "很长的列名，用来看看表格在手机上会不会把页面撑宽"],
    ["u1", "小满 <b>", "+86 138 0013 8000", "1990/5/17", "1,200", "=1+1"],
    ["u2", "阿强 😀", "13900139000", "5月3日", "30", "\u202e从右到左"],
    ["u3", "阿芳", "1.38E+10", "", "", "很长的内容" * 30],
]
ORDERS: Cells = [
    ["订单号", "付款时间", "实付金额", "订单状态", "手机号"],
    ["A1", "2024-05-17 12:00", "￥1,299.50", "交易成功", "13800138000"],
    ["A2", "2024-05-18 12:00", "20", "神秘状态", "13700137000"],
    ["A3", "2024-05-19 12:00", "20", "待付款", "13700137000"],
]


@pytest.fixture(scope="module")
def own(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server of these tests' own."""
    with live.serving(tmp_path_factory.mktemp("lists") / "data") as address:
        yield Staff(address).set_up()


def checked(page: Page, button: str = "检查全部内容") -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("button", name=re.compile("^开始导入")).wait_for(timeout=WORK_MILLISECONDS_MAX)


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, own: Staff, tmp_path: Path, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, own.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/communities/import?kind=members", heading=TITLES[language])
    visit.check()
    file = tmp_path / "会员.xlsx"
    file.write_bytes(as_xlsx(("会员", PEOPLE), ("别的", [["a"], ["b"]])))
    made = drop(page, file)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    visit.check()
    own.http.delete(f"/api/workspaces/{own.workspace}/imports/{made}").raise_for_status()
    visit.close()


def test_members_and_orders_from_the_drop_and_back(chromium: Browser, own: Staff, tmp_path: Path) -> None:
    own.post("/communities", {"name": "青石咖啡", "time_zone": "Asia/Shanghai"})
    visit = Visit(chromium, own.address).sign_in()
    page = visit.open("/members")
    page.get_by_role("link", name="导入").first.click()
    page.get_by_role("heading", level=1, name=TITLES["zh"]).wait_for()
    file = tmp_path / "会员.csv"
    file.write_bytes(as_csv(PEOPLE))
    made = drop(page, file)
    # Guessed, previewed with what each column is, and what cannot be read.
    expect(page.locator(".ht-list-target").nth(2)).to_have_text("手机号")
    expect(page.locator(".ht-list-note")).to_contain_text("号码被表格软件变成了 1.38E+10")
    assert page.locator(".ht-list-preview tbody tr").first.locator("td").nth(1).inner_text() == "小满 <b>"
    choose(page, "积分", "新建属性（数字）")
    saved(page)
    expect(page.locator(".ht-list-target").nth(4)).to_have_text("新建属性（数字）")
    page.get_by_role("radio", name="用表里的内容覆盖").check()
    saved(page)
    page = visit.open(f"/communities/import/{made}")  # leaving and coming back loses nothing
    expect(page.get_by_role("radio", name="用表里的内容覆盖")).to_be_checked()
    checked(page)
    assert figures(page) == {"行数": "3", "新建成员": "2", "更新": "0", "不能导入": "1"}
    start = page.get_by_role("button", name=re.compile("^开始导入"))
    expect(start).to_be_disabled()
    expect(page.get_by_role("region", name="1 处不能导入").get_by_role("table")).to_contain_text("1.38E+10")
    visit.check()
    with page.expect_download() as expected:
        page.get_by_role("link", name="下载全部（CSV）").click()
    expected.value.save_as(tmp_path / "rejects.csv")
    assert "u3 | 阿芳 | 1.38E+10" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    page.get_by_role("checkbox", name="跳过这些行，导入其余部分").check()
    expect(start).to_be_enabled()
    start.click()
    page.get_by_role("button", name="撤销导入").wait_for(timeout=WORK_MILLISECONDS_MAX)
    expect(page.get_by_role("heading", level=2).first).to_have_text("已新建 2 位成员，更新 0 位")
    visit.check()
    assert sorted(one["name"] for one in own.get("/members")["items"]) == ["小满 <b>", "阿强 😀"]
    # Orders of the two, and of somebody new.
    page = visit.open("/communities/import?kind=orders", heading="导入订单表")
    file = tmp_path / "订单.xlsx"
    file.write_bytes(as_xlsx(("订单", ORDERS)))
    drop(page, file)
    expect(page.locator(".ht-list-preview tbody").nth(2)).to_contain_text("按状态不导入")
    choose(page, "神秘状态", "已付款")
    saved(page)
    visit.check()
    checked(page)
    assert figures(page) == {"行数": "3", "付款": "2", "新建成员": "1", "跳过": "1", "不能导入": "0", "CNY 付款": "1,319.50"}
    visit.check()
    page.get_by_role("button", name=re.compile("^开始导入")).click()
    page.get_by_role("button", name="撤销导入").wait_for(timeout=WORK_MILLISECONDS_MAX)
    expect(page.get_by_role("heading", level=2).first).to_have_text("已新增 2 笔订单")
    page.get_by_role("button", name="撤销导入").click()
    page.get_by_role("dialog").get_by_role("button", name="撤销导入").click()
    expect(page.get_by_role("heading", name="这次导入已撤销")).to_be_visible(timeout=WORK_MILLISECONDS_MAX)
    assert figures(page) == {"移除的成员": "1", "移除的订单": "2"}
    visit.check()
    # What somebody has changed since stays, and is listed.
    (man,) = [one for one in own.get("/members")["items"] if one["name"].startswith("小满")]
    own.http.put(f"/api/workspaces/{own.workspace}/members/{man['id']}/attributes/city", json={"value": "北京"}).raise_for_status()
    page = visit.open(f"/communities/import/{made}")
    page.get_by_role("button", name="撤销导入").click()
    page.get_by_role("dialog").get_by_role("button", name="撤销导入").click()
    expect(page.get_by_role("heading", name="这次导入已撤销")).to_be_visible(timeout=WORK_MILLISECONDS_MAX)
    expect(page.get_by_role("region", name="1 处没有撤销").get_by_role("table")).to_contain_text(
        "成员「小满 <b>」在导入之后又有了新的资料、消息或订单，所以留下了。"
    )
    visit.check()
    assert [one["name"] for one in own.get("/members")["items"]] == ["小满 <b>"]
    visit.close()
