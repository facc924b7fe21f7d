"""Rules in the console: every look, from a preset to the log, fields that are wrong, two editors, a draft, keys, trying."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", "zh", 1440), ("dark", "en", 390)]
TRICKY = "<b>谢</b>首单"
JOURNEYS = 60  # more than one page of them
SECONDS_MAX = 30  # from an event to its run, on a busy machine


def part(text: str) -> dict[str, str]:
    return {"kind": "text", "text": text}


@pytest.fixture(scope="module")
def shop(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server with two tags, a rule that somebody met, one that waits for its hours and one that is off."""
    with live.serving(tmp_path_factory.mktemp("rules") / "data") as address:
        owner = Staff(address).set_up()
        tags = {name: owner.post("/tags", {"name": name})["id"] for name in ("已购", "常客")}
        thanks = [
            {"id": "a1", "action": "tag.add", "settings": {"tag_id": tags["已购"]}},
            {"id": "a2", "action": "message.send", "settings": {"parts": [part("{{name|朋友}}，谢谢你的订单。")], "purpose": "service"}},
        ]
        paid = {"kind": "event", "event": "order_paid"}
        owner.post("/automation/rules", {"name": TRICKY, "trigger": paid, "actions": thanks, "cooldown_seconds": 86_400, "is_on": True})
        owner.post("/automation/rules", {"name": "生日祝福", "trigger": {"kind": "date", "attribute": "birthday"}, "actions": thanks[1:]})
        happen(owner, "u-1", "order_paid")
        yield owner


def happen(shop: Staff, person: str, event: str) -> None:
    """An event through the API, as a shop sends it."""
    source = shop.post("/sources", {"name": f"{person} {event}", "community_id": None, "group_id": None})
    said = {"userId": person, "event": event, "properties": {"amount": 12_800, "currency": "CNY"}}
    answer = shop.http.post("/v1/track", json=said, headers={"Authorization": f"Bearer {source['write_key']}"})
    assert answer.json()["accepted"] == 1, answer.text


def rule(shop: Staff, name: str) -> dict[str, Any]:
    (found,) = [one for one in shop.get("/automation/rules")["items"] if one["name"] == name]
    return dict(found)


def runs(shop: Staff, name: str) -> list[dict[str, Any]]:
    """The runs of a rule, once there are any."""
    until = time.monotonic() + SECONDS_MAX
    while not (found := shop.get(f"/automation/rules/{rule(shop, name)['id']}/runs")["items"]):
        assert time.monotonic() < until
        time.sleep(0.3)
    return list(found)


def choose(page: Page, box: str, option: str) -> None:
    page.get_by_role("combobox", name=box, exact=True).click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=option).first.click()


def saved(page: Page) -> None:
    expect(page.get_by_text("已保存").first).to_be_visible()


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
    runs(shop, TRICKY)
    page = visit.open("/automation/rules", heading="Rules" if is_en else "规则")
    expect(page.get_by_role("link", name=TRICKY)).to_be_visible()
    visit.check()
    page = visit.open("/automation/rules/new", heading="Where to begin" if is_en else "从哪条规则开始")
    expect(page.get_by_role("link", name="Mid-autumn" if is_en else "中秋祝福")).to_be_visible()
    visit.check()
    address = f"/automation/rules/{rule(shop, TRICKY)['id']}"
    page = visit.open(address, heading=TRICKY)
    expect(page.get_by_role("region", name="In words" if is_en else "这条规则的意思").get_by_text("已购")).to_be_visible()
    visit.check()
    page = visit.open(f"{address}?tab=log", heading=TRICKY)
    expect(page.get_by_role("link", name="u-1")).to_be_visible()
    visit.check()
    for preset in ("mid_autumn", "birthday", "segment_webhook"):
        visit.open(f"/automation/rules/new?preset={preset}", heading="New rule" if is_en else "新建规则")
        visit.check()
    visit.close()


def test_from_a_preset_to_the_log(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/rules", heading="规则")
    page.get_by_role("link", name="新建规则").click()
    page.get_by_role("link", name="下单道谢并打标签").click()
    # What a person must fill is marked from the start, and saving leads to it.
    expect(page.get_by_text("还差 1 处，标在下面。")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("有 1 处需要修改。")).to_be_visible()
    expect(page.get_by_role("combobox", name="标签", exact=True)).to_be_focused()
    choose(page, "标签", "常客")
    expect(page.get_by_text("有 1 处需要修改。")).to_have_count(0)
    page.get_by_role("textbox", name="名称").fill("常客下单")
    page.get_by_role("button", name="删除第 2 个动作，发送消息").click()
    page.get_by_role("switch", name="只在这些时段执行").click()
    expect(page.get_by_role("region", name="这条规则的意思").get_by_text("打上标签「常客」")).to_be_visible()
    page.get_by_role("switch", name="停用").click()
    page.get_by_role("button", name="保存并开启").click()
    page.get_by_role("heading", level=1, name="常客下单").wait_for()
    made = rule(shop, "常客下单")
    assert (made["is_on"], made["preset"], made["hours"], [one["action"] for one in made["actions"]]) == (True, "order_thanks", None, ["tag.add"])
    happen(shop, "u-2", "order_paid")
    assert [one["state"] for one in runs(shop, "常客下单")] == ["done"]
    page.get_by_role("link", name="运行记录").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="u-2"))
    expect(row.get_by_text("已执行")).to_be_visible()
    row.get_by_text("已执行").click()
    expect(page.get_by_role("dialog", name="一次运行").get_by_text("打标签")).to_be_visible()
    visit.check()
    page.keyboard.press("Escape")
    row.get_by_role("link", name="u-2").click()
    expect(page.get_by_role("region", name="自动化").get_by_role("link", name="常客下单")).to_be_visible()


def test_switched_in_the_list(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/rules?state=off", heading="规则")
    page.get_by_role("switch", name="开启“生日祝福”").click()
    expect(page.get_by_role("link", name="生日祝福")).to_have_count(0)
    assert rule(shop, "生日祝福")["is_on"] is True


def test_what_the_server_refuses_is_said_at_the_field(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/rules/new?preset=blank", heading="新建规则")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("有 2 处需要修改。")).to_be_visible()
    name = page.get_by_role("textbox", name="名称")
    expect(name).to_be_focused()
    name.fill("生日祝福")
    page.get_by_role("radio", name="定时").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("已有名为「生日祝福」的规则")).to_be_visible()
    assert [line for line in visit.complaints if "409" not in line] == []
    visit.complaints.clear()
    name.fill("每天一次")
    page.get_by_role("switch", name="停用").click()
    page.get_by_role("button", name="保存并开启").click()
    expect(page.get_by_text("开启之前至少添加一个动作。")).to_be_visible()
    page.get_by_role("button", name="添加动作").click()
    page.get_by_role("textbox", name="搜索动作").fill("待办")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="标题").fill("看看今天的新人")
    page.get_by_role("button", name="保存并开启").click()
    page.get_by_role("heading", level=1, name="每天一次").wait_for()
    made = rule(shop, "每天一次")
    assert (made["is_on"], made["trigger"]["timing"]["kind"], made["actions"][0]["settings"]["title"]) == (True, "daily", "看看今天的新人")


def test_two_editors_lose_nothing(visit: Visit, shop: Staff) -> None:
    before = rule(shop, TRICKY)
    page = visit.open(f"/automation/rules/{before['id']}", heading=TRICKY)
    page.get_by_role("textbox", name="说明").fill("我写的说明")
    page.get_by_role("spinbutton", name="优先级").fill("7")
    change = {"version": before["version"], "description": "对方写的说明", "cooldown_seconds": 3_600}
    shop.http.patch(f"/api/workspaces/{shop.workspace}/automation/rules/{before['id']}", json=change).raise_for_status()
    page.get_by_role("button", name="保存", exact=True).click()
    told = page.get_by_role("alert").filter(has_text="林小满")
    expect(told).to_contain_text("两人都改了：说明")
    expect(page.get_by_role("textbox", name="说明")).to_have_value("我写的说明")
    told.get_by_role("button", name="改用对方保存的").click()
    expect(page.get_by_role("textbox", name="说明")).to_have_value("对方写的说明")
    told.get_by_role("button", name="换回我的修改").click()
    assert [line for line in visit.complaints if "409" not in line] == []
    visit.complaints.clear()
    page.get_by_role("button", name="保存", exact=True).click()
    saved(page)
    after = rule(shop, TRICKY)
    assert (after["description"], after["priority"], after["cooldown_seconds"]) == ("我写的说明", 7, 3_600)


def test_a_draft_outlives_the_page(visit: Visit, shop: Staff) -> None:
    before = rule(shop, TRICKY)
    page = visit.open(f"/automation/rules/{before['id']}", heading=TRICKY)
    page.get_by_role("textbox", name="说明").fill("还没写完")
    page.get_by_role("link", name="运行记录").click()
    page.get_by_role("navigation", name="规则与记录").get_by_role("link", name="规则").click()
    expect(page.get_by_role("textbox", name="说明")).to_have_value("还没写完")
    page.get_by_role("link", name="欢迎语").click()
    page.get_by_role("button", name="离开，留作草稿").click()
    page.get_by_role("heading", level=1, name="欢迎语").wait_for()
    page = visit.open(f"/automation/rules/{before['id']}", heading=TRICKY)
    expect(page.get_by_role("textbox", name="说明")).to_have_value("还没写完")
    page.get_by_role("button", name="放弃，用已保存的").click()
    expect(page.get_by_role("textbox", name="说明")).to_have_value(before["description"])
    assert rule(shop, TRICKY)["version"] == before["version"]


def test_actions_by_keyboard(visit: Visit, shop: Staff) -> None:
    page = visit.open(f"/automation/rules/{rule(shop, TRICKY)['id']}", heading=TRICKY)
    page.get_by_role("button", name="复制第 1 个动作，打标签").click()
    expect(page.get_by_role("button", name="删除第 2 个动作，打标签")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("listitem", name="第 3 个动作，打标签")).to_be_visible()
    page.get_by_role("button", name="删除第 3 个动作，打标签").press("Enter")
    expect(page.get_by_role("listitem", name="第 3 个动作，打标签")).to_have_count(0)
    expect(page.get_by_role("button", name="保存", exact=True)).to_be_disabled()


def test_tried_on_a_member_and_on_what_happened(visit: Visit, shop: Staff) -> None:
    runs(shop, TRICKY)
    page = visit.open(f"/automation/rules/{rule(shop, TRICKY)['id']}", heading=TRICKY)
    box = page.get_by_role("region", name="试一试")
    box.get_by_role("combobox", name="选择成员").click()
    page.keyboard.type("u-1")
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="u-1").click()
    box.get_by_role("button", name="试运行").click()
    expect(box.locator("strong", has_text="不会执行")).to_be_visible()  # it was done for them within the day
    expect(box.get_by_text("打标签")).to_be_visible()
    visit.check()
    box.get_by_text("最近的事件").click()
    box.get_by_role("button", name="试运行").click()
    expect(box.get_by_text("这段时间触发")).to_be_visible()
    visit.check()


def test_what_is_chosen_is_searched_for_and_keeps_its_name(visit: Visit, shop: Staff) -> None:
    pks = [shop.post("/automation/journeys", {"name": f"第 {number} 条旅程"})["id"] for number in range(1, JOURNEYS + 1)]
    actions = [{"id": "a1", "action": "journey.start", "settings": {"journey_id": pks[0]}}]
    made = shop.post("/automation/rules", {"name": "进旅程", "trigger": {"kind": "event", "event": "order_paid"}, "actions": actions})
    page = visit.open(f"/automation/rules/{made['id']}", heading="进旅程")
    action = page.get_by_role("listitem", name="第 1 个动作，进入旅程")
    chosen = action.locator(".ant-select-content")
    expect(chosen).to_have_text("第 1 条旅程")
    options = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    box = action.get_by_role("combobox", name="旅程", exact=True)
    box.click()
    expect(options.filter(has_text=f"第 {JOURNEYS} 条旅程")).to_be_visible()
    expect(options.filter(has_text="第 2 条旅程")).to_have_count(0)  # too far down to be among the first
    box.fill("没有的")
    expect(page.get_by_text("没有名字里有这些字的旅程")).to_be_visible()
    expect(chosen).to_have_css("color", "rgba(0, 0, 0, 0)")  # what is typed stands in its place
    box.fill("第 2 条")
    expect(options).to_have_text(["第 2 条旅程草稿"])
    visit.check()
    options.click()
    expect(chosen).to_have_text("第 2 条旅程")
    page.get_by_role("button", name="保存", exact=True).click()
    saved(page)
    assert [one["settings"] for one in rule(shop, "进旅程")["actions"]] == [{"journey_id": pks[1]}]
    visit.open(f"/automation/rules/{made['id']}", heading="进旅程")
    expect(chosen).to_have_text("第 2 条旅程")
    shop.http.delete(f"/api/workspaces/{shop.workspace}/automation/journeys/{pks[1]}").raise_for_status()
    visit.open(f"/automation/rules/{made['id']}", heading="进旅程")
    expect(chosen).to_have_text("（已删除）")
    visit.complaints.clear()  # that it is not there


def test_accounts_are_offered_by_what_they_can_send(visit: Visit, shop: Staff) -> None:
    shop.post("/channels/accounts", {"platform": "webhook", "name": "我的程序", "settings": {}})
    shop.post("/channels/accounts", {"platform": "widget", "name": "官网客服", "settings": {"origins": "https://shop.example"}})
    page = visit.open(f"/automation/rules/{rule(shop, '生日祝福')['id']}", heading="生日祝福")
    page.get_by_role("button", name="添加动作").click()
    page.get_by_role("dialog").get_by_role("button", name="调用 Webhook").click()
    options = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    page.get_by_role("listitem", name="第 2 个动作，调用 Webhook").get_by_role("combobox", name="账号", exact=True).click()
    expect(options).to_have_text(["我的程序"])
    page.keyboard.press("Escape")
    page.get_by_role("listitem", name="第 1 个动作，发送消息").get_by_role("combobox", name="用哪些账号").click()
    expect(options).to_have_text(["官网客服", "我的程序"])
    page.keyboard.press("Escape")
    assert len(rule(shop, "生日祝福")["actions"]) == 1
