"""The first run, signing in and out, invitations and one's own account, as a person does them in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.live import EMAIL, PASSWORD, Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", "zh", 1440), ("dark", "zh", 390), ("dark", "en", 1440), ("light", "en", 390)]
NEW_PASSWORD = "red-lantern-2031"


@pytest.fixture
def visit(chromium: Browser, empty_server: str) -> Iterator[Visit]:
    found = Visit(chromium, empty_server)
    yield found
    found.close()


def signed_in(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^账号: ")).wait_for()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_the_set_up_page_in_every_look(chromium: Browser, empty_server: str, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, empty_server, theme=theme, language=language, width=width)
    visit.open("/", heading={"zh": "首次设置", "en": "First-time setup"}[language])
    visit.check()
    visit.close()


def test_the_first_run(visit: Visit) -> None:
    page = visit.open("/members?q=x", heading="首次设置")
    assert page.url.endswith("/setup")
    page.get_by_role("button", name="开始使用").click()
    expect(page.get_by_text("请填写", exact=True)).to_have_count(2)

    page.get_by_label("工作区名称").fill("青石咖啡")
    page.get_by_label("你的姓名").fill("林小满")
    page.get_by_label("邮箱").fill("nobody")
    page.get_by_label("密码", exact=True).fill("1234567890")
    page.get_by_role("button", name="开始使用").click()
    page.get_by_text("不是有效的邮箱地址。").wait_for()  # the server's word, at the field
    assert page.get_by_label("工作区名称").input_value() == "青石咖啡"
    visit.complaints.clear()  # the browser itself notes an answer 422

    page.get_by_label("邮箱").fill(EMAIL)
    page.get_by_role("button", name="开始使用").click()
    page.get_by_text("这个密码太常见，请换一个。").wait_for()
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    visit.complaints.clear()
    page.get_by_role("button", name="开始使用").click()
    page.get_by_role("heading", level=2, name="这里会显示社群的近况").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.title() == "工作台 · 青石咖啡 · 胡同"
    visit.check()
    assert visit.page.context.request.get(f"{visit.address}/api/session").json()["user"]["email"] == EMAIL
    page.goto(f"{visit.address}/setup")
    page.wait_for_url("**/login")  # only once


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_the_log_in_page_in_every_look(chromium: Browser, empty_server: str, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, empty_server, theme=theme, language=language, width=width)
    visit.open("/members?q=x", heading={"zh": "登录", "en": "Sign in"}[language])
    assert visit.page.url == f"{empty_server}/login?next=%2Fmembers%3Fq%3Dx"
    visit.check()
    visit.close()


def test_signing_in_and_out(visit: Visit) -> None:
    page = visit.open("/analytics?view=hours", heading="登录")
    page.get_by_label("邮箱").fill(EMAIL)
    page.get_by_label("密码").fill("wrong-password")
    page.get_by_role("button", name="登录").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "邮箱或密码不正确。" in (alert.text_content() or "")
    assert page.get_by_label("邮箱").input_value() == EMAIL
    visit.complaints.clear()
    visit.check()
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="分析").wait_for()
    assert page.url.endswith("/analytics?view=hours")
    page.get_by_role("button", name="账号: 林小满").click()
    page.get_by_role("menuitem", name="退出登录").click()
    page.get_by_role("heading", level=1, name="登录").wait_for()
    assert page.context.request.get(f"{visit.address}/api/session").json() == {"user": None, "staff": []}
    assert visit.complaints == []


def test_an_invitation_is_accepted_with_a_new_account(chromium: Browser, empty_server: str) -> None:
    owner = Staff(empty_server).sign_in()
    made = owner.post("/invitations", {"role": "analyst", "email": "li@example.org"})
    path = made["link"].removeprefix(empty_server) if made["link"].startswith(empty_server) else "/invite/" + made["link"].rsplit("/", 1)[-1]
    for theme, language, width in LOOKS:
        look = Visit(chromium, empty_server, theme=theme, language=language, width=width)
        look.open(path, heading={"zh": "接受邀请", "en": "Accept the invitation"}[language])
        look.page.get_by_text("青石咖啡").wait_for()
        look.check()
        look.close()
    visit = Visit(chromium, empty_server)
    page = visit.open(path, heading="接受邀请")
    page.get_by_text("分析师").wait_for()
    page.get_by_text("林小满").wait_for()
    assert page.get_by_label("邮箱").input_value() == "li@example.org"
    assert page.get_by_label("邮箱").is_disabled()
    page.get_by_label("你的姓名").fill("李雷")
    page.get_by_label("密码", exact=True).fill(NEW_PASSWORD)
    page.get_by_role("button", name="新建账号并加入").click()
    page.get_by_role("button", name="账号: 李雷").wait_for()
    # An analyst imports nothing and loads no sample.
    page.get_by_text("社群经理导入聊天记录之后").wait_for()
    assert page.get_by_role("link", name="导入聊天记录").count() == 0
    assert page.get_by_role("button", name="先看示例社群").count() == 0
    assert visit.complaints == []
    page.goto(f"{empty_server}{path}")
    page.get_by_role("heading", level=2, name="邀请已失效").wait_for()
    assert (
        owner.get("/staff")["items"][-1]["role"] == "analyst"
        or {one["email"]: one["role"] for one in owner.get("/staff")["items"]}["li@example.org"] == "analyst"
    )
    visit.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_the_account_page_in_every_look(chromium: Browser, empty_server: str, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, empty_server, theme=theme, language=language, width=width).sign_in()
    visit.open("/account", heading={"zh": "我的账号", "en": "My account"}[language])
    visit.check()
    visit.close()


def test_one_s_own_account(visit: Visit) -> None:
    visit.sign_in()
    page = visit.open("/account", heading="我的账号")
    page.get_by_label("你的姓名").fill("林大满")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="账号: 林大满").wait_for()  # everywhere at once

    page.get_by_label("原密码").fill("not-the-password")
    page.get_by_label("新密码").fill(NEW_PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    page.get_by_text("原密码不正确。").wait_for()
    assert page.get_by_label("新密码").input_value() == NEW_PASSWORD
    page.get_by_label("原密码").fill(PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    page.get_by_text("密码已修改，其他登录已失效").wait_for()
    assert page.get_by_label("原密码").input_value() == ""
    assert Staff(visit.address).http.post("/api/session", json={"email": EMAIL, "password": PASSWORD}).status_code == 401

    # The session goes on, and its writes too.
    page.get_by_label("你的姓名").fill("林小满")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="账号: 林小满").wait_for()
    page.get_by_label("原密码").fill(NEW_PASSWORD)
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_label("原密码")).to_have_value("")
    assert Staff(visit.address).sign_in().workspace != ""


def test_a_further_workspace(visit: Visit) -> None:
    visit.sign_in()
    page = visit.open("/", heading="工作台")
    page.get_by_role("button", name="切换工作区: 青石咖啡").click()
    page.get_by_role("menuitem", name="新建工作区").click()
    page.get_by_role("heading", level=1, name="新建工作区").wait_for()
    page.wait_for_timeout(400)
    visit.check()
    page.get_by_label("工作区名称").fill("上海分社")
    page.get_by_role("button", name="新建").click()
    page.get_by_role("button", name="切换工作区: 上海分社").click()
    page.get_by_role("menuitem", name=re.compile("青石咖啡")).click()
    page.get_by_role("button", name="切换工作区: 青石咖啡").wait_for()
    places = visit.context.request.get(f"{visit.address}/api/session").json()["staff"]
    (first,) = [place["workspace"]["id"] for place in places if place["workspace"]["name"] == "青石咖啡"]
    assert page.url == f"{visit.address}/?workspace={first}"
    page.get_by_role("link", name="分析").click()
    page.wait_for_url("**/analytics?workspace=*")
    assert visit.complaints == []
