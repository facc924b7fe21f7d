"""The sending rules in the console: seen in every look, changed, a message tried, people added, imported and lifted; on the member's page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.connectors.webhook.peer import WebhookPeer, start
from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]
PAGE = "/settings/sending-rules"


@pytest.fixture(scope="module")
def peer() -> Iterator[WebhookPeer]:
    with start() as started:
        yield started


@pytest.fixture(scope="module")
def office(built: None, peer: WebhookPeer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A workspace with an account, a member known by it, and three who are not written to."""
    with live.serving(tmp_path_factory.mktemp("sending") / "data") as address:
        owner = Staff(address).set_up()
        settings = {"url": peer.url, "secret": peer.secret}
        owner.post("/channels/accounts", {"platform": "webhook", "settings": settings, "private_hosts": ["127.0.0.1"], "name": "我的程序"})
        ids = [{"channel": "webhook", "external_id": "u1"}]
        owner.post("/members", {"name": "小红", "identities": ids})
        owner.post("/channels/opt-outs", {"channel": "webhook", "user_ref": "u1", "note": "电话里说不要再发"})
        owner.post(
            "/channels/opt-outs", {"channel": "email", "user_ref": "hong@example.com", "stops": "all", "note": "550 5.1.1 <b>no such user</b>"}
        )
        owner.post("/channels/opt-outs/import", {"channel": "email", "lines": [f"{'very-long-name-' * 6}@example.com"], "note": "旧系统导出"})
        yield owner


@pytest.fixture
def visit(chromium: Browser, office: Staff) -> Iterator[Visit]:
    found = Visit(chromium, office.address).sign_in()
    yield found
    assert found.complaints == []
    found.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    is_en = language == "en"
    heading = "Sending rules" if is_en else "发送规则"
    page = visit.open(PAGE, heading=heading)
    expect(page.get_by_label("In 24 hours at most" if is_en else "24 小时内最多")).to_have_value(re.compile("1|2"))
    page.get_by_role("combobox", name="Member" if is_en else "成员").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="小红").click()
    page.get_by_role("button", name="Check" if is_en else re.compile("检 ?查")).click()
    expect(page.get_by_text("It would not go" if is_en else "不会发出", exact=True)).to_be_visible()
    visit.check()
    page = visit.open(f"{PAGE}?tab=optOuts", heading=heading)
    expect(page.get_by_text("550 5.1.1 <b>no such user</b>")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="Import a list" if is_en else "导入名单").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    visit.check()
    page.keyboard.press("Escape")
    member = office.get("/members", q="小红")["items"][0]["id"]
    page = visit.open(f"/members/{member}", heading="小红")
    expect(page.get_by_role("heading", name="Not written to" if is_en else "停发")).to_be_visible()
    visit.check()
    visit.close()


def test_the_rules_are_changed_and_kept(visit: Visit, office: Staff) -> None:
    page = visit.open(PAGE, heading="发送规则")
    page.get_by_label("开始").fill("21:30")
    page.get_by_label("24 小时内最多").fill("2")
    page.get_by_label("任何消息都不能有").fill("赌博\n代开发票\n")
    page.get_by_role("button", name="保存规则").click()
    expect(page.get_by_text("规则已保存")).to_be_visible()
    kept = office.get("/channels/rules")
    assert (kept["quiet_from"], kept["marketing_per_day"], kept["banned_words"]) == ("21:30", 2, ["赌博", "代开发票"])
    page = visit.open(PAGE, heading="发送规则")
    expect(page.get_by_label("任何消息都不能有")).to_have_value("赌博\n代开发票")
    page.get_by_label("消息内容，可不填").fill("来赌博吧")
    page.get_by_role("combobox", name="成员").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="小红").click()
    page.get_by_text("服务通知", exact=True).click()
    page.get_by_role("button", name=re.compile("检 ?查")).click()
    expect(page.get_by_text("含有禁用词「赌博」。请修改后重发。")).to_be_visible()
    page.get_by_label("晚间不发营销消息").click()
    expect(page.get_by_label("开始")).to_have_count(0)
    page.get_by_role("button", name="保存规则").click()
    expect(page.get_by_text("规则已保存")).to_be_visible()
    kept = office.get("/channels/rules")
    assert kept["quiet_from"] == kept["quiet_to"]
    page = visit.open("/settings/audit", heading="审计日志")
    expect(page.get_by_role("cell", name="修改发送规则").first).to_be_visible()


def test_people_are_imported_added_and_lifted(visit: Visit, office: Staff) -> None:
    page = visit.open(f"{PAGE}?tab=optOuts", heading="发送规则")
    page.get_by_role("button", name="导入名单").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="渠道").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="邮箱").click()
    dialog.get_by_label("也可以粘贴在这里，每行一个").fill("Gao@example.com,高先生\nli@example.com\n")
    dialog.get_by_role("button", name="导入 2 个").click()
    expect(dialog.get_by_text("新增 2 个，0 个本来就在。")).to_be_visible()
    dialog.get_by_role("button", name=re.compile("完 ?成")).click()
    page.get_by_role("button", name="解除 gao@example.com").click()
    dialog = page.get_by_role("dialog", name="解除对「gao@example.com」的停发？")
    dialog.get_by_label("原因").fill("本人来信要求恢复")
    dialog.get_by_role("button", name=re.compile("解 ?除")).click()
    expect(page.get_by_text("gao@example.com")).to_have_count(0)
    assert [one["user_ref"] for one in office.get("/channels/opt-outs", q="example.com", reason="imported")["items"]][:1] == ["li@example.com"]
    page.get_by_role("button", name=re.compile("添 ?加")).last.click()
    dialog = page.get_by_role("dialog", name="添加停发的人")
    dialog.get_by_role("combobox", name="渠道").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="Webhook").click()
    dialog.get_by_text("账号或地址", exact=True).click()
    dialog.get_by_label("在渠道上的账号或地址").fill("u77")
    dialog.get_by_text("全部消息", exact=True).click()
    dialog.get_by_role("button", name=re.compile("添 ?加")).click()
    expect(page.get_by_text("u77")).to_be_visible()
    (made,) = office.get("/channels/opt-outs", q="u77")["items"]
    assert (made["stops"], made["reason"], made["by"]) == ("all", "staff", "林小满")
