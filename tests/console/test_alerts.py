"""Alerts in the console: what is watched for, who is told, and one that is raised by what people write, taken on, put off and resolved."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
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

LOOKS = [("light", "zh", 1440), ("dark", "zh", 390), ("light", "en", 390), ("dark", "en", 1440)]
LOOK_SECONDS_MAX = 100  # it is looked once a minute
ASKED = "请问 <b>周五</b> 的读书会几点开始，要提前报名吗？"


@pytest.fixture(scope="module")
def peer() -> Iterator[WebhookPeer]:
    with start() as started:
        yield started


@pytest.fixture(scope="module")
def office(built: None, peer: WebhookPeer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A workspace with two communities, and an account that is in a group of the first and in the chat of the team."""
    with live.serving(tmp_path_factory.mktemp("alerts") / "data") as address:
        owner = Staff(address).set_up()
        settings = {"url": peer.url, "secret": peer.secret}
        account = owner.post("/channels/accounts", {"platform": "webhook", "name": "小助手", "settings": settings, "private_hosts": ["127.0.0.1"]})
        owner.post(f"/channels/accounts/{account['id']}/chats", {"external_id": "team", "name": "运营值班群"})
        community = owner.post("/communities", {"name": "胡同读书会"})["id"]
        owner.post("/communities", {"name": "老街咖啡"})
        tell(owner, peer, "m0", "大家好", at=clock.now())
        chats = owner.get(f"/channels/accounts/{account['id']}/chats")["items"]
        room = next(one["id"] for one in chats if one["name"] == "一群")
        put(owner, f"/channels/chats/{room}/group", {"community_id": community})
        yield owner


@pytest.fixture
def visit(chromium: Browser, office: Staff) -> Iterator[Visit]:
    found = Visit(chromium, office.address).sign_in()
    yield found
    assert found.complaints == []
    found.close()


def put(owner: Staff, path: str, body: Any = None) -> None:
    owner.http.put(f"/api/workspaces/{owner.workspace}{path}", json=body).raise_for_status()


def tell(owner: Staff, peer: WebhookPeer, name: str, text: str, *, at: dt.datetime, who: str = "小明") -> None:
    """Somebody writes in the group, as the platform tells it."""
    data = {
        "id": name, "chat": {"id": "room-1", "kind": "group", "name": "一群"}, "actor": {"id": f"u-{who}", "name": who},
        "message": {"id": name, "text": text},
    }  # fmt: skip
    told = peer.signed(json.dumps({"type": "message.new", "timestamp": at.isoformat(), "data": data}).encode(), webhook_id=f"told-{name}")
    account = owner.get("/channels/accounts")["items"][0]["id"]
    httpx.post(f"{owner.address}/hooks/{account}", content=told.body, headers=told.headers).raise_for_status()


def until(owner: Staff, show: str, count: int) -> list[dict[str, Any]]:
    """The alerts, once the look that is taken every minute made them so many."""
    end = time.monotonic() + LOOK_SECONDS_MAX
    while time.monotonic() < end:
        items: list[dict[str, Any]] = owner.get("/alerts", show=show)["items"]
        if len(items) == count:
            return items
        time.sleep(0.5)
    raise AssertionError(f"no {count} alerts that are {show}")


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_before_anything_happened(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/communities/alerts", heading="Alerts" if is_en else "提醒")
    expect(page.get_by_text("No alerts now" if is_en else "现在没有提醒")).to_be_visible()
    visit.check()
    page = visit.open("/communities/alerts?tab=rules", heading="Alerts" if is_en else "提醒")
    expect(page.get_by_role("heading", level=2)).to_have_text(["老街咖啡", "胡同读书会"])
    visit.check()
    page = visit.open("/communities/alerts?tab=told", heading="Alerts" if is_en else "提醒")
    expect(page.get_by_text("No chat is told yet" if is_en else "还没有会话接收提醒")).to_be_visible()
    visit.check()
    visit.close()


def test_what_is_watched_for_is_changed_and_kept(visit: Visit, office: Staff) -> None:
    page = visit.open("/communities/alerts?tab=rules", heading="提醒")
    club = page.get_by_role("region", name="胡同读书会")
    club.get_by_text("高", exact=True).click()
    expect(club.get_by_role("radio", name="高")).to_be_checked()
    club.get_by_role("checkbox", name="新人没人理").click()  # it follows what the server keeps
    expect(club.get_by_role("checkbox", name="新人没人理")).not_to_be_checked()
    minutes = club.get_by_label("提问多少分钟没人答")
    minutes.fill("20")
    with page.expect_response(re.compile("alert-rules")) as answer:
        minutes.blur()
    assert answer.value.ok
    page.reload()
    expect(club.get_by_label("提问多少分钟没人答")).to_have_value("20")
    (kept,) = [one for one in office.get("/alert-rules")["items"] if one["community"]["name"] == "胡同读书会"]
    assert (kept["sensitivity"], kept["question_minutes"], kept["kinds"]) == ("high", 20, ["quiet", "spike", "question"])
    visit.check()


def test_what_is_done_for_whoever_waits(visit: Visit, office: Staff) -> None:
    page = visit.open("/communities/alerts?tab=rules", heading="提醒")
    club = page.get_by_role("region", name="胡同读书会")
    besides = club.get_by_role("region", name="还要做什么")
    besides.get_by_role("button", name="添加动作").click()
    page.get_by_role("textbox", name="搜索动作").fill("待办")
    page.keyboard.press("Enter")
    title = besides.get_by_role("textbox", name="标题")
    besides.get_by_role("button", name="保存", exact=True).click()
    expect(title).to_have_attribute("aria-invalid", "true")
    visit.complaints = [one for one in visit.complaints if "422" not in one]
    visit.check()
    title.fill("去回答 {{name|朋友}}")
    # What is kept at once leaves it alone, and so does whoever is asked before it is lost.
    minutes = club.get_by_label("新人发言多少分钟没人理")
    minutes.fill("25")
    with page.expect_response(re.compile("alert-rules")):
        minutes.blur()
    page.locator(".ant-segmented-item", has_text="提醒谁").click()
    page.get_by_role("dialog").get_by_role("button", name="继续编辑").click()
    expect(title).to_have_value("去回答 {{name|朋友}}")
    besides.get_by_role("button", name="保存", exact=True).click()
    expect(besides.get_by_role("button", name="保存", exact=True)).to_have_count(0)
    expect(besides).to_contain_text("近 7 天：执行 0 · 跳过 0 · 失败 0")
    (kept,) = [one for one in office.get("/alert-rules")["items"] if one["community"]["name"] == "胡同读书会"]
    assert ([one["settings"]["title"] for one in kept["following"]["actions"]], kept["newcomer_minutes"]) == (["去回答 {{name|朋友}}"], 25)
    page.reload()
    expect(title).to_have_value("去回答 {{name|朋友}}")
    title.fill("别的")
    besides.get_by_role("button", name="取消").click()
    expect(title).to_have_value("去回答 {{name|朋友}}")
    besides.get_by_role("link", name="查看记录").click()
    expect(page.get_by_role("region", name="这条规则的意思")).to_contain_text("「胡同读书会」的一位成员等了很久，没人回应")
    page.get_by_role("link", name="「胡同读书会」的提醒").click()
    expect(club).to_be_focused()
    expect(club).to_have_attribute("aria-current", "location")
    expect(club.get_by_role("heading", level=2)).to_be_in_viewport()
    expect(title).to_have_value("去回答 {{name|朋友}}")
    visit.check()


@pytest.mark.parametrize(("theme", "language", "width"), [LOOKS[0], LOOKS[3]])
def test_two_editors_of_what_is_watched_for_lose_nothing(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    shop = office.post("/communities", {"name": f"两人改 {language}"})["id"]
    path = f"/api/workspaces/{office.workspace}/alert-rules/{shop}"

    def change(**body: Any) -> dict[str, Any]:
        found: dict[str, Any] = office.http.patch(path, json=body).raise_for_status().json()
        return found

    change(actions=[{"id": "a1", "action": "todo.create", "settings": {"title": "原来的"}}])
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/communities/alerts?tab=rules", heading="Alerts" if is_en else "提醒")
    card = page.get_by_role("region", name=f"两人改 {language}")
    besides = card.get_by_role("region", name="What else to do" if is_en else "还要做什么")
    title = besides.get_by_role("textbox", name="Title" if is_en else "标题")
    minutes = card.get_by_role("spinbutton").first
    save = besides.get_by_role("button", name="Save" if is_en else "保存", exact=True)
    # What one keeps oneself meanwhile is no one else's change, however quickly it comes.
    title.fill("我的")
    minutes.fill("25")
    save.click()
    expect(save).to_have_count(0)
    card.get_by_role("checkbox").first.click()
    card.get_by_role("checkbox").last.click()
    expect(card.get_by_role("checkbox").last).not_to_be_checked()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    (kept,) = [one for one in office.get("/alert-rules")["items"] if one["community"]["id"] == shop]
    shown = (kept["question_minutes"], kept["kinds"], kept["following"]["actions"][0]["settings"]["title"], kept["version"])
    assert shown == (25, ["spike", "question"], "我的", 5)
    # Somebody else changes the same at the same time.
    title.fill("我又改了")
    change(version=5, actions=[{"id": "a1", "action": "todo.create", "settings": {"title": "对方的"}}])
    save.click()
    told = besides.get_by_role("alert").filter(has_text="林小满")
    expect(told).to_contain_text("You both changed: actions." if is_en else "两人都改了：动作。")
    expect(title).to_have_value("我又改了")
    assert [one for one in visit.complaints if "409" not in one] == []
    visit.complaints.clear()
    visit.check()
    told.get_by_role("button", name="Take what they saved" if is_en else "改用对方保存的").click()
    expect(title).to_have_value("对方的")
    told.get_by_role("button", name="Back to my changes" if is_en else "换回我的修改").click()
    save.click()
    expect(save).to_have_count(0)
    expect(told).to_have_count(0)
    # A setting that is kept at once is not written over theirs: it shows theirs, and says whose.
    now = change(sensitivity="low")
    assert (now["following"]["actions"][0]["settings"]["title"], now["version"]) == ("我又改了", 8)
    card.get_by_text("High" if is_en else "高", exact=True).click()
    said = "林小满 has just changed what is watched for" if is_en else "林小满 刚刚修改了这个社群的提醒设置"
    expect(page.get_by_text(said)).to_be_visible()
    expect(card.get_by_role("radio", name="Low" if is_en else "低")).to_be_checked()
    assert [one["version"] for one in office.get("/alert-rules")["items"] if one["community"]["id"] == shop] == [8]
    assert [one for one in visit.complaints if "409" not in one] == []
    visit.complaints.clear()
    visit.close()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_actions_that_nothing_sets_off_say_so(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    (cafe,) = [one["community"]["id"] for one in office.get("/alert-rules")["items"] if one["community"]["name"] == "老街咖啡"]
    does = [{"id": "a1", "action": "todo.create", "settings": {"title": "去看看"}}]
    path = f"/api/workspaces/{office.workspace}/alert-rules/{cafe}"
    rules = office.http.patch(path, json={"kinds": ["quiet"], "actions": does}).raise_for_status().json()
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/communities/alerts?tab=rules", heading="Alerts" if is_en else "提醒")
    said = "Neither unanswered questions nor ignored newcomers" if is_en else "提问没人答、新人没人理都没有勾选"
    expect(page.get_by_role("region", name="老街咖啡").get_by_role("note")).to_contain_text(said)
    visit.check()
    page = visit.open(f"/automation/rules/{rules['following']['rule_id']}", heading="老街咖啡")
    expect(page.get_by_role("note")).to_contain_text("the alerts of “老街咖啡”" if is_en else "「老街咖啡」的提醒")
    visit.check()
    visit.close()


@pytest.mark.parametrize(("theme", "language", "width"), [LOOKS[0], LOOKS[2]])
def test_a_number_of_minutes_that_is_too_small_is_refused_with_words(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/communities/alerts?tab=rules", heading="Alerts" if is_en else "提醒")
    minutes = page.get_by_role("region", name="老街咖啡").get_by_role("spinbutton").first
    minutes.fill("5")
    minutes.blur()
    expect(page.get_by_role("alert")).to_have_text("Enter 15 to 720 minutes. It was not saved." if is_en else "请填 15 到 720 分钟。没有保存。")
    expect(minutes).to_have_attribute("aria-invalid", "true")
    visit.check()
    minutes.fill("60")
    minutes.blur()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert [one["question_minutes"] for one in office.get("/alert-rules")["items"] if one["community"]["name"] == "老街咖啡"] == [60]
    visit.close()


@pytest.mark.parametrize(("theme", "language", "width"), [LOOKS[0], LOOKS[2]])
def test_who_is_told_is_said_once_it_is_right(chromium: Browser, office: Staff, theme: str, language: str, width: int) -> None:
    is_en = language == "en"
    visit = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/communities/alerts?tab=told", heading="Alerts" if is_en else "提醒")
    page.get_by_role("button", name="Add a chat" if is_en else "添加会话").click()
    dialog = page.get_by_role("dialog")
    save = dialog.get_by_role("button", name="Save" if is_en else "保存", exact=True)
    save.click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose the chat to tell." if is_en else "请选择发到哪个会话。")
    dialog.get_by_role("combobox", name="Choose a chat" if is_en else "选择会话").click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text="运营值班群").click()
    dialog.get_by_label("Quiet from" if is_en else "免打扰从").fill("22:00")
    save.click()
    expect(dialog.get_by_role("alert")).to_have_text("Quiet hours need both a beginning and an end." if is_en else "免打扰要填开始和结束两个时刻。")
    visit.complaints = [one for one in visit.complaints if "422" not in one]  # the browser's own word on a refusal
    visit.check()
    assert office.get("/alert-subscriptions")["items"] == []
    dialog.get_by_label("to" if is_en else "到", exact=True).fill("08:00")
    save.click()
    expect(dialog).to_have_count(0)
    said = "All kinds · quiet from 22:00 to 08:00" if is_en else "全部种类 · 22:00 到 08:00 免打扰"
    expect(page.get_by_text(said)).to_be_visible()
    visit.check()
    page.get_by_role("button", name="Remove “运营值班群”" if is_en else "去掉「运营值班群」").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove" if is_en else "去掉").click()
    expect(page.get_by_text("No chat is told yet" if is_en else "还没有会话接收提醒")).to_be_visible()
    assert office.get("/alert-subscriptions")["items"] == []
    visit.close()


def test_a_question_nobody_answers_is_raised_told_taken_on_put_off_and_resolved(
    chromium: Browser, visit: Visit, office: Staff, peer: WebhookPeer
) -> None:
    chats = office.get(f"/channels/accounts/{office.get('/channels/accounts')['items'][0]['id']}/chats")["items"]
    team = next(one["id"] for one in chats if one["name"] == "运营值班群")
    office.post("/alert-subscriptions", {"way": "chat", "chat_id": team, "kinds": ["question"]})
    for one in office.get("/alert-rules")["items"]:
        path = f"/api/workspaces/{office.workspace}/alert-rules/{one['community']['id']}"
        office.http.patch(path, json={"question_minutes": 20, "kinds": ["question"]}).raise_for_status()
    tell(office, peer, "q1", ASKED, at=clock.now() - dt.timedelta(minutes=25), who="小红")
    (raised,) = until(office, "open", 1)
    assert (raised["kind"], raised["people"][0]["text"]) == ("question", ASKED)
    page = visit.open("/communities/alerts", heading="提醒")
    expect(page.get_by_role("link", name="1 条待处理的提醒")).to_be_visible()
    row = page.get_by_role("list", name="提醒", exact=True).get_by_role("listitem").first
    expect(row).to_contain_text(ASKED)
    visit.check()
    end = time.monotonic() + LOOK_SECONDS_MAX
    while not peer.shown and time.monotonic() < end:
        time.sleep(0.2)
    assert [f"{raised['zh']}小红：{ASKED}" in data["text"] for data in peer.shown.values()] == [True]
    row.get_by_role("button", name="稍后提醒").click()
    page.get_by_role("menuitem", name="4 小时后").click()
    expect(row).to_contain_text("林小满 推迟到")
    expect(page.get_by_role("link", name="0 条待处理的提醒")).to_be_visible()
    visit.check()
    row.get_by_role("button", name="重新待处理").click()
    row.get_by_role("button", name="我来处理").click()
    expect(row).to_contain_text("林小满 在处理")
    visit.check()
    for theme, language, width in LOOKS:
        other = Visit(chromium, office.address, theme=theme, language=language, width=width).sign_in()
        shown = other.open("/communities/alerts", heading="Alerts" if language == "en" else "提醒")
        expect(shown.get_by_text(ASKED, exact=True)).to_be_visible()
        other.check()
        other.close()
    page.get_by_role("button", name=f"回复“{ASKED}”").click()
    answer = page.get_by_label("回复", exact=True).last
    expect(page.locator(".ht-thread").get_by_text(ASKED, exact=True)).to_be_visible()
    visit.check()
    answer.fill("晚上七点，不用报名")
    answer.press("Control+Enter")
    until(office, "active", 0)
    assert "晚上七点，不用报名" in [data["text"] for data in peer.shown.values()]
    page = visit.open("/communities/alerts?show=resolved", heading="提醒")
    expect(page.get_by_text("原因已消失")).to_be_visible()
    visit.check()
