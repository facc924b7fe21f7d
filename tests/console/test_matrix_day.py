"""A day with a real Matrix group: connected by the wizard, newcomers welcomed, questions answered, a broadcast, a talk with a person."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.connectors.matrix import synapse
from tests.connectors.matrix.peer import person
from tests.connectors.matrix.synapse import Synapse, User
from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEEN_SECONDS_MAX = 30
ROOM = "胡同口咖啡群"


@pytest.fixture(scope="module")
def server() -> Synapse:
    return synapse.running()


@pytest.fixture(scope="module")
def shop(built: None, server: Synapse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    with live.serving(tmp_path_factory.mktemp("matrix") / "data") as address:
        owner = Staff(address).set_up()
        owner.post("/communities", {"name": "老街咖啡"})
        yield owner


def bodies(of: User, room: str) -> list[str]:
    return [one["body"] for one in of.messages(room)]


def seen(of: User, room: str, is_there: Callable[[str], bool]) -> str:
    """The first message that fits, once this person sees it."""
    until = time.monotonic() + SEEN_SECONDS_MAX
    while time.monotonic() < until:
        found = next((body for body in bodies(of, room) if is_there(body)), None)
        if found is not None:
            return found
        time.sleep(0.2)
    raise AssertionError(bodies(of, room))


def test_a_day_with_a_matrix_group(chromium: Browser, shop: Staff, server: Synapse, tmp_path: Path) -> None:
    bot, alice = server.user("hutong"), person(server, "小艾")
    room = alice.room(name=ROOM)
    bot.act(room, "join")
    visit = Visit(chromium, shop.address).sign_in()

    # Connected in the wizard, the first message places the group.
    page = visit.open("/settings/channels", heading="渠道")
    page.get_by_role("button", name="连接平台").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Matrix").click()
    dialog.get_by_label("服务器地址").fill(server.url)
    dialog.get_by_label("访问令牌").fill("syt_wrong")
    dialog.get_by_role("button", name="测试连接").click()
    dialog.get_by_label("127.0.0.1 是我们自己的服务，允许连接").check()
    dialog.get_by_role("button", name="测试连接").click()
    expect(dialog.get_by_text("令牌").last).to_be_visible()
    dialog.get_by_label("访问令牌").fill(bot.token)
    dialog.get_by_role("button", name="测试连接").click()
    expect(dialog.get_by_text("已连通：")).to_be_visible()
    dialog.get_by_label("名称").fill("小助手")
    dialog.get_by_role("button", name="保存并开始").click()
    expect(page.get_by_role("heading", level=1, name="小助手")).to_be_visible()
    page.get_by_role("navigation", name="账号的内容").get_by_role("link", name="会话").click()
    page.get_by_role("button", name="向平台查询会话").click()
    page.get_by_role("button", name=f"将 {ROOM} 对应到群").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("新群所在的社群").click()
    page.locator(".ant-select-item-option", has_text="老街咖啡").last.click()
    dialog.get_by_role("button", name="对应到群").click()
    expect(page.get_by_role("link", name=ROOM)).to_be_visible()
    visit.complaints.clear()  # a test that failed was meant to

    # A welcome for whoever joins.
    page = visit.open("/automation/welcomes", heading="欢迎语")
    page.get_by_role("link", name="新建欢迎语").first.click()
    page.get_by_role("heading", name="新建欢迎语", level=1).wait_for()
    page.get_by_label("名称", exact=True).fill("新人欢迎")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/automation/welcomes")
    bob = person(server, "小波")
    bob.act(room, "join")
    assert seen(bob, room, lambda said: "小波" in said and "欢迎" in said)

    # A keyword, and a question that nobody has a rule for.
    page = visit.open("/automation/replies", heading="关键词回复")
    page.get_by_role("link", name="新建规则").first.click()
    page.get_by_label("第 1 个关键词", exact=True).fill("营业时间")
    page.get_by_label("内容", exact=True).first.fill("每天 8 点到 22 点")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="营业时间")).to_be_visible()
    bob.say(room, "请问營業 时间是？")
    assert seen(bob, room, lambda said: said == "每天 8 点到 22 点")

    # A broadcast to the group.
    page = visit.open("/content/broadcasts", heading="群发")
    page.get_by_role("button", name="新建群发").first.click()
    page.get_by_role("dialog").get_by_label("名称").fill("周五预告")
    page.get_by_role("dialog").get_by_role("button", name="开始编写").click()
    page.get_by_role("group", name="添加内容").get_by_role("button", name="文字").click()
    page.get_by_label("内容", exact=True).fill("周五晚上八点试饮")
    expect(page.get_by_text("已保存")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("combobox", name="群", exact=True).click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=ROOM).click()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="发送账号").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="小助手").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("radio", name="立即").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="发 送").or_(page.get_by_role("button", name="发送", exact=True)).click()
    expect(page.get_by_role("button", name="1 已发出")).to_be_visible()
    assert bodies(bob, room).count("周五晚上八点试饮") == 1

    # Somebody calls for a person, who answers from the inbox.
    page = visit.open("/communities/inbox", heading="会话")
    bob.say(room, f"{bot.id} 我的积分少了", **{"m.mentions": {"user_ids": [bot.id]}})
    page.get_by_role("list", name="会话列表").get_by_role("button", name="小波").click()
    expect(page.get_by_role("region", name="消息").get_by_text("我的积分少了")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_label("回复", exact=True).last.fill("已经补上了")
    page.keyboard.press("Control+Enter")
    assert seen(bob, room, lambda said: "已经补上了" in said)
    visit.check()

    # What happened stands on the account's page and in the member's timeline.
    (account,) = shop.get("/channels/accounts")["items"]
    page = visit.open(f"/settings/channels/{account['id']}?tab=outbox", heading="小助手")
    for said in ("每天 8 点到 22 点", "周五晚上八点试饮", "已经补上了"):
        expect(page.get_by_role("cell", name=said).first).to_be_visible()
    visit.check()
    member = next(one["id"] for one in shop.get("/members", q="小波")["items"])
    page = visit.open(f"/members/{member}", heading="小波")
    for said in (f"加入了{ROOM}", "请问營業 时间是？"):
        expect(page.get_by_text(said).first).to_be_visible()
    visit.check()
    visit.close()
