"""The settings: every page in every look, staff and invitations, keys, data sources whose examples work, the catalogue, the audit log."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]
PAGES = {
    "/settings": ("设置", "Settings"),
    "/settings/workspace": ("工作区", "Workspace"),
    "/settings/staff": ("员工与邀请", "Staff and invitations"),
    "/settings/roles": ("角色与权限", "Roles and permissions"),
    "/settings/keys": ("API 密钥", "API keys"),
    "/settings/channels": ("渠道", "Channels"),
    "/settings/sources": ("数据源", "Data sources"),
    "/settings/event-types": ("事件目录", "Event catalogue"),
    "/settings/audit": ("审计日志", "Audit log"),
    "/settings/system": ("系统状态", "System status"),
}
VIEWER = "viewer@example.org"
NAME = "李雷 <b>\u202e粗</b>"


def join(owner: Staff, email: str, role: str, name: str) -> None:
    """Somebody accepts an invitation."""
    token = owner.post("/invitations", {"role": role, "email": "", "days": 7})["link"].rsplit("/", 1)[1]
    account = {"email": email, "name": name, "password": live.PASSWORD, "language": "zh"}
    httpx.post(f"{owner.address}/api/invitations/{token}", json={"account": account}, headers={"Origin": owner.address}).raise_for_status()


@pytest.fixture(scope="module")
def office(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A workspace with an owner, a viewer, a key and a source that has sent three events."""
    with live.serving(tmp_path_factory.mktemp("office") / "data") as address:
        owner = Staff(address).set_up()
        join(owner, VIEWER, "viewer", NAME)
        owner.post("/keys", {"name": "商城同步", "scopes": ["members.read", "reports.read"], "expires_at": None})
        source = owner.post("/sources", {"name": "官网", "community_id": None, "group_id": None})
        for number in range(3):
            call = {"userId": f"u-{number}", "event": "coupon/used", "properties": {"amount": number}}
            httpx.post(f"{address}/v1/track", json=call, auth=(source["write_key"], "")).raise_for_status()
        yield owner


@pytest.fixture
def visit(chromium: Browser, office: Staff) -> Iterator[Visit]:
    found = Visit(chromium, office.address).sign_in()
    yield found
    found.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_page_in_every_look(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    source = office.get("/sources")["items"][0]["id"]
    headings = {address: names[("zh", "en").index(language)] for address, names in PAGES.items()} | {f"/settings/sources/{source}": "官网"}
    for address, heading in headings.items():
        visit.open(address, heading=heading)
        visit.check()
    visit.close()


def test_settings_are_found_by_what_one_calls_them(visit: Visit) -> None:
    page = visit.open("/settings", heading="设置")
    places = page.get_by_role("list", name="设置").get_by_role("link")
    expect(places).to_have_count(12)
    page.get_by_label("查找设置").fill("埋点")
    expect(places).to_have_text(["数据源"])
    expect(page).to_have_url(f"{visit.address}/settings?q=%E5%9F%8B%E7%82%B9")
    page.get_by_label("查找设置").fill("没有的东西")
    page.get_by_role("button", name="清除筛选").last.click()
    expect(places).to_have_count(12)


def test_a_viewer_sees_without_changing(chromium: Browser, office: Staff) -> None:
    visit = Visit(chromium, office.address).sign_in(VIEWER)
    page = visit.open("/settings", heading="设置")
    expect(page.get_by_role("list", name="设置").get_by_role("link")).to_have_text(
        ["工作区", "员工与邀请", "角色与权限", "成员属性", "渠道", "发送规则", "数据源", "事件目录", "我的账号"]
    )
    visit.open("/settings/keys", heading="API 密钥")
    expect(page.get_by_role("heading", name="你的角色看不到这里")).to_be_visible()
    expect(page.get_by_role("button", name="新建密钥")).to_have_count(0)
    visit.open("/settings/workspace", heading="工作区")
    expect(page.get_by_role("button", name="保存")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Asia/Shanghai (UTC+8)")
    visit.open("/settings/staff", heading="员工与邀请")
    expect(page.get_by_role("button", name="邀请员工")).to_have_count(0)
    expect(page.get_by_role("combobox", name="的角色")).to_have_count(0)
    visit.open("/settings/event-types", heading="事件目录")
    expect(page.get_by_role("button", name="接受 coupon/used")).to_have_count(0)
    visit.check()
    visit.close()


def test_the_last_owner_stays_and_roles_change(visit: Visit, office: Staff) -> None:
    page = visit.open("/settings/staff", heading="员工与邀请")
    expect(page.get_by_role("combobox", name="林小满的角色")).to_be_disabled()
    expect(page.get_by_role("button", name="移除 林小满")).to_be_disabled()
    expect(page.get_by_text("至少保留一位所有者")).to_be_visible()
    page.get_by_role("combobox", name="李雷").click()
    visit.settle()  # the list has opened
    page.locator(".ant-select-item-option").filter(has_text="分析师").click()
    expect(page.get_by_text("现在是分析师。")).to_be_visible()
    assert [one["role"] for one in office.get("/staff")["items"]] == ["owner", "analyst"]
    page.get_by_role("combobox", name="李雷").click()
    page.locator(".ant-select-item-option").filter(has_text="查看者").click()
    expect(page.get_by_text("现在是查看者。")).to_be_visible()
    assert [one["role"] for one in office.get("/staff")["items"]] == ["owner", "viewer"]
    page.wait_for_timeout(500)  # the list of roles has gone
    visit.check()


def test_an_invitation_link_is_shown_once_and_can_be_withdrawn(visit: Visit, office: Staff) -> None:
    page = visit.open("/settings/staff", heading="员工与邀请")
    page.get_by_role("button", name="邀请员工").first.click()
    page.get_by_label("邮箱（可不填）").fill("not an address")
    page.get_by_role("button", name="生成链接").click()
    expect(page.locator(".ant-form-item-explain-error")).to_have_count(1)
    page.get_by_label("邮箱（可不填）").fill("han@example.org")
    page.get_by_role("button", name="生成链接").click()
    dialog = page.get_by_role("dialog", name="邀请链接")
    assert "/invite/" in dialog.get_by_label("链接", exact=True).input_value()
    assert visit.violations() == []
    dialog.get_by_role("button", name="我已保存好").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="撤回给 han@example.org 的邀请").click()
    page.get_by_role("dialog").get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_text("邀请已撤回。")).to_be_visible()
    assert [one["email"] for one in office.get("/invitations")["items"]] == [""]


def test_a_key_works_until_it_is_revoked(visit: Visit, office: Staff) -> None:
    page = visit.open("/settings/keys", heading="API 密钥")
    page.get_by_role("button", name="新建密钥").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="新建密钥").click()
    expect(dialog.locator(".ant-form-item-explain-error")).to_have_text(["请填写", "至少选择一项权限"])
    dialog.get_by_label("名称").fill("报表")
    dialog.get_by_label("查看成员").check()
    dialog.get_by_role("button", name="新建密钥").click()
    made = page.get_by_role("dialog", name="密钥已建好")
    secret = made.get_by_label("密钥", exact=True).input_value()
    call = made.get_by_role("region", name="试一试").inner_text()
    assert secret.startswith("htk_")
    visit.check()
    assert '"items":' in subprocess.run(["sh", "-c", call], capture_output=True, text=True, check=True, timeout=30).stdout.replace(" ", "")
    made.get_by_role("button", name="我已保存好").click()
    expect(page.get_by_text(secret)).to_have_count(0)
    bearer = {"Authorization": f"Bearer {secret}"}
    members = f"{office.address}/api/workspaces/{office.workspace}/members"
    assert httpx.get(members, headers=bearer).status_code == 200
    assert httpx.get(members.replace("/members", "/staff"), headers=bearer).status_code == 403
    page.get_by_role("button", name="吊销 报表").click()
    confirm = page.get_by_role("dialog", name="吊销密钥？")
    expect(confirm.get_by_role("button", name="吊销")).to_be_disabled()
    confirm.get_by_role("textbox").fill("报表")
    confirm.get_by_role("button", name="吊销").click()
    expect(page.get_by_text("密钥已吊销。")).to_be_visible()
    assert httpx.get(members, headers=bearer).status_code == 401


def test_the_examples_of_a_new_source_work_as_they_are(visit: Visit, office: Staff) -> None:
    page = visit.open("/settings/sources", heading="数据源")
    page.get_by_role("button", name="新建数据源").click()
    form = page.get_by_role("dialog")
    form.get_by_label("名称").fill("小程序")
    form.get_by_role("button", name="新建数据源").click()
    made = page.get_by_role("dialog", name="数据源已建好")
    expect(made.get_by_role("status").filter(has_text="正在等待第一个事件")).to_be_visible()
    curl = made.get_by_role("region", name="命令行（curl）").inner_text()
    answer = subprocess.run(["sh", "-c", curl], capture_output=True, text=True, check=True, timeout=30).stdout
    assert answer == '{"success":true,"accepted":1,"duplicates":0,"rejected":[]}'
    expect(made.get_by_role("status").filter(has_text="已收到：order_paid")).to_be_visible()
    made.get_by_text("网页（JavaScript）").first.click()
    script = made.get_by_role("region", name="网页（JavaScript）").inner_text()
    visit.check()
    made.get_by_role("button", name="我已保存好").click()
    expect(page.get_by_role("heading", level=1, name="小程序")).to_be_visible()
    page.evaluate(f"async () => {{ {script} }}")
    events = page.get_by_role("table", name="最新事件")
    expect(events).to_contain_text("浏览页面")
    expect(events.get_by_role("row").filter(has_text="order_paid")).to_have_count(2)
    sources = {one["name"]: one["id"] for one in office.get("/sources")["items"]}
    names = sorted(one["name"] for one in office.get("/events", source_id=sources["小程序"])["items"])
    assert names in (["member_identified", "order_paid", "order_paid", "page_viewed"], ["order_paid", "order_paid", "page_viewed"])
    page.get_by_role("button", name="吊销").click()
    confirm = page.get_by_role("dialog", name="吊销写入密钥？")
    confirm.get_by_role("textbox").fill("小程序")
    confirm.get_by_role("button", name="吊销").click()
    expect(page.get_by_role("heading", level=1, name="数据源")).to_be_visible()
    assert [one["name"] for one in office.get("/sources")["items"]] == ["官网"]


def test_unknown_events_are_reviewed(visit: Visit, office: Staff) -> None:
    page = visit.open("/settings/event-types?review=unreviewed", heading="事件目录")
    page.get_by_role("button", name="接受 coupon/used").click()
    expect(page.get_by_text("已接受 coupon/used。")).to_be_visible()
    expect(page.get_by_role("button", name="接受 coupon/used")).to_have_count(0)
    visit.open("/settings/event-types?q=coupon", heading="事件目录")
    page.get_by_role("table", name="事件目录").get_by_text("coupon/used").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("row").filter(has_text="amount")).to_contain_text("number")
    drawer.get_by_label("说明").fill("用了优惠券")
    drawer.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    visit.check()
    (found,) = [one for one in office.get("/event-types")["items"] if one["name"] == "coupon/used"]
    assert (found["review"], found["description"], found["events"]) == ("accepted", "用了优惠券", 3)


def test_the_audit_log_is_filtered_and_taken_away(visit: Visit, office: Staff, tmp_path: Path) -> None:
    page = visit.open("/settings/audit?action=key.create", heading="审计日志")
    entries = office.get("/audit", action="key.create")["items"]
    table = page.get_by_role("table", name="审计日志")
    expect(table.locator("tbody tr[data-row-key]")).to_have_count(len(entries))
    expect(table).to_contain_text("商城同步")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    file = tmp_path / "audit.csv"
    download.value.save_as(file)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["action"] for row in rows] == ["key.create"] * len(entries)
    visit.check()


def test_the_workspace_is_renamed_everywhere(visit: Visit, office: Staff) -> None:
    page = visit.open("/settings/workspace", heading="工作区")
    page.get_by_label("工作区名称").fill("青石书店")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("青石书店")
    assert office.get("")["name"] == "青石书店"
    page.get_by_label("工作区名称").fill("青石咖啡")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("banner")).to_contain_text("青石咖啡")
    visit.check()


def test_the_system_says_what_the_api_says(visit: Visit, office: Staff) -> None:
    page = visit.open("/settings/system", heading="系统状态")
    system = office.get("/system")
    versions = page.get_by_role("region", name="版本")
    for version in system["versions"].values():
        expect(versions).to_contain_text(version)
    subscribers = page.get_by_role("region", name="事件订阅者").first
    expect(subscribers.locator("tbody tr")).to_have_count(len(system["subscribers"]))
    expect(page.get_by_role("list").locator("li .ant-tag")).to_have_count(len(system["findings"]))
