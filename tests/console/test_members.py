"""Members in the console: the list and its filters, one member in full, merging and undoing, attributes. Values are those of the API."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]
HEADINGS = {"/members": ("成员", "Members"), "/settings/attributes": ("成员属性", "Member attributes")}
# A name with markup, a right-to-left mark and a zero-width space: always shown as text.
TRICKY = "<b>阿\u202e强\u200b</b>"


@pytest.fixture
def visit(chromium: Browser, sample_server: Staff) -> Iterator[Visit]:
    found = Visit(chromium, sample_server.address).sign_in()
    yield found
    found.close()


@pytest.fixture(scope="module")
def own(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server whose members these tests change: three people and what two of them said in an imported chat."""
    with live.serving(tmp_path_factory.mktemp("members") / "data") as address:
        owner = Staff(address).set_up()
        told = [
            {"time": "2026-03-01T08:00:00+08:00", "sender": "小满", "text": "早上好"},
            {"time": "2026-03-01T09:30:00+08:00", "sender": TRICKY, "text": "<script>alert(1)</script>"},
            {"time": "2026-03-02T21:15:00+08:00", "sender": "小满", "text": "第一行\n第二行"},
        ]
        lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in told).encode()
        answer = owner.http.post(f"/api/workspaces/{owner.workspace}/imports", files={"files": ("读书会.jsonl", lines)})
        answer.raise_for_status()
        made = answer.json()["id"]
        place = {"community_name": "读书会", "group_name": "一群", "channel": "wechat"}
        owner.http.patch(f"/api/workspaces/{owner.workspace}/imports/{made}", json=place).raise_for_status()
        owner.post(f"/imports/{made}/check")
        _until(owner, made, "checked")
        owner.post(f"/imports/{made}/run")
        _until(owner, made, "done")
        owner.post("/members", {"name": "林小满", "identities": [{"channel": "qq", "external_id": "10001"}], "attributes": {"city": "北京"}})
        yield owner


def _until(owner: Staff, made: str, state: str) -> None:
    for _ in range(300):
        now = owner.get(f"/imports/{made}/progress")["state"]
        if now == state:
            return
        assert now not in ("failed", "cancelled"), now
        time.sleep(0.1)
    raise AssertionError(state)


@pytest.fixture
def changing(chromium: Browser, own: Staff) -> Iterator[Visit]:
    found = Visit(chromium, own.address).sign_in()
    yield found
    found.close()


def named(owner: Staff, name: str) -> dict[str, object]:
    return next(one for one in owner.get("/members", q=name)["items"] if one["name"] == name)


def rows(page: Page) -> list[str]:
    found: list[str] = page.locator("tr[data-row-key]").evaluate_all("rows => rows.map((row) => row.dataset.rowKey)")
    return found


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, sample_server: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, sample_server.address, theme=theme, language=language, width=width).sign_in()
    for path, headings in HEADINGS.items():
        page = visit.open(path, heading=headings[language == "en"])
        page.locator("tr[data-row-key]").first.wait_for()
        visit.check()
    talker = sample_server.get("/members", sort="-messages", limit=1)["items"][0]
    for tab in ("timeline", "memberships", "participation", "merges"):
        page = visit.open(f"/members/{talker['id']}?tab={tab}")
        expect(page.locator(".ht-tabs [aria-current=page]")).to_have_count(1)
        page.wait_for_load_state("networkidle")
        visit.check()
    visit.close()


def test_the_list_is_that_of_the_api(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/members", heading="成员")
    answer = sample_server.get("/members", limit=50)
    expect(page.get_by_text(f"共 {answer['count']:,} 位成员")).to_be_visible()
    expect(page.locator("tr[data-row-key]")).to_have_count(50)
    assert rows(page) == [one["id"] for one in answer["items"]]
    page.get_by_role("button", name="加载更多").click()
    expect(page.locator("tr[data-row-key]")).to_have_count(100)
    more = sample_server.get("/members", limit=50, cursor=answer["next_cursor"])
    assert rows(page)[50:] == [one["id"] for one in more["items"]]


def test_filters_and_order_are_in_the_address(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/members", heading="成员")
    page.get_by_role("combobox", name="在群").click()
    page.locator(".ant-select-item-option", has_text="已离开").click()
    page.wait_for_url("**presence=left*")
    left = sample_server.get("/members", presence="left", limit=50)
    expect(page.get_by_text(f"共 {left['count']:,} 位成员")).to_be_visible()
    page.get_by_role("columnheader", name="消息").click()
    page.wait_for_url("**sort=messages*")
    ordered = sample_server.get("/members", presence="left", sort="-messages", limit=50)
    expect(page.locator("tr[data-row-key]").first).to_have_attribute("data-row-key", ordered["items"][0]["id"])
    assert rows(page) == [one["id"] for one in ordered["items"]]
    page.reload()
    expect(page.locator("tr[data-row-key]").first).to_have_attribute("data-row-key", ordered["items"][0]["id"])
    page.get_by_role("button", name="清除筛选").click()
    expect(page).not_to_have_url(re.compile("presence"))


def test_a_search_and_what_nothing_matches(visit: Visit, sample_server: Staff) -> None:
    name = sample_server.get("/members", sort="-messages", limit=1)["items"][0]["name"]
    page = visit.open("/members", heading="成员")
    page.get_by_role("textbox", name="搜索名称或账号").fill(name)
    page.wait_for_url(re.compile(r"\bq="))
    found = sample_server.get("/members", q=name)
    expect(page.get_by_text(f"共 {found['count']:,} 位成员")).to_be_visible()
    page.get_by_role("textbox", name="搜索名称或账号").fill("没有人叫这个名字的")
    expect(page.get_by_role("heading", name="没有符合条件的内容")).to_be_visible()
    visit.check()
    # A hand-made address never breaks the page.
    page = visit.open("/members?community=nonsense&active=-3&sort=weight&joined=yesterday", heading="成员")
    expect(page.locator("tr[data-row-key]")).to_have_count(50)
    talker = sample_server.get("/members", sort="-messages", limit=1)["items"][0]
    page = visit.open(f"/members/{talker['id']}?community=nonsense&tab=secrets&when=soon")
    expect(page.locator(".ht-timeline > li")).to_have_count(50)
    assert visit.complaints == []


def test_a_row_opens_the_drawer_and_the_name_the_page(visit: Visit, sample_server: Staff) -> None:
    page = visit.open("/members?sort=messages", heading="成员")
    talker = sample_server.get("/members", sort="-messages", limit=1)["items"][0]
    page.locator("tr[data-row-key]").first.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".ht-facts dd").first).to_have_text(f"{talker['messages']:,}")
    page.wait_for_timeout(400)
    visit.check()
    assert f"peek={talker['id']}" in page.url
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    page.get_by_role("link", name=talker["name"], exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(talker["name"])
    assert page.title().startswith(f"{talker['name']} · ")


def test_columns_are_remembered(visit: Visit) -> None:
    page = visit.open("/members", heading="成员")
    page.get_by_role("button", name="列", exact=True).click()
    page.get_by_role("checkbox", name="渠道").click()
    expect(page.get_by_role("columnheader", name="渠道")).to_have_count(0)
    page.reload()
    page.locator("tr[data-row-key]").first.wait_for()
    expect(page.get_by_role("columnheader", name="渠道")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="最近活跃")).to_have_count(1)


def test_the_export_holds_everybody_who_matches(visit: Visit, sample_server: Staff, tmp_path: Path) -> None:
    page = visit.open("/members?spoke=never", heading="成员")
    count = sample_server.get("/members", never_spoke=True)["count"]
    with page.expect_download() as expected:
        page.get_by_role("link", name="导出 CSV").click()
    expected.value.save_as(tmp_path / "members.csv")
    with (tmp_path / "members.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == count
    assert {line["messages"] for line in lines} == {"0"}


def test_the_timeline_tells_every_event_under_its_day(visit: Visit, sample_server: Staff) -> None:
    talker = sample_server.get("/members", sort="-messages", limit=1)["items"][0]
    page = visit.open(f"/members/{talker['id']}")
    first = sample_server.get(f"/members/{talker['id']}/timeline", limit=50)
    expect(page.locator(".ht-timeline > li")).to_have_count(50)
    assert page.locator(".ht-timeline > li").evaluate_all("items => items.map((item) => item.dataset.event)") == [
        one["name"] for one in first["items"]
    ]
    page.get_by_role("button", name="加载更早的事件").click()
    expect(page.locator(".ht-timeline > li")).to_have_count(100)
    page.get_by_role("combobox", name="事件").click()
    page.locator(".ant-select-item-option", has_text="加入群").click()
    page.wait_for_url("**event=member_joined*")
    joins = sample_server.get(f"/members/{talker['id']}/timeline", name="member_joined")["items"]
    expect(page.locator(".ht-timeline > li")).to_have_count(len(joins))
    expect(page.locator(".ht-event-head").first).to_contain_text("加入了")
    assert visit.complaints == []


def test_what_anybody_wrote_is_text(changing: Visit, own: Staff) -> None:
    page = changing.open(f"/members/{named(own, TRICKY)['id']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<b>阿")
    expect(page.get_by_role("heading", level=1).get_by_role("img", name="不可见字符 U+202E")).to_be_visible()
    expect(page.locator(".ht-event-text")).to_have_text("<script>alert(1)</script>")
    expect(page.locator(".ht-event-head")).to_contain_text("在一群发言")
    expect(page.locator(".ht-timeline-day")).to_have_text("3月1日 周日")
    expect(page.locator(".ht-timeline time")).to_have_text("09:30")
    changing.check()


def test_a_member_is_added_by_hand(changing: Visit, own: Staff) -> None:
    page = changing.open("/members", heading="成员")
    page.get_by_role("button", name="添加成员").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="添加一个身份").click()
    dialog.get_by_role("combobox", name="渠道").click()
    page.locator(".ant-select-item-option", has_text="QQ").click()
    dialog.get_by_role("textbox", name="账号或 ID").fill("10001")
    dialog.get_by_role("textbox", name="名称").fill("周末")
    dialog.get_by_role("button", name="添加", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("已属于另一位成员")  # nothing typed is lost
    expect(dialog.get_by_role("textbox", name="名称")).to_have_value("周末")
    dialog.get_by_role("textbox", name="账号或 ID").fill("10002")
    dialog.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("周末")
    assert own.get(f"/members/{named(own, '周末')['id']}")["identities"][0]["external_id"] == "10002"


def test_a_fact_is_added_changed_and_cleared(changing: Visit, own: Staff) -> None:
    member = named(own, "小满")
    page = changing.open(f"/members/{member['id']}")
    page.get_by_role("button", name="添加资料").click()
    page.get_by_role("combobox", name="选择属性").click()
    page.locator(".ant-select-item-option", has_text="生日").click()
    birthday = page.get_by_role("form", name="生日")
    birthday.get_by_role("combobox", name="月").click()
    page.locator(".ant-select-item-option:visible", has_text=re.compile("^2 月$")).click()
    birthday.get_by_role("combobox", name="日", exact=True).click()
    page.keyboard.type("")
    page.keyboard.press("End")
    page.locator(".ant-select-item-option:visible", has_text=re.compile("^3 日$")).click()
    birthday.get_by_role("button", name="保存").click()
    entry = page.locator(".ht-attributes > li", has_text="生日")
    expect(entry.locator(".ht-attribute-value")).to_have_text("2月3日")
    expect(entry.locator(".ht-attribute-source")).to_contain_text("林小满填写")
    value = next(one for one in own.get(f"/members/{member['id']}")["attributes"] if one["key"] == "birthday")
    assert value["value"] == "02-03"
    changing.check()
    page.get_by_role("button", name="清除生日").click()
    page.get_by_role("button", name="清除", exact=True).click()
    expect(entry).to_have_count(0)
    assert own.get(f"/members/{member['id']}")["attributes"] == []


def test_two_members_are_merged_and_parted_again(changing: Visit, own: Staff) -> None:
    kept, other = named(own, "小满"), named(own, "林小满")
    page = changing.open(f"/members/{kept['id']}")
    page.get_by_role("button", name="合并", exact=True).click()
    dialog = page.get_by_role("dialog")
    search = dialog.get_by_role("combobox", name="搜索另一位成员的名称或账号")
    search.click()
    search.fill("林小")
    page.locator(".ant-select-item-option", has_text="林小满").click()
    table = dialog.get_by_role("table")
    expect(table.get_by_role("row", name=re.compile("^消息"))).to_have_text("消息202")
    expect(table.get_by_role("row", name=re.compile("^城市"))).to_have_text("城市–北京北京")
    expect(dialog.get_by_text("合并可以随时撤销")).to_be_visible()
    page.wait_for_timeout(400)
    assert changing.violations() == []
    dialog.get_by_role("textbox", name="原因（可不填）").fill("同一个人")
    dialog.get_by_role("button", name="合并", exact=True).click()
    expect(page.locator(".ht-merges li")).to_contain_text("林小满 并入 小满")
    expect(page.locator(".ht-merges li")).to_contain_text("同一个人")
    assert {one["channel"] for one in own.get(f"/members/{kept['id']}")["identities"]} == {"qq", "wechat"}
    page = changing.open(f"/members/{other['id']}")
    expect(page.get_by_role("note")).to_contain_text("这位成员已并入小满")
    changing.check()
    page.get_by_role("button", name="撤销合并").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("「林小满」会重新成为单独的成员")
    expect(dialog).to_contain_text("QQ 10001")
    dialog.get_by_role("button", name="撤销合并").click()
    expect(page.get_by_role("note")).to_have_count(0)
    expect(page.locator(".ht-attribute-value")).to_have_text("北京")
    assert [one["channel"] for one in own.get(f"/members/{kept['id']}")["identities"]] == ["wechat"]
    changing.check()


def test_an_attribute_of_ones_own(changing: Visit, own: Staff) -> None:
    page = changing.open("/settings/attributes", heading="成员属性")
    page.get_by_role("button", name="添加属性").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="中文名称").fill("肤质")
    dialog.get_by_role("textbox", name="英文名称").fill("Skin type")
    dialog.get_by_role("textbox", name="键").fill("email")
    dialog.get_by_role("button", name="添加属性").click()
    expect(dialog.get_by_text("已有键为「email」的属性。")).to_be_visible()
    changing.complaints.clear()  # the browser itself reports the refused call
    dialog.get_by_role("textbox", name="键").fill("skin_type")
    dialog.get_by_role("button", name="添加属性").click()
    expect(page.get_by_role("row", name=re.compile("肤质"))).to_contain_text("skin_type")
    assert own.get("/attributes")["items"][-1]["name_en"] == "Skin type"
    changing.check()
    page.get_by_role("button", name="删除肤质").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="删除", exact=True)).to_be_disabled()
    dialog.get_by_role("textbox").fill("skin_type")
    dialog.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("肤质"))).to_have_count(0)
    assert [one for one in own.get("/attributes")["items"] if not one["is_standard"]] == []


def test_a_viewer_sees_no_button_that_would_be_refused(chromium: Browser, own: Staff) -> None:
    link = own.post("/invitations", {"email": "viewer@example.org", "role": "viewer"})["link"]
    account = {"name": "访客", "email": "viewer@example.org", "password": live.PASSWORD, "language": "zh"}
    answer = Staff(own.address).http.post(f"/api/invitations/{link.rsplit('/', 1)[1]}", json={"account": account})
    answer.raise_for_status()
    visit = Visit(chromium, own.address).sign_in("viewer@example.org")
    page = visit.open("/members", heading="成员")
    page.locator("tr[data-row-key]").first.wait_for()
    for name in ("导出 CSV", "导入聊天记录", "添加成员"):
        expect(page.get_by_text(name, exact=True)).to_have_count(0)
    assert page.get_by_role("checkbox").count() == 0
    page = visit.open(f"/members/{named(own, '小满')['id']}")
    expect(page.get_by_role("button", name="合并", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="添加资料")).to_have_count(0)
    expect(page.get_by_role("link", name="管理属性")).to_have_count(0)
    visit.check()
    visit.close()


def test_one_who_is_not_there(changing: Visit) -> None:
    page = changing.open("/members/00000000-0000-7000-8000-000000000000")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="重试")).to_be_visible()
    assert changing.violations() == []


def within(part: Locator) -> bool:
    """Nothing in it is wider than it is."""
    return bool(part.evaluate("one => one.scrollWidth <= one.clientWidth"))


@pytest.mark.parametrize("width", [1440, 390])
def test_long_names_stay_within_the_page(chromium: Browser, own: Staff, width: int) -> None:
    name = "很长的名字" * 8 + "_AVeryLongNameWithoutAnySpace" * 4
    kept, absorbed = (own.post("/members", {"name": f"{which}{name}{width}"})["id"] for which in ("甲", "乙"))
    own.post("/merges", {"kept_id": kept, "absorbed_id": absorbed, "reason": name})
    visit = Visit(chromium, own.address, width=width).sign_in()
    page = visit.open(f"/members/{absorbed}")
    page.get_by_role("note").wait_for()
    assert visit.overflow() == 0
    assert within(page.get_by_role("note"))
    visit.open(f"/members/{kept}?tab=merges")
    page.locator(".ht-merges li").wait_for()
    assert visit.overflow() == 0
    assert within(page.locator(".ht-merges"))
    page.get_by_role("button", name="撤销合并").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("会重新成为单独的成员").wait_for()
    assert within(dialog.get_by_role("form"))
    visit.open(f"/members?q=甲{name[:30]}", heading="成员")
    page.locator("tbody tr[data-row-key]").first.locator("td").nth(2).click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("link", name="打开成员页").wait_for()
    visit.settle()
    assert within(drawer.locator(".ant-drawer-header"))
    visit.check()
    visit.close()
