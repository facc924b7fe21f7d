"""Broadcasts in the console: written in four steps, checked, sent for real, paused and cancelled; every page in every look."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from hutong.foundation import clock
from tests.connectors.webhook.peer import WebhookPeer, start
from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", "zh", 1440), ("dark", "en", 390)]


@pytest.fixture(scope="module")
def peer() -> Iterator[WebhookPeer]:
    with start() as started:
        yield started


@pytest.fixture(scope="module")
def office(built: None, peer: WebhookPeer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A workspace with an account in one group."""
    with live.serving(tmp_path_factory.mktemp("broadcasts") / "data") as address:
        owner = Staff(address).set_up()
        community = owner.post("/communities", {"name": "读书会"})
        body = {"platform": "webhook", "settings": {"url": peer.url, "secret": peer.secret}, "private_hosts": ["127.0.0.1"]}
        account = owner.post("/channels/accounts", {**body, "name": "我的程序"})
        told = peer.callback("有人在吗")
        httpx.post(f"{address}/hooks/{account['id']}", content=told.body, headers=told.headers).raise_for_status()
        chat = owner.get(f"/channels/accounts/{account['id']}/chats")["items"][0]["id"]
        put(owner, f"/channels/chats/{chat}/group", {"community_id": community["id"]})
        yield owner


def put(owner: Staff, path: str, body: Any = None) -> Any:
    answer = owner.http.put(f"/api/workspaces/{owner.workspace}{path}", json=body)
    answer.raise_for_status()
    return answer.json()


def drafted(owner: Staff, name: str, **said: Any) -> Any:
    """A draft to the group, made by the API."""
    made = owner.post("/broadcasts", {"name": name})
    account = owner.get("/channels/accounts")["items"][0]["id"]
    group = next(one["group_id"] for one in owner.get(f"/channels/accounts/{account}/chats")["items"])
    body = {
        "version": made["version"], "name": name, "parts": [{"kind": "text", "text": "{{group}}的朋友，周五见"}],
        "audience": {"kind": "groups", "groups": [group], "accounts": [account]}, "timing": {"kind": "now"}, **said,
    }  # fmt: skip
    return put(owner, f"/broadcasts/{made['id']}", body)


def test_written_in_four_steps_and_sent(chromium: Browser, office: Staff, peer: WebhookPeer) -> None:
    visit = Visit(chromium, office.address).sign_in()
    page = visit.open("/content/broadcasts", heading="群发")
    page.get_by_role("button", name="新建群发").first.click()
    page.get_by_role("dialog").get_by_label("名称").fill("周五预告")
    page.get_by_role("dialog").get_by_role("button", name="开始编写").click()
    expect(page.get_by_role("heading", level=1, name="周五预告")).to_be_visible()
    page.get_by_role("group", name="添加内容").get_by_role("button", name="文字").click()
    page.get_by_label("内容", exact=True).fill("大家好，周五见")
    expect(page.locator(".ht-phone").get_by_text("大家好，周五见")).to_be_visible()
    expect(page.get_by_text("已保存")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("combobox", name="群", exact=True).click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="发送账号").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="我的程序").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("radio", name="立即").check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("个群会收到")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="发 送").or_(page.get_by_role("button", name="发送", exact=True)).click()
    expect(page.get_by_role("button", name="1 已发出")).to_be_visible()
    expect(page.get_by_text("已完成").first).to_be_visible()
    visit.check()
    assert [data["text"] for data in peer.shown.values()] == ["大家好，周五见"]
    visit.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_who_replied_and_who_cannot_be_reached(chromium: Browser, office: Staff, peer: WebhookPeer, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    lonely = office.post(
        "/groups", {"community_id": office.get("/communities")["items"][0]["id"], "name": f"没有账号的群 {theme}", "channel": "webhook"}
    )
    name = f"周五的约 {theme}"
    first = drafted(office, name)
    audience = {**first["audience"], "groups": [*first["audience"]["groups"], lonely["id"]]}
    body = {**{key: first[key] for key in ("version", "name", "parts", "timing")}, "audience": audience}
    body["parts"] = [{"kind": "text", "text": "周五见"}]
    draft = put(office, f"/broadcasts/{first['id']}", body)
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open(f"/content/broadcasts/{draft['id']}", heading=name)
    page.locator(".ant-steps-item").last.click()
    expect(page.get_by_text("1 group has none of the accounts" if is_en else "1 个群里没有所选的账号")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="Send" if is_en else re.compile("^发 ?送$"), exact=is_en).click()
    expect(page.get_by_role("button", name="1 Sent" if is_en else "1 已发出")).to_be_visible()
    sent = list(peer.shown.items())[-1]
    said = {"id": f"reply-{theme}", "text": "一定到", "reply_to": f"w{list(peer.shown).index(sent[0]) + 1}"}
    data = {"id": f"event-{theme}", "chat": sent[1]["chat"], "actor": {"id": "u2", "name": "小红"}, "message": said}
    told = peer.signed(json.dumps({"type": "message.new", "timestamp": clock.now().isoformat(), "data": data}).encode())
    account = office.get("/channels/accounts")["items"][0]["id"]
    httpx.post(f"{office.address}/hooks/{account}", content=told.body, headers=told.headers).raise_for_status()
    page.reload()
    page.get_by_role("button", name="1 Replied" if is_en else "1 回复的人").click()
    expect(page.get_by_role("row")).to_have_count(2)
    visit.check()
    page.get_by_role("button", name="1 Cannot be reached" if is_en else "1 联系不到").click()
    expect(page.get_by_text(lonely["name"]).first).to_be_visible()
    visit.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export" if is_en else "导出").click()
    assert lonely["name"] in download.value.path().read_text("utf-8-sig")
    visit.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    draft = drafted(office, f"每天的问候 {theme}", timing={"kind": "daily", "time": "09:00", "only_workdays": True})
    later = drafted(office, f"排好的 {theme}", timing={"kind": "weekly", "weekdays": [1], "time": "09:00"})
    put(office, f"/broadcasts/{later['id']}/schedule", {"version": later["version"]})
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/content/broadcasts", heading="Broadcasts" if is_en else "群发")
    expect(page.get_by_text(f"每天的问候 {theme}")).to_be_visible()
    visit.check()
    page = visit.open(f"/content/broadcasts/{draft['id']}")
    page.locator(".ht-phone").wait_for()
    visit.check()
    for shown in ("Sending account" if is_en else "发送账号", "next" if is_en else "接下来", "get it" if is_en else "会收到"):
        page.get_by_role("button", name="Next" if is_en else "下一步").click()
        page.get_by_text(shown).first.wait_for()
        page.wait_for_load_state("networkidle")
        visit.check()
    page = visit.open(f"/content/broadcasts/{later['id']}", heading=f"排好的 {theme}")
    visit.check()
    page.get_by_role("button", name="Cancel broadcast" if is_en else "取消群发").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel broadcast" if is_en else "取消群发").click()
    expect(page.get_by_text("Cancelled" if is_en else "已取消").first).to_be_visible()
    visit.close()
