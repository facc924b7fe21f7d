"""The chat on a brand's site, in a real browser on a page of another origin: both ways live, there again on coming back, quiet and accessible."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.connectors.widget.peer import token
from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ANSWER_SECONDS_MAX = 1.0
SIGN_IN = "sign-in-sign-in-sign-in"
LOOKS = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082")  # fmt: skip


@dataclass
class Site:
    """A brand's site with our button, and the office behind it."""

    office: Staff
    account: str
    address: str

    def page(self, chromium: Browser, *, path: str = "/?lang=zh", theme: Any = "light", width: int = 1440) -> Shopper:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        return Shopper(self, context, path)

    def answer(self, chat: str, text: str, key: str) -> None:
        self.office.post("/channels/sends", {"account_id": self.account, "chat_id": chat, "text": text, "key": key})


class Shopper:
    """Somebody on the site."""

    def __init__(self, site: Site, context: BrowserContext, path: str) -> None:
        self.site, self.context = site, context
        self.complaints: list[str] = []
        self.page = self.tab(path)

    def tab(self, path: str) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(live.WAIT_MS)
        page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.site.address}{path}")
        return page

    def open(self, page: Page | None = None) -> Page:
        page = page or self.page
        page.get_by_role("button", name=re.compile("打开聊天|Open the chat")).click()
        return page

    @property
    def chat(self) -> str:
        """The talk of this browser, as the office knows it."""
        kept = json.loads(self.page.evaluate(f"localStorage.getItem('hutong-chat-{self.site.account}')"))
        chats = self.site.office.get(f"/channels/accounts/{self.site.account}/chats", limit=100)["items"]
        found: str = next(one["id"] for one in chats if one["external_id"] == f"v{hashlib.sha256(kept['visitor'].encode()).hexdigest()[:24]}")
        return found

    def says(self, text: str, page: Page | None = None) -> None:
        page = page or self.page
        page.get_by_role("textbox", name=re.compile("写点什么|Write something")).fill(text)
        page.keyboard.press("Enter")
        expect(page.locator(".m.mine:not(.wait)", has_text=text)).to_be_visible()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with live.serving(tmp_path_factory.mktemp("site") / "data") as address:
        office = Staff(address).set_up()
        shop = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
        shop.daemon_threads = True
        here = f"http://127.0.0.1:{shop.server_port}"
        settings = {"origins": here, "title": "青石咖啡", "greeting": "您好，想喝点什么？", "secret": SIGN_IN}
        account = office.post("/channels/accounts", {"platform": "widget", "name": "官网", "settings": settings})["id"]
        shop.script = f"{address}/w/{account}.js"  # type: ignore[attr-defined]
        threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield Site(office, account, here)
        shop.shutdown()
        shop.server_close()


class _Shop(BaseHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        language = "en" if "lang=en" in self.path else "zh"
        user = self.path.partition("user=")[2]
        script: str = self.server.script  # type: ignore[attr-defined]
        body = (
            f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>青石咖啡</title>'
            f'<link rel="icon" href="data:,"><style>p,button{{color:hotpink!important;font-size:40px}}</style><main><h1>青石咖啡</h1></main>'
            f'<script src="{script}" data-user-token="{user}" async></script></html>'
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_both_ways_live_there_after_a_reload_and_in_a_second_tab(chromium: Browser, site: Site) -> None:
    shopper = site.page(chromium)
    page = shopper.open()
    expect(page.get_by_text("您好，想喝点什么？")).to_be_visible()
    shopper.says("周末开门吗 <b>")
    chat = shopper.chat
    waits = []
    for turn in range(3):
        began = time.monotonic()
        site.answer(chat, f"开的 {turn}", f"both-{turn}")
        page.locator(".m", has_text=f"开的 {turn}").wait_for()
        waits.append(time.monotonic() - began)
    print("answers after", [round(one, 3) for one in waits])
    assert max(waits) < ANSWER_SECONDS_MAX
    site.answer(chat, "路线：https://example.com/map，欢迎", "both-link")
    link = page.get_by_role("link", name="https://example.com/map")
    expect(link).to_have_attribute("href", "https://example.com/map")
    page.reload()
    shopper.open()
    said = [
        "客服: 您好，想喝点什么？",
        "您: 周末开门吗 <b>",
        "客服: 开的 0",
        "客服: 开的 1",
        "客服: 开的 2",
        "客服: 路线：https://example.com/map，欢迎",
    ]
    expect(page.locator(".m")).to_have_text(said)
    second = shopper.tab("/other?lang=zh")
    shopper.open(second)
    expect(second.locator(".m")).to_have_text(said)
    shopper.says("再问一句", second)
    expect(page.locator(".m.mine", has_text="再问一句")).to_be_visible()
    assert "lang=" not in str(site.office.get(f"/channels/accounts/{site.account}/chats"))
    assert shopper.complaints == []
    shopper.context.close()


def test_what_is_written_offline_goes_out_once_online(chromium: Browser, site: Site) -> None:
    shopper = site.page(chromium)
    page = shopper.open()
    shopper.says("先来一句")
    chat = shopper.chat
    shopper.context.set_offline(True)
    page.get_by_role("textbox", name="写点什么").fill("断网时写的")
    page.keyboard.press("Enter")
    expect(page.locator(".m.wait", has_text="断网时写的")).to_be_visible()
    expect(page.get_by_text("网络断开了")).to_be_visible()
    site.answer(chat, "断网时答的", "offline-1")
    shopper.context.set_offline(False)
    expect(page.locator(".m.mine:not(.wait)", has_text="断网时写的")).to_have_count(1)
    expect(page.locator(".m", has_text="断网时答的")).to_have_count(1)
    expect(page.get_by_text("网络断开了")).to_be_hidden()
    shopper.context.close()


def test_unread_is_counted_while_shut(chromium: Browser, site: Site) -> None:
    shopper = site.page(chromium)
    page = shopper.open()
    shopper.says("等您回复")
    page.get_by_role("dialog").get_by_role("button", name="关闭聊天").click()
    chat = shopper.chat
    site.answer(chat, "来了", "unread-1")
    expect(page.get_by_role("button", name="打开聊天, 1 条未读")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="打开聊天, 1 条未读").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="打开聊天", exact=True)).to_be_focused()
    assert shopper.complaints == []
    shopper.context.close()


def test_a_picture_and_an_address(chromium: Browser, site: Site, tmp_path: Path) -> None:
    shopper = site.page(chromium)
    page = shopper.open()
    picture = tmp_path / "菜单.png"
    picture.write_bytes(PNG)
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_text("菜单.png")).to_be_visible()
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("img", name="菜单.png")).to_be_visible()
    assert page.get_by_role("img", name="菜单.png").evaluate("one => one.decode().then(() => one.naturalWidth)") == 1
    staff = Visit(chromium, site.office.address).sign_in()
    inbox = staff.open("/communities/inbox", heading="会话")
    inbox.get_by_role("list", name="会话列表").get_by_role("button").first.click()
    shown = inbox.get_by_role("region", name="消息").get_by_role("link", name="图片 菜单.png")
    assert shown.locator("img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 1
    staff.check()
    staff.close()
    large = tmp_path / "large.bin"
    large.write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_text("文件最大 5 MB。")).to_be_visible()
    page.get_by_label("留下邮箱，离开后也能收到回复").fill("不是邮箱")
    page.get_by_role("button", name="留下").click()
    expect(page.get_by_text("邮箱写得不对。")).to_be_visible()
    page.get_by_label("留下邮箱，离开后也能收到回复").fill("a@example.com")
    page.get_by_role("button", name="留下").click()
    expect(page.get_by_text("已记下，谢谢。")).to_be_visible()
    expect(page.get_by_label("留下邮箱，离开后也能收到回复")).to_be_hidden()
    shopper.context.close()


def test_who_is_signed_in_finds_their_talk_elsewhere(chromium: Browser, site: Site) -> None:
    first = site.page(chromium, path=f"/?lang=zh&user={token(key=SIGN_IN, sub='u9', name='小红')}")
    first.open()
    first.says("我的订单呢")
    second = site.page(chromium, path=f"/?lang=zh&user={token(key=SIGN_IN, sub='u9')}", width=390)
    second.open()
    expect(second.page.locator(".m.mine", has_text="我的订单呢")).to_be_visible()
    forged = site.page(chromium, path=f"/?lang=zh&user={token(key='another-another-another', sub='u9')}")
    forged.open()
    expect(forged.page.get_by_text("这里暂时不能聊天。")).to_be_visible()
    expect(forged.page.locator(".m.mine")).to_have_count(0)
    for one in (first, second, forged):
        one.context.close()


def test_another_site_cannot_use_it(chromium: Browser, site: Site) -> None:
    elsewhere = Site(site.office, site.account, site.address.replace("127.0.0.1", "localhost"))
    shopper = elsewhere.page(chromium)
    page = shopper.open()
    page.get_by_role("textbox", name="写点什么").fill("我是别家")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)
    expect(page.locator(".m.mine:not(.wait)")).to_have_count(0)
    shopper.context.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_accessible_in_every_look(chromium: Browser, site: Site, theme: str, language: str, width: int) -> None:
    shopper = site.page(chromium, path=f"/?lang={language}", theme=theme, width=width)
    shopper.open()
    shopper.says("好看吗")
    shopper.page.wait_for_timeout(300)
    seen = Visit.__new__(Visit)
    seen.page = shopper.page
    assert seen.violations() == []
    assert seen.overflow() == 0
    assert shopper.page.locator(".panel").evaluate("one => getComputedStyle(one.querySelector('.head h2')).fontSize") == "17px"  # not the site's
    if width == 390:
        box = shopper.page.locator(".panel").bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (390, 900)
    assert shopper.complaints == []
    shopper.context.close()
