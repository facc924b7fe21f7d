"""The inbox in the console: messages appear, are answered by keyboard, fail and go again; two people at once; drafts, filters, turns, times; every look."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from hutong.foundation import clock
from tests.connectors.webhook.peer import WebhookPeer, start
from tests.console import live
from tests.console.live import PASSWORD, Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLLEAGUE = "mei@example.org"
LOOKS = [("light", "zh", 1440), ("dark", "en", 390)]


@pytest.fixture(scope="module")
def peer() -> Iterator[WebhookPeer]:
    with start() as started:
        yield started


@pytest.fixture(scope="module")
def shop(built: None, peer: WebhookPeer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    with live.serving(tmp_path_factory.mktemp("inbox") / "data") as address:
        owner = Staff(address).set_up()
        body = {"platform": "webhook", "settings": {"url": peer.url, "secret": peer.secret}, "private_hosts": ["127.0.0.1"], "name": "我的程序"}
        owner.account = owner.post("/channels/accounts", body)["id"]  # type: ignore[attr-defined]
        owner.post("/scripts", {"title": "问候", "shortcut": "hello", "folder": "常用", "parts": [{"kind": "text", "text": "{{name|朋友}}，你好"}]})
        yield owner


def says(shop: Staff, peer: WebhookPeer, text: str, *, who: str = "小明", ref: str = "u1") -> None:
    data = {"chat": {"id": ref, "kind": "dm", "name": who}, "actor": {"id": ref, "name": who}, "message": {"id": text, "text": text}}
    told = peer.signed(
        json.dumps({"type": "message.new", "timestamp": clock.now().isoformat(), "data": data}).encode(), webhook_id=f"msg_{text.encode().hex()}"
    )
    httpx.post(f"{shop.address}/hooks/{shop.account}", content=told.body, headers=told.headers).raise_for_status()  # type: ignore[attr-defined]


def test_a_message_appears_by_itself_and_is_answered_and_closed(chromium: Browser, shop: Staff, peer: WebhookPeer) -> None:
    visit = Visit(chromium, shop.address).sign_in()
    page = visit.open("/communities/inbox", heading="会话")
    says(shop, peer, "有人在吗")
    expect(page.get_by_role("region", name="消息").get_by_text("有人在吗")).to_be_visible()
    page.keyboard.press("r")
    box = page.get_by_label("回复", exact=True).last
    box.fill("/hel")
    expect(page.get_by_role("option", name="问候")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已发送")).to_be_visible()
    expect(box).to_have_value("")
    visit.check()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("e")
    expect(page.get_by_text("没有会话")).to_be_visible()
    assert shop.get("/inbox/counts")["open"] == 0
    says(shop, peer, "又来了")
    expect(page.get_by_role("region", name="消息").get_by_text("又来了")).to_be_visible()
    visit.close()


def colleague(shop: Staff) -> None:
    """韩梅梅 joins as a moderator."""
    link = shop.post("/invitations", {"role": "moderator", "email": COLLEAGUE})["link"]
    account = {"name": "韩梅梅", "email": COLLEAGUE, "password": PASSWORD, "language": "zh"}
    Staff(shop.address).http.post(f"/api/invitations/{link.rpartition('/')[2]}", json={"account": account}).raise_for_status()


def test_two_who_answer_at_once_see_each_other(chromium: Browser, shop: Staff, peer: WebhookPeer) -> None:
    colleague(shop)
    says(shop, peer, "我的积分少了", who="李雪", ref="u2")
    ours = Visit(chromium, shop.address).sign_in()
    page = ours.open("/communities/inbox", heading="会话")
    page.get_by_role("button", name="李雪").click()
    expect(page.get_by_role("heading", level=2, name="李雪").first).to_be_visible()
    theirs = Visit(chromium, shop.address).sign_in(COLLEAGUE)
    other = theirs.open("/communities/inbox", heading="会话")
    other.get_by_role("button", name="李雪").click()
    expect(other.get_by_role("status").filter(has_text="林小满 正在看")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="韩梅梅 正在看")).to_be_visible()
    other.get_by_label("回复", exact=True).last.fill("我来看一下")
    expect(page.get_by_role("status").filter(has_text="韩梅梅 正在写回复")).to_be_visible()
    expect(page.get_by_role("list", name="会话列表").get_by_text("韩梅梅 正在写回复")).to_be_visible()
    box = page.get_by_label("回复", exact=True).last
    box.fill("稍等")
    other.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="韩梅梅 在你开始写之后已经回复")).to_be_visible()
    ours.check()
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("你写回复时 韩梅梅 发了消息")).to_be_visible()
    dialog.get_by_role("button", name="先看看").click()
    expect(dialog).to_be_hidden()
    expect(box).to_have_value("稍等")
    assert "稍等" not in peer.arrived()
    page.get_by_role("button", name="知道了").click()
    expect(page.get_by_role("alert").filter(has_text="已经回复")).to_be_hidden()
    box.press("Control+Enter")
    expect(page.get_by_role("region", name="消息").get_by_text("稍等")).to_be_visible()
    theirs.close()
    expect(page.get_by_role("status").filter(has_text="韩梅梅")).to_be_hidden(timeout=40_000)
    ours.close()


def test_drafts_stay_and_filters_are_in_the_address(chromium: Browser, shop: Staff, peer: WebhookPeer) -> None:
    says(shop, peer, "发票抬头怎么改", who="王大锤", ref="u3")
    says(shop, peer, "几点关门", who="赵钱孙", ref="u4")
    visit = Visit(chromium, shop.address).sign_in()
    page = visit.open("/communities/inbox", heading="会话")
    page.get_by_role("button", name="王大锤").click()
    box = page.get_by_label("回复", exact=True).last
    box.fill("请把新抬头发给我")
    page.get_by_role("button", name="赵钱孙").click()
    expect(box).to_have_value("")
    expect(page.get_by_role("button", name="王大锤").get_by_text("请把新抬头发给我")).to_be_visible()
    page.get_by_role("button", name="王大锤").click()
    expect(box).to_have_value("请把新抬头发给我")
    page.reload()
    expect(box).to_have_value("请把新抬头发给我")
    box.fill("")
    page.get_by_role("button", name="筛选").click()
    page.get_by_label("负责人").last.click()
    page.get_by_title("林小满（我）").last.click()
    expect(page).to_have_url(re.compile("assignee="))
    expect(page.get_by_role("list", name="会话列表").get_by_role("button", name="赵钱孙")).to_be_hidden()
    visit.close()


def test_a_failed_send_says_why_and_goes_again(chromium: Browser, shop: Staff, peer: WebhookPeer) -> None:
    says(shop, peer, "能开发票吗", who="陈嘉欣", ref="u5")
    visit = Visit(chromium, shop.address).sign_in()
    page = visit.open("/communities/inbox", heading="会话")
    page.get_by_role("button", name="陈嘉欣").click()
    peer.meet("gone")
    box = page.get_by_label("回复", exact=True).last
    box.fill("可以")
    box.press("Control+Enter")
    thread = page.get_by_role("region", name="消息")
    expect(thread.get_by_text("发送失败")).to_be_visible()
    expect(thread.get_by_text("404")).to_be_visible()
    expect(page.get_by_role("button", name="陈嘉欣").get_by_text("[未发出]")).to_be_visible()
    visit.check()
    thread.get_by_role("button", name="重新发送").click()
    expect(thread.get_by_text("已发送")).to_be_visible()
    assert peer.arrived().count("可以") == 1
    thread.get_by_role("button", name="引用：能开发票吗").click()
    box.fill("电子的")
    box.press("Control+Enter")
    expect(thread.locator(".ht-line-out").get_by_role("button", name="能开发票吗")).to_be_visible()
    visit.close()


def test_a_member_is_written_to_from_their_page(chromium: Browser, shop: Staff, peer: WebhookPeer) -> None:
    says(shop, peer, "周六有课吗", who="欧阳若曦", ref="u6")
    visit = Visit(chromium, shop.address).sign_in()
    member = next(one["member_id"] for one in shop.get("/inbox/conversations")["items"] if one["name"] == "欧阳若曦")
    page = visit.open(f"/members/{member}", heading="欧阳若曦")
    expect(page.get_by_role("region", name="会话").get_by_role("link", name="我的程序")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="写消息").click()
    expect(page.get_by_role("heading", level=2, name="欧阳若曦").first).to_be_visible()
    page.get_by_role("link", name="欧阳若曦").first.click()
    expect(page.get_by_role("heading", level=1, name="欧阳若曦")).to_be_visible()
    visit.close()


def test_a_note_calls_a_colleague_until_they_have_looked(chromium: Browser, shop: Staff, peer: WebhookPeer) -> None:
    if not any(one["name"] == "韩梅梅" for one in shop.get("/inbox/staff")["items"]):
        colleague(shop)
    says(shop, peer, "上次的方案呢", who="司马青", ref="u7")
    ours = Visit(chromium, shop.address).sign_in()
    page = ours.open("/communities/inbox", heading="会话")
    page.get_by_role("button", name="司马青").click()
    expect(page.get_by_role("heading", level=2, name="司马青").first).to_be_visible()
    page.keyboard.press("r")
    page.get_by_label("回复", exact=True).last.fill("我问一下")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已发送")).to_be_visible()  # it is ours now, and nobody waits
    theirs = Visit(chromium, shop.address).sign_in(COLLEAGUE)
    other = theirs.open("/communities", heading="社群")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("n")
    box = page.get_by_label("备注", exact=True).last
    box.press_sequentially("请@韩")
    option = page.get_by_role("listbox", name="同事").get_by_role("option", name="韩梅梅")
    expect(option).to_be_visible()
    ours.check()
    page.keyboard.press("Enter")
    box.press_sequentially("看看")
    expect(box).to_have_value("请@韩梅梅 看看")
    expect(page.get_by_role("status").filter(has_text="会提醒 韩梅梅。")).to_be_visible()
    before = other.get_by_role("link", name=re.compile("^会话，")).get_attribute("aria-label")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="消息").locator("strong", has_text="@韩梅梅")).to_be_visible()
    ours.check()
    expect(other.get_by_role("link", name=re.compile("^会话，"))).not_to_have_attribute("aria-label", before or "")
    other.get_by_role("link", name=re.compile("^会话，")).click()
    expect(other.get_by_role("region", name="消息").get_by_text("看看")).to_be_visible()  # it is the first, and open
    other.get_by_role("button", name="提到我", exact=True).click()  # and so no news any more
    row = other.get_by_role("list", name="会话列表").get_by_role("button", name="司马青")
    expect(row.get_by_text("@你")).to_be_hidden()
    other.get_by_role("button", name="处理中").click()
    other.get_by_role("list", name="会话列表").get_by_role("button", name="李雪").click()
    box.fill("@韩梅梅 加急")
    box.press("Control+Enter")
    expect(row.get_by_text("@你")).to_be_visible()
    expect(other.get_by_role("button", name="提到我 1")).to_be_visible()
    theirs.check()
    theirs.close()
    ours.close()


def test_turns_versions_and_times(chromium: Browser, shop: Staff, peer: WebhookPeer) -> None:
    visit = Visit(chromium, shop.address).sign_in()
    page = visit.open("/communities/inbox", heading="会话")
    page.get_by_role("button", name="分配方式").click()
    page.get_by_role("switch").click()
    visit.check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert shop.get("/inbox/settings")["gives_in_turn"] is True
    made = shop.post("/scripts", {"title": "售后流程", "parts": [{"kind": "text", "text": "请发订单号"}]})
    shop.http.patch(
        f"/api/workspaces/{shop.workspace}/scripts/{made['id']}", json={"parts": [{"kind": "text", "text": "请发照片"}]}
    ).raise_for_status()
    page = visit.open("/content/scripts?q=shlc", heading="话术")
    page.get_by_role("button", name="售后流程 的版本").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("请发订单号")).to_be_visible()
    visit.check()
    drawer.get_by_role("button", name="恢复这个版本").click()
    expect(drawer).to_be_hidden()
    assert shop.get("/scripts", q="shlc")["items"][0]["text"] == "请发订单号"
    page = visit.open("/analytics?view=answers", heading="分析")
    expect(page.get_by_role("region", name="按员工").get_by_text("林小满")).to_be_visible()
    visit.check()
    visit.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, shop: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, shop.address, theme=theme, language=language, width=width).sign_in()
    visit.open("/communities/inbox", heading="Inbox" if language == "en" else "会话")
    visit.check()
    visit.open("/analytics?view=answers")
    visit.check()
    visit.open("/content/scripts", heading="Scripts" if language == "en" else "话术")
    visit.check()
    visit.close()
