"""A mailbox in the console: connected by a live test against real servers, its DNS records shown whole, its talks seen."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.connectors.email.mailserver import PASSWORD
from tests.connectors.email.peer import EmailPeer, mail, start
from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = {
    "zh": ("渠道", "连接平台", "测试连接", "邮箱地址", "密码或授权码", "SMTP 加密", "不加密（仅限内网）", "IMAP 加密", "由胡同做 DKIM 签名", "127.0.0.1 是我们自己的服务，允许连接", "已连通："),
    "en": ("Channels", "Connect a platform", "Test the connection", "E-mail address", "Password or app password", "SMTP encryption", "None, private networks only",
           "IMAP encryption", "Sign with DKIM here", "127.0.0.1 is a service of our own and may be reached", "Reached:"),
}  # fmt: skip
SHOTS = os.environ.get("HUTONG_SHOTS", "")


@pytest.fixture(scope="module")
def peer() -> Iterator[EmailPeer]:
    with start() as started:
        yield started


@pytest.fixture(scope="module")
def office(built: None, peer: EmailPeer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    with live.serving(tmp_path_factory.mktemp("email") / "data") as address:
        yield Staff(address).set_up()


def choose(dialog: Locator, label: str, option: str) -> None:
    dialog.get_by_label(label).click()
    menu = dialog.page.locator(".ant-select-dropdown:visible")
    menu.get_by_text(option, exact=True).click()
    expect(menu).to_have_count(0)


def fill(visit: Visit, peer: EmailPeer, language: str) -> Locator:
    """The form, filled in and tested."""
    title, connect, test, address, password, smtp, none, imap, sign, confirm, reached = WORDS[language]
    page = visit.open("/settings/channels", heading=title)
    page.get_by_role("button", name=connect).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name={"zh": "邮箱", "en": "E-mail"}[language]).click()
    dialog.get_by_label(address).fill(peer.bot)
    dialog.get_by_label(password).fill(PASSWORD)
    for name, port in (("SMTP", peer.server.submission), ("IMAP", peer.server.imap)):
        dialog.get_by_label({"zh": f"{name} 服务器", "en": f"{name} server"}[language]).fill("127.0.0.1")
        dialog.get_by_label({"zh": f"{name} 端口", "en": f"{name} port"}[language]).fill(str(port))
    choose(dialog, smtp, none)
    choose(dialog, imap, none)
    dialog.get_by_label(sign).click()
    dialog.get_by_role("button", name=test).click()
    dialog.get_by_label(confirm).check()
    dialog.get_by_role("button", name=test).click()
    visit.complaints[:] = [one for one in visit.complaints if "409" not in one]  # the host that was not confirmed at first
    expect(dialog.get_by_text(reached)).to_be_visible()
    expect(dialog.get_by_text("hutong._domainkey.hutong.test")).to_be_visible()
    return dialog


@pytest.mark.parametrize(("theme", "language", "width"), [("light", "zh", 1440), ("dark", "en", 1440), ("light", "en", 390), ("dark", "zh", 390)])
def test_the_form_in_every_look(chromium: Browser, office: Staff, peer: EmailPeer, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    dialog = fill(visit, peer, language)
    if SHOTS:
        dialog.get_by_text("hutong._domainkey.hutong.test").scroll_into_view_if_needed()
        visit.page.screenshot(path=f"{SHOTS}/email-{theme}-{language}-{width}.png")
        dialog.get_by_label(WORDS[language][3]).scroll_into_view_if_needed()
        visit.page.screenshot(path=f"{SHOTS}/email-{theme}-{language}-{width}-top.png")
    visit.check()
    visit.close()


def test_a_mailbox_is_connected_and_written_to(chromium: Browser, office: Staff, peer: EmailPeer) -> None:
    visit = Visit(chromium, office.address).sign_in()
    page = visit.page
    dialog = fill(visit, peer, "zh")
    dialog.get_by_label("名称", exact=True).fill("杂货铺邮箱")
    dialog.get_by_role("button", name="保存并开始").click()
    expect(page.get_by_role("heading", level=1, name="杂货铺邮箱")).to_be_visible()
    made = next(one for one in office.get("/channels/accounts")["items"] if one["name"] == "杂货铺邮箱")
    until = time.monotonic() + 20
    while office.get(f"/channels/accounts/{made['id']}")["health"]["connected_at"] is None:
        assert time.monotonic() < until
        time.sleep(0.1)
    peer.deliver(mail("几点开门？", sender=f"小红 <{peer.alice}>", to=peer.bot))
    while not office.get(f"/channels/accounts/{made['id']}/chats")["items"]:
        assert time.monotonic() < until
        time.sleep(0.1)
    page = visit.open(f"/settings/channels/{made['id']}?tab=chats", heading="杂货铺邮箱")
    expect(page.get_by_text(peer.alice)).to_be_visible()
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/email-account.png")
    visit.check()
    visit.close()
