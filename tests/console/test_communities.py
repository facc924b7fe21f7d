"""Communities and groups: every page in every look, numbers as the API gives them, and everything that can be changed."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import live
from tests.console.live import Staff, Visit
from tests.console.test_settings import VIEWER, join

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]
ODD = "读\u202e书会 <img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def office(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A workspace with an owner and a viewer, and no community."""
    with live.serving(tmp_path_factory.mktemp("office") / "data") as address:
        owner = Staff(address).set_up()
        join(owner, VIEWER, "viewer", "李雷")
        yield owner


@pytest.fixture
def visit(chromium: Browser, office: Staff) -> Iterator[Visit]:
    found = Visit(chromium, office.address).sign_in()
    yield found
    found.close()


def sample(owner: Staff) -> tuple[str, dict[str, str], str]:
    """The sample's id, the ids of its groups by name, its name."""
    status = owner.get("/sample")
    groups = owner.get("/groups", community_id=status["community_id"])["items"]
    return status["community_id"], {one["name"]: one["id"] for one in groups}, status["community_name"]


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_page_in_every_look(chromium: Browser, sample_server: Staff, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, sample_server.address, theme=theme, language=language, width=width).sign_in()
    community, groups, name = sample(sample_server)
    group, group_id = next(iter(groups.items()))
    listed = {"zh": "社群", "en": "Communities"}[language]
    pages = {"/communities": listed, "/communities?view=table": listed}
    pages |= {f"/communities/{community}?tab={tab}": name for tab in ("overview", "groups", "retention", "attention", "settings")}
    pages |= {f"/communities/{community}?tab=attention&list={chosen}": name for chosen in ("newcomers", "silent")}
    pages |= {f"/communities/{community}/groups/{group_id}?tab={tab}": group for tab in ("overview", "retention", "attention", "settings")}
    for address, heading in pages.items():
        visit.open(address, heading=heading)
        visit.check()
    visit.close()


def test_the_list_says_what_the_api_says(chromium: Browser, sample_server: Staff) -> None:
    visit = Visit(chromium, sample_server.address).sign_in()
    community, groups, name = sample(sample_server)
    to = dt.date.fromisoformat(sample_server.get("/reports/extent")["extent"]["to"])
    days = {"from": str(to - dt.timedelta(days=29)), "to": str(to)}
    (numbers,) = sample_server.get("/reports/communities", **days)["items"]
    (listed,) = sample_server.get("/communities")["items"]
    page = visit.open("/communities?view=table", heading="社群")
    row = page.get_by_role("table", name="社群").locator("tbody tr[data-row-key]")
    expect(row).to_have_count(1)
    for figure in (listed["members"], listed["groups"], numbers["values"]["active"], numbers["values"]["messages"]):
        expect(row).to_contain_text(f"{round(figure):,}")
    expect(row.get_by_text("示例", exact=True)).to_be_visible()
    row.get_by_role("link", name=name).click()
    expect(page).to_have_url(f"{visit.address}/communities/{community}?community={community}")
    page.get_by_role("link", name="群", exact=True).click()
    rows = page.get_by_role("table", name="群").locator("tbody tr[data-row-key]")
    expect(rows).to_have_count(len(groups))
    for one in numbers["groups"]:
        expect(rows.filter(has=page.get_by_role("link", name=one["name"], exact=True))).to_contain_text(f"{one['values']['messages']:,}")
    visit.check()
    visit.close()


def test_the_switcher_and_the_page_stay_in_step(chromium: Browser, sample_server: Staff) -> None:
    visit = Visit(chromium, sample_server.address).sign_in()
    community, groups, name = sample(sample_server)
    page = visit.open(f"/communities/{community}/groups/{groups['周末读书会']}", heading="周末读书会")
    switcher = page.get_by_role("combobox", name="切换社群")
    expect(page.locator(".ht-community")).to_contain_text(name)
    expect(page.get_by_role("link", name="查看成员")).to_have_attribute("href", f"/members?community={community}&group={groups['周末读书会']}")
    switcher.click()
    page.locator(".ant-select-item-option").filter(has_text="全部社群").click()
    expect(page.get_by_role("heading", level=1, name="社群")).to_be_visible()
    expect(page).to_have_url(f"{visit.address}/communities")
    visit.close()


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.locator(".ant-select-item-option").filter(has_text=option).click()


def test_a_community_is_made_changed_put_away_and_taken_back(visit: Visit, office: Staff) -> None:
    page = visit.open("/communities", heading="社群")
    expect(page.get_by_role("heading", name="还没有社群")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="新建社群").click()
    dialog = page.get_by_role("dialog", name="新建社群")
    dialog.get_by_label("名称").fill(ODD)
    choose(page, "类型", "内容")
    dialog.get_by_role("button", name="新建社群").click()
    expect(page.get_by_role("heading", name="还没有数据")).to_be_visible()
    expect(dialog).to_be_hidden()
    (made,) = office.get("/communities")["items"]
    assert (made["name"], made["kind"], made["time_zone"]) == (ODD, "content", "Asia/Shanghai")
    visit.check()

    # The same name again is said at its field, and nothing typed is lost.
    visit.open("/communities", heading="社群")
    page.get_by_role("button", name="新建社群").click()
    dialog.get_by_label("名称").fill(ODD)
    dialog.get_by_label("说明").fill("每周共读")
    dialog.get_by_role("button", name="新建社群").click()
    expect(dialog.locator(".ant-form-item-explain-error")).to_contain_text("请换一个名称")
    expect(dialog.get_by_label("说明")).to_have_value("每周共读")

    visit.open(f"/communities/{made['id']}?tab=settings")
    page.get_by_label("名称").fill("读书会")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1, name="读书会")).to_be_visible()

    zone = page.get_by_role("region", name="时区")
    zone.get_by_role("combobox").click()
    page.keyboard.type("Europe/Paris")
    page.locator(".ant-select-item-option").filter(has_text="Europe/Paris").click()
    zone.get_by_role("button", name="更改时区").click()
    confirm = page.get_by_role("dialog", name="更改时区？")
    expect(confirm).to_contain_text("读书会的每一天会从 Asia/Shanghai (UTC+8) 改为按 Europe/Paris")
    confirm.get_by_role("button", name="取消").click()
    assert office.get(f"/communities/{made['id']}")["time_zone"] == "Asia/Shanghai"
    zone.get_by_role("button", name="更改时区").click()
    confirm.get_by_role("button", name="更改时区").click()
    expect(page.get_by_text("时区已更改，正在重新统计。")).to_be_visible()
    assert office.get(f"/communities/{made['id']}")["time_zone"] == "Europe/Paris"

    page.get_by_role("button", name="归档").click()
    page.get_by_role("dialog", name="归档社群？").get_by_role("button", name="归档").click()
    expect(page.get_by_role("button", name="恢复")).to_be_visible()
    assert office.get("/communities")["items"] == []
    page.get_by_role("button", name="恢复").click()
    expect(page.get_by_text("已恢复。")).to_be_visible()
    assert [one["name"] for one in office.get("/communities")["items"]] == ["读书会"]
    visit.complaints = [said for said in visit.complaints if "409" not in said]  # the name that was taken
    visit.check()


def test_a_group_is_made_renamed_and_put_away(visit: Visit, office: Staff) -> None:
    community = office.post("/communities", {"name": "咖啡"})["id"]
    page = visit.open(f"/communities/{community}?tab=groups", heading="咖啡")
    expect(page.get_by_role("heading", name="这个社群还没有群")).to_be_visible()
    page.get_by_role("button", name="新建群").first.click()
    dialog = page.get_by_role("dialog", name="新建群")
    dialog.get_by_label("群名").fill("北京一群")
    dialog.get_by_role("combobox", name="渠道").click()
    page.keyboard.type("web")
    page.locator(".ant-select-item-option").filter(has_text="使用 web").click()
    dialog.get_by_role("button", name="新建群").click()
    page.get_by_role("link", name="北京一群").click()
    expect(page.get_by_role("heading", level=1, name="北京一群")).to_be_visible()
    page.get_by_role("link", name="设置", exact=True).last.click()
    page.get_by_label("群名").fill("北京二群")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1, name="北京二群")).to_be_visible()
    (made,) = office.get("/groups", community_id=community)["items"]
    assert (made["name"], made["channel"]) == ("北京二群", "web")
    page.get_by_role("button", name="归档").click()
    dialog = page.get_by_role("dialog", name="归档群？")
    expect(dialog).to_be_visible()
    visit.settle()  # a click on a dialog that still grows can miss its button on a slow machine
    dialog.get_by_role("button", name="归档").click()
    expect(page.get_by_role("button", name="恢复")).to_be_visible()
    expect(dialog).to_be_hidden()
    assert office.get("/groups", community_id=community)["items"] == []
    visit.check()


def test_a_viewer_changes_nothing(chromium: Browser, office: Staff) -> None:
    community = office.post("/communities", {"name": "只看看"})["id"]
    visit = Visit(chromium, office.address).sign_in(VIEWER)
    page = visit.open("/communities", heading="社群")
    expect(page.get_by_role("button", name="新建社群")).to_have_count(0)
    expect(page.get_by_role("link", name="导入聊天记录")).to_have_count(0)
    visit.open(f"/communities/{community}?tab=groups", heading="只看看")
    expect(page.get_by_role("button", name="新建群")).to_have_count(0)
    visit.open(f"/communities/{community}?tab=settings", heading="只看看")
    expect(page.get_by_role("button", name="保存")).to_have_count(0)
    expect(page.get_by_role("button", name="归档")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Asia/Shanghai (UTC+8)")
    visit.check()
    visit.close()


def test_the_sample_is_loaded_and_removed_in_the_settings(visit: Visit, office: Staff) -> None:
    page = visit.open("/settings/workspace", heading="工作区")
    page.get_by_role("button", name="载入示例社群").click()
    section = page.get_by_role("region", name="示例社群")
    expect(section.get_by_role("button", name="移除示例")).to_be_visible(timeout=120_000)
    events = office.get("/sample")["events"]
    section.get_by_role("button", name="移除示例").click()
    dialog = page.get_by_role("dialog", name="移除示例社群？")
    expect(dialog).to_contain_text(f"3,000 位成员、{events:,} 条事件会被删除")
    dialog.get_by_role("button", name="移除示例").click()
    expect(section.get_by_role("button", name="载入示例社群")).to_be_visible(timeout=120_000)
    expect(dialog).to_be_hidden()
    assert office.get("/sample")["is_loaded"] is False
    visit.check()


def test_a_failure_half_way_offers_a_retry(visit: Visit, office: Staff) -> None:
    refused = {"on": True}

    def answer(route: object) -> None:
        if refused["on"]:
            route.fulfill(status=500, content_type="application/problem+json", body='{"title":"","status":500,"code":"x","request_id":"r-77"}')  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    visit.page.route("**/groups?**", answer)
    community = office.get("/communities")["items"][0]["id"]
    page = visit.open(f"/communities/{community}?tab=groups")
    failure = page.get_by_role("alert")
    expect(failure.get_by_role("textbox", name="请求编号")).to_have_value("r-77")
    assert visit.violations() == []
    refused["on"] = False
    failure.get_by_role("button", name="重试").click()
    expect(failure).to_have_count(0)


def test_the_list_and_the_page_count_the_same_days(visit: Visit, office: Staff) -> None:
    """One community has events of today, the other has none yet."""
    now = dt.datetime.now(dt.UTC)
    made = {}
    for name, age_days in (("有今天的", 0), ("没有今天的", 1)):
        made[name] = office.post("/communities", {"name": name, "time_zone": "UTC"})["id"]
        source = office.post("/sources", {"name": name, "community_id": made[name]})
        call = {"userId": f"u-{name}", "event": "signed_up", "timestamp": (now - dt.timedelta(days=age_days)).isoformat()}
        httpx.post(f"{office.address}/v1/track", json=call, auth=(source["write_key"], "")).raise_for_status()
    page = visit.page
    deadline = time.monotonic() + 20
    while office.get("/reports/extent", community=made["没有今天的"])["extent"] is None and time.monotonic() < deadline:
        time.sleep(0.2)
    visit.open("/communities?q=今天的", heading="社群")
    days = page.get_by_text(" 的数字，变化是与之前 30 天相比。").inner_text().partition(" 的数字")[0]
    for name, community in made.items():
        visit.open(f"/communities/{community}?community={community}", heading=name)
        expect(page.get_by_role("region", name="是在变好吗？")).to_contain_text(f"{name} · {days}")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_list_opens_inside_the_window(visit: Visit, office: Staff, motion: Literal["reduce", "no-preference"]) -> None:
    visit.page.emulate_media(reduced_motion=motion)
    name = f"安静 {motion}"
    page = visit.open(f"/communities/{office.post('/communities', {'name': name})['id']}?tab=groups", heading=name)
    page.get_by_role("button", name="新建群").first.click()
    dialog = page.get_by_role("dialog", name="新建群")
    dialog.get_by_label("群名").fill("一群")
    dialog.get_by_role("combobox", name="渠道").click()
    page.keyboard.type("web")
    page.locator(".ant-select-item-option").filter(has_text="使用 web").click()
    dialog.get_by_role("button", name="新建群").click()
    expect(page.get_by_role("link", name="一群")).to_be_visible()
    visit.check()
