"""Welcomes and alerts in the console: written, seen in every look, switched; what is watched for and who is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.connectors.webhook.peer import start
from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", "zh", 1440), ("dark", "en", 390)]
TRICKY = "<b>老\u202e友\u200b</b>"


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"parts": [{"kind": "text", "text": text}], "delay_seconds": 0, "place": "group", "otherwise": "none", "mentions": True} | more


@pytest.fixture(scope="module")
def shop(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server with an account, groups and two welcomes."""
    with start() as peer, live.serving(tmp_path_factory.mktemp("welcomes") / "data") as address:
        owner = Staff(address).set_up()
        settings = {"url": peer.url, "secret": peer.secret}
        body = {"platform": "webhook", "settings": settings, "private_hosts": ["127.0.0.1"]}
        account = owner.post("/channels/accounts", body | {"name": "小助手"})
        owner.post(f"/channels/accounts/{account['id']}/chats", {"external_id": "team", "name": "运营值班群"})
        community = owner.post("/communities", {"name": "老街咖啡"})["id"]
        groups = [owner.post("/groups", {"community_id": community, "name": name, "channel": "webhook"})["id"] for name in ("一群", "二群", "三群")]
        owner.post(
            "/welcomes",
            {"name": "新人欢迎", "messages": [said("{{name|朋友}}，欢迎"), said("看看公告", delay_seconds=86_400, place="private")], "is_on": True},
        )
        source = {"field": "state", "value": "poster-1"}
        owner.post("/welcomes", {"name": TRICKY, "group_ids": groups, "sources": [source], "messages": [said("从海报来的朋友")]})
        yield owner


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
    page = visit.open("/automation/welcomes", heading="Welcomes" if is_en else "欢迎语")
    expect(page.get_by_role("link", name="新人欢迎")).to_be_visible()
    visit.check()
    first = next(one for one in shop.get("/welcomes")["items"] if one["name"] == "新人欢迎")
    page = visit.open(f"/automation/welcomes/{first['id']}", heading="新人欢迎")
    expect(page.get_by_role("heading", name="Effect" if is_en else "效果")).to_be_visible()
    expect(page.locator(".ht-phone")).to_be_visible()
    visit.check()
    page = visit.open("/communities/alerts", heading="Alerts" if is_en else "提醒")
    expect(page.get_by_text("No alerts now" if is_en else "现在没有提醒")).to_be_visible()
    visit.check()
    page = visit.open("/communities/alerts?tab=rules", heading="Alerts" if is_en else "提醒")
    expect(page.get_by_role("heading", name="老街咖啡")).to_be_visible()
    visit.check()
    page = visit.open("/communities/alerts?tab=told", heading="Alerts" if is_en else "提醒")
    expect(page.get_by_role("heading", name="Myself" if is_en else "我", exact=True)).to_be_visible()
    visit.check()
    visit.close()


def test_a_welcome_is_written_tried_and_switched_off(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/welcomes", heading="欢迎语")
    page.get_by_role("link", name="新建欢迎语").click()
    page.get_by_role("heading", name="新建欢迎语", level=1).wait_for()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("有 1 处需要修改。")).to_be_visible()
    visit.complaints.clear()
    page.get_by_label("名称", exact=True).fill("二群欢迎")
    page.get_by_text("指定的群", exact=True).click()
    page.get_by_role("combobox", name="指定的群").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="二群").click()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="发到哪个会话").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="运营值班群").click()
    page.get_by_role("button", name="试发", exact=True).click()
    expect(page.get_by_text("1 条消息已交给发送队列")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/automation/welcomes")
    made = next(one for one in shop.get("/welcomes")["items"] if one["name"] == "二群欢迎")
    assert ([one["name"] for one in made["groups"]], made["is_on"]) == (["二群"], True)
    assert made["messages"][0]["parts"][0]["text"].startswith("{{name|朋友}}")
    page.get_by_role("switch", name="启用「二群欢迎」").click()
    expect(page.get_by_role("switch", name="启用「二群欢迎」")).not_to_be_checked()
    assert not shop.get(f"/welcomes/{made['id']}")["is_on"]


def test_a_welcome_that_only_does_something(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/welcomes/new", heading="新建欢迎语")
    page.get_by_label("名称", exact=True).fill("三群记下")
    remove = page.get_by_role("button", name="删除第 1 条")
    expect(remove).to_be_disabled()
    besides = page.get_by_role("region", name="还要做什么")
    besides.get_by_role("button", name="添加动作").click()
    page.get_by_role("textbox", name="搜索动作").fill("待办")
    page.keyboard.press("Enter")
    remove.click()
    visit.check()
    page.get_by_role("button", name="保存", exact=True).click()
    title = besides.get_by_role("textbox", name="标题")
    expect(title).to_have_attribute("aria-invalid", "true")
    assert [one for one in visit.complaints if "422" not in one] == []
    visit.complaints.clear()
    title.fill("认识 {{name|朋友}}")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/automation/welcomes")
    made = next(one for one in shop.get("/welcomes")["items"] if one["name"] == "三群记下")
    assert (made["is_on"], made["messages"]) == (True, [])
    assert [one["settings"]["title"] for one in made["following"]["actions"]] == ["认识 {{name|朋友}}"]
    page = visit.open(f"/automation/welcomes/{made['id']}", heading="三群记下")
    expect(title).to_have_value("认识 {{name|朋友}}")
    visit.check()
    # With neither it cannot stay on.
    besides.get_by_role("button", name="删除第 1 个动作，新建待办").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("region", name="说什么").get_by_text("请至少写一条消息或添加一个动作，再启用。")).to_be_visible()
    assert [one for one in visit.complaints if "422" not in one] == []
    visit.complaints.clear()
    page.get_by_role("link", name="规则").click()
    page.get_by_role("dialog").get_by_role("button", name="离开，不保存").click()
    page.get_by_role("heading", name="规则", level=1).wait_for()
    page = visit.open(f"/automation/rules/{made['following']['rule_id']}", heading="三群记下")
    page.get_by_role("link", name="欢迎语「三群记下」").click()
    page.wait_for_url(f"**/automation/welcomes/{made['id']}")


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_two_editors_of_a_welcome_lose_nothing(chromium: Browser, shop: Staff, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    made = shop.post("/welcomes", {"name": f"两人改 {language}", "messages": [said("你好")]})
    path = f"/welcomes/{made['id']}"
    visit = Visit(chromium, shop.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open(f"/automation{path}", heading=made["name"])
    name = page.get_by_label("Name" if is_en else "名称", exact=True)
    name.fill(f"我的名字 {language}")
    page.get_by_role("spinbutton", name="Priority" if is_en else "优先级").fill("7")
    theirs = {"version": made["version"], "name": f"对方的名字 {language}", "messages": [said("对方写的")]}
    shop.http.patch(f"/api/workspaces/{shop.workspace}{path}", json=theirs).raise_for_status()
    save = page.get_by_role("button", name="Save" if is_en else "保存", exact=True)
    save.click()
    told = page.get_by_role("alert").filter(has_text="林小满")
    expect(told).to_contain_text("You both changed: name." if is_en else "两人都改了：名称。")
    expect(name).to_have_value(f"我的名字 {language}")
    expect(page.locator(".ht-message-editor textarea").first).to_have_value("对方写的")
    assert shop.get(path)["name"] == f"对方的名字 {language}"
    assert [one for one in visit.complaints if "409" not in one] == []
    visit.complaints.clear()
    visit.check()
    told.get_by_role("button", name="Take what they saved" if is_en else "改用对方保存的").click()
    expect(name).to_have_value(f"对方的名字 {language}")
    told.get_by_role("button", name="Back to my changes" if is_en else "换回我的修改").click()
    save.click()
    page.wait_for_url("**/automation/welcomes")
    kept = shop.get(path)
    assert (kept["name"], kept["priority"], kept["version"]) == (f"我的名字 {language}", 7, 3)
    assert [part["text"] for one in kept["messages"] for part in one["parts"]] == ["对方写的"]
    assert visit.complaints == []
    visit.close()


def test_what_is_watched_for_and_who_is_told(visit: Visit, shop: Staff) -> None:
    page = visit.open("/communities/alerts?tab=rules", heading="提醒")
    page.get_by_text("高", exact=True).click()
    expect.set_options(timeout=10_000)
    page.get_by_label("提问多少分钟没人答").fill("30")
    page.get_by_label("提问多少分钟没人答").blur()
    expect(page.get_by_label("提问多少分钟没人答")).to_have_value("30")
    page.wait_for_timeout(500)
    (rules,) = shop.get("/alert-rules")["items"]
    assert (rules["sensitivity"], rules["question_minutes"]) == ("high", 30)
    page = visit.open("/communities/alerts?tab=told", heading="提醒")
    page.get_by_role("button", name="添加会话").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="选择会话").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="运营值班群").click()
    dialog.get_by_text("每天汇总一次").click()
    dialog.get_by_role("button", name="保存", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(re.compile("全部种类 · 每天 09:00 汇总"))).to_be_visible()
    (told,) = shop.get("/alert-subscriptions")["items"]
    assert (told["chat_name"], told["digest_at"]) == ("运营值班群", "09:00")
