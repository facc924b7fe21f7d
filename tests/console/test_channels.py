"""Channels: connected by a live test, seen in every look, a chat made a group, the outbox minded."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.connectors.webhook.peer import WebhookPeer, start
from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]
LONG = "很长的名字" * 15


@pytest.fixture(scope="module")
def peer() -> Iterator[WebhookPeer]:
    with start() as started:
        yield started


@pytest.fixture(scope="module")
def office(built: None, peer: WebhookPeer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A workspace with a community and two accounts: one with a chat, a message sent and one refused; one with a long name."""
    with live.serving(tmp_path_factory.mktemp("channels") / "data") as address:
        owner = Staff(address).set_up()
        owner.post("/communities", {"name": "读书会"})
        settings = {"url": peer.url, "secret": peer.secret}
        body = {"platform": "webhook", "settings": settings, "private_hosts": ["127.0.0.1"]}
        made = owner.post("/channels/accounts", {**body, "name": "我的程序"})
        owner.post("/channels/accounts", {"platform": "webhook", "name": LONG, "settings": {}})
        told = peer.callback("有人在吗")
        httpx.post(f"{address}/hooks/{made['id']}", content=told.body, headers=told.headers).raise_for_status()
        chat = owner.get(f"/channels/accounts/{made['id']}/chats")["items"][0]["id"]
        send = {"account_id": made["id"], "chat_id": chat}
        owner.post("/channels/sends", {**send, "text": "到了", "key": "k1"})
        ended(owner, made["id"], 1)
        peer.meets.append((400, {}))
        owner.post("/channels/sends", {**send, "text": "没到 <b>粗</b>", "key": "k2"})
        ended(owner, made["id"], 2)
        yield owner


def ended(owner: Staff, account_id: str, count: int) -> None:
    """Wait until so many sends have an outcome."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        items = owner.get("/channels/sends", account_id=account_id)["items"]
        if sum(one["finished_at"] is not None for one in items) == count:
            return
        time.sleep(0.1)
    raise AssertionError(json.dumps(items))


def account(office: Staff) -> str:
    found: str = next(one["id"] for one in office.get("/channels/accounts")["items"] if one["name"] == "我的程序")
    return found


@pytest.fixture
def visit(chromium: Browser, office: Staff) -> Iterator[Visit]:
    found = Visit(chromium, office.address).sign_in()
    yield found
    found.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_page_in_every_look(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/settings/channels", heading={"zh": "渠道", "en": "Channels"}[language])
    expect(page.get_by_role("link", name="我的程序")).to_be_visible()
    visit.check()
    for tab, shown in (("", "webhook:"), ("?tab=chats", "room-1"), ("?tab=outbox", "没到 <b>粗</b>")):
        page = visit.open(f"/settings/channels/{account(office)}{tab}", heading="我的程序")
        expect(page.get_by_text(shown).first).to_be_visible()
        visit.check()
    page.goto(f"{office.address}/settings/channels")
    page.get_by_role("button", name={"zh": "连接平台", "en": "Connect a platform"}[language]).first.click()
    page.get_by_role("dialog").get_by_role("radio", name=re.compile("Webhook", re.IGNORECASE)).click()
    expect(page.get_by_role("dialog").get_by_label({"zh": "接收地址", "en": "Receiving address"}[language])).to_be_visible()
    visit.check()
    visit.close()


def test_connected_by_a_live_test(visit: Visit, peer: WebhookPeer) -> None:
    page = visit.open("/settings/channels", heading="渠道")
    page.get_by_role("button", name="连接平台").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("Webhook", re.IGNORECASE)).click()
    dialog.get_by_label("接收地址").fill(peer.url)
    dialog.get_by_label("签名密钥", exact=True).fill(peer.secret)
    dialog.get_by_role("button", name="测试连接").click()
    dialog.get_by_label("127.0.0.1 是我们自己的服务，允许连接").check()
    dialog.get_by_role("button", name="测试连接").click()
    expect(dialog.get_by_text("已连通：")).to_be_visible()
    dialog.get_by_label("名称").fill("第二个程序")
    dialog.get_by_role("button", name="保存并开始").click()
    expect(page.get_by_role("heading", level=1, name="第二个程序")).to_be_visible()
    page.get_by_role("button", name="移 除").or_(page.get_by_role("button", name="移除")).click()
    page.get_by_role("dialog").get_by_role("textbox").fill("第二个程序")
    page.get_by_role("dialog").get_by_role("button", name="移除").click()
    expect(page.get_by_role("heading", level=1, name="渠道")).to_be_visible()
    expect(page.get_by_role("link", name="第二个程序")).to_have_count(0)


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_the_chat_on_a_site_shows_its_line_and_how_it_will_look(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    names = [one["name"] for one in office.get("/channels/accounts")["items"]]
    if "官网" not in names:
        settings = {"origins": "https://www.example.com", "title": "青石咖啡", "greeting": "您好，想喝点什么？"}
        office.post("/channels/accounts", {"platform": "widget", "name": "官网", "settings": settings})
    made = next(one for one in office.get("/channels/accounts")["items"] if one["name"] == "官网")
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open(f"/settings/channels/{made['id']}", heading="官网")
    expect(page.get_by_text(made["snippet"])).to_be_visible()
    expect(page.get_by_text("您好，想喝点什么？")).to_be_visible()
    visit.check()
    page.get_by_role("button", name={"zh": "重新连接", "en": "Reconnect"}[language]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label({"zh": "问候语", "en": "Greeting"}[language]).fill("欢迎光临")
    dialog.get_by_label({"zh": "颜色", "en": "Colour"}[language]).fill("#8a1c4a")
    expect(dialog.get_by_text("欢迎光临", exact=True)).to_be_visible()
    expect(dialog.locator(".ht-site-head")).to_have_css("background-color", "rgb(138, 28, 74)")
    visit.check()
    visit.close()


def test_the_risk_of_qq_is_said_before_it_is_connected(visit: Visit) -> None:
    page = visit.open("/settings/channels", heading="渠道")
    page.get_by_role("button", name="连接平台").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("OneBot")).click()
    expect(dialog.get_by_text(re.compile("可能被限制或封禁"))).to_be_visible()
    for label in ("连接方式", "OneBot 地址", "QQ 号", "访问令牌", "上报签名密钥"):
        expect(dialog.get_by_label(label, exact=True)).to_be_visible()
    visit.check()


def test_a_dead_letter_is_sent_again_and_a_chat_becomes_a_group(visit: Visit, office: Staff, peer: WebhookPeer) -> None:
    page = visit.open(f"/settings/channels/{account(office)}?tab=outbox", heading="我的程序")
    page.get_by_text("没有发出", exact=True).click()
    page.get_by_role("button", name="重发 没到 <b>粗</b>").click()
    page.get_by_text("已发", exact=True).click()
    expect(page.get_by_role("cell", name="没到 <b>粗</b>")).to_be_visible()
    assert peer.arrived()[-1] == "没到 <b>粗</b>"
    page = visit.open(f"/settings/channels/{account(office)}?tab=chats", heading="我的程序")
    expect(page.get_by_text("未对应，消息在等待")).to_be_visible()
    page.get_by_role("button", name="将 一群 对应到群").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("新群所在的社群").click()
    page.get_by_role("option", name="读书会").or_(page.locator(".ant-select-item-option", has_text="读书会")).last.click()
    dialog.get_by_role("button", name="对应到群").click()
    expect(page.get_by_role("link", name="一群")).to_be_visible()
