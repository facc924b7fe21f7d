"""Tags and bulk edits in the console: their pages, tags on a member and in the list, changing many at once and taking it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", "zh", 1440), ("dark", "en", 390)]
MEMBERS = 54  # more than a page of the list
# A name with markup, a right-to-left mark and a zero-width space: always shown as text.
TRICKY = "<b>爱\u202e喝\u200b</b>"
SHOWN = "<b>爱"  # its visible beginning


@pytest.fixture(scope="module")
def shop(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server with members, a live segment, and tags in two groups."""
    with live.serving(tmp_path_factory.mktemp("tags") / "data") as address:
        owner = Staff(address).set_up()
        for number in range(MEMBERS):
            given = {"name": f"客人{number:02d}", "attributes": {"city": "北京" if number % 2 else "上海"}}
            owner.post("/members", given)
        taste = owner.post("/tag-groups", {"name": "口味"})["id"]
        owner.post("/tag-groups", {"name": "关系"})
        owner.post("/tags", {"name": "爱喝拿铁", "color": "gold", "group_id": taste, "description": "问卷里选了拿铁"})
        owner.post("/tags", {"name": TRICKY, "color": "red"})
        condition = {"kind": "attribute", "key": "city", "op": "is", "value": "北京"}
        owner.post("/segments", {"name": "北京的人", "condition": condition})
        yield owner


@pytest.fixture
def visit(chromium: Browser, shop: Staff) -> Iterator[Visit]:
    found = Visit(chromium, shop.address).sign_in()
    yield found
    assert found.complaints == []
    found.close()


def tags(shop: Staff) -> dict[str, Any]:
    return {one["name"]: one for one in shop.get("/tags")["items"]}


def option(page: Page, text: str) -> None:
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=text).click()


def menu(page: Page, button: str, item: str) -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, shop: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, shop.address, theme=theme, language=language, width=width).sign_in()
    is_en = language == "en"
    page = visit.open("/members/tags", heading="Tags" if is_en else "标签")
    expect(page.get_by_text(SHOWN)).to_be_visible()
    visit.check()
    page.get_by_role("button", name="New tag" if is_en else "新建标签", exact=True).click()
    page.get_by_role("dialog").wait_for()
    visit.check()
    visit.open("/members/edits", heading="Bulk edits" if is_en else "批量修改")
    visit.check()
    visit.close()


def test_a_tag_from_its_making_to_its_end(visit: Visit, shop: Staff) -> None:
    page = visit.open("/members/tags", heading="标签")
    page.get_by_role("button", name="新建标签", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称").fill("爱喝拿铁")
    dialog.get_by_role("button", name="新建", exact=True).click()
    expect(dialog.get_by_text("已有名为「爱喝拿铁」的标签")).to_be_visible()
    assert [one for one in visit.complaints if "409" not in one] == []
    visit.complaints.clear()
    dialog.get_by_label("名称").fill("北京")
    dialog.get_by_text("天", exact=True).click()
    dialog.get_by_role("combobox", name="跟随分群").click()
    option(page, "北京的人")
    dialog.get_by_role("button", name="新建", exact=True).click()
    expect(dialog).to_have_count(0)
    row = page.get_by_role("listitem").filter(has_text="跟随分群「北京的人」")
    expect(row).to_be_visible()
    for _ in range(60):
        if tags(shop)["北京"]["members_count"] == MEMBERS // 2:
            break
        page.wait_for_timeout(250)
    page.reload()
    page.get_by_role("link", name=f"有「北京」的 {MEMBERS // 2} 位成员").click()
    page.wait_for_url("**/members?among=tag*")
    expect(page.get_by_text(f"共 {MEMBERS // 2} 位成员")).to_be_visible()
    expect(page.locator("tr[data-row-key] .ht-tag").first).to_have_text("北京")
    page.go_back()
    menu(page, "「北京」的操作", "合并到另一个标签")
    page.get_by_role("combobox", name="合并到").click()
    option(page, SHOWN)
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.get_by_role("link", name="有「北京」的")).to_have_count(0)
    expect(page.get_by_role("link", name=f"{MEMBERS // 2} 位成员")).to_be_visible()
    assert sorted(tags(shop)) == sorted(["爱喝拿铁", TRICKY])
    assert tags(shop)[TRICKY]["members_count"] == MEMBERS // 2
    menu(page, "标签组「关系」的操作", "上移")
    expect(page.locator(".ht-tag-group h2").first).to_have_text("关系")
    assert [one["name"] for one in shop.get("/tags")["groups"]] == ["关系", "口味"]
    page.get_by_role("textbox", name="搜索标签").fill("拿铁")
    expect(page.locator(".ht-tag-row")).to_have_count(1)
    expect(page).to_have_url(re.compile("q="))


def test_tags_of_one_member(visit: Visit, shop: Staff) -> None:
    member = shop.get("/members", q="客人00")["items"][0]
    page = visit.open(f"/members/{member['id']}", heading="客人00")
    block = page.get_by_role("region", name="标签", exact=True)
    block.get_by_role("button", name="打标签").click()
    block.get_by_role("combobox").click()
    option(page, "爱喝拿铁")
    expect(block.get_by_role("link", name="爱喝拿铁")).to_be_visible()
    assert [one["name"] for one in shop.get(f"/members/{member['id']}/belonging")["tags"]] == ["爱喝拿铁"]
    visit.check()
    block.get_by_role("button", name="去掉「爱喝拿铁」").click()
    expect(block.get_by_text("还没有标签。")).to_be_visible()
    assert shop.get(f"/members/{member['id']}/belonging")["tags"] == []


def test_many_at_once_and_back(visit: Visit, shop: Staff) -> None:
    """All the filter finds, beyond the page; then undone from the history."""
    page = visit.open("/members?sort=name", heading="成员")
    page.locator("tr[data-row-key]").first.get_by_role("checkbox").check()
    page.get_by_role("button", name=f"选择全部 {MEMBERS} 位").click()
    expect(page.get_by_text(f"已选全部：共 {MEMBERS} 位成员")).to_be_visible()
    page.get_by_role("button", name="打标签", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"将修改 {MEMBERS} 位成员。")).to_be_visible()
    dialog.get_by_role("combobox", name="标签").click()
    option(page, "爱喝拿铁")
    dialog.get_by_role("heading").or_(dialog.locator(".ant-modal-title")).first.click()
    visit.settle()
    assert visit.violations() == []
    dialog.get_by_role("button", name="打标签", exact=True).click()
    expect(dialog.get_by_text(f"改变了 {MEMBERS} 位成员")).to_be_visible()
    assert tags(shop)["爱喝拿铁"]["members_count"] == MEMBERS
    dialog.get_by_role("link", name="批量修改记录").click()
    page.wait_for_url("**/members/edits")
    row = page.locator("tr[data-row-key]").first
    expect(row).to_contain_text("打标签：爱喝拿铁")
    expect(row).to_contain_text("筛选出的成员")
    row.get_by_role("button", name="撤销").click()
    page.locator(".ant-popconfirm:visible, .ant-popover:visible").get_by_role("button", name="撤销").click()
    expect(row).to_contain_text(f"恢复了 {MEMBERS} 位成员")
    assert tags(shop)["爱喝拿铁"]["members_count"] == 0
    visit.check()


def test_a_choice_outside_the_options_cannot_be_made(visit: Visit, shop: Staff) -> None:
    page = visit.open("/settings/attributes", heading="成员属性")
    page.get_by_role("button", name="添加属性").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("中文名称").fill("肤质")
    dialog.get_by_label("英文名称").fill("Skin")
    dialog.get_by_label("键", exact=True).fill("skin")
    dialog.get_by_role("combobox", name="选项").fill("油皮，干皮，")
    dialog.get_by_role("button", name="添加属性").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("tr", has_text="skin")).to_contain_text("油皮、干皮")
    page = visit.open("/members?sort=name", heading="成员")
    page.locator("tr[data-row-key]").first.get_by_role("checkbox").check()
    page.get_by_role("button", name="设属性").click()
    page.get_by_role("combobox", name="属性").fill("肤质")
    option(page, "肤质")
    page.get_by_role("combobox", name="值").click()
    expect(page.locator(".ant-select-dropdown:visible .ant-select-item-option")).to_have_text(["油皮", "干皮"])
    option(page, "干皮")
    page.get_by_role("dialog").get_by_role("button", name="设属性").click()
    expect(page.get_by_text("改变了 1 位成员")).to_be_visible()
    used = {one["key"]: one["members"] for one in shop.get("/attribute-usage")["items"]}
    assert used == {"city": MEMBERS, "skin": 1}
