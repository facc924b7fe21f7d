"""Keyword replies in the console: a rule from its making to its end, what else it does, the test box, conflicts, synonyms, files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", "zh", 1440), ("dark", "en", 390)]
# A name with markup, a right-to-left mark and a zero-width space: always shown as text.
TRICKY = "<b>价\u202e格\u200b</b>"
SHOWN = "<b>价"  # its visible beginning


def rule(name: str, *keywords: str, answer: str = "看公告", **more: Any) -> dict[str, Any]:
    words = [{"text": one, "way": "contains"} for one in keywords]
    return {"name": name, "keywords": words, "answers": [{"parts": [{"kind": "text", "text": answer}]}], **more}


@pytest.fixture(scope="module")
def shop(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server with some rules, two of them in each other's way."""
    with live.serving(tmp_path_factory.mktemp("replies") / "data") as address:
        owner = Staff(address).set_up()
        owner.post("/keyword-replies", rule(TRICKY, "价格", "多少钱", "怎么卖", "价钱", "收费标准", priority=200, answer="{{name|朋友}}，价格看公告"))
        owner.post("/keyword-replies", rule("团购", "团购价格"))
        owner.post("/keyword-replies", rule("营业时间", "几点开门", "营业时间", is_enabled=False))
        yield owner


@pytest.fixture
def visit(chromium: Browser, shop: Staff) -> Iterator[Visit]:
    found = Visit(chromium, shop.address).sign_in()
    yield found
    assert found.complaints == []
    found.close()


def names(shop: Staff) -> list[str]:
    return [one["name"] for one in shop.get("/keyword-replies")["items"]]


def choose(page: Page, view: str) -> None:
    page.locator(".ant-segmented-item", has_text=view).click()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, shop: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, shop.address, theme=theme, language=language, width=width).sign_in()
    is_en = language == "en"
    page = visit.open("/automation/replies", heading="Keyword replies" if is_en else "关键词回复")
    expect(page.get_by_text(SHOWN).first).to_be_visible()
    visit.check()
    for view, said in (("Unanswered questions", "No question was left"), ("Conflicts", "priority 200"), ("Synonyms", "One group a line")):
        zh = {"Unanswered questions": "没人回答的提问", "Conflicts": "冲突", "Synonyms": "同义词"}[view]
        choose(page, view if is_en else zh)
        if is_en:
            expect(page.get_by_text(said).first).to_be_visible()
        visit.check()
    page = visit.open("/automation/replies/new", heading="New keyword reply" if is_en else "新建关键词回复")
    page.get_by_label("Keyword 1" if is_en else "第 1 个关键词", exact=True).fill("价格")
    page.get_by_label("Somebody says" if is_en else "有人说").fill("價格是多少？")
    expect(
        page.get_by_text("being edited" if is_en else "正在编辑").or_(page.get_by_text("Write something" if is_en else "请填写")).first
    ).to_be_visible()
    visit.check()
    visit.close()


def test_a_rule_from_its_making_to_its_end(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/replies", heading="关键词回复")
    page.get_by_role("link", name="新建规则").click()
    page.get_by_label("第 1 个关键词", exact=True).fill("(")
    page.get_by_role("combobox", name="第 1 个关键词的匹配方式").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="正则").click()
    page.locator(".ht-message-editor textarea").first.fill("停车在楼下")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("正则无法使用")).to_be_visible()
    assert [one for one in visit.complaints if "422" not in one] == []
    visit.complaints.clear()
    page.get_by_label("第 1 个关键词", exact=True).fill("停车|车位")
    page.get_by_role("textbox", name="名称").fill("停车")
    page.get_by_role("button", name="添加关键词").click()
    page.get_by_label("第 2 个关键词", exact=True).fill("泊车")
    page.get_by_label("有人说").fill("哪裡可以停 车")
    expect(page.get_by_text("没有规则的关键词在这句话里。")).to_be_visible()
    page.get_by_label("有人说").fill("有车位吗")
    own = page.locator(".ht-tested[data-answers=true]")
    expect(own).to_contain_text("正在编辑")
    expect(own).to_contain_text("车位")
    page.get_by_role("button", name="保存", exact=True).click()
    row = page.get_by_role("row").filter(has_text="泊车")
    expect(row).to_be_visible()
    assert "停车" in names(shop)
    row.get_by_role("switch").click()
    expect(row.get_by_role("switch")).not_to_be_checked()
    row.get_by_role("link", name="停车").click()
    expect(page.get_by_label("第 2 个关键词", exact=True)).to_have_value("泊车")
    page.get_by_role("textbox", name="名称").fill("泊车")
    page.get_by_role("link", name="关键词回复").first.click()
    expect(page.get_by_text("改动还没有保存")).to_be_visible()
    page.get_by_role("button", name="离开，不保存").click()
    page.get_by_role("button", name="删除「停车」").click()
    page.get_by_role("dialog").get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="泊车")).to_have_count(0)
    assert "停车" not in names(shop)


def test_what_else_is_done(visit: Visit, shop: Staff) -> None:
    tag = shop.post("/tags", {"name": "投诉过"})["id"]
    page = visit.open("/automation/replies/new", heading="新建关键词回复")
    page.get_by_label("第 1 个关键词", exact=True).fill("投诉")
    besides = page.get_by_role("region", name="还要做什么")
    expect(besides).to_contain_text("还没有动作。")
    for typed in ("打标签", "待办"):
        besides.get_by_role("button", name="添加动作").click()
        page.get_by_role("textbox", name="搜索动作").fill(typed)
        page.keyboard.press("Enter")
    besides.get_by_role("textbox", name="标题").fill("联系 {{name|朋友}}")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("有 1 处需要修改")).to_be_visible()
    chosen = besides.get_by_role("combobox", name="标签", exact=True)
    expect(chosen).to_have_attribute("aria-invalid", "true")
    assert [one for one in visit.complaints if "422" not in one] == []
    visit.complaints.clear()
    # What was said of it follows the action that moves, and goes once it is mended.
    besides.get_by_role("button", name="下移第 1 个动作，打标签").click()
    expect(chosen).to_have_attribute("aria-invalid", "true")
    chosen.click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="投诉过").click()
    expect(page.get_by_text("有 1 处需要修改")).to_have_count(0)
    visit.check()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/automation/replies")
    (made,) = [one for one in shop.get("/keyword-replies")["items"] if one["name"] == "投诉"]
    does = [(one["action"], one["settings"]) for one in made["following"]["actions"]]
    assert [action for action, _ in does] == ["todo.create", "tag.add"]
    assert (made["answers"], does[0][1]["title"], does[1][1]) == ([], "联系 {{name|朋友}}", {"tag_id": tag})
    page = visit.open(f"/automation/replies/{made['id']}", heading="投诉")
    expect(besides.get_by_role("textbox", name="标题")).to_have_value("联系 {{name|朋友}}")
    expect(besides.get_by_role("listitem", name="第 2 个动作，打标签")).to_contain_text("投诉过")
    expect(besides).to_contain_text("近 7 天：执行 0 · 跳过 0 · 失败 0")
    page.get_by_role("textbox", name="名称").fill("有人投诉")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/automation/replies")
    kept = shop.get(f"/keyword-replies/{made['id']}")
    assert (kept["name"], kept["following"]) == ("有人投诉", made["following"])


def test_two_editors_of_a_reply_lose_nothing(visit: Visit, shop: Staff) -> None:
    made = shop.post("/keyword-replies", rule("两人改", "两人改"))
    page = visit.open(f"/automation/replies/{made['id']}", heading="两人改")
    page.get_by_label("第 1 个关键词", exact=True).fill("我的词")
    theirs = rule("对方的名字", "对方的词", version=made["version"])
    shop.http.put(f"/api/workspaces/{shop.workspace}/keyword-replies/{made['id']}", json=theirs).raise_for_status()
    page.get_by_role("button", name="保存", exact=True).click()
    told = page.get_by_role("alert").filter(has_text="林小满")
    expect(told).to_contain_text("两人都改了：关键词。")
    expect(page.get_by_role("textbox", name="名称")).to_have_value("对方的名字")
    expect(page.get_by_label("第 1 个关键词", exact=True)).to_have_value("我的词")
    assert [one for one in visit.complaints if "409" not in one] == []
    visit.complaints.clear()
    visit.check()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/automation/replies")
    kept = shop.get(f"/keyword-replies/{made['id']}")
    assert (kept["name"], [one["text"] for one in kept["keywords"]]) == ("对方的名字", ["我的词"])


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_what_else_is_done_has_a_log_and_an_owner(chromium: Browser, shop: Staff, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    does = [{"id": "a1", "action": "todo.create", "settings": {"title": "回访"}}]
    name = f"{TRICKY} {language}"
    made = shop.post("/keyword-replies", rule(name, f"回访{language}", actions=does))
    visit = Visit(chromium, shop.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open(f"/automation/replies/{made['id']}")
    besides = page.get_by_role("region", name="What else to do" if is_en else "还要做什么")
    expect(besides.get_by_role("textbox", name="Title" if is_en else "标题")).to_have_value("回访")
    visit.check()
    besides.get_by_role("link", name="See the log" if is_en else "查看记录").click()
    said = page.get_by_role("region", name="In words" if is_en else "这条规则的意思")
    expect(said).to_contain_text("Write down the to-do “回访”" if is_en else "新建待办「回访」")
    expect(page.get_by_text("Nobody has met this rule yet" if is_en else "还没有人触发这条规则")).to_be_visible()
    expect(page.get_by_role("button", name="Save" if is_en else "保存", exact=True)).to_have_count(0)
    visit.check()
    page.get_by_role("note").get_by_role("link", name="the keyword reply" if is_en else "关键词回复").click()
    page.wait_for_url(f"**/automation/replies/{made['id']}")
    expect(besides).to_be_visible()
    visit.close()


def test_conflicts_and_synonyms(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/replies?view=conflicts", heading="关键词回复")
    row = page.get_by_role("row").filter(has_text="团购价格")
    expect(row).to_contain_text(SHOWN)
    choose(page, "同义词")
    field = page.get_by_label("一行一组，词之间用顿号或逗号隔开")
    field.fill("价格、贵不贵\n地址")
    expect(page.get_by_text("第 2 行只有一个词。")).to_be_visible()
    field.fill("价格、贵不贵\n\n地址，在哪")
    page.get_by_role("button", name="保存同义词").click()
    expect(field).to_have_value("价格、贵不贵\n地址、在哪")
    assert shop.get("/keyword-replies/synonyms") == {"groups": [["价格", "贵不贵"], ["地址", "在哪"]]}
    visit.check()


def test_files(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/replies", heading="关键词回复")
    page.get_by_role("button", name="导入和导出").click()
    page.get_by_role("menuitem", name="导入规则").click()
    dialog = page.get_by_role("dialog")
    upload = dialog.get_by_label("规则文件")
    upload.set_input_files({"name": "坏.csv", "mimeType": "text/csv", "buffer": "名称,包含,回复\n甲,甲,\n".encode()})
    expect(dialog.get_by_text("有 1 处错误，什么也没有导入。")).to_be_visible()
    expect(dialog.get_by_text("第 2 行 · 回复")).to_be_visible()
    visit.settle()
    assert visit.violations() == []
    dialog.get_by_role("button", name="换一个文件").click()
    upload.set_input_files({"name": "好.csv", "mimeType": "text/csv", "buffer": "名称,包含,回复\n退款,退款,七天内\n团购,团购价格,看公告\n".encode()})
    expect(dialog.get_by_text("将新增 1 条、替换 1 条规则。")).to_be_visible()
    dialog.get_by_role("button", name="导入", exact=True).click()
    expect(dialog.get_by_text("新增了 1 条、替换了 1 条规则")).to_be_visible()
    dialog.get_by_role("button", name="完成").click()
    expect(page.get_by_role("row").filter(has_text="退款")).to_be_visible()
    page.get_by_role("button", name="导入和导出").click()
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name="导出为 CSV").click()
    assert "退款" in taken.value.path().read_text(encoding="utf-8-sig")
